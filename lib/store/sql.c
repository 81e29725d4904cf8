/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "sql.h"

#include "poison.h"

/* True for a row that the push leaves as it is. Each assignment asks it again, so what it reads is assigned last. */
#define SAME "digest = VALUES(digest) AND state = 'live'"

const char *const sql_texts[SQL_N] = {
    [SQL_SCHEMA_TABLE] = "SELECT COUNT(*) FROM information_schema.tables "
                         "WHERE table_schema = DATABASE() AND table_name = 'schema_version'",
    [SQL_SCHEMA_VERSION] = "SELECT COALESCE(MAX(version), 0) FROM schema_version",
    [SQL_SCHEMA_APPLIED] = "INSERT INTO schema_version (version, name, applied_at) VALUES (?, ?, NOW())",
    [SQL_SCHEMA_LIST] = "SELECT version, name, applied_at FROM schema_version ORDER BY version",
    [SQL_CLIENT_ADD] = "INSERT INTO client (client_id, name, secret_hash, secret_salt, secret_digest, networks) "
                       "VALUES (?, ?, ?, ?, ?, ?)",
    [SQL_CLIENT_LIST] = "SELECT id, client_id, name, disabled, networks, created_at, secret_changed_at FROM client "
                        "ORDER BY client_id",
    [SQL_CLIENT_FIND] = "SELECT id, client_id, name, disabled, networks, created_at, secret_changed_at FROM client "
                        "WHERE client_id = ?",
    [SQL_CLIENT_SECRET] = "SELECT id, disabled, networks, secret_hash, secret_salt, secret_digest FROM client "
                          "WHERE client_id = ?",
    [SQL_CLIENT_SET_SECRET] = "UPDATE client SET secret_hash = ?, secret_salt = ?, secret_digest = ?, "
                              "secret_changed_at = NOW() WHERE client_id = ?",
    [SQL_CLIENT_SET_DISABLED] = "UPDATE client SET disabled = ? WHERE client_id = ?",
    [SQL_GRANT_ADD] = "INSERT INTO client_grant (client, category, resource) SELECT id, ?, ? FROM client "
                      "WHERE client_id = ? ON DUPLICATE KEY UPDATE granted_at = granted_at",
    [SQL_GRANT_REMOVE] = "DELETE g FROM client_grant g JOIN client c ON c.id = g.client "
                         "WHERE g.category = ? AND g.resource = ? AND c.client_id = ?",
    [SQL_GRANT_LIST] = "SELECT category, resource, granted_at FROM client_grant WHERE client = ? "
                       "ORDER BY category, resource",
    [SQL_AUDIT_ADD] = "INSERT INTO audit (actor, action, subject, detail) VALUES (?, ?, ?, ?)",
    [SQL_TOKEN_ADD] = "INSERT INTO token (digest, client, expires_at) VALUES (?, ?, NOW() + INTERVAL ? SECOND)",
    [SQL_TOKEN_PURGE] = "DELETE FROM token WHERE expires_at < NOW() LIMIT 1000",
    [SQL_TOKEN_CALLER] =
        "SELECT c.id, c.client_id, c.disabled, c.networks, "
        "EXISTS (SELECT 1 FROM client_grant g WHERE g.client = c.id AND g.category IN (?, '*') "
        "AND g.resource IN (?, '*')) "
        "FROM token t JOIN client c ON c.id = t.client WHERE t.digest = ? AND t.expires_at > NOW()",
    [SQL_BATCH_ADD] = "INSERT INTO batch (id, client, category, resource, received, created, updated, unchanged, "
                      "superseded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    /* A locking read waits for a commit that is still under way on the lost connection, so its answer is final. */
    [SQL_BATCH_COMMITTED] = "SELECT COUNT(*) FROM batch WHERE id = ? FOR UPDATE",
    /* The batch column tells a row that this very push has touched before: its revision grows once a push. */
    [SQL_RECORD_UPSERT] =
        "INSERT INTO record (client, category, resource, id, digest, title, published_at, fields, batch, "
        "created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NOW(3), NOW(3)) ON DUPLICATE KEY UPDATE "
        "title = IF(" SAME ", title, VALUES(title)), "
        "published_at = IF(" SAME ", published_at, VALUES(published_at)), "
        "fields = IF(" SAME ", fields, VALUES(fields)), "
        "revision = IF(" SAME ", revision, revision + (batch <> VALUES(batch))), "
        "updated_at = IF(" SAME ", updated_at, NOW(3)), "
        "batch = IF(" SAME ", batch, VALUES(batch)), "
        "digest = IF(" SAME ", digest, VALUES(digest)), "
        "state = 'live'",
    [SQL_RECORD_FIND] = "SELECT revision, state, batch, created_at, updated_at, fields FROM record "
                        "WHERE client = ? AND category = ? AND resource = ? AND id = ?",
};
