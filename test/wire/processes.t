#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The supervisor and its workers: start, stop, reload, death, and the listening socket.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

stack_test_begin
dir=$STACK_DIR
settings() { # further lines; the socket's mode is left to the default
  { echo "server.workers = 2"; cat; } | stack_ini
  sed -i '/^socket_mode/d' "$dir/ruku.ini"
}
stack_test_database </dev/null
settings </dev/null
must serve
readable=$(for pid in $(stack_pid fcgi) $(workers); do stat -c %u "/proc/$pid/mem"; done | sort -u)
is "the memory of supervisor and workers is root's alone to read" "$readable" 0
cores=$(for pid in $(stack_pid fcgi) $(workers); do sed -n 's/^Max core file size *//p' "/proc/$pid/limits"; done | tr -s ' ' | sort -u)
is "they leave no core file, and start no handler of core files" "$cores" "1 1 bytes "
must take_token
has_workers() { [ "$(workers | wc -w)" -eq "$1" ]; }

# The socket.
is "the socket is open to owner and group only: mode 0660" "$(stat -c %a "$fcgi_socket")" 660
try_serving
is "a second instance on the same socket refuses to start" "$left" 1
like "and says why" "$said" 'another server answers there'
ok "the first goes on serving" answers

# kill -9 of every worker while pushes run.
pusher() { # number: pushes 50 records at a time and notes what was acknowledged
  local i=0
  dir=$STACK_DIR/pusher$1 STACK_DIR=$STACK_DIR/pusher$1
  mkdir -p "$dir"
  until [ -e "$dir/../enough" ]; do
    i=$((i + 1))
    records 50 "k$1-$i" >"$dir/body"
    push "$dir/body"
    [ "$left:$status" = 0:200 ] && echo "k$1-$i" >>"$dir/acknowledged"
    echo "k$1-$i" >>"$dir/sent"
  done
}
pushers=()
for n in 1 2 3; do
  pusher $n &
  pushers+=($!)
  helpers+=($!)
done
slowest=0 round=0
while [ $round -lt 4 ]; do
  round=$((round + 1))
  sleep 1.1 # a worker that dies within its first second is replaced with a delay, on purpose
  for pid in $(workers); do kill -9 "$pid"; done
  start=$(now_ms)
  stack_wait 10 answers
  took=$(($(now_ms) - start))
  [ $took -le $slowest ] || slowest=$took
done
at_most "after kill -9 of every worker there is an answer within a second (4 times, the slowest)" "$slowest" 1000
: >"$dir/enough"
wait "${pushers[@]}"
cat "$dir"/pusher?/acknowledged | sort >"$dir/acknowledged"
stack_sql "SELECT SUBSTRING_INDEX(id, '-', 2) FROM record WHERE id LIKE 'k%' GROUP BY 1 HAVING COUNT(*) = 50" | sort >"$dir/whole"
diag "$(cat "$dir"/pusher?/sent | wc -l) pushes, $(wc -l <"$dir/acknowledged") acknowledged, $(wc -l <"$dir/whole") stored"
ok "some pushes were acknowledged" [ -s "$dir/acknowledged" ]
is "every acknowledged push is stored whole" "$(comm -23 "$dir/acknowledged" "$dir/whole")" ''
is "no push is stored in part" \
  "$(stack_sql "SELECT SUBSTRING_INDEX(id, '-', 2), COUNT(*) FROM record WHERE id LIKE 'k%' GROUP BY 1 HAVING COUNT(*) <> 50")" ''
is "there is one receipt for each stored push" "$(batches)" "$(wc -l <"$dir/whole")"
ok "the log tells of workers that were killed" logged 'was ended by signal 9'

