#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Pushes a file of JSON records to a Ruku gateway, and signs each request: push-signed.sh CATEGORY RESOURCE FILE
# RUKU_URL, RUKU_CLIENT_ID and RUKU_SIGNING_KEY come from the environment; RUKU_HASH is sm3 (the default) or sha256. Needs bash, curl and
# openssl. No secret is sent, and none shows in the list of processes: curl reads the token from its standard input, and the keyed hash is
# put together here, since openssl would take the key as an argument.
set -eu

if [ $# -ne 3 ]; then
  echo "usage: push-signed.sh CATEGORY RESOURCE FILE" >&2
  exit 64
fi
: "${RUKU_URL:?is not set}" "${RUKU_CLIENT_ID:?is not set}" "${RUKU_SIGNING_KEY:?is not set}"
if [ ! -r "$3" ]; then
  echo "$3 cannot be read" >&2
  exit 66
fi
hash=${RUKU_HASH:-sm3}
base=${RUKU_URL%/}
prefix=$(sed -E 's|^[a-z]+://[^/]*||' <<<"$base") # of every path
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

digest() { openssl dgst "-$hash" -binary; }

# HMAC (RFC 2104) of standard input, in base64. The key has fewer than 64 characters, a block of both hashes.
hmac() {
  local inner='' outer='' i c
  for ((i = 0; i < 64; i++)); do
    c=0
    [ "$i" -ge "${#RUKU_SIGNING_KEY}" ] || printf -v c %d "'${RUKU_SIGNING_KEY:i:1}"
    printf -v inner '%s\\x%02x' "$inner" $((c ^ 0x36))
    printf -v outer '%s\\x%02x' "$outer" $((c ^ 0x5c))
  done
  # shellcheck disable=SC2059 # the bytes of the key are the format
  { printf "$outer"; { printf "$inner"; cat; } | digest; } | digest | base64 -w 0
}

# A signed POST: call PATH MEDIA-TYPE FILE [AUTHORIZATION]. Sets $status; the answer is in $work/answer. Each try is signed anew.
call() {
  local try algorithm=$hash content authorization=${4:-} covered='"@method" "@path" "@query" "content-digest" "content-type"' parameters
  [ "$hash" = sm3 ] || algorithm=sha-256
  content="$algorithm=:$(digest <"$3" | base64 -w 0):"
  [ -z "$authorization" ] || covered+=' "authorization"'
  for try in 1 2 3 4 5; do
    parameters="($covered);created=$(date +%s);nonce=\"$(openssl rand -hex 16)\";keyid=\"$RUKU_CLIENT_ID\";alg=\"hmac-$hash\";tag=\"ruku\""
    {
      printf '"@method": POST\n"@path": %s\n"@query": ?\n"content-digest": %s\n"content-type": %s\n' "$prefix$1" "$content" "$2"
      [ -z "$authorization" ] || printf '"authorization": %s\n' "$authorization"
      printf '"@signature-params": %s' "$parameters"
    } >"$work/base"
    {
      printf 'header = "Content-Type: %s"\nheader = "Content-Digest: %s"\n' "$2" "$content"
      printf 'header = "Signature-Input: ruku=%s"\n' "${parameters//\"/\\\"}"
      printf 'header = "Signature: ruku=:%s:"\n' "$(hmac <"$work/base")"
      [ -z "$authorization" ] || printf 'header = "Authorization: %s"\n' "$authorization"
    } >"$work/headers"
    status=$(curl --silent --show-error --max-time 600 --output "$work/answer" --write-out '%{http_code}' --config - --data-binary "@$3" \
      "$base$1" <"$work/headers") || status=000
    case $status in 000 | 408 | 429 | 500 | 502 | 503 | 504) sleep $((try * 2)) ;; *) return 0 ;; esac
  done
}

printf 'grant_type=client_credentials' >"$work/form"
call /oauth2/token application/x-www-form-urlencoded "$work/form"
token=$(sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p' "$work/answer")
if [ "$status" != 200 ] || [ -z "$token" ]; then
  echo "no token: HTTP $status" >&2
  cat "$work/answer" >&2
  exit 1
fi
call "/v1/records/$1/$2" application/json "$3" "Bearer $token"
cat "$work/answer"
[ "$status" = 200 ]
