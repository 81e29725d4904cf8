# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# script/bench --grow and --memory. Only Ruku behind lighttpd is measured here.

grow_step=250000 # 4 connections, 125 batches of 500 each

ruku_start() { # options of mariadbd, lines for ruku.ini, lines for lighttpd
  port_lighttpd_ruku=$(stack_find_port)
  bench_database "$1"
  { printf 'server.workers = %s\n%s\n' "$bench_workers" "${2:-}"; stack_ini_watched; } | stack_ini
  stack_fcgi
  stack_lighttpd "$port_lighttpd_ruku" "${3:-}"
  bench_tokens
}

ruku_end() {
  local name
  for name in lighttpd fcgi mariadb; do stack_stop "$name"; done
  rm -rf "$STACK_DIR/db"
}

# Milliseconds of a page of 100, the median of 21 pages, read one after the other by cursor; "-" where there are no pages.
grow_pages() {
  local after='' url="http://127.0.0.1:$port_lighttpd_ruku/v1/records/regulation/rule?limit=100" took
  for _ in $(seq 21); do
    took=$(printf 'header = "Authorization: Bearer %s"\n' "$token" |
      curl -sf -K - -o "$STACK_DIR/page" -w '%{time_total}' "$url${after:+&after=$after}") || { echo -; return; }
    echo "$took"
    after=$(tail -c 1000 "$STACK_DIR/page" | LC_ALL=C sed -n 's/.*"next":"\([^"]*\)".*/\1/p')
    [ -n "$after" ] || break
  done | sort -n | awk '{ v[NR] = $1 } END { if (v[1] == "-") print "-"; else printf "%.2f\n", v[int((NR + 1) / 2)] * 1000 }'
}

grow_fill() { # series steps options-of-push: appends "series millions rate p99 page" lines to grow.tsv
  local series=$1 steps=$2 step line
  shift 2
  for step in $(seq 0 $((steps - 1))); do
    line=$("$build/bench/push" "$@" -f $((step * grow_step)) "$port_lighttpd_ruku" 4 $((grow_step / 2000)) 500 <<<"$token")
    awk -v s="$series" -v m="$(((step + 1) * grow_step))" -v line="$line" -v page="$(grow_pages)" \
      'BEGIN { split(line, v, " "); print s, m / 1e6, v[1], v[4], page }' | tee -a "$STACK_DIR/grow.tsv"
  done
}

# Rows of 1.3 KB take 1.6 KB with their places in the indexes; a pool that holds all and some room.
grow_pool() { # millions
  local need=$(($1 * 1900 + 512)) most
  most=$(awk '/MemAvailable/ { printf "%d", $2 / 1024 * 0.6 }' /proc/meminfo)
  echo "$((need < most ? need : most))M"
}

# A server that has run for a while has used all the memory of its pool, and its redo log is full, so that each row costs the writing of
# pages. A fresh one stores its first half million rows half as fast again, which would pass for growth. So another table is filled
# first, and stays: its pages leave the pool as the measured one grows.
grow_run_in() { # pool, such as 9500M
  local megabytes=${1%M}
  "$build/bench/bare" "$db_socket" 4 "$((megabytes * 16 / 100))" 1000 >/dev/null # 1.6 KB a row
}

grow_run() { # millions
  local pool steps=$(($1 * 1000000 / grow_step)) log=--innodb-log-file-size=1G
  pool=$(grow_pool "$1")
  echo "series, million rows, records/s, p99 ms, ms for a page of 100"
  ruku_start "--innodb-buffer-pool-size=$pool $log"
  grow_run_in "$pool"
  grow_fill in-order "$steps"
  ruku_end
  ruku_start "--innodb-buffer-pool-size=$pool $log"
  grow_run_in "$pool"
  grow_fill random "$steps" -r
  ruku_end
  ruku_start "--innodb-buffer-pool-size=256M $log"
  grow_fill random-256M "$steps" -r
  {
    bench_machine; echo
    awk -v pool="$pool" -f "$top/bench/grow.awk" "$STACK_DIR/grow.tsv"
  } >"$results/grow.md"
  ruku_end
  awk -v svg=1 -f "$top/bench/grow.awk" "$STACK_DIR/grow.tsv" >"$results/grow.svg"
  cat "$results/grow.md"
}

memory_limit=$((24 * 1024)) # KiB

memory_run() {
  local mode pid failed=0 line rows=780000 # of 1.3 KB: 1 GB
  ruku_start "--innodb-buffer-pool-size=2G --innodb-log-file-size=2G" "ingest.max_body_bytes = 2G" "
\$HTTP[\"url\"] =~ \"^/v1/\" { server.max-request-size = 2097152 }"
  for mode in stream array; do
    bench_empty
    bench_reset_peak fcgi
    line=$("$build/bench/push" -m $mode "$port_lighttpd_ruku" 1 1 $rows <<<"$token") || { failed=1; echo "$mode: not taken" >&2; continue; }
    [ "$(bench_stored)" -eq $rows ] || failed=1
    echo "$mode of $rows records: $(awk '{ print $1 " records/s, " $2 " MB/s" }' <<<"$line")"
    for pid in $(bench_tree fcgi); do
      awk -v pid="$pid" -v limit=$memory_limit '/^VmHWM/ { printf "  process %d: %.1f MiB%s\n", pid, $2 / 1024, ($2 > limit ? " - too much" : ""); exit ($2 > limit) }' \
        "/proc/$pid/status" || failed=1
    done
  done
  return $failed
}
