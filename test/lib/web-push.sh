# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Checks of the ways to push: lines, gzip, lenient pushes, repeats and versions, idempotency keys. See web-suite.sh. A chunk
# has ten records here, so that a push of some dozens has several.

test_lines() {
  local i all
  lines probe/one "$(probe l1)"$'\n'"$(probe l2)"
  is "lines: each is a record, the last without its end too" "$status $(counts)" "200 2 2 0 0 0 0 0"
  lines probe/one "$(probe l1)"$'\r\n\n  \t\r\n'"$(probe l3)"$'\r\n'
  is "lines: CR LF ends a line, blank ones are passed over" "$status $(counts)" "200 2 1 0 1 0 0 0"
  lines probe/one "$(printf '\357\273\277')$(probe l4)"
  is "lines: one byte order mark is passed over" "$status $(json .created)" "200 1"
  call POST /v1/records/probe/one -H 'Content-Type: application/ndjson; charset=UTF-8' --data-binary "$(probe l1)"
  is "lines: application/ndjson is known too" "$status" 200
  lines probe/one "$(probe l5)"$'\n'"{\"id\":\"l6\",}"$'\n'"$(probe l7)"
  check_problem "lines: a broken one refuses the whole of a strict push" 400 json_syntax
  like "lines: the line is told" "$(json .detail)" '第 2 行'
  lines probe/one "$(probe l5) $(probe l6)"
  is "lines: two records in one are one too many" "$status $(json .code)" "400 json_trailing"
  lines probe/one "[$(probe l5)]"
  is "lines: an array is no record" "$status $(json '.errors[0].code')" "422 not_an_object"
  is "lines: nothing of the refused pushes is stored" \
    "$(stack_sql "SELECT COUNT(*) FROM record WHERE category = 'probe' AND id IN ('l5', 'l6', 'l7')")" 0
  all=$(for i in $(seq 35); do probe "many-$i" "𠮷野家 $i"; echo; done)
  lines probe/one "$all"
  is "lines: more than a chunk" "$status $(counts)" "200 35 35 0 0 0 0 0"
  is "4-byte characters are stored as they are" \
    "$(stack_sql "SELECT HEX(title), fields FROM record WHERE category = 'probe' AND id = 'many-35'")" \
    "$(printf '𠮷野家 35' | hex)"$'\t'"$(probe many-35 '𠮷野家 35')"
  all='{ "id" : "num1","price":0.10 ,"size":9007199254740993,"title":"\ud842\udfb7" }'
  push probe/one "$all"
  is "numbers and escapes are stored as they stood" "$status $(stack_sql "SELECT HEX(fields) FROM record WHERE id = 'num1'")" \
    "200 $(printf '%s' "$all" | hex)"
  push probe/one '{"id":"num1","price":0.1,"size":9007199254740993,"title":"𠮷"}'
  is "0.1 is another text than 0.10: an update" "$(json .updated)" 1
  push probe/one '{"id":"num1","price":0.1,"size":9007199254740992,"title":"𠮷"}'
  is "a number beside it beyond 2^53 is another record" "$(json .updated)" 1
}