# HUP. A configuration with a fault changes nothing.
stack_wait 5 has_workers 2
before=$(workers)
supervisor=$(stack_pid fcgi)
cp "$dir/ruku.ini" "$dir/good.ini"
printf '[limit]\nno_such_key = 1\n' >>"$dir/ruku.ini"
line=$(grep -n no_such_key "$dir/ruku.ini" | cut -d: -f1)
kill -HUP "$supervisor"
ok "HUP with a bad configuration: the log names file and line" stack_wait 5 logged "ruku\.ini:$line: .*no_such_key"
ok "HUP with a bad configuration: the log says that the old one stays" stack_wait 5 logged 'old one stays in force'
ok "HUP with a bad configuration: the service goes on" answers
is "HUP with a bad configuration: with the same workers" "$(workers)" "$before"
left=0
said=$("$STACK_BIN_FCGI" -t -c "$dir/ruku.ini" 2>&1) || left=$?
is "-t with a bad configuration: exit status 1" "$left" 1
like "-t with a bad configuration: names file and line" "$said" "ruku\.ini:$line: "
try_serving
is "a bad configuration: the service does not start" "$left" 1
cp "$dir/good.ini" "$dir/ruku.ini"
left=0
said=$("$STACK_BIN_FCGI" -t -c "$dir/ruku.ini" 2>&1) || left=$?
is "-t with a good configuration: exit status 0" "$left" 0

# An audit that cannot be written: who starts the service is told, and no worker dies of it again and again.
settings <<INI
audit.target = $dir/no-such-directory/audit.jsonl
INI
kill -HUP "$supervisor"
ok "HUP with an audit that cannot be written: the log says why" stack_wait 5 logged '\[audit\] target = .*/no-such-directory/audit\.jsonl: No such file'
ok "HUP with an audit that cannot be written: the service goes on" answers
is "HUP with an audit that cannot be written: with the same workers" "$(workers)" "$before"
sed -i "s,^listen = .*,listen = $dir/other.sock," "$dir/ruku.ini"
try_serving
is "an audit that cannot be written: the service does not start" "$left" 1
like "an audit that cannot be written: and says why" "$said" '\[audit\] target = .*/no-such-directory/audit\.jsonl: No such file'
cp "$dir/good.ini" "$dir/ruku.ini"

# HUP with a new category. A push that is under way meanwhile is finished.
mkdir -p "$dir/extra/category"
cat >"$dir/extra/category/gauge.ini" <<'INI'
[category]
code = gauge
name = 水位
[resource.river]
name = 河流
[field.level]
label = 水位
type = decimal
required = yes
INI
settings <<INI
schema.extra_dir = $dir/extra
INI
printf '{"id":"g-1","level":"1.5"}' >"$dir/gauge"
call POST /v1/records/gauge/river -b "$dir/gauge"
is "before HUP the new category is not known" "$status:$(member code)" 404:no_such_category
records 20 hup >"$dir/hup"
hold hup POST /v1/records/core/general -b "$dir/hup" --split $(($(stat -c %s "$dir/hup") / 10)) --slow 100
kill -HUP "$supervisor"
ok "HUP with a good configuration is logged" stack_wait 5 logged 'configuration loaded again'
knows_gauge() { call POST /v1/records/gauge/river -b "$dir/gauge" && [ "$status" = 200 ]; }
ok "HUP with a good configuration takes effect: the new category takes records" stack_wait 5 knows_gauge
wait "$held"
like "a push under way at HUP is finished" "$(<"$dir/hup.out")" '"created":20'
is "and stored" "$(stored hup)" 20
ok "the supervisor is the same" [ "$supervisor" = "$(stack_pid fcgi)" ]
has_only_new() { [ "$(workers | wc -w)" -eq 2 ] && [ -z "$(comm -12 <(workers | tr ' ' '\n' | sort) <(tr ' ' '\n' <<<"$before" | grep . | sort))" ]; }
ok "the old workers leave" stack_wait 5 has_only_new
echo 'type = no_such_type' >>"$dir/extra/category/gauge.ini"
kill -HUP "$supervisor"
ok "HUP with a bad category: the log names file and line" stack_wait 5 logged 'category/gauge\.ini:[0-9]+: '
call POST /v1/records/gauge/river -b "$dir/gauge"
is "HUP with a bad category: the old one stays in force" "$status" 200
rm "$dir/extra/category/gauge.ini"

