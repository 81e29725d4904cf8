#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Processes are killed at random moments while senders push through lighttpd, each in its way, and repeat what was not
# acknowledged: workers mostly, the supervisor, MariaDB. Afterwards both sides are compared.
#
# RUKU_KILLS: how many (1000). RUKU_SEED: of what is pushed and who is killed when, as far as time lets it repeat; a run prints
# its seed.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

kills=${RUKU_KILLS:-1000} seed=${RUKU_SEED:-$((RANDOM * 32768 + RANDOM))}
RANDOM=$((seed))
senders=(keyed single plain-a plain-b stream)
pusher=$top_srcdir/test/client/pusher.py

stack_test_begin
PATH=$PATH:/usr/sbin
for program in lighttpd python3 curl; do
  command -v "$program" >/dev/null || skip_all "$program is not installed"
done
dir=$STACK_DIR
diag "$kills kills, RUKU_SEED=$seed"
mkfifo "$dir/never"
exec 8<>"$dir/never"
pause() { read -rt "$1" -u 8; return 0; } # seconds, without a process

database=(mariadbd --no-defaults --user="$(id -un)" --datadir="$dir/db" --socket="$db_socket" --pid-file="$dir/mariadbd.pid"
  --skip-networking --character-set-server=utf8mb4 --innodb-buffer-pool-size=32M --innodb-log-file-size=16M --skip-log-bin
  --performance-schema=OFF --innodb-flush-log-at-trx-commit=1)
start_database() { # what is acknowledged must be on the disk; and the first time lays the tables of the server
  [ -d "$dir/db/mysql" ] || { stack_mariadb "${database[@]:7}" && stack_stop mariadb; } || return 1
  stack_start mariadb "${database[@]}"
  [ "${1:-}" = no-wait ] || stack_wait 60 stack_db_answers
}

mkdir "$dir/spool"
stack_test_database <<INI
server.workers = 16
database.timeout = 10
ingest.chunk_records = 100
ingest.spool_memory = 64K
ingest.spool_dir = $dir/spool
log.level = warn
$(stack_ini_watched)
INI

