#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Both languages of the messages: nothing is left in English, nothing is left over, and what is translated says it with the same
# arguments. Then the two programs are asked in both.
set -u
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/tap.sh"
top_builddir=$(cd "${top_builddir:-$top_srcdir/.run/build}" && pwd)
cd "$top_srcdir" || exit 99
for tool in xgettext msgcmp msgattrib python3; do
  command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
: "${RUKU_LOCALEDIR:=$top_builddir/po}"
export RUKU_LOCALEDIR
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The catalog against the sources.

with_words() {
  grep -lE '\b(_|N_|words_count|err_set|err_prefix|report_add|log_(error|warn|info|debug))\("' -r lib fcgi admin --include='*.[ch]'
  grep -lE '\b(err_set|err_prefix|report_add)\(.*, "' -r lib fcgi admin --include='*.c'
}
is "po/POTFILES.in names the sources that have words" "$(with_words | sort -u)" "$(grep -v '^#' po/POTFILES.in | sort)"
ok "the words of the sources can be taken out" sh -c "po/extract >'$work/ruku.pot' && test -s '$work/ruku.pot'"
msgcmp po/zh_CN.po "$work/ruku.pot" >"$work/cmp" 2>&1
is "po/zh_CN.po has all of them in Chinese, and no others" "$(cat "$work/cmp")" ""
ok "none is doubtful" nothing msgattrib --only-fuzzy --no-obsolete po/zh_CN.po
ok "none is left over" nothing msgattrib --only-obsolete po/zh_CN.po
ok "formats and heads are as gettext has them" msgfmt --check -o /dev/null po/zh_CN.po

# problems: prints a line for each translation that breaks a rule of python's second argument.
problems() { # rule
  python3 - "$1" <<'PY'
import re, sys

def entries(path):
    """id, plural or None, translation"""
    entry, key = {}, None
    for line in list(open(path, encoding="utf-8")) + ["\n"]:
        match = re.match(r'(msgid|msgid_plural|msgstr|msgstr\[0\]) "(.*)"$', line)
        if match:
            key = match.group(1)
            entry[key] = match.group(2)
        elif line.startswith('"'):
            entry[key] += line.strip()[1:-1]
        elif line == "\n":
            if entry.get("msgid"):
                yield entry["msgid"], entry.get("msgid_plural"), entry.get("msgstr", entry.get("msgstr[0]", ""))
            entry, key = {}, None

HAN = "\u3400-\u9fff"
FULL = "\u3001-\u303f\uff01-\uff65\u201c\u201d"
CONVERSION = r"%(?:\d+\$)?[-+ 0#]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|z|j|t)?[diouxXcsfeg%]"

def conversions(text):
    return sorted(re.sub(r"\d+\$", "", c) for c in re.findall(CONVERSION, text))

def rule_arguments(en, zh):
    return sorted(re.findall(r"\{[a-z_/]+\}", en)) == sorted(re.findall(r"\{[a-z_/]+\}", zh))

def rule_conversions(en, zh):
    return conversions(en) == conversions(zh)

def rule_chinese(en, zh):
    names = [re.findall("[A-Za-z_]+", re.sub(CONVERSION + r"|\\n", "", text)) for text in (en, zh)]
    return re.search(f"[{HAN}]", zh) or names[0] == names[1] and len(names[0]) < 3 or re.search(f"[{FULL}]", zh) and len(en) < 6

def rule_ends(en, zh):
    """A sentence is one in both."""
    en, zh = (re.sub(r"(\\n)+$", "", text) for text in (en, zh))
    ends = en.endswith(".") and not en.endswith("...")
    return zh.endswith("。") if ends else not zh.endswith("。") or en[0].isupper()

def rule_punctuation(en, zh):
    """Next to a Chinese character stand the marks of Chinese."""
    return not re.search(f"[{HAN}][,;!?()]|[,;!?()][{HAN}]|[{HAN}] ?:(?! *%s\\b)|[{HAN}]\\\\\"|\\\\\"[{HAN}]|[，。；：、] [^ %|]", re.sub(r"^;|\\n; ?", "|", zh).replace("（ ", ""))

def rule_spaces(en, zh):
    """A space stands between a Chinese character and a letter, a digit or an argument; none between two Chinese characters."""
    zh = re.sub(r"\{(field|hint|expected|got|format)\}", "“”", zh)
    zh = re.sub(r"\\n", "\n", zh)
    return not re.search(f"[{HAN}][A-Za-z0-9{{`]|[A-Za-z0-9}}`%][{HAN}]", re.sub(r"(应为|组成的列表：|整数)%s|%\.?\*?[a-z]+(?=[（\n]|$)", "", zh)) 

rule = globals()["rule_" + sys.argv[1]]
for en, many, zh in entries("po/zh_CN.po"):
    if not rule(many or en, zh):
        print(f"{en} | {zh}")
PY
  [ $? -eq 0 ] || echo "it could not be checked"
}
ok "the {arguments} are the same" nothing problems arguments
ok "the conversions of printf are the same" nothing problems conversions
ok "what is translated is Chinese" nothing problems chinese
ok "what ends as a sentence does so in both" nothing problems ends
ok "the marks are those of Chinese" nothing problems punctuation
ok "a space parts Chinese from letters and digits" nothing problems spaces

