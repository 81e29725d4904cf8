#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Many tokens at a time: each that is given is good, whoever is disabled, changed or killed meanwhile.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

senders=10 each=20

stack_test_begin
dir=$STACK_DIR
db_options=(--innodb-flush-log-at-trx-commit=1)
settings() { printf '%s\n' "server.workers = $1" 'limit.failed_logins = 0' 'database.timeout = 5' "log.target = $dir/gateway.log"; } # WORKERS
serve_with() { # WORKERS
  stop_serving
  settings "$1" | stack_ini
  must serve
}
stack_test_database < <(settings 8)
other_secret=$(stack_ctl client add --id other Other 2>/dev/null | sed -n 's/^client_secret=//p')
must stack_ctl client grant other '*' '*'
must serve
form() { printf 'grant_type=client_credentials&client_id=%s&client_secret=%s' "$1" "$2"; }
form tester "$client_secret" >"$dir/tester.form"
form other "$other_secret" >"$dir/other.form"

# asks ROUND CLIENT COUNT: one token after the other, as long as the mark says so, and then so many. Replies are kept, named by the mark that stood
# when they were asked for.
asks() {
  local mark made=0 asked=0
  while [ "$made" -lt "$3" ]; do
    mark=$(cat "$dir/mark")
    [ "$mark" = before ] || made=$((made + 1))
    asked=$((asked + 1))
    "$top_builddir/test/fcgi_client" "$fcgi_socket" POST /oauth2/token -b "$dir/$2.form" -P CONTENT_TYPE=application/x-www-form-urlencoded \
      --timeout 20 >"$dir/$1.$2.$mark.$BASHPID.$asked" 2>/dev/null
  done
}
mark() { # what stands in it changes at once
  echo "$1" >"$dir/mark.new"
  mv "$dir/mark.new" "$dir/mark"
}
flood() { # MARK COUNT ROUND CLIENT...: all clients at once
  local count=$2 round=$3 client i
  mark "$1"
  shift 3
  flooding=()
  for client; do
    for i in $(seq "$senders"); do
      asks "$round" "$client" "$count" &
      flooding+=("$!")
      helpers+=("$!")
    done
  done
}
ended() { wait "${flooding[@]}"; }
replies() { find "$dir" -name "$1" -type f | wc -l; }
given() { # PATTERN: the tokens in these replies
  find "$dir" -name "$1" -type f -exec sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p' {} +
}
answered() { # PATTERN: how many replies of each status
  find "$dir" -name "$1" -type f -exec sed -n 's/^Status: \([0-9]*\).*/\1/p' {} + | sort | uniq -c | awk '{ print $2 ":" $1 }' | paste -sd' ' -
}
statuses() { # the statuses that tokens on standard input get, each once
  local token
  while read -r token; do
    call GET /v1/batches
    echo "$status"
  done | sort -u | paste -sd' ' -
}

stall() { stack_sql "LOCK TABLES token WRITE; DO SLEEP($1)"; } # no token is stored for so many seconds

flood after "$each" all tester
sleep 0.3
must stall 0.5
ended
is "of many tokens asked for at a time each is given" "$(answered 'all.*')" "200:$((senders * each))"
is "and no two are the same" "$(given 'all.*' | sort -u | wc -l)" "$((senders * each))"
is "all of them are good" "$(given 'all.*' | statuses)" 200

serve_with 1
must take_token # by now the worker knows the client
inserts() { stack_sql "SHOW GLOBAL STATUS LIKE 'Com_insert'" | awk '{ print $2 }'; }
before=$(inserts)
flood after "$each" joined tester
ended
is "tokens that one worker is asked for are given" "$(answered 'joined.*')" "200:$((senders * each))"
at_most "many of them by one statement" "$(($(inserts) - before))" $((senders * each * 3 / 4))
is "each of them another" "$(given 'joined.*' | sort -u | wc -l)" "$((senders * each))"
is "and good" "$(given 'joined.*' | statuses)" 200
serve_with 8

flood after "$each" late tester
sleep 0.3
must stall 2
ended
is "who has to wait for long gets one" "$(answered 'late.*')" "200:$((senders * each))"
is "as good as any" "$(given 'late.*' | statuses)" 200

flood before 3 mixed tester other
sleep 0.3
stall 0.5 &
stalled=$!
sleep 0.2
must stack_ctl client disable other
wait "$stalled"
mark after
ended
is "a client that is disabled in the middle gets no more" "$(answered 'mixed.other.after.*')" "401:$((senders * 3))"
is "which is not told to the other" "$(answered 'mixed.tester.*')" "200:$(replies 'mixed.tester.*')"
is "whose tokens are good" "$(given 'mixed.tester.*' | statuses)" 200
like "as those of the disabled client are not" "$(given 'mixed.other.*' | statuses)" '^(40[13])?$'
must stack_ctl client enable other

flood before 3 changed tester other
sleep 0.3
stall 0.5 &
stalled=$!
sleep 0.2
must stack_ctl client rotate --grace 0 other >/dev/null 2>&1
wait "$stalled"
mark after
ended
is "with a secret that was changed in the middle none is got" "$(answered 'changed.other.after.*')" "401:$((senders * 3))"
is "nor is the other client refused" "$(answered 'changed.tester.*')" "200:$(replies 'changed.tester.*')"
is "what was given before is good" "$(given 'changed.*' | statuses)" 200

flood before 1 killed tester
for _ in $(seq 8); do
  stall 0.3 &
  stalled=$!
  sleep 0.2
  for pid in $(workers | tr ' ' '\n' | shuf -n 3); do kill -9 "$pid" 2>/dev/null; done
  wait "$stalled"
done
mark after
ended
ok "some were given while workers were killed" [ "$(given 'killed.*' | wc -l)" -gt 0 ]
is "each that was given is good" "$(given 'killed.*' | statuses)" 200
is "and nobody was kept waiting" "$(find "$dir" -name 'killed.*' -type f -exec grep -l '^Status: 5' {} + | wc -l)" 0

# What is told was on the disk before.
flood before 1 gone tester
for _ in $(seq 3); do
  sleep 0.5
  pid=$(stack_pid mariadb)
  must kill -KILL "$pid"
  { wait "$pid"; } 2>/dev/null
  must start_database
done
mark after
ended
ok "some were given while the database was killed" [ "$(given 'gone.*' | wc -l)" -gt 0 ]
is "each that was given is good" "$(given 'gone.*' | statuses)" 200
like "and who got none is told to come again" "$(answered 'gone.*')" '^200:[0-9]+( 503:[0-9]+)?$'
done_testing
