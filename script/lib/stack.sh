# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Private servers for demonstration, tests and benchmarks: MariaDB, ruku-fcgi, lighttpd, Apache. Everything lies in one folder, $STACK_DIR;
# sockets lie in $STACK_SOCKETS, a short path, since a socket's path has at most 107 bytes. Only processes that were
# started here are ended, by their ids.
#
# The caller sets: STACK_DIR, STACK_SOURCE (the checkout), STACK_BIN_FCGI, STACK_BIN_CTL.

stack_wait() { # seconds command...: until the command succeeds
  local tries=$(($1 * 20))
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    sleep 0.05
  done
}

stack_sockets() {
  if [ -z "${STACK_SOCKETS:-}" ]; then
    STACK_SOCKETS=$(mktemp -d /tmp/ruku.XXXXXX)
    chmod 755 "$STACK_SOCKETS"
  fi
  # The database's root has no password: its socket lies behind a folder that only its owner enters.
  mkdir -p "$STACK_SOCKETS/private"
  chmod 755 "$STACK_SOCKETS"
  chmod 700 "$STACK_SOCKETS/private"
  db_socket=$STACK_SOCKETS/private/db.sock
  fcgi_socket=$STACK_SOCKETS/fcgi.sock
}

# Starts a command in a session of its own and remembers its id under a name.
stack_start() { # name command...
  local name=$1
  shift
  setsid "$@" </dev/null >>"$STACK_DIR/$name.log" 2>&1 &
  echo $! >"$STACK_DIR/$name.pid"
}

stack_pid() { cat "$STACK_DIR/$1.pid" 2>/dev/null; }

stack_is_up() { # name
  local pid
  pid=$(stack_pid "$1") && [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null
}

# Ends what was started under a name, if it is still that program.
stack_stop() { # name [signal]
  local pid name=$1
  pid=$(stack_pid "$name") || return 0
  rm -f "$STACK_DIR/$name.pid"
  [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -e "$STACK_DIR" -e "$STACK_SOCKETS" || return 0
  kill -"${2:-TERM}" "$pid" 2>/dev/null || return 0
  stack_wait 30 stack_gone "$pid" || kill -KILL "$pid" 2>/dev/null
}

stack_gone() { ! kill -0 "$1" 2>/dev/null || [ "$(awk '{print $3}' "/proc/$1/stat" 2>/dev/null)" = Z ]; }

stack_stop_all() {
  local name
  for name in lighttpd apache fcgi mariadb; do stack_stop "$name"; done
  [ -z "${STACK_SOCKETS:-}" ] || rm -rf "$STACK_SOCKETS"
}

stack_db_answers() { mariadb-admin --no-defaults -u root -S "$db_socket" ping; }

# stack_mariadb [OPTIONS]: a server on a unix socket only, its data in $STACK_DIR/db.
stack_mariadb() {
  local user
  user=$(id -un)
  if [ ! -d "$STACK_DIR/db/mysql" ]; then
    mkdir -p "$STACK_DIR/db"
    mariadb-install-db --no-defaults --auth-root-authentication-method=normal --skip-test-db --user="$user" \
      --datadir="$STACK_DIR/db" >"$STACK_DIR/install-db.log" 2>&1 || { tail "$STACK_DIR/install-db.log" >&2; return 1; }
  fi
  stack_start mariadb "$(command -v mariadbd || echo /usr/sbin/mariadbd)" --no-defaults --user="$user" --datadir="$STACK_DIR/db" \
    --socket="$db_socket" --pid-file="$STACK_DIR/mariadbd.pid" --skip-networking --character-set-server=utf8mb4 \
    --innodb-buffer-pool-size=256M --innodb-log-file-size=256M "$@"
  stack_wait 60 stack_db_answers || { tail -n 20 "$STACK_DIR/mariadb.log" >&2; return 1; }
}

stack_sql() { mariadb --no-defaults --default-character-set=utf8mb4 -u root -S "$db_socket" -N -B ruku -e "$1"; }

stack_ctl() { "$STACK_BIN_CTL" -c "$STACK_DIR/ruku.ini" "$@"; }

# The messages of programs that were built and not installed.
stack_words() {
  local dir
  for dir in "$(dirname "$STACK_BIN_CTL")/../po" "$STACK_SOURCE/po"; do
    [ ! -d "$dir/zh_CN" ] || { RUKU_LOCALEDIR=$(realpath "$dir"); export RUKU_LOCALEDIR; return 0; }
  done
}

# stack_ini: writes $STACK_DIR/ruku.ini. Lines "section.key = value" on standard input are put on top of what is needed.
stack_ini() {
  stack_words
  {
    printf '%s\n' "server.listen = $fcgi_socket" "database.socket = $db_socket" \
      "database.name = ruku" "database.user = root" "schema.dir = $STACK_SOURCE/schema" "ingest.spool_dir = $STACK_DIR" "docs.dir = $STACK_SOURCE/page" \
      "crypto.key_file = $STACK_DIR/ruku.key" "network.require_https = no"
    cat
  } | awk -F'[.]' 'NF == 0 { next } {
      i = index($0, "."); section = substr($0, 1, i - 1); line = substr($0, i + 1)
      split(line, part, " *= *"); id = section "." part[1]
      if (!(section in seen)) { order[++n] = section; seen[section] = 1 }
      if (!(id in value)) keys[section] = keys[section] " " id
      value[id] = line
    }
    END {
      for (s = 1; s <= n; s++) {
        print "[" order[s] "]"; m = split(keys[order[s]], k, " ")
        for (j = 1; j <= m; j++) print value[k[j]]
      }
    }' >"$STACK_DIR/ruku.ini"
  [ -e "$STACK_DIR/ruku.key" ] || stack_ctl key create >/dev/null
}

# stack_ini_apache: lines for stack_ini where Apache is in front. Started as root it becomes someone else, who may open the socket.
stack_ini_apache() {
  [ "$(id -u)" -ne 0 ] || echo "server.socket_group = www-data"
}

# stack_ini_watched: lines for stack_ini where the processes are looked into by /proc: only root may do that with those that are confined.
stack_ini_watched() {
  [ "$(id -u)" -eq 0 ] || echo "server.seccomp = no"
}

stack_fcgi_listens() { [ -S "$fcgi_socket" ]; }

# stack_fcgi [OPTIONS]: ruku-fcgi on its own socket.
stack_fcgi() {
  stack_start fcgi "$STACK_BIN_FCGI" -f -c "$STACK_DIR/ruku.ini" "$@"
  stack_wait 20 stack_fcgi_listens && stack_is_up fcgi || { tail -n 20 "$STACK_DIR/fcgi.log" >&2; return 1; }
}

# The shipped snippet with the paths of this stack in place of the installed ones.
stack_snippet() { # file
  sed -e "s|/run/ruku/ruku.sock|$fcgi_socket|g" -e "s|/usr/share/ruku/errors/|$STACK_SOURCE/etc/errors/|g" \
    -e "s|/usr/sbin/ruku-fcgi|$STACK_BIN_FCGI|g" -e "s|/etc/ruku/ruku.ini|$STACK_DIR/ruku.ini|g" "$STACK_SOURCE/etc/$1"
}

stack_port_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

stack_find_port() {
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 20000))
    stack_port_free "$port" && echo "$port" && return 0
  done
  return 1
}

