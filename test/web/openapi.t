#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# /openapi.json in the eyes of others: an OpenAPI validator and a JSON Schema validator from npm, pinned in test/openapi. Its examples are
# sent through the web server, and the answers are held against it.
set -u
front=lighttpd
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/web-suite.sh"

starts_servers
for program in node npm; do
  command -v "$program" >/dev/null || skip_all "$program is not installed"
done

# What npm fetched stays in the build folder and is used again while the lock file is the same.
tools=$top_builddir/test/openapi-tools
mkdir -p "$tools"
if ! cmp -s "$top_srcdir/test/openapi/package-lock.json" "$tools/installed"; then
  cp "$top_srcdir"/test/openapi/package*.json "$tools"
  if ! (cd "$tools" && npm ci --no-audit --no-fund --ignore-scripts) >"$tools/npm.log" 2>&1; then
    tail -n 5 "$tools/npm.log" >&2
    skip_all "the validators cannot be fetched by npm"
  fi
  cp "$tools/package-lock.json" "$tools/installed"
fi
cp "$top_srcdir/test/openapi/check.mjs" "$tools"

web_start
while IFS=$'\t' read -r verdict name found; do
  [ "$verdict" = pass ]
  tap_report $? "$name" || diag "$found"
done < <(TOKEN=$token node "$tools/check.mjs" "$url" || printf 'fail\tthe checks came to their end\t\n')
ok "there were checks" test "$tap_count" -gt 10
done_testing
