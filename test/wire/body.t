#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# FastCGI 1.0 section 6.2: the bytes of FCGI_STDIN are compared with CONTENT_LENGTH, and nothing is stored where they differ. The
# end of the body is an empty record; a connection that ends without one has been cut.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

stack_test_begin
stack_test_database <<'INI'
server.workers = 2
server.io_timeout = 2
classic.http_status = real
classic.token_header = X-Access-Token
INI
must serve
must take_token
dir=$STACK_DIR

call GET /v1/categories
is "a reply announces its length, so that one that is cut does not pass for whole" \
  "$(sed -n 's/^Content-Length: //p' <<<"$reply")" "$(sed '1,/^$/d' <<<"$reply" | wc -c | tr -d ' ')"

nothing_stored() { is "$1: nothing is stored, not even a receipt" "$(stored x):$(batches)" "0:$before"; }

# Announced and sent.
records 5 x >"$dir/five"
size=$(stat -c %s "$dir/five")
before=$(batches)
for more in 1 100 1000000; do
  push "$dir/five" --announce $((size + more))
  is "shorter than announced by $more: 400" "$status" 400
  is "shorter than announced by $more: body_short" "$(member code)" body_short
  nothing_stored "shorter than announced by $more"
done
for less in 1 $((size - 1)) "$size"; do
  push "$dir/five" --announce $((size - less))
  is "longer than announced by $less: 400" "$status" 400
  nothing_stored "longer than announced by $less"
done
for bad in -1 +5 5,5 ' 5' 0x10 99999999999999999999999999; do
  push "$dir/five" --announce "$bad" --timeout 10
  like "CONTENT_LENGTH \"$bad\" is refused" "$status" '^4(00|13)$'
done
nothing_stored "bad lengths"
# A complete array, and then the announced rest does not come: what has been read looks good, but is not all.
printf '%*s' 9000 '' | cat "$dir/five" - >"$dir/five-spaces"
push "$dir/five" --announce "$(stat -c %s "$dir/five-spaces")"
is "a whole array, but the white space behind it is missing: body_short" "$status:$(member code)" 400:body_short
nothing_stored "a whole array whose end is missing"

# Cut connections.
for cut in 0 1 100 $((size - 1)); do
  push "$dir/five" --cut "$cut"
done
push "$dir/five" --no-eof
push "$dir/five" --no-eof --announce none
is "a cut connection has no END_REQUEST" "$left" 3
logged_cuts() { [ "$(log_lines 'broke off')" -ge 6 ]; }
ok "the log tells of each cut body" stack_wait 5 logged_cuts
nothing_stored "cut connections"
push "$dir/five" --no-eof --announce none --linger 6
is "without a length and without an end, the peer stays: 400" "$status" 400
nothing_stored "a body that never ends"

# No length: the empty record is the proof.
push "$dir/five" --announce none
is "no CONTENT_LENGTH, and an end: stored" "$status:$(stored x)" 200:5
push "$dir/five" --announce ''
is "an empty CONTENT_LENGTH counts as none" "$status" 200

# A slow body holds no transaction.
records 40 slow >"$dir/slow"
step=$(($(stat -c %s "$dir/slow") / 20))
hold slow POST /v1/records/core/general -b "$dir/slow" --split $step --slow 100 --no-eof --linger 1
looks=0 open=0
until grep -q SENT "$dir/slow.err" || [ $looks -ge 1000 ]; do
  looks=$((looks + 1))
  open=$((open + $(stack_sql 'SELECT COUNT(*) FROM information_schema.innodb_trx')))
done
wait "$held"
is "while a body trickles in, no transaction is open" "$open" 0
ok "it was looked for many times ($looks)" [ "$looks" -ge 5 ]
push "$dir/slow" --split $step --slow 20
is "a body that trickles in is stored" "$status:$(member created)" 200:40

# Sizes: those of libfcgi's buffer, of a record's content, and beyond.
for bytes in 8191 8192 8193 65535 65536 300000; do
  records $((bytes / 100)) "s$bytes" >"$dir/raw"
  missing=$((bytes - $(stat -c %s "$dir/raw")))
  { cat "$dir/raw"; printf '%*s' "$missing" ''; } >"$dir/sized"
  must [ "$(stat -c %s "$dir/sized")" -eq "$bytes" ]
  for options in '' '--split 8192' '--announce none --padding 5'; do
    # shellcheck disable=SC2086
    push "$dir/sized" $options
    is "a body of $bytes bytes $options" "$status:$(member received):$(stored "s$bytes")" "200:$((bytes / 100)):$((bytes / 100))"
  done
done
: >"$dir/empty"
for options in '' '--announce none'; do
  # shellcheck disable=SC2086
  push "$dir/empty" $options
  is "a body of 0 bytes $options" "$status:$(member code)" 400:body_empty
done
printf '[' >"$dir/one"
push "$dir/one"
is "a body of 1 byte" "$status:$(member code)" 400:json_ends
# The classic profile, with the HTTP status that the main interface has.
classic() { call POST /api/push -b "$@"; }
printf '{"category":"core","resource":"general","data":%s}' "$(records 5 classic)" >"$dir/classic"
size=$(stat -c %s "$dir/classic")
classic "$dir/classic"
is "classic: stored" "$status:$(member code):$(stored classic)" 200:0:5
records 5 cut >"$dir/raw"
printf '{"category":"core","resource":"general","data":%s}' "$(<"$dir/raw")" >"$dir/classic"
classic "$dir/classic" --announce $((size + 10)) -P HTTP_PREFER=handling=strict
is "classic: shorter than announced: its real status" "$status:$(member code):$(member error)" 400:400:body_short
is "classic: shorter than announced: nothing is stored" "$(stored cut)" 0
sed 's/,"data":.*/,"data":[/' "$dir/classic" >"$dir/cut"
classic "$dir/cut"
is "classic: data without an end" "$status:$(member error)" 400:json_ends
sed 's/}$/,"resource":"x"}/' "$dir/classic" >"$dir/cut"
classic "$dir/cut" -P HTTP_PREFER=handling=strict
is "classic: a member behind data: nothing is stored" "$status:$(member error):$(stored cut)" 400:classic_after_data:0
good=$token token=''
call GET /v1/categories -P "HTTP_X_ACCESS_TOKEN=$good"
is "the header that is configured has the token" "$status" 200
call GET /v1/categories -P "HTTP_X_ACCESS_TOKEN=$good, Bearer $good"
is "and a token only" "$status" 400
call POST /api/push -b "$dir/classic"
is "classic: no token, with its real status" "$status:$(member error)" 401:no_token
like "and its challenge" "$reply" 'WWW-Authenticate: Bearer'
token=$good
is "no token is in the log" "$(grep -cF "$good" "$dir/fcgi.log")" 0
is "no worker died of all this" "$(log_lines 'was ended by signal|left with status')" 0
done_testing
