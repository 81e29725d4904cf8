#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What the tables in the code offer, the manual pages name; and what must agree in two places does.
set -u
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/tap.sh"
cd "$top_srcdir" || exit 99

names() { grep -qE -e "(^|[^a-z_])$2([^a-z_]|\$)" "$1"; }

keys=$(sed -n 's/^    {"\([a-z]*\)", "\([a-z_]*\)", \(TEXT\|NUMBER\|SIZE\|MODE\|CHOICE\),.*/\1.\2/p' lib/domain/conf.c)
ok "the table of keys was found" test -n "$keys"
for key in $keys; do
  ok "ruku.ini(5) names [${key%.*}] ${key#*.}" names man/ruku.ini.5.in "${key#*.}"
  ok "etc/ruku.ini shows [${key%.*}] ${key#*.}" grep -q "^;${key#*.} =" etc/ruku.ini
done

verbs=$(sed -n 's/^    {"\([a-z]*\)", "\([a-z-]*\)", ".*/\1 \2/p' admin/main.c)
ok "the table of subcommands was found" test -n "$verbs"
while read -r group verb; do
  ok "rukuctl(8) names $group $verb" grep -qE "(Cm|Ic) $group.*$verb|$group $verb" man/rukuctl.8.in
done <<<"$verbs"

options=$(sed -n '/^} options\[OPTION_N\]/,/^};/p' admin/option.c | grep -oE '\{"[a-z-]+"' | tr -d '{"')
ok "the table of options was found" test -n "$options"
for option in $options; do
  ok "rukuctl(8) names --$option" grep -qE "Fl -$option( |\$)" man/rukuctl.8.in
done

for option in c f t w V; do
  ok "ruku-fcgi(8) names -$option" grep -qE "Fl ([a-zA-Z]*)?$option" man/ruku-fcgi.8.in
done

attributes=$(sed -n '/^static const struct attribute attributes/,/^};/s/^    {"\([a-z_]*\)".*/\1/p' lib/domain/attribute.c)
types=$(sed -n 's/^    \[FIELD_[A-Z]*\] = {"\([a-z]*\)".*/\1/p' lib/domain/field.c)
heads=$(sed -n '/^static const struct head_key [ac][a-z]*_keys/,/^};/s/^    {"\([a-z_]*\)".*/\1/p' lib/domain/category.c)
ok "the tables of attributes, types and heads were found" test -n "$attributes" -a -n "$types" -a -n "$heads"
for word in $attributes $types $heads; do
  ok "ruku-category(5) names $word" names man/ruku-category.5.in "$word"
done

words=$(sed -n '/gbwords_forms\[/,/^};/s/^    {"\([a-z_0-9]*\)", GBTIME_.*/\1/p' lib/domain/gbwords.c)
ok "the table of the words of formats was found" test -n "$words"
for word in $words; do
  ok "ruku-category(5) names $word" names man/ruku-category.5.in "$word"
  ok "the administrator's guide names $word" names doc/administrator.md "$word"
  ok "and the Chinese one" names doc/administrator.zh-CN.md "$word"
done

formats=$(sed -n '/idcode_formats\[\] = {/,/^};/s/^    {"\([a-z_]*\)", .*/\1/p' lib/domain/idcode.c)
ok "the table of codes with rules was found" test -n "$formats"
for word in $formats; do
  ok "ruku-category(5) names $word" names man/ruku-category.5.in "$word"
  ok "the administrator's guide names $word" names doc/administrator.md "$word"
  ok "and the Chinese one" names doc/administrator.zh-CN.md "$word"
done

for code in $(sed -n 's/^    \[MSG_[A-Z_]*\] = {"\([a-z_]*\)", CLASS_\(INPUT\|AUTH\|DENIED\|MISSING\|METHOD\|TOO_LARGE\|UNSUPPORTED\|INVALID\|LIMITED\|BUSY\|UNSURE\).*/\1/p' lib/base/msg.c); do
  case $code in no_such_client | interrupted) continue ;; esac # only rukuctl says this
  ok "doc/integrator.md explains $code" grep -q "\`$code\`" doc/integrator.md
  ok "and the Chinese one" grep -q "\`$code\`" doc/integrator.zh-CN.md
