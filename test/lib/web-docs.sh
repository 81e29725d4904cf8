# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The interface about itself: /openapi.json and /docs, also below a path and where they are not for everyone. See web-suite.sh; what others
# think of the document is in web/openapi.t.

# What the page loads, as it stands in the page.
docs_links() { printf '%s' "$body" | grep -oE '(src|href)="docs/[^"]*"' | sed 's/.*="//; s/"$//'; }

test_docs() {
  local tag link
  request GET /openapi.json
  is "the interface is told as OpenAPI 3.1, to everyone" "$status $(json .openapi) $(header Content-Type)" "200 3.1.0 application/json"
  is "in Chinese where nothing is asked" "$(header Content-Language) $(json '.components.schemas["fields.news"].title')" "zh-CN 工作动态"
  is "under the address that it was asked at" "$(json '.servers[0].url')" "$url"
  is "each category with resources has its own path" \
    "$(json '[.paths|keys[]|capture("^/v1/validate/(?<c>[^/]*)").c]|join(" ")')" \
    "$(call GET /v1/categories && json '[.categories[]|select(.resources|length > 0).code]|sort|join(" ")')"
  request GET /openapi.json
  tag=$(header ETag)
  like "it has a tag, and caches ask again" "$tag $(header Cache-Control) $(header Vary)" '^"[0-9a-f]{32}" no-cache Accept-Language'
  request GET /openapi.json -H "If-None-Match: $tag"
  is "who has it already gets nothing" "$status $(wc -c <"$STACK_DIR/body")" "304 0"
  request GET /openapi.json -H "If-None-Match: $tag" -H 'Accept-Language: en'
  is "but in another language" "$status $(header Content-Language) $(json '.components.schemas["fields.news"].title')" "200 en News"
  request GET /docs
  is "there is a page for people" "$status $(header Content-Type)" "200 text/html; charset=utf-8"
  like "which may load nothing from elsewhere" "$(header Content-Security-Policy)" "default-src 'none'; script-src 'self'"
  unlike "and has nothing inline" "$body" '<style|style=|<script>| on[a-z]+="|https?://[a-z]'
  tag=$(header ETag)
  request GET /docs -H "If-None-Match: $tag"
  is "who has the page already gets nothing" "$status" 304
  request GET /docs
  for link in $(docs_links); do
    request GET "/$link"
    is "the page's $link is there" "$status $(header X-Content-Type-Options)" "200 nosniff"
  done
  request GET /docs/nothing
  check_problem "another file is not" 404 no_such_path
}

# Below a path, and for those who have a token. The settings come with a reload, where the gateway is its own master.
test_docs_settings() {
  local link loaded
  [ "$front" != apache-fcgid ] || return 0
  loaded=$(grep -c 'configuration loaded again' "$STACK_DIR/fcgi.log")
  printf '%s\n' "server.base_path = /ruku" "docs.public = no" | web_ini
  kill -HUP "$(stack_pid fcgi)"
  stack_wait 10 eval '[ "$(grep -c "configuration loaded again" "$STACK_DIR/fcgi.log")" -gt "$loaded" ]'
  request GET /ruku/docs
  is "below a path the page is there" "$status" 200
  for link in $(docs_links); do
    request GET "/ruku/$link"
    is "and its $link" "$status" 200
  done
  request GET /ruku/openapi.json
  check_problem "a document that is not for everyone needs a token" 401 no_token
  call GET /ruku/openapi.json
  is "with one it is told, under its path" "$status $(json '.servers[0].url') $(json '.paths["/openapi.json"].get.security')" "200 $url/ruku null"
  web_ini </dev/null
  kill -HUP "$(stack_pid fcgi)"
  stack_wait 10 eval '[ "$(grep -c "configuration loaded again" "$STACK_DIR/fcgi.log")" -gt "$((loaded + 1))" ]'
}
