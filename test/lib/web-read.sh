# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Checks of single records, of pages, receipts and reconciliation. See web-suite.sh.

put() { # ID body [curl arguments]
  local id=$1 what=$2
  shift 2
  call PUT "/v1/records/probe/one/$id" -H 'Content-Type: application/json' --data-binary "$what" "$@"
}

# What a record remembers of its check.
test_remembered() {
  put t1 '{"title":"x","when":"2024/10/09 15:30"}'
  call GET /v1/records/probe/one/t1
  is "a time in another form is stored in its own, and what was sent is told" "$(json '.record.when, (.sent|tojson)')" \
    $'2024-10-09T15:30:00+08:00\n{"/when":"2024/10/09 15:30"}'
  is "the version that checked it is told" "$(json .category_version)" 3.1
  put t1 '{"title":"x","when":1728459000000}'
  is "another spelling of the same time is no change" "$(json '[.unchanged,.revision]|join(" ")')" "1 1"
  call GET /v1/records/probe/one/t1
  is "and what was sent first stays" "$(json '.sent|tojson')" '{"/when":"2024/10/09 15:30"}'
  push probe/one '[{"id":"t1","title":"x","when":"2024-10-09 15:31"},{"id":"t2","title":"y","when":"2024-10-09T00:00:00+08:00"}]'
  is "in an array, too" "$(stack_sql "SELECT id, sent, category_version FROM record WHERE id IN ('t1', 't2') ORDER BY id")" \
    $'t1\t{"/when":"2024-10-09 15:31"}\t3.1\nt2\tNULL\t3.1'
  push probe/one '{"id":"t1","title":"x","when":"2024-10-09T15:31:30+08:00"}'
  call GET /v1/records/probe/one/t1
  is "a time in its own form leaves nothing to tell" "$(json '.revision, .sent')" $'3\nnull'
  call GET '/v1/records/probe/one?limit=1000'
  is "a page tells the version as well" "$(json '[.records[] | select(.id == "t2") | .category_version] | join(" ")')" 3.1
  call GET /v1/categories/probe
  is "the category tells its version" "$(json .version)" 3.1
}

