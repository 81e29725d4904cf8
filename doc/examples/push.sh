#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Pushes a file of JSON records to a Ruku gateway: push.sh CATEGORY RESOURCE FILE
# RUKU_URL, RUKU_CLIENT_ID and RUKU_CLIENT_SECRET come from the environment. Needs curl.
# curl reads the secret and the token from its standard input, so that neither shows in the list of processes.
set -eu

if [ $# -ne 3 ]; then
  echo "usage: push.sh CATEGORY RESOURCE FILE" >&2
  exit 64
fi
: "${RUKU_URL:?is not set}" "${RUKU_CLIENT_ID:?is not set}" "${RUKU_CLIENT_SECRET:?is not set}"
if [ ! -r "$3" ]; then
  echo "$3 cannot be read" >&2
  exit 66
fi
base=${RUKU_URL%/}
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# The last line of what curl prints is the status; the body is in $answer. Retries cover 408, 429, 500, 502, 503, 504
# and broken connections; curl obeys Retry-After.
call() {
  curl --silent --show-error --max-time 600 --retry 5 --retry-all-errors --output "$answer" --write-out '%{http_code}' \
    --config - "$@"
}

status=$(printf 'user = "%s:%s"\n' "$RUKU_CLIENT_ID" "$RUKU_CLIENT_SECRET" |
  call --data grant_type=client_credentials "$base/oauth2/token") || exit 1
token=$(sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p' "$answer")
if [ "$status" != 200 ] || [ -z "$token" ]; then
  echo "no token: HTTP $status" >&2
  cat "$answer" >&2
  exit 1
fi

status=$(printf 'header = "Authorization: Bearer %s"\n' "$token" |
  call --header 'Content-Type: application/json' --data-binary "@$3" "$base/v1/records/$1/$2") || exit 1
cat "$answer"
[ "$status" = 200 ]
