/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "tokengroup.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "db.h"
#include "err.h"
#include "login.h"
#include "rows.h"
#include "scope.h"
#include "sql.h"

#include "poison.h"

/* What is shared of a token: the row, and what was remembered of the client, to be proved. */
struct shared {
    unsigned char digest[CRYPT_DIGEST_SIZE];
    enum crypt_hash hash;
    bool has_scope;
    int64_t lifetime;
    int64_t client;
    int64_t secret;
    unsigned char secret_digest[CRYPT_DIGEST_SIZE];
    char scope[SCOPE_MAX_CHARS + 1];
    char networks[CLIENT_NETWORKS_MAX + 1];
};

/* What a leader works with. */
struct leader {
    struct db *db;
    struct err *e;
    int failed; /* -1: the error is told as it stands, since another try would end in it too */
};

/* A secret as the database has it. */
struct proof {
    int64_t secret, client;
    unsigned char digest[CRYPT_DIGEST_SIZE];
    char networks[CLIENT_NETWORKS_MAX + 1];
};

struct proofs {
    struct proof known[GATHER_MAX];
    size_t count;
    char now[32]; /* of the look at them */
};

struct gather *tokengroup_new(void)
{
    return gather_new(sizeof(struct shared));
}

/* Returns 0, 1 or -1 as tokengroup_add. That the row is there already is no error: a leader that was killed may have stored it. */
static int store_one(struct db *db, const struct shared *row, struct err *e)
{
    uint64_t added;
    struct db_value values[] = {db_bytes(row->digest, sizeof(row->digest)), db_text(crypt_hash_names[row->hash]),
                                db_text(row->has_scope ? row->scope : NULL), db_int(row->lifetime), db_int(row->client),
                                db_text(row->networks), db_int(row->secret), db_bytes(row->secret_digest, sizeof(row->secret_digest))};
    if (db_run(db, SQL_TOKEN_ADD_PROVED, values, sizeof(values) / sizeof(values[0]), &added, e) == 0)
        return added == 1 ? 0 : 1;
    if (db_last_fault(db) != DB_FAULT_DUPLICATE)
        return -1;
    *e = ERR_NONE;
    return 0;
}

static bool take_proof(struct db *db, struct proofs *out)
{
    size_t len;
    struct proof *proof = &out->known[out->count];
    const char *digest = db_column(db, 2, &len);
    if (digest == NULL || len != sizeof(proof->digest))
        return false;
    proof->secret = db_column_int(db, 0);
    proof->client = db_column_int(db, 1);
    memcpy(proof->digest, digest, len);
    rows_text(db, 3, proof->networks, sizeof(proof->networks));
    rows_text(db, 4, out->now, sizeof(out->now));
    out->count++;
    return true;
}

/* Asks for the secrets of these rows that live, of clients that are enabled. Returns 0 or -1. */
static int ask(struct db *db, const struct shared *rows, size_t count, struct proofs *out, struct err *e)
{
    struct db_value values[GATHER_MAX];
    int got;
    for (size_t i = 0; i < GATHER_MAX; i++)
        values[i] = db_int(i < count ? rows[i].secret : 0);
    out->count = 0;
    if (db_query(db, SQL_TOKEN_PROOFS, values, GATHER_MAX, e) != 0)
        return -1;
    while (out->count < GATHER_MAX && (got = db_fetch(db, e)) == 1)
        if (!take_proof(db, out))
            break;
    db_end(db);
    return got < 0 ? -1 : 0;
}

static bool is_proved(const struct proofs *proofs, const struct shared *row)
{
    for (size_t i = 0; i < proofs->count; i++) {
        const struct proof *proof = &proofs->known[i];
        if (proof->secret == row->secret)
            return proof->client == row->client && strcmp(proof->networks, row->networks) == 0 &&
                   memcmp(proof->digest, row->secret_digest, sizeof(proof->digest)) == 0;
    }
    return false;
}

enum column { DIGEST, HASH, CLIENT, SCOPE, ISSUED_AT, LIFETIME, COLUMN_N };

/* Stores those rows that are chosen, in one statement. They count as issued when their clients were looked at: so what ends all tokens of a
 * client after its secret has changed ends these. */
