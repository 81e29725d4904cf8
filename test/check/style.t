#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The rules of the house that a script can see.
set -u
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/tap.sh"
cd "$top_srcdir" || exit 99

files() { git ls-files "$@" 2>/dev/null | grep . || find . -path ./build -prune -o -type f -name "${1##*/}" -print; }

without_spdx() {
  local file
  for file in $(files '*.c' '*.h' '*.sh' '*.t' '*.am' '*.ac' '*.ini' '*.sql' '*.conf' '*.in' '*.py' '*.php' '*.java' '*.m4'); do
    case $file in */Makefile.in | ./config.h.in | ./aclocal.m4 | ./m4/ax_* | ./m4/pkg.m4 | ./.run/*) continue ;; esac
    head -n 4 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || echo "$file"
  done
}

long_files() { wc -l lib/*/*.[ch] fcgi/*.[ch] admin/*.[ch] | awk '$2 != "total" && $1 > 500 { print }'; }

long_functions() {
  local file
  for file in lib/*/*.c fcgi/*.c admin/*.c; do
    awk -v f="$file" '/^[A-Za-z_].*\(/ { sig = $0 } /^\{/ { start = NR } /^\}/ { if (start && NR - start > 60) print f ": " NR - start " lines: " sig; start = 0 }' "$file"
  done
}

not_poisoned() {
  local file
  for file in lib/*/*.c fcgi/*.c admin/*.c; do
    [ "$(grep '^#include "' "$file" | tail -n 1)" = '#include "poison.h"' ] || echo "$file"
    [ "$(grep '^#include' "$file" | head -n 1)" = '#include "config.h"' ] || echo "$file"
  done
}

left_overs() { grep -nE '\b(TODO|FIXME|XXX)\b|	' lib/*/*.[ch] fcgi/*.[ch] admin/*.[ch] bench/*.[ch]; }

mutable_state() { # file-scope variables that are neither const nor a signal flag, the log's sink, or iniparser's complaint
  grep -nE '^(static )?(volatile )?(struct |enum |unsigned )?[a-z_0-9]+ \**[a-z_0-9]+(\[[^]]*\])*( = .*)?;$' lib/*/*.c fcgi/*.c admin/*.c |
    grep -vE ':(static )?const |sig_atomic_t stopping|static char complaint\['
}

ok "every file names its licence" nothing without_spdx
ok "no source is too long" nothing long_files
ok "no function is too long" nothing long_functions
ok "config.h comes first and poison.h last" nothing not_poisoned
ok "no left-overs and no tabs" nothing left_overs
ok "no mutable state but what is known" nothing mutable_state
ok "shell scripts are clean" shellcheck -x -S warning -e SC2034,SC2154 script/server script/demo script/test script/bench script/lib/*.sh \
  test/lib/*.sh .ci/run
done_testing
