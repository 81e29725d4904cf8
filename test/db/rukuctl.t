#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The administrator's tool against a real database.
set -u
. "${top_srcdir:=$(dirname "$0")/../..}/test/lib/stack-test.sh"
stack_test_begin

stack_ini <<'INI'
database.timeout = 5
INI
check "without a database the reason is told" 75 "Can't connect" db status
must start_database
check "the status of a database that is not there" 75 'Unknown database' db status
check "init makes database and tables" 0 'applied 001-core.sql' db init
check "init again changes nothing" 0 'nothing to do: the tables have version 6' db init
check "status names version and file" 0 'version 6; program: version 6.*001-core.sql' db status
is "the tables are there" "$(stack_sql 'SHOW TABLES' | paste -sd' ')" \
  "audit batch client client_grant client_secret client_signing_key record reject schema_version signature_nonce token"
is "text is utf8mb4 and compared byte by byte" \
  "$(stack_sql "SELECT collation_name FROM information_schema.columns WHERE table_schema = 'ruku' AND table_name = 'record' AND column_name = 'id'")" \
  utf8mb4_nopad_bin

stack_sql "INSERT INTO schema_version VALUES (99, 'from-the-future.sql', NOW())"
check "newer tables: the status tells and fails" 75 'version 99 and this program needs version 6.*newer program' db status
check "newer tables: no command touches them" 75 'version 99' client list
check "newer tables: upgrade refuses" 75 'version 99' db upgrade
stack_sql "CREATE TABLE kept AS SELECT * FROM schema_version WHERE version < 99; DELETE FROM schema_version"
check "older tables: the remedy is named" 75 'run: rukuctl db init' client list
stack_sql "INSERT INTO schema_version SELECT * FROM kept; DROP TABLE kept"

check "a client is added" 0 'client_id=alpha.*client_secret=' client add --id alpha '教育局网站'
secret=$(sed -n 's/^client_secret=//p' <<<"$said")
like "the secret is letters and digits" "$secret" '^rukusecret[A-Za-z0-9]{49}$'
is "the secret is not in the database" "$(mariadb-dump --no-defaults -u root -S "$db_socket" ruku | grep -c "$secret")" 0
check "an id once only" 1 '"alpha" exists already' client add --id alpha again
check "an id is letters and digits" 78 'letters and digits' client add --id 'a b' name
check "networks are checked" 78 'not a list of CIDR blocks' client add --id beta --network 10.0.0.0/33 name
check "networks are kept" 0 'client_id=beta' client add --id beta --network 10.0.0.0/8,2001:db8::/32 name
check "networks are shown" 0 'networks *10.0.0.0/8,2001:db8::/32' client show beta
check "networks that are changed are checked" 78 'not a list of CIDR blocks' client networks beta 10.0.0.0/8,here
check "an empty list is none" 78 'write `any` to allow every address' client networks beta ''
check "networks of nobody" 1 'no client' client networks nobody any
check "networks are changed" 0 '' client networks beta 192.0.2.0/24
check "and shown then" 0 'networks *192.0.2.0/24' client show beta
check "any is every address" 0 '' client networks beta any
is "and nothing is kept" "$(stack_sql "SELECT networks FROM client WHERE client_id = 'beta'")" ''
many=$(printf '10.%d.0.0/16,' $(seq 0 59))
check "a long list of networks" 0 '' client networks beta "${many%,}"
is "the audit shows that it has not all of it" \
  "$(stack_sql "SELECT RIGHT(detail, 3) FROM audit WHERE action = 'client.networks' ORDER BY id DESC LIMIT 1")" '...'
check "networks as before" 0 '' client networks beta 10.0.0.0/8,2001:db8::/32
check "an id is made where none is given" 0 'client_id=[A-Za-z0-9]{16}' client add '无名'
check "the list" 0 'alpha.*enabled.*教育局网站' client list
check "an unknown client" 1 'There is no client "nobody"' client show nobody

check "a grant" 0 '^$' client grant alpha policy normative
check "a grant again" 0 '^$' client grant alpha policy normative
check "a grant of a whole category" 0 '^$' client grant alpha news '*'
check "a grant for a category that is not there" 78 'no category polcy' client grant alpha polcy normative
check "a grant for a resource that is not there" 78 'has no resource nothing' client grant alpha policy nothing
check "a grant for every category has every resource" 78 "every resource" client grant alpha '*' normative
check "a grant for a client that is not there" 1 'no client "nobody"' client grant nobody news '*'
check "the grants" 0 'grant *news/\*.*grant *policy/normative' client show alpha
check "a grant taken back" 0 '^$' client revoke-grant alpha policy normative
check "a grant that is not there" 78 'has no grant' client revoke-grant alpha policy normative

