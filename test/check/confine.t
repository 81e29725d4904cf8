#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The shipped unit is judged by systemd, and the shipped profile read by AppArmor, both without a running one.
set -u
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/tap.sh"
cd "$top_srcdir" || exit 99

PATH=$PATH:/usr/sbin
for program in systemd-analyze apparmor_parser; do
  command -v "$program" >/dev/null || skip_all "$program is not installed"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fill() { sed -e 's|@sbindir@|/usr/sbin|g; s|@sysconfdir@|/etc|g; s|@pkgdatadir@|/usr/share/ruku|g; s|@localedir@|/usr/share/locale|g; s|@runstatedir@|/run|g' "$1"; }

fill etc/systemd/ruku.service.in | sed 's|/usr/sbin/ruku-fcgi|/bin/true|' >"$work/ruku.service"
systemd-analyze security --offline=true --no-pager "$work/ruku.service" >"$work/judged" 2>&1
like "systemd calls the unit's exposure 2.0 or less" "$(tail -n 1 "$work/judged")" 'exposure level for ruku.service: ([01]\.[0-9]|2\.0) '
# Without it systemd would end the service where it asks for a filter of its own.
ok "the unit lets workers confine themselves" grep -qx 'SystemCallFilter=seccomp' etc/systemd/ruku.service.in
fill etc/apparmor/ruku-fcgi.in >"$work/profile"
ok "AppArmor reads the profile" apparmor_parser --skip-kernel-load --skip-cache "$work/profile"
done_testing
