#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Bodies and senders that mean harm, or are merely badly made: each gets a clear answer, leaves nothing half stored, costs a
# bounded amount of memory, and the same workers serve afterwards.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

stack_test_begin
dir=$STACK_DIR
# What a sanitizer keeps for itself (shadow, freed memory in quarantine) is not the gateway's: there the bound is a wider one.
memory_limit=$((24 * 1024))
! grep -q __asan_init "$STACK_BIN_FCGI" || memory_limit=$((2 * memory_limit))
export ASAN_OPTIONS=quarantine_size_mb=1${ASAN_OPTIONS:+:$ASAN_OPTIONS}
stack_test_database <<INI
server.workers = 2
server.io_timeout = 2
ingest.max_body_bytes = 2G
$(stack_ini_watched)
INI
must serve
must take_token
lenient='HTTP_PREFER=handling=lenient'
pids=$(workers)

# send FILE [OPTIONS]: a push of lines; FILE may be - for standard input.
send() {
  local file=$1
  shift
  call POST /v1/records/core/general -b "$file" -P CONTENT_TYPE=application/x-ndjson --timeout 60 "$@"
}

send_json() { push "$1" --timeout 60 "${@:2}"; }

# lines COUNT PREFIX [TITLE]: good records, one a line.
lines() {
  awk -v n="$1" -v p="$2" -v t="${3:-标题}" \
    'BEGIN { for (i = 1; i <= n; i++) printf "{\"id\":\"%s-%d\",\"title\":\"%s %d\"}\n", p, i, t, i }'
}

# The largest resident set of any process of the gateway since forget_peaks, in KiB.
peak() {
  local pid
  for pid in $(stack_pid fcgi) $(workers); do sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$pid/status"; done |
    sort -n | tail -n 1
}
forget_peaks() {
  local pid
  for pid in $(stack_pid fcgi) $(workers); do echo 5 >"/proc/$pid/clear_refs"; done
}
bounded() { at_most "$1: KiB of memory of the largest process" "$(peak)" $memory_limit; }

last_batch() { stack_sql 'SELECT id FROM batch ORDER BY created_at DESC, id DESC LIMIT 1'; }
# What the receipts made since $before say: handling, end, counts.
receipt() { stack_sql "SELECT mode, complete, received, created, updated, unchanged, rejected FROM batch WHERE id = '$1'" | tr '\t' ' '; }

# A line of 50 MB.
forget_peaks
long_line() { lines 10 "$1"; perl -e 'print "{\"id\":\"long\",\"title\":\""; print "a" x 1000000 for 1 .. 50; print "\"}\n"'; lines 10 "$1b"; }
long_line l >"$dir/body"
before=$(batches)
send "$dir/body"
is "a line of 50 MB, strict: 413" "$status:$(member code)" 413:record_too_large
is "a line of 50 MB, strict: nothing is stored" "$(stored l):$(batches)" "0:$before"
send "$dir/body" -P "$lenient"
is "a line of 50 MB, lenient: one rejected record" \
  "$status:$(member received):$(member created):$(member rejected)" 207:21:20:1
is "a line of 50 MB, lenient: the rest is stored" "$(stored l):$(stored lb)" 10:10
like "a line of 50 MB, lenient: it is named" "$reply" '"index":10,"id":null,.*"code":"record_too_large"'
bounded "a line of 50 MB"
perl -e 'print "{\"id\":\"never-1\",\"title\":\"t\"}\n"; print "x" x 1000000 for 1 .. 50' >"$dir/body"
send "$dir/body" -P "$lenient"
is "a last line of 50 MB without an end, lenient: one rejected record" "$status:$(member received):$(member rejected)" 207:2:1
perl -e 'print "[{\"id\":\"never-2\",\"title\":\""; print "x" x 1000000 for 1 .. 50; print "\"}]"' >"$dir/body"
send_json "$dir/body" -P "$lenient"
is "a record of 50 MB in an array: 413, lenient or not" "$status:$(member code)" 413:record_too_large
bounded "records of 50 MB"

# A million faulty records.
forget_peaks
perl -e 'print "{\"id\":\"f-$_\"}\n" for 1 .. 1000000' >"$dir/body"
before=$(batches)
send "$dir/body"
is "a million faulty records, strict: 422 with their number" \
  "$status:$(member received):$(member rejected):$(member errors_total)" 422:1000000:1000000:1000000