test_gzip() {
  lines probe/one '{"id":"z0","title":"t"}'
  { probe z1; echo; probe z2; } | gzip >"$STACK_DIR/gz"
  lines probe/one "@$STACK_DIR/gz" -H 'Content-Encoding: gzip'
  is "gzip is expanded" "$status $(counts)" "200 2 2 0 0 0 0 0"
  lines probe/one "@$STACK_DIR/gz" -H 'Content-Encoding: X-GZIP'
  is "x-gzip is gzip, in any case" "$status $(json .unchanged)" "200 2"
  probe z3 | gzip >>"$STACK_DIR/gz"
  lines probe/one "@$STACK_DIR/gz" -H 'Content-Encoding: gzip' -H 'Prefer: handling=lenient'
  is "gzip of several members is one body" "$status $(json .received) $(json '.rejected')" "207 2 1"
  head -c 30 "$STACK_DIR/gz" >"$STACK_DIR/cut"
  lines probe/one "@$STACK_DIR/cut" -H 'Content-Encoding: gzip'
  check_problem "gzip that is cut" 400 gzip_broken
  lines probe/one "$(probe z4)" -H 'Content-Encoding: gzip'
  check_problem "what is not gzip" 400 gzip_broken
  lines probe/one "$(probe z4)" -H 'Content-Encoding: identity'
  is "identity is no coding" "$status" 200
  head -c 1048576 /dev/zero | tr '\0' '\n' | gzip -9 >"$STACK_DIR/gz"
  lines probe/one "@$STACK_DIR/gz" -H 'Content-Encoding: gzip'
  is "blank lines alone are a push of nothing" "$status $(json .received)" "200 0"
  head -c 1048577 /dev/zero | tr '\0' '\n' | gzip -9 >"$STACK_DIR/gz"
  lines probe/one "@$STACK_DIR/gz" -H 'Content-Encoding: gzip'
  is "gzip that expands to a byte more than the limit" "$status" 413
}

test_lenient() {
  local i rows before batch all next
  before=$(pushes)
  push probe/one "[$(probe e1),$(probe e2 ''),$(probe e3)]" -H 'Prefer: handling=lenient'
  is "lenient: some refused is 207" "$status $(counts)" "207 3 2 0 0 0 0 1"
  is "lenient: the preference is named as applied" "$(header Preference-Applied) $(header Content-Type)" "handling=lenient application/json"
  is "lenient: what was refused is named" "$(json '.errors|map([.index,.id,.pointer,.code]|join(" "))|join(";")') $(json .errors_total)" \
    "1 e2 /title empty 1"
  is "lenient: the good ones are stored" "$(stack_sql "SELECT GROUP_CONCAT(id ORDER BY id) FROM record WHERE id IN ('e1', 'e2', 'e3')")" "e1,e3"
  push probe/one "[$(probe e1),$(probe e3)]" -H 'Prefer: Handling="lenient"; x=1, wait=5'
  is "lenient: all good is 200, however the preference is spelled" "$status $(header Preference-Applied)" "200 handling=lenient"
  push probe/one "[$(probe e4 ''),1]" -H 'Prefer: handling=lenient'
  check_problem "lenient: all refused is 422" 422 invalid_records
  is "lenient: the preference is named there too" "$(header Preference-Applied)" handling=lenient
  is "lenient: and has a receipt" "$(pushes)" $((before + 3))
  call GET "/v1/batches/$(json .batch)"
  is "lenient: whose rejects can be asked for" "$status $(json '[.handling,.complete,.rejected,(.rejects|length)]|join(" ")')" "200 lenient true 2 2"
  push probe/one "[$(probe e5),$(probe e6 '')]" -H 'Prefer: handling=strict'
  is "strict said aloud is strict" "$status $(header Preference-Applied) $(json .batch)" "422 handling=strict null"
  push probe/one "[$(probe e5),$(probe e6 '')]" -H 'Prefer: handling=sloppy'
  is "another handling is none" "$status $(header Preference-Applied)" "422 "
  push probe/one "[$(probe e5),{]" -H 'Prefer: handling=lenient'
  is "lenient: an array that is not JSON is refused, and nothing of its chunk is stored" \
    "$status $(stack_sql "SELECT COUNT(*) FROM record WHERE id = 'e5'")" "400 0"
  rows=$(for i in $(seq 25); do probe "ee-$i"; echo; done; echo '{"id":')
  lines probe/one "$rows" -H 'Prefer: handling=lenient'
  is "lenient: a broken line is a refused record" "$status $(counts) $(json '.errors[0]|[.index,.id,.code]|join(" ")')" "207 26 25 0 0 0 0 1 25  json_ends"
  lines probe/one "$(for i in $(seq 130); do echo "{\"id\":\"r$i\"}"; done; probe good)" -H 'Prefer: handling=lenient'
  is "lenient: a hundred faults are told, all are counted" "$status $(json '[.rejected,.errors_total,(.errors|length)]|join(" ")')" "207 130 130 100"
  batch=$(json .batch) all='' next=''
  for i in 1 2 3 4; do
    call GET "/v1/batches/$batch?limit=50${next:+&after=$next}"
    all="$all $(json '[.rejects[].id]|join(" ")')" next=$(json '.rejects_next // ""')
    [ -n "$next" ] || break
  done
  is "lenient: the receipt lists every refused record, page by page" "$i:$all" "3: $(for i in $(seq 130); do echo "r$i"; done | paste -sd' ')"
  is "lenient: each with its place and its faults" "$(json '.rejects[-1]|[.index,.id,.faults[0].code,.faults[0].pointer]|join(" ")')" "129 r130 missing /title"
}

