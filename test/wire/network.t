#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# From where the service may be called, and how: networks, proxies, HTTPS. And its keys: another key, another hash, and nothing breaks; and
# what has expired is removed beside the requests.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

stack_test_begin
dir=$STACK_DIR
settings() { # further lines
  { printf '%s\n' 'server.workers = 2' "log.target = $dir/fcgi.log" 'log.level = debug'; cat; } | stack_ini
}
stack_test_database </dev/null
stack_ctl client add --id inner --network 10.0.0.0/8 Inner 2>/dev/null | sed -n 's/^client_secret=//p' >"$dir/inner"
must stack_ctl client grant inner '*' '*'

settings <<'INI'
network.require_https = yes
network.allow = 10.0.0.0/8,127.0.0.1,2001:db8::/32
network.trusted_proxies = 10.9.9.9,10.9.8.0/24,2001:db8::1
INI
must serve

# try NAME WANT PARAMETERS...: a GET of the categories without a token; 401 means that network and HTTPS were found good.
try() {
  local name=$1 want=$2 parameters=() p
  shift 2
  for p in "$@"; do parameters+=(-P "$p"); done
  call GET /v1/categories -P HTTP_ACCEPT_LANGUAGE=en ${parameters[@]+"${parameters[@]}"}
  is "$name" "$status $(sed -n 's/.*"code":"\([a-z_]*\)".*/\1/p' <<<"$reply")" "$want"
}
token=''
try "an allowed network, HTTPS by HTTPS=on" "401 no_token" REMOTE_ADDR=10.1.2.3 HTTPS=on
try "HTTPS by the scheme" "401 no_token" REMOTE_ADDR=10.1.2.3 REQUEST_SCHEME=https
try "HTTP in the clear" "403 https_required" REMOTE_ADDR=10.1.2.3 REQUEST_SCHEME=http
try "HTTPS=off is none" "403 https_required" REMOTE_ADDR=10.1.2.3 HTTPS=off
try "nothing is told of HTTPS" "403 https_required" REMOTE_ADDR=10.1.2.3
try "another network" "403 network_not_allowed" REMOTE_ADDR=192.0.2.1 HTTPS=on
like "the refusal names the address and the remedy" "$reply" 'may not be called from 192\.0\.2\.1: .*administrator'
try "no address at all" "403 network_not_allowed" REMOTE_ADDR= HTTPS=on
try "an allowed network of IPv6" "401 no_token" REMOTE_ADDR=2001:db8::77 HTTPS=on
try "IPv4 within IPv6" "401 no_token" REMOTE_ADDR=::ffff:10.1.2.3 HTTPS=on
try "another one" "403 network_not_allowed" REMOTE_ADDR=2001:db9::77 HTTPS=on
try "who is no proxy is not believed who called" "403 network_not_allowed" REMOTE_ADDR=192.0.2.1 HTTPS=on HTTP_X_FORWARDED_FOR=10.1.2.3
try "nor how" "403 https_required" REMOTE_ADDR=10.1.2.3 HTTP_X_FORWARDED_PROTO=https
try "a proxy is believed who called" "403 network_not_allowed" REMOTE_ADDR=10.9.9.9 HTTPS=on HTTP_X_FORWARDED_FOR=192.0.2.1
try "and how" "401 no_token" REMOTE_ADDR=10.9.9.9 HTTP_X_FORWARDED_FOR=10.1.2.3 HTTP_X_FORWARDED_PROTO=https
try "also that it was in the clear, whatever the proxy itself uses" "403 https_required" REMOTE_ADDR=10.9.9.9 HTTPS=on HTTP_X_FORWARDED_PROTO=http
try "a chain of proxies leads to the first that is none" "403 network_not_allowed" REMOTE_ADDR=10.9.9.9 HTTPS=on \
  'HTTP_X_FORWARDED_FOR=10.1.2.3, 192.0.2.1, 10.9.8.7'
