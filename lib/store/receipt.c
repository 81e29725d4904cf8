/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "receipt.h"

#include <string.h>

#include "clock.h"
#include "db.h"
#include "err.h"
#include "rows.h"
#include "sql.h"

#include "poison.h"

#define DAY_SECONDS 86400
#define REPLY_MAX_BYTES ((size_t)32 * 1024 * 1024)

bool receipt_begins(const char *text, size_t len)
{
    size_t digits = RECEIPT_SECOND_SIZE - 1;
    return len < INGEST_BATCH_SIZE && strspn(text, "0123456789") >= (len < digits ? len : digits) &&
           strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz-") == len;
}

static void take_receipt(struct db *db, void *item)
{
    struct receipt *r = item;
    rows_text(db, 0, r->batch, sizeof(r->batch));
    rows_text(db, 1, r->client_id, sizeof(r->client_id));
    rows_text(db, 2, r->category, sizeof(r->category));
    rows_text(db, 3, r->resource, sizeof(r->resource));
    rows_text(db, 4, r->mode, sizeof(r->mode));
    r->complete = db_column_int(db, 5) != 0;
    uint64_t *const counts[] = {&r->received,          &r->counts.created, &r->counts.updated, &r->counts.unchanged,
                                &r->counts.superseded, &r->counts.stale,   &r->rejected};
    for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        *counts[i] = (uint64_t)db_column_int(db, 6 + i);
    rows_text(db, 13, r->idempotency_key, sizeof(r->idempotency_key));
    rows_text(db, 14, r->created_at, sizeof(r->created_at));
    rows_text(db, 15, r->updated_at, sizeof(r->updated_at));
}

int receipt_list(struct db *db, const struct receipt_query *query, void (*take)(void *context, const struct receipt *r),
                 void *context, struct err *e)
{
    struct db_value client = db_int_at(query->client);
    struct db_value limit = db_int(query->limit);
    struct db_value last[] = {client, client, limit};
    struct db_value after[] = {client, client, db_ascii(query->after), limit};
    struct receipt receipt;
    int got;
    if ((query->after == NULL ? db_query(db, SQL_BATCH_LAST, last, 3, e)
                              : db_query(db, SQL_BATCH_AFTER, after, 4, e)) != 0)
        return -1;
    while ((got = db_fetch(db, e)) == 1) {
        take_receipt(db, &receipt);
        take(context, &receipt);
    }
    db_end(db);
    return got;
}

int receipt_find(struct db *db, const int64_t *client, const char *batch, struct receipt *out, struct err *e)
{
    struct db_value values[] = {db_int_at(client), db_int_at(client), db_ascii(batch)};
    const struct rows_query query = {.sql = SQL_BATCH_FIND, .values = values, .value_count = 3, .take = take_receipt};
    return rows_find(db, &query, out, e);
}

int receipt_rejects(struct db *db, const char *batch, int64_t after, int64_t limit,
                    void (*take)(void *context, const struct receipt_reject *r), void *context, struct err *e)
{
    struct db_value values[] = {db_ascii(batch), db_int(after), db_int(limit)};
    int got;
    if (db_stream(db, SQL_REJECT_LIST, values, 3, e) != 0)
        return -1;
    while ((got = db_fetch(db, e)) == 1) {
        struct receipt_reject r = {.index = (uint64_t)db_column_int(db, 0)};
        r.id = db_column(db, 1, &r.id_len);
        r.faults = db_column(db, 2, &r.faults_len);
        take(context, &r);
    }
    db_end(db);
    return got;
}

static void take_reply(struct db *db, void *item)
{
    struct kept_reply *out = item;
    size_t len;
    rows_text(db, 0, out->batch, sizeof(out->batch));
    const char *digest = db_column(db, 1, &len);
    if (digest != NULL && len == sizeof(out->request_digest))
        memcpy(out->request_digest, digest, len);
    out->status = (int)db_column_int(db, 2);
    const char *headers = db_column(db, 3, &len);
    buf_add(&out->headers, headers == NULL ? "" : headers, len);
    const char *body = db_column(db, 4, &len);
    buf_add(&out->body, body == NULL ? "" : body, len);
    out->expired = db_column_int(db, 5) != 0;
}

int receipt_find_reply(struct db *db, int64_t client, const char *key, int64_t lifetime, struct kept_reply *out,
                       struct err *e)
{
    struct db_value values[] = {db_int(lifetime), db_int(client), db_text(key)};
    const struct rows_query query = {.sql = SQL_BATCH_KEY, .values = values, .value_count = 3, .take = take_reply};
    *out = (struct kept_reply){0};
    buf_init(&out->headers, REPLY_MAX_BYTES);
    buf_init(&out->body, REPLY_MAX_BYTES);
    int got = rows_find(db, &query, out, e);
    if (got != 1 || !out->expired)
        return got;
    struct db_value old[] = {db_text(out->batch), db_int(client)};
    return db_run(db, SQL_BATCH_KEY_EXPIRE, old, 2, NULL, e);
}

void receipt_reply_free(struct kept_reply *r)
{
    buf_free(&r->headers);
    buf_free(&r->body);
}

void receipt_second_before(int64_t days, char to[RECEIPT_SECOND_SIZE])
{
    clock_format_compact(to, clock_now() - days * DAY_SECONDS);
}

static void take_counts(struct db *db, void *item)
{
    struct receipt_counts *counts = item;
    counts->receipts = (uint64_t)db_column_int(db, 0);
    counts->rejects = (uint64_t)db_column_int(db, 1);
}

int receipt_count_old(struct db *db, const char *second, struct receipt_counts *counts_out, struct err *e)
{
    struct db_value values[] = {db_text(second), db_text(second)};
    const struct rows_query query = {.sql = SQL_BATCH_COUNT_OLD, .values = values, .value_count = 2,
                                     .take = take_counts};
    return rows_find(db, &query, counts_out, e) < 0 ? -1 : 0;
}

static int remove_steps(struct db *db, enum sql sql, const char *second, uint64_t *removed, struct err *e)
{
    struct db_value values[] = {db_text(second)};
    uint64_t step;
    do {
        if (db_run(db, sql, values, 1, &step, e) != 0)
            return -1;
        *removed += step;
    } while (step > 0);
    return 0;
}

int receipt_purge(struct db *db, const char *second, struct receipt_counts *counts_out, struct err *e)
{
    *counts_out = (struct receipt_counts){0};
    /* Rejects go first: one without its receipt could not be found any more. */
    if (remove_steps(db, SQL_REJECT_PURGE, second, &counts_out->rejects, e) != 0)
        return -1;
    return remove_steps(db, SQL_BATCH_PURGE, second, &counts_out->receipts, e);
}