static int insert(struct db *db, const struct shared *const *rows, size_t count, const char *now, struct err *e)
{
    const char *values[COLUMN_N][GATHER_MAX];
    unsigned long lengths[COLUMN_N][GATHER_MAX];
    char clients[GATHER_MAX][24], lifetimes[GATHER_MAX][24];
    struct db_array columns[COLUMN_N];
    struct db_counts done;
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(clients[i], sizeof(clients[i]), "%lld", (long long)rows[i]->client);
        (void)snprintf(lifetimes[i], sizeof(lifetimes[i]), "%lld", (long long)rows[i]->lifetime);
        values[DIGEST][i] = (const char *)rows[i]->digest;
        values[HASH][i] = crypt_hash_names[rows[i]->hash];
        values[CLIENT][i] = clients[i];
        values[SCOPE][i] = rows[i]->has_scope ? rows[i]->scope : NULL;
        values[ISSUED_AT][i] = now;
        values[LIFETIME][i] = lifetimes[i];
        for (int c = 0; c < COLUMN_N; c++)
            lengths[c][i] = c == DIGEST ? CRYPT_DIGEST_SIZE : values[c][i] == NULL ? 0 : (unsigned long)strlen(values[c][i]);
    }
    for (int c = 0; c < COLUMN_N; c++)
        columns[c] = (struct db_array){.data = values[c], .len = lengths[c], .binary = c == DIGEST};
    return db_run_rows(db, SQL_TOKEN_ADD_MANY, columns, COLUMN_N, count, &done, e);
}

/* Returns 0 with the results, or -1. */
static int store_many(struct db *db, const struct shared *rows, size_t count, enum gather_result *results, struct err *e)
{
    const struct shared *proved[GATHER_MAX];
    struct proofs proofs;
    size_t proved_count = 0;
    if (ask(db, rows, count, &proofs, e) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (is_proved(&proofs, &rows[i]))
            proved[proved_count++] = &rows[i];
    int rc = proved_count == 0 ? 0 : insert(db, proved, proved_count, proofs.now, e);
    for (size_t i = 0; rc == 0 && i < count; i++)
        results[i] = is_proved(&proofs, &rows[i]) ? GATHER_STORED : GATHER_REFUSED;
    crypt_wipe(&proofs, sizeof(proofs));
    return rc;
}

static void store(void *self, const void *shared, size_t count, enum gather_result *results)
{
    struct leader *leader = self;
    const struct shared *rows = shared;
    if (count == 1) {
        int rc = store_one(leader->db, rows, leader->e);
        leader->failed = rc < 0 ? -1 : 0;
        if (rc >= 0)
            results[0] = rc == 0 ? GATHER_STORED : GATHER_REFUSED;
    } else if (store_many(leader->db, rows, count, results, leader->e) != 0) {
        /* Each tries by itself and has an error of its own. So does this one, unless its connection is gone. */
        leader->failed = db_last_fault(leader->db) == DB_FAULT_LOST ? -1 : 0;
    }
}

int tokengroup_add(struct db *db, struct gather_seat *seat, const struct login *login, const struct tokengroup_row *token,
                   struct err *e)
{
    struct leader leader = {.db = db, .e = e};
    struct shared row = {.hash = token->hash, .has_scope = token->scope != NULL, .lifetime = token->lifetime,
                         .client = login->client, .secret = login->secret.id};
    memcpy(row.digest, token->digest, sizeof(row.digest));
    memcpy(row.secret_digest, login->secret.digest, sizeof(row.secret_digest));
    (void)snprintf(row.scope, sizeof(row.scope), "%s", token->scope == NULL ? "" : token->scope);
    (void)snprintf(row.networks, sizeof(row.networks), "%s", login->networks);
    enum gather_result result = seat == NULL ? GATHER_UNKNOWN : gather_put(seat, &row, store, &leader);
    int rc = result == GATHER_STORED ? 0 : result == GATHER_REFUSED ? 1 : leader.failed;
    if (result == GATHER_UNKNOWN && leader.failed == 0)
        rc = store_one(db, &row, e);
    crypt_wipe(&row, sizeof(row));
    return rc;
}