try "what stands before it is anyone's word" "401 no_token" REMOTE_ADDR=10.9.9.9 HTTPS=on 'HTTP_X_FORWARDED_FOR=192.0.2.1,10.1.2.3,10.9.8.7'
try "what is no address ends the search" "401 no_token" REMOTE_ADDR=10.9.9.9 HTTPS=on 'HTTP_X_FORWARDED_FOR=192.0.2.1, unknown'
try "a list of commas" "401 no_token" REMOTE_ADDR=10.9.9.9 HTTPS=on 'HTTP_X_FORWARDED_FOR=, ,,'
try "an address that is far too long" "401 no_token" REMOTE_ADDR=10.9.9.9 HTTPS=on "HTTP_X_FORWARDED_FOR=$(printf '1%.0s' $(seq 3000))"
outside() { # NAME METHOD URI: whatever is asked from outside the networks
  call "$2" "$3" -P REMOTE_ADDR=192.0.2.1 -P HTTPS=on
  is "from another network: $1" "$status $(member code) $(grep -c ^Allow: <<<"$reply")" "403 network_not_allowed 0"
}
outside "the methods of a path" OPTIONS /v1/categories
outside "a method that is not allowed" DELETE /v1/categories
outside "a method that there is not" BREW /v1/categories
outside "a path that there is not" GET /nowhere
outside "a push" POST /v1/records/core/general
from_outside() { [ "$(stack_sql "SELECT CONCAT(COUNT(*), action, result) FROM audit WHERE address = '192.0.2.1'")" = 1record.push403 ]; }
ok "which the audit has, and nothing else of it" stack_wait 10 from_outside
call OPTIONS /healthz -P REMOTE_ADDR=192.0.2.1
is "from another network: how to watch the service" "$status $(grep ^Allow: <<<"$reply")" "204 Allow: GET, HEAD, OPTIONS"
call GET /healthz -P REMOTE_ADDR=192.0.2.1
is "who watches the service may come from anywhere, without HTTPS" "$status" 200
call GET /problems/https_required -P REMOTE_ADDR=10.1.2.3
is "an explanation may be read in the clear" "$status" 200

printf 'grant_type=client_credentials&client_id=inner&client_secret=%s' "$(cat "$dir/inner")" >"$dir/form"
login() { call POST /oauth2/token -b "$dir/form" -P CONTENT_TYPE=application/x-www-form-urlencoded "$@"; }
login -P REMOTE_ADDR=10.1.2.3
is "no secret is taken in the clear" "$status" 403
login -P REMOTE_ADDR=10.1.2.3 -P HTTPS=on
is "a client from its own network" "$status" 200
login -P REMOTE_ADDR=127.0.0.1 -P HTTPS=on
is "a client from another network that is allowed to others" "$status" 401
login -P REMOTE_ADDR=10.9.9.9 -P HTTPS=on -P HTTP_X_FORWARDED_FOR=127.0.0.1
is "the client's networks hold for who is behind the proxy" "$status" 401
login -P REMOTE_ADDR=10.1.2.3 -P HTTPS=on
token=$(member access_token)
from() { # ADDRESS: a request with the token
  call GET '/v1/records/core/general/nobody' -P "REMOTE_ADDR=$1" -P HTTPS=on
}
from 127.0.0.1
is "nor is the client's token taken from elsewhere" "$status" 403
printf '{"id":"one","title":"One"}' >"$dir/one.json"
pushes() { # STATUS ADDRESS [FILE]: each of several pushes, by whichever worker, is answered so
  local i
  for i in 1 2 3 4 5 6 7 8; do
    push "${3:-$dir/one.json}" -P "REMOTE_ADDR=$2" -P HTTPS=on
    [ "$status" = "$1" ] || { diag "push $i: $status $reply"; return 1; }
  done
}
printf '{"id":"two","title":"Two"}' >"$dir/two.json"
printf '{"id":"three"}' >"$dir/three.json"
ok "a token is used until all workers remember it" pushes 200 10.1.2.3
must stack_ctl client networks inner 127.0.0.0/8
ok "other networks of a client hold at once, also for what is remembered" pushes 403 10.1.2.3 "$dir/two.json"
ok "whatever is wrong with a record" pushes 403 10.1.2.3 "$dir/three.json"
ok "and where nothing would be stored" pushes 403 10.1.2.3
is "nothing was stored" "$(stack_sql "SELECT COUNT(*) FROM record WHERE id = 'two'")" 0
login -P REMOTE_ADDR=10.1.2.3 -P HTTPS=on
is "nor does a client log in from where it did before" "$status" 401
login -P REMOTE_ADDR=127.0.0.1 -P HTTPS=on
is "but from where it may now" "$status" 200
ok "from there it pushes" pushes 200 127.0.0.1 "$dir/two.json"
must stack_ctl client networks inner 10.0.0.0/8
ok "once they are taken back they hold no longer" pushes 403 127.0.0.1
token=''
like "the log has who called" "$(cat "$dir/fcgi.log")" 'remote=127.0.0.1 client=- method=POST path=/oauth2/token status=401'
stop_serving

