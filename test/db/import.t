#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# rukuctl import: files in every shape, refusals, interruptions, memory, progress, and the way back from an export.
set -u
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/stack-test.sh"
stack_test_begin
dir=$STACK_DIR
stack_test_database </dev/null
must stack_ctl client add --id other '另一个' >/dev/null 2>&1

lines() { # COUNT PREFIX [SUMMARY]: records of core/general, one a line, ids PREFIX-1 and on
  awk -v n="$1" -v p="$2" -v s="${3:-摘要}" 'BEGIN {
    for (i = 1; i <= n; i++) printf "{\"id\":\"%s-%d\",\"title\":\"标题 %d\",\"summary\":\"%s\"}\n", p, i, i, s }'
}

import() { check "$1" "$2" "$3" import --client tester "${@:4}"; } # name status regex words...

count_of() { sed -n "s/^$1 *//p" <<<"$said"; } # a line of the receipt

batch_of() { stack_sql "SELECT $1 FROM batch ORDER BY created_at DESC LIMIT 1"; } # columns of the last batch

# Shapes of input

lines 2500 a >"$dir/a.ndjson"
import "a file is stored" 0 '^batch +[0-9]{14}-[0-9a-z]{12}' core general "$dir/a.ndjson"
is "the receipt comes as text, and nothing else" "$(tail -n +2 <<<"$said" | tr -s ' ' | paste -sd,)" \
  "received 2500,created 2500,updated 0,unchanged 0,superseded 0,stale 0,rejected 0"
is "what is stored is what the file has" "$(stored a):$(stack_sql "SELECT fields FROM record WHERE id = 'a-2500'")" \
  "2500:$(tail -n 1 "$dir/a.ndjson")"
is "the receipt is there under its batch, strict and complete" "$(batch_of 'id, mode, complete, received')" \
  "$(count_of batch)"$'\t'strict$'\t'1$'\t'2500
import "the same again changes nothing" 0 'unchanged +2500' core general "$dir/a.ndjson"
said=$(lines 3 in | stack_ctl import --client tester core general 2>&1)
is "without a file it is standard input" "$(count_of created)" 3
said=$(lines 4 in | stack_ctl import core general - --client tester 2>&1)
is "- is standard input too" "$(count_of created):$(count_of unchanged)" 1:3
records 5 arr >"$dir/array.json"
import "an array" 0 'created +5' --format json core general "$dir/array.json"
printf '{"id":"one-1",\n"title":"一"}\n' >"$dir/one.json"
import "one object" 0 'created +1' core general "$dir/one.json" --format json
: >"$dir/empty"
import "no records are none" 0 'received +0' core general "$dir/empty"
import "but no JSON" 65 'empty.* Nothing was stored' --format json core general "$dir/empty"

lines 3000 gz | gzip -c >"$dir/gz.ndjson.gz"
cp "$dir/gz.ndjson.gz" "$dir/unnamed"
import "gzip" 0 'created +3000' core general "$dir/gz.ndjson.gz"
import "gzip by its first bytes" 0 'unchanged +3000' core general "$dir/unnamed"
said=$(stack_ctl import --client tester core general <"$dir/unnamed" 2>&1)
is "gzip on standard input" "$(count_of unchanged)" 3000
lines 20000 same | gzip -c >"$dir/same.gz"
import "however much it expands" 0 'created +20000' --lenient core general "$dir/same.gz"
head -c 9000 "$dir/gz.ndjson.gz" >"$dir/cut.gz"
import "gzip that is cut off" 65 'not complete gzip|compressed bytes are wrong or end' core general "$dir/cut.gz"
import "a name that promises gzip" 65 'not complete gzip' core general "$(cp "$dir/a.ndjson" "$dir/false.gz"; echo "$dir/false.gz")"

# Refusals

batches_before=$(batches)
{ lines 1500 bad; echo '{"id":"bad-x"}'; echo '{"title":1,"id":"bad-y","none":1}'; } >"$dir/bad"
import "strict: refused whole" 65 '2 of 1502 records break the rules of category core: nothing was stored' core general "$dir/bad"
like "each with its faults" "$said" 'record 1500, id bad-x
  /title \[missing\] [^'$'\n'']*

record 1501, id bad-y
  /title \[wrong_type\] [^'$'\n'']*
  /none \[unknown_field\]'
is "strict: nothing is stored, not even a receipt" "$(stored bad):$(batches)" "0:$batches_before"
{ lines 3 bad; echo '{"id":'; } >"$dir/broken"
import "strict: what is no JSON is told with its line" 65 'line 4.* Nothing was stored' core general "$dir/broken"
is "and nothing is stored" "$(stored bad):$(batches)" "0:$batches_before"
awk 'BEGIN { for (i = 0; i < 150; i++) printf "{\"id\":\"f-%d\"}\n", i }' >"$dir/many"
import "strict: a hundred faults are shown, the rest counted" 65 'record 99, id f-99.*and 50 more faults' core general "$dir/many"

