# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What script/bench needs beside stack.sh: the gateways that Ruku is compared with, the web servers before all of them, and the
# measuring. The caller sets what stack.sh asks for, and: top, build (where Ruku and the load driver are built).

bench_workers=8      # processes of ruku-fcgi: as many as the most connections that are measured
bench_php_children=8 # of PHP-FPM
bench_node_connections=8 # to the database, of each process

bench_tokens() { # makes the client, its token for Ruku and one for the peers; sets `token`
  local secret
  secret=$(stack_ctl client add --id bench bench 2>/dev/null | sed -n 's/^client_secret=//p')
  stack_ctl client grant bench '*' '*'
  token=$(printf 'user = "bench:%s"\ndata = "grant_type=client_credentials"\n' "$secret" |
    curl -sS -K - "http://127.0.0.1:$port_lighttpd_ruku/oauth2/token" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
  [ -n "$token" ] || { echo "no token was given" >&2; return 1; }
  stack_sql "INSERT INTO peer_token VALUES (x'$(printf %s "$token" | sha256sum | cut -c1-64)',
    (SELECT id FROM client WHERE client_id = 'bench'), NOW() + INTERVAL 1 DAY)"
}

bench_socket_is() { [ -S "$STACK_SOCKETS/$1.sock" ]; }

bench_php() {
  local program user=''
  program=$(find /usr/sbin -name 'php-fpm[0-9]*' | sort -V | tail -n 1)
  [ "$(id -u)" -ne 0 ] || user=$(printf 'user = root\ngroup = root')
  cat >"$STACK_DIR/php-fpm.conf" <<CONF
[global]
error_log = $STACK_DIR/php-error.log
[peer]
$user
listen = $STACK_SOCKETS/php.sock
listen.mode = 0666
pm = static
pm.max_children = $bench_php_children
env[PEER_DSN] = "mysql:unix_socket=$db_socket;dbname=ruku;charset=utf8mb4"
CONF
  PHP_INI_SCAN_DIR='' stack_start php "$program" -F -R -c "$top/bench/peers/php/php.ini" -y "$STACK_DIR/php-fpm.conf"
  stack_wait 20 bench_socket_is php || { tail -n 20 "$STACK_DIR"/php*.log >&2; return 1; }
}