# HTTP in the clear for signed requests only.
sign_key=$(stack_ctl client sign-key inner 2>/dev/null | sed -n 's/^signing_key=//p')
{ cat <<'INI'
network.require_https = unsigned
INI
} | settings
must serve
signed() { # sign.py OPTIONS METHOD URI: fills $parameters
  local line
  parameters=(-P REMOTE_ADDR=10.1.2.3)
  while IFS= read -r line; do parameters+=(-P "$line"); done < <(RUKU_SIGNING_KEY=$sign_key python3 "$top_srcdir/test/client/sign.py" --params --keyid inner "$@")
}
printf 'grant_type=client_credentials' >"$dir/form"
signed_login() { # PARAMETERS
  token=''
  signed --header 'Content-Type: application/x-www-form-urlencoded' --body "$dir/form" POST /oauth2/token
  call POST /oauth2/token -b "$dir/form" "${parameters[@]}" "$@"
}
try "what is not signed is to come by HTTPS" "403 https_required" REMOTE_ADDR=10.1.2.3
signed_login
is "so is what a client signs that need not sign: its token would be seen" "$status $(member code)" "403 https_required"
signed_login -P HTTPS=on
is "by HTTPS it may sign" "$status" 200
must stack_ctl client signing inner required
signed_login
is "a client that has to sign may come in the clear" "$status" 200
inner_token=$(member access_token)
RUKU_TOKEN=$inner_token signed GET /v1/categories
call GET /v1/categories "${parameters[@]}"
is "with its token too" "$status" 200
token=$inner_token
call GET /v1/categories -P REMOTE_ADDR=10.1.2.3
is "who has seen the token can do nothing with it in the clear" "$status $(member code)" "403 https_required"
call GET /v1/categories -P REMOTE_ADDR=10.1.2.3 -P HTTPS=on
is "nor by HTTPS" "$status $(member code)" "401 signature_required"
stop_serving
settings <<'INI'
network.require_https = unsigned
limit.requests_per_day = 2
INI
must serve
nonces() { stack_sql 'SELECT COUNT(*) FROM signature_nonce'; }
before=$(nonces) statuses=''
for _ in 1 2 3 4 5 6 7 8; do
  RUKU_TOKEN=$inner_token signed GET /v1/categories
  call GET /v1/categories "${parameters[@]}"
  statuses="$statuses $status"
done
is "one who signs has his limits too" "$statuses" " 200 200 429 429 429 429 429 429"
at_most "and is refused without a look at the database, once a worker knows his token (nonces that were stored)" $(($(nonces) - before)) 4
token=''
stack_sql "UPDATE signature_nonce SET expires_at = NOW() - INTERVAL 1 SECOND"
no_nonces() { [ "$(stack_sql 'SELECT COUNT(*) FROM signature_nonce')" = 0 ]; }
ok "nonces are forgotten when their time is over" stack_wait 30 no_nonces
stop_serving

