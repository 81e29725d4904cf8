# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Private servers for one test, by script/lib/stack.sh, in a folder of its own that is removed at the end: a database with a
# client that is granted everything, and helpers that speak to ruku-fcgi without a web server. Source it, then:
#   stack_test_begin          the folder, and a trap that stops what was started
#   stack_test_database       MariaDB, tables, client, ruku.ini (further lines "section.key = value" on standard input)
#   serve [OPTIONS]           ruku-fcgi, and wait until it answers
#   take_token                a token for push and get

top_srcdir=$(cd "${top_srcdir:-$(dirname "${BASH_SOURCE[0]}")/../..}" && pwd)
top_builddir=$(cd "${top_builddir:-$top_srcdir/.run/build}" && pwd)

# shellcheck source=test/lib/tap.sh
. "$top_srcdir/test/lib/tap.sh"
# shellcheck source=script/lib/stack.sh
. "$top_srcdir/script/lib/stack.sh"

client_id=tester client_secret='' token='' # never put on a command line
# shellcheck disable=SC2034
reply='' said='' status='' left='' # of the last call
db_options=()                      # further ones for MariaDB, which a test may set
helpers=()                         # ids of what hold() started

stack_test_begin() {
  local program
  starts_servers
  for program in mariadbd mariadb mariadb-install-db; do
    PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || skip_all "$program is not installed"
  done
  for program in fcgi/ruku-fcgi admin/rukuctl test/fcgi_client test/db_relay; do
    [ -x "$top_builddir/$program" ] || { echo "Bail out! $top_builddir/$program is not built"; exit 99; }
  done
  STACK_DIR=$(mktemp -d /tmp/ruku-t.XXXXXX)
  STACK_SOURCE=$top_srcdir
  STACK_BIN_FCGI=$top_builddir/fcgi/ruku-fcgi
  STACK_BIN_CTL=$top_builddir/admin/rukuctl
  STACK_SOCKETS=$STACK_DIR/s
  export STACK_DIR STACK_SOURCE STACK_BIN_FCGI STACK_BIN_CTL
  trap stack_test_end EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  stack_sockets
}