test_put() {
  put u1 "$(probe u1)"
  is "PUT: a new record is 201" "$status $(json '[.received,.created,.revision]|join(" ")') $(header ETag)" '201 1 1 1 "1"'
  put u1 "$(probe u1)"
  is "PUT: the same again is 200, and no new revision" "$status $(json '[.unchanged,.revision]|join(" ")') $(header ETag)" '200 1 1 "1"'
  put u1 '{"title":"ohne id","price":0.10}'
  is "PUT: the body may leave the id to the path" "$status $(json '[.updated,.revision]|join(" ")')" "200 1 2"
  call GET /v1/records/probe/one/u1
  is "PUT: it is read back under that id" "$status $(json '[.id,.record.title]|join(" ")') $(header ETag)" '200 u1 ohne id "2"'
  put u2 '{"title":"ohne id"}'
  put u2 '{"id":"u2","title":"ohne id"}'
  is "PUT: with or without its id it is the same record" "$(json '[.unchanged,.revision]|join(" ")')" "1 1"
  put u1 "$(probe other)"
  is "PUT: another id in the body is refused" "$status $(json '.errors[0].pointer')" "422 /id"
  put "%E7%94%B2%2F%20%25" '{"title":"x"}'
  is "PUT: the path's id is decoded" "$status $(stack_sql "SELECT COUNT(*) FROM record WHERE id = '甲/ %'")" "201 1"
  put "$(printf '%0129d' 1)" '{"title":"x"}'
  is "PUT: an id that is too long" "$status" 422
  put u1 "[$(probe u1)]"
  is "PUT: an array is no record" "$status $(json '.errors[0].code')" "422 not_an_object"
  call PUT /v1/records/probe/one/u1 -H 'Content-Type: application/x-ndjson' -d '{}'
  is "PUT: takes no lines" "$status $(header Accept)" "415 application/json, application/xml"
  put u1 '{"title":""}' -H 'Prefer: handling=lenient'
  is "PUT: is never lenient" "$status $(json .code)" "422 invalid_records"
  put u1 '{"title":"drei"}' -H 'If-Match: "1"'
  check_problem "PUT: If-Match with an old revision" 412 precondition_failed
  like "PUT: the refusal says how the record is" "$(json .detail)" 'live, revision 2'
  put u1 '{"title":"drei"}' -H 'If-Match: "2"'
  is "PUT: If-Match with the stored one" "$status $(json .revision) $(header ETag)" '200 3 "3"'
  put u1 '{"title":"vier"}' -H 'If-Match: *'
  is "PUT: If-Match: * where there is one" "$status $(json .revision)" "200 4"
  put u9 '{"title":"x"}' -H 'If-Match: *'
  check_problem "PUT: If-Match: * where there is none" 412 precondition_failed
  put u1 '{"title":"x"}' -H 'If-None-Match: *'
  check_problem "PUT: If-None-Match: * where there is one" 412 precondition_failed
  put u3 '{"title":"x"}' -H 'If-None-Match: *'
  is "PUT: If-None-Match: * where there is none" "$status" 201
  put u1 '{"title":"x"}' -H 'If-Match: "x"'
  check_problem "PUT: If-Match that is no revision" 400 bad_precondition
  push probe/one '{"id":"u1","title":"fuenf"}' -H 'If-Match: "4"'
  check_problem "a push with a condition, which many records cannot meet" 400 precondition_on_push
  push probe/one '{"id":"u1","title":"fuenf"}' -H 'If-None-Match: *'
  check_problem "likewise" 400 precondition_on_push
  is "PUT: what was refused is not stored" "$(stack_sql "SELECT title, revision FROM record WHERE id = 'u1'")" $'vier\t4'
  put u4 '{"title":"x"}' -H 'Idempotency-Key: put-1'
  put u4 '{"title":"x"}' -H 'Idempotency-Key: put-1'
  is "PUT: under a key the repeat is 201 again" "$status $(header Idempotent-Replayed) $(header ETag)" '201 true "1"'
  call GET /v1/records/probe/one/u1 -H 'If-None-Match: "4"'
  is "GET: 304 where it is known, without a body" "$status $(header ETag) $(wc -c <"$STACK_DIR/body")" '304 "4" 0'
  call GET /v1/records/probe/one/u1 -H 'If-None-Match: "3"'
  is "GET: 200 where it has changed" "$status $(json .revision)" "200 4"
  call GET /v1/records/probe/one/u1 -H 'Accept: text/html'
  is "GET: JSON is answered whatever is accepted" "$status $(header Content-Type)" "200 application/json"
}

test_ids_of_paths() {
  for id in %EF%BF%BF %F0%9F%BF%BE %E2%80%AE; do
    put "$id" '{"title":"x"}'
    is "PUT: an id that a body could not have: $id" "$status $(json '.errors[0].code')" "422 id_bad"
  done
}

test_delete() {
  push probe/one "$(probe d1)"
  call DELETE /v1/records/probe/one/d1
  is "DELETE: withdraws" "$status $(json '[.id,.state,.revision]|join(" ")') $(header ETag)" '200 d1 withdrawn 2 "2"'
  call DELETE /v1/records/probe/one/d1
  is "DELETE: again changes nothing" "$status $(json '[.state,.revision]|join(" ")')" "200 withdrawn 2"
  call GET /v1/records/probe/one/d1
  is "DELETE: the record is still read back" "$status $(json '[.state,.record.title]|join(" ")')" "200 withdrawn 标题"
  call GET "/v1/records/probe/one?limit=1000"
  is "DELETE: it is not listed" "$status $(json '[.records[]|select(.id=="d1")]|length')" "200 0"
  call GET "/v1/records/probe/one?limit=1000&state=withdrawn"
  is "DELETE: but among the withdrawn" "$(json '[.records[]|select(.id=="d1")]|length')" 1
  call GET "/v1/records/probe/one?limit=1000&state=all"
  is "DELETE: and among all" "$(json '[.records[]|select(.id=="d1")]|length')" 1
  push probe/one "$(probe d1)"
  is "DELETE: pushed again it is an update" "$(counts)" "1 0 1 0 0 0 0"
  call GET /v1/records/probe/one/d1
  is "DELETE: and live, one revision later" "$(json '[.state,.revision]|join(" ")')" "live 3"
  call DELETE /v1/records/probe/one/d1 -H 'If-Match: "2"'
  check_problem "DELETE: If-Match with an old revision" 412 precondition_failed
  like "DELETE: the refusal says how the record is" "$(json .detail)" 'live, revision 3'
  call DELETE /v1/records/probe/one/d1 -H 'If-Match: "3"'
  is "DELETE: If-Match with the stored one" "$status $(json .revision)" "200 4"
  call DELETE /v1/records/probe/one/d1 -H 'If-None-Match: *'
  check_problem "DELETE: If-None-Match: * is never so" 412 precondition_failed
  call DELETE /v1/records/probe/one/nobody
  check_problem "DELETE: a record that is not there" 404 no_such_record
}

