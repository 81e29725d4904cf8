# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Tokens beyond getting one: scope, revocation, introspection, metadata, two secrets side by side. For web-suite.sh.

oauth() { # PATH TOKEN [curl arguments]: as the client main
  local path=$1 what=$2
  shift 2
  request POST "/oauth2/$path" -u "main:$secret" -d "token=$what" "$@"
}

try_token() { request GET /v1/records/news/government/none -H "Authorization: Bearer $1"; } # 404: it is good

test_scope() {
  local kept=$token narrow grant=grant_type=client_credentials
  ask_token -u "main:$secret" -d "$grant" -d 'scope=news/government policy/*'
  is "a scope that was asked for is granted" "$status $(json .scope)" '200 news/government policy/*'
  narrow=$(json .access_token)
  token=$narrow
  push news/government "$(news scoped)"
  is "a token is good for its scope" "$status" 200
  push news/county "$(news scoped)"
  check_problem "a token is good for its scope only" 403 insufficient_scope
  like "and the answer says so" "$(header WWW-Authenticate)" 'error="insufficient_scope"'
  push policy/normative '{}'
  is "a whole category" "$status" 422
  for _ in 1 2 3 4 5 6 7 8; do push news/government "$(news scoped)"; done
  push news/county "$(news scoped)"
  check_problem "a token that a worker remembers is no wider" 403 insufficient_scope
  token=$kept
  ask_token -u "main:$secret" -d "$grant"
  is "without a scope there is none in the answer" "$status $(json .scope)" "200 null"
  refused "a scope of one word is none" 400 invalid_scope -u "main:$secret" -d "$grant&scope=everything"
  refused "two spaces in a scope" 400 invalid_scope -u "main:$secret" -d "$grant&scope=news/county++news/government"
  local other
  other=$(new_client scoped)
  stack_ctl client grant scoped news government
  refused "a scope that is not granted is refused" 400 invalid_scope -u "scoped:$other" -d "$grant&scope=news/county"
  refused "so is a wider one" 400 invalid_scope -u "scoped:$other" -d "$grant" --data-urlencode 'scope=news/*'
  ask_token -u "scoped:$other" -d "$grant&scope=news/government"
  is "what is granted may be asked for" "$status" 200
}

test_revoke() {
  local live other
  live=$(new_token main "$secret")
  try_token "$live"
  is "a token before it is revoked" "$status" 404
  token=$live
  for _ in 1 2 3 4 5 6 7 8; do push news/government "$(news revoked)"; done
  oauth revoke "$live"
  is "revoked" "$status $body" "200 "
  for _ in 1 2 3 4 5 6 7 8; do
    token=$live
    push news/government "$(news revoked)"
    is "a token that was revoked is refused by every worker" "$status $(json .code)" "401 invalid_token"
    try_token "$live"
    is "for reading as well" "$status" 401
  done
  token=$(new_token main "$secret")
  oauth revoke "$live"
  is "revoked again is no error" "$status" 200
  oauth revoke nonsense
  is "what is no token is no error either" "$status" 200
  oauth revoke "$token" -d token_type_hint=refresh_token
  is "the hint may be wrong" "$status" 200
  token=$(new_token main "$secret")
  request POST /oauth2/revoke -u "main:$secret" -d x=1
  is "without a token" "$status $(json .error)" "400 invalid_request"
  request POST /oauth2/revoke -u "scoped:wrong" -d "token=$token"
  is "with a wrong secret" "$status $(json .error)" "401 invalid_client"
  request POST "/oauth2/revoke?token=$token" -u "main:$secret" -d x=1
  is "a token in the query is none" "$status $(json .error)" "400 invalid_request"
  other=$(new_token scoped "$(stack_ctl client rotate scoped 2>/dev/null | sed -n 's/^client_secret=//p')")
  oauth revoke "$other"
  is "another client's token" "$status $(json .error)" "400 unauthorized_client"
  request GET /v1/categories -H "Authorization: Bearer $other"
  is "stays good" "$status" 200
  request GET /oauth2/revoke
  is "by POST only" "$status $(header Allow)" "405 POST, OPTIONS"
  stack_ctl token revoke scoped >/dev/null
  request GET /v1/categories -H "Authorization: Bearer $other"
  is "an administrator ends all tokens of a client" "$status" 401
}

test_introspect() {
  local narrow now
  now=$(date +%s)
  oauth introspect "$token"
  is "a live token is active" "$status $(json '[.active, .client_id, .token_type, .scope] | map(tostring) | join(" ")')" \
    "200 true main Bearer null"
  ok "and tells when it was issued and when it expires" test "$(json "(.exp - .iat) == 7200 and (.iat - $now | fabs) < 60")" = true
  is "and is in no store" "$(header Cache-Control)" no-store
  ask_token -u "main:$secret" -d 'grant_type=client_credentials&scope=news/government'
  narrow=$(json .access_token)
  oauth introspect "$narrow"
  is "with its scope" "$(json .scope)" news/government
  oauth revoke "$narrow"
  oauth introspect "$narrow"
  is "one that is revoked is not" "$status $body" '200 {"active":false}'
  oauth introspect "${token%?}x"
  is "one that was mistyped is not" "$status $body" '200 {"active":false}'
  oauth introspect "$(new_token scoped "$(stack_ctl client rotate scoped 2>/dev/null | sed -n 's/^client_secret=//p')")"
  is "nor one of another client" "$status $body" '200 {"active":false}'
  request POST /oauth2/introspect -d "token=$token"
  is "nobody else may ask" "$status $(json .error)" "401 invalid_client"
}

test_metadata() {
  request GET /.well-known/oauth-authorization-server
  is "the metadata names the endpoints" "$status $(json '[.issuer, .token_endpoint, .revocation_endpoint, .introspection_endpoint] | join(" ")')" \
    "200 $url $url/oauth2/token $url/oauth2/revoke $url/oauth2/introspect"
  is "and how to log in" "$(json '.token_endpoint_auth_methods_supported | join(" ")')" "client_secret_basic client_secret_post"
}

try_secret() { ask_token -u "doubled:$1" -d grant_type=client_credentials && echo "$status"; }

test_two_secrets() {
  local first second third
  first=$(new_client doubled)
  try_secret "$first" >/dev/null
  second=$(stack_ctl client rotate --grace 1h doubled 2>/dev/null | sed -n 's/^client_secret=//p')
  is "both secrets are good for a time" "$(try_secret "$first") $(try_secret "$second")" "200 200"
  like "their last use is shown" "$(stack_ctl client show doubled)" 'last used: 20'
  third=$(stack_ctl client rotate --grace 2h doubled 2>/dev/null | sed -n 's/^client_secret=//p')
  is "a third takes the place of the first" "$(try_secret "$first") $(try_secret "$second") $(try_secret "$third")" "401 200 200"
  stack_sql "UPDATE client_secret SET expires_at = NOW() - INTERVAL 1 SECOND WHERE expires_at IS NOT NULL"
  is "the old one ends with its time, though workers remember it" "$(try_secret "$second") $(try_secret "$third")" "401 200"
  first=$(stack_ctl client rotate doubled 2>/dev/null | sed -n 's/^client_secret=//p')
  is "without a grace the old one ends at once" "$(try_secret "$third") $(try_secret "$first")" "401 200"
  stack_sql "UPDATE client SET disabled = TRUE WHERE client_id = 'doubled'"
  is "a right secret of a disabled client, though workers remember it" "$(try_secret "$first")" 401
}
