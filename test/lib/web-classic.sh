# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The classic profile: /api/token and /api/push. For web-suite.sh.

# classic PATH BODY [curl arguments]
classic() {
  local path=$1 what=$2
  shift 2
  request POST "/api/$path" -H 'Content-Type: application/json' --data-binary "$what" "$@"
}

classic_push() { # BODY [curl arguments]
  classic push "$1" -H "Authorization: Bearer $token" "${@:2}"
}

wrapped() { json '[.code,.data.error // "-"]|join(" ")'; } # the number, and the name of an error
told() { json '[.code,.data.received,.data.created,.data.updated,.data.unchanged,.data.rejected]|join(" ")'; }

# around DATA [MEMBERS]: a body for news/government
around() { printf '{"category":"news","resource":"government",%s"data":%s}' "${2-}" "$1"; }

test_classic_token() {
  local spelling
  for spelling in client_id:client_secret client-id:client-secret clientId:clientSecret; do
    classic token "{\"${spelling%:*}\":\"main\",\"${spelling#*:}\":\"$secret\"}"
    like "classic token, JSON, $spelling" "$status $(json '[.code,.msg,.data.token_type,.data.access_token,.request_id]|join(" ")')" \
      '^200 0 成功 Bearer rukutoken[A-Za-z0-9]{49} [A-Za-z0-9]{20}$'
    request POST /api/token -d "${spelling%:*}=main&${spelling#*:}=$secret"
    is "classic token, a form, $spelling" "$status $(json .code)" "200 0"
  done
  is "classic token: no store keeps it" "$(header Cache-Control)" no-store
  local fresh
  fresh=$(json .data.access_token)
  request GET /v1/categories -H "Authorization: Bearer $fresh"
  is "classic token: it is a token like any other" "$status" 200
  request GET "/v1/categories" -H "X-Access-Token: $fresh"
  is "a token in the header that is configured" "$status" 200
  request GET "/v1/categories?token=$fresh&access_token=$fresh"
  is "a token in the query is none" "$status" 401
  classic token '{"client_id":"main","client_secret":"wrong"}' -H 'Accept-Language: en'
  is "classic token: a wrong secret" "$status $(wrapped)" "200 401 invalid_client"
  like "classic token: says why" "$(json .msg)" 'client secret is not right'
  classic token '{"client_id":"main"}'
  is "classic token: no secret" "$(wrapped)" "401 invalid_client"
  for spelling in '' '[]' '{"client_id":7}' '{"client_id":"a","client_id":"b"}' '{"client_id":"a","clientId":"b"}' '{"client_id":"a"} x' "{\"x\":\"$(printf '%20000s' '')\"}"; do
    classic token "$spelling"
    is "classic token: ${spelling:0:40} is refused" "$(wrapped)" "400 invalid_request"
  done
}

test_classic_push() {
  local before n
  classic_push "$(around "[$(news c-1),$(news c-2)]")"
  is "classic push: stored" "$status $(told)" "200 0 2 2 0 0 0"
  is "classic push: has the request's id" "$(json .request_id)" "$(header X-Request-Id)"
  like "classic push: is JSON, and nothing else" "$(header Content-Type)" '^application/json$'
  classic_push "$(around "$(news c-1)")"
  is "classic push: one object is taken too" "$(told)" "0 1 0 0 1 0"
  classic_push "$(around "[$(news c-3),{\"id\":\"c-4\"}]")"
  is "classic push: lenient, the good ones are stored" "$status $(told)" "200 207 2 1 0 0 1"
  like "classic push: the bad one is told" "$(json '.data.errors[0]|[.index,.id,.pointer,.code]|join(" ")') $(json .msg)" '^1 c-4 /title .* 部分记录'
  like "classic push: its receipt is one like any other" "$(stack_sql "SELECT mode, received, rejected FROM batch WHERE id = '$(json .data.batch)'")" \
    $'^lenient\t2\t1$'
  classic_push "$(around "[$(news c-5),{\"id\":\"c-6\"}]")" -H 'Prefer: handling=strict'
  is "classic push: strict where that is asked for" "$(wrapped) $(stack_sql "SELECT COUNT(*) FROM record WHERE id = 'c-5'")" "422 invalid_records 0"
  classic_push "$(around '[{"id":"c-6"}]')"
  is "classic push: all refused" "$(wrapped) $(json .data.rejected)" "422 invalid_records 1"
  classic_push "$(around "[$(news c-7)]" '"batch_id":"月-1",')"
  is "classic push: a batch_id that is no key" "$(wrapped)" "400 bad_idempotency_key"
  before=$(pushes)
  classic_push "$(around "[$(news c-7)]" '"batch_id":20241009,')"
  is "classic push: with a batch_id" "$(told)" "0 1 1 0 0 0"
  n=$body
  classic_push "$(around "[$(news c-7)]" '"batch_id":20241009,')"
  is "classic push: the same again gets the same answer" "$body" "$n"
  is "classic push: and stores nothing" "$(header Idempotent-Replayed) $(($(pushes) - before))" "true 1"
  classic_push "$(around "[$(news c-7 anders)]" '"batch_id":20241009,')"
  is "classic push: other content under the same batch_id" "$(wrapped)" "422 idempotency_key_reused"
  {
    printf '{"category":"news","resource":"government","data":['
    for n in {1..1500}; do news "cb-$n"; printf ,; done
    printf '%s]}' "$(news cb-0)"
  } | gzip >"$STACK_DIR/classic.gz"
  classic_push "@$STACK_DIR/classic.gz" -H 'Content-Encoding: gzip'
  is "classic push: many, compressed" "$(told)" "0 1501 1501 0 0 0"
}

test_classic_refused() {
  local what
  classic push "$(around '[]')"
  is "classic: no token" "$status $(wrapped)" "200 401 no_token"
  classic push "$(around '[]')" -H 'Authorization: Bearer x'
  is "classic: a wrong token" "$(wrapped)" "401 invalid_token"
  classic_push '{"category":"nothing","resource":"x","data":[]}'
  is "classic: an unknown category" "$(wrapped)" "404 no_such_category"
  classic_push '{"category":"news","resource":"x","data":[]}'
  is "classic: an unknown resource" "$(wrapped)" "404 no_such_resource"
  for what in body_empty: classic_not_object:[] 'classic_missing_member:{"category":"news","data":[]}' 'classic_unknown_member:{"token":"x"}' \
    'json_ends:{"category":"news"' 'classic_bad_member:{"category":{}}'; do
    classic_push "${what#*:}"
    is "classic: ${what#*:} is refused" "$(wrapped)" "400 ${what%%:*}"
  done
  classic_push "$(around "[$(news r-1)] x" )" -H 'Prefer: handling=strict'
  is "classic: what follows data is refused" "$(wrapped) $(stack_sql "SELECT COUNT(*) FROM record WHERE id = 'r-1'")" "400 json_syntax 0"
  classic_push "$(around "[{\"id\":\"r-1\",]")" -H 'Prefer: handling=strict'
  like "classic: a place is told as one in the body" "$(wrapped) $(json .msg)" '^400 json_syntax .*63'
  classic_push "$(around '[]')" -H 'If-Match: "1"'
  is "classic: a condition" "$(wrapped)" "400 precondition_on_push"
  request GET /api/push
  is "classic: another method" "$status $(wrapped) $(header Allow)" "200 405 method_not_allowed POST, OPTIONS"
  request GET /api/nothing
  is "classic: another path" "$(wrapped)" "404 no_such_path"
  request POST /api/push -H 'Content-Type: text/plain' -d x
  is "classic: another media type" "$(wrapped)" "415 media_type"
}
