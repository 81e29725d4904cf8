/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "reseal.h"

#include <stdlib.h>
#include <string.h>

#include "canon.h"
#include "client.h"
#include "db.h"
#include "err.h"
#include "keyring.h"
#include "log.h"
#include "rows.h"
#include "seal.h"
#include "sealing.h"
#include "signkey.h"
#include "sql.h"

#include "poison.h"

#define PAGE 100
#define CANON_MAX_BYTES ((size_t)256 * 1024 * 1024)

/* One record, copied from the database: its next statement ends what the one before has given. */
struct stored {
    struct sealing_place place;
    char category[65], resource[65];
    struct buf id, fields, canon;
};

static void take_seq(struct db *db, void *item)
{
    *(int64_t *)item = db_column_int(db, 0);
}

/* Reads and locks a record. Returns 1, 0 where it is gone, -1. */
static int take_record(struct db *db, int64_t seq, struct stored *s, struct err *e)
{
    struct db_value values[] = {db_int(seq)};
    size_t len;
    if (db_query(db, SQL_RESEAL_LOCK, values, 1, e) != 0)
        return -1;
    int got = db_fetch(db, e);
    if (got == 1) {
        buf_clear(&s->id);
        buf_clear(&s->fields);
        s->place.client = db_column_int(db, 0);
        rows_text(db, 1, s->category, sizeof(s->category));
        rows_text(db, 2, s->resource, sizeof(s->resource));
        const char *id = db_column(db, 3, &len);
        buf_add(&s->id, id, len);
        const char *fields = db_column(db, 4, &len);
        buf_add(&s->fields, fields, len);
        s->place.category = s->category;
        s->place.resource = s->resource;
        s->place.id = buf_text(&s->id);
        s->place.id_len = s->id.len;
    }
    db_end(db);
    if (got == 1 && (buf_failed(&s->id) || buf_failed(&s->fields)))
        return err_set(e, MSG_INTERNAL, "out of memory");
    return got;
}

/* The keyed digest of a record's content, with the key in use. */
static int digest_of(struct sealing *sealing, struct stored *s, enum crypt_hash hash, unsigned char to[CRYPT_DIGEST_SIZE], struct err *e)
{
    if (sealing_open(sealing, &s->place, s->fields.data, s->fields.len, e) != 0)
        return -1;
    buf_clear(&s->canon);
    canon_write(&s->canon, buf_text(&sealing->record), sealing->record.len);
    crypt_digest(hash, buf_text(&s->canon), s->canon.len, to);
    return buf_failed(&s->canon) ? err_set(e, MSG_INTERNAL, "out of memory") : sealing_digest(sealing, to, e);
}

enum outcome { FAILED = -1, LEFT, RENEWED, BROKEN, OUTCOME_N };

static enum outcome renew_record(struct db *db, struct sealing *sealing, struct stored *s, int64_t seq, enum crypt_hash hash, struct err *e)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    int got = take_record(db, seq, s, e);
    if (got != 1 || sealing_is_current(sealing->keys, s->fields.data, s->fields.len))
        return got < 0 ? FAILED : LEFT;
    if (digest_of(sealing, s, hash, digest, e) != 0 || sealing_renew(sealing, &s->place, s->fields.data, s->fields.len, e) != 0) {
        log_warn("%s/%s, record %s: %s", s->category, s->resource, buf_text(&s->id), e->detail);
        return BROKEN;
    }
    struct db_value fields = db_bytes(sealing->record.data, sealing->record.len);
    fields.type = DB_TEXT;
    struct db_value values[] = {fields, db_bytes(digest, sizeof(digest)), db_int(seq)};
    return db_run(db, SQL_RESEAL_UPDATE, values, 3, NULL, e) == 0 ? RENEWED : FAILED;
}

/* Renews a page of records, whole or not at all. */
static int renew_page(struct db *db, struct sealing *sealing, const int64_t *page, size_t count, enum crypt_hash hash,
                      uint64_t outcomes[OUTCOME_N], struct err *e)
{
    struct stored s = {.category = ""};
    uint64_t found[OUTCOME_N] = {0};
    int rc = db_begin(db, e);
    buf_init(&s.id, 1024);
    buf_init(&s.fields, CANON_MAX_BYTES);
    buf_init(&s.canon, CANON_MAX_BYTES);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        enum outcome got = renew_record(db, sealing, &s, page[i], hash, e);
        if (got == FAILED)
            rc = -1;
        else
            found[got]++;
    }
    if (rc == 0)
        rc = db_commit(db, e);
    if (rc != 0)
        db_rollback(db);
    for (int i = 0; rc == 0 && i < OUTCOME_N; i++)
        outcomes[i] += found[i];
    buf_free(&s.id);
    buf_free(&s.fields);
    crypt_wipe_buf(&s.canon);
    return rc;
}

int reseal_records(struct db *db, const struct keyring *keys, enum crypt_hash hash, uint64_t *renewed_out, uint64_t *broken_out, struct err *e)
{
    struct sealing sealing;
    uint64_t outcomes[OUTCOME_N] = {0};
    int64_t after = 0;
    size_t count = PAGE;
    int rc = sealing_init(&sealing, keys) == 0 ? 0 : err_set(e, MSG_INTERNAL, "out of memory");
    while (rc == 0 && count == PAGE) {
        void *page = NULL;
        struct db_value values[] = {db_int(after), db_int(PAGE)};
        const struct rows_query query = {.sql = SQL_RESEAL_PAGE, .values = values, .value_count = 2, .item_size = sizeof(int64_t),
                                         .take = take_seq};
        rc = rows_read(db, &query, &page, &count, e);
        if (rc == 0 && count > 0) {
            after = ((int64_t *)page)[count - 1];
            rc = renew_page(db, &sealing, page, count, hash, outcomes, e);
        }
        free(page);
    }
    sealing_free(&sealing);
    *renewed_out = outcomes[RENEWED];
    *broken_out = outcomes[BROKEN];
    return rc;
}

/* Renews the keys of one client; those that are current already stay. */
static int renew_client(struct db *db, const struct keyring *keys, const struct client *client, uint64_t *renewed, struct err *e)
{
    struct signkey list[SIGNKEY_LIVE];
    size_t count;
    int rc = signkey_list(db, client->id, list, &count, e);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (strcmp(list[i].key_id, keyring_current(keys)->id) == 0)
            continue;
        rc = signkey_renew(db, keys, client, &list[i], e);
        *renewed += rc == 0 ? 1 : 0;
    }
    return rc;
}

int reseal_signing_keys(struct db *db, const struct keyring *keys, uint64_t *renewed_out, struct err *e)
{
    struct client *list = NULL;
    size_t count = 0;
    *renewed_out = 0;
    int rc = client_list(db, &list, &count, e);
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = renew_client(db, keys, &list[i], renewed_out, e);
    free(list);
    return rc;
}