is "a million faulty records, strict: a hundred of them are told" "$(grep -o '"index":' <<<"$reply" | wc -l)" 100
is "a million faulty records, strict: nothing is stored" "$(stored f):$(batches)" "0:$before"
send "$dir/body" -P "$lenient"
is "a million faulty records, lenient: 422 with their number" \
  "$status:$(member received):$(member rejected):$(member errors_total)" 422:1000000:1000000:1000000
is "a million faulty records, lenient: the receipt tells of all, and keeps the first kept_rejects" \
  "$(receipt "$(member batch)"); $(stack_sql "SELECT COUNT(*), MAX(position) FROM reject WHERE batch = '$(member batch)'")" \
  "lenient 1 1000000 0 0 0 1000000; 10000"$'\t'9999
bounded "a million faulty records"

# An array of 10 million empty objects.
forget_peaks
perl -e 'print "[{}"; print ",{}" x 999999 for 1 .. 10; print ",{}" x 9, "]"' >"$dir/body"
send_json "$dir/body"
is "ten million empty objects: 422 with their number" \
  "$status:$(member received):$(member rejected):$(member errors_total)" 422:10000000:10000000:20000000
bounded "ten million empty objects"

# One id many times.
perl -e 'printf "{\"id\":\"same-1\",\"title\":\"Title %d\"}\n", $_ for 1 .. 1000' >"$dir/body"
send "$dir/body"
is "an id a thousand times: stored once" \
  "$status:$(member received):$(member created):$(member unchanged):$(member superseded)" 200:1000:1:999:999
is "an id a thousand times: the last one, in one revision" \
  "$(stack_sql "SELECT title, revision FROM record WHERE id = 'same-1'")" "Title 1000"$'\t'1
perl -e 'printf "{\"id\":\"same-%d\",\"title\":\"Title %d\"}\n", $_ % 7, $_ for 1 .. 4000' >"$dir/body"
send "$dir/body" -P "$lenient"
is "seven ids in 4000 records of four chunks: each is counted once" \
  "$status:$(member received):$(member created):$(member updated):$(member superseded)" 200:4000:6:1:3993
is "seven ids in 4000 records: the last of each, and a revision a push" \
  "$(stack_sql "SELECT GROUP_CONCAT(SUBSTR(title, 7) ORDER BY title), MAX(revision) FROM record WHERE id LIKE 'same-%'")" \
  "3994,3995,3996,3997,3998,3999,4000"$'\t'2

# Two senders of the same ids in other orders.
failed='' second_way=strict
for round in 1 2 3; do
  lines 5000 race "A$round" >"$dir/a"
  lines 5000 race "B$round" | tac >"$dir/b"
  hold a POST /v1/records/core/general -b "$dir/a" -P CONTENT_TYPE=application/x-ndjson --timeout 60
  first=$held
  hold b POST /v1/records/core/general -b "$dir/b" -P CONTENT_TYPE=application/x-ndjson --timeout 60 -P "HTTP_PREFER=handling=$second_way"
  wait "$first" "$held"
  for name in a b; do grep -q 'Status: 200' "$dir/$name.out" || failed="$failed $round$name"; done
  # Of two strict pushes one is the later; one that stores chunk by chunk may be later in some.
  titles=$(stack_sql "SELECT COUNT(DISTINCT LEFT(title, 2)) FROM record WHERE id LIKE 'race-%'")
  [ "$round" = 2 ] || [ "$titles" = 1 ] || failed="$failed $round:$titles"
  if [ "$round" = 1 ]; then second_way=lenient; else second_way=strict; fi
done
is "two senders of the same 5000 ids in other orders: both succeed, and strict ones store all or nothing" "$failed" ''
is "two senders: every record lies there once" "$(stored race)" 5000
is "two senders: a revision a push that changed it" \
  "$(stack_sql "SELECT MIN(revision), MAX(revision) FROM record WHERE id LIKE 'race-%'")" $'6\t6'

# One byte a second.
lines 20 drip >"$dir/drip"
for mode in strict lenient; do
  before=$(batches)
  start=$(now_ms)
  hold drip POST /v1/records/core/general -b "$dir/drip" -P CONTENT_TYPE=application/x-ndjson -P "HTTP_PREFER=handling=$mode" \
    --split 1 --slow 1000 --timeout 15
  looks=0 open=0
  until grep -q END_REQUEST "$dir/drip.err" || [ $looks -ge 1000 ]; do
    looks=$((looks + 1))
    open=$((open + $(stack_sql 'SELECT COUNT(*) FROM information_schema.innodb_trx')))
  done
  took=$(($(now_ms) - start))
  release
  at_most "a byte a second, $mode: it is given up after io_timeout" "$took" 4500
  like "a byte a second, $mode: the answer says why" "$(<"$dir/drip.out")" 'Status: 400.*"code":"body_cut"'
  is "a byte a second, $mode: no transaction is open meanwhile ($looks looks)" "$open" 0
  is "a byte a second, $mode: nothing is stored" "$(stored drip):$(batches)" "0:$before"
