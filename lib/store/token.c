/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "token.h"

#include <stdio.h>
#include <string.h>

#include "db.h"
#include "err.h"
#include "net.h"
#include "sql.h"

#include "poison.h"

int token_issue(struct db *db, int64_t client, int64_t lifetime, enum crypt_hash hash, char token_out[TOKEN_SIZE],
                struct err *e)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    crypt_random_text(token_out, CRYPT_SECRET_CHARS);
    crypt_digest(hash, token_out, CRYPT_SECRET_CHARS, digest);
    struct db_value values[] = {db_bytes(digest, sizeof(digest)), db_int(client), db_int(lifetime)};
    return db_run(db, SQL_TOKEN_ADD, values, 3, NULL, e);
}

static int denied(struct err *e, enum msg_id id, const struct caller *caller)
{
    return err_set(e, id, "client %s", caller->client_id);
}

/* Looks at the row of the token's client. */
static int judge(struct db *db, const char *category, const char *resource, const char *address, struct caller *out,
                 struct err *e)
{
    out->client = db_column_int(db, 0);
    (void)snprintf(out->client_id, sizeof(out->client_id), "%s", db_column(db, 1, NULL));
    if (db_column_int(db, 2) != 0)
        return denied(e, MSG_CLIENT_DISABLED, out);
    if (!net_list_has(db_column(db, 3, NULL), address)) {
        (void)denied(e, MSG_ADDRESS_NOT_ALLOWED, out);
        msg_arg_text(&e->msg, "address", address, strlen(address));
        return -1;
    }
    if (category != NULL && db_column_int(db, 4) == 0) {
        (void)denied(e, MSG_NOT_GRANTED, out);
        msg_arg_text(&e->msg, "category", category, strlen(category));
        msg_arg_text(&e->msg, "resource", resource, strlen(resource));
        return -1;
    }
    return 0;
}

int token_check(struct db *db, const char *token, size_t len, enum crypt_hash hash, const char *category,
                const char *resource, const char *address, struct caller *out, struct err *e)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    *out = (struct caller){0};
    crypt_digest(hash, token, len, digest);
    struct db_value values[] = {db_text(category == NULL ? "" : category), db_text(resource == NULL ? "" : resource),
                                db_bytes(digest, sizeof(digest))};
    if (db_query(db, SQL_TOKEN_CALLER, values, 3, e) != 0)
        return -1;
    int got = db_fetch(db, e);
    int rc = got == 1   ? judge(db, category, resource, address, out, e)
             : got == 0 ? err_set(e, MSG_INVALID_TOKEN, "no such token, or expired")
                        : -1;
    db_end(db);
    return rc;
}

int token_purge(struct db *db, uint64_t *removed_out, struct err *e)
{
    uint64_t step;
    *removed_out = 0;
    do {
        if (db_run(db, SQL_TOKEN_PURGE, NULL, 0, &step, e) != 0)
            return -1;
        *removed_out += step;
    } while (step > 0);
    return 0;
}
