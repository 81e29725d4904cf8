#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What one client may ask for: requests and bytes by the clock, and requests at a time. A refusal needs no body and no database, and
# concerns no other client.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

stack_test_begin
dir=$STACK_DIR
wanted_workers=3
settings() { # further lines
  stop_serving
  { printf '%s\n' "server.workers = $wanted_workers" 'database.timeout = 5' "log.target = $dir/fcgi.log"; cat; } | stack_ini
  must serve
  must take_token
  mine=$token
  token=$quiet_token
}
# A second client, whose token is taken before there are limits.
stack_test_database </dev/null
stack_ctl client add --id quiet Quiet 2>/dev/null | sed -n 's/^client_secret=//p' >"$dir/quiet"
must stack_ctl client grant quiet '*' '*'
must serve
mine_secret=$client_secret
client_id=quiet client_secret=$(cat "$dir/quiet")
must take_token
quiet_token=$token
client_id=tester client_secret=$mine_secret

as() { # TOKEN COMMAND...
  local kept=$token
  token=$1
  shift
  "$@"
  token=$kept
}
reads() { call GET /v1/batches; }
field() { sed -n "s/^$1: //Ip" <<<"$reply" | head -n 1; }
code() { sed -n 's/.*"code":"\([a-z_]*\)".*/\1/p' <<<"$reply"; }

settings <<'INI'
limit.requests_per_day = 31
INI
failed=''
for i in $(seq 30); do
  as "$mine" reads
  [ "$status" = 200 ] || failed="$failed $i:$status"
done
is "a token and as many requests as the limit says, whichever worker it is" "$failed" ''
like "the answer tells the rule" "$(field RateLimit-Policy)" '^"day";q=31;w=86400$'
like "and what is left" "$(field RateLimit)" '^"day";r=0;t=[0-9]+$'
as "$mine" reads
is "one more" "$status $(code)" "429 too_many_requests"
started=$(date +%s%N)
as "$mine" call GET /v1/batches --at-once
ok "is not answered at once, so that who asks on and on leaves the machine to the others" [ $((($(date +%s%N) - started) / 1000000)) -ge 50 ]
is "but the same" "$status $(code)" "429 too_many_requests"
like "is told to wait until the day ends" "$(field Retry-After)" '^[0-9]+$'
at_most "which is a day at most" "$(field Retry-After)" 86400
like "and what is left" "$(field RateLimit)" '^"day";r=0;t=[0-9]+$'
as "$mine" call POST /v1/records/core/general -P CONTENT_TYPE=application/json -b "$dir/quiet" --announce 1000000 --no-eof --linger 4 --timeout 5
is "a push is refused before its body has come" "$status" 429
reads
is "another client is not concerned" "$status" 200
stack_stop mariadb
statuses=''
for _ in 1 2 3 4 5 6; do
  as "$mine" reads
  statuses="$statuses $status"
done
is "a refusal needs no database" "$statuses" " 429 429 429 429 429 429"
reads
is "(which is away)" "$status" 503
must start_database

# A token is a request of its client too, once the secret is found right.
login() { # PATH SECRET [FURTHER FIELDS]
  printf '%sclient_id=tester&client_secret=%s' "${3:-grant_type=client_credentials&}" "$2" >"$dir/form"
  as '' call POST "$1" -P CONTENT_TYPE=application/x-www-form-urlencoded -b "$dir/form"
}
tokens() { stack_sql "SELECT COUNT(*) FROM token t JOIN client c ON c.id = t.client WHERE c.client_id = 'tester'"; }
stored=$(tokens)
login /oauth2/token "$client_secret"
is "no token beyond the limit" "$status $(code)" "429 too_many_requests"
like "and when there will be one" "$(field Retry-After)" '^[0-9]+$'
login /oauth2/introspect "$client_secret" "token=$quiet_token&"
is "nor a question what a token is" "$status $(code)" "429 too_many_requests"
login /api/token "$client_secret"
is "nor in the classic profile" "$(grep -o '"code":429' <<<"$reply")" '"code":429'
login /oauth2/token "${quiet_token}"
is "who has not the secret is told that alone" "$status" 401
is "a token beyond the limit is not stored" "$(tokens)" "$stored"

