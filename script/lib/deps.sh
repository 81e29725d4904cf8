# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the scripts need of Debian's packages. As root they are installed; else the one line that does it is printed.

deps_build="build-essential autoconf autoconf-archive automake pkg-config libfcgi-dev libjson-c-dev libmariadb-dev
  libgcrypt20-dev libiniparser-dev libpcre2-dev zlib1g-dev libexpat1-dev libcurl4-openssl-dev libseccomp-dev gettext"
deps_run="mariadb-server mariadb-client lighttpd curl"
deps_apache="apache2 libapache2-mod-fcgid"
deps_test="libcmocka-dev libxml2-utils mandoc shellcheck jq perl python3 php-cli php-curl systemd apparmor"
deps_bench="procps apache2 php-fpm php-mysql php-mbstring"
# Node.js may have come from elsewhere than from Debian, with an npm of its own.
if ! command -v npm >/dev/null; then
  deps_test="$deps_test nodejs npm"
  deps_bench="$deps_bench nodejs npm"
fi

# deps_need PACKAGES: returns with all of them there, or ends the script.
deps_need() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "Missing packages. Install them with:" >&2
    echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  echo "installing: ${missing[*]}"
  deps_install "${missing[@]}"
}

# Packages that bring a service must not start it: the scripts run private servers only.
deps_install() {
  local policy=/usr/sbin/policy-rc.d made='' log
  log=$(mktemp)
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    made=$policy
  fi
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get -q update && apt-get -q -y install --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    [ -z "$made" ] || rm -f "$made"
    echo "installing packages failed; the whole log is in $log" >&2
    exit 1
  fi
  [ -z "$made" ] || rm -f "$made"
  rm -f "$log"
}