stack_test_end() {
  local status=$? pid name
  trap - EXIT
  disown -a # bash need not tell who was killed
  for pid in ${helpers[@]+"${helpers[@]}"}; do kill "$pid" 2>/dev/null; done
  for name in "$STACK_DIR"/*.pid; do
    name=$(basename "$name" .pid)
    case $name in mariadb | mariadbd | '*') ;; *) stack_stop "$name" ;; esac
  done
  if [ -z "$tap_done" ]; then
    echo "Bail out! the test ended early"
    tail -n 5 "$STACK_DIR"/*.log >&2
    [ "$status" -ne 0 ] || status=1
  fi
  stack_stop mariadb KILL # its data goes with the folder
  stack_stop_all
  if [ -n "${KEEP:-}" ]; then echo "kept: $STACK_DIR" >&2; else rm -rf "$STACK_DIR"; fi
  exit "$status"
}

must() { "$@" || { echo "Bail out! failed: $*"; tap_done=yes; exit 1; }; }

start_database() {
  stack_mariadb --innodb-flush-log-at-trx-commit=0 --innodb-log-file-size=16M --innodb-buffer-pool-size=64M \
    --skip-log-bin --performance-schema=OFF ${db_options[@]+"${db_options[@]}"}
}

stack_test_database() { # <ini lines
  stack_ini
  must start_database
  must stack_ctl db init >"$STACK_DIR/ctl.log" 2>&1
  client_secret=$(stack_ctl client add --id "$client_id" 'Test' 2>>"$STACK_DIR/ctl.log" | sed -n 's/^client_secret=//p')
  must stack_ctl client grant "$client_id" '*' '*' >>"$STACK_DIR/ctl.log" 2>&1
}

ctl() { # words: rukuctl; sets $said (both outputs) and $left
  left=0
  said=$(stack_ctl "$@" 2>&1) || left=$?
}

check() { # name status regex words...: what rukuctl says and how it ends
  local name=$1 want=$2 pattern=$3
  shift 3
  ctl "$@"
  is "$name: exit status" "$left" "$want"
  like "$name" "$said" "$pattern"
}

now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo "${t%???}"; }

# call METHOD URI [OPTIONS]: speaks to ruku-fcgi. Afterwards $reply is the CGI reply, $status its HTTP status, $said what the
# protocol said, $left the client's exit status: 0 ended, 3 closed, 4 too late.
call() {
  left=0
  reply=$(FCGI_AUTHORIZATION=${token:+Bearer $token} "$top_builddir/test/fcgi_client" "$fcgi_socket" "$@" \
    2>"$STACK_DIR/said" | tr -d '\r\0'; exit "${PIPESTATUS[0]}") || left=$?
  said=$(<"$STACK_DIR/said")
  status=${reply#Status: }
  status=${status%%[!0-9]*}
}

push() { # FILE [OPTIONS]: a push to core/general
  local file=$1
  shift
  call POST /v1/records/core/general -b "$file" "$@"
}

# hold NAME METHOD URI [OPTIONS]: the client in the background, its words in $STACK_DIR/NAME.{out,err}; returns once it has connected.
hold() {
  local name=$1
  shift
  : >"$STACK_DIR/$name.err"
  FCGI_AUTHORIZATION=${token:+Bearer $token} "$top_builddir/test/fcgi_client" "$fcgi_socket" "$@" \
    >"$STACK_DIR/$name.out" 2>"$STACK_DIR/$name.err" &
  held=$!
  helpers+=("$held")
  stack_wait 10 grep -q CONNECTED "$STACK_DIR/$name.err"
}

release() { # ends what hold started last
  kill "$held" 2>/dev/null
  wait "$held" 2>/dev/null
  return 0
}

answers() { call GET /healthz --timeout 5 && [ "$status" = 200 ]; }

serves() { ! stack_is_up fcgi || answers; }

serve() { # [OPTIONS]
  stack_start fcgi "$STACK_BIN_FCGI" -f -c "$STACK_DIR/ruku.ini" "$@"
  if stack_wait 20 serves && stack_is_up fcgi; then return 0; fi
  tail -n 20 "$STACK_DIR/fcgi.log" >&2
  return 1
}

stop_serving() { stack_stop fcgi; }

# Starts the service where it is expected not to come up: sets $left to its exit status and $said to its words.
# shellcheck disable=SC2034
try_serving() {
  left=0
  said=$(timeout 20 "$STACK_BIN_FCGI" -f -c "$STACK_DIR/ruku.ini" </dev/null 2>&1) || left=$?
}

workers() { # ids of the workers
  local pid child
  pid=$(stack_pid fcgi) || return 1
  for child in $(cat "/proc/$pid/task/$pid/children" 2>/dev/null); do
    [ "$(cat "/proc/$child/comm" 2>/dev/null)" = ruku-housekeep ] || printf '%s ' "$child"
  done
}

take_token() {
  token=''
  printf 'grant_type=client_credentials&client_id=%s&client_secret=%s' "$client_id" "$client_secret" >"$STACK_DIR/form"
  call POST /oauth2/token -b "$STACK_DIR/form" -P CONTENT_TYPE=application/x-www-form-urlencoded
  rm -f "$STACK_DIR/form"
  token=$(sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p' <<<"$reply")
  [ -n "$token" ] || { diag "no token: $reply"; return 1; }
}

# records COUNT PREFIX [TITLE]: a JSON array of records of core/general, ids PREFIX-1 and on.
records() {
  awk -v n="$1" -v p="$2" -v t="${3:-标题}" 'BEGIN {
    printf "["; for (i = 1; i <= n; i++) printf "%s{\"id\":\"%s-%d\",\"title\":\"%s %d\"}", (i == 1 ? "" : ","), p, i, t, i; print "]" }'
}

stored() { # PREFIX: how many records have such an id
  stack_sql "SELECT COUNT(*) FROM record WHERE id LIKE '$1-%'"
}

batches() { stack_sql 'SELECT COUNT(*) FROM batch'; }

logged() { grep -qE -- "$1" "$STACK_DIR/fcgi.log"; } # REGEX
log_lines() { grep -cE -- "$1" "$STACK_DIR/fcgi.log"; }

member() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p' <<<"$reply" | head -n 1; } # NAME: its value in the reply