done
# One that began well: what had come is stored, chunk by chunk, and the receipt says so.
lines 2500 stuck >"$dir/stuck"
hold stuck POST /v1/records/core/general -b "$dir/stuck" -P CONTENT_TYPE=application/x-ndjson -P "$lenient" --announce 900000 \
  --no-eof --linger 15 --timeout 15
stuck_stored() { [ "$(stored stuck)" = 2000 ]; }
ok "a lenient sender that stops: what was full is stored" stack_wait 10 stuck_stored
is "a lenient sender that stops: no transaction is open while it is waited for" \
  "$(stack_sql 'SELECT COUNT(*) FROM information_schema.innodb_trx')" 0
ok "a lenient sender that stops: it is given up" stack_wait 15 grep -q END_REQUEST "$dir/stuck.err"
release
like "a lenient sender that stops: the answer says how far it got" "$(<"$dir/stuck.out")" \
  '"code":"body_cut".*"batch":"[0-9a-z-]{27}".*"received":2[0-9]{3},"created":2000'
is "a lenient sender that stops: the receipt says so too" "$(receipt "$(last_batch)")" "lenient 0 2000 2000 0 0 0"

# Clients that disappear.
lines 2500 gone >"$dir/lines"
{ printf '['; lines 2500 gone | paste -sd,; printf ']'; } >"$dir/array"
settled() { [ "$(log_lines 'request=.* method=POST ')" -gt "$posts" ]; }
# vanish FILE OPTIONS: a push that is left; returns when the gateway has done with it.
vanish() {
  local file=$1 kind=application/json
  shift
  [ "$file" = array ] || kind=application/x-ndjson
  posts=$(log_lines 'request=.* method=POST ')
  call POST /v1/records/core/general -b "$dir/$file" -P CONTENT_TYPE=$kind "$@"
  stack_wait 10 settled
}
posts=$(log_lines 'request=.* method=POST ')
[ "$posts" -gt 0 ] || diag "no line of the log tells of a request"
for file in lines array; do
  size=$(stat -c %s "$dir/$file")
  before=$(batches)
  for point in "--cut 0" "--cut 1" "--cut $((size / 2))" "--cut $((size - 1))" --no-eof; do
    # shellcheck disable=SC2086
    vanish $file $point
    is "a client that disappears ($file, $point): nothing is stored" "$(stored gone):$(batches)" "0:$before"
  done
  vanish $file --leave
  is "a client that disappears before the reply ($file): all is stored, with its receipt" \
    "$(stored gone):$(batches):$(receipt "$(last_batch)")" "2500:$((before + 1)):strict 1 2500 2500 0 0 0"
  stack_sql "DELETE FROM record WHERE id LIKE 'gone-%'"
  for point in "--cut 0" "--cut 1"; do
    # shellcheck disable=SC2086
    vanish $file $point -P "$lenient"
    is "lenient, a client that disappears ($file, $point): nothing is stored" "$(stored gone):$(batches)" "0:$((before + 1))"
  done
  for point in "--cut $((size / 2))" "--cut $((size - 1))" --no-eof; do
    # shellcheck disable=SC2086
    vanish $file $point -P "$lenient"
    have=$(stored gone)
    batch=$(last_batch)
    like "lenient, a client that disappears ($file, $point): what is stored are whole chunks" "$have" '^[12]000$'
    is "lenient, a client that disappears ($file, $point): its receipt is not complete" "$(receipt "$batch")" \
      "lenient 0 $have $have 0 0 0"
    call GET "/v1/batches/$batch"
    like "lenient, a client that disappears ($file, $point): it can be asked for" "$reply" \
      "\"complete\":false,\"received\":$have,\"created\":$have"
    vanish $file -P "$lenient"
    is "lenient ($file, $point): sent again, it is completed without duplicates" \
      "$status:$(member created):$(member unchanged):$(stack_sql "SELECT COUNT(*), SUM(revision) FROM record WHERE id LIKE 'gone-%'")" \
      "200:$((2500 - have)):$have:2500"$'\t'2500
    stack_sql "DELETE FROM record WHERE id LIKE 'gone-%'"
  done
  vanish $file --leave -P "$lenient"
  is "lenient, a client that disappears before the reply ($file): all is stored" \
    "$(stored gone):$(receipt "$(last_batch)")" "2500:lenient 1 2500 2500 0 0 0"
  stack_sql "DELETE FROM record WHERE id LIKE 'gone-%'"
