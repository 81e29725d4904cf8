# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Checks of the interface that hold whatever is pushed: tokens, who may, what a body may be, limits, the database away. See web-suite.sh.

test_token() {
  ask_token -u "main:$secret" -d grant_type=client_credentials
  is "Basic credentials get a token" "$status $(json '.token_type + " " + (.expires_in | tostring)')" "200 Bearer 7200"
  is "a token is not to be cached" "$(header Cache-Control) $(header Pragma)" "no-store no-cache"
  like "a token is letters and digits, and tells what it is" "$(json .access_token)" '^rukutoken[A-Za-z0-9]{49}$'
  ask_token -d "grant_type=client_credentials&client_id=main&client_secret=$secret&unknown=1"
  is "credentials in the form get a token" "$status" 200
  ask_token -d "grant_type=client_credentials&client-id=main&client-secret=$secret"
  is "client-id and client-secret are known too" "$status" 200
  ask_token -u "main:$secret" -d "grant_type=client_credentials&client_id=main"
  is "the id may stand in the form beside Basic" "$status" 200
  ask_token -u "main:$secret" -d "grant_type=client_credentials&scope=news/government"
  is "a scope that was asked for is answered" "$status $(json .scope)" '200 news/government'
  local other
  other=$(new_token main "$secret")
  request GET /v1/categories -H "Authorization: Bearer $token"
  is "several tokens live side by side: the first" "$status" 200
  request GET /v1/categories -H "Authorization: bearer $other"
  is "several tokens live side by side: the second" "$status" 200
}

refused() { # name status error curl-arguments...
  local name=$1 want="$2 $3"
  shift 3
  ask_token "$@"
  is "$name" "$status $(json .error)" "$want"
}

test_token_refused() {
  local grant=grant_type=client_credentials long
  refused "a secret twice is refused" 400 invalid_request -u "main:$secret" -d "$grant&client_id=main&client_secret=$secret"
  refused "two different ids are refused" 400 invalid_request -u "main:$secret" -d "$grant&client_id=other"
  refused "a repeated parameter is refused" 400 invalid_request -u "main:$secret" -d "$grant&$grant"
  refused "grant_type must be there" 400 invalid_request -u "main:$secret" -d "x=1"
  refused "an empty parameter is as good as none" 400 invalid_request -u "main:$secret" -d "grant_type="
  refused "another grant_type is refused" 400 unsupported_grant_type -u "main:$secret" -d "grant_type=password"
  refused "a malformed scope is refused" 400 invalid_scope -u "main:$secret" --data-urlencode 'scope=a"b' -d "$grant"
  refused "a JSON body is no form" 400 invalid_request -u "main:$secret" -H 'Content-Type: application/json' -d '{}'
  refused "Basic that is not base64 is refused" 400 invalid_request -H 'Authorization: Basic !!!' -d "$grant"
  long=$(head -c 40000 /dev/zero | tr '\0' a)
  refused "a form over its limit is refused" 400 invalid_request -u "main:$secret" -d "$grant&pad=$long"
  refused "no credentials" 401 invalid_client -d "$grant"
  like "401 names the scheme" "$(header WWW-Authenticate)" '^Basic realm="ruku"'
  is "a refusal is not to be cached" "$(header Cache-Control)" no-store
  refused "an unknown client" 401 invalid_client -u "nobody:$secret" -d "$grant"
  local unknown
  unknown=$(json 'del(.request_id)')
  refused "a wrong secret" 401 invalid_client -u "main:wrong" -d "$grant"
  is "an unknown client and a wrong secret get the same answer" "$(json 'del(.request_id)')" "$unknown"
  like "error_description is ASCII without quotes" "$(json .error_description)" '^[ -!#-[^-~]*$|^[A-Za-z ]*$'
  request POST "/oauth2/token?$grant&client_id=main&client_secret=$secret" -d "$grant"
  is "credentials in the query are not taken" "$status" 401
  request GET /oauth2/token
  is "a token is had by POST only" "$status $(header Allow)" "405 POST, OPTIONS"
}

