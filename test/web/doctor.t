#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# rukuctl doctor: an installation that is as it should be has no fault, and each thing that is put wrong is found, with its remedy.
set -u
front=lighttpd
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/web-suite.sh"

doctor() { # [URL]: sets $said and $left
  left=0
  said=$(stack_ctl doctor "$@" 2>&1) || left=$?
}
found() { # name regex: doctor finds it, as a fault
  doctor "$url"
  like "$1" "$said" "$2"
  is "$1: exit status" "$left" 1
}

web_start
doctor "$url"
like "a database that may lose what it has answered" "$said" 'FAULT  what is answered survives a power cut: innodb_flush_log_at_trx_commit is 0: set it to 1'
stack_sql 'SET GLOBAL innodb_flush_log_at_trx_commit = 1'
doctor "$url"
is "as it should be: no fault, but for what a test has" "$left:$(grep -c '^FAULT' <<<"$said")" 0:0
like "it has asked the service" "$said" 'ok     Authorization reaches the gateway'
like "by a large body too" "$said" 'ok     a large body reaches it'
like "that there is no TLS is told" "$said" 'WARN   TLS: the address is not https'
doctor
like "without an address only what is here is looked at" "$said" 'WARN   the service: was not asked: give its address'
doctor "$url/"
is "an address with a slash at its end" "$left" 78
doctor http://127.0.0.1:1
like "nobody there" "$said" 'FAULT  the service answers: http://127.0.0.1:1/readyz: 0 '

stack_sql "ALTER TABLE reject CONVERT TO CHARACTER SET latin1"
found "a table in another character set" 'a table is not in utf8mb4'
stack_sql "ALTER TABLE reject CONVERT TO CHARACTER SET utf8mb4; SET GLOBAL max_allowed_packet = 1048576"
found "a packet that is too small" 'max_allowed_packet is 1048576: raise it'
stack_sql "SET GLOBAL max_allowed_packet = 16777216"
chmod 644 "$STACK_DIR/ruku.key"
found "a key for everyone" 'FAULT  the server.s keys: .*is open to others: chmod 0600'
chmod 600 "$STACK_DIR/ruku.key"
printf '[category]\nnonsense = 1\n' >"$STACK_DIR/schema/category/bad.ini"
found "a category with a fault" 'FAULT  categories and code lists: .*bad.ini'
rm "$STACK_DIR/schema/category/bad.ini"

# Web servers that are not set up as they should be.
stack_stop lighttpd
port=$(stack_find_port)
stack_lighttpd "$port" '$HTTP["url"] =~ "^/v1" { server.max-request-size = 500 }'
url=http://127.0.0.1:$port
found "lighttpd that refuses large bodies" 'FAULT  a large body reaches it: the answer was 413 [a-z_ ]*: raise the web server.s limit'
stack_stop lighttpd
port=$(stack_find_port)
stack_ini_apache | web_ini
kill -HUP "$(stack_pid fcgi)"
stack_wait 10 grep -q 'configuration loaded again' "$STACK_DIR/fcgi.log"
[ "$(id -u)" -ne 0 ] || chgrp www-data "$fcgi_socket"
stack_apache "$port" apache/ruku-proxy.conf
url=http://127.0.0.1:$port
doctor "$url"
is "Apache as shipped: no fault" "$left:$(grep -c '^FAULT' <<<"$said")" 0:0
stack_stop apache
port=$(stack_find_port)
stack_apache "$port" apache/ruku-proxy.conf $'<Location "/">\nCGIPassAuth Off\n</Location>'
url=http://127.0.0.1:$port
found "Apache that keeps Authorization to itself" 'FAULT  Authorization reaches the gateway: .*no_token.*CGIPassAuth On'
stack_stop apache
port=$(stack_find_port)
stack_apache "$port" apache/ruku-proxy.conf 'AllowEncodedSlashes Off'
url=http://127.0.0.1:$port
found "Apache that refuses slashes in ids" 'FAULT  a slash in a record.s id reaches it: .*AllowEncodedSlashes NoDecode'
done_testing
