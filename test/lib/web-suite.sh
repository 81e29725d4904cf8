# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The interface through a real web server with its shipped snippet: the same checks for lighttpd and both modules of Apache. A
# test file sets `front`, sources this and calls web_suite. The checks themselves are in web-basic.sh, web-oauth.sh, web-sign.sh, web-push.sh,
# web-read.sh, web-classic.sh, web-xml.sh and web-docs.sh.

. "${top_srcdir:=$(dirname "${BASH_SOURCE[0]}")/../..}/test/lib/tap.sh"
top_srcdir=$(cd "$top_srcdir" && pwd)
: "${top_builddir:=$top_srcdir/.run/build}"
. "$top_srcdir/script/lib/stack.sh"
. "$top_srcdir/test/lib/web-basic.sh"
. "$top_srcdir/test/lib/web-oauth.sh"
. "$top_srcdir/test/lib/web-push.sh"
. "$top_srcdir/test/lib/web-sign.sh"
. "$top_srcdir/test/lib/web-read.sh"
. "$top_srcdir/test/lib/web-classic.sh"
. "$top_srcdir/test/lib/web-xml.sh"
. "$top_srcdir/test/lib/web-docs.sh"

web_start() {
  local program
  starts_servers
  for program in mariadbd lighttpd apache2 jq curl python3 xmllint; do
    PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || skip_all "$program is not installed"
  done
  STACK_DIR=$(mktemp -d /tmp/ruku-t.XXXXXX)
  chmod 755 "$STACK_DIR"
  STACK_SOURCE=$top_srcdir
  STACK_BIN_FCGI=$(realpath "$top_builddir/fcgi/ruku-fcgi")
  STACK_BIN_CTL=$(realpath "$top_builddir/admin/rukuctl")
  STACK_SOCKETS=''
  stack_sockets
  trap 'stack_stop_all; rm -rf "$STACK_DIR"' EXIT
  stack_mariadb --innodb-flush-log-at-trx-commit=0 || exit 99
  probe_category
  web_ini </dev/null
  stack_ctl db init >/dev/null || exit 99
  [ "$front" = apache-fcgid ] || stack_fcgi || exit 99
  # mod_fcgid starts the gateway as Apache's user, who reads ruku.ini and opens the database.
  chmod 644 "$STACK_DIR/ruku.ini"
  [ "$front" != apache-fcgid ] || chmod 755 "$STACK_SOCKETS/private"
  [ "$front" != apache-fcgid ] || [ "$(id -u)" -ne 0 ] || chown www-data "$STACK_DIR/ruku.key"
  web_front || web_front || web_front || exit 99
  url=http://127.0.0.1:$port
  secret=$(new_client main)
  stack_ctl client grant main '*' '*'
  token=$(new_token main "$secret")
}

# A port that was free may be taken by the time the server binds it.
web_front() {
  stack_stop "${front%%-*}"
  port=$(stack_find_port)
  case $front in
    lighttpd) stack_lighttpd "$port" ;;
    apache-proxy) stack_apache "$port" apache/ruku-proxy.conf ;;
    apache-fcgid) stack_apache "$port" apache/ruku-fcgid.conf "FcgidMaxRequestLen 2000000" ;;
  esac
}

web_ini() {
  { printf '%s\n' "ingest.max_body_bytes = 1M" "ingest.max_record_bytes = 400K" "limit.failed_logins = 4" \
    "limit.failed_login_window = 3600" "ingest.spool_dir = /tmp" "schema.extra_dir = $STACK_DIR/schema" \
    "ingest.chunk_records = 10" "ingest.max_results = 200" "classic.token_header = X-Access-Token"
    [ "$front" = lighttpd ] || stack_ini_apache; cat; } | stack_ini
}

