#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# FastCGI 1.0 as peers speak it, well and badly. One worker serves here, with io_timeout = 1: after each case the next request
# must be answered, and a peer that is stuck holds the worker for at most that second.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

stack_test_begin
stack_test_database <<'INI'
server.workers = 1
server.io_timeout = 1
INI
must serve -w 1
must take_token
dir=$STACK_DIR
records 3 p >"$dir/three"

# How long the next request takes to be answered, in milliseconds; empty where it is not.
next_answer() {
  local start
  start=$(now_ms)
  if answers; then echo $(($(now_ms) - start)); fi
}

still_serves() { ok "$1: the next request is answered" answers; }

# held_at_most NAME: the peer started by hold() holds the only worker for io_timeout at most. Looking and the machine's noise
# are given 0.8 seconds.
held_at_most() {
  local took
  took=$(next_answer)
  at_most "$1: the worker is held for at most io_timeout" "${took:-none}" 1800
  release
}

# Parameters and body split at every place: of records, and of the stream itself.
failed=''
for size in $(seq 1 40) 63 64 65 127 128 129 250 251 252 253 254 255 256; do
  push "$dir/three" --split "$size"
  [ "$status:$(member received)" = 200:3 ] || failed="$failed $size:$status"
done
is "params and stdin in records of any size come to the same" "$failed" ''
push "$dir/three" --write 1
is "a byte at a time: params, headers of records and body" "$status" 200
long=$(printf '%0300d' 0)
failed=''
for size in 1 7 127 128 300 0; do
  call GET "/healthz?$long" --split "$size" -H "HTTP_X_LONG=$long"
  [ "$status" = 200 ] || failed="$failed $size:$status"
done
is "values of 128 bytes and more (lengths of 4 bytes), split" "$failed" ''
call GET /healthz -P =empty -P EMPTY= -P REQUEST_METHOD=GET
is "an empty name and an empty value" "$status" 200

for padding in 1 7 8 255; do
  push "$dir/three" --padding $padding --split 11
  is "padding of $padding bytes behind params and body" "$status" 200
done
push "$dir/three" --padding 7 --pad-all
# libfcgi loses its place where BEGIN_REQUEST itself is padded; no web server does that, and it must fail safe.
unlike "padding behind BEGIN_REQUEST: nothing is stored by mistake" "$status" '^2'
still_serves "padding behind BEGIN_REQUEST"
push "$dir/three" --zero-length --split 50
is "an empty GET_VALUES and records of inactive ids between those of the request are passed over" "$status:$(member received)" 200:3
like "a reply ends with END_REQUEST, application status 0, request complete" "$said" 'END_REQUEST app=0 protocol=0'

# Versions, roles, types.
call GET /healthz --version 2 --timeout 5
unlike "another protocol version is not served" "$reply" 'Status: 200'
still_serves "another protocol version"
call GET /healthz --role 9 --timeout 5
unlike "an unknown role is not served" "$reply" 'Status: 200'
# FastCGI has END_REQUEST with UNKNOWN_ROLE for it; libfcgi closes the connection.
like "an unknown role is refused: UNKNOWN_ROLE, or closed" "$left $said" '^3|END_REQUEST app=[0-9]+ protocol=3'
still_serves "an unknown role"
for role in 2 3; do
  call GET /healthz --role $role --timeout 5
  unlike "role $role (not responder) is not served" "$reply" 'Status: 200'
done
still_serves "authorizer and filter"

call GET /healthz --get-values
is "GET_VALUES before a request: the request is answered" "$status" 200
like "GET_VALUES: FCGI_MPXS_CONNS=0" "$said" 'FCGI_MPXS_CONNS=0'
unlike "GET_VALUES: an unknown name is left out" "$said" 'NO_SUCH_NAME'
call GET /healthz --get-values --alone --timeout 3
# libfcgi answers it with the request that follows, not before; no web server waits for that.
unlike "GET_VALUES alone is no request" "$reply" 'Status:'
still_serves "GET_VALUES alone"
call GET /healthz --unknown-type
is "an unknown management record before a request: the request is answered" "$status" 200
like "an unknown management record is told so: UNKNOWN_TYPE 42" "$said" 'UNKNOWN_TYPE 42'

for _ in 1 2 3; do call GET /healthz --garbage --timeout 5; done
is "garbage: the connection is closed" "$left" 3
still_serves "garbage"

call GET /healthz --keep-conn
is "keep-conn: the first request is answered" "$status:$left" 200:0
like "keep-conn: the connection is closed after it all the same" "$said" 'SECOND closed'
still_serves "keep-conn"

# Aborts: what was begun is not stored.
call POST /v1/records/core/general --abort -b "$dir/three" --timeout 5
is "abort: END_REQUEST comes" "$left" 0
unlike "abort: nothing is stored" "$reply" 'Status: 200'
still_serves "abort"

# Peers that are stuck.
hold silent GET /healthz --silent 15
held_at_most "a peer that connects and says nothing"
hold half POST /v1/records/core/general -b "$dir/three" --no-eof --linger 15
stack_wait 5 grep -q SENT "$dir/half.err"
held_at_most "a peer that never ends its body"
hold part POST /v1/records/core/general -b "$dir/three" --announce 5000 --no-eof --linger 15
stack_wait 5 grep -q SENT "$dir/part.err"
held_at_most "a peer that stops in the middle of its body"
hold after GET /healthz --linger 15
stack_wait 5 grep -q END_REQUEST "$dir/after.err"
held_at_most "a peer that does not close after the reply"
hold kept GET /healthz --keep-conn --linger 15
stack_wait 5 grep -q END_REQUEST "$dir/kept.err"
held_at_most "a peer that wants to keep the connection and does not close it"
hold alone GET /healthz --get-values --alone --timeout 15
held_at_most "a peer that asks GET_VALUES and no more"
kept_token=$token token=''
hold drip POST /v1/records/core/general -b "$dir/three" --split 3 --slow 250 --timeout 12
token=$kept_token
stack_wait 5 grep -q END_REQUEST "$dir/drip.err"
like "a push without a token is refused before its body has come" "$(<"$dir/drip.out")" 'Status: 401'
held_at_most "a peer that was refused and goes on sending"
awk 'BEGIN { printf "{\"id\":\"big-1\",\"title\":\"t\",\"pub_date\":\"2024-10-09T15:30:00+08:00\",\"content\":\"";
  for (i = 0; i < 30000; i++) printf "%050d", i; print "\"}" }' >"$dir/big"
call POST /v1/records/news/government -b "$dir/big"
is "a record of 1.5 MB is stored" "$status" 200
hold deaf GET /v1/records/news/government/big-1 --no-read 15
stack_wait 5 grep -q SENT "$dir/deaf.err"
held_at_most "a peer that does not read its reply"
still_serves "stuck peers"

is "no worker died of all this" "$(log_lines 'was ended by signal|left with status')" 0
done_testing
