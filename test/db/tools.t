#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What rukuctl shows of stored records and receipts: export, stats, views, batches. The records are put in by SQL, so that they may be
# older than the rules of today.
set -u
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/stack-test.sh"
stack_test_begin

sql() { stack_sql "SET time_zone = '+08:00'; $1"; }

put() { # client resource id json [state [updated_at]]: a record of the category odd
  local json=${4//\\/\\\\}
  sql "INSERT INTO record (client, category, resource, id, digest, fields, state, batch, created_at, updated_at)
    SELECT id, 'odd-one', '$2', '${3//\\/\\\\}', REPEAT('x', 32), '${json//\'/\'\'}', '${5:-live}', '20261001080000-aaaaaaaaaaaa',
    '2024-10-09 15:30:00', '${6:-2024-10-09 15:30:00}' FROM client WHERE client_id = '$1'"
}

batch() { # client category id-or-sql received rejected
  sql "INSERT INTO batch (id, client, category, resource, received, created, updated, unchanged, superseded, rejected)
    SELECT $3, id, '$2', 'r', $4, $4 - $5, 0, 0, 0, $5 FROM client WHERE client_id = '$1'"
}

mkdir -p "$STACK_DIR/more/category"
odd=$STACK_DIR/more/category/odd.ini
{
  printf '[category]\ncode = odd-one\nname = 奇异\n[resource.r]\nname = 甲\n[resource.q]\nname = 乙\n'
  while read -r name type more; do
    printf '[field.%s]\ntype = %s\n%s\n' "$name" "$type" "$more"
  done <<'FIELDS'
title string
client_id string
client_id_ string
batch integer
i integer
d decimal
b boolean
day date
t datetime
m integer multiple = yes
o object
o.x string
select html
FIELDS
} >"$odd"
printf '[category]\namends = letter\n[field.query_code]\npattern = ^X[0-9]+$\n[field.sender]\ndeprecated = 不再收集\n' >"$STACK_DIR/more/category/letter-here.ini"
stack_test_database <<INI
schema.extra_dir = $STACK_DIR/more
INI
must stack_ctl client add --id alpha '教育局网站' >/dev/null 2>&1
must stack_ctl client add --id beta '水利局' >/dev/null 2>&1

# Export

put alpha r a1 $'{"id":"a1",\n  "title":"=HYPERLINK(\\"x\\")",\r\n "i":-5,"d":"-1.5","b":true,"m":[1,2]}'
put alpha r 'a"2\' '{"id":"a","title":"中文,标题"}' live '2024-10-10 00:00:00'
put alpha r -3 '{"id":"-3","title":"-3"}' live '2024-10-08 00:00:00'
put alpha r gone '{"id":"gone","title":"撤回"}' withdrawn '2024-10-11 00:00:00'
put alpha q other '{"id":"other"}'
put beta r b1 '{"id":"b1","title":null,"o":{"x":"乙"},"left":1}'
ctl export odd-one r
is "records come one a line, by client and then by time; what was a line break is a space" "$said" \
  '{"id":"-3","title":"-3"}
{"id":"a1",   "title":"=HYPERLINK(\"x\")",   "i":-5,"d":"-1.5","b":true,"m":[1,2]}
{"id":"a","title":"中文,标题"}
{"id":"b1","title":null,"o":{"x":"乙"},"left":1}'
ctl export odd-one r --client beta
is "one client's records" "$said" '{"id":"b1","title":null,"o":{"x":"乙"},"left":1}'
ctl export --all --client alpha odd-one r
like "withdrawn ones too, if asked for" "$said" '"gone"'
ctl export odd-one r --since 2024-10-10
is "what changed since a day of +08:00" "$said" '{"id":"a","title":"中文,标题"}'
ctl export odd-one r --since 2024-10-09T16:00:01Z
is "what changed since an instant" "$said" ''
ctl export odd-one r --since 2024-10-09T16:00:00Z
is "that instant included" "$said" '{"id":"a","title":"中文,标题"}'
ctl export odd-one r --client alpha --since 2024-10-10 --envelope
is "an envelope is JSON whatever the id" "$(jq -c . <<<"$said")" \
  '{"client":"alpha","id":"a\"2\\","revision":1,"state":"live","batch":"20261001080000-aaaaaaaaaaaa","created_at":"2024-10-09T15:30:00+08:00","updated_at":"2024-10-10T00:00:00+08:00","record":{"id":"a","title":"中文,标题"}}'
ctl export odd-one q --client beta
is "no records are no lines" "$left:$said" 0:

stack_ctl export odd-one r --format csv >"$STACK_DIR/out.csv"
is "CSV has the mark of UTF-8, CRLF, and the fields by name" "$(head -n 1 "$STACK_DIR/out.csv" | od -An -c | tr -d ' \n')" \
  '357273277client,id,revision,state,created_at,updated_at,title,client_id,client_id_,batch,i,d,b,day,t,m,o,select\r\n'
time=2024-10-09T15:30:00+08:00
is "CSV keeps numbers, and nothing in it is a formula" "$(tail -n +2 "$STACK_DIR/out.csv" | tr -d '\r')" \
  "alpha,'-3,1,live,$time,2024-10-08T00:00:00+08:00,'-3,,,,,,,,,,,
alpha,a1,1,live,$time,$time,\"'=HYPERLINK(\"\"x\"\")\",,,,-5,-1.5,true,,,\"[1,2]\",,
alpha,\"a\"\"2\\\",1,live,$time,2024-10-10T00:00:00+08:00,\"中文,标题\",,,,,,,,,,,
beta,b1,1,live,$time,$time,,,,,,,,,,,\"{\"\"x\"\":\"\"乙\"\"}\","
ctl export odd-one q --client beta --format csv
is "CSV without records has its head" "$(wc -l <<<"$said")" 1

check "an unknown category" 78 'no category none; rukuctl schema list' export none r
check "an unknown resource" 78 'no resource none; rukuctl schema show odd-one' export odd-one none
check "a resource is named, not a pattern" 78 'no resource \*' export odd-one '*'
check "an unknown client" 1 'no client "nobody"' export odd-one r --client nobody
check "an unknown format" 78 'xml: must be ndjson or csv' export odd-one r --format xml
check "a time that is none" 78 'yesterday: must be a time such as 2024-10-09' export odd-one r --since yesterday
check "an envelope is of JSON" 78 'ndjson only' export odd-one r --envelope --format csv
check "an option of another command" 64 "--days is no option of this command.*usage: rukuctl export" export odd-one r --days 3
check "an option without its value" 64 "--client is to be followed by its value.*usage: rukuctl export" export odd-one r --client
check "a word is missing" 64 'usage: rukuctl export' export odd-one
check "client add has its options as before" 64 "--client is no option of this command" client add --client a name

# Personal values

sql "INSERT INTO record (client, category, resource, id, digest, fields, batch, created_at, updated_at) SELECT id, 'letter', 'leader', 'p1',
  REPEAT('x', 32), '{\"id\":\"p1\",\"title\":\"示例\",\"sender\": \"张*\"}', 'b', '2024-10-09 15:30:00', '2024-10-09 15:30:00' FROM client WHERE client_id = 'alpha'"
ctl export letter leader
is "a personal value is masked" "$said" '{"id":"p1","title":"示例","sender": "***"}'
ctl export letter leader --envelope
is "in an envelope too" "$(jq -r .record.sender <<<"$said")" '***'
ctl export letter leader --format csv
like "and in CSV" "$said" ',示例,.*,\*\*\*,'
unlike "where the value stands nowhere" "$said" '张'
is "none of it is in the audit" "$(sql "SELECT COUNT(*) FROM audit WHERE action = 'export.unmask'")" 0
ctl export letter leader --unmask --since 2024-01-01
is "unless it is asked for" "$said" '{"id":"p1","title":"示例","sender": "张*"}'
is "which is in the audit, with who and what" "$(sql "SELECT actor <> '', subject, detail FROM audit WHERE action = 'export.unmask'")" \
  $'1\tletter leader\tclient all, since 2024-01-01'
ctl export letter leader --unmask --format csv --client alpha
like "CSV likewise" "$said" ',张\*,'
is "each time" "$(sql "SELECT detail FROM audit WHERE action = 'export.unmask' ORDER BY id DESC LIMIT 1")" 'client alpha, since the beginning'
check "an export that is not made is not noted" 78 'no category none' export none r --unmask
is "so it is" "$(sql "SELECT COUNT(*) FROM audit WHERE action = 'export.unmask'")" 2
sql "DELETE FROM record WHERE category = 'letter'"
check "a field's marks are shown" 0 'sender +string .*personal deprecated \(不再收集\)' schema show letter
like "and the file that amends the category" "$said" 'amended by .*letter-here.ini'
like "with what it changed" "$said" 'query_code .*required max_length=32 pattern=\^X\[0-9\]\+\$ index'
check "aliases too" 0 'title +string +required max_length=500 alias=resTitle' schema show core

# Many records: constant memory, one snapshot, an output that goes away

sql "INSERT INTO record (client, category, resource, id, digest, fields, batch, created_at, updated_at)
  SELECT 1, 'core', 'general', CONCAT('n', seq), REPEAT('x', 32),
  CONCAT('{\"id\":\"n', seq, '\",\"title\":\"t\",\"summary\":\"', REPEAT('长', 3000), '\"}'), 'b', NOW(3), NOW(3) FROM seq_1_to_10000"
is "ten thousand records are ten thousand lines" "$(stack_ctl export core general | wc -lc | awk '{ print $1, $2 }')" \
  "10000 $(sql "SELECT SUM(LENGTH(fields) + 1) FROM record WHERE category = 'core'")"
is "the last as good as the first" "$(stack_ctl export core general | tail -n 1 | jq -r .id)" n10000
mkfifo "$STACK_DIR/fifo"
for format in ndjson csv; do
  "$STACK_BIN_CTL" -c "$STACK_DIR/ruku.ini" export core general --format $format >"$STACK_DIR/fifo" &
  exporter=$!
  exec 3<"$STACK_DIR/fifo"
  head -c 80000000 <&3 >/dev/null
  memory=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$exporter/status")
  sql "INSERT INTO record (client, category, resource, id, digest, fields, batch, created_at, updated_at)
    SELECT id, 'core', 'general', 'late-$format', REPEAT('x', 32), '{}', 'b', NOW(3), NOW(3) FROM client"
  rest=$(cat <&3)
  exec 3<&-
  wait "$exporter"
  is "$format: an export that waits for its reader comes to its end" "$?" 0
  at_most "$format: its memory does not grow with the records (kB)" "${memory:-none}" 60000
  like "$format: its last records are there" "$rest" n10000
  unlike "$format: what is stored while it runs is not in it" "$rest" late-
  sql "DELETE FROM record WHERE id LIKE 'late-%'"
done
said=$({ stack_ctl export core general 2>&1 >&3 | cat >&2; exit "${PIPESTATUS[0]}"; } 3>&1 2>"$STACK_DIR/said" | head -c 10; exit "${PIPESTATUS[0]}")
is "a reader that goes away: exit status" $? 74
like "a reader that goes away is told of" "$(<"$STACK_DIR/said")" 'standard output: Broken pipe'
left=0
stack_ctl export core general >/dev/full 2>"$STACK_DIR/said" || left=$?
is "a full disk: exit status" "$left" 74
like "a full disk is told of" "$(<"$STACK_DIR/said")" 'standard output: No space left'
left=0
stack_ctl client list >/dev/full 2>"$STACK_DIR/said" || left=$?
is "and by any command" "$left" 74

# Views

stack_ctl schema views >"$STACK_DIR/said"
is "each category has its view" "$(sed 's/:.*//' "$STACK_DIR/said" | paste -sd' ')" \
  "$({ echo odd-one; sed -n 's/^code = //p' "$top_srcdir"/schema/category/*.ini; } | LC_ALL=C sort | sed 's/^/v_/' | paste -sd' ')"
is "a column for each field, typed; the record's own columns keep their names" \
  "$(sql "SELECT GROUP_CONCAT(column_name, ':', data_type ORDER BY ordinal_position) FROM information_schema.columns WHERE table_name = 'v_odd-one'")" \
  "client_id:varchar,resource:varchar,id:varchar,revision:int,batch:char,created_at:datetime,updated_at:datetime,title:longtext,client_id__:longtext,client_id_:longtext,batch_:bigint,i:bigint,d:decimal,b:int,day:date,t:datetime,m:longtext,o:longtext,select:longtext"
is "only live records" "$(sql "SELECT GROUP_CONCAT(id ORDER BY id) FROM \`v_odd-one\` WHERE resource = 'r'")" '-3,a"2\\,a1,b1'
is "and whose they are" "$(sql "SELECT client_id, o FROM \`v_odd-one\` WHERE id = 'b1'")" $'beta\t{"x": "乙"}'
number=0
while IFS='|' read -r field value want; do
  number=$((number + 1))
  put alpha q "v$number" "{\"id\":\"v$number\",\"$field\":$value}"
  is "$field $value is ${want:-NULL}" "$(stack_sql "SET sql_mode = 'TRADITIONAL'; SELECT IFNULL(\`$field\`, '') FROM \`v_odd-one\` WHERE id = 'v$number'")" "$want"
done <<'VALUES'
title|"a\"b\\c"|a"b\\c
title|"\ud83d\ude00"|😀
title|""|
title|"null"|null
title|null|
title|{"x":1}|
title|["x"]|
i|5|5
i|"7"|7
i|"abc"|
i|"12abc"|
i|"5\n"|
i|1.5|
i|9223372036854775807|9223372036854775807
i|-9223372036854775808|-9223372036854775808
i|9223372036854775808|
i|99999999999999999999999|
d|-1.50|-1.5000000000
d|"0.5"|0.5000000000
d|1e5|
d|"1.12345678999"|1.1234567899
d|9999999999999999999999999999.99999999999|9999999999999999999999999999.9999999999
d|99999999999999999999999999999|
d|"x"|
b|true|1
b|false|0
b|"true"|
b|2|
day|"2024-02-29"|2024-02-29
day|"2023-02-29"|
day|"1900-02-29"|
day|"2024-04-31"|
day|"2024-13-01"|
day|"0000-01-01"|
day|"9999-12-31"|9999-12-31
day|"2024-10-09\n"|
day|20241009|
t|"2024-10-09T15:30:00+08:00"|2024-10-09 15:30:00
t|"2024-10-09T15:30:00Z"|2024-10-09 23:30:00
t|"2024-10-09T15:30:00,5-03:30"|2024-10-10 03:00:00
t|"2024-10-09T15:30:00.123+09"|2024-10-09 14:30:00
t|"2016-12-31T23:59:60Z"|2017-01-01 07:59:59
t|"2100-06-01T00:00:00Z"|2100-06-01 08:00:00
t|"9999-12-31T23:59:59+08:00"|9999-12-31 23:59:59
t|"9999-12-31T16:00:00Z"|
t|"0001-01-01T00:00:00+08:00"|0001-01-01 00:00:00
t|"0001-01-01T00:00:00+09:00"|
t|"2024-10-09 15:30:00"|
t|"2024-02-30T00:00:00Z"|
t|5|
m|[1, "x"]|[1, "x"]
m|null|
o|{"x":"\u4e2d"}|{"x": "\\u4e2d"}
VALUES
ok "in strict mode the whole view can be read into a table" sql \
  "SET sql_mode = 'TRADITIONAL'; CREATE TABLE copied AS SELECT * FROM \`v_odd-one\`; INSERT INTO copied SELECT * FROM \`v_odd-one\`"
is "no value warns" "$(sql "SET sql_mode = 'TRADITIONAL'; SELECT * FROM \`v_odd-one\`; SHOW COUNT(*) WARNINGS" | tail -n 1)" 0
is "a long text is not cut" "$(sql "SELECT MIN(CHAR_LENGTH(summary)), COUNT(*) FROM v_core")" $'3000\t10000'
put alpha q long "{\"select\":\"$(printf '%070000d' 0)\"}"
is "nor one beyond 65535 bytes" "$(sql "SELECT CHAR_LENGTH(\`select\`) FROM \`v_odd-one\` WHERE id = 'long'")" 70000
sed -i 's/^\[field.b\]$/[field.added]/' "$odd"
check "again, when a category has changed" 0 'v_odd-one: 12 fields' schema views
is "the view has the new field" "$(sql "SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'v_odd-one' AND column_name IN ('added', 'b')")" 1
printf '[field.%s]\ntype = %s\nformats = %s\n' period date month meets datetime minutes stamp datetime basic >>"$odd"
check "with fields of a reduced precision" 0 'v_odd-one: 15 fields' schema views
is "what is no whole day or has no seconds is text" "$(sql "SELECT GROUP_CONCAT(column_name, ':', data_type ORDER BY ordinal_position) FROM information_schema.columns WHERE table_name = 'v_odd-one' AND column_name IN ('period', 'meets', 'stamp')")" \
  "period:longtext,meets:longtext,stamp:datetime"
rights=$(sed -n 's/^GRANT \(.*\) ON ruku\.\* TO .*/\1/p' "$top_srcdir/doc/administrator.md")
sql "CREATE USER ruku_admin@localhost IDENTIFIED BY 'a'; GRANT $rights ON ruku.* TO ruku_admin@localhost;
  CREATE USER report@localhost IDENTIFIED BY 'r'"
printf 'database.user = ruku_admin\ndatabase.password = a\nschema.extra_dir = %s\n' "$STACK_DIR/more" | stack_ini
check "the rights that the guide gives are enough" 0 'v_core: ' schema views
sql "GRANT SELECT ON ruku.v_core TO report@localhost"
like "who may read a view needs no right to the records" "$(mariadb --no-defaults -u report -pr -S "$db_socket" -NB ruku -e \
  'SELECT COUNT(*) FROM v_core; SELECT COUNT(*) FROM record' 2>&1)" "^10000.*SELECT command denied to user 'report'"
printf 'schema.extra_dir = %s\n' "$STACK_DIR/more" | stack_ini
mv "$odd" "$STACK_DIR/odd.ini"
check "a view whose category is gone is named" 0 'v_odd-one: left as it is; no category has it' schema views
is "and stays" "$(sql "SELECT COUNT(*) FROM information_schema.views WHERE table_name = 'v_odd-one'")" 1
printf '[category]\ncode = a%062d\nname = X\n[resource.r]\nname = R\n[field.a]\ntype = string\n' 0 >"$odd"
check "a code that is too long for a view" 78 'too long for the name of a view; 62 characters' schema views
mv "$STACK_DIR/odd.ini" "$odd"

# Batches

sql "DELETE FROM batch"
today="DATE_FORMAT(NOW(), '%Y%m%d000000-aaaaaaaaaaa')"
batch alpha odd-one "CONCAT($today, '1')" 10 0
batch alpha odd-one "CONCAT($today, '2')" 40 4
batch beta core "CONCAT($today, '3')" 5 0
batch beta core "DATE_FORMAT(NOW() - INTERVAL 6 DAY, '%Y%m%d000000-bbbbbbbbbbbb')" 7 0
batch beta core "DATE_FORMAT(NOW() - INTERVAL 7 DAY, '%Y%m%d235959-cccccccccccc')" 8 0
first=$(sql "SELECT CONCAT($today, '1')")
sql "INSERT INTO reject VALUES ('$first', 3, 'id-3', '[{\"pointer\":\"/3/title\",\"code\":\"missing\",\"message\":\"“标题”（title）必填\"},{\"pointer\":\"/3/x\",\"code\":\"unknown_field\",\"message\":\"a\\\\nb\"}]'), ('$first', 12, NULL, 'no JSON')"
ctl batch list
is "batches are listed in the order of time" "$(awk 'NR > 1 { print substr($1, 16) }' <<<"$said" | paste -sd' ')" \
  "cccccccccccc bbbbbbbbbbbb aaaaaaaaaaa1 aaaaaaaaaaa2 aaaaaaaaaaa3"
ctl batch list --limit 2
is "the last ones, if not all" "$(awk 'NR > 1 { print substr($1, 16) }' <<<"$said" | paste -sd' ')" "aaaaaaaaaaa2 aaaaaaaaaaa3"
ctl batch list --after "$first" --limit 1
is "those that follow a batch" "$(awk 'NR > 1 { print substr($1, 16) }' <<<"$said" | paste -sd' ')" "aaaaaaaaaaa2"
ctl batch list --client beta --after "${first:0:8}"
is "those of a client from a day on" "$(awk 'NR > 1 { print $2, substr($1, 16) }' <<<"$said")" "beta aaaaaaaaaaa3"
check "a batch that is none" 78 'must be a batch such as' batch list --after "x' OR 1"
check "a limit out of range" 78 'limit 0: must be a number from 1 to 10000' batch list --limit 0
check "batches of nobody" 1 'no client "nobody"' batch list --client nobody
check "a batch is shown" 0 "batch *$first.*client *alpha.*resource *odd-one/r.*received *10" batch show "$first"
like "with the records that it did not store" "$said" 'record 3, id id-3
  /3/title \[missing\] “标题”（title）必填
  /3/x \[unknown_field\] a\?b

record 12
  no JSON$'
check "an unknown batch" 78 'no batch nothing; rukuctl batch list shows them' batch show nothing

# Statistics

ctl stats
is "pushes by category, client and day, in columns for Chinese text too" "$(sed -n 2,5p <<<"$said" | sed 's/20[0-9-]* /DAY/')" \
  "CATEGORY       CLIENT            DAY         PUSHES  RECEIVED  CREATED  UPDATED  UNCHANGED  REJECTED
core 综合信息  beta 水利局       DAY      1         7        7        0          0         0
core 综合信息  beta 水利局       DAY      1         5        5        0          0         0
odd-one 奇异   alpha 教育局网站  DAY      2        50       46        0          0         4"
like "records live and withdrawn" "$said" 'core 综合信息  general 综合信息 +tester Test +10000 +0'
like "by resource" "$said" 'odd-one 奇异 +r 甲 +alpha 教育局网站 +3 +1'
like "with their sum" "$said" 'TOTAL +[0-9]+ +1$'
unlike "no bars where there is no terminal" "$said" '[█▏▎▍▌▋▊▉]'
ctl stats --days 8 --client beta
is "of more days and one client" "$(grep -c '^core.*beta' <<<"$said"):$(grep -c alpha <<<"$said")" 3:0
ctl stats --days 1
is "a day is the day at +08:00, today" "$(sed -n '2,/^$/p' <<<"$said" | grep -c "$(TZ=CST-8 date +%F)")" 2
check "days out of range" 78 'days -1: must be a number from 1 to 36500' stats --days -1
check "days that are no number" 78 'days seven: must be' stats --days seven
check "statistics of nobody" 1 'no client "nobody"' stats --client nobody
long=$(printf '长名%.0s' {1..40})
must stack_ctl client add --id gamma "$long" >/dev/null 2>&1
batch gamma odd-one "CONCAT($today, '4')" 25 0
bars=$(SHELL=$BASH script -qec "stty cols 120; '$STACK_BIN_CTL' -c '$STACK_DIR/ruku.ini' stats --days 1" /dev/null | tr -d '\r' | sed -n '2,/^$/p')
like "on a terminal each day has its bar, the longest fills the line" "$bars" 'odd-one 奇异 +alpha[^█]*█{11}'
is "half as much is half the bar" "$(sed -n 's/[^█]*gamma[^█]*//p' <<<"$bars" | grep -o █ | wc -l)" \
  "$(($(sed -n 's/[^█]*alpha[^█]*//p' <<<"$bars" | grep -o █ | wc -l) / 2))"
is "no line is longer than the terminal" "$(wc -L <<<"$bars")" 120
like "a long name is cut, not the table" "$bars" 'gamma (长名)+长?…  '

# Purge

sql "DELETE FROM batch; DELETE FROM reject"
sql "INSERT INTO batch (id, client, category, resource, received, created, updated, unchanged, superseded)
  SELECT CONCAT(DATE_FORMAT(NOW() - INTERVAL 401 DAY, '%Y%m%d%H%i%s-'), LPAD(seq, 12, '0')), 1, 'core', 'general', 1, 1, 0, 0, 0 FROM seq_1_to_2500"
sql "INSERT INTO reject SELECT id, n.seq, NULL, '[]' FROM batch, seq_1_to_2 n"
batch alpha core "DATE_FORMAT(NOW() - INTERVAL 10 DAY - INTERVAL 2 MINUTE, '%Y%m%d%H%i%s-oooooooooooo')" 1 0
batch alpha core "DATE_FORMAT(NOW() - INTERVAL 10 DAY + INTERVAL 2 MINUTE, '%Y%m%d%H%i%s-nnnnnnnnnnnn')" 1 1
sql "INSERT INTO reject SELECT id, 0, NULL, '[]' FROM batch WHERE id LIKE '%n'"
left_over() { sql "SELECT (SELECT COUNT(*) FROM batch), (SELECT COUNT(*) FROM reject)" | tr '\t' ' '; }
check "a dry run tells what would go" 0 '^2500 receipts and 5000 rejected records older than 400 days .*would be removed$' batch purge --dry-run
is "and removes nothing" "$(left_over)" "2502 5001"
is "nor is it noted" "$(sql "SELECT COUNT(*) FROM audit WHERE action = 'batch.purge'")" 0
check "without --days the configuration's days hold, 400 by default" 0 '^2500 receipts and 5000 rejected records older than 400 days .*[0-9)] removed$' batch purge
is "all old ones go, in steps" "$(left_over)" "2 1"
is "the purge is in the audit" "$(sql "SELECT detail FROM audit WHERE action = 'batch.purge'")" "2500 receipts and 5000 rejected records"
check "again there is nothing" 0 '^0 receipts and 0 rejected' batch purge
check "--days" 0 '^1 receipts and 0 rejected records older than 10 days' batch purge --days 10
is "younger ones stay, with their rejected records" "$(left_over)" "1 1"
check "no days" 78 'days 0: must be a number from 1 to 36500' batch purge --days 0
check "negative days" 78 'days -1: must be' batch purge --days -1
check "too many days" 78 'days 36501: must be' batch purge --days 36501
printf 'receipts.keep_days = 9\nschema.extra_dir = %s\n' "$STACK_DIR/more" | stack_ini
check "the configuration's days" 0 '^1 receipts and 1 rejected records older than 9 days' batch purge
is "nothing is left" "$(left_over)" "0 0"
is "records are never touched" "$(sql "SELECT COUNT(*) FROM record WHERE category = 'core'")" 10000
# A change of a category, before it is made.

sql "DELETE FROM record"
put alpha r s1 '{"id":"s1","title":"kurz","i":3}'
put alpha q s2 '{"id":"s2","title":"ein langer Titel","i":30}'
put beta r s3 '{"id":"s3","title":"ein langer Titel, zurückgezogen"}' withdrawn
put beta r s4 '{"id":"s4","title":"x","i":30}'
check "what is stored is good" 0 '3 records checked, 0 would be refused' schema test odd-one
mkdir -p "$STACK_DIR/then/category"
sed -e 's/^type = integer$/&\nmax = 10/' -e '/^\[field.title\]/,/^$/s/^type = string$/&\nmax_length = 5/' "$odd" >"$STACK_DIR/then/category/odd.ini"
check "a difference narrows: 1, and is told" 1 'narrowed odd-one i max: none -> 10' schema diff "$STACK_DIR/then"
like "and the other" "$said" 'narrowed odd-one title max_length: none -> 5'
like "an amendment that is there no more" "$said" 'widened letter query_code pattern: \^X\[0-9\]\+\$ -> none'
like "a category without a version is named" "$said" 'note: odd-one has changed and has no version'
like "they are counted" "$said" '[0-9]+ differences may refuse what was good'
check "the other way round" 1 'widened odd-one i max: 10 -> none' schema diff "$STACK_DIR/then" "$STACK_DIR/more"
check "nothing has changed" 0 '0 differences may refuse what was good' schema diff "$STACK_DIR/more" "$STACK_DIR/more"
check "the shipped ones alone" 1 'removed odd-one the whole category' schema diff "$top_srcdir/schema"
check "no folder" 78 'none is no folder: name one' schema diff "$STACK_DIR/none"
check "which records would be refused" 1 '3 records checked, 2 would be refused' schema test odd-one "$STACK_DIR/then"
like "each with place, code and reason" "$said" 'alpha q s2 /title too_long: '
like "all faults of it" "$said" 'alpha q s2 /i too_large: .*10'
like "those of every client" "$said" 'beta r s4 /i too_large: '
check "of one client" 1 '2 records checked, 1 would be refused' schema test --client alpha odd-one "$STACK_DIR/then"
check "no more than asked for are shown" 1 '3 records checked, 2 would be refused' schema test --limit 0 odd-one "$STACK_DIR/then"
is "but all are counted" "$said" "3 records checked, 2 would be refused"
check "no such category" 78 'no category none' schema test none
printf '[category]\ncode = odd-one\n' >"$STACK_DIR/then/category/odd.ini"
check "a schema that is not good" 78 'is not a good schema: run rukuctl schema check' schema test odd-one "$STACK_DIR/then"
is "nothing was written" "$(sql "SELECT SUM(revision) FROM record")" 4

done_testing
