#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Every header compiles alone.
set -u
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/tap.sh"
cd "$top_srcdir" || exit 99

for header in lib/*/*.h fcgi/*.h admin/*.h; do
  [ "${header##*/}" != poison.h ] || continue
  ok "$header" ${CC:-cc} -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -x c \
    -Ilib/base -Ilib/adapter -Ilib/domain -Ilib/store -Ifcgi $(pkg-config --cflags libmariadb) "$header"
done
done_testing