{ cat "$dir/bad"; echo 'no JSON'; } >"$dir/lenient"
stack_ctl import --client tester --lenient core general "$dir/lenient" >"$dir/out" 2>"$dir/err"
is "lenient: refused records make it fail" "$?" 65
said=$(<"$dir/out")
is "lenient: the others are stored" "$(stored bad):$(count_of received):$(count_of created):$(count_of rejected)" 1500:1503:1500:3
like "lenient: those that are not are told on standard error" "$(<"$dir/err")" 'record 1500, id bad-x
  /title \[missing\].*
record 1502
   \[json_syntax\].*rukuctl: 3 of 1503 records break the rules of category core: they are not stored, the others are$'
like "and in the receipt" "$(stack_ctl batch show "$(count_of batch)")" 'lenient, complete.*record 1501, id bad-y'
import "lenient: a hundred are shown, the rest counted" 65 'record 99, id f-99.*and 50 more; rukuctl batch show 2' \
  --lenient core general "$dir/many"
unlike "no more than a hundred" "$said" 'record 100'

check "an unknown client" 1 'no client "nobody"' import --client nobody core general "$dir/a.ndjson"
check "no client" 78 '--client is missing' import core general "$dir/a.ndjson"
import "an unknown category" 78 'no category none' none general "$dir/a.ndjson"
import "an unknown resource" 78 'no resource none' core none "$dir/a.ndjson"
import "a resource is named, not a pattern" 78 'no resource \*' core '*' "$dir/a.ndjson"
import "a file that is not there" 78 'nowhere: No such file' core general "$dir/nowhere"
import "a folder" 78 'Is a directory' core general "$dir"
import "another format" 78 'csv: must be ndjson or json' --format csv core general "$dir/a.ndjson"
import "too many words" 64 'usage: rukuctl import --client ID' core general "$dir/a.ndjson" more
must stack_ctl client disable other >/dev/null
check "a disabled client's records, without a grant" 0 'created +2500' import --client other core general "$dir/a.ndjson"

is "the audit tells who began what and how it ended" \
  "$(stack_sql "SELECT action, subject, detail FROM audit WHERE action LIKE 'import.%' ORDER BY id DESC LIMIT 2" | tr '\t' ' ')" \
  "import.end other core/general, complete, batch $(count_of batch): created 2500, updated 0, unchanged 0, rejected 0
import.begin other core/general, strict, from $dir/a.ndjson"
cp "$dir/one.json" "$dir/"$'n\xff\xe4'
ctl import --client tester --format json core general "$dir/"$'n\xff\xe4'
is "a file's name need not be UTF-8" "$left:$(stack_sql "SELECT detail LIKE '%from %/n??' FROM audit WHERE action = 'import.begin' ORDER BY id DESC LIMIT 1")" 0:1

# Interruptions. What is committed chunk by chunk stays; the same command again completes it.

mkfifo "$dir/fifo"
begin() { # WORDS...: an import from the fifo, in the background; what is written to 4 goes into it
  # In a script's background SIGINT is ignored, and the program lets that be.
  env --default-signal=INT "$STACK_BIN_CTL" -c "$dir/ruku.ini" import --client tester "$@" core general "$dir/fifo" \
    >"$dir/out" 2>"$dir/err" &
  importer=$!
  helpers+=("$importer")
  exec 4>"$dir/fifo"
}

end() { # sets $left and $said
  exec 4>&-
  left=0
  wait "$importer" || left=$?
  said=$(cat "$dir/out" "$dir/err")
}

has_received() { [ "$(batch_of 'complete = 0 AND received >= 2000')" = 1 ]; }

completed() { # NAME PREFIX [WORDS...]: the same command again
  import "$1: again completes it" 0 'received +3500' core general "${@:3}" "$dir/$2"
  is "$1: nothing is stored twice" "$(stored "$2"):$(stack_sql "SELECT SUM(revision) FROM record WHERE id LIKE '$2-%'")" 3500:3500
  is "$1: what was there is unchanged" "$(($(count_of created) + $(count_of unchanged))):$(($(count_of unchanged) >= 2000))" 3500:1
}

interrupted() { # NAME SIGNAL
  lines 3500 "$1" >"$dir/$1"
  begin --lenient
  head -n 2600 "$dir/$1" >&4
  ok "$1: chunks are committed while the rest is waited for" stack_wait 20 has_received
  kill "-$2" "$importer"
  end
}

interrupted int INT
is "SIGINT: exit status" "$left" 75
like "SIGINT: it says how far it got" "$said" \
  "^rukuctl: stopped by a signal. Of 2[0-9]+ records that were read, 2[0-9]+ are stored \(batch $(batch_of id)\): the same command again"
