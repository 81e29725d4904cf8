#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The database goes away, comes back, drops connections at bad moments, or has rows locked; and no secret is left anywhere.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

stack_test_begin
dir=$STACK_DIR
settings() { # further lines
  { printf '%s\n' 'database.timeout = 5' "log.target = $dir/fcgi.log" 'log.level = debug'; cat; } | stack_ini
}
relay_socket=$STACK_SOCKETS/relay.sock
db_options=(--innodb-lock-wait-timeout=1)
stack_test_database </dev/null
settings </dev/null
must serve -w 2
must take_token
secrets=$dir/secrets.txt # what must not be found
records 20 a >"$dir/body"
push "$dir/body"
is "with the database there: stored" "$status:$(stored a)" 200:20

# Away, and back.
pids=$(workers)
stack_stop mariadb
failed=''
for _ in 1 2 3 4; do
  push "$dir/body"
  [ "$status" = 503 ] && [[ $reply =~ Retry-After:\ [1-9] ]] || failed="$failed $status"
done
is "database away: a push is answered 503 with Retry-After" "$failed" ''
is "database away: the reply says so" "$(member code)" database_away
call GET /readyz
is "database away: /readyz 503" "$status" 503
call GET /healthz
is "database away: /healthz 200" "$status" 200
must start_database
records 20 back >"$dir/back"
failed=''
for _ in 1 2 3 4; do
  push "$dir/back"
  [ "$status" = 200 ] || failed="$failed $status"
done
is "database back: served without a restart, by every worker" "$failed:$(stored back)" ':20'
call GET /readyz
is "database back: /readyz 200" "$status" 200
is "database back: with the same workers" "$(workers)" "$pids"
push "$dir/back"
stack_sql "SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist WHERE id <> CONNECTION_ID()" |
  mariadb --no-defaults -u root -S "$db_socket" 2>/dev/null
sleep 0.3
failed=''
for _ in 1 2 3 4; do
  push "$dir/back"
  [ "$status" = 200 ] || failed="$failed $status"
done
is "an idle connection that the server ended is noticed: no request fails of it" "$failed" ''
stop_serving

# behind_relay MODE COUNT: ruku-fcgi with one worker, its database behind a relay that makes that fault so many times.
behind_relay() {
  stop_serving
  stack_stop relay
  rm -f "$dir/relay.log" "$relay_socket"
  stack_start relay "$top_builddir/test/db_relay" "$relay_socket" "$db_socket" "$@"
  stack_wait 5 test -S "$relay_socket"
  settings <<INI
database.socket = $relay_socket
INI
  must serve -w 1
}
faults() { grep -c . "$dir/relay.log"; }
# stored_once NAME PREFIX COUNT: the push just made was answered 200 and lies there once, with one receipt.
stored_once() {
  is "$1: answered 200 with its true count" "$status:$(member created)" "200:$3"
  is "$1: stored once, in one revision" \
    "$(stack_sql "SELECT COUNT(*), SUM(revision), COUNT(DISTINCT batch) FROM record WHERE id LIKE '$2-%'")" "$3"$'\t'"$3"$'\t'1
  is "$1: one receipt, the one in the reply" \
    "$(stack_sql "SELECT COUNT(*) - $batches_before FROM batch"):$(stack_sql "SELECT received FROM batch WHERE id = '$(member batch)'")" "1:$3"
}
refused_whole() { # NAME PREFIX
  is "$1: answered 503" "$status" 503
  like "$1: with Retry-After" "$reply" 'Retry-After: [1-9]'
  is "$1: nothing is stored, not even a receipt" "$(stored "$2"):$(batches)" "0:$batches_before"
}
for mode in cut-before-commit cut-after-commit cut-on-insert; do
  for count in 1 20; do
    behind_relay $mode 1
    records $count "$mode$count" >"$dir/body"
    batches_before=$(batches)
    push "$dir/body"
    stored_once "$mode, $count records" "$mode$count" $count
    is "$mode, $count records: the relay made the fault" "$(faults)" 1
  done