# Keys.
settings </dev/null
must serve
must take_token
first=$token
kept=$(cut -d' ' -f1 "$dir/ruku.key")
sleep 1 # a key's id is its second
must stack_ctl key rotate >/dev/null
is "the key file is for its owner alone" "$(stat -c %a "$dir/ruku.key") $(wc -l <"$dir/ruku.key")" "600 2"
{ printf '%s\n' 'crypto.hash = sha256' 'server.workers = 2' "log.target = $dir/fcgi.log" 'log.level = debug'; } | stack_ini
old=$(workers)
kill -HUP "$(stack_pid fcgi)"
only_new() { local pids; pids=$(workers) && [ "$(wc -w <<<"$pids")" -eq 2 ] && ! grep -qwE "$(tr -s ' ' '|' <<<"${old% }")" <<<"$pids"; }
stack_wait 20 only_new
records 1 k >"$dir/body"
push "$dir/body"
is "another hash: a token of the old one is good" "$status" 200
secret_is() { stack_sql "SELECT CONCAT_WS(' ', hash, key_id = '$1') FROM client_secret s JOIN client c ON c.id = s.client WHERE c.client_id = 'tester'"; }
is "the secret is stored as before" "$(secret_is "$kept")" "sm3 1"
must take_token
is "once used it is stored with the new hash and key" "$(secret_is "$kept")" "sha256 0"
is "tokens of both kinds live side by side" "$(stack_sql 'SELECT GROUP_CONCAT(DISTINCT hash ORDER BY hash) FROM token')" sha256,sm3
push "$dir/body"
is "the new token is good" "$status" 200
must take_token
is "and so is the secret" "$status" 200
check "the keys and what is made with them" 0 "in use +1.*$kept +kept +1" key list
token=$first
push "$dir/body"
is "the first token still is" "$status" 200

current=$(head -n 1 "$dir/ruku.key" | cut -d' ' -f1)
stack_sql "UPDATE client_secret SET key_id = 'gone' WHERE key_id = '$current'"
stop_serving
must serve
printf 'grant_type=client_credentials&client_id=tester&client_secret=%s' "$client_secret" >"$dir/form"
login
is "a secret that was made with a key that is gone cannot be checked" "$status" 500
like "and the log names the remedy" "$(cat "$dir/fcgi.log")" "key gone, which is not in .crypto. key_file any more: put its line back"
stack_sql "UPDATE client_secret SET key_id = '$current' WHERE key_id = 'gone'"
stop_serving

# Tables of an earlier version are brought up to date, and their clients keep their secrets.
stack_sql "CREATE DATABASE earlier CHARACTER SET utf8mb4"
earlier() { mariadb --no-defaults -u root -S "$db_socket" earlier "$@"; }
earlier -e "CREATE TABLE schema_version (version INT UNSIGNED NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL, applied_at DATETIME NOT NULL)"
for file in 001-core 002-receipts 003-checked-by; do
  earlier <"$top_srcdir/schema/sql/$file.sql"
  earlier -e "INSERT INTO schema_version VALUES (${file%%-*}, '$file.sql', NOW())"
done
old_secret=AnEarlierSecretOfFortyThreeLettersAndDigits salt=00112233445566778899aabbccddeeff
digest=$(python3 -c 'import hmac, sys; print(hmac.new(bytes.fromhex(sys.argv[1]), sys.stdin.buffer.read(), "sha256").hexdigest())' "$salt" \
  < <(printf %s "$old_secret"))