# Follows a listing to its end: sets $ids (one a line) and $pages. BETWEEN runs after each page. "next" is followed as the
# Link header gives it, and must be the member's.
walk() { # path-and-query between...
  local path=$1 link
  shift
  ids='' pages=0
  while [ -n "$path" ] && [ "$pages" -lt 100 ]; do
    call GET "$path"
    pages=$((pages + 1))
    ids+=$(json '.records[].id')$'\n'
    link=$(header Link)
    path=''
    case $link in "<$url"*">; rel=\"next\"") path=${link#"<$url"} path=${path%%>*} ;; esac
    [[ $path == *"after=$(json '.next // "none"')"* ]] || [ "$(json '.next')" = null ] || diag "Link: $link, next: $(json .next)"
    [ -z "$path" ] || "$@"
  done
  ids=${ids%$'\n'}
}

push_more() { # records before, between and behind those that are there
  push probe/two "[$(probe "g-0$pages"),$(probe "g-15-$pages"),$(probe "g-99-$pages")]"
}

test_pages() {
  local i n body
  push probe/two "[$(for i in $(seq 10 49); do printf '%s,' "$(probe "g-$i")"; done)$(probe 'g-𠮷')]"
  walk "/v1/records/probe/two?limit=7" push_more
  n=$(grep -cE '^g-([1-4][0-9]|𠮷)$' <<<"$ids")
  is "pages: every record is there once while others are pushed" "$n $(sort <<<"$ids" | uniq -d | wc -l)" "41 0"
  at_most "pages: at least one for each seven (the number, negative)" "-$pages" -6
  is "pages: in the order of the ids" "$(LC_ALL=C sort -c <<<"$ids" 2>&1)" ''
  call GET "/v1/records/probe/two?limit=2"
  is "pages: members and Link" "$status $(json '[.category,.resource,(.records|length)]|join(" ")')" "200 probe two 2"
  like "pages: Link names the next page" "$(header Link)" "^<$url/v1/records/probe/two\\?limit=2&after=[0-9a-f]+>; rel=\"next\"$"
  call GET "/v1/records/probe/one?limit=1000"
  is "pages: the last has no next" "$(json .next) $(header Link)" "null "
  push probe/three '{ "id":"mehrzeilig",
  "title" : "a\nb",
    "price":0.10, "size" : 9007199254740993
  }'
  call GET "/v1/records/probe/three?limit=1000" -H 'Accept: application/x-ndjson'
  is "pages: lines are asked for by Accept" "$status $(header Content-Type)" "200 application/x-ndjson"
  n=$(stack_sql "SELECT COUNT(*) FROM record WHERE category = 'probe' AND resource = 'three' AND state = 'live'")
  is "pages: a line a record, though it was sent with line breaks" "$(wc -l <"$STACK_DIR/body") $(jq -c .id "$STACK_DIR/body" | wc -l)" "$n $n"
  body=$(grep '"mehrzeilig"' "$STACK_DIR/body" | tr -s ' ')
  like "pages: numbers in lines keep their text" "$body" '"price":0\.10, "size" : 9007199254740993'
  call GET "/v1/records/probe/two?limit=5" -H 'Accept: application/x-ndjson'
  like "pages: lines have their next page in Link" "$(wc -l <"$STACK_DIR/body" | tr -d ' ') $(header Link)" '^5 <.*after=.*rel="next"$'
  for i in limit=0 limit=1001 limit=x after=zz after=00 after=6 state=gone updated_since=yesterday 'limit=1&limit=2'; do
    call GET "/v1/records/probe/two?$i"
    like "pages: $i is refused" "$status $(json .code)" '^400 bad_(parameter|cursor|query)$'
  done
  call GET "/v1/records/probe/two?after=6967"
  is "pages: a cursor may name a record that is not there" "$status" 200
}

