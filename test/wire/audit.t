#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The audit: who did what, from where, and what came of it; that nothing can be changed in it unnoticed; and that it can be demanded.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

stack_test_begin
dir=$STACK_DIR
settings() { # further lines
  stop_serving
  { printf '%s\n' 'server.workers = 2' 'database.timeout = 5' "log.target = $dir/fcgi.log" 'audit.anchor_interval = 60'; cat; } | stack_ini
  must serve
}
stack_test_database </dev/null
settings <<INI
audit.target = $dir/audit.jsonl
INI
must take_token
entries() { stack_sql "SELECT CONCAT_WS(' ', actor, address, action, subject, result, detail) FROM audit WHERE request_id <> '' ORDER BY id"; }
count_is() { [ "$(stack_sql "SELECT COUNT(*) FROM audit WHERE request_id <> ''")" = "$1" ]; }
records 2 a >"$dir/body"
push "$dir/body" -P REMOTE_ADDR=192.0.2.7
batch=$(member batch)
id=$(member request_id)
printf '{"title":"x","size":"a"}' >"$dir/bad"
call PUT /v1/records/core/general/a-9 -b "$dir/bad" -P CONTENT_TYPE=application/json
call DELETE /v1/records/core/general/a-1
call GET /v1/records/core/general/a-2
kept=$token
token=nonsense
push "$dir/body"
token=$kept
printf 'grant_type=client_credentials&client_id=tester&client_secret=wrong' >"$dir/form"
call POST /oauth2/token -b "$dir/form" -P CONTENT_TYPE=application/x-www-form-urlencoded
printf 'grant_type=client_credentials&client_id=%%E5%%90%%8D%%0A%%1B[31m%%E2%%80%%AE&client_secret=wrong' >"$dir/form"
call POST /oauth2/token -b "$dir/form" -P CONTENT_TYPE=application/x-www-form-urlencoded
ok "within a second or two it is in the database" stack_wait 10 count_is 7
is "each with who, from where, what, and what came of it; reading is not in it" "$(entries | sort)" "$(sort <<TEXT
 127.0.0.1 record.push /v1/records/core/general 401 invalid_token
tester 127.0.0.1 record.put /v1/records/core/general/a-9 422 batch=- received=1 created=0 updated=0 unchanged=0 rejected=1
tester 127.0.0.1 record.withdraw /v1/records/core/general/a-1 200 
tester 127.0.0.1 token.issue /oauth2/token 200 
tester 127.0.0.1 token.issue /oauth2/token 401 invalid_client
tester 192.0.2.7 record.push /v1/records/core/general 200 batch=$batch received=2 created=2 updated=0 unchanged=0 rejected=0
名??[31m? 127.0.0.1 token.issue /oauth2/token 401 invalid_client
TEXT
)"
is "with the request's id" "$(stack_sql "SELECT COUNT(*) FROM audit WHERE request_id = '$id' AND action = 'record.push'")" 1
is "the file has the same entries, one a line" "$(jq -r '[.writer,.seq,.hash]|join(" ")' "$dir/audit.jsonl" | sort)" \
  "$(stack_sql "SELECT CONCAT_WS(' ', writer, seq, LOWER(HEX(hash))) FROM audit WHERE request_id <> ''" | sort)"
is "which is not for others" "$(stat -c %a "$dir/audit.jsonl")" 640
unlike "no secret and no token is in it" "$(cat "$dir/audit.jsonl")" "$client_secret|$token"

administered() { jq -c 'select(.writer == "rukuctl") | [.action, .result]' "$dir/audit.jsonl" | tr '\n' ' '; }
check "administration is in it" 0 '^$' client disable tester
check "and what follows" 0 '^$' client enable tester
is "and in the file" "$(administered)" '["client.disable","ok"] ["client.enable","ok"] '
is "by the operating system's user" "$(stack_sql "SELECT GROUP_CONCAT(action ORDER BY id) FROM audit WHERE writer = 'rukuctl' AND actor <> ''")" \
  client.add,client.grant,client.disable,client.enable
check "it is whole" 0 'The audit is whole' audit verify
check "it is exported" 0 '"action":"client.enable"' audit export
is "one entry a line, of JSON" "$(stack_ctl audit export | jq -s length)" "$(stack_sql 'SELECT COUNT(*) FROM audit')"
is "since a time" "$(stack_ctl audit export --since 2999-01-01)" ''

# Many at once, over both workers, and a worker that is ended by plan.
for i in 1 2 3 4 5 6; do
  pushes=()
  for _ in $(seq 20); do push "$dir/body" & pushes+=($!); done
  wait "${pushes[@]}"