test_push() {
  local before
  push news/government "$(news a1)"
  is "a new record is created" "$status $(json '[.received,.created,.updated,.unchanged,.rejected]|join(" ")')" "200 1 1 0 0 0"
  like "a push has a batch" "$(json .batch)" '^[0-9]{14}-[0-9a-z]{12}$'
  is "the receipt is stored with it" "$(stack_sql "SELECT CONCAT_WS(' ', category, resource, received, created) FROM batch WHERE id = '$(json .batch)'")" \
    "news government 1 1"
  push news/government "$(news a1)"
  is "the same again is unchanged" "$(json '[.created,.updated,.unchanged]|join(" ")')" "0 0 1"
  push news/government '{ "content":"<p>\u6b63文</p>","title" : "标题", "id":"a1","pub_date":"2024-10-09T15:30:00+08:00"}'
  is "order, space and escapes do not make another record" "$(json '[.created,.updated,.unchanged]|join(" ")')" "0 0 1"
  push news/government "$(news a1 '改过的标题𠮷')"
  is "other content is updated" "$(json '[.created,.updated,.unchanged]|join(" ")')" "0 1 0"
  call GET /v1/records/news/government/a1
  is "a record is read back" "$(json '[.id,.category,.resource,.revision,.state]|join(" ")')" "a1 news government 2 live"
  ok "byte for byte as it was sent" grep -qF "\"record\":$(news a1 '改过的标题𠮷')}" "$STACK_DIR/body"
  like "times carry their offset" "$(json .created_at)" '^20[0-9-]{8}T[0-9:]{8}\+08:00$'
  push news/government "[$(news b1 一),$(news b2 二),$(news b1 三)]"
  is "the last of an id wins within a push" "$(json '[.received,.created,.updated,.unchanged,.superseded]|join(" ")')" "3 2 0 1 1"
  call GET /v1/records/news/government/b1
  is "and is what is stored, as one revision" "$(json '[.record.title,.revision]|join(" ")')" "三 1"
  push news/government '[]'
  is "an empty array is a push of nothing" "$status $(json .received)" "200 0"
  push news/government "$(printf '\357\273\277')$(news bom)"
  is "one byte order mark is passed over" "$status" 200
  push news/county "$(news a1)"
  is "the same id in another resource is another record" "$(json .created)" 1
  push news/government "$(news '路径/甲 乙%?')"
  call GET "/v1/records/news/government/%E8%B7%AF%E5%BE%84%2F%E7%94%B2%20%E4%B9%99%25%3F"
  is "an id may hold a slash and Chinese" "$status $(json .id)" '200 路径/甲 乙%?'
  before=$(stored)
  push news/government "[$(news ok1),$(news bad1 '')]"
  is "one bad record keeps the good ones out" "$status $(stored)" "422 $before"
}

test_faults() {
  local bad='{"id":"f1","title":"","pub_date":"2024-02-30T00:00:00+08:00","content":"x","nonsense":1}'
  push news/government "[$(news ok2),$bad]"
  check_problem "a record that breaks the rules" 422 invalid_records
  is "all faults of a record are named" "$(json '.errors|map([.index,.id,.pointer,.code]|join(" "))|join("; ")')" \
    "1 f1 /title empty; 1 f1 /pub_date bad_datetime; 1 f1 /nonsense unknown_field"
  is "how many there are" "$(json '[.received,.rejected,.errors_total]|join(" ")')" "2 1 3"
  like "in Chinese where nothing is asked" "$(header Content-Language) $(json '.errors[0].message')" '^zh-CN .*标题.*请填写'
  push news/government "[$bad]" -H 'Accept-Language: en-GB, zh;q=0.5'
  like "in English where that is asked" "$(header Content-Language) $(json '.errors[0].message')" '^en .*Title.*fill it in'
  push news/government '[1,{"id":""},{"title":"t","pub_date":"2024-10-09T15:30:00+08:00","content":"c"}]'
  is "what is no record, and ids" "$(json '.errors|map([.index,.pointer,.code]|join(" "))|join("; ")')" \
    "0  not_an_object; 1 /id id_bad; 1 /title missing; 1 /pub_date missing; 1 /content missing; 2 /id id_missing"
  push news/government "{$(printf '"none-%s":1,' $(seq 30))\"id\":\"u\"}" -H 'Accept-Language: en'
  is "each of many unknown fields is named" "$(json '[.errors[]|select(.code=="unknown_field" and (.message|test("no field \"none-[0-9]+\": ")))]|length')" 30
  push news/government "[$(printf '{"id":"%s"},' $(seq 60))$(news z)]"
  is "a hundred faults are listed, all are counted" "$(json '[(.errors|length),.errors_total,.rejected]|join(" ")')" "100 180 60"
  is "nothing of it was stored" "$(stack_sql "SELECT COUNT(*) FROM record WHERE id IN ('ok2', 'f1', 'z')")" 0
}