earlier -e "INSERT INTO client (client_id, name, secret_hash, secret_salt, secret_digest) VALUES ('old', 'Old', 'sha256', x'$salt', x'$digest')"
{ printf '%s\n' 'database.name = earlier' 'server.workers = 2' "log.target = $dir/fcgi.log"; } | stack_ini
check "tables of an earlier version are upgraded" 0 'applied 004-credentials.sql.*applied 005-audit.sql.*applied 006-signing.sql' db upgrade
must serve
printf 'grant_type=client_credentials&client_id=old&client_secret=%s' "$old_secret" >"$dir/form"
login
is "a client keeps its secret" "$status" 200
is "which is stored with the server's key from then on" "$(earlier -N -B -e "SELECT key_id <> '' FROM client_secret")" 1
login
is "and stays good" "$status" 200
stop_serving
settings </dev/null

# A key file that is not as it should be.
cp "$dir/ruku.key" "$dir/good.key"
chmod 640 "$dir/ruku.key"
try_serving
like "a key that others may read is refused" "$left:$said" '^1:.*key_file: .*is open to others: chmod 0600'
chmod 600 "$dir/ruku.key"
printf 'nonsense\n' >"$dir/ruku.key"
try_serving
like "a line that is no key" "$left:$said" '^1:.*ruku.key:1: a line is an id'
: >"$dir/ruku.key"
try_serving
like "a file without a key" "$left:$said" '^1:.*there is no key in it: rukuctl key create makes one'
rm "$dir/ruku.key"
try_serving
like "no file" "$left:$said" '^1:.*ruku.key is not there: rukuctl key create makes it'
check "key create makes one" 0 'made, for its owner only' key create
check "and leaves one alone that is there" 78 'File exists' key create
: >"$dir/ruku.key.new"
check "no change of the keys begins before another ends" 78 'ruku.key.new is there: another command changes the keys' key rotate
rm "$dir/ruku.key.new"
check "and goes on then" 0 'A new key is in use from the next reload' key rotate
is "the key that was there is kept behind it, and nothing else" "$(wc -l <"$dir/ruku.key") $(ls "$dir" | grep -c 'ruku\.key\.new')" '2 0'
cp "$dir/good.key" "$dir/ruku.key"
mkdir "$dir/credentials" && mv "$dir/ruku.key" "$dir/credentials/ruku.key"
{ printf '%s\n' 'crypto.key_file = credential:ruku.key' 'server.workers = 2' "log.target = $dir/fcgi.log"; } | stack_ini 2>/dev/null
try_serving
like "a credential that systemd did not hand over" "$left:$said" '^1:.*no credential:ruku.key: .*LoadCredential='
export CREDENTIALS_DIRECTORY=$dir/credentials
check "which rukuctl does not make" 78 'key_file = credential:ruku.key is handed out by systemd' key create
check "nor change" 78 'key_file = credential:ruku.key is handed out by systemd' key rotate
must serve
must take_token
is "a credential of systemd" "$status" 200
stop_serving
mv "$dir/credentials/ruku.key" "$dir/ruku.key"

# Housekeeping.
settings </dev/null
stack_sql "INSERT INTO token (digest, client, expires_at) SELECT UNHEX(SHA2(seq, 256)), 1, NOW() - INTERVAL 1 SECOND FROM seq_1_to_12500"
must serve
live=$(stack_sql 'SELECT COUNT(*) FROM token WHERE expires_at > NOW()')
none_expired() { [ "$(stack_sql 'SELECT COUNT(*) FROM token WHERE expires_at < NOW()')" = 0 ]; }
ok "expired tokens are removed" stack_wait 40 none_expired
is "and no others" "$(stack_sql 'SELECT COUNT(*) FROM token')" "$live"
keeper() { # its id
  local child
  for child in $(cat "/proc/$(stack_pid fcgi)/task/$(stack_pid fcgi)/children"); do
    [ "$(cat "/proc/$child/comm")" != ruku-housekeep ] || echo "$child"
  done
}
old=$(keeper)
kill -9 "$old"
another() { local pid; pid=$(keeper) && [ -n "$pid" ] && [ "$pid" != "$old" ]; }
ok "a housekeeper that dies is replaced" stack_wait 20 another
done_testing