is "SIGINT: the receipt is incomplete" "$(batch_of 'complete, created >= 2000')" 0$'\t'1
like "SIGINT: so says the audit" "$(stack_sql "SELECT detail FROM audit ORDER BY id DESC LIMIT 1")" "broken off, batch $(batch_of id)"
completed SIGINT int --lenient
interrupted term TERM
is "SIGTERM: exit status" "$left" 75
completed SIGTERM term --lenient
interrupted kill KILL
is "kill -9: exit status" "$left" 137
is "kill -9: the receipt is incomplete" "$(batch_of complete)" 0
completed "kill -9" kill --lenient

batches_before=$(batches)
lines 3500 strict >"$dir/strict"
begin
head -n 2600 "$dir/strict" >&4
sleep 0.3
kill -INT "$importer"
end
is "strict: exit status" "$left" 75
like "strict: it says that nothing is stored" "$said" '^rukuctl: stopped by a signal. Nothing was stored.$'
is "strict: so it is" "$(stored strict):$(batches)" "0:$batches_before"
import "strict: again stores it" 0 'created +3500' core general "$dir/strict"

lines 3500 away >"$dir/away"
begin --lenient
head -n 2600 "$dir/away" >&4
ok "the database goes away in the middle" stack_wait 20 has_received
left_at=$(batch_of id)
stack_stop mariadb
tail -n +2601 "$dir/away" >&4
end
is "database away: exit status" "$left" 75
like "database away: it names the batch" "$said" "^rukuctl: database error.* are stored \(batch $left_at\): the same command again"
must start_database
completed "database away" away --lenient

# Many records: constant memory

lines 100000 big "$(printf '长%.0s' {1..100})" >"$dir/big"
limit=24576
! grep -q __asan_init "$STACK_BIN_CTL" || limit=1000000
for mode in '' --lenient; do
  stack_sql "DELETE FROM record WHERE id LIKE 'big-%'"
  # shellcheck disable=SC2086
  "$STACK_BIN_CTL" -c "$dir/ruku.ini" import --client tester $mode core general "$dir/big" >"$dir/out" 2>&1 &
  importer=$!
  memory=none
  while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$importer/status" 2>/dev/null) && [ -n "$now" ]; do
    memory=$now
    sleep 0.05
  done
  wait "$importer"
  is "${mode:-strict}: a hundred thousand records" "$?:$(stored big)" 0:100000
  at_most "${mode:-strict}: its memory does not grow with them (kB)" "$memory" "$limit"
done

# Progress, on a terminal only

stack_ctl import --client tester core general "$dir/big" >"$dir/out" 2>"$dir/err"
is "no progress where there is no terminal" "$(wc -c <"$dir/err")" 0
on_terminal() { # WORDS...: sets $said, the redrawn lines of it one a line
  local from
  from=$(now_ms)
  SHELL=$BASH script -qec "stty cols 100; '$STACK_BIN_CTL' -c '$dir/ruku.ini' import --client tester $*" "$dir/typescript" >/dev/null </dev/null
  took=$(($(now_ms) - from))
  said=$(sed '1d;$d' "$dir/typescript" | tr '\r' '\n')
}
on_terminal --lenient core general "$dir/big"
like "a terminal shows percent, time left, records and speed" "$said" \
  'importing +[0-9]+%  [0-9]+:[0-9][0-9] left  [0-9]+ records  [0-9]+/s'
at_most "at most ten times a second" "$(grep -c importing <<<"$said")" "$((took / 100 + 1))"
like "the line is cleared at the end" "$(grep -B1 '^batch' <<<"$said" | tr '\n' '|')" '^ *\|batch'
on_terminal core general "$dir/big"
like "strict: first it checks" "$said" 'checking +[0-9]+%  '
like "strict: then it stores" "$said" 'storing +[0-9]+%  '
on_terminal core general '<' '<(cat' "$dir/big)"
like "of a pipe's end nothing is known" "$said" 'checking  [0-9]+ records  [0-9]+/s'

# The way back

stack_sql "DELETE FROM record"
{
  printf '%s\n' '{ "id" : "r-1" ,	"title":"空 格" }' '{"title":"\u4e2d\ud83d\ude00\"\\/\n","id":"r-2"}' '{"id":"r\"3\\","title":"é"}' \
    '{"id":"r-4","title":"=1+1","summary":null}'
  lines 3000 r4
} >"$dir/trip"
import "a first import" 0 'created +3004' core general "$dir/trip"
stack_ctl export core general --client tester | stack_ctl import --client other core general >"$dir/out" 2>&1
is "what was exported is imported" "${PIPESTATUS[*]}:$(sed -n 's/^created *//p' "$dir/out")" "0 0:3004"
digests() { stack_sql "SELECT r.id, HEX(digest), MD5(fields) FROM record r JOIN client c ON c.id = r.client WHERE client_id = '$1' ORDER BY r.id" | md5sum; }
is "the way back: equal digests, equal bytes" "$(digests other)" "$(digests tester)"
stack_ctl export core general --client tester | sort >"$dir/one"
stack_ctl export core general --client other | sort >"$dir/two"
ok "exported again it is the same" cmp "$dir/one" "$dir/two"
ok "and the file that came first" cmp <(sort "$dir/trip") "$dir/two"
done_testing
