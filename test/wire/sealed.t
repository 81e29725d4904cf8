#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fields with encrypt = yes: the database never has their values, whoever may read them sees nothing of it, and another key takes the place
# of an old one.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

stack_test_begin
dir=$STACK_DIR
mkdir -p "$dir/schema/category"
category() { # encrypt of the phone
  cat >"$dir/schema/category/complaint.ini" <<INI
[category]
code = complaint
name = 诉求
version = 1.0
extends = core

[resource.hotline]
name = 热线

[resource.letter]
name = 来信

[field.phone]
label = 电话
type = string
pattern = ^[0-9 +-]*\$
encrypt = $1

[field.amount]
label = 金额
type = decimal
encrypt = $1

[field.urgent]
label = 紧急
type = boolean
encrypt = $1

[field.tags]
label = 标签
type = string
multiple = yes
encrypt = $1
INI
}
category yes
settings() { { printf '%s\n' 'server.workers = 2' "log.target = $dir/fcgi.log" "schema.extra_dir = $dir/schema"; cat; } | stack_ini; }
stack_test_database </dev/null
settings </dev/null
must serve
must take_token

record() { # id phone
  printf '{"id":"%s","title":"标题","phone":"%s","amount":31415.9265,"urgent":true,"tags":["甲secrettag","乙\\"\\\\"],"body":{"sm4":1}}' "$1" "$2" |
    sed 's/,"body":{"sm4":1}//'
}
to() { # resource FILE [OPTIONS]
  local resource=$1 file=$2
  shift 2
  call POST "/v1/records/complaint/$resource" -b "$file" "$@"
}
reloaded() { [ "$(log_lines 'configuration loaded again')" -gt "$1" ]; } # BEFORE
reload() {
  local before
  before=$(log_lines 'configuration loaded again')
  kill -HUP "$(stack_pid fcgi)"
  stack_wait 20 reloaded "$before"
}
dump() { mariadb-dump --no-defaults -u root -S "$db_socket" --hex-blob --all-databases 2>/dev/null; }

record s-1 '138 0013 8000' >"$dir/one"
to hotline "$dir/one"
is "a record with encrypted fields" "$status $(member created)" "200 1"
to hotline "$dir/one"
is "the same again is unchanged" "$status $(member unchanged)" "200 1"
call GET /v1/records/complaint/hotline/s-1
like "it is read back as it was sent" "$reply" '"record":\{"id":"s-1","title":"标题","phone":"138 0013 8000","amount":31415.9265,"urgent":true,"tags":\["甲secrettag","乙\\"\\\\"\]\}'
call GET '/v1/records/complaint/hotline?limit=10'
like "in a list too" "$reply" '"phone":"138 0013 8000"'
call GET /v1/records/complaint/hotline/s-1 -P HTTP_ACCEPT=application/xml
like "and in XML" "$reply" '<phone>138 0013 8000</phone>'
dump >"$dir/dump"
is "the database has none of the values" "$(grep -cE '138 0013 8000|31415\.9265|secrettag' "$dir/dump")" 0
is "but where they are kept" "$(stack_sql "SELECT fields LIKE '%\"phone\":{\"sm4gcm\":\"%' AND fields LIKE '%\"title\":\"标题\"%' FROM record")" 1
is "its digest is not that of the content" "$(stack_sql "SELECT COUNT(*) FROM record WHERE digest = UNHEX('$(
  python3 - "$dir/one" <<'PY'
import hashlib, json, re, sys
raw = open(sys.argv[1], encoding="utf-8").read()
record = json.loads(raw)
text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
print(hashlib.new("sm3", text.encode()).hexdigest())
PY
)')")" 0
record s-1 '139 0013 9000' >"$dir/two"
to hotline "$dir/two"
is "another value is an update" "$status $(member updated)" "200 1"
printf '{"id":"s-2","title":"标题","phone":null}' >"$dir/none"
to hotline "$dir/none"
call GET /v1/records/complaint/hotline/s-2
like "no value is no secret" "$reply" '"phone":null'

call GET '/v1/digest/complaint/hotline'
cat >"$dir/days.py" <<'PY'
import hashlib, json, sys
total = 0
for name in sys.argv[1:]:
    record = json.load(open(name, encoding="utf-8"), parse_float=str)
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).replace('"31415.9265"', "31415.9265")
    content = hashlib.new("sm3", text.encode()).digest()
    total += int.from_bytes(hashlib.new("sm3", record["id"].encode() + b"\0" + content).digest(), "big")
print(f"{total % 2**256:064x}")
PY
is "a reconciliation counts their content all the same" "$(member digest)" "$(python3 "$dir/days.py" "$dir/two" "$dir/none")"

# A refusal does not tell the value either.
record s-3 '138x0013x8000' >"$dir/bad"
to hotline "$dir/bad" -P HTTP_PREFER=handling=lenient
like "a refused value is told masked" "$status $reply" '^422.*/phone'
is "and not kept in the clear" "$(dump | grep -c '138x0013x8000'; grep -c '138x0013x8000' "$dir/fcgi.log")" "$(printf '0\n0')"
check_answer() { [ "$(grep -c '138x0013x8000' <<<"$reply")" = 0 ]; }
ok "nor in the answer" check_answer

# What rukuctl shows.
check "an export is masked" 0 '"phone":"1\*\*\*0"' export complaint hotline
check "but where it is asked for, and noted" 0 '"phone":"139 0013 9000"' export --unmask complaint hotline
check "the category tells" 0 'phone .*encrypted personal' schema show complaint
record i-1 '137 0013 7000' >"$dir/import"
check "an import seals as well" 0 '' import --client tester complaint letter "$dir/import"
is "and leaves nothing in the clear" "$(dump | grep -c '137 0013 7000')" 0
check "stored records are tried opened" 0 '0 .*refuse' schema test complaint