test_not_json() {
  local name body want
  while IFS='|' read -r name body want; do
    push news/government "$(printf '%b' "$body")"
    is "not JSON: $name" "$status $(json .code) $(json .detail | grep -oE '[0-9]+ 字节' | head -n 1)" "400 $want 字节"
  done <<'ROWS'
a missing comma|[{"id":"a"} {"id":"b"}]|json_syntax 12
nothing but text|hello|json_syntax 0
cut off|[{"id":"a"|json_ends 10
trailing bytes|{"id":"a"}x|json_trailing 10
not UTF-8|{"id":"\0377"}|json_utf8 7
a name twice|{"id":"a","x":1,"\\u0078":2}|json_duplicate 17
a lone surrogate|{"id":"\\ud800"}|json_surrogate 7
NUL|{"id":"\\u0000"}|json_nul 7
a leading zero|{"id":01}|json_number 6
ROWS
  push news/government "$(printf '[%.0s' $(seq 33))"
  is "not JSON: nested deeper than 32 levels" "$status $(json .code)" "400 json_depth"
  push news/government ''
  is "an empty body is told as such" "$status $(json .code)" "400 body_empty"
}

test_who() {
  local kept=$token other_secret
  request POST /v1/records/news/government -H 'Content-Type: application/json' -d '{}'
  check_problem "no token" 401 no_token
  is "no error code where there were no credentials" "$(header WWW-Authenticate)" 'Bearer realm="ruku"'
  token=wrong
  push news/government '{}'
  check_problem "a token that nobody has" 401 invalid_token
  like "names the error" "$(header WWW-Authenticate)" '^Bearer realm="ruku", error="invalid_token"'
  token='we,ird'
  push news/government '{}'
  check_problem "two tokens in one header" 400 bad_authorization
  token=$(new_token main "$secret")
  stack_sql "UPDATE token SET expires_at = NOW() - INTERVAL 1 SECOND ORDER BY issued_at DESC LIMIT 100000"
  push news/government '{}'
  check_problem "an expired token" 401 invalid_token
  token=$(new_token main "$secret")
  for _ in 1 2 3 4 5 6 7 8; do push news/government "$(news remembered)"; done # whichever worker it is, it may remember the token
  stack_sql "UPDATE token SET expires_at = NOW() - INTERVAL 1 SECOND"
  for way in strict lenient; do
    push news/government "$(news expired)" -H "Prefer: handling=$way"
    check_problem "an expired token that was remembered, a good push, $way" 401 invalid_token
  done
  is "nothing of it is stored" "$(stack_sql "SELECT COUNT(*) FROM record WHERE id = 'expired'")" 0
  token=$(new_token main "$secret")
  for _ in 1 2 3 4 5 6 7 8; do push news/government "$(news remembered)"; done
  stack_sql "DELETE FROM token"
  call PUT /v1/records/news/government/gone -H 'Content-Type: application/json' -d "$(news gone)"
  check_problem "a token that is gone, by PUT" 401 invalid_token
  push news/government '[' -H 'Idempotency-Key: "'
  check_problem "a token that is gone, and a bad key" 401 invalid_token
  kept=$(new_token main "$secret")
  other_secret=$(new_client narrow)
  stack_ctl client grant narrow news government
  token=$(new_token narrow "$other_secret")
  push news/government "$(news n1)"
  is "a granted resource may be pushed to" "$status" 200
  push news/county "$(news n1)"
  check_problem "another resource may not" 403 not_granted
  push policy/normative '{}'
  check_problem "another category may not" 403 not_granted
  stack_ctl client revoke-grant narrow news government
  push news/government "$(news n1)"
  check_problem "a grant taken back is gone at once" 403 not_granted
  stack_ctl client disable narrow
  push news/government "$(news n1)"
  check_problem "a disabled client" 403 client_disabled
  refused "gets no token" 401 invalid_client -u "narrow:$other_secret" -d grant_type=client_credentials
  other_secret=$(new_client far 10.0.0.0/8,2001:db8::/32)
  refused "from another network there is no token" 401 invalid_client -u "far:$other_secret" -d grant_type=client_credentials
  stack_sql "UPDATE client SET networks = '127.0.0.1' WHERE client_id = 'far'"
  token=$(new_token far "$other_secret")
  stack_sql "UPDATE client SET networks = '10.0.0.0/8' WHERE client_id = 'far'"
  push news/government '{}'
  check_problem "from another network nothing is taken" 403 address_not_allowed
  token=$kept
  request GET /v1/records/news/government/a1 -H "Authorization: Bearer $token"
  is "one client does not read another's records" "$(stack_sql "SELECT COUNT(*) FROM record WHERE id = 'n1'") $status" "1 200"
  call GET /v1/records/news/government/n1
  check_problem "they are not there for it" 404 no_such_record
}

test_routes() {
  local path
  for path in /v1/records/%E5%88%86%E7%B1%BB/x /v1/records/core/%E8%B5%84 /v1/batches/%E6%89%B9 /v1/categories/%E5%88%86 /v1/digest/core/%C3%A9 \
    /v1/records/news/government/%E5%88%86; do
    call GET "$path"
    is "a name in Chinese is of nothing that is there: $path" "$status" 404
  done
  call GET /v1/batches?after=%E6%89%B9
  like "nor is a cursor in Chinese a fault of the server" "$status" '^[24]'
  refused "nor a client's id in Chinese" 401 invalid_client -d grant_type=client_credentials --data-urlencode 'client_id=甲' -d client_secret=x
  call GET /nowhere
  check_problem "an unknown path" 404 no_such_path
  push nothing/at-all '{}'
  check_problem "an unknown category" 404 no_such_category
  push news/nothing '{}'
  check_problem "an unknown resource" 404 no_such_resource
  call GET /v1/records/news/government/none
  check_problem "an unknown record" 404 no_such_record
  call DELETE /v1/categories
  check_problem "a known path with another method" 405 method_not_allowed
  is "names the methods" "$(header Allow)" "GET, HEAD, OPTIONS"
  call BREW /v1/categories
  is "a method that nobody knows" "$status" 501
  call OPTIONS /v1/records/news/government
  is "OPTIONS tells the methods" "$status $(header Allow)" "204 POST, GET, HEAD, OPTIONS"
  request GET /healthz -I
  is "HEAD is GET without a body" "$status $(wc -c <"$STACK_DIR/body")" "200 $(wc -c <"$STACK_DIR/headers")"
  call GET /v1/categories
  is "the categories are listed, by their codes" "$(json '.categories|map(.code)|join(" ")')" \
    "$({ echo probe; sed -n 's/^code = //p' "$top_srcdir"/schema/category/*.ini; } | LC_ALL=C sort | paste -sd' ')"
  call GET /v1/categories/news
  is "a category tells its fields" "$(json '[.code,.schema.type,.schema.properties.title.maxLength]|join(" ")')" "news object 500"
  call GET /v1/categories/none
  check_problem "a category that is not there" 404 no_such_category
  request GET /problems/too_long
  like "a problem's page explains it" "$status $(json .zh)" '^200 .*个字符'
  call GET "/v1/records/news/government/%ff"
  if [ "$front" = lighttpd ]; then
    is "a path that is not UTF-8 is refused by lighttpd itself" "$status" 400
  else
    check_problem "a path that is not UTF-8" 400 bad_path
  fi
}

test_media() {
  call POST /v1/records/news/government -H 'Content-Type: text/plain' -d '{}'
  check_problem "another content type" 415 media_type
  is "names what is taken" "$(header Accept)" "application/json, application/x-ndjson, application/xml"
  call POST /v1/records/news/government -H 'Content-Type:' -d '{}'
  check_problem "no content type" 415 media_type
  call POST /v1/records/news/government -H 'Content-Type: application/json; charset=gbk' -d '{}'
  check_problem "another charset" 415 media_type
  call POST /v1/records/news/government -H 'Content-Type: Application/JSON; charset="UTF-8"' --data-binary "$(news m1)"
  is "the type in any case, its charset in quotes" "$status" 200
  push news/government '{}' -H 'Content-Encoding: br'
  check_problem "another content coding" 415 content_coding
  is "names what is taken" "$(header Accept-Encoding)" "gzip, identity"
}

test_sizes() {
  local big
  big=$(news big 标题 ",\"summary\":\"$(head -c 300 /dev/zero | tr '\0' a)\"")
  big=${big/正文/$(head -c 300000 /dev/zero | tr '\0' b)}
  printf '%s' "$big" >"$STACK_DIR/big.json"
  push news/government "@$STACK_DIR/big.json"
  is "a body over 128 KiB" "$status $(json .created)" "200 1"
  push news/government "@$STACK_DIR/big.json" -H 'Transfer-Encoding: chunked'
  is "the same in chunks" "$status $(json .unchanged)" "200 1"
  push news/government "@$STACK_DIR/big.json" -H 'Expect: 100-continue'
  is "the same after 100-continue" "$status $(json .unchanged)" "200 1"
  call GET /v1/records/news/government/big
  ok "and read back whole" grep -qF -f "$STACK_DIR/big.json" "$STACK_DIR/body"
  { printf '%s' "$big" | sed "s/bbbb/$(head -c 110000 /dev/zero | tr '\0' c)/"; } >"$STACK_DIR/huge.json"
  push news/government "@$STACK_DIR/huge.json"
  check_problem "a record over its limit" 413 record_too_large
  head -c 1100000 /dev/zero | tr '\0' ' ' >"$STACK_DIR/blank.json"
  push news/government "@$STACK_DIR/blank.json"
  check_problem "a body over its limit" 413 body_too_large
  push news/government "@$STACK_DIR/blank.json" -H 'Transfer-Encoding: chunked'
  check_problem "the same in chunks" 413 body_too_large
}

# What the web server refuses by itself: a length beyond its own limit, or a chunk whose size is no number.
test_own_errors() {
  local framing start='{' want
  case $front in
    lighttpd) framing='Content-Length: 900000000' want='413.*application/problem\+json.*body_too_large' ;;
    apache-proxy) framing='Transfer-Encoding: chunked' start='ZZZ\r\n' want='400.*application/problem\+json.*bad_request' ;;
    apache-fcgid)
      framing='Content-Length: 2000001' start=$(head -c 2000001 /dev/zero | tr '\0' ' ')
      want='500.*application/problem\+json.*internal'
      ;;
  esac
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf 'POST /v1/records/news/government HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%s\r\nConnection: close\r\n\r\n%b' \
    "$framing" "$start" >&3
  body=$(timeout 10 cat <&3 | tr -d '\r')
  exec 3<&- 3>&-
  like "the web server's own error is a problem in JSON too" "$body" "$want"
}

