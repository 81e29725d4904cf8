/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "sql.h"

#include "poison.h"

/* A row that holds a newer version than the push. */
#define STALE "COALESCE(version > VALUES(version), FALSE)"

/* A row that the push leaves as it is. Each assignment asks it again, so what it reads is assigned last. */
#define KEEP "(digest = VALUES(digest) AND state = 'live' OR " STALE ")"

/* The batch column tells a row that this very push has touched before: its revision grows once a push. */
#define UPSERT                                                                                                         \
    "INSERT INTO record (client, category, resource, id, digest, version, title, published_at, fields, sent, "         \
    "category_version, batch, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NOW(3), NOW(3)) "    \
    "ON DUPLICATE KEY UPDATE "                                                                                         \
    "title = IF(" KEEP ", title, VALUES(title)), "                                                                     \
    "published_at = IF(" KEEP ", published_at, VALUES(published_at)), "                                                \
    "fields = IF(" KEEP ", fields, VALUES(fields)), "                                                                  \
    "sent = IF(" KEEP ", sent, VALUES(sent)), "                                                                        \
    "category_version = IF(" KEEP ", category_version, VALUES(category_version)), "                                    \
    "revision = IF(" KEEP ", revision, revision + (batch <> VALUES(batch))), "                                         \
    "updated_at = IF(" KEEP ", updated_at, NOW(3)), "                                                                  \
    "batch = IF(" KEEP ", batch, VALUES(batch)), "                                                                     \
    "digest = IF(" KEEP ", digest, VALUES(digest)), "                                                                  \
    "state = IF(" STALE ", state, 'live'), "                                                                           \
    "version = IF(" STALE ", version, VALUES(version))"

#define RESOURCE "client = ? AND category = ? AND resource = ?"
#define IDENTITY RESOURCE " AND id = ?"
#define RECORD_COLUMNS "id, revision, state, batch, created_at, updated_at, version, fields, seq, sent, category_version"
#define BATCH_ADD                                                                                                      \
    "INSERT INTO batch (received, created, updated, unchanged, superseded, stale, rejected, complete, "                \
    "idempotency_key, request_digest, reply_status, reply_headers, reply, id, client, category, resource, mode)"
#define BATCH_VALUES "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"

/* What a worker remembers of a token is looked up again where it counts: no batch, no commit. Each table is asked by its whole key,
 * which costs the server next to nothing. */
#define PROOF                                                                                                          \
    " FROM token t, client c, client_grant g WHERE t.digest = ? AND t.expires_at > NOW() AND c.id = ? "                 \
    "AND t.issued_at >= c.tokens_from AND NOT c.disabled AND NOT c.must_sign AND c.networks = ? AND g.client = ? AND g.category = ? AND g.resource = ?"

#define AUDIT_COLUMNS "id, writer, seq, at, actor, address, action, subject, result, detail, request_id, prev, hash"
#define CLIENT_COLUMNS "id, client_id, name, disabled, networks, created_at, must_sign"
#define SECRET_LIVES "(s.expires_at IS NULL OR s.expires_at > NOW())"

/* A login that is remembered is still what it was. */
#define LOGIN_PROOF                                                                                                    \
    "FROM client c JOIN client_secret s ON s.client = c.id WHERE c.id = ? AND NOT c.disabled AND NOT c.must_sign "     \
    "AND c.networks = ? AND s.id = ? AND s.digest = ? AND " SECRET_LIVES

/* What a reconciliation hashes, the last day included, in no order: a sort of millions of rows would keep the first one waiting. */
#define DAYS(column, what, hint)                                                                                       \
    "SELECT DATE(" column "), " what " FROM record " hint "WHERE " RESOURCE " AND state = 'live' AND " column        \
    " >= ? AND " column " < COALESCE(ADDDATE(?, 1), '9999-12-31 23:59:59')"

/* The receipts of a client, or of all. */
#define RECEIPT                                                                                                        \
    "SELECT b.id, COALESCE(c.client_id, ''), b.category, b.resource, b.mode, b.complete, b.received, b.created, "      \
    "b.updated, b.unchanged, b.superseded, b.stale, b.rejected, COALESCE(b.idempotency_key, ''), b.created_at, "       \
    "b.updated_at FROM batch b LEFT JOIN client c ON c.id = b.client WHERE (? IS NULL OR b.client = ?) "