# A category beside the shipped ones, for numbers.
probe_category() {
  mkdir -p "$STACK_DIR/schema/category" "$STACK_DIR/schema/codelist"
  cat >"$STACK_DIR/schema/category/probe.ini" <<'INI'
[category]
code = probe
name = 试验
version = 3.1
extends = core

[resource.one]
name = 一

[resource.two]
name = 二

[resource.three]
name = 三

[field.size]
label = 大小
type = integer

[field.price]
label = 价格
type = decimal

[field.when]
label = 时间
type = datetime
input = lenient
INI
}

new_client() { # id [networks] -> secret
  stack_ctl client add --id "$1" ${2:+--network "$2"} "client $1" 2>/dev/null | sed -n 's/^client_secret=//p'
}

# request METHOD PATH [curl arguments]: sets $status, $body, $headers.
request() {
  local method=$1 path=$2
  shift 2
  rm -f "$STACK_DIR/body"
  status=$(curl -sS -X "$method" -o "$STACK_DIR/body" -D "$STACK_DIR/headers" -w '%{http_code}' -m 30 "$@" "$url$path" 2>"$STACK_DIR/curl-error")
  touch "$STACK_DIR/body" # which curl does not make where there is none
  body=$(<"$STACK_DIR/body")
  headers=$(tr -d '\r' <"$STACK_DIR/headers" 2>/dev/null)
}

header() { printf '%s\n' "$headers" | sed -n "s/^$1: *//Ip" | head -n 1; }
json() { printf '%s' "$body" | jq -r "$1" 2>/dev/null; }

ask_token() { # curl arguments
  request POST /oauth2/token "$@"
}

new_token() { # id secret -> token
  ask_token -u "$1:$2" -d grant_type=client_credentials
  json .access_token
}

call() { # METHOD PATH [curl arguments]: with the token
  local method=$1 path=$2
  shift 2
  request "$method" "$path" -H "Authorization: Bearer $token" "$@"
}

push() { # category/resource body [curl arguments]
  local where=$1 what=$2
  shift 2
  call POST "/v1/records/$where" -H 'Content-Type: application/json' --data-binary "$what" "$@"
}

stored() { stack_sql "SELECT COUNT(*) FROM record"; }

# A record of the category news, to be changed in parts: news ID [TITLE] [MORE MEMBERS].
news() {
  printf '{"id":"%s","title":"%s","pub_date":"2024-10-09T15:30:00+08:00","content":"<p>正文</p>"%s}' "$1" "${2-标题}" "${3-}"
}

check_problem() { # name status code
  is "$1" "$status $(json .code) $(json .status) $(header Content-Type)" "$2 $3 $2 application/problem+json"
}

# A record of the category probe: probe ID [TITLE] [MORE MEMBERS].
probe() { printf '{"id":"%s","title":"%s"%s}' "$1" "${2-标题}" "${3-}"; }

lines() { # category/resource body [curl arguments]: a push of one record a line
  local where=$1 what=$2
  shift 2
  call POST "/v1/records/$where" -H 'Content-Type: application/x-ndjson' --data-binary "$what" "$@"
}

hex() { od -An -v -tx1 | tr -d ' \n' | tr a-f A-F; }
counts() { json '[.received,.created,.updated,.unchanged,.superseded,.stale,.rejected]|join(" ")'; }
pushes() { stack_sql "SELECT COUNT(*) FROM batch"; }

web_suite() {
  web_start
  test_token
  test_push
  test_scope
  test_revoke
  test_introspect
  test_metadata
  test_two_secrets
  test_sign
  test_must_sign
  test_content_digest
  test_lines
  test_gzip
  test_lenient
  test_results
  test_validate
  test_repeats
  test_versions
  test_key
  test_put
  test_remembered
  test_ids_of_paths
  test_delete
  test_pages
  test_changes
  test_receipts
  test_digest
  test_classic_token
  test_classic_push
  test_classic_refused
  test_xml_push
  test_xml_refused
  test_xml_answers
  test_faults
  test_not_json
  test_who
  test_routes
  test_docs
  test_media
  test_sizes
  test_own_errors
  test_hang_up
  test_token_refused
  test_limits
  test_rate
  test_docs_settings
  test_database_away
}
