/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "recordstore.h"

#include <string.h>

#include "canon.h"
#include "db.h"
#include "dbtime.h"
#include "err.h"
#include "record.h"
#include "sealing.h"
#include "sql.h"

#include "poison.h"

#define TRIES_MAX 3
#define CANON_MAX_BYTES ((size_t)256 * 1024 * 1024)

static struct db_value text_value(const char *text, size_t len)
{
    struct db_value v = db_bytes(text, len);
    v.type = DB_TEXT;
    return v;
}

static void take_record(struct db *db, struct stored_record *out)
{
    out->id = db_column(db, 0, &out->id_len);
    out->revision = db_column_int(db, 1);
    out->state = db_column(db, 2, NULL);
    out->batch = db_column(db, 3, NULL);
    dbtime_take(db, 4, out->created_at);
    dbtime_take(db, 5, out->updated_at);
    out->changed = db_column(db, 5, NULL);
    out->version = db_column(db, 6, NULL) == NULL ? RECORD_NO_VERSION : db_column_int(db, 6);
    out->fields = db_column(db, 7, &out->fields_len);
    out->seq = db_column_int(db, 8);
    out->sent = db_column(db, 9, &out->sent_len);
    out->category_version = db_column(db, 10, NULL);
}

/* Opens the values that are sealed. */
static int open_record(const struct record_scope *scope, struct stored_record *r, struct err *e)
{
    const struct sealing_place place = {.client = scope->client, .category = scope->category, .resource = scope->resource, .id = r->id,
                                        .id_len = r->id_len};
    int rc = sealing_read(scope->sealing, &place, &r->fields, &r->fields_len, e);
    if (rc != 0)
        err_prefix(e, "%s/%s, record %.*s", scope->category, scope->resource, (int)r->id_len, r->id);
    return rc;
}

/* Hands on every row of the open query. Returns how many there were, or -1. */
static int64_t take_all(struct db *db, const struct record_scope *scope, record_taker *take, void *context, struct err *e)
{
    struct stored_record r;
    int64_t count = 0;
    int got;
    while ((got = db_fetch(db, e)) == 1) {
        take_record(db, &r);
        if (open_record(scope, &r, e) != 0) {
            got = -1;
            break;
        }
        take(context, &r);
        count++;
    }
    db_end(db);
    return got < 0 ? -1 : count;
}

int recordstore_find(struct db *db, const struct record_scope *scope, const char *id, size_t id_len, record_taker *take,
                     void *context, struct err *e)
{
    struct db_value values[] = {db_int(scope->client), db_text(scope->category), db_text(scope->resource),
                                text_value(id, id_len)};
    return db_query(db, SQL_RECORD_FIND, values, 4, e) != 0 ? -1 : (int)take_all(db, scope, take, context, e);
}

int recordstore_list(struct db *db, const struct record_scope *scope, const struct record_page *page, record_taker *take,
                     void *context, struct err *e)
{
    struct db_value by_id[] = {db_int(scope->client), db_text(scope->category), db_text(scope->resource),
                               text_value(page->after_id, page->after_id_len), db_text(page->state), db_int(page->limit)};
    struct db_value by_change[] = {db_int(scope->client), db_text(scope->category), db_text(scope->resource),
                                   db_text(page->since), db_text(page->since), db_int(page->after_seq),
                                   db_text(page->state), db_int(page->limit)};
    /* Row by row: a page of large records must not be in memory before anyone looks how large it gets. */
    int rc = page->since == NULL ? db_stream(db, SQL_RECORD_LIST, by_id, sizeof(by_id) / sizeof(by_id[0]), e)
                                 : db_stream(db, SQL_RECORD_LIST_CHANGED, by_change,
                                             sizeof(by_change) / sizeof(by_change[0]), e);
    return rc != 0 || take_all(db, scope, take, context, e) < 0 ? -1 : 0;
}

int recordstore_unmet(const char *id, size_t id_len, const char *state, int64_t revision, struct err *e)
{
    (void)err_set(e, MSG_PRECONDITION, "%s", "");
    msg_arg_text(&e->msg, "id", id, id_len);
    if (state == NULL)
        msg_arg(&e->msg, "state", "-");
    else
        msg_arg(&e->msg, "state", "%s, revision %lld", state, (long long)revision);
    return -1;
}

int recordstore_withdraw(struct db *db, const struct record_scope *scope, const char *id, size_t id_len, int64_t revision,
                         struct err *e)
{
    struct db_value values[] = {db_int(scope->client), db_text(scope->category), db_text(scope->resource),
                                text_value(id, id_len), db_int(revision)};
    uint64_t affected;
    int rc = -1;
    /* One statement that commits itself: what a deadlock has undone can be done again. */
    for (int try = 0; rc != 0 && try < TRIES_MAX; try++) {
        rc = db_run(db, SQL_RECORD_WITHDRAW, values, 5, &affected, e);
        if (rc != 0 && db_last_fault(db) != DB_FAULT_RETRY)
            break;
    }
    return rc != 0 ? -1 : affected > 0;
}

/* The digest of a record's content, where the one that is stored is keyed. */
static int take_digest(struct db *db, const struct record_scope *scope, struct stored_record *r, struct buf *canon,
                       unsigned char to[CRYPT_DIGEST_SIZE], struct err *e)
{
    r->fields = db_column(db, 3, &r->fields_len);
    if (!sealing_has(r->fields, r->fields_len))
        return 0;
    if (open_record(scope, r, e) != 0)
        return -1;
    buf_clear(canon);
    canon_write(canon, r->fields, r->fields_len);
    crypt_digest(scope->hash, buf_text(canon), canon->len, to);
    return buf_failed(canon) ? err_set(e, MSG_INTERNAL, "out of memory") : 0;
}

int recordstore_days(struct db *db, const struct record_scope *scope, enum record_day by, const char *from, const char *to,
                     void (*take)(void *context, const char *day, const char *id, size_t id_len, const unsigned char *digest),
                     void *context, struct err *e)
{
    static const enum sql statements[2][RECORD_DAY_N] = {
        {SQL_RECORD_DIGEST_UPDATED, SQL_RECORD_DIGEST_CREATED, SQL_RECORD_DIGEST_PUBLISHED},
        {SQL_RECORD_OPENED_UPDATED, SQL_RECORD_OPENED_CREATED, SQL_RECORD_OPENED_PUBLISHED},
    };
    struct db_value values[] = {db_int(scope->client), db_text(scope->category), db_text(scope->resource), db_text(from),
                                db_text(to)};
    struct buf canon;
    int got;
    if (db_stream(db, statements[scope->encrypted][by], values, 5, e) != 0)
        return -1;
    buf_init(&canon, CANON_MAX_BYTES);
    while ((got = db_fetch(db, e)) == 1) {
        size_t digest_len;
        struct stored_record r = {0};
        unsigned char digest[CRYPT_DIGEST_SIZE];
        r.id = db_column(db, 1, &r.id_len);
        const char *stored = db_column(db, 2, &digest_len);
        if (digest_len != sizeof(digest))
            continue;
        memcpy(digest, stored, sizeof(digest));
        if (scope->encrypted && take_digest(db, scope, &r, &canon, digest, e) != 0) {
            got = -1;
            break;
        }
        take(context, db_column(db, 0, NULL), r.id, r.id_len, digest);
    }
    crypt_wipe_buf(&canon);
    db_end(db);
    return got;
}