done
stop_serving
is "what a worker has gathered is stored when it ends" "$(stack_sql "SELECT COUNT(*) FROM audit WHERE action = 'record.push' AND result = 200")" 121
check "it is whole" 0 'The audit is whole' audit verify

# Whoever changes something is found out.
spoil() { # name pattern SQL
  stack_sql "CREATE TABLE audit_kept LIKE audit; INSERT INTO audit_kept SELECT * FROM audit"
  stack_sql "$3"
  check "$1" 1 "$2" audit verify
  stack_sql "DROP TABLE audit; RENAME TABLE audit_kept TO audit"
}
victim=$(stack_sql "SELECT id FROM audit WHERE action = 'record.withdraw'")
spoil "a changed result" "broken at entry $victim: it was changed" "UPDATE audit SET result = '404' WHERE id = $victim"
for member in actor address action subject detail request_id at; do
  spoil "a changed $member" "broken at entry $victim: it was changed" "UPDATE audit SET $member = '2020-01-01 00:00:00' WHERE id = $victim"
done
middle=$(stack_sql "SELECT id FROM audit WHERE seq = 20 AND request_id <> '' LIMIT 1")
after=$(stack_sql "SELECT b.id FROM audit a JOIN audit b ON b.writer = a.writer AND b.seq = a.seq + 1 WHERE a.id = $middle")
spoil "an entry taken out" "broken at entry $after: entries before it in its chain are missing" "DELETE FROM audit WHERE id = $middle"
first=$(stack_sql "SELECT a.id FROM audit a WHERE a.writer = (SELECT writer FROM audit WHERE id = $middle) AND a.seq = 1")
spoil "the first of a chain taken out" 'entries before it in its chain are missing' "DELETE FROM audit WHERE id = $first"
spoil "two entries that change places" 'it was changed' \
  "UPDATE audit SET seq = seq + 1000 WHERE id = $middle; UPDATE audit SET seq = 20 WHERE id = $after; UPDATE audit SET seq = 21 WHERE id = $middle"

# Nor does it help to say that all has been removed, or that an entry is from before there were chains: a right to add is enough for that.
spoil "an entry that says that all was removed" 'entries before it in its chain are missing' \
  "INSERT INTO audit (writer, at, actor, action, subject) VALUES ('rukuctl', NOW(6), 'x', 'audit.purge', '999999999'); DELETE FROM audit WHERE id = $first"
spoil "the end of a chain taken out of it" 'it is in no chain' "UPDATE audit SET hash = NULL WHERE id = (SELECT id FROM (SELECT MAX(id) id FROM audit) t)"

# Anchors: a whole chain that is taken out, or the end of one, is found by them alone.
stack_sql "UPDATE audit SET stored_at = stored_at - INTERVAL 2 MINUTE"
settings </dev/null
anchored() { [ "$(stack_sql "SELECT COUNT(*) FROM audit WHERE action = 'audit.anchor'")" -gt 0 ]; }
ok "an anchor is set" stack_wait 90 anchored
like "and told to the log" "$(cat "$dir/fcgi.log")" 'audit anchor after 0 to [0-9]+, [0-9]+ entries, sm3 [0-9a-f]{64}'
stop_serving
check "with it it is whole" 0 '1 anchors.*The audit is whole' audit verify
spoil "a chain taken out" 'entries that it holds were changed, taken out or put in' \
  "DELETE a FROM audit a JOIN (SELECT writer FROM audit WHERE id = $middle) b ON b.writer = a.writer"
spoil "the end of a chain taken out" 'entries that it holds were changed, taken out or put in' \
  "DELETE FROM audit WHERE id = (SELECT id FROM (SELECT id FROM audit WHERE writer = 'rukuctl' ORDER BY seq DESC LIMIT 1) t)"

check "what is young stays" 0 '^0 entries of the audit removed' audit purge
check "it is kept half a year at least" 78 'from 184 to' audit purge --days 30
stack_sql "UPDATE audit SET stored_at = stored_at - INTERVAL 200 DAY WHERE id <= $middle"
check "what is old is removed" 0 "^$middle entries of the audit removed|^[0-9]+ entries of the audit removed" audit purge --days 184
is "and no more" "$(stack_sql "SELECT MIN(id) > $middle FROM audit")" 1
check "and the rest is whole" 0 "entries up to $middle were removed by their age, and 1 anchors show nothing.*The audit is whole" audit verify
spoil "an entry in a place that is said to be empty" "broken at entry $middle: it is said to have been removed" \
  "INSERT INTO audit (id, at, actor, action, subject) VALUES ($middle, NOW(6), 'x', 'client.add', 'y')"

