/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "signkey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "client.h"
#include "db.h"
#include "err.h"
#include "rows.h"
#include "seal.h"
#include "sql.h"

#include "poison.h"

/* What a sealed key is about: one that is moved to another client's row does not open. */
static void describe(char to[128], const char *client_id)
{
    (void)snprintf(to, 128, "signing key of %s", client_id);
}

/* Seals the text of a key. Returns 0 or -1. */
static int seal_key(const struct keyring *keys, const struct client *client, const char *text, struct signkey *out, struct err *e)
{
    char about[128];
    struct buf sealed;
    describe(about, client->client_id);
    buf_init(&sealed, sizeof(out->sealed) - 1);
    int rc = seal_make(keys, about, text, strlen(text), &sealed, e);
    if (rc == 0 && buf_failed(&sealed))
        rc = err_set(e, MSG_INTERNAL, "out of memory");
    (void)snprintf(out->sealed, sizeof(out->sealed), "%s", buf_text(&sealed));
    seal_key_id(out->sealed, strlen(out->sealed), out->key_id);
    buf_free(&sealed);
    return rc;
}

static int add(struct db *db, const struct keyring *keys, const struct client *client, const char *text, struct err *e)
{
    struct signkey made;
    if (seal_key(keys, client, text, &made, e) != 0)
        return -1;
    struct db_value values[] = {db_int(client->id), db_text(made.key_id), db_text(made.sealed)};
    return db_run(db, SQL_SIGNKEY_ADD, values, 3, NULL, e);
}

int signkey_renew(struct db *db, const struct keyring *keys, const struct client *client, const struct signkey *key, struct err *e)
{
    struct signkey made;
    char text[CREDENTIAL_SIZE];
    int rc = signkey_open(key, keys, client->client_id, text, e);
    if (rc == 0)
        rc = seal_key(keys, client, text, &made, e);
    crypt_wipe(text, sizeof(text));
    if (rc != 0)
        return -1;
    struct db_value values[] = {db_text(made.key_id), db_text(made.sealed), db_int(key->id)};
    return db_run(db, SQL_SIGNKEY_RENEW, values, 3, NULL, e);
}

int signkey_rotate(struct db *db, const struct keyring *keys, const struct client *client, int64_t grace, char text_out[CREDENTIAL_SIZE],
                   struct err *e)
{
    struct db_value expire[] = {db_int(grace), db_int(client->id)};
    struct db_value whose[] = {db_int(client->id)};
    credential_make(CREDENTIAL_SIGNING, text_out);
    if (db_begin(db, e) == 0 && db_run(db, SQL_SIGNKEY_EXPIRE, expire, 2, NULL, e) == 0 &&
        db_run(db, SQL_SIGNKEY_REMOVE_EXPIRED, whose, 1, NULL, e) == 0 && add(db, keys, client, text_out, e) == 0 && db_commit(db, e) == 0)
        return 0;
    db_rollback(db);
    return -1;
}

static void take_key(struct db *db, void *item)
{
    struct signkey *out = item;
    rows_text(db, 0, out->created_at, sizeof(out->created_at));
    rows_text(db, 1, out->expires_at, sizeof(out->expires_at));
    rows_text(db, 2, out->key_id, sizeof(out->key_id));
    rows_text(db, 3, out->sealed, sizeof(out->sealed));
    out->id = db_column_int(db, 4);
}

int signkey_list(struct db *db, int64_t client, struct signkey list_out[SIGNKEY_LIVE], size_t *count_out, struct err *e)
{
    void *list = NULL;
    struct db_value values[] = {db_int(client)};
    const struct rows_query query = {.sql = SQL_SIGNKEY_LIST, .values = values, .value_count = 1,
                                     .item_size = sizeof(struct signkey), .take = take_key};
    *count_out = 0;
    if (rows_read(db, &query, &list, count_out, e) != 0)
        return -1;
    if (*count_out > 0)
        memcpy(list_out, list, *count_out * sizeof(*list_out));
    free(list);
    return 0;
}

int signkey_open(const struct signkey *key, const struct keyring *keys, const char *client_id, char text_out[CREDENTIAL_SIZE],
                 struct err *e)
{
    char about[128];
    struct buf text;
    describe(about, client_id);
    buf_init(&text, CREDENTIAL_SIZE - 1);
    int rc = seal_open(keys, about, key->sealed, strlen(key->sealed), &text, e);
    (void)snprintf(text_out, CREDENTIAL_SIZE, "%s", buf_text(&text));
    crypt_wipe_buf(&text);
    return rc;
}

int signkey_count(struct db *db, const char *key_id, int64_t *count_out, struct err *e)
{
    struct db_value values[] = {db_text(key_id)};
    return rows_count(db, SQL_SIGNKEY_COUNT, values, 1, count_out, e);
}

int signkey_take_nonce(struct db *db, int64_t client, const char *nonce, size_t len, int64_t seconds, struct err *e)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    uint64_t added;
    crypt_digest(CRYPT_SM3, nonce, len, digest);
    struct db_value values[] = {db_int(client), db_bytes(digest, sizeof(digest)), db_int(seconds)};
    return db_run(db, SQL_NONCE_ADD, values, 3, &added, e) != 0 ? -1 : added == 1;
}

int signkey_purge_nonces(struct db *db, int steps, bool *more_out, struct err *e)
{
    uint64_t step = 1;
    for (int i = 0; i < steps && step > 0; i++)
        if (db_run(db, SQL_NONCE_PURGE, NULL, 0, &step, e) != 0)
            return -1;
    *more_out = step > 0;
    return 0;
}