done
ok "the log tells of the repeated pushes" logged 'repeating a push: batch='
ok "and of commits whose answer was lost" logged 'the answer to a commit was lost: batch=.* was committed'
# One record of a token that is known already is stored by one message to the database: see single.h.
large_record() { # ID
  printf '[{"id":"%s-1","title":"%s","summary":"%s"}]' "$1" "$1" "$(printf '𠮷%.0s' {1..1000})" >"$dir/body"
}
for mode in cut-before-single cut-after-single; do
  behind_relay $mode 1
  records 1 "warm-$mode" >"$dir/body"
  push "$dir/body"
  large_record "$mode"
  batches_before=$(batches)
  push "$dir/body"
  stored_once "$mode" "$mode" 1
  is "$mode: the relay made the fault" "$(faults)" 1
done
push "$dir/body"
is "a single record again: unchanged" "$status:$(member unchanged):$(member created)" 200:1:0
large_record cut-after-single
sed -i 's/"title":"[^"]*"/"title":"neu"/' "$dir/body"
push "$dir/body"
is "a single record changed: updated" "$status:$(member updated):$(member unchanged)" 200:1:0
is "as its receipt says" "$(stack_sql "SELECT received, created, updated, unchanged, complete, mode FROM batch WHERE id = '$(member batch)'")" \
  $'1\t0\t1\t0\t1\tstrict'
push "$dir/body" -P HTTP_PREFER=handling=lenient
is "a single record, leniently: so says its receipt" \
  "$status:$(stack_sql "SELECT unchanged, complete, mode FROM batch WHERE id = '$(member batch)'")" $'200:1\t1\tlenient'
must stack_ctl client revoke-grant "$client_id" '*' '*'
large_record revoked
batches_before=$(batches)
push "$dir/body"
is "a single record under a grant that was taken back: refused, not even a receipt" "$status:$(stored revoked):$(($(batches) - batches_before))" 403:0:0
must stack_ctl client grant "$client_id" '*' '*'
push "$dir/body"
is "and granted again: stored" "$status:$(stored revoked)" 200:1

# The answer to a commit is lost, and the database cannot be asked: nobody knows.
behind_relay cut-after-commit-for-good 1
records 20 unsure >"$dir/body"
push "$dir/body" --timeout 60
is "a commit that cannot be settled: 503" "$status:$(member code)" 503:commit_unsure
like "with Retry-After" "$reply" 'Retry-After: [1-9]'
is "it was stored this time" "$(stored unsure)" 20
behind_relay pass
push "$dir/body"
is "the push again tells, and stores nothing twice" "$status:$(member created):$(member unchanged)" 200:0:20

# Chunks: the transaction as a whole is repeated, from the first chunk on.
behind_relay cut-on-insert 3
records 2500 chunks >"$dir/body"
batches_before=$(batches)
push "$dir/body"
stored_once "three faults, 2500 records" chunks 2500
for mode in cut-before-commit cut-on-insert; do
  behind_relay $mode 1000
  records 20 "never-$mode" >"$dir/body"
  batches_before=$(batches)
  push "$dir/body"
  refused_whole "$mode, each time" "never-$mode"
done
stop_serving
stack_stop relay

