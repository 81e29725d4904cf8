#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The programs that integrators copy: the files of doc/examples, and those that stand in both guides. Each pushes to a running gateway. A
# language that is not at hand is told of and left out.
set -u
front=lighttpd
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/web-suite.sh"
web_start

examples=$top_srcdir/doc/examples
export RUKU_URL=$url RUKU_CLIENT_ID=main RUKU_CLIENT_SECRET=$secret
news example > "$STACK_DIR/good.json"
news bad '' > "$STACK_DIR/bad.json"

at_hand() { # LANGUAGE: whether its programs can be run here
  case $1 in
    sh) return 0 ;;
    java) [ "$(java -XshowSettings:properties -version 2>&1 | sed -n 's/.*java.specification.version = //p')" -ge 11 ] 2>/dev/null &&
      command -v javac >/dev/null ;;
    php) php -r 'exit(extension_loaded("curl") ? 0 : 1);' 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

run() { # COMMAND...: sets $said and $left
  left=0
  said=$(timeout 120 "$@" 2>&1) || left=$?
}

# The program in a language that stands in a guide, whole.
program_of() { # LANGUAGE guide
  awk -v fence='```'"$1" '$0 == fence { on = 1; next } $0 == "```" { on = 0 } on' "$2"
}

check_example() { # LANGUAGE file
  local language=$1 program=$examples/$2
  run "$language" "$program" news government "$STACK_DIR/good.json"
  is "$2: a good push ends with 0" "$left" 0
  like "$2: and tells of its receipt" "$said" '[0-9]{14}-[0-9a-z]{12}'
  run "$language" "$program" news government "$STACK_DIR/bad.json"
  is "$2: a refused one ends with 1" "$left" 1
  like "$2: and tells where the fault is" "$said" '/title'
  RUKU_CLIENT_SECRET=wrong run "$language" "$program" news government "$STACK_DIR/good.json"
  is "$2: a wrong secret ends with 1" "$left" 1
  like "$2: and is told" "$said" '401'
  RUKU_URL='' run "$language" "$program" news government "$STACK_DIR/good.json"
  is "$2: without an address it does not go far" "$((left > 0))" 1
  like "$2: and says what it lacks" "$said" 'RUKU_URL'
}

check_guide() { # LANGUAGE file-name id guide
  program_of "$1" "$top_srcdir/doc/$4" >"$STACK_DIR/$2"
  run "${1/%python/python3}" "$STACK_DIR/$2"
  is "$4: the $1 program ends with 0" "$left" 0
  call GET "/v1/records/news/government/$3"
  is "$4: and its record is stored" "$status" 200
  stack_sql "DELETE FROM record WHERE id = '$3'"
}

for language in python3 java php; do at_hand "$language" || diag "$language is not at hand: its programs are left out"; done
for guide in integrator.md integrator.zh-CN.md; do
  check_guide python once.py py-1 "$guide"
  ! at_hand java || check_guide java PushOnce.java java-1 "$guide"
  ! at_hand php || check_guide php once.php php-1 "$guide"
done
# check_signed LANGUAGE file: pushes without any secret.
check_signed() {
  local language=$1 program=$examples/$2
  run "$language" "$program" news government "$STACK_DIR/good.json"
  is "$2: a good push ends with 0" "$left" 0
  like "$2: and tells of its receipt" "$said" '[0-9]{14}-[0-9a-z]{12}'
  run "$language" "$program" news government "$STACK_DIR/bad.json"
  is "$2: a refused one ends with 1" "$left" 1
  like "$2: and tells where the fault is" "$said" '/title'
  RUKU_SIGNING_KEY=rukusignNone run "$language" "$program" news government "$STACK_DIR/good.json"
  is "$2: a wrong key ends with 1" "$left" 1
  like "$2: and tells what should have been signed" "$said" '@signature-params'
}

new_client signer >/dev/null
stack_ctl client grant signer news government
RUKU_SIGNING_KEY=$(stack_ctl client sign-key signer 2>/dev/null | sed -n 's/^signing_key=//p')
export RUKU_SIGNING_KEY
stack_ctl client signing signer required
for hash in sm3 sha256; do
  RUKU_CLIENT_ID=signer RUKU_HASH=$hash check_signed bash push-signed.sh
  RUKU_CLIENT_ID=signer RUKU_HASH=$hash check_signed python3 push_signed.py
done

# Their wrong secrets come last, since each counts as a failed login.
for language in sh python3 java php; do
  at_hand "$language" || continue
  case $language in
    sh) check_example sh push.sh ;;
    python3) check_example python3 push.py ;;
    java) check_example java Push.java ;;
    php) check_example php push.php ;;
  esac
done
if command -v php >/dev/null; then
  run php -n "$examples/push.php" news government "$STACK_DIR/good.json" # without any extension that is not built in
  if php -n -r 'exit(extension_loaded("curl") ? 1 : 0);'; then
    is "push.php without the curl extension ends at once" "$left" 69
    like "push.php without the curl extension says so" "$said" 'curl extension'
  fi
fi
done_testing
