/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "db.h"
#include "err.h"
#include "rows.h"
#include "sql.h"

#include "poison.h"

#define TEXT_MAX_BYTES ((size_t)64 * 1024)

/* One that nobody has: what stands in for a secret that is not there. */
static const struct keyring_key no_key = {.id = ""};

static int missing_key(const struct secret *stored, struct err *e)
{
    return err_set(e, MSG_INTERNAL, "a client's secret was made with the key %s, which is not in [crypto] key_file any more: put its line back",
                   stored->key_id);
}

int secret_digest(const struct secret *stored, const struct keyring *keys, const char *text, unsigned char to[CRYPT_DIGEST_SIZE],
                  struct err *e)
{
    const struct keyring_key *key = stored->id == 0 ? &no_key : keyring_find(keys, stored->key_id);
    bool keyed = stored->key_id[0] != '\0' || stored->id == 0;
    struct buf salted;
    if (keyed && key == NULL)
        return missing_key(stored, e);
    buf_init(&salted, TEXT_MAX_BYTES);
    if (keyed)
        buf_add(&salted, stored->salt, SECRET_SALT_SIZE);
    buf_add_text(&salted, text);
    int rc = buf_failed(&salted) ? -1
             : keyed ? crypt_hmac(stored->hash, key->derived[KEYRING_SECRETS], CRYPT_KEY_SIZE, salted.data, salted.len, to)
                     : crypt_hmac(stored->hash, stored->salt, SECRET_SALT_SIZE, buf_text(&salted), salted.len, to);
    crypt_wipe_buf(&salted);
    return rc == 0 ? 0 : err_set(e, MSG_INTERNAL, "libgcrypt refused to compute a keyed hash");
}

/* Fills in how the maker stores a text. */
static int make(const struct secret_maker *maker, const char *text, struct secret *out, struct err *e)
{
    *out = (struct secret){.id = 1, .hash = maker->hash};
    (void)snprintf(out->key_id, sizeof(out->key_id), "%s", keyring_current(maker->keys)->id);
    crypt_random(out->salt, sizeof(out->salt));
    return secret_digest(out, maker->keys, text, out->digest, e);
}

int secret_add(struct db *db, const struct secret_maker *maker, int64_t client, char text_out[CREDENTIAL_SIZE], struct err *e)
{
    struct secret made;
    credential_make(CREDENTIAL_SECRET, text_out);
    if (make(maker, text_out, &made, e) != 0)
        return -1;
    struct db_value values[] = {db_int(client), db_text(crypt_hash_names[made.hash]), db_text(made.key_id),
                                db_bytes(made.salt, sizeof(made.salt)), db_bytes(made.digest, sizeof(made.digest))};
    return db_run(db, SQL_SECRET_ADD, values, 5, NULL, e);
}

/* Ends all but the newest, and that one after the grace; a time it was given before is not put off. */
static int end_old(struct db *db, int64_t client, int64_t grace, struct err *e)
{
    struct secret_facts *list;
    size_t count;
    if (secret_list(db, client, &list, &count, e) != 0)
        return -1;
    int64_t newest = count > 0 && grace > 0 ? list[0].id : 0;
    free(list);
    struct db_value others[] = {db_int(client), db_int(newest)};
    struct db_value last[] = {db_int(grace), db_int(newest)};
    return db_run(db, SQL_SECRET_REMOVE_OTHERS, others, 2, NULL, e) == 0 ? db_run(db, SQL_SECRET_EXPIRE, last, 2, NULL, e) : -1;
}

int secret_rotate(struct db *db, const struct secret_maker *maker, int64_t client, int64_t grace, char text_out[CREDENTIAL_SIZE],
                  struct err *e)
{
    if (db_begin(db, e) == 0 && end_old(db, client, grace, e) == 0 && secret_add(db, maker, client, text_out, e) == 0 &&
        db_commit(db, e) == 0)
        return 0;
    db_rollback(db);
    return -1;
}

static void take_facts(struct db *db, void *item)
{
    struct secret_facts *out = item;
    out->id = db_column_int(db, 0);
    rows_text(db, 1, out->created_at, sizeof(out->created_at));
    rows_text(db, 2, out->expires_at, sizeof(out->expires_at));
    rows_text(db, 3, out->used_at, sizeof(out->used_at));
    rows_text(db, 4, out->hash, sizeof(out->hash));
    rows_text(db, 5, out->key_id, sizeof(out->key_id));
}

int secret_list(struct db *db, int64_t client, struct secret_facts **list_out, size_t *count_out, struct err *e)
{
    void *list = NULL;
    struct db_value values[] = {db_int(client)};
    const struct rows_query query = {.sql = SQL_SECRET_LIST, .values = values, .value_count = 1,
                                     .item_size = sizeof(struct secret_facts), .take = take_facts};
    int rc = rows_read(db, &query, &list, count_out, e);
    *list_out = list;
    return rc;
}

int secret_count(struct db *db, const char *key_id, int64_t *count_out, struct err *e)
{
    struct db_value values[] = {db_text(key_id)};
    return rows_count(db, SQL_SECRET_COUNT, values, 1, count_out, e);
}

int secret_renew(struct db *db, const struct secret_maker *maker, const struct secret *stored, const char *text, struct err *e)
{
    struct secret made;
    if (make(maker, text, &made, e) != 0)
        return -1;
    struct db_value values[] = {db_text(crypt_hash_names[made.hash]), db_text(made.key_id), db_bytes(made.salt, sizeof(made.salt)),
                                db_bytes(made.digest, sizeof(made.digest)), db_int(stored->id),
                                db_bytes(stored->digest, sizeof(stored->digest))};
    return db_run(db, SQL_SECRET_RENEW, values, 6, NULL, e);
}

bool secret_is_old(const struct secret *stored, const struct secret_maker *maker)
{
    return stored->hash != maker->hash || strcmp(stored->key_id, keyring_current(maker->keys)->id) != 0;
}
