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

# The blank record, filled in with what the sample has; objects that it has not are removed. What else stays blank does not matter.
takes_template() { # category resource
  call GET "/v1/records/$1/$2?limit=1"
  answer '.records[0].record' >"$STACK_DIR/filling"
  stack_ctl schema doc --format template "$1" >"$STACK_DIR/template"
  jq -n --slurpfile blank "$STACK_DIR/template" --slurpfile filling "$STACK_DIR/filling" '
    ($blank[0] | with_entries(select(.value | IN(null, []) or (type != "object" and type != "array")))) + $filling[0]' >"$STACK_DIR/record"
  call POST "/v1/validate/$1/$2" -b "$STACK_DIR/record"
  is "$1: the template is taken when it is filled in" "$status $(answer '"\(.received) \(.rejected)"')" "200 1 0"
  [ "$status" = 200 ] || diag "$(answer '.errors[]? | "\(.pointer) \(.code): \(.message)"')"
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
  takes_template "$category" "${resources%% *}"
  refuses_faulty "$category"
done <"$STACK_DIR/categories"

is "nothing of a faulty record is stored" "$(stored faulty)" 0

# A personal value that was refused is shown to nobody and kept nowhere.
jq -c '.[0] | .sender = "陈示例的电话13900000000"' "$samples/letter.json" >"$STACK_DIR/record"
call POST /v1/records/letter/leader -b "$STACK_DIR/record" -P HTTP_PREFER=handling=lenient -P HTTP_ACCEPT_LANGUAGE=en
is "a personal value is refused like any other" "$status $(answer '.errors[0].pointer')" "422 /sender"
like "its message has it masked" "$(answer '.errors[0].message')" '"陈\*\*\*0"'
like "as has the receipt" "$(stack_sql "SELECT faults FROM reject ORDER BY batch DESC LIMIT 1")" '陈\*\*\*0'
is "and no table the value" "$(stack_sql "SELECT COUNT(*) FROM reject WHERE faults LIKE '%3900000%'")" 0
is "nor the log" "$(log_lines '3900000')" 0

# The short names of the core metadata: what comes under one is the same record.
jq -c '.[] | select(.resTitle)' "$samples/dataset.json" >"$STACK_DIR/record"
id=$(jq -r .id "$STACK_DIR/record")
call GET "/v1/records/dataset/shared/$id"
is "a record with short names reads back under the fields' own names" \
  "$(answer '.record | "\(.title) \(.provider[0].name) \(has("resTitle"))"')" "$(jq -r '"\(.resTitle) \(.IdPoC[0].rpOrgNam) false"' "$STACK_DIR/record")"
answer -c .record >"$STACK_DIR/record"
call POST /v1/records/dataset/shared -b "$STACK_DIR/record"
is "and sent so it is unchanged" "$status $(answer .unchanged)" "200 1"
call GET /v1/categories/dataset
is "the JSON Schema tells of both" "$(answer '.schema.properties | "\(.resTitle["x-alias-of"]) \(.provider.items.properties.code["x-format"])"')" "title uscc"
for folder in "$samples" "$faulty"; do
  is "${folder#"$top_srcdir"/} has files of these categories only" "$(ls "$folder" | sort | paste -sd' ')" \
    "$(tr ' ' '\n' <<<"$with_resources" | grep . | sort | paste -sd' ')"
done
done_testing
