# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Builds the checkout out of tree.

# build_at SOURCE BUILD [CONFIGURE ARGUMENTS]: configures where that has not been done with these arguments, and makes.
build_at() {
  local source build=$2 log
  source=$(realpath "$1")
  shift 2
  mkdir -p "$build"
  log=$build/build.log
  if [ ! -x "$source/configure" ] || [ "$source/configure.ac" -nt "$source/configure" ]; then
    "$source/autogen.sh" >"$log" 2>&1 || build_failed "$log"
  fi
  if [ -e "$source/config.status" ]; then
    echo "the source folder itself is configured; run make distclean in it first" >&2
    exit 1
  fi
  if [ ! -e "$build/config.status" ] || [ "$(cat "$build/arguments" 2>/dev/null)" != "$*" ]; then
    (cd "$build" && "$source/configure" "$@") >"$log" 2>&1 || build_failed "$log"
    printf '%s' "$*" >"$build/arguments"
  fi
  make -C "$build" -j "$(nproc)" >>"$log" 2>&1 || build_failed "$log"
}

build_failed() {
  tail -n 40 "$1" >&2
  echo "the build failed; the whole log is in $1" >&2
  exit 1
}