test_results() {
  push probe/two "[$(probe p1),$(probe p2)]" -H 'Prefer: return=representation'
  is "representation: what became of each record" "$status $(header Preference-Applied) $(json '.results|map([.index,.id,.result,.revision]|join(" "))|join(";")')" \
    "200 return=representation 0 p1 created 1;1 p2 created 1"
  push probe/two "[$(probe p3),$(probe p1 neu),$(probe p4 ''),$(probe p2),$(probe p3 zwei)]" -H 'Prefer: handling=lenient, return=representation'
  is "representation: in the order of the push, refused ones too" \
    "$status $(json '.results|map([.index,.id,.result,.revision // "-"]|join(" "))|join(";")')" \
    "207 0 p3 superseded -;1 p1 updated 2;2 p4 rejected -;3 p2 unchanged 1;4 p3 created 1"
  is "both preferences are named" "$(header Preference-Applied)" "handling=lenient, return=representation"
  push probe/two "[$(for i in $(seq 200); do printf '%s,' "$(probe "p$i")"; done)$(probe p201)]" -H 'Prefer: return=representation'
  is "representation: of more than max_results nothing is told, nor claimed" "$status $(json .received) $(json 'has("results")') $(header Preference-Applied)" \
    "200 201 false "
}

test_validate() {
  local before
  before="$(stored) $(pushes)"
  call POST /v1/validate/probe/one -H 'Content-Type: application/json' -d "[$(probe v1),$(probe v2)]"
  is "validate: good records" "$status $(json '[.received,.rejected,(.batch|tostring)]|join(" ")')" "200 2 0 null"
  call POST /v1/validate/probe/one -H 'Content-Type: application/x-ndjson' -d "$(probe v1)"$'\n'"$(probe v2 '')"
  is "validate: bad ones" "$status $(json '[.code,.received,.rejected,.errors[0].pointer]|join(" ")')" "422 invalid_records 2 1 /title"
  call POST /v1/validate/probe/one -H 'Content-Type: application/json' -H 'Prefer: handling=lenient' -d "[$(probe v1),$(probe v2 '')]"
  is "validate: lenient, some bad" "$status" 207
  call POST /v1/validate/probe/one -H 'Content-Type: application/json' -H 'Idempotency-Key: validate-1' -d "[$(probe v1)]"
  is "validate: a key is of no use, and does no harm" "$status" 200
  is "validate: nothing is stored, no receipt either" "$(stored) $(pushes)" "$before"
}