test_changes() {
  local since i
  stack_sql "UPDATE record SET updated_at = '2024-01-01 00:00:00' WHERE category = 'probe' AND resource = 'three'"
  stack_sql "UPDATE record SET updated_at = '2024-03-05 08:00:00.123' WHERE id LIKE 'w-%'"
  since='2024-03-05T08:00:00%2B08:00'
  walk "/v1/records/probe/three?limit=5&updated_since=$since" true
  is "updated_since: those changed since then, page by page, though all in one millisecond" \
    "$(sort -V <<<"$ids" | paste -sd' ') $pages" "$(for i in $(seq 12); do printf 'w-%s ' "$i"; done)3"
  call GET "/v1/records/probe/three?updated_since=2024-03-05T00:00:01Z"
  is "updated_since: another offset is another time" "$status $(json '.records|length')" "200 0"
  call GET "/v1/records/probe/three?updated_since=2024-03-05T08:00:00+08:00"
  is "updated_since: a plus that was not encoded" "$status $(json '.records|length')" "200 12"
  push probe/three "$(probe w-3 'noch neuer')"
  walk "/v1/records/probe/three?limit=5&updated_since=$since" true
  is "updated_since: the newest comes last" "$(tail -n 1 <<<"$ids") $(wc -l <<<"$ids" | tr -d ' ')" "w-3 12"
  call DELETE /v1/records/probe/three/w-4
  call GET "/v1/records/probe/three?updated_since=$since&state=all&limit=100"
  is "updated_since: with state=all what was withdrawn is told" "$(json '.records[-1]|[.id,.state]|join(" ")')" "w-4 withdrawn"
}

test_receipts() {
  local batch all='' next='' i kept=$token
  push probe/one "[$(probe q1),$(probe q1)]"
  batch=$(json .batch)
  call GET "/v1/batches/$batch"
  is "a receipt is had by its batch" \
    "$status $(json '[.batch,.category,.resource,.handling,.complete,.received,.created,.unchanged,.superseded,(.rejects|length)]|join(" ")')" \
    "200 $batch probe one strict true 2 1 1 1 0"
  like "a receipt's times carry their offset" "$(json .created_at) $(json .updated_at)" '^20[0-9-]{8}T[0-9:]{8}\+08:00 20[0-9-]{8}T[0-9:]{8}\+08:00$'
  call GET /v1/batches/20240101000000-aaaaaaaaaaaa
  check_problem "a batch that is not there" 404 no_such_batch
  for ((i = 0; i < 50; i++)); do
    call GET "/v1/batches?limit=11${next:+&after=$next}"
    all+=$(json '.batches[].batch')$'\n'
    next=$(json '.next // ""')
    [ -n "$next" ] || break
  done
  is "receipts are listed page by page, each once" "$(grep -c . <<<"$all") $(sort -u <<<"$all" | grep -c .)" \
    "$(stack_sql "SELECT COUNT(*) FROM batch b JOIN client c ON c.id = b.client WHERE client_id = 'main'" | awk '{ print $1, $1 }')"
  token=$second_token
  call GET "/v1/batches/$batch"
  check_problem "another client's receipt is not there" 404 no_such_batch
  token=$kept
}

