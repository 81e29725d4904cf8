# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The Test Anything Protocol for tests in bash. A test ends with done_testing, or begins with plan; its exit status is
# 0 only where every check passed and none is missing. tap_done tells an EXIT trap whether the test came to its end.
# shellcheck disable=SC2034

tap_count=0 tap_failed=0 tap_planned='' tap_done=''

plan() { # count
  tap_planned=$1
  echo "1..$1"
}

skip_all() { # why: ends the test; REQUIRE_ALL=1 makes a failure of it
  if [ "${REQUIRE_ALL:-0}" = 1 ]; then
    echo "Bail out! $1"
    exit 1
  fi
  echo "1..0 # SKIP $1"
  tap_done=yes
  exit 0
}

# A test that starts servers says so first: RUKU_CHECK=quick leaves it out, on purpose and not for want of a program.
starts_servers() {
  [ "${RUKU_CHECK:-}" = quick ] || return 0
  echo "1..0 # SKIP RUKU_CHECK=quick"
  tap_done=yes
  exit 0
}

diag() { printf '%s\n' "$*" | sed 's/^/# /'; }

tap_report() { # passed(0)/failed name
  tap_count=$((tap_count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $tap_count - $2"
  else
    tap_failed=$((tap_failed + 1))
    echo "not ok $tap_count - $2"
  fi
  return "$1"
}

# ok NAME COMMAND...: the command succeeds. What it prints goes to standard error.
ok() {
  local tap_name=$1 tap_status=0 # names that a command of the test does not set
  shift
  "$@" >&2 || tap_status=1
  tap_report "$tap_status" "$tap_name" || diag "failed: $*"
}

# is NAME GOT EXPECTED
is() {
  local status=0
  [ "$2" = "$3" ] || status=1
  tap_report "$status" "$1" || diag "got:      $2"$'\n'"expected: $3"
}

# like NAME TEXT REGEX: the text holds a match of the extended regular expression.
like() {
  local status=0
  [[ $2 =~ $3 ]] || status=1
  tap_report "$status" "$1" || diag "got:      ${2:0:2000}"$'\n'"expected: $3"
}

# unlike NAME TEXT REGEX
unlike() {
  local status=0
  [[ ! $2 =~ $3 ]] || status=1
  tap_report "$status" "$1" || diag "got:      ${2:0:2000}"$'\n'"expected not: $3"
}

# at_most NAME GOT LIMIT: numbers.
at_most() {
  local status=0
  [ "$2" -le "$3" ] 2>/dev/null || status=1
  tap_report "$status" "$1" || diag "got:      $2"$'\n'"expected: at most $3"
}

nothing() { # COMMAND...: succeeds where the command prints nothing
  local tap_found
  tap_found=$("$@")
  [ -z "$tap_found" ] || { diag "${tap_found:0:2000}"; return 1; }
}

done_testing() {
  tap_done=yes
  if [ -z "$tap_planned" ]; then
    echo "1..$tap_count"
  elif [ "$tap_planned" -ne "$tap_count" ]; then
    diag "planned $tap_planned checks, made $tap_count"
    return 1
  fi
  [ "$tap_failed" -eq 0 ] || diag "$tap_failed of $tap_count failed"
  [ "$tap_failed" -eq 0 ] && [ "$tap_count" -gt 0 ]
}
