# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# script/bench --tokens: tokens a second by Ruku, each of them a row in MariaDB, beside oidc-provider with its store in memory, on one process.
# script/bench --expiry: whether the table of tokens stays flat while a million of them and more are issued, live for a minute and expire.
# script/bench --flood: what a quiet client notices while another one floods.

tokens_seconds=10
tokens_turns=5 # of a round, in which both take turns: a machine that others share changes from one ten seconds to the next

tokens_ready() { grep -q ready "$STACK_DIR/oidc.log"; }

tokens_start() { # further lines for ruku.ini
  stack_mariadb --innodb-buffer-pool-size=1G --innodb-log-file-size=1G
  { printf '%s\n' 'server.workers = 8' 'log.level = warn'; cat; } | stack_ini
  stack_ctl db init >/dev/null
  secret=$(stack_ctl client add --id bench bench 2>/dev/null | sed -n 's/^client_secret=//p')
  stack_ctl client grant bench '*' '*'
  RUKU_BENCH_BASIC=$(printf 'bench:%s' "$secret" | base64 -w 0)
  export RUKU_BENCH_BASIC
  stack_fcgi
  port=$(stack_find_port)
  stack_lighttpd "$port" 'server.max-keep-alive-requests = 1000000'
}

# wrk of a URL: "tokens/s p50 p99", or nothing where one was refused.
tokens_measure() { # url connections
  local name rate p50 p99 bad
  read -r name rate p50 p99 bad < <(wrk -t 1 -c "$2" -d "${tokens_seconds}s" -s "$top/bench/token.lua" "$1" | grep '^RESULT')
  [ "${name:-}" = RESULT ] && [ "$bad" = 0 ] || { echo "$1: $bad requests failed" >&2; return 1; }
  echo "$rate $p50 $p99"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

table_row() { # title file column...: the median of each column
  local title=$1 file=$2 column
  shift 2
  printf '| %s' "$title"
  for column; do printf ' | %s' "$(cut -d' ' -f"$column" "$file" | median)"; done
  echo ' |'
}

tokens_run() { # rounds
  local round connections=16 oidc_port ruku oidc
  deps_need wrk
  bench_npm_install oidc
  tokens_start </dev/null
  oidc_port=$(stack_find_port)
  PEER_ID=bench PEER_SECRET=$secret NODE_ENV=production stack_start oidc node "$top/.run/bench-oidc/server.js" "$oidc_port" "$STACK_DIR" # by which it is known when it is stopped
  stack_wait 20 tokens_ready || { tail "$STACK_DIR/oidc.log" >&2; return 1; }
  : >"$STACK_DIR/tokens.tsv"
  tokens_measure "http://127.0.0.1:$port/oauth2/token" "$connections" >/dev/null
  tokens_measure "http://127.0.0.1:$oidc_port/token" "$connections" >/dev/null
  tokens_seconds=$((tokens_seconds / tokens_turns))
  for round in $(seq $(($1 * tokens_turns))); do
    ruku=$(tokens_measure "http://127.0.0.1:$port/oauth2/token" "$connections")
    oidc=$(tokens_measure "http://127.0.0.1:$oidc_port/token" "$connections")
    echo "turn $round: Ruku $ruku, oidc-provider $oidc"
    echo "$ruku $oidc" >>"$STACK_DIR/tokens.tsv"
  done
  {
    bench_machine
    printf 'Tokens over %s connections; medians of %s turns of %s seconds.\n\n' "$connections" $(($1 * tokens_turns)) "$tokens_seconds"
    printf '| | tokens/s | p50 ms | p99 ms |\n| --- | ---: | ---: | ---: |\n'
    table_row 'Ruku behind lighttpd, each token a durable row in MariaDB' "$STACK_DIR/tokens.tsv" 1 2 3
    table_row 'oidc-provider by itself, in memory, one process' "$STACK_DIR/tokens.tsv" 4 5 6
    printf '\nRatio, median of each turn'"'"'s: %s (target 0.9 or more).\n' "$(awk '{ printf "%.2f\n", $1 / $4 }' "$STACK_DIR/tokens.tsv" | median)"
  } >"$results/tokens.md"
  cat "$results/tokens.md"
}

# Tokens of a minute, for so many minutes. The table may hold what lives, and what expired since housekeeping last looked.
expiry_run() { # minutes
  local second=0 rate rows issued expired
  deps_need wrk
  tokens_start <<<'token.lifetime = 60'
  : >"$STACK_DIR/expiry.tsv"
  while [ $second -lt $(($1 * 60)) ]; do
    read -r rate _ < <(tokens_measure "http://127.0.0.1:$port/oauth2/token" 16)
    second=$((second + tokens_seconds))
    read -r rows expired < <(stack_sql "SET time_zone = '+08:00'; SELECT COUNT(*), COALESCE(SUM(expires_at < NOW()), 0) FROM token")
    issued=$(stack_sql "SELECT COUNT(*) FROM audit WHERE action = 'token.issue'")
    echo "after $second s: $rate tokens/s, $issued issued, $rows in the table, $expired of them expired"
    echo "$second $issued $rate $rows $expired" >>"$STACK_DIR/expiry.tsv"
  done
  {
    bench_machine
    printf 'Tokens that live for 60 seconds, asked for over 16 connections; each line after another minute of it.\n\n'
    printf '| seconds | issued | tokens/s in its last ten seconds | in the table | of them expired |\n| ---: | ---: | ---: | ---: | ---: |\n'
    awk '$1 % 60 == 0 { printf "| %d | %d | %d | %d | %d |\n", $1, $2, $3, $4, $5 }' "$STACK_DIR/expiry.tsv"
    awk '$1 >= 90 { if ($4 > max) max = $4; sum += $3; n++ } END {
      if (n > 0) printf "\nThe most that the table held after the first 90 seconds, by the tokens of 60 seconds: %.2f.\n", max / (60 * sum / n) }' "$STACK_DIR/expiry.tsv"
  } >"$results/expiry.md"
  cat "$results/expiry.md"
}