how_many() { tr ' ' '\n' <<<"$statuses" | grep -c "^$1$"; }
questions() { stack_sql "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'QUESTIONS'"; }
wanted_workers=1
settings <<'INI'
limit.requests_per_day = 41
INI
statuses=''
for _ in $(seq 60); do
  login /oauth2/token "$client_secret"
  statuses="$statuses $status"
done
is "of 60 tokens behind a first as many as the limit says" "$(how_many 200) $(how_many 429)" "40 20"
asked=$(questions)
for _ in $(seq 40); do login /oauth2/token "$client_secret"; done
is "and no more" "$status $(code)" "429 too_many_requests"
at_most "for what is refused the database is not asked: its statements beside 40 refusals" $(($(questions) - asked)) 10
login /oauth2/revoke "$client_secret" "token=$mine&"
is "a token may be revoked whatever is left" "$status" 200
as "$mine" reads
is "(it is)" "$status" 401
asked=$(questions)
for _ in $(seq 40); do login /oauth2/introspect "$client_secret" "token=$quiet_token&"; done
is "nor for a question about a token" "$status $(code)" "429 too_many_requests"
at_most "(its statements beside 40 refusals)" $(($(questions) - asked)) 10
wanted_workers=3
call GET /healthz
is "what needs no token is not counted" "$status $(field RateLimit)" "200 "

# Who has failed too often is refused before his form has come, from whichever address of his network.
settings <<'INI'
limit.failed_logins = 1
INI
guess() { call POST /oauth2/token -P "REMOTE_ADDR=$1" -P CONTENT_TYPE=application/x-www-form-urlencoded "${@:2}"; }
for n in 1 2 3 4 5 6 7 8 9 10; do
  printf 'grant_type=client_credentials&client_id=nobody%s&client_secret=x' "$n" >"$dir/form"
  guess "2001:db8:1:2::$n" -b "$dir/form"
done
is "ten guesses from one network" "$status" 401
guess 2001:db8:1:2:ffff::77 -b "$dir/quiet" --announce 10000 --no-eof --linger 4 --timeout 5
is "the next is refused before its form has come" "$status $(code)" "429 too_many_logins"
guess 2001:db8:1:3::1 -b "$dir/form"
is "from another network it is looked at" "$status" 401

settings <<'INI'
limit.bytes_per_day = 8K
INI
printf '[%s{"id":"b-1","title":"t"}]' "$(printf '%5000s' '')" >"$dir/body" # 5 KB
for want in 200 200 429; do
  as "$mine" push "$dir/body"
  is "a body of 5 KB, of 8 KB a day" "$status" "$want"
done
is "told as bytes" "$(code)" too_many_bytes
like "with their unit" "$(field RateLimit-Policy)" '^"bytes-day";q=8192;qu="content-bytes";w=86400$'
push "$dir/body"
is "another client has its own" "$status" 200
settings <<'INI'
limit.bytes_per_day = 8K
INI
for want in 200 200 429; do
  as "$mine" call POST /v1/records/core/general -P CONTENT_TYPE=application/json -b - --timeout 20 < <(cat "$dir/body")
  is "a body whose length is not announced counts too" "$status" "$want"
done

settings <<'INI'
limit.bytes_per_second = 1K
INI
as "$mine" push "$dir/body"
is "a body that is larger than a second's worth passes" "$status" 200
as "$mine" push "$dir/body"
is "who comes behind it waits" "$status $(code)" "429 too_many_bytes"
wait=$(field Retry-After)
at_most "as long as it was larger" "$wait" 5
sleep $((wait + 1))
as "$mine" push "$dir/body"
is "and then passes" "$status" 200

settings <<'INI'
limit.concurrent_requests = 1
server.io_timeout = 60
INI
slow() { as "$mine" hold slow POST /v1/records/core/general -b "$dir/body" -P CONTENT_TYPE=application/json --split 100 --slow 1000 --timeout 60; }
under_way() { as "$mine" reads; [ "$status" = 429 ]; }
slow
ok "a second request at the same time is refused" stack_wait 20 under_way
is "and told why" "$(code) $(field Retry-After)" "too_many_at_once 1"
reads
is "another client is served meanwhile" "$status" 200
release
freed() { as "$mine" reads; [ "$status" = 200 ]; }
ok "when the first has ended the next is served" stack_wait 20 freed
slow
stack_wait 20 under_way
for pid in $(workers); do kill -9 "$pid"; done
ok "a worker that is killed does not count for ever" stack_wait 20 freed
release
done_testing