test_repeats() {
  local i rows
  rows=$(for i in $(seq 12) 1 2 3 12; do probe "w-$i" "$i"; echo; done)
  lines probe/three "$rows"
  is "repeats across chunks: counted exactly" "$status $(counts)" "200 16 12 0 4 4 0 0"
  rows=$(for i in $(seq 12); do probe "w-$i" "neu $i"; echo; done; probe w-1 "1"; echo; probe w-2 "zuletzt"; echo; probe w-2 "zuletzt")
  lines probe/three "$rows"
  is "repeats of changed records: counted exactly" "$status $(counts)" "200 15 0 12 3 3 0 0"
  is "a revision grows once a push, and the last record of an id is stored" \
    "$(stack_sql "SELECT GROUP_CONCAT(title, revision ORDER BY id) FROM record WHERE id IN ('w-1', 'w-2', 'w-3')")" "12,zuletzt2,neu 32"
  rows=$(for i in $(seq 12); do probe "x-$i"; echo; done; probe x-1; echo; probe x-12)
  lines probe/three "$rows" -H 'Prefer: handling=lenient, return=representation'
  is "repeats in a lenient push: counted exactly" "$status $(counts)" "200 14 12 0 2 2 0 0"
  is "repeats in a lenient push: and told one by one" "$(json '[.results[]|select(.id=="x-1" or .id=="x-12")|[.index,.result,.revision // "-"]|join(" ")]|join(";")')" \
    "0 superseded -;11 superseded -;12 created 1;13 created 1"
  lines probe/three "$rows" -H 'Prefer: return=representation'
  # A repeat is superseded where its chunk, or an earlier one that stored something for the id, holds the other.
  is "repeats of unchanged records: none is updated" "$(counts)" "14 0 0 14 1 0 0"
  is "repeats: the database holds each once" \
    "$(stack_sql "SELECT COUNT(*), COUNT(DISTINCT id), SUM(revision) FROM record WHERE id LIKE 'x-%'")" $'12\t12\t12'
}

test_versions() {
  local i rows
  push probe/two "$(probe s1 fünf ',"version":5')"
  is "a record has the sender's version" "$status $(counts) $(stack_sql "SELECT version FROM record WHERE id = 's1'")" "200 1 1 0 0 0 0 0 5"
  push probe/two "$(probe s1 vier ',"version":4')" -H 'Prefer: return=representation'
  is "an older version is stale, and changes nothing" "$status $(counts) $(json '.results[0].result')" "200 1 0 0 1 0 1 0 stale"
  push probe/two "$(probe s1 sechs ',"version":6')"
  is "a newer one is stored" "$(counts)" "1 0 1 0 0 0 0"
  push probe/two "[$(probe s1 acht ',"version":8'),$(probe s1 sieben ',"version":7')]"
  is "within a push too the newest counts, not the last" \
    "$(counts) $(stack_sql "SELECT title, version, revision FROM record WHERE id = 's1'" | tr '\t' ' ')" "2 0 1 1 0 1 0 acht 8 3"
  rows=$(probe s1 zwölf ',"version":12'; echo; for i in $(seq 15); do probe "so-$i"; echo; done; probe s1 elf ',"version":11'; echo)
  lines probe/two "$rows"
  is "and across chunks" "$(counts) $(stack_sql "SELECT title, version, revision FROM record WHERE id = 's1'" | tr '\t' ' ')" \
    "17 15 1 1 0 1 0 zwölf 12 4"
  call DELETE /v1/records/probe/two/s1
  push probe/two "$(probe s1 zehn ',"version":10')"
  is "a stale record revives nothing" "$(counts) $(stack_sql "SELECT title, state FROM record WHERE id = 's1'" | tr '\t' ' ')" \
    "1 0 0 1 0 1 0 zwölf withdrawn"
  push probe/two "$(probe s1 dreizehn ',"version":13')"
  is "a newer one does" "$(counts) $(stack_sql "SELECT title, state FROM record WHERE id = 's1'" | tr '\t' ' ')" "1 0 1 0 0 0 0 dreizehn live"
  push probe/two "$(probe s1 ohne)"
  is "a record without a version is stored like one" "$status $(json .updated)" "200 1"
  for i in -1 1.5 '"7"' 9223372036854775808 true; do
    push probe/two "$(probe s2 x ",\"version\":$i")"
    is "version $i is refused" "$status $(json '.errors[0].pointer')" "422 /version"
  done
  push probe/two "$(probe s2 x ',"version":9223372036854775807')"
  is "the largest version" "$status $(json .created)" "200 1"
}