test_hang_up() {
  local before
  before=$(stored)
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf 'POST /v1/records/news/government HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n%s' \
    "$token" "[$(news hang)]" >&3
  exec 3<&- 3>&-
  push news/government "$(news after)"
  is "a client that hangs up in the middle leaves nothing" "$status $(stored)" "200 $((before + 1))"
}

test_limits() {
  local i grant=grant_type=client_credentials
  for i in 1 2 3 4; do ask_token -u "guess:wrong$i" -d "$grant"; done
  is "four wrong secrets are refused" "$status" 401
  ask_token -u "guess:wrong5" -d "$grant"
  check_problem "the fifth must wait" 429 too_many_logins
  like "and is told how long" "$(header Retry-After)" '^[1-9][0-9]*$'
  ask_token -u "main:$secret" -d "$grant"
  is "other clients are not concerned" "$status" 200
}

# Requests are counted by client, in memory that the workers share. The limit comes with a reload, where the gateway is its own master.
test_rate() {
  local i other_secret kept=$token
  [ "$front" != apache-fcgid ] || return 0
  other_secret=$(new_client busy)
  stack_ctl client grant busy news government
  echo "limit.requests_per_minute = 5" | web_ini
  kill -HUP "$(stack_pid fcgi)"
  ok "a reload takes effect" stack_wait 10 grep -q 'configuration loaded again' "$STACK_DIR/fcgi.log"
  # A minute may turn over in between: twelve requests are over the limit in one of two.
  token=$(new_token busy "$other_secret")
  for i in $(seq 12); do
    push news/government "$(news "r$i")"
    [ "$status" = 200 ] || break
  done
  check_problem "too many requests" 429 too_many_requests
  like "are told how long to wait" "$(header Retry-After)" '^[1-9][0-9]?$'
  token=$kept
  call GET /v1/records/news/government/a1
  is "another client is not concerned" "$status" 200
  web_ini </dev/null
  kill -HUP "$(stack_pid fcgi)"
  stack_wait 10 eval '[ "$(grep -c "configuration loaded again" "$STACK_DIR/fcgi.log")" = 2 ]'
}

test_database_away() {
  stack_stop mariadb
  push news/government "$(news d1)"
  check_problem "without the database" 503 database_away
  like "is told when to come back" "$(header Retry-After)" '^[1-9][0-9]*$'
  request GET /readyz
  check_problem "/readyz says so" 503 database_away
  request GET /healthz
  is "/healthz answers" "$status $(json .status)" "200 ok"
  ask_token -u "main:$secret" -d grant_type=client_credentials
  is "no token either" "$status" 503
  stack_mariadb --innodb-flush-log-at-trx-commit=0
  request GET /readyz
  is "with the database back /readyz says so" "$status $(json .status)" "200 ready"
  push news/government "$(news d1)"
  is "and it is served again without a restart" "$status $(json .created)" "200 1"
}