done
size=$(stat -c %s "$dir/lines")
before=$(batches)
send "$dir/lines" --announce $((size + 100))
is "lines shorter than announced, strict: 400, and nothing is stored" "$status:$(member code):$(stored gone):$(batches)" \
  "400:body_short:0:$before"
send "$dir/lines" --announce $((size + 100)) -P "$lenient"
is "lines shorter than announced, lenient: 400, and the receipt is not complete" \
  "$status:$(member code):$(receipt "$(last_batch)")" "400:body_short:lenient 0 2000 2000 0 0 0"
like "lines shorter than announced, lenient: the answer says how far it got" "$reply" '"created":2000'

# gzip.
gzipped() { send "$1" -P HTTP_CONTENT_ENCODING=gzip "${@:2}"; }
forget_peaks
before=$(batches)
head -c 10000000 /dev/zero | tr '\0' ' ' | gzip -9 >"$dir/member"
for _ in $(seq 100); do cat "$dir/member"; done >"$dir/bomb"
gzipped "$dir/bomb"
is "a gigabyte of spaces in $(stat -c %s "$dir/bomb") bytes of gzip: 413" "$status:$(member code)" 413:gzip_ratio
perl -e 'srand(1); for (1 .. 20000) { print " " x 4000, map({ chr(97 + rand 26) } 1 .. 60), "\n" }' | gzip -9 >"$dir/member"
for _ in $(seq 30); do cat "$dir/member"; done >"$dir/bomb"
stack_ini <<INI
server.workers = 2
server.io_timeout = 2
ingest.max_body_bytes = 100M
$(stack_ini_watched)
INI
kill -HUP "$(stack_pid fcgi)"
stack_wait 10 logged 'configuration loaded again'
old=$pids
only_new() { pids=$(workers) && [ "$(wc -w <<<"$pids")" -eq 2 ] && ! grep -qwE "$(tr -s ' ' '|' <<<"${old% }")" <<<"$pids"; }
ok "the old workers leave, the new ones stay" stack_wait 10 only_new
gzipped "$dir/bomb" -P "$lenient"
is "more than max_body_bytes in $(stat -c %s "$dir/bomb") bytes of gzip: 413" "$status:$(member code)" 413:body_too_large
bounded "much in little gzip"
lines 2500 zip | gzip >"$dir/zip"
size=$(stat -c %s "$dir/zip")
for cut in 1 $((size / 2)) $((size - 8)) $((size - 1)); do
  head -c "$cut" "$dir/zip" >"$dir/cut"
  before=$(batches)
  gzipped "$dir/cut"
  is "gzip cut after $cut bytes: 400, and nothing is stored" "$status:$(member code):$(stored zip):$(batches)" "400:gzip_broken:0:$before"
done
{ head -c $((size - 8)) "$dir/zip"; printf '\0\0\0\0'; tail -c 4 "$dir/zip"; } >"$dir/cut"
gzipped "$dir/cut"
is "gzip whose checksum is wrong: 400, and nothing is stored" "$status:$(member code):$(stored zip)" 400:gzip_broken:0
{ cat "$dir/zip"; echo behind; } >"$dir/cut"
gzipped "$dir/cut"
is "gzip with something else behind it: 400, and nothing is stored" "$status:$(member code):$(stored zip)" 400:gzip_broken:0
: >"$dir/cut"
gzipped "$dir/cut"
is "gzip of nothing at all: 400" "$status" 400
head -c $((size - 1)) "$dir/zip" >"$dir/cut"
gzipped "$dir/cut" -P "$lenient"
is "gzip cut at its last byte, lenient: 400, and the receipt is not complete" \
  "$status:$(member code):$(receipt "$(last_batch)")" "400:gzip_broken:lenient 0 2000 2000 0 0 0"
gzipped "$dir/zip" -P "$lenient"
is "sent again whole: completed" "$status:$(member created):$(member unchanged):$(stored zip)" 200:500:2000:2500
is "all of this was answered by the same workers" "$(workers)" "$pids"
is "and no worker died" "$(log_lines 'was ended by signal|left with status')" 0
is "no spool file is left over" "$(find "$dir" -mindepth 1 -maxdepth 1 -name 'ruku-*')" ''
done_testing