check "disable" 0 '^$' client disable alpha
check "disable shows" 0 'state *disabled' client show alpha
check "enable" 0 '^$' client enable alpha
check "enable shows" 0 'state *enabled' client show alpha
check "a new secret" 0 'client_secret=' client rotate alpha
unlike "is another one" "$said" "$secret"
check "a new secret for nobody" 1 'no client' client rotate nobody
is "what was changed is in the audit" "$(stack_sql "SELECT GROUP_CONCAT(action ORDER BY id SEPARATOR ' ') FROM audit WHERE subject = 'alpha'")" \
  "client.add client.grant client.grant client.grant client.revoke-grant client.disable client.enable client.rotate"

stack_sql "INSERT INTO token (digest, client, expires_at) SELECT UNHEX(SHA2(seq, 256)), 1, NOW() - INTERVAL 1 SECOND FROM seq_1_to_2500"
stack_sql "INSERT INTO token (digest, client, expires_at) VALUES (UNHEX(SHA2('live', 256)), 1, UTC_TIMESTAMP() + INTERVAL 9 HOUR)"
check "expired tokens are removed, in steps" 0 '2500 expired tokens removed' token purge
is "live ones stay" "$(stack_sql 'SELECT COUNT(*) FROM token')" 1

check "the schema is good" 0 'categories and .* code lists are good' schema check
check "the schema's list" 0 'policy.*政策文件' schema list
check "a category's fields" 0 'doc_no.*pattern=.*发文字号' schema show policy
check "a category as a table of items" 0 '\| `doc_no` \| 发文字号 \| .* \| optional \| 1 \| ' schema doc policy
LC_ALL=zh_CN.UTF-8 check "in Chinese to whom speaks it" 0 '\| `doc_no` \| 发文字号 \| .* \| 可选 \| 1 \| ' schema doc policy
is "every row of it has as many cells" \
  "$(stack_ctl schema doc service-guide | sed -n '/^| Number/,/^$/p' | sed 's/\\|//g' | tr -cd '|\n' | awk 'NF { print length($0) }' | sort -u | paste -sd' ')" 11
check "its code lists" 0 '## Code list: ' schema doc policy
check "of none" 78 'no category none' schema doc none
mkdir -p "$STACK_DIR/new/category"
must stack_ctl schema new water-notice >"$STACK_DIR/new/category/water-notice.ini"
check "a new category's file is good as it stands" 0 'categories and .* are good' schema check "$STACK_DIR/new"
check "a code that is none" 78 'no code of a category' schema new 'Water Notice'
check "a code that is taken" 78 'there is a category policy already' schema new policy
check "an unknown category" 78 'no category none' schema show none
mkdir -p "$STACK_DIR/more/category"
printf '[category]\ncode = x\nname = X\n[field.a]\ntype = strng\n[field.c]\ntype = code\ncodelist = none\n[field.c]\n[field.b]\ntype = integer\nmax = many\ncolour = red\n' \
  >"$STACK_DIR/more/category/x.ini"
check "every fault of a schema is named" 1 \
  'x.ini:9: section \[field.c\] stands twice.*x.ini:5: unknown type strng.*x.ini:12: max = many.*x.ini:13: unknown attribute colour.*x.ini:6: .*no code list none' \
  schema check "$STACK_DIR/more"
check "a folder that is none of ours" 1 'neither a folder category' schema check /tmp
printf 'database.password = verysecret\n' | stack_ini
check "the configuration is shown" 0 'chunk_records = 1000' config show
unlike "without secrets" "$said" verysecret
like "but that there is one" "$said" 'password = \*{8}'
printf '[server]\nworkers = 0\nworkrs = 3\ngrace = 4\ngrace = 5\n[nothing]\nx = 1\n' >"$STACK_DIR/ruku.ini"
check "every fault of the configuration is named" 78 \
  'ruku.ini:5: key grace stands twice.*ruku.ini:6: unknown section \[nothing\].*ruku.ini:3: unknown key workrs.*ruku.ini:2: .*workers = 0: must be a number from 1 to 512' config show
check "an unknown command shows the usage" 64 'usage: rukuctl' client frobnicate
check "too few words show the command's usage" 64 'usage: rukuctl client grant ID CATEGORY RESOURCE' client grant alpha
done_testing