# Strangers do not fill it.
settings </dev/null
until [ "$((10#$(date +%S)))" -lt 20 ]; do sleep 1; done # a minute of the clock
kept=$token
token=''
for _ in $(seq 120); do call POST /v1/records/core/general -b "$dir/body" -P CONTENT_TYPE=application/json -P "REMOTE_ADDR=2001:db8::$((RANDOM % 9000 + 1))"; done
token=$kept
push "$dir/body"
stop_serving
is "of one caller's refusals those of a minute have a limit, whichever of his addresses he takes" \
  "$status $(stack_sql "SELECT CONCAT(COUNT(*), ' ', SUM(detail LIKE '%more within this minute are in the log only')) FROM audit WHERE address LIKE '2001:db8::%'")" "200 100 1"
is "the log has them all" "$(grep -c 'remote=2001:db8::.* status=401' "$dir/fcgi.log")" 120
check "and the audit is whole" 0 'The audit is whole' audit verify

# Where it is demanded, nothing is done without it.
settings <<INI
audit.required = yes
audit.target = $dir/audit.jsonl
INI
must take_token
push "$dir/body"
is "demanded and written: a push" "$status" 200
is "with an entry before and one after" \
  "$(stack_sql "SELECT GROUP_CONCAT(result ORDER BY id) FROM audit WHERE request_id = '$(member request_id)'")" begun,200
check "a command with an entry before and one after" 0 '^$' client networks tester any
check "a new key too" 0 'A new key is in use' key rotate
is "in the file too, and which key it is" "$(administered | tr ' ' '\n' | tail -n 4 | tr '\n' ' ')$(jq -r 'select(.action == "key.rotate") | .subject' "$dir/audit.jsonl" | tail -n 1)" \
  "[\"client.networks\",\"begun\"] [\"client.networks\",\"ok\"] [\"key.rotate\",\"begun\"] [\"key.rotate\",\"ok\"] $(sed -n '1s/ .*//p' "$dir/ruku.key")"
check "a command that fails" 1 'nobody' client disable nobody
check "one that has nothing to do" 0 '^0 entries' audit purge
is "each with its end" "$(administered | tr ' ' '\n' | tail -n 4 | tr '\n' ' ')" \
  '["client.disable","begun"] ["client.disable","failed"] ["audit.purge","begun"] ["audit.purge","unchanged"] '
printf 'grant_type=client_credentials&client_id=tester&client_secret=wrong' >"$dir/form"
call POST /oauth2/token -b "$dir/form" -P CONTENT_TYPE=application/x-www-form-urlencoded
is "who fails to log in begins nothing" "$status $(stack_sql "SELECT GROUP_CONCAT(result) FROM audit WHERE request_id = '$(member request_id)'")" "401 401"
mv "$dir/audit.jsonl" "$dir/away"
check "a target that is not there" 0 'audit.jsonl: No such file.*the entry is in the database alone' client networks tester any
mv "$dir/away" "$dir/audit.jsonl"
stack_sql 'RENAME TABLE audit TO audit_away'
check "no command changes anything" 70 'audit' client disable tester
is "(the client is as before)" "$(stack_sql "SELECT disabled FROM client WHERE client_id = 'tester'")" 0
keys=$(wc -l <"$dir/ruku.key")
check "nor the keys" 70 'audit' key rotate
is "(they are as before)" "$(wc -l <"$dir/ruku.key")" "$keys"
records 1 never >"$dir/never"
push "$dir/never"
is "demanded and not to be written: nothing is done" "$status $(member code) $(stored never)" "503 audit_unavailable 0"
printf 'grant_type=client_credentials&client_id=%s&client_secret=%s' "$client_id" "$client_secret" >"$dir/form"
before=$(stack_sql 'SELECT COUNT(*) FROM token')
call POST /oauth2/token -b "$dir/form" -P CONTENT_TYPE=application/x-www-form-urlencoded
is "no token either" "$status $(stack_sql 'SELECT COUNT(*) FROM token')" "503 $before"
call GET /v1/batches
is "what is not in the audit goes on" "$status" 200
stack_sql 'RENAME TABLE audit_away TO audit'
push "$dir/body"
is "when it can be written again all goes on" "$status" 200
settings </dev/null
must take_token
stack_sql 'RENAME TABLE audit TO audit_away'
push "$dir/body"
is "where it is not demanded, a push goes on without it" "$status" 200
stack_sql 'RENAME TABLE audit_away TO audit'
late=$(member request_id)
there() { [ "$(stack_sql "SELECT COUNT(*) FROM audit WHERE request_id = '$late'")" = 1 ]; }
ok "and its entry comes later" stack_wait 20 there
stop_serving
check "it is whole" 0 'The audit is whole' audit verify
done_testing