# A repeat is known by a digest of the whole body, which must not confirm a guess either.
kept="{\"id\":\"k-1\",\"title\":\"标题\",\"phone\":\"135 0013 5000\"}"
printf '%s' "$kept" >"$dir/kept"
to letter "$dir/kept" -P HTTP_IDEMPOTENCY_KEY=k-1
is "a push with a key" "$status $(member created)" "200 1"
plain=$({ printf 'POST\0\0application/json\0\0\0\0/v1/records/complaint/letter\n'; cat "$dir/kept"; } | python3 -c 'import hashlib, sys; print(hashlib.new("sm3", sys.stdin.buffer.read()).hexdigest())')
is "its digest is not that of the request" "$(stack_sql "SELECT SUM(request_digest = UNHEX('$plain')), COUNT(request_digest) FROM batch WHERE idempotency_key = 'k-1'" | tr '\t' ' ')" "0 1"

# A mark that comes or goes is in force with the next push of the record, though its content is the same.
record m-1 '134 0013 4000' >"$dir/marked"
to hotline "$dir/marked"
sed -i '/^\[field.amount\]/,/^encrypt/s/^encrypt = yes/encrypt = no/' "$dir/schema/category/complaint.ini"
reload
to hotline "$dir/marked"
is "without the mark of one field the same content is stored anew" "$status $(member updated)" "200 1"
is "in the clear, and the other field is not" "$(stack_sql "SELECT fields LIKE '%\"amount\":31415%', fields LIKE '%\"phone\":{\"sm4gcm%' FROM record WHERE id = 'm-1'" | tr '\t' ' ')" "1 1"
category yes
reload
to hotline "$dir/marked"
is "with it again too" "$status $(member updated)" "200 1"
is "and is not in the clear" "$(stack_sql "SELECT fields LIKE '%31415%' FROM record WHERE id = 'm-1'")" 0
stack_sql "DELETE FROM record WHERE id IN ('m-1', 'k-1')"

# A value that was moved to another record is not shown there.
record s-4 '136 0013 6000' >"$dir/four"
to hotline "$dir/four"
stack_sql "UPDATE record a JOIN record b ON b.id = 's-1' SET a.fields = REPLACE(b.fields, 's-1', 's-4') WHERE a.id = 's-4'"
call GET /v1/records/complaint/hotline/s-4
is "a value that was moved here does not open" "$status" 500
ok "the log names the record" logged 'complaint/hotline, record s-4: .*does not open'
# Another key.
old=$(cut -d' ' -f1 "$dir/ruku.key")
must stack_ctl key rotate >/dev/null
reload
call GET /v1/records/complaint/hotline/s-1
like "what is sealed with the old key is read" "$reply" '"phone":"139 0013 9000"'
before=$(stack_sql "SELECT GROUP_CONCAT(CONCAT_WS(' ', id, revision, updated_at) ORDER BY seq) FROM record")
check "it is sealed anew, and what does not open is told" 70 's-4: .*does not open.*1 record does not open.*2 records sealed anew' key renew
is "which changes nothing that a client sees" "$(stack_sql "SELECT GROUP_CONCAT(CONCAT_WS(' ', id, revision, updated_at) ORDER BY seq) FROM record")" "$before"
stack_sql "UPDATE record SET digest = UNHEX(REPEAT('00', 32)) WHERE id = 's-4'"
to hotline "$dir/four"
is "pushed again it is whole" "$status $(member updated)" "200 1"
call GET /v1/records/complaint/hotline/s-4
is "and is read" "$status" 200
to letter "$dir/kept" -P HTTP_IDEMPOTENCY_KEY=k-1
is "a repeat of before is still known as one" "$status $(member created)" "200 1"
is "and stores nothing" "$(stack_sql "SELECT COUNT(*) FROM record WHERE id = 'k-1'")" 0
check "now all is" 0 '0 records sealed anew' key renew
is "nothing is sealed with the old key" "$(stack_sql "SELECT COUNT(*) FROM record WHERE fields LIKE '%sm4gcm\":\"$old.%'")" 0
sed -i "/^$old /d" "$dir/ruku.key"
stop_serving
must serve
call GET /v1/records/complaint/hotline/s-1
like "the old key may go" "$reply" '"phone":"139 0013 9000"'
to hotline "$dir/two"
is "and a push of the same is unchanged still" "$status $(member unchanged)" "200 1"
cp "$dir/ruku.key" "$dir/kept.key"
must stack_ctl key rotate >/dev/null
sed -i '$d' "$dir/ruku.key"
stop_serving
must serve
call GET /v1/records/complaint/hotline/s-1
is "without its key nothing is read" "$status" 500
ok "and the log names the key" logged 'sealed with the key .*, which is not in .crypto. key_file: put it back'
cp "$dir/kept.key" "$dir/ruku.key"
stop_serving

# The mark may go and come.
category no
must serve
call GET /v1/records/complaint/hotline/s-1
like "what was sealed is read when the category does not ask for it any more" "$reply" '"phone":"139 0013 9000"'
to hotline "$dir/one"
is "and pushed again is in the clear" "$(stack_sql "SELECT fields LIKE '%138 0013 8000%' FROM record WHERE id = 's-1'")" 1
sed -i 's/^encrypt = no/encrypt = yes\nindex = yes/' "$dir/schema/category/complaint.ini"
check "what has an index cannot be encrypted" 78 'field phone: encrypt is for fields of the record itself, and not for those with index' schema list
stop_serving
done_testing