# keyed KEY BODY [curl arguments]: a push with an idempotency key; the headers that tell of a replay go to $replayed.
keyed() {
  local key=$1 what=$2
  shift 2
  push probe/one "$what" -H "Idempotency-Key: $key" "$@"
  replayed=$(header Idempotent-Replayed)
}

test_key() {
  local before kept=$token other_secret first key name
  keyed k-1 "$(probe k1)"
  is "a key: the first push is a push" "$status $(json .created) $replayed" "200 1 "
  cp "$STACK_DIR/body" "$STACK_DIR/first"
  before="$(pushes) $(stack_sql "SELECT revision FROM record WHERE id = 'k1'")"
  keyed k-1 "$(probe k1)"
  is "a key: the repeat is answered as the first" "$status $replayed $(header Content-Type)" "200 true application/json"
  ok "a key: byte for byte" cmp "$STACK_DIR/first" "$STACK_DIR/body"
  keyed '"k-1"' "$(probe k1)"
  is "a key: quoted it is the same" "$status $replayed" "200 true"
  is "a key: the repeats store nothing, no receipt either" "$(pushes) $(stack_sql "SELECT revision FROM record WHERE id = 'k1'")" "$before"
  keyed k-1 "$(probe k1 anders)"
  check_problem "a key: another body" 422 idempotency_key_reused
  keyed k-1 "$(probe k1)" -H 'Prefer: handling=lenient'
  check_problem "a key: another preference" 422 idempotency_key_reused
  push probe/two "$(probe k1)" -H 'Idempotency-Key: k-1'
  check_problem "a key: another resource" 422 idempotency_key_reused
  keyed k-2 "[$(probe k2),$(probe k3 '')]" -H 'Prefer: handling=lenient'
  first="$status $(header Preference-Applied)"
  cp "$STACK_DIR/body" "$STACK_DIR/first"
  keyed k-2 "[$(probe k2),$(probe k3 '')]" -H 'Prefer: handling=lenient'
  is "a key: status and headers are replayed too" "$status $(header Preference-Applied) $replayed" "$first true"
  ok "a key: and a lenient reply byte for byte" cmp "$STACK_DIR/first" "$STACK_DIR/body"
  keyed k-3 "$(probe k3 '')"
  is "a key: a refused push keeps none" "$status $(stack_sql "SELECT COUNT(*) FROM batch WHERE idempotency_key = 'k-3'")" "422 0"
  keyed k-3 "$(probe k3 gut)"
  is "a key: so it may be used for the mended one" "$status $(json .created) $replayed" "200 1 "
  other_secret=$(new_client second)
  stack_ctl client grant second '*' '*'
  second_token=$(new_token second "$other_secret")
  token=$second_token
  keyed k-1 "$(probe k1)"
  is "a key belongs to its client" "$status $(json .created) $replayed" "200 1 "
  token=$kept
  stack_sql "UPDATE batch SET updated_at = created_at - INTERVAL 86410 SECOND WHERE idempotency_key = 'k-1'"
  keyed k-1 "$(probe k1 später)"
  is "an expired key is free again" "$status $(json .updated) $replayed" "200 1 "
  keyed k-1 "$(probe k1 später)"
  is "and kept again" "$status $replayed" "200 true"
  key=$(printf '%0255d' 7)
  keyed "$key" "$(probe k4)"
  is "a key of 255 characters" "$status" 200
  keyed '"a b\"c"' "$(probe k4)"
  is "a quoted key may hold blanks and escaped quotes" "$status $(stack_sql "SELECT COUNT(*) FROM batch WHERE idempotency_key = 'a b\"c'")" "200 1"
  while IFS='|' read -r name key; do
    keyed "$key" "$(probe k5)"
    check_problem "a key that is $name" 400 bad_idempotency_key
  done <<ROWS
longer than 255 characters|x$(printf '%0255d' 7)
not ASCII|幂等
in two words|a b
empty in quotes|""
quoted with a quote in it|"a"b"
only half quoted|"abc
ROWS
  is "malformed keys store nothing" "$(stack_sql "SELECT COUNT(*) FROM record WHERE id = 'k5'")" 0
}