# Row locks of someone else.
settings </dev/null
must serve -w 1
records 20 lock >"$dir/body"
push "$dir/body"
mkfifo "$dir/fifo"
mariadb --no-defaults -u root -S "$db_socket" -N -B -n ruku <"$dir/fifo" >"$dir/other.out" 2>&1 &
helpers+=($!)
exec 9>"$dir/fifo"
other() { # SQL: in another connection, and wait until it is done
  local words="done-$RANDOM-$RANDOM"
  printf "%s; SELECT '%s';\n" "$1" "$words" >&9
  stack_wait 10 grep -q "$words" "$dir/other.out"
}
waits_for_lock() { [ "$(stack_sql "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'")" -gt 0 ]; }
records 30 lock neu >"$dir/body"
other 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED' # locks just the rows that are named
key="client = 1 AND category = 'core' AND resource = 'general' AND id"

batches_before=$(batches)
other "START TRANSACTION; SELECT seq FROM record WHERE $key = 'lock-7' FOR UPDATE"
start=$(now_ms)
push "$dir/body" --timeout 30
took=$(($(now_ms) - start))
is "a row that stays locked: 503" "$status" 503
like "a row that stays locked: with Retry-After" "$reply" 'Retry-After: [1-9]'
is "a row that stays locked: database_busy" "$(member code)" database_busy
ok "a row that stays locked: it was tried more than once (for $took ms)" [ "$took" -gt 2000 ]
is "a row that stays locked: nothing is stored of that push" \
  "$(stored lock):$(batches):$(stack_sql "SELECT SUM(revision) FROM record WHERE id LIKE 'lock-%'")" "20:$batches_before:20"
other ROLLBACK

locked_for() { # NAME: pushes while a row is locked, and lets the row go when the push has waited for so many seconds
  other "START TRANSACTION; SELECT seq FROM record WHERE $key = 'lock-7' FOR UPDATE"
  hold lock POST /v1/records/core/general -b "$dir/body" --timeout 30
  stack_wait 10 waits_for_lock
  sleep "$1"
  other ROLLBACK
  wait "$held"
}
locked_for 0.2
like "a row locked for a short time: the push waits, and is stored" "$(<"$dir/lock.out")" '"created":10,"updated":20'
records 30 lock anders >"$dir/body"
locked_for 1.5
like "a row locked for longer than one wait: the push is repeated, and stored" "$(<"$dir/lock.out")" '"created":0,"updated":30'
ok "the log names the cause" logged 'repeating a push: .*database error 1205'
is "one revision more for each push that was stored" \
  "$(stack_sql "SELECT COUNT(*), MIN(revision), MAX(revision) FROM record WHERE id LIKE 'lock-%'")" $'30\t2\t3'

# The same key while the first push under it is still under way: it waits for the row.
stop_serving
must serve -w 2
records 30 lock schluessel >"$dir/body"
other "START TRANSACTION; SELECT seq FROM record WHERE $key = 'lock-7' FOR UPDATE"
hold first POST /v1/records/core/general -b "$dir/body" -P HTTP_IDEMPOTENCY_KEY=one --timeout 30
stack_wait 10 waits_for_lock
batches_before=$(batches)
push "$dir/body" -P HTTP_IDEMPOTENCY_KEY=one
is "a key whose push is under way: 409" "$status:$(member code)" 409:idempotency_key_in_use
like "a key whose push is under way: with Retry-After" "$reply" 'Retry-After: [1-9]'
is "a key whose push is under way: nothing is stored" "$(batches)" "$batches_before"
other ROLLBACK
wait "$held"
like "the first one is stored" "$(<"$dir/first.out")" '"updated":30'
push "$dir/body" -P HTTP_IDEMPOTENCY_KEY=one
like "and afterwards its reply is given again" "$status:$reply" '^200:.*Idempotent-Replayed: true.*"updated":30'
stop_serving
must serve -w 1

# A deadlock that the push must lose: the other transaction has changed far more rows.
records 500 heavy >"$dir/heavy"
push "$dir/heavy"
records 2 dl >"$dir/body"
push "$dir/body"
records 2 dl neu >"$dir/body"
other "START TRANSACTION; UPDATE record SET title = 'x' WHERE $key LIKE 'heavy-%'; UPDATE record SET title = 'x' WHERE $key = 'dl-2'"
hold dl POST /v1/records/core/general -b "$dir/body" --timeout 30
stack_wait 10 waits_for_lock
other "UPDATE record SET title = 'x' WHERE $key = 'dl-1'; ROLLBACK"
wait "$held"
like "a deadlock: the push that loses is repeated, and stored" "$(<"$dir/dl.out")" '"updated":2'
ok "the log names the cause" logged 'repeating a push: .*database error 1213'
exec 9>&-

# Secrets. They were used well and badly above; some more bad ways, with a password of the database and a web server in front.
db_password=pw-$RANDOM-$RANDOM-$RANDOM
stack_sql "CREATE USER svc@localhost IDENTIFIED BY '$db_password'; GRANT ALL ON ruku.* TO svc@localhost"
printf '%s\n' "$db_password" >"$dir/password"
chmod 600 "$dir/password"
stop_serving
settings <<INI
database.user = svc
database.password_file = $dir/password
INI
must serve -w 2
old_secret=$client_secret old_token=$token
client_secret=$(stack_ctl client rotate --grace 1h "$client_id" 2>>"$dir/ctl.log" | sed -n 's/^client_secret=//p')
ok "(the secret is another one)" test -n "$client_secret" -a "$client_secret" != "$old_secret"
must take_token
must stack_ctl key rotate >>"$dir/ctl.log" 2>&1
sign_key=$(stack_ctl client sign-key "$client_id" 2>>"$dir/ctl.log" | sed -n 's/^signing_key=//p')
ok "(there is a key to sign with)" test -n "$sign_key"
kill -HUP "$(stack_pid fcgi)"
stack_wait 10 logged 'configuration loaded again'
printf '%s\n' "$sign_key" "$client_secret" "$token" "$old_secret" "$old_token" "$db_password" >"$secrets"
mkdir "$dir/refusals"
# refuse METHOD URI [OPTIONS]: what is refused, and the answer kept.
refused=0
refuse() {
  call "$@"
  refused=$((refused + 1))
  printf '%s\n' "$reply" >"$dir/refusals/$refused"
}
form=CONTENT_TYPE=application/x-www-form-urlencoded
refuse GET "/nothing?access_token=$token&client_secret=$client_secret"
refuse POST "/oauth2/token?client_secret=$client_secret" -b /dev/null -P $form
printf '[{"id":"s-1","title":"%s","geheim":"%s"}' "$token" "$client_secret" >"$dir/body"
refuse POST /v1/records/core/general -b "$dir/body"
for bad in "($sign_key)" "(\"@method\");keyid=\"$sign_key\";created=1" "(\"@method\");keyid=\"$client_id\";nonce=\"$sign_key\";alg=\"$sign_key\""; do
  refuse GET /v1/categories -P "HTTP_SIGNATURE_INPUT=ruku=$bad" -P "HTTP_SIGNATURE=ruku=:$sign_key:" -P "HTTP_CONTENT_DIGEST=sm3=:$sign_key:"
done
for bad in "$token, Bearer $token" "x$token" "$token " "$token/"; do
  good=$token token=$bad
  refuse POST /v1/records/core/general -b "$dir/body"
  token=$good
done
for bad in "grant_type=client_credentials&client_id=$client_id&client_secret=${client_secret}x" \
  "client_secret=$client_secret&client_secret=$old_secret" "grant_type=$client_secret&client_id=$client_id&client_secret=$client_secret" \
  "client_id=$client_id&client_secret=${client_secret}x&token=$token" "client_id=$client_id&client_secret=%ZZ$client_secret"; do
  printf '%s' "$bad" >"$dir/form"
  for path in token revoke introspect; do refuse POST "/oauth2/$path" -b "$dir/form" -P $form; done
  refuse POST /api/token -b "$dir/form" -P $form
done
printf '{"client_id":"%s","client_secret":"%sx"}' "$client_id" "$client_secret" >"$dir/form"
refuse POST /api/token -b "$dir/form" -P CONTENT_TYPE=application/json
at_most "(wrong secrets are refused)" 5 "$(grep -lE '^Status: 401|"code":401' "$dir"/refusals/* | wc -l)"
rm "$dir/form" "$dir/body"
# The web server logs what clients ask, and not with what.
if command -v curl >/dev/null && PATH=$PATH:/usr/sbin command -v lighttpd >/dev/null; then
  port=$(stack_find_port)
  must stack_lighttpd "$port" "server.modules += (\"mod_accesslog\")
accesslog.filename = \"$dir/lighttpd-access.log\"
debug.log-request-handling = \"enable\""
  { printf 'header = "Authorization: Bearer %s"\n' "$token" "x$token"; } >"$dir/curlrc"
  curl -s -K "$dir/curlrc" "http://127.0.0.1:$port/v1/batches" >/dev/null
  printf 'data = "grant_type=client_credentials&client_id=%s&client_secret=%s"\n' "$client_id" "${client_secret}x" >"$dir/curlrc"
  curl -s -K "$dir/curlrc" "http://127.0.0.1:$port/oauth2/token" >"$dir/refusals/web"
  rm "$dir/curlrc"
  stack_stop lighttpd
  ok "(the web server has logged)" grep -q 'POST /oauth2/token' "$dir/lighttpd-access.log"
fi
# The tool while it works, with the password and the keys in its memory.
mkfifo "$dir/records"
"$STACK_BIN_CTL" -c "$dir/ruku.ini" import --client "$client_id" --format ndjson core general "$dir/records" >>"$dir/ctl.log" 2>&1 &
tool=$!
helpers+=("$tool")
exec 9>"$dir/records"
all_of_it() { # what is found in the processes' arguments and environments
  local pid
  for pid in $(stack_pid fcgi) $(cat "/proc/$(stack_pid fcgi)/task/$(stack_pid fcgi)/children") "$tool"; do
    echo "/proc/$pid/cmdline" "/proc/$pid/environ"
  done
}
# found FILE...: the files that have a secret, or the bytes of a key of the server, as they are or in digits.
found() {
  python3 - "$secrets" "$dir/ruku.key" "$@" <<'PY'
import base64, sys

wanted = [line.strip() for line in open(sys.argv[1], "rb") if line.strip()]
for line in open(sys.argv[2], "rb"):
    if line.strip() and not line.startswith(b"#"):
        digits = line.split()[1].decode().lower()
        key = bytes.fromhex(digits)
        wanted += [key, digits.encode(), digits.upper().encode(), base64.b64encode(key)]
if len(wanted) < 14:
    print("too few secrets to look for")
for path in sys.argv[3:]:
    try:
        data = open(path, "rb").read()
    except OSError:
        continue
    if any(secret in data for secret in wanted):
        print(path)
PY
  [ $? -eq 0 ] || echo "they could not be looked for"
}
processes=$(all_of_it)
at_most "(supervisor, workers, housekeeper and tool are looked at)" 10 "$(wc -w <<<"$processes")"
ok "(the tool is at work)" kill -0 "$tool"
ok "(the search finds what is there)" grep -qFa "$client_id" "$dir/fcgi.log"
is "(and the secrets where they are)" "$(found "$secrets" "$dir/ruku.key" "$dir/password" | wc -l)" 3
is "neither secret nor token is in any log" "$(found "$dir"/*.log)" ''
is "nor a record's content" "$(grep -lFa geheim "$dir"/*.log)" ''
is "nor in an answer that refuses" "$(found "$dir"/refusals/*)" ''
is "neither secret nor token is in the arguments of any process" "$(found /proc/[0-9]*/cmdline)" ''
# shellcheck disable=SC2086
is "nor in the environment of those of the service and of the tool" "$(found $processes)" ''
exec 9>&-
wait "$tool"
mariadb-dump --no-defaults -u root -S "$db_socket" --hex-blob ruku >"$dir/dump"
mariadb-dump --no-defaults -u root -S "$db_socket" --all-databases >"$dir/dump.raw"
ok "(the dump has the client)" grep -qFa "$client_id" "$dir/dump"
is "neither secret nor token is in a dump of the database" "$(found "$dir/dump" "$dir/dump.raw")" ''
stop_serving
is "no spool file is left over" "$(find "$dir" -mindepth 1 -maxdepth 1 -name 'ruku-*')" ''
done_testing