# TERM.
records 20 term >"$dir/term"
hold term POST /v1/records/core/general -b "$dir/term" --split $(($(stat -c %s "$dir/term") / 10)) --slow 100
sleep 0.2 # the worker has taken the connection and reads
kill -TERM "$supervisor"
wait "$held"
is "TERM: a push under way ends properly" "$?" 0
like "TERM: and is answered" "$(<"$dir/term.out")" '"created":20'
is "TERM: and stored" "$(stored term)" 20
wait "$supervisor"
is "TERM: exit status 0" "$?" 0
ok "TERM: the socket file is gone" [ ! -e "$fcgi_socket" ]
rm -f "$dir/fcgi.pid"

# TERM, and a peer that does not come to an end: [server] grace is the limit, for workers of an older configuration too.
for reload in '' HUP; do
  settings <<'INI'
server.grace = 1
INI
  must serve
  supervisor=$(stack_pid fcgi)
  old=$(workers)
  hold drip POST /v1/records/core/general -b "$dir/term" --split 20 --slow 400
  sleep 0.2
  if [ -n "$reload" ]; then
    loaded=$(log_lines 'configuration loaded again')
    kill -HUP "$supervisor"
    has_loaded() { [ "$(log_lines 'configuration loaded again')" -gt "$loaded" ]; }
    stack_wait 5 has_loaded
    stack_wait 5 answers
  fi
  old="$old $(workers)"
  start=$(now_ms)
  kill -TERM "$supervisor"
  wait "$supervisor"
  at_most "TERM ends ${reload:+(after HUP) }within grace (1 s) although a peer goes on sending" $(($(now_ms) - start)) 2500
  left_over() { local pid; for pid in $old; do stack_gone "$pid" || echo "$pid"; done | sort -u; }
  is "TERM leaves no worker behind${reload:+ (after HUP)}" "$(left_over)" ''
  release
  for pid in $(left_over); do kill -9 "$pid"; done
  rm -f "$dir/fcgi.pid"
done

# A socket file that a dead server has left.
settings </dev/null
must serve
old=$(workers)
kill -9 "$(stack_pid fcgi)"
no_old() { local pid; for pid in $old; do stack_gone "$pid" || return 1; done; }
ok "kill -9 of the supervisor: the workers leave too" stack_wait 5 no_old
ok "a stale socket lies there" [ -S "$fcgi_socket" ]
ok "a stale socket is taken over" serve
stop_serving

# Tables of another version.
newest=$(stack_sql 'SELECT MAX(version) FROM schema_version')
stack_sql "INSERT INTO schema_version (version, name, applied_at) VALUES ($newest + 1, 'test', NOW())"
try_serving
is "newer tables: the service refuses to start" "$left" 1
like "newer tables: and says what to do" "$said" 'newer program'
stack_sql "DELETE FROM schema_version WHERE version >= $newest"
try_serving
is "older tables: the service refuses to start" "$left" 1
like "older tables: and says what to do" "$said" 'run: rukuctl db (init|upgrade)'
ok "neither leaves a socket" [ ! -e "$fcgi_socket" ]
stack_sql "INSERT INTO schema_version (version, name, applied_at) VALUES ($newest, 'test', NOW())"

# No database.
settings <<INI
database.socket = $STACK_SOCKETS/no-such.sock
INI
ok "the service starts while the database is away" serve
call GET /readyz
is "and says that it is not ready" "$status" 503
stop_serving

# Workers leave after max_requests.
settings <<'INI'
server.max_requests = 2
INI
must serve -w 1
lines=$(wc -l <"$dir/fcgi.log")
start=$(now_ms)
bad=0
for _ in $(seq 20); do answers || bad=$((bad + 1)); done
took=$(($(now_ms) - start))
is "max_requests = 2: all of 20 requests are answered" "$bad" 0
at_most "max_requests = 2: by at least 10 workers: requests by the busiest" \
  "$(tail -n +$((lines + 1)) "$dir/fcgi.log" | sed -n 's/.* pid=\([0-9]*\) request=.*/\1/p' | sort | uniq -c | sort -n | awk 'END { print $1 }')" 2