stack_answers() { curl -sf -o /dev/null "http://127.0.0.1:$1/healthz"; }

# stack_lighttpd PORT [LINES]: lighttpd with the shipped snippet, and LINES after it.
stack_lighttpd() {
  stack_snippet lighttpd/ruku.conf >"$STACK_DIR/lighttpd-ruku.conf"
  cat >"$STACK_DIR/lighttpd.conf" <<CONF
server.document-root = "$STACK_DIR"
server.bind = "127.0.0.1"
server.port = $1
server.errorlog = "$STACK_DIR/lighttpd-error.log"
include "$STACK_DIR/lighttpd-ruku.conf"
${2:-}
CONF
  stack_start lighttpd "$(command -v lighttpd || echo /usr/sbin/lighttpd)" -D -f "$STACK_DIR/lighttpd.conf"
  stack_wait 20 stack_answers "$1" || { tail -n 20 "$STACK_DIR"/lighttpd*.log >&2; return 1; }
}

# stack_apache PORT SNIPPET [LINES [MORE]]: Apache with a shipped snippet (apache/ruku-proxy.conf or apache/ruku-fcgid.conf), LINES after
# it, and MORE outside its virtual host.
stack_apache() {
  local modules=/usr/lib/apache2/modules user=''
  stack_snippet "$2" >"$STACK_DIR/apache-ruku.conf"
  # As root Apache must become someone else, who may open the socket and the error pages.
  [ "$(id -u)" -ne 0 ] || user=$(printf 'User www-data\nGroup www-data')
  mkdir -p "$STACK_DIR/fcgid"
  [ "$(id -u)" -ne 0 ] || chown www-data "$STACK_DIR/fcgid"
  cat >"$STACK_DIR/apache.conf" <<CONF
ServerRoot "$STACK_DIR"
DefaultRuntimeDir "$STACK_SOCKETS"
PidFile "$STACK_DIR/httpd.pid"
ServerName 127.0.0.1
Listen 127.0.0.1:$1
ErrorLog "$STACK_DIR/apache-error.log"
$user
$(for m in mpm_event authz_core authz_host alias mime env proxy proxy_fcgi fcgid; do
    echo "LoadModule ${m}_module $modules/mod_$m.so"; done)
TypesConfig /etc/mime.types
${RUKU_LOCALEDIR:+FcgidInitialEnv RUKU_LOCALEDIR "$RUKU_LOCALEDIR"}
FcgidIPCDir "$STACK_DIR/fcgid"
FcgidProcessTableFile "$STACK_DIR/fcgid/shm"
<VirtualHost 127.0.0.1:$1>
Include "$STACK_DIR/apache-ruku.conf"
${3:-}
</VirtualHost>
${4:-}
CONF
  stack_start apache "$(command -v apache2 || echo /usr/sbin/apache2)" -f "$STACK_DIR/apache.conf" -D FOREGROUND
  stack_wait 20 stack_answers "$1" || { tail -n 20 "$STACK_DIR"/apache*.log >&2; return 1; }
}