bench_npm_install() { # peer
  local to=$top/.run/bench-$1
  mkdir -p "$to"
  cp "$top/bench/peers/$1"/*.js* "$to"
  if ! cmp -s "$to/package-lock.json" "$to/installed"; then
    (cd "$to" && npm ci --no-audit --no-fund --ignore-scripts) >"$to/npm.log" 2>&1 || { tail -n 20 "$to/npm.log" >&2; return 1; }
    cp "$to/package-lock.json" "$to/installed"
  fi
}

# Single records go faster by one process, batches by two: each is measured with what serves it best.
bench_node() { # name processes
  rm -f "$STACK_SOCKETS/$1.sock"
  PEER_DB=$db_socket PEER_PROCESSES=$2 PEER_CONNECTIONS=$bench_node_connections NODE_ENV=production \
    stack_start "$1" node "$top/.run/bench-node/server.js" "$STACK_SOCKETS/$1.sock"
  stack_wait 20 bench_socket_is "$1" || { tail -n 20 "$STACK_DIR/$1.log" >&2; return 1; }
}

# The web servers have a port for each gateway. What they are told of Ruku is the shipped snippet.
bench_lighttpd() {
  stack_lighttpd "$port_lighttpd_ruku" "
server.modules += ( \"mod_rewrite\", \"mod_proxy\" )
\$SERVER[\"socket\"] == \"127.0.0.1:$port_lighttpd_php\" {
    server.document-root = \"$top/bench/peers/php\"
    url.rewrite-once = ( \"^/v1/\" => \"/index.php\" )
    fastcgi.server = ( \".php\" => (( \"socket\" => \"$STACK_SOCKETS/php.sock\" )) )
}
\$SERVER[\"socket\"] == \"127.0.0.1:$port_lighttpd_node\" {
    fastcgi.server = ()
    proxy.server = ( \"\" => (( \"socket\" => \"$STACK_SOCKETS/node.sock\" )) )
}
\$SERVER[\"socket\"] == \"127.0.0.1:$port_lighttpd_node1\" {
    fastcgi.server = ()
    proxy.server = ( \"\" => (( \"socket\" => \"$STACK_SOCKETS/node1.sock\" )) )
}"
}

bench_apache() {
  local modules=/usr/lib/apache2/modules
  stack_apache "$port_apache_ruku" apache/ruku-proxy.conf '' "
LoadModule dir_module $modules/mod_dir.so
LoadModule proxy_http_module $modules/mod_proxy_http.so
Listen 127.0.0.1:$port_apache_php
Listen 127.0.0.1:$port_apache_node
Listen 127.0.0.1:$port_apache_node1
<VirtualHost 127.0.0.1:$port_apache_php>
    DocumentRoot \"$top/bench/peers/php\"
    FallbackResource /index.php
    <Directory \"$top/bench/peers/php\">
        Require all granted
        CGIPassAuth On
        <FilesMatch \"\\.php\$\">
            SetHandler \"proxy:unix:$STACK_SOCKETS/php.sock|fcgi://localhost\"
        </FilesMatch>
    </Directory>
</VirtualHost>
<VirtualHost 127.0.0.1:$port_apache_node>
    ProxyPass \"/\" \"unix:$STACK_SOCKETS/node.sock|http://node/\"
</VirtualHost>
<VirtualHost 127.0.0.1:$port_apache_node1>
    ProxyPass \"/\" \"unix:$STACK_SOCKETS/node1.sock|http://node1/\"
</VirtualHost>"
}

bench_stop_all() {
  stack_stop oidc
  stack_stop php
  stack_stop node
  stack_stop node1
  stack_stop_all
}

# The processes under a name that stack_start was given, with all their descendants.
bench_tree() { # name
  local pids next
  next=$(stack_pid "$1")
  pids=$next
  while next=$(pgrep -P "$(tr ' \n' ',,' <<<"$next" | sed 's/,*$//')") && [ -n "$next" ]; do pids="$pids $next"; done
  echo "$pids" | tr '\n' ' '
}

bench_ticks() { # name: processor time of these processes, and of those of their children that have ended, in clock ticks
  local pid
  for pid in $(bench_tree "$1"); do cat "/proc/$pid/stat" 2>/dev/null || true; done |
    awk '{ sub(/.*\) /, ""); sum += $12 + $13 + $14 + $15 } END { print sum + 0 }'
}

# The most that one process has had resident since the last reset, in KiB.
bench_reset_peak() { # name
  local pid
  for pid in $(bench_tree "$1"); do (echo 5 >"/proc/$pid/clear_refs") 2>/dev/null || true; done
}

bench_peak() { # name
  local pid
  for pid in $(bench_tree "$1"); do cat "/proc/$pid/status" 2>/dev/null || true; done |
    awk '/^VmHWM/ { if ($2 > most) most = $2 } END { print most + 0 }'
}

bench_empty() {
  stack_sql "TRUNCATE bench_record; TRUNCATE record; TRUNCATE batch; TRUNCATE peer_record; TRUNCATE peer_batch"
}

# bench_push GATEWAY WEB OPTIONS...: runs the load driver with these options and prints what it printed, then the processor
# seconds of database, web server, gateway and driver, and the gateway's peak in KiB.
bench_push() {
  local gateway=$1 web=$2 db front own line took
  shift 2
  bench_reset_peak "$gateway"
  db=$(bench_ticks mariadb) front=$(bench_ticks "$web") own=$(bench_ticks "$gateway")
  TIMEFORMAT='%U %S'
  { time "$build/bench/push" "$@" <<<"$token" >"$STACK_DIR/push.out" 2>"$STACK_DIR/push.err"; } 2>"$STACK_DIR/push.time" ||
    { head -c 2000 "$STACK_DIR/push.err" >&2; return 1; }
  line=$(cat "$STACK_DIR/push.out")
  took=$(awk '{ print $1 + $2 }' "$STACK_DIR/push.time")
  awk -v hz="$(getconf CLK_TCK)" -v line="$line" -v took="$took" -v peak="$(bench_peak "$gateway")" \
    -v db=$(($(bench_ticks mariadb) - db)) -v front=$(($(bench_ticks "$web") - front)) -v own=$(($(bench_ticks "$gateway") - own)) \
    'BEGIN { print line, db / hz, front / hz, own / hz, took, peak }'
}

bench_bare() { # connections batches rows: as bench_push
  local db line took
  db=$(bench_ticks mariadb)
  TIMEFORMAT='%U %S'
  { time "$build/bench/bare" "$db_socket" "$@" >"$STACK_DIR/push.out"; } 2>"$STACK_DIR/push.time" ||
    { cat "$STACK_DIR/push.time" >&2; return 1; }
  line=$(cat "$STACK_DIR/push.out")
  took=$(awk '{ print $1 + $2 }' "$STACK_DIR/push.time")
  awk -v hz="$(getconf CLK_TCK)" -v line="$line" -v took="$took" -v db=$(($(bench_ticks mariadb) - db)) \
    'BEGIN { print line, db / hz, 0, 0, took, 0 }'
}

bench_stored() { stack_sql "SELECT (SELECT COUNT(*) FROM record) + (SELECT COUNT(*) FROM peer_record) + (SELECT COUNT(*) FROM bench_record)"; }

# The memory that MariaDB was given is touched for the first time once, which costs more than the rows themselves on many machines:
# before anything is measured, all of it has been.
bench_warm_database() {
  local round
  for round in 1 2; do
    bench_empty
    "$build/bench/bare" "$db_socket" 4 "$((200 * round))" 1000 >/dev/null
  done
}

# Compilers that work while the program runs are done by then, caches are warm.
bench_warm() { # port
  "$build/bench/push" "$1" 4 15 1000 <<<"$token" >/dev/null
  "$build/bench/push" "$1" 8 500 1 <<<"$token" >/dev/null
}

# bench_start OPTIONS: everything that a measurement of all contenders needs.
bench_start() {
  local web gateway
  for web in lighttpd apache; do
    for gateway in ruku php node node1; do printf -v "port_${web}_$gateway" %s "$(stack_find_port)"; done
  done
  bench_npm_install node
  bench_database "$1"
  { echo "server.workers = $bench_workers"; stack_ini_apache; stack_ini_watched; } | stack_ini
  stack_fcgi
  bench_php
  bench_node node 2
  bench_node node1 1
  bench_lighttpd
  bench_apache
  bench_tokens
}

bench_database() { # options of mariadbd, in one word
  # shellcheck disable=SC2086
  stack_mariadb $1
  stack_ini </dev/null
  stack_ctl db init >/dev/null
  stack_sql "CREATE TABLE bench_record LIKE record; $(cat "$top/bench/peers/schema.sql")"
}

bench_version() { "$@" 2>/dev/null | head -n 1 | grep -oE '[0-9]+\.[0-9]+[0-9.]*' | head -n 1; }

bench_machine() { # the head of a table
  local php
  php=$(find /usr/sbin -name 'php-fpm[0-9]*' | sort -V | tail -n 1)
  cat <<TXT
# Measured

$(awk -F': *' '/model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) cores shared by everything,
$(awk '/MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GiB of memory, Linux $(uname -r);
MariaDB $(stack_sql 'SELECT VERSION()'), lighttpd $(bench_version lighttpd -v), Apache $(bench_version apache2 -v),
PHP $(bench_version "$php" -v), Node.js $(bench_version node --version), gcc $(gcc -dumpfullversion).
Records of 1.3 KB, durable commits.
TXT
}
