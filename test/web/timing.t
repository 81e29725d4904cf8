#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The clock does not tell a stranger whether a client is there, or whether a secret would be right: over 10,000 logins in random order, a try of
# one kind takes longer than a try of another as often as not. With so many the area differs from a half by 0.007 by chance alone (one deviation).
set -u
front=lighttpd
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/web-suite.sh"

web_start
echo 'limit.failed_logins = 0' | web_ini
kill -HUP "$(stack_pid fcgi)"
ok "failed logins are not limited here" stack_wait 10 grep -q 'configuration loaded again' "$STACK_DIR/fcgi.log"
disabled=$(new_client disabled)
stack_ctl client disable disabled
{
  echo "unknown nobody $secret"
  echo "wrong main ${secret%?????}abcde"
  echo "disabled disabled $disabled"
} | python3 "$top_srcdir/test/client/timing.py" 127.0.0.1 "$port" 10000 >"$STACK_DIR/areas" || echo "failed" >>"$STACK_DIR/areas"
is "three kinds of logins that fail, compared by twos" "$(wc -l <"$STACK_DIR/areas")" 3
while read -r first second area; do
  diag "$first and $second: $area"
  ok "the clock does not tell $first from $second" awk -v a="$area" 'BEGIN { exit !(a > 0.46 && a < 0.54) }'
done <"$STACK_DIR/areas"
done_testing