# Chinese outside the catalog: the first characters of a spreadsheet's formula are data.
chinese_in_sources() {
  local file
  for file in $(find lib fcgi admin -name '*.[ch]'); do
    python3 - "$file" <<'PY'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
bare = re.sub(r'/\*.*?\*/|("(?:[^"\\]|\\.)*")', lambda m: m.group(1) or "\n" * m.group(0).count("\n"), text, flags=re.S)
for number, line in enumerate(bare.split("\n"), 1):
    if re.search("[\u3000-\u9fff\uff00-\uffef\u201c\u201d]", line):
        print(f"{sys.argv[1]}:{number}: {line.strip()}")
PY
  done | grep -v '^lib/domain/csv\.c:[0-9]*: static const char \*const starts\['
}
ok "no Chinese stands in the sources" nothing chinese_in_sources

# The programs. The locales need not be there: LOCPATH shows the C library an empty folder, and nothing but C and C.UTF-8 is left.
ctl=$top_builddir/admin/rukuctl fcgi=$top_builddir/fcgi/ruku-fcgi
mkdir "$work/none"
# Where LOCPATH is set, the C library's newlocale forgets the list of folders that it makes of it; nothing else may be forgotten.
printf 'leak:argz_add_sep\n' >"$work/of-the-c-library"
export LSAN_OPTIONS=suppressions=$work/of-the-c-library:print_suppressions=0
speak() { env -u LC_ALL -u LANG -u LANGUAGE LOCPATH="$work/none" "$@" 2>&1; }
commands=$(sed -n 's/^    {"\([a-z]*\)", "\([a-z-]*\)", ".*/\1 \2/p' admin/main.c)
ok "the table of subcommands was found" test -n "$commands"
chinese_help=$(speak LANG=zh_CN.UTF-8 "$ctl" --help)
english_help=$(speak LANG=C "$ctl" --help)
has_chinese() { python3 -c 'import re, sys; sys.exit(not re.search("[\u4e00-\u9fff]", sys.argv[1]))' "$1"; }
while read -r group verb; do
  line=$(grep -A1 -E "^  $group ${verb:-(\[|--)}" <<<"$chinese_help")
  case $line in *"
                                                     "*) ;; *) line=${line%%$'\n'*} ;; esac
  ok "the help of $group${verb:+ $verb} is in Chinese" has_chinese "$line"
done <<<"$commands"
like "help begins in Chinese" "$chinese_help" '^用法：rukuctl '
like "and in English in the locale C" "$english_help" '^usage: rukuctl '
ok "where there is no Chinese" test -z "$(grep -P '[^\x00-\x7f]' <<<"$english_help")"
is "no environment is English" "$(speak "$ctl" --help)" "$english_help"
is "another language is English" "$(speak LANG=de_DE.UTF-8 "$ctl" --help)" "$english_help"
is "LC_ALL goes before LANG" "$(speak LC_ALL=zh_CN.UTF-8 LANG=C "$ctl" --help)" "$chinese_help"
is "LANGUAGE before both" "$(speak LANG=zh_CN.UTF-8 LANGUAGE=en "$ctl" --help)" "$english_help"
like "an error is in Chinese" "$(speak LANG=zh_CN.UTF-8 "$ctl" -c "$work/none/ruku.ini" schema list)" '无法读取：'
like "a wrong option too" "$(speak LANG=zh_CN.UTF-8 "$ctl" schema list --foo)" '没有选项 --foo'
printf '[schema]\ndir = %s/schema\n[server]\nworkers = many\n' "$PWD" >"$work/bad.ini"
printf '[schema]\ndir = %s/schema\n[crypto]\nkey_file = %s/good.key\n' "$PWD" "$work" >"$work/good.ini"
"$ctl" -c "$work/good.ini" key create >/dev/null
like "a fault of the configuration names rule and remedy in Chinese" "$(speak LANG=zh_CN.UTF-8 "$fcgi" -t -c "$work/bad.ini")" \
  'bad.ini:4: \[server\] workers = many：应为整数，范围 1 至 512'
like "and in English" "$(speak "$fcgi" -t -c "$work/bad.ini")" 'bad.ini:4: \[server\] workers = many: must be a number from 1 to 512'
like "the tables' heads are Chinese" "$(speak LANG=zh_CN.UTF-8 "$ctl" -c "$work/good.ini" schema doc policy)" '\| 序号 \| 标识符 \|'
is "a good configuration is good" "$(speak "$fcgi" -t -c "$work/good.ini")" "$work/good.ini: the configuration is good"
found=$(speak RUKU_LOCALEDIR="$work/none" "$fcgi" -t -c "$work/good.ini")
like "where the catalog is missing the service tells" "$found" 'no Chinese messages.*ruku\.mo cannot be read'
like "and goes on" "$found" 'the configuration is good'
like "the tool tells who would have Chinese" "$(speak LANG=zh_CN.UTF-8 RUKU_LOCALEDIR="$work/none" "$ctl" -c "$work/good.ini" schema check)" \
  'no Chinese messages.*are good'
done_testing
