#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The rights that the administrator's guide gives the service's account are enough for everything that it does, and no more than it names.
set -u
. "${top_srcdir:-$(dirname "$0")/../..}/test/lib/stack-test.sh"

grants() { sed -n "s/^\(GRANT .* ON ruku\.[a-z_]* TO 'ruku'@'localhost';\)$/\1/p" "$top_srcdir/doc/$1"; }

stack_test_begin
dir=$STACK_DIR
stack_test_database </dev/null
is "both languages of the guide give the same rights" "$(grants administrator.zh-CN.md)" "$(grants administrator.md)"
must stack_sql "CREATE USER 'ruku'@'localhost' IDENTIFIED BY 'a-word'; $(grants administrator.md)"
stack_ini <<'INI'
database.user = ruku
database.password = a-word
server.workers = 1
INI
must serve
must take_token

send() { call "$1" "/v1/records/core/general$2" -P CONTENT_TYPE=application/x-ndjson "${@:3}"; }
printf '{"id":"g-1","title":"One"}\n{"id":"g-2","title":"Two"}\n' >"$dir/good"
printf '{"id":"g-3","title":"Three"}\n{"id":"g-4"}\n' >"$dir/mixed"
printf '{"title":"One again"}' >"$dir/one"

send POST '' -b "$dir/good"
is "a strict push" "$status:$(member created)" 200:2
send POST '' -b "$dir/good" -P HTTP_PREFER=return=representation
is "with a result for every record" "$status:$(member unchanged)" 200:2
send POST '' -b "$dir/mixed" -P HTTP_PREFER=handling=lenient
is "a lenient push, its refused record written down" "$status:$(member created):$(member rejected)" 207:1:1
batch=$(member batch)
call GET "/v1/batches/$batch"
like "its receipt, with the refused record" "$status $reply" '^200 .*"index":1,"id":"g-4"'
call GET /v1/batches
is "receipts" "$status" 200
awk 'BEGIN { for (i = 1; i <= 2500; i++) printf "{\"id\":\"many-%d\",\"title\":\"%d\"}\n", i, i }' >"$dir/many"
send POST '' -b "$dir/many" -P HTTP_PREFER=handling=lenient
is "a lenient push of several commits" "$status:$(member created)" 200:2500
for created in 1 1; do
  printf '{"id":"g-5","title":"Five"}\n' >"$dir/key"
  send POST '' -b "$dir/key" -P HTTP_IDEMPOTENCY_KEY=k-1
  is "under a key, and again" "$status:$(member created)" "200:$created"
done
stack_sql "UPDATE batch SET updated_at = updated_at - INTERVAL 30 DAY WHERE idempotency_key IS NOT NULL"
send POST '' -b "$dir/key" -P HTTP_IDEMPOTENCY_KEY=k-1
is "a key that is past its time" "$status:$(member unchanged)" 200:1
call PUT /v1/records/core/general/g-1 -b "$dir/one" -P CONTENT_TYPE=application/json -P 'HTTP_IF_MATCH="1"'
is "one record replaced, on a condition" "$status:$(member updated)" 200:1
call GET /v1/records/core/general/g-1
is "read back" "$status:$(member revision)" 200:2
call DELETE /v1/records/core/general/g-1
is "withdrawn" "$status:$(member state)" 200:withdrawn
for path in '?limit=2' '?updated_since=2024-10-09T00:00:00Z' '?state=all'; do
  call GET "/v1/records/core/general$path"
  is "listed: $path" "$status" 200
done
call GET /v1/digest/core/general
is "digests" "$status" 200
call GET /readyz
is "ready" "$status" 200

denied() { ! mariadb --no-defaults -u ruku --password=a-word -S "$db_socket" ruku -e "$1" 2>/dev/null; }
for statement in 'DELETE FROM record' 'INSERT INTO client (client_id) VALUES ("x")' 'UPDATE client SET disabled = 0' 'DROP TABLE record' \
  'INSERT INTO client_grant VALUES (1, "*", "*", NOW())' 'UPDATE token SET client = 1'; do
  ok "the account may not: ${statement%% (*}" denied "$statement"
done
done_testing