# The pauses before those that die young would add up to 22 seconds.
at_most "max_requests = 2: one that leaves by plan is replaced at once, in milliseconds" "$took" 8000
stop_serving

# The system calls of workers and housekeeper. The test itself may be under a filter already.
seccomp_of() { local pid; for pid in "$@"; do sed -n 's/^Seccomp:[[:space:]]*//p' "/proc/$pid/status"; done | sort -u; }
children() { local pid; pid=$(stack_pid fcgi) && cat "/proc/$pid/task/$pid/children"; }
has_only() { [ "$(children | wc -w)" -eq 3 ] && [ "$(seccomp_of $(children))" = "$1" ]; } # MODE: two workers and the housekeeper
unconfined=$(seccomp_of $$)
settings <<'INI'
server.seccomp = no
INI
must serve
ok "seccomp = no: workers and housekeeper are as they were started" stack_wait 5 has_only "$unconfined"
settings <<'INI'
server.seccomp = yes
INI
left=0
said=$("$STACK_BIN_FCGI" -t -c "$dir/ruku.ini" 2>&1) || left=$?
if grep -q '^#define HAVE_SECCOMP 1' "$top_builddir/config.h"; then
  is "seccomp = yes: -t is content" "$left" 0
  kill -HUP "$(stack_pid fcgi)"
  ok "seccomp = yes: each worker is confined, and the housekeeper, after a reload" stack_wait 10 has_only 2
  ok "and they answer" take_token
  is "the supervisor is not" "$(seccomp_of "$(stack_pid fcgi)")" "$unconfined"
  for pid in $(workers); do kill -SYS "$pid"; done
  ok "a worker that the kernel ends is told of as such" stack_wait 5 logged 'ended by the kernel: it made a system call that no worker makes'
  stop_serving
  settings </dev/null
  must serve
  ok "seccomp is auto: workers and housekeeper are confined where that is there" stack_wait 5 has_only 2
  stop_serving
else
  is "seccomp = yes where it is not there: -t refuses it" "$left" 1
  like "and says why" "$said" '\[server\] seccomp = yes: .* cannot filter system calls'
  stop_serving
  try_serving
  is "and the service does not start" "$left" 1
fi

# A listening socket inherited as standard input.
settings </dev/null
inherited=$STACK_SOCKETS/inherited.sock
cat >"$dir/listen.pl" <<'PERL'
use strict; use Socket;
my $path = shift;
socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die "socket: $!";
bind($s, sockaddr_un($path)) or die "bind: $!";
listen($s, 64) or die "listen: $!";
open(STDIN, '<&', $s) or die "dup: $!";
exec(@ARGV) or die "exec: $!";
PERL
stack_start inherited perl "$dir/listen.pl" "$inherited" "$STACK_BIN_FCGI" -f -c "$dir/ruku.ini"
own_socket=$fcgi_socket fcgi_socket=$inherited
ok "a socket inherited as fd 0 is served" stack_wait 10 answers
ok "and none of its own is opened" [ ! -e "$own_socket" ]
stack_stop inherited
ok "an inherited socket's file is left to its owner" [ -S "$inherited" ]
fcgi_socket=$own_socket

# In the background.
settings <<INI
server.pid_file = $dir/daemon.pid
log.target = $dir/daemon.log
INI
"$STACK_BIN_FCGI" -c "$dir/ruku.ini" </dev/null
is "in the background: the starting process leaves with 0" "$?" 0
ok "and the service answers at once" answers
ok "the pid file names the supervisor" stack_is_up daemon
pid=$(stack_pid daemon)
kill -TERM "$pid"
stack_wait 10 stack_gone "$pid"
ok "TERM: pid file and socket are gone" [ "$(ls "$dir/daemon.pid" "$fcgi_socket" 2>/dev/null)" = "" ]
done_testing
