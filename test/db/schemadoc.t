#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# rukuctl schema doc in every format, of every category that is shipped, in the eyes of others: xmllint holds the samples and faulty records
# against the XML Schema, jq reads what is JSON.
set -u
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/tap.sh"
top_srcdir=$(cd "$top_srcdir" && pwd)
: "${top_builddir:=$top_srcdir/.run/build}"
for program in xmllint jq python3; do
  command -v "$program" >/dev/null || skip_all "$program is not installed"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '[schema]\ndir = %s/schema\n' "$top_srcdir" >"$work/ruku.ini"

doc() { "$top_builddir/admin/rukuctl" -c "$work/ruku.ini" schema doc "$@"; }
valid() { xmllint --noout --schema "$work/$1.xsd" "$2" 2>&1; }

for file in "$top_srcdir"/schema/category/*.ini; do
  code=$(sed -n 's/^code = //p' "$file")
  for format in markdown html json-schema xsd template; do
    doc --format "$format" "$code" >"$work/$code.$format" || diag "$code as $format fails"
  done
  is "$code: Markdown is what there is without a format" "$(doc "$code" | cksum)" "$(cksum <"$work/$code.markdown")"
  is "$code: both tables have the same items" "$(grep -c '^<tr><td>[0-9]*</td><td><code>[a-z]' "$work/$code.html")" \
    "$(grep -c '^| [0-9]' "$work/$code.markdown")"
  ok "$code: the page is well-formed" xmllint --noout "$work/$code.html"
  is "$code: the template has the fields of the JSON Schema, in their order" \
    "$(jq -r 'keys_unsorted | join(" ")' "$work/$code.template")" \
    "$(jq -r '.properties | to_entries | map(select((.value | has("x-alias-of") | not) and .key != "version") | .key) | join(" ")' "$work/$code.json-schema")"
  [ -e "$top_srcdir/schema/sample/$code.json" ] || continue
  python3 "$top_srcdir/test/lib/to-xml.py" <"$top_srcdir/schema/sample/$code.json" >"$work/$code.xml"
  is "$code: the sample is valid" "$(valid "$code" "$work/$code.xml")" "$work/$code.xml validates"
done

# What the gateway refuses, and XML Schema has a word for.
cat >"$work/spoil.py" <<'PY'
import copy, json, sys
record = json.load(open(sys.argv[1], encoding="utf-8"))
record = record[0] if isinstance(record, list) else record
def spoiled(name, **changes):
    other = copy.deepcopy(record)
    for key, value in changes.items():
        if value is None:
            other.pop(key)
        else:
            other[key] = value
    print(name + "\t" + json.dumps(other, ensure_ascii=False))
spoiled("good")
spoiled("no id", id=None)
spoiled("an id that is too long", id="x" * 129)
spoiled("a field that there is not", titel="x")
spoiled("a text that is too long", title="x" * 501)
spoiled("an empty text that must be there", title="")
spoiled("a list that is none", keywords="x")
spoiled("a code that is not in its list", open_type="no such code")
spoiled("a day that is none", made_date="2024-13-01")
spoiled("a day in other words", made_date="2024/10/09")
spoiled("a number that is none", version="x")
spoiled("an object with a field that there is not", attachments=[{"name": "x", "url": "https://example.com/", "x": 1}])
spoiled("a size below nothing", attachments=[{"name": "x", "url": "https://example.com/", "size": -1}])
spoiled("a sum that is none", attachments=[{"name": "x", "url": "https://example.com/", "sm3": "xyz"}])
PY
while IFS=$'\t' read -r name record; do
  printf '%s' "$record" | python3 "$top_srcdir/test/lib/to-xml.py" >"$work/spoiled.xml"
  [ "$name" = good ] && like "policy: good" "$(valid policy "$work/spoiled.xml")" 'validates$' && continue
  like "policy: $name is not valid" "$(valid policy "$work/spoiled.xml")" 'fails to validate'
done < <(python3 "$work/spoil.py" "$top_srcdir/schema/sample/policy.json")
printf '<record><id>1</id><title>x</title><title>y</title></record>' >"$work/twice.xml"
like "an element that comes twice is not valid" "$(valid policy "$work/twice.xml")" 'fails to validate'

found=$(doc --format pdf policy 2>&1)
is "another format: 78" "$?" 78
like "and the message names those there are" "$found" 'pdf: must be markdown, html, json-schema, xsd or template'
like "the page is in the language of the program" "$(LC_ALL=zh_CN.UTF-8 RUKU_LOCALEDIR="${RUKU_LOCALEDIR:-$top_builddir/po}" doc --format html policy)" '<html lang="zh'
done_testing