# flood_send NAME TOKEN DELAY CONNECTIONS: "requests/s p50 p99 refused"
flood_send() {
  RUKU_BENCH_PREFIX=$1 RUKU_BENCH_TOKEN=$2 RUKU_BENCH_DELAY=$3 \
    wrk -t 1 -c "$4" -d "${tokens_seconds}s" -s "$top/bench/single.lua" "http://127.0.0.1:$port/v1/records/core/general" | sed -n 's/^RESULT //p'
}

flood_token() { # id: registers a client, and prints a token of it
  local secret
  secret=$(stack_ctl client add --id "$1" "$1" 2>/dev/null | sed -n 's/^client_secret=//p')
  stack_ctl client grant "$1" '*' '*'
  printf 'user = "%s:%s"\ndata = "grant_type=client_credentials"\n' "$1" "$secret" |
    curl -sS -K - "http://127.0.0.1:$port/oauth2/token" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'
}

# A quiet client sends a record every 20 ms over one connection; another one as many as it can over 64.
flood_run() { # rounds
  local round quiet noisy idle busy noise
  deps_need wrk
  tokens_start <<'INI'
limit.requests_per_second = 100
limit.concurrent_requests = 4
INI
  quiet=$(flood_token quiet)
  noisy=$(flood_token noisy)
  flood_send warm "$quiet" 0 1 >/dev/null
  for round in $(seq "$1"); do
    idle=$(flood_send "idle$round" "$quiet" 20 1)
    flood_send "noise$round" "$noisy" 0 64 >"$STACK_DIR/noise" &
    noise=$!
    busy=$(flood_send "busy$round" "$quiet" 20 1)
    wait "$noise"
    echo "round $round: alone $idle; beside a flood $busy; the flood $(cat "$STACK_DIR/noise")"
    echo "$idle $busy $(cat "$STACK_DIR/noise")" >>"$STACK_DIR/flood.tsv"
  done
  {
    bench_machine
    printf 'A client that sends a record every 20 ms, alone and beside one that sends as many as it can over 64 connections, with\n'
    printf '`requests_per_second = 100` and `concurrent_requests = 4` of 8 workers; medians of %s rounds of %s seconds.\n\n' "$1" "$tokens_seconds"
    printf '| | requests/s | p50 ms | p99 ms |\n| --- | ---: | ---: | ---: |\n'
    table_row 'the quiet client, alone' "$STACK_DIR/flood.tsv" 1 2 3
    table_row 'the quiet client, beside the flood' "$STACK_DIR/flood.tsv" 5 6 7
    table_row 'the flood, nearly all of it answered 429' "$STACK_DIR/flood.tsv" 9 10 11
    printf '\np99 beside the flood by p99 alone, median of each round'"'"'s: %s (target 3 or less). Requests of the quiet client that were refused: %s.\n' \
      "$(awk '{ printf "%.2f\n", $7 / $3 }' "$STACK_DIR/flood.tsv" | median)" "$(awk '{ n += $8 } END { print n }' "$STACK_DIR/flood.tsv")"
  } >"$results/flood.md"
  cat "$results/flood.md"
}