has_workers() { all=(); read -ra all 2>/dev/null <"/proc/$1/task/$1/children" || [ ${#all[@]} -gt 0 ]; }

# ruku-fcgi, until it has workers. It refuses to start as long as workers of one that was killed finish what they hold.
start_gateway() {
  local end=$((SECONDS + 60))
  while [ $SECONDS -lt $end ]; do
    stack_start fcgi "$STACK_BIN_FCGI" -f -c "$dir/ruku.ini"
    supervisor=$!
    while kill -0 "$supervisor" 2>/dev/null; do
      # It looks at the database in a process of its own first: that is one child.
      has_workers "$supervisor" && [ ${#all[@]} -gt 1 ] && return 0
      if [ $SECONDS -ge $end ]; then
        diag "a gateway neither has workers nor ends: $(grep -h "^State" "/proc/$supervisor/status") in $(cat "/proc/$supervisor/wchan")"
        return 1
      fi
      pause 0.01
    done
    refusals=$((refusals + 1))
    pause 0.05
  done
  return 1
}
refusals=0
must start_gateway
pause 0.5
# The first descriptor that an idle worker has not opened is the connection of a busy one.
place=0
while [ -e "/proc/${all[0]}/fd/$place" ]; do place=$((place + 1)); done

for _ in 1 2 3; do # a port that was free may be taken by now
  port=$(stack_find_port)
  stack_lighttpd "$port" "server.upload-dirs = ( \"$dir\" )" && break
  stack_stop lighttpd
done
must stack_answers "$port"
url=127.0.0.1:$port

declare -A token
for client in keyed single plain stream; do
  secret=$(stack_ctl client add --id "$client" "Sender $client" 2>>"$dir/ctl.log" | sed -n 's/^client_secret=//p')
  must stack_ctl client grant "$client" core '*' >>"$dir/ctl.log" 2>&1
  token[$client]=$(printf 'user = "%s:%s"' "$client" "$secret" |
    curl -s -K - -d grant_type=client_credentials "http://$url/oauth2/token" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
  must [ -n "${token[$client]}" ]
done

pids=()
for name in "${senders[@]}"; do
  PUSHER_TOKEN=${token[${name%-[ab]}]} python3 "$pusher" push "$name" "$dir" "$seed" "$url" 2>"$dir/$name.log" &
  pids+=($!)
  helpers+=($!)
done
pause 1

# Someone looks on: at each look, how many of its own records (no other push has these ids) each push of the last seconds shows, and how
# many of them have a receipt. A batch's id begins with the second in which its push did, at +08:00.
watch() {
  while [ ! -e "$dir/enough" ]; do
    stack_sql "SET time_zone = '+08:00'; SELECT r.batch, b.mode, COUNT(*), COUNT(b.id) FROM record r FORCE INDEX (changed)
      LEFT JOIN batch b ON b.id = r.batch WHERE r.client IN (SELECT id FROM client) AND r.category = 'core' AND r.resource = 'general'
      AND r.updated_at >= NOW(3) - INTERVAL 5 SECOND AND r.batch >= DATE_FORMAT(NOW() - INTERVAL 4 SECOND, '%Y%m%d%H%i%s')
      AND r.id NOT LIKE 'pool.%' GROUP BY r.batch" >>"$dir/looks.tsv" 2>/dev/null
    pause 0.2 # a look costs the machine as much as a push does
  done
}
watch &
helpers+=($!)

# Who is to be killed. Seven of eight kills wait for a worker that holds a request, and then some more milliseconds; others hit
# anyone. A worker that dies within its first second is replaced with a delay, so elder ones come first.
declare -A born
look_at_workers() { # sets all, and busy: those with a request in hand, the elder ones of them where there are any
  local pid now=${EPOCHREALTIME/[.,]/} elder=()
  busy=()
  has_workers "$supervisor" || return 1
  for pid in "${all[@]}"; do
    : "${born[$pid]:=$now}"
    [ -e "/proc/$pid/fd/$place" ] || continue
    busy+=("$pid")
    [ $((now - born[$pid])) -lt 1000000 ] || elder+=("$pid")
  done
  [ ${#elder[@]} -eq 0 ] || busy=("${elder[@]}")
}

pick_worker() {
  local tries
  look_at_workers || return 1
  victim=${all[RANDOM % ${#all[@]}]}
  [ $((RANDOM % 8)) -gt 0 ] || return 0
  for ((tries = 0; tries < 100; tries++)); do
    if [ ${#busy[@]} -gt 0 ]; then
      victim=${busy[RANDOM % ${#busy[@]}]}
      printf -v wait_for '0.%03d' $((RANDOM % 16))
      pause "$wait_for"
      [ ! -e "/proc/$victim/fd/$place" ] || return 0
    fi
    pause 0.003
    look_at_workers || return 1
  done
}

kill_worker() {
  pick_worker || return 1
  [ ! -e "/proc/$victim/fd/$place" ] || in_request=$((in_request + 1))
  kill -KILL "$victim" 2>/dev/null || return 1
  workers_killed=$((workers_killed + 1))
}

kill_supervisor() {
  kill -KILL "$supervisor" || return 1
  { wait "$supervisor"; } 2>/dev/null
  supervisors_killed=$((supervisors_killed + 1))
  must start_gateway
}

# It comes back while the rest goes on.
kill_database() {
  local pid
  stack_db_answers >/dev/null 2>&1 || return 1
  pid=$(stack_pid mariadb)
  kill -KILL "$pid" || return 1
  { wait "$pid"; } 2>/dev/null
  databases_killed=$((databases_killed + 1))
  must start_database no-wait
}

acknowledged() { cat "$dir"/*.journal | grep -c '"end"'; }

# The longer a push takes, the more of them are hit, and on a slow machine nearly all: the killer waits where the senders fall behind. It
# does so no more once they have come to no end for a minute, which is told below.
is_stuck=0 waited=0
keep_pace() {
  local begin=$SECONDS end=$((SECONDS + 60))
  while [ $is_stuck = 0 ] && [ "$(acknowledged)" -lt $((killed * 2 / 3)) ]; do
    [ $SECONDS -lt $end ] || is_stuck=1
    pause 0.1
  done
  waited=$((waited + SECONDS - begin))
}

in_request=0 workers_killed=0 supervisors_killed=0 databases_killed=0 database_due=0 supervisor_due=0 killed=0
start=$SECONDS
while [ $killed -lt "$kills" ] && [ $((SECONDS - start)) -lt $((60 + kills)) ]; do
  printf -v wait_for '0.%03d' $((RANDOM % 70))
  pause "$wait_for"
  [ $((killed % 33)) -ne 16 ] || [ $((databases_killed + database_due)) -gt $((killed / 33)) ] || database_due=1
  [ $((killed % 25)) -ne 12 ] || [ $((supervisors_killed + supervisor_due)) -gt $((killed / 25)) ] || supervisor_due=1
  if [ $database_due = 1 ] && kill_database; then database_due=0
  elif [ $supervisor_due = 1 ] && kill_supervisor; then supervisor_due=0
  else kill_worker
  fi
  killed=$((workers_killed + supervisors_killed + databases_killed))
  keep_pace
done
diag "$killed kills in $((SECONDS - start)) s: $workers_killed workers, $in_request of them in a request," \
  "$supervisors_killed supervisors, $databases_killed databases; $refusals starts refused while old workers lived;" \
  "$waited s were waited for the senders"
is "as many were killed as had to be" "$killed" "$kills"
if [ "$killed" -ne "$kills" ]; then
  has_workers "$supervisor" || all=()
  diag "supervisor $supervisor $(kill -0 "$supervisor" 2>/dev/null && echo runs || echo is gone), with ${#all[@]} children;" \
    "the last that the gateway said:" "$(tail -n 20 "$dir/fcgi.log")"
fi

: >"$dir/enough"
ok "the database comes back" stack_wait 60 stack_db_answers
failed=''
for i in "${!pids[@]}"; do wait "${pids[i]}" || failed="$failed ${senders[i]}: $(tail -n 3 "$dir/${senders[i]}.log")"; done
is "every sender came to its end" "$failed" ''

dump() {
  stack_sql "SELECT c.client_id, r.resource, r.id, r.revision, r.batch, r.fields FROM record r IGNORE INDEX (identity)
    JOIN client c ON c.id = r.client WHERE r.state = 'live'" >"$dir/record.tsv" &&
  stack_sql "SELECT b.id, c.client_id, b.mode, b.complete, b.idempotency_key, b.received, b.created, b.updated, b.unchanged,
    b.superseded, b.stale, b.rejected FROM batch b JOIN client c ON c.id = b.client ORDER BY b.created_at, b.id" >"$dir/batch.tsv" &&
  stack_sql "SELECT batch, COUNT(*) FROM reject GROUP BY batch" >"$dir/reject.tsv"
}
must dump
compared=$SECONDS
while IFS=$'\t' read -r name faults; do
  case $name in '#'*) echo "$name" ;; *) is "$name" "$faults" '' ;; esac
done < <(python3 "$pusher" compare "$dir" "$seed" || printf 'the comparison came to its end\tno\n')
diag "compared in $((SECONDS - compared)) s"

# What was seen meanwhile: of a lenient push its chunks, so looks were close enough; of a strict one all or nothing.
seen() { # MODE: "pushes seen, pushes of which two looks saw different numbers"
  awk -F'\t' -v mode="$1" '$2 == mode { if ($1 in n && n[$1] != $3) grew[$1]; n[$1] = $3 } END { print length(n), length(grew) }' "$dir/looks.tsv"
}
read -r strict_seen strict_grew < <(seen strict)
read -r _ lenient_grew < <(seen lenient)
diag "seen while it went on: $strict_seen strict pushes; $lenient_grew lenient ones as they grew"
at_most "strict pushes were seen soon after they were stored" $((kills / 4)) "$strict_seen"
at_most "and lenient ones while they grew" $((kills / 200)) "$lenient_grew"
is "no half of a strict push was ever seen" "$strict_grew" 0
is "no record was ever seen without its receipt" "$(awk -F'\t' '$3 != $4' "$dir/looks.tsv")" ''

# Work went on between the kills.
at_most "pushes were acknowledged all the time: at least one for two kills" $((kills / 2)) "$(acknowledged)"
at_most "most kills hit a worker with a request in hand" $((workers_killed / 2)) "$in_request"

before=$(sha256sum "$dir"/{record,batch,reject}.tsv)
for name in keyed stream; do
  PUSHER_TOKEN=${token[$name]} ok "$name: the repeat of an acknowledged push gets the same reply, byte for byte" \
    nothing python3 "$pusher" repeat "$name" "$dir" "$seed" "$url"
done
must dump
is "repeats store nothing" "$(sha256sum "$dir"/{record,batch,reject}.tsv)" "$before"

ok "what killed workers wrote of the audit is whole" stack_ctl audit verify
no_transaction() { [ "$(stack_sql 'SELECT COUNT(*) FROM information_schema.innodb_trx')" = 0 ]; }
ok "no transaction and no lock is left behind" stack_wait 5 no_transaction
is "the tables are sound" "$(stack_sql 'CHECK TABLE record, batch, reject' | awk '$NF != "OK"')" ''
is "no file of a killed worker is left behind" "$(ls -A "$dir/spool")" ''
done_testing