done

export RUKU_LOCALEDIR=${RUKU_LOCALEDIR:-${top_builddir:-.run/build}/po}
# The guides say what the program says: each message as it stands in the table, in both languages.
told_otherwise() {
  python3 - <<'PY'
import gettext, os, re

def unquote(literals):
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"', literals)
    return "".join(parts).replace('\\"', '"').replace("\\\\", "\\")

source = open("lib/base/msg.c", encoding="utf-8").read()
row = r'\[MSG_\w+\] = \{"(\w+)", CLASS_\w+,\s*N_\(((?:"(?:[^"\\]|\\.)*"\s*)+)\)\}'
english = {code: unquote(text) for code, text in re.findall(row, source)}
chinese = gettext.translation("ruku", os.environ["RUKU_LOCALEDIR"], ["zh_CN"]).gettext
for path, words in (("doc/integrator.md", english), ("doc/integrator.zh-CN.md", {c: chinese(t) for c, t in english.items()})):
    for code, text in re.findall(r"^\| `(\w+)` \|(?: \d+ \|)? (.*) \|$", open(path, encoding="utf-8").read(), re.M):
        if code in words and text != words[code].replace("&", "&amp;").replace("<", "&lt;"):
            print(f"{path}: {code}: {text}")
PY
  [ $? -eq 0 ] || echo "they could not be compared"
}
ok "the guides have the messages as they are" nothing told_otherwise

last=$(ls schema/sql/*.sql | tail -n 1 | sed 's|.*/0*\([0-9]*\)-.*|\1|')
is "MIGRATE_VERSION is the number of the last SQL file" \
  "$(sed -n 's/^#define MIGRATE_VERSION \([0-9]*\)/\1/p' lib/store/migrate.h)" "$last"
for file in schema/category/*.ini schema/codelist/*.ini schema/sql/*.sql schema/sample/*.json; do
  ok "schema/Makefile.am installs ${file#schema/}" grep -qF "${file#schema/}" schema/Makefile.am
done
for code in $(sed -n 's/^code = //p' schema/category/*.ini); do
  ok "schema/README.md tells of the category $code" grep -q "^| \`$code\` |" schema/README.md
done
count() { find "$1" -name '*.ini' | wc -l; }
ok "ruku-category(5) counts the shipped categories and code lists" grep -q \
  "have $(count schema/category) categories and $(count schema/codelist) code lists," man/ruku-category.5.in

# What the statement of conformity leans on is there, and both languages lean on the same.
cited() { grep -oE '`(test|schema|doc|lib)/[^`]+`( “[^”]+”)?' "$1" | sed 's/\.zh-CN\.md/.md/'; }
missing_citations() { # document
  local file name
  cited "$1" | sort -u | while IFS='`' read -r _ file name; do
    name=${name# “}
    name=${name%”}
    { [ -f "$file" ] && grep -qF -- "$name" "$file"; } || echo "$file: $name"
  done
}
ok "the statement of conformity leans on something" test "$(cited doc/conformity.md | wc -l)" -gt 50
ok "and names files and checks that are there" nothing missing_citations doc/conformity.md
ok "SECURITY.md names files and checks that are there" nothing missing_citations SECURITY.md
is "in Chinese it leans on the same" "$(cited doc/conformity.zh-CN.md)" "$(cited doc/conformity.md)"
for guide in integrator administrator conformity; do
  for lang in '' .zh-CN; do
    ok "README$lang.md leads to doc/$guide$lang.md" grep -q "(doc/$guide$lang.md)" "README$lang.md"
  done
done

for page in man/*.[0-9].in; do
  ok "$page is clean under mandoc" test -z "$(mandoc -T lint -W warning "$page" 2>&1 | grep -v 'mdoc macro.*@')"
done
head=$(grep -nE '^script/' README.md | head -n 2 | sed 's/.*:\(script\/[a-z]*\).*/\1/' | paste -sd' ')
is "README.md starts with the two commands" "$head" "script/server script/test"
is "README.zh-CN.md too" "$(grep -nE '^script/' README.zh-CN.md | head -n 2 | sed 's/.*:\(script\/[a-z]*\).*/\1/' | paste -sd' ')" \
  "script/server script/test"
done_testing