const char *const sql_texts[SQL_N] = {
    [SQL_SCHEMA_TABLE] = "SELECT COUNT(*) FROM information_schema.tables "
                         "WHERE table_schema = DATABASE() AND table_name = 'schema_version'",
    [SQL_SCHEMA_VERSION] = "SELECT COALESCE(MAX(version), 0) FROM schema_version",
    [SQL_SCHEMA_APPLIED] = "INSERT INTO schema_version (version, name, applied_at) VALUES (?, ?, NOW())",
    [SQL_SCHEMA_LIST] = "SELECT version, name, applied_at FROM schema_version ORDER BY version",
    [SQL_CLIENT_ADD] = "INSERT INTO client (client_id, name, networks) VALUES (?, ?, ?)",
    [SQL_CLIENT_LIST] = "SELECT " CLIENT_COLUMNS " FROM client ORDER BY client_id",
    [SQL_CLIENT_FIND] = "SELECT " CLIENT_COLUMNS " FROM client WHERE client_id = ?",
    [SQL_CLIENT_SECRETS] =
        "SELECT c.id, c.disabled, c.networks, s.id, s.hash, s.key_id, s.salt, s.digest, s.used_at > NOW() - INTERVAL 60 SECOND, c.must_sign "
        "FROM client c LEFT JOIN client_secret s ON s.client = c.id AND " SECRET_LIVES " WHERE c.client_id = ? "
        "ORDER BY s.id DESC LIMIT 2",
    [SQL_SECRET_ADD] = "INSERT INTO client_secret (client, hash, key_id, salt, digest) VALUES (?, ?, ?, ?, ?)",
    [SQL_SECRET_LIST] = "SELECT s.id, s.created_at, s.expires_at, s.used_at, s.hash, s.key_id FROM client_secret s "
                        "WHERE s.client = ? AND " SECRET_LIVES " ORDER BY s.id DESC",
    [SQL_SECRET_COUNT] = "SELECT COUNT(*) FROM client_secret s WHERE s.key_id = ? AND " SECRET_LIVES,
    [SQL_SECRET_REMOVE_OTHERS] = "DELETE FROM client_secret WHERE client = ? AND id <> ?",
    [SQL_SECRET_EXPIRE] = "UPDATE client_secret SET expires_at = LEAST(COALESCE(expires_at, '9999-12-31'), NOW() + INTERVAL ? SECOND) "
                          "WHERE id = ?",
    [SQL_SECRET_USED] = "UPDATE client_secret SET used_at = NOW() WHERE id = ?",
    [SQL_SECRET_RENEW] = "UPDATE client_secret SET hash = ?, key_id = ?, salt = ?, digest = ? WHERE id = ? AND digest = ?",
    [SQL_CLIENT_SET_DISABLED] = "UPDATE client SET disabled = ? WHERE client_id = ?",
    [SQL_CLIENT_SET_NETWORKS] = "UPDATE client SET networks = ? WHERE id = ?",
    [SQL_CLIENT_SET_MUST_SIGN] = "UPDATE client SET must_sign = ? WHERE id = ?",
    [SQL_SIGNKEY_ADD] = "INSERT INTO client_signing_key (client, key_id, sealed) VALUES (?, ?, ?)",
    [SQL_SIGNKEY_LIST] = "SELECT created_at, expires_at, key_id, sealed, id FROM client_signing_key WHERE client = ? "
                         "AND (expires_at IS NULL OR expires_at > NOW()) ORDER BY id DESC LIMIT 2",
    [SQL_SIGNKEY_COUNT] = "SELECT COUNT(*) FROM client_signing_key WHERE key_id = ? AND (expires_at IS NULL OR expires_at > NOW())",
    [SQL_SIGNKEY_EXPIRE] = "UPDATE client_signing_key SET expires_at = LEAST(COALESCE(expires_at, '9999-12-31'), NOW() + INTERVAL ? SECOND) "
                           "WHERE client = ?",
    [SQL_SIGNKEY_REMOVE_EXPIRED] = "DELETE FROM client_signing_key WHERE client = ? AND expires_at <= NOW()",
    [SQL_SIGNKEY_RENEW] = "UPDATE client_signing_key SET key_id = ?, sealed = ? WHERE id = ?",
    /* sealing.h has the mark by which a record with sealed values is told. */
    [SQL_RESEAL_PAGE] = "SELECT seq FROM record WHERE seq > ? AND fields LIKE '%{\"sm4gcm\":\"%' ORDER BY seq LIMIT ?",
    [SQL_RESEAL_LOCK] = "SELECT client, category, resource, id, fields FROM record WHERE seq = ? FOR UPDATE",
    [SQL_RESEAL_UPDATE] = "UPDATE record SET fields = ?, digest = ? WHERE seq = ?",
    [SQL_NONCE_ADD] = "INSERT IGNORE INTO signature_nonce (client, digest, expires_at) VALUES (?, ?, NOW() + INTERVAL ? SECOND)",
    [SQL_NONCE_PURGE] = "DELETE FROM signature_nonce WHERE expires_at < NOW() LIMIT 1000",
    [SQL_GRANT_ADD] = "INSERT INTO client_grant (client, category, resource) SELECT id, ?, ? FROM client "
                      "WHERE client_id = ? ON DUPLICATE KEY UPDATE granted_at = granted_at",
    [SQL_GRANT_REMOVE] = "DELETE g FROM client_grant g JOIN client c ON c.id = g.client "
                         "WHERE g.category = ? AND g.resource = ? AND c.client_id = ?",
    [SQL_GRANT_LIST] = "SELECT category, resource, granted_at FROM client_grant WHERE client = ? "
                       "ORDER BY category, resource",
    [SQL_AUDIT_ADD] = "INSERT IGNORE INTO audit (writer, seq, at, actor, address, action, subject, result, detail, request_id, prev, hash) "
                      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [SQL_AUDIT_LAST] = "SELECT seq, hash FROM audit WHERE writer = ? ORDER BY seq DESC LIMIT 1 FOR UPDATE",
    [SQL_AUDIT_CHAINS] = "SELECT " AUDIT_COLUMNS " FROM audit ORDER BY writer, seq",
    [SQL_AUDIT_SINCE] = "SELECT " AUDIT_COLUMNS " FROM audit WHERE at >= ? ORDER BY id",
    [SQL_AUDIT_STRETCH] = "SELECT id, hash FROM audit WHERE id > ? AND id <= ? ORDER BY id",
    [SQL_AUDIT_ANCHORS] = "SELECT id, detail FROM audit WHERE writer = 'anchor' ORDER BY seq",
    [SQL_AUDIT_PURGED] = "SELECT " AUDIT_COLUMNS " FROM audit WHERE writer = 'rukuctl' AND action = 'audit.purge' ORDER BY seq",
    [SQL_AUDIT_LAST_ANCHOR] = "SELECT detail FROM audit WHERE writer = 'anchor' ORDER BY seq DESC LIMIT 1",
    [SQL_AUDIT_SETTLED] = "SELECT COALESCE(MAX(id), 0) FROM audit WHERE stored_at < NOW(6) - INTERVAL 60 SECOND",
    [SQL_AUDIT_OLD] = "SELECT COALESCE(MAX(id), 0) FROM audit WHERE stored_at < NOW(6) - INTERVAL ? DAY",
    [SQL_AUDIT_COUNT] = "SELECT COUNT(*) FROM audit WHERE id <= ?",
    [SQL_AUDIT_PURGE] = "DELETE FROM audit WHERE id <= ? ORDER BY id LIMIT 1000",
    [SQL_TOKEN_ADD] = "INSERT INTO token (digest, hash, client, scope, expires_at) VALUES (?, ?, ?, ?, NOW() + INTERVAL ? SECOND)",
    /* What a worker remembers of a client is proved by the row that it adds, or does not. */
    [SQL_TOKEN_ADD_PROVED] =
        "INSERT INTO token (digest, hash, client, scope, expires_at) SELECT ?, ?, c.id, ?, NOW() + INTERVAL ? SECOND "
        LOGIN_PROOF,
    /* The same for many rows in one message, where the server takes no INSERT … SELECT. It looks the client up for the first row and
     * has the others use what it found, so all rows must be of one login. Where that is not proved, the client is NULL, and all fail. */
    [SQL_TOKEN_ADD_SEVERAL] = "INSERT INTO token (digest, hash, scope, expires_at, client) "
                              "VALUES (?, ?, ?, NOW() + INTERVAL ? SECOND, (SELECT c.id " LOGIN_PROOF "))",
    [SQL_TOKEN_PURGE] = "DELETE FROM token WHERE expires_at < NOW() LIMIT 1000",
    [SQL_TOKEN_CALLER] =
        "SELECT c.id, c.client_id, c.disabled, c.networks, TIMESTAMPDIFF(SECOND, NOW(), t.expires_at), g.category, "
        "g.resource, t.scope, c.must_sign FROM token t JOIN client c ON c.id = t.client LEFT JOIN client_grant g ON g.client = c.id "
        "AND g.category IN (?, '*') AND g.resource IN (?, '*') WHERE t.digest = ? AND t.expires_at > NOW() AND t.issued_at >= c.tokens_from LIMIT 1",
    [SQL_TOKEN_FIND] = "SELECT t.client, t.scope, CAST(FLOOR(UNIX_TIMESTAMP(t.issued_at)) AS SIGNED), UNIX_TIMESTAMP(t.expires_at) FROM token t "
                       "JOIN client c ON c.id = t.client WHERE t.digest = ? AND t.expires_at > NOW() AND t.issued_at >= c.tokens_from",
    [SQL_TOKEN_REVOKE] = "DELETE FROM token WHERE digest = ? AND client = ?",
    [SQL_TOKEN_REVOKE_ALL] = "UPDATE client SET tokens_from = NOW(6) WHERE id = ?",
    [SQL_BATCH_ADD] = BATCH_ADD " VALUES (" BATCH_VALUES ")",
    [SQL_BATCH_ADD_PROVED] = BATCH_ADD " SELECT " BATCH_VALUES PROOF,
    [SQL_BATCH_UPDATE] = "UPDATE batch SET received = ?, created = ?, updated = ?, unchanged = ?, superseded = ?, stale = ?, "
                         "rejected = ?, complete = ?, idempotency_key = ?, request_digest = ?, reply_status = ?, "
                         "reply_headers = ?, reply = ?, updated_at = NOW(3) WHERE id = ?",
    /* A locking read waits for a commit that is still under way on the lost connection, so its answer is final. A push of several
     * commits is told by how far its receipt has got. */
    [SQL_BATCH_COMMITTED] = "SELECT created, updated, unchanged, superseded, stale FROM batch "
                            "WHERE id = ? AND received = ? AND complete = ? FOR UPDATE",
    [SQL_BATCH_KEY] = "SELECT id, request_digest, reply_status, reply_headers, reply, "
                      "updated_at < NOW() - INTERVAL ? SECOND FROM batch WHERE client = ? AND idempotency_key = ?",
    [SQL_BATCH_KEY_EXPIRE] = "UPDATE batch SET idempotency_key = NULL, request_digest = NULL, reply_status = NULL, "
                             "reply_headers = NULL, reply = NULL WHERE id = ? AND client = ?",
    [SQL_BATCH_FIND] = RECEIPT "AND b.id = ?",
    [SQL_BATCH_LAST] = "SELECT * FROM (" RECEIPT "ORDER BY b.id DESC LIMIT ?) AS last ORDER BY id",
    [SQL_BATCH_AFTER] = RECEIPT "AND b.id > ? ORDER BY b.id LIMIT ?",
    [SQL_BATCH_COUNT_OLD] = "SELECT (SELECT COUNT(*) FROM batch WHERE id < ?), "
                            "(SELECT COUNT(*) FROM reject WHERE batch < ?)",
    [SQL_BATCH_PURGE] = "DELETE FROM batch WHERE id < ? ORDER BY id LIMIT 1000",
    [SQL_REJECT_ADD] = "INSERT INTO reject (batch, position, id, faults) VALUES (?, ?, ?, ?)",
    [SQL_REJECT_LIST] = "SELECT position, id, faults FROM reject WHERE batch = ? AND position > ? ORDER BY position LIMIT ?",
    [SQL_REJECT_PURGE] = "DELETE FROM reject WHERE batch < ? ORDER BY batch, position LIMIT 1000",
    [SQL_RECORD_UPSERT] = UPSERT,
    [SQL_RECORD_UPSERT_TELL] = UPSERT " RETURNING revision, batch, version",
    /* A push of one record, whole. Told is what the upsert affected, as enum stored in single.c. */
    [SQL_RECORD_PUSH] =
        "BEGIN NOT ATOMIC DECLARE stored INT; START TRANSACTION; " UPSERT "; SET stored = ROW_COUNT(); " BATCH_ADD
        " SELECT 1, stored = 1, stored = 2, stored = 0, 0, 0, 0, TRUE, NULL, NULL, NULL, NULL, NULL, ?, ?, ?, ?, ?" PROOF
        "; IF ROW_COUNT() = 1 THEN COMMIT; SELECT stored; ELSE ROLLBACK; SELECT -1; END IF; END",
    [SQL_RECORD_TOUCHED] = "SELECT digest FROM record WHERE " IDENTITY " AND batch = ?",
    [SQL_RECORD_LOCK] = "SELECT revision, state FROM record WHERE " IDENTITY " FOR UPDATE",
    [SQL_RECORD_FIND] = "SELECT " RECORD_COLUMNS " FROM record WHERE " IDENTITY,
    [SQL_RECORD_WITHDRAW] = "UPDATE record SET state = 'withdrawn', revision = revision + 1, updated_at = NOW(3) "
                            "WHERE " IDENTITY " AND state = 'live' AND ? IN (revision, 0)",
    [SQL_RECORD_LIST] = "SELECT " RECORD_COLUMNS " FROM record WHERE " RESOURCE " AND id > ? "
                        "AND ? IN (state, 'all') ORDER BY id LIMIT ?",
    [SQL_RECORD_LIST_CHANGED] = "SELECT " RECORD_COLUMNS " FROM record WHERE " RESOURCE " AND updated_at >= ? "
                                "AND (updated_at > ? OR seq > ?) AND ? IN (state, 'all') ORDER BY updated_at, seq LIMIT ?",
    [SQL_RECORD_DIGEST_UPDATED] = DAYS("updated_at", "id, digest", "FORCE INDEX (changed) "),
    [SQL_RECORD_DIGEST_CREATED] = DAYS("created_at", "id, digest", ""),
    [SQL_RECORD_DIGEST_PUBLISHED] = DAYS("published_at", "id, digest", ""),
    /* Of encrypted fields the digest is keyed: that of the content has to be made of it. */
    [SQL_RECORD_OPENED_UPDATED] = DAYS("updated_at", "id, digest, fields", "FORCE INDEX (changed) "),
    [SQL_RECORD_OPENED_CREATED] = DAYS("created_at", "id, digest, fields", ""),
    [SQL_RECORD_OPENED_PUBLISHED] = DAYS("published_at", "id, digest, fields", ""),
    /* By the index `changed`, in its own order, so that rows flow at once and nothing is sorted. */
    [SQL_EXTRACT_RECORDS] =
        "SELECT id, revision, state, batch, created_at, updated_at, fields FROM record FORCE INDEX (changed) "
        "WHERE client = ? AND category = ? AND resource = ? AND updated_at >= ? AND (state = 'live' OR ?) "
        "ORDER BY updated_at, seq",
    /* A batch's id begins with the second in which the push did: days are taken from it, by the primary key. */
    [SQL_STATS_PUSHES] =
        "SELECT b.category, COALESCE(c.client_id, ''), COALESCE(c.name, ''), "
        "CONCAT_WS('-', LEFT(b.id, 4), SUBSTR(b.id, 5, 2), SUBSTR(b.id, 7, 2)) AS day, COUNT(*), SUM(b.received), "
        "SUM(b.created), SUM(b.updated), SUM(b.unchanged), SUM(b.rejected) FROM batch b "
        "LEFT JOIN client c ON c.id = b.client WHERE b.id >= ? AND (? IS NULL OR b.client = ?) "
        "GROUP BY b.category, b.client, day ORDER BY b.category, c.client_id, day",
    [SQL_STATS_RECORDS] =
        "SELECT r.category, r.resource, COALESCE(c.client_id, ''), COALESCE(c.name, ''), SUM(r.state = 'live'), "
        "SUM(r.state = 'withdrawn') FROM record r LEFT JOIN client c ON c.id = r.client "
        "WHERE ? IS NULL OR r.client = ? GROUP BY r.category, r.resource, r.client "
        "ORDER BY r.category, r.resource, c.client_id",
    [SQL_DOCTOR_SERVER] =
        "SELECT @@SESSION.sql_mode, @@GLOBAL.innodb_flush_log_at_trx_commit, @@GLOBAL.log_bin, @@GLOBAL.sync_binlog, "
        "@@GLOBAL.max_allowed_packet, @@GLOBAL.max_connections, @@GLOBAL.innodb_doublewrite, UNIX_TIMESTAMP(), "
        "(SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' "
        "AND table_collation NOT LIKE 'utf8mb4%')",
    [SQL_VIEW_NAMES] = "SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE() "
                       "AND table_name LIKE 'v|_%' ESCAPE '|' ORDER BY table_name",
};
