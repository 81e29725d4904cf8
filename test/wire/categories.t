#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Every shipped category takes its sample (schema/sample) in each of its resources, and refuses every record of its faulty ones
# (test/data/faulty), each with one fault: at the place and for the reason that stand beside the record. A category without
# resources is a base for others and has neither.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

command -v jq >/dev/null || skip_all "jq is not installed"
stack_test_begin
stack_test_database <<'INI'
server.workers = 2
INI
must serve
must take_token
samples=$top_srcdir/schema/sample
faulty=$top_srcdir/test/data/faulty

answer() { sed '1,/^$/d' <<<"$reply" | jq -r "$@" 2>/dev/null; } # JQ WORDS: of the body of the last reply

# The sample in each resource: all of it is new there.
takes_sample() { # category resources...
  local category=$1 resource count
  shift
  count=$(jq 'if type == "array" then length else 0 end' "$samples/$category.json" 2>/dev/null)
  ok "$category has a sample of one record or more" [ "${count:-0}" -ge 1 ]
  [ "${count:-0}" -ge 1 ] || return
  for resource; do
    call POST "/v1/records/$category/$resource" -b "$samples/$category.json"
    is "$category/$resource takes the sample" "$status $(answer '"\(.received) \(.created) \(.rejected)"')" "200 $count $count 0"
    [ "$status" = 200 ] || diag "$(answer '.errors[]? | "\(.index) \(.pointer) \(.code): \(.message)"')"
  done
}

refuses_faulty() { # category
  local category=$1 file=$faulty/$1.json count resource pointer code
  count=$(jq length "$file" 2>/dev/null)
  ok "$category has three faulty records or more" [ "${count:-0}" -ge 3 ]
  [ "${count:-0}" -ge 3 ] || return
  jq -r '.[] | "\(.resource) \(.pointer) \(.code)"' "$file" >"$STACK_DIR/wanted"
  jq -c '.[].record' "$file" >"$STACK_DIR/records"
  while read -r resource pointer code <&3 && read -r record <&4; do
    printf '%s' "$record" >"$STACK_DIR/record"
    call POST "/v1/records/$category/$resource" -b "$STACK_DIR/record"
    is "$category/$resource refuses $pointer: $code" \
      "$status $(answer '"\(.code) \(.errors_total) \(.errors[0].pointer) \(.errors[0].code)"')" "422 invalid_records 1 $pointer $code"
  done 3<"$STACK_DIR/wanted" 4<"$STACK_DIR/records"
}

call GET /v1/categories
answer '.categories[] | "\(.code) \([.resources[].code] | join(" "))"' >"$STACK_DIR/categories"
is "the categories that are served are those that are shipped" "$(cut -d' ' -f1 "$STACK_DIR/categories" | sort | paste -sd' ')" \
  "$(sed -n 's/^code = //p' "$top_srcdir"/schema/category/*.ini | sort | paste -sd' ')"

with_resources=''
while read -r category resources; do
  [ -n "$resources" ] || continue
  with_resources="$with_resources $category.json"
  # shellcheck disable=SC2086
  takes_sample "$category" $resources
  refuses_faulty "$category"
done <"$STACK_DIR/categories"

is "nothing of a faulty record is stored" "$(stored faulty)" 0
for folder in "$samples" "$faulty"; do
  is "${folder#"$top_srcdir"/} has files of these categories only" "$(ls "$folder" | sort | paste -sd' ')" \
    "$(tr ' ' '\n' <<<"$with_resources" | grep . | sort | paste -sd' ')"
done
done_testing
