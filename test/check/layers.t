#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Who may include whom. The floors, lowest first; an include may stay on its floor or go down, never up. Each foreign library has
# one room. HACKING.md explains why.
set -u
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/tap.sh"
cd "$top_srcdir" || exit 99

floor_of() { # path -> number
  case $1 in
    lib/base/*) echo 1 ;;
    lib/adapter/*) echo 2 ;;
    lib/domain/*) echo 3 ;;
    lib/store/*) echo 4 ;;
    fcgi/accept.* | fcgi/access.* | fcgi/apibody.* | fcgi/auditing.* | fcgi/classic.* | fcgi/component.* | fcgi/openapi.* | fcgi/peer.* | fcgi/operation.* | fcgi/page.* | fcgi/sample.* | fcgi/request.* | fcgi/reply.* | fcgi/facts.h | fcgi/form.* | fcgi/contentdigest.* | fcgi/signature.* | fcgi/signing.* | fcgi/crowd.* | fcgi/cursor.* | fcgi/prefer.* | fcgi/precondition.* | fcgi/idempotency.* | fcgi/oauth.* | fcgi/handlers.h | fcgi/held.* | fcgi/route.* | fcgi/xmlreply.* | fcgi/on_*) echo 5 ;;
    fcgi/*) echo 6 ;;
    admin/*) echo 7 ;;
  esac
}

# foreign header -> the sources that may include it
rooms='
libintl.h lib/base/words.c
iniparser.h lib/adapter/ini.c
gcrypt.h lib/adapter/crypt.c
mysql.h lib/adapter/dbimpl.h
pcre2.h lib/adapter/regex.c
zlib.h lib/adapter/gunzip.c
expat.h lib/adapter/xml.c
seccomp.h lib/adapter/confine.c
curl.h admin/probe.c
fcgiapp.h fcgi/gateway.c
json.h lib/domain/jsonschema.c fcgi/reply.c fcgi/classic.c fcgi/apibody.c fcgi/component.c fcgi/openapi.c fcgi/sample.c fcgi/oauth.c fcgi/on_oauth.c fcgi/on_token.c fcgi/on_categories.c fcgi/on_records.c fcgi/on_record.c fcgi/on_batches.c fcgi/on_digest.c fcgi/on_health.c fcgi/signing.c
'

sources=$(git ls-files '*.c' '*.h' 2>/dev/null | grep -E '^(lib|fcgi|admin)/' || true)
[ -n "$sources" ] || sources=$(find lib fcgi admin -name '*.[ch]')

path_of() { # header name -> path
  printf '%s\n' "$sources" | grep -E "(^|/)$1\$" | head -n 1
}

wrong_arrows() {
  local file own header target floor
  for file in $sources; do
    own=$(floor_of "$file")
    for header in $(sed -n 's/^#include "\(.*\)"$/\1/p' "$file"); do
      [ "$header" != config.h ] || continue
      target=$(path_of "$header")
      [ -n "$target" ] || { echo "$file includes $header, which is nowhere"; continue; }
      floor=$(floor_of "$target")
      [ "$floor" -le "$own" ] || echo "$file (floor $own) includes $target (floor $floor)"
      case $own:$floor in 7:[56]) echo "$file: the tool includes the service's $target" ;; esac
    done
  done
}

foreign_out_of_room() {
  local file header line
  for file in $sources; do
    for header in $(sed -n 's/^#include <\(.*\)>$/\1/p' "$file"); do
      line=$(printf '%s' "$rooms" | grep "^${header##*/} ")
      [ -z "$line" ] || case " $line " in *" $file "*) ;; *) echo "$file includes <$header>" ;; esac
    done
  done
}

# A module is a .c with its .h; NAMEimpl.h is the private side of the module NAME. tsort names those that depend on each other
# in a circle.
circles() {
  local file module header
  for file in $sources; do
    module=${file##*/}
    module=${module%.[ch]}
    module=${module%impl}
    for header in $(sed -n 's/^#include "\(.*\)\.h"$/\1/p' "$file"); do
      header=${header%impl}
      case $header in config | "$module" | poison | attr) ;; *) echo "$module $header" ;; esac
    done
  done | tsort 2>&1 >/dev/null
}

sql_out_of_store() {
  grep -nE '"(SELECT|INSERT|UPDATE|DELETE|REPLACE) ' $sources | grep -v '^lib/store/'
}

ok "no include goes up a floor" nothing wrong_arrows
ok "each foreign library is used in its room only" nothing foreign_out_of_room
ok "no circle between modules" nothing circles
ok "SQL statements stand in lib/store only" nothing sql_out_of_store
done_testing