# What the other side has: a line for each live record of a resource, its day by the given column.
our_records() { # resource column
  stack_sql "SELECT HEX(id), DATE($2), HEX(fields) FROM record WHERE category = 'probe' AND resource = '$1' AND state = 'live'" |
    python3 -c 'import json, sys
for line in sys.stdin:
    id, day, fields = line.split()
    record = bytes.fromhex(fields).decode()
    sys.stdout.buffer.write(("{\"id\":%s,\"day\":\"%s\",\"record\":%s}\n" % (json.dumps(bytes.fromhex(id).decode()), day, record)).encode())'
}

test_digest() {
  local column by
  stack_sql "UPDATE record SET created_at = '2024-02-29 23:59:59.999' WHERE category = 'probe' AND id LIKE 'g-1%'"
  push probe/two '[{"id":"dg-1","title":"\u00e9\ud842\udfb7\/\"\\\b\f\n\r\t\u001f\u007f","size":-0,"price":0.10},{"price":123456789012345678901234567890.50,"title":"z","id":"dg-\u4e2d"}]'
  is "digest: records with all kinds of text and numbers" "$status $(json .created)" "200 2"
  for by in updated created; do
    column=${by}_at
    call GET "/v1/digest/probe/two?by=$by"
    is "digest by $by: count and hash" "$status $(json '[.by,.hash,.count]|join(" ")')" \
      "200 $by sm3 $(stack_sql "SELECT COUNT(*) FROM record WHERE category = 'probe' AND resource = 'two' AND state = 'live'")"
    our_records two "$column" >"$STACK_DIR/ours"
    ok "digest by $by: the reference script comes to the same" python3 "$top_srcdir/doc/examples/digest.py" "$STACK_DIR/body" <"$STACK_DIR/ours"
    sed -i '1s/"title":"/&x/' "$STACK_DIR/ours"
    python3 "$top_srcdir/doc/examples/digest.py" "$STACK_DIR/body" <"$STACK_DIR/ours" >/dev/null
    is "digest by $by: and sees a record that differs" "$?" 1
  done
  call GET "/v1/digest/probe/two?by=created&from=2024-02-29&to=2024-02-29"
  is "digest: one day, its last millisecond included" "$(json '.days|length') $(json '.days[0].day') $(json .count)" \
    "1 2024-02-29 $(stack_sql "SELECT COUNT(*) FROM record WHERE category = 'probe' AND resource = 'two' AND id LIKE 'g-1%'")"
  is "digest: of one day it is the whole" "$(json .digest)" "$(json '.days[0].digest')"
  call GET "/v1/digest/probe/two?from=2031-01-01"
  is "digest: of nothing it is zero" "$(json '[.count,.digest]|join(" ")')" "0 $(printf '%064d' 0)"
  call GET "/v1/digest/news/government?by=published"
  is "digest by published: the day of publication" "$status $(json '.days[0].day')" "200 2024-10-09"
  stack_sql "UPDATE record SET created_at = IF(seq % 2, '2024-03-01', '2023-12-31 12:00:00') WHERE category = 'probe' AND resource = 'two' AND id LIKE 'g-1%'"
  call GET "/v1/digest/probe/two?by=created&to=2024-12-31"
  is "digest: days come in their order, each once" "$(json '.days|map(.day)|join(" ")')" "2023-12-31 2024-03-01"
  is "digest: and hold what there is of each" "$(json '.days|map(.count)|join(" ")')" \
    "$(stack_sql "SELECT GROUP_CONCAT(n ORDER BY day SEPARATOR ' ') FROM (SELECT DATE(created_at) AS day, COUNT(*) AS n FROM record
      WHERE category = 'probe' AND resource = 'two' AND state = 'live' AND created_at < '2025-01-01' GROUP BY day) AS days")"
  for by in from=2024-02-30 to=x by=seen 'from=2024-03-02&to=2024-03-01'; do
    call GET "/v1/digest/probe/two?$by"
    is "digest: $by is refused" "$status $(json .code)" "400 bad_parameter"
  done
}
