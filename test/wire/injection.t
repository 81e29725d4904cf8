#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Whatever a peer puts into a request, each line of the log and of the audit is one event that can be read as it stands, and so is an answer
# that refuses: no line breaks, no sequences of a terminal, no marks of direction, nothing but UTF-8.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

stack_test_begin
command -v python3 >/dev/null || skip_all "python3 is not installed"
dir=$STACK_DIR
settings() { # further lines
  {
    printf '%s\n' "log.target = $dir/fcgi.log" 'log.level = debug' "audit.target = $dir/audit.jsonl" 'network.trusted_proxies = 127.0.0.1' \
      'classic.token_header = X-Token' 'limit.failed_logins = 0'
    cat
  } | stack_ini
}
stack_test_database </dev/null
settings </dev/null
must serve -w 2
must take_token
records 2 a >"$dir/body"
push "$dir/body"
is "(what means no harm is stored)" "$status" 200
mkdir "$dir/replies"

# A line break and a line that looks like one of the log; ESC, BEL, DEL; U+202E, U+2066, U+061C; U+2028, U+2029; U+0085 and U+009B; bytes that are
# no UTF-8, among them a NUL of two bytes; and a letter at the end, behind which nothing may be lost.
evil=$'A\r\n2999-01-01T00:00:00+08:00 error pid=1 forged\t\e[31m\a\x7f\xe2\x80\xae\xe2\x81\xa6\xd8\x9c\xe2\x80\xa8\xe2\x80\xa9'
evil+=$'\xc2\x85\xc2\x9b2J\xff\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\xe4\xb8Z'
enc=$(printf %s "$evil" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g')
# The same in JSON: what may stand there as it is, and in escapes.
json=$'A\xe2\x80\xae\xe2\x81\xa6\xd8\x9c\xe2\x80\xa8\xe2\x80\xa9\xc2\x85\xc2\x9b2JZ'
escaped='A\r\n2999-01-01T00:00:00+08:00 error pid=1 forged\t\u001b[31m\u0007\u007f\u202e\u2066\u061c\u2028\u2029\u0085\u009b2J\u0000Z'
nul_free=${escaped//\\u0000/}

calls=0 lost=''
# send METHOD URI [OPTIONS]: a request, whose whole answer is kept as it came.
send() {
  local said_status=''
  calls=$((calls + 1))
  FCGI_AUTHORIZATION=${token:+Bearer $token} "$top_builddir/test/fcgi_client" "$fcgi_socket" "$@" >"$dir/replies/$calls" 2>"$dir/said"
  said_status=$(head -c 11 "$dir/replies/$calls" | tr -d '\0')
  [[ $said_status =~ ^Status:\ [2-5][0-9][0-9]$ ]] || lost="$lost $calls"
}
send_form() { # PATH FORM [OPTIONS]
  printf %s "$2" >"$dir/form"
  send POST "$1" -b "$dir/form" -P CONTENT_TYPE=application/x-www-form-urlencoded "${@:3}"
}
send_body() { # METHOD URI TYPE BODY [OPTIONS]
  printf %s "$4" >"$dir/evil"
  send "$1" "$2" -b "$dir/evil" -P CONTENT_TYPE="$3" "${@:5}"
}

before=$(log_lines '^[^ ]* [a-z]* pid=[0-9]* request=')
for language in en zh; do
  lang="HTTP_ACCEPT_LANGUAGE=$language"
  for method in "$evil" GET POST PUT DELETE OPTIONS; do
    send "$method" "/$evil" -P "$lang"
    send "$method" "/$enc" -P "$lang"
    send "$method" "/v1/records/core/general/$enc?limit=$enc" -P "$lang"
  done
  for path in "/v1/records/$enc/general" "/v1/records/core/$enc" "/v1/records/core/general/a-1%0Ab" "/v1/categories/$enc" "/v1/batches/$enc" \
    "/v1/digest/core/$enc" "/problems/$enc" "/docs/$enc" "/v1/records/core/general?limit=$enc" "/v1/records/core/general?after=$enc" \
    "/v1/records/core/general?state=$json" "/v1/records/core/general?updated_since=$json" "/v1/records/core/general?state=$enc" "/v1/batches?after=$json" \
    "/v1/records/core/general/$evil" "/v1/records/core/general?$evil" "/v1/records/%E2%80%AE/%C2%9B"; do
    send GET "$path" -P "$lang"
    send GET "$path" -P "$lang" -P HTTP_ACCEPT=application/xml
  done
  # Every header that is read, and some that are not.
  for name in REMOTE_ADDR HTTP_X_FORWARDED_FOR HTTP_X_FORWARDED_PROTO HTTP_USER_AGENT HTTP_HOST HTTP_REFERER HTTP_ACCEPT HTTP_PREFER \
    HTTP_IDEMPOTENCY_KEY HTTP_IF_MATCH HTTP_IF_NONE_MATCH HTTP_AUTHORIZATION HTTP_X_TOKEN HTTP_CONTENT_ENCODING CONTENT_TYPE HTTPS REQUEST_SCHEME \
    HTTP_X_REQUEST_ID HTTP_ACCEPT_LANGUAGE SERVER_PROTOCOL; do
    for value in "$evil" "\"$json\"" "127.0.0.1, $json"; do
      send POST /v1/records/core/general -b "$dir/body" -P "$lang" -P "$name=$value"
    done
  done
  send POST /v1/records/core/general -b "$dir/body" --announce "$evil" -P "$lang"
  send GET "/$evil/v1/batches" -P "SCRIPT_NAME=/$evil" -P PATH_INFO=/v1/batches -P "$lang"
  send GET "/$json/problems/no_token" -P "SCRIPT_NAME=/$json" -P PATH_INFO=/problems/no_token -P "$lang"
  send GET "/$json/v1/nothing" -P "SCRIPT_NAME=/$json" -P PATH_INFO=/v1/nothing -P "$lang"
  send GET "/v1/nothing" -P "HTTP_AUTHORIZATION=$json" -P "$lang"
  # Credentials.
  for form in "grant_type=client_credentials&client_id=$enc&client_secret=$enc" "grant_type=$enc&client_id=tester&client_secret=x" \
    "grant_type=client_credentials&client_id=$json&client_secret=x" "client_id=tester&client_secret=x&token=$json" \
    "grant_type=client_credentials&scope=$json&client_id=tester&client_secret=$client_secret" "$evil"; do
    for path in /oauth2/token /oauth2/revoke /oauth2/introspect /api/token; do send_form "$path" "$form" -P "$lang"; done
  done
  send_form /oauth2/token grant_type=client_credentials -P "HTTP_AUTHORIZATION=Basic $(printf '%s:x' "$evil" | base64 -w 0)" -P "$lang"
  send_form /oauth2/token grant_type=client_credentials -P "HTTP_AUTHORIZATION=Basic $evil" -P "$lang"
  send_body POST /api/token application/json "{\"client_id\":\"$nul_free\",\"client_secret\":\"$json\"}" -P "$lang"
  # Records: ids, names of fields, values, and what is no JSON or XML at all.
  for text in "$json" "$escaped" "$nul_free"; do
    for record in "{\"id\":\"$text\",\"title\":\"x\"}" "{\"id\":\"b-1\",\"title\":\"x\",\"$text\":1}" "{\"id\":\"b-2\",\"title\":\"$text\",\"url\":\"$text\"}" \
      "{\"id\":\"b-3\",\"title\":\"x\",\"pub_date\":\"$text\"}" "{\"id\":\"b-4\",\"title\":{\"$text\":[]}}" "{\"id\":\"b-5\",\"title\":\"x\"}$text" "$text"; do
      send_body POST /v1/records/core/general application/json "[$record]" -P "$lang"
      send_body POST /v1/records/core/general application/x-ndjson "$record" -P "$lang" -P 'HTTP_PREFER=handling=lenient, return=representation'
      send_body POST /v1/validate/core/general application/json "[$record]" -P "$lang" -P HTTP_ACCEPT=application/xml
      send_body POST /api/push application/json "{\"category\":\"core\",\"resource\":\"general\",\"batch_id\":\"$text\",\"data\":[$record]}" -P "$lang"
    done
    send_body POST /api/push application/json "{\"category\":\"$text\",\"resource\":\"$text\",\"data\":[]}" -P "$lang"
    send_body PUT "/v1/records/core/general/$enc" application/json "{\"title\":\"$text\"}" -P "$lang"
  done
  send_body POST /v1/records/core/general application/json "[{\"id\":\"$evil\",\"$evil\":\"$evil\"}]" -P "$lang"
  for text in "$json" "$evil"; do
    for xml in "<records><record><id>$text</id><title>x</title></record></records>" "<records><record><$text>x</$text></record></records>" \
      "<records><record $text=\"$text\"/></records>" "<!DOCTYPE $text><$text/>" "<?$text?><records/>$text" "<records>&$text;</records>"; do
      send_body POST /v1/records/core/general application/xml "$xml" -P "$lang"
    done
  done
done
is "every request was answered ($calls of them)" "$lost" ''
after_last() { [ $(($(log_lines '^[^ ]* [a-z]* pid=[0-9]* request=') - before)) -ge "$calls" ]; }
stack_wait 10 after_last
is "each is one line of the log" "$(($(log_lines '^[^ ]* [a-z]* pid=[0-9]* request=') - before))" "$calls"

# not_plain KIND FILE...: tells of what is no plain text. KIND: log, audit (lines of JSON), replies (of those that refuse all, else the headers), lines.
not_plain() {
  python3 - "$@" <<'PY'
import json, re, sys

# As lib/base/utf8.c has them: controls, separators of lines, marks of direction.
hidden = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
event = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\+08:00 (error|warn|info|debug) pid=[0-9]+ ")

def tell(path, number, what, line):
    print(f"{path}:{number}: {what}: {line[:300]!r}")

def look(path, number, line, kind):
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return tell(path, number, "no UTF-8", line)
    found = hidden.search(text.replace("\t", "") if kind == "xml" else text) # a tab in XML is a blank
    if found:
        tell(path, number, "not plain", text[max(0, found.start() - 100):found.end() + 50].encode())
    if kind == "log" and not event.match(text):
        tell(path, number, "no event", line)
    if kind == "log" and text.startswith("2999"):
        tell(path, number, "forged", line)
    if kind == "audit" and set(json.loads(text)) != {"at", "actor", "address", "action", "subject", "result", "detail", "request_id", "writer", "seq",
                                                     "prev", "hash"}:
        tell(path, number, "no entry", line)

for path in sys.argv[2:]:
    kind = sys.argv[1]
    data = open(path, "rb").read()
    if sys.argv[1] == "replies":
        head, _, body = data.partition(b"\r\n\r\n")
        for number, line in enumerate(head.split(b"\r\n"), 1):
            look(path, number, line, "reply")
            if not re.match(rb"[A-Za-z-]+: ", line):
                tell(path, number, "no header", line)
        data = body if data[8:9] in (b"4", b"5") else b""
        kind = "xml" if b"xml\r\n" in head + b"\r\n" else "reply"
    elif not data.endswith(b"\n"):
        tell(path, 0, "the last line has no end", data[-300:])
    for number, line in enumerate(data.split(b"\n"), 1):
        if line:
            look(path, number, line, kind)
PY
  [ $? -eq 0 ] || echo "it could not be looked at"
}
ok "(what is not plain is found)" test "$(printf '%s\n' "$evil" >"$dir/sample"; not_plain log "$dir/sample" | wc -l)" -ge 3
ok "each line of the log is one event in plain text" nothing not_plain log "$dir/fcgi.log"
ok "what was sent is in it, escaped" logged 'A\\x0d\\x0a2999-01-01T00:00:00\+08:00 error pid=1 forged\\x09\\x1b\[31m\\x07\\x7f\\xe2\\x80\\xae'
ok "each line of the audit is one entry in plain text" nothing not_plain audit "$dir/audit.jsonl"
ok "(it has what was sent)" grep -q '"actor":"A??2999' "$dir/audit.jsonl"
ok "every answer that refuses is plain text, and the headers of every one" nothing not_plain replies "$dir"/replies/*
stop_serving
is "as many entries are in the database as in the file" "$(stack_sql "SELECT COUNT(*) FROM audit WHERE writer <> 'rukuctl'")" "$(wc -l <"$dir/audit.jsonl")"

# What the administrator sees of it in a terminal.
stack_ctl audit export >"$dir/export.jsonl"
ok "the audit is exported in plain text" nothing not_plain audit "$dir/export.jsonl"
stack_ctl audit verify >"$dir/verify.txt" 2>&1
ok "and is whole" grep -q 'The audit is whole' "$dir/verify.txt"
is "no worker died of all this" "$(log_lines 'was ended by signal|left with status')" 0
done_testing
