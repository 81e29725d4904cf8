/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "ingest.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "crypt.h"
#include "db.h"
#include "err.h"
#include "log.h"
#include "record.h"
#include "spool.h"
#include "sql.h"

#include "poison.h"

#define TRIES_MAX 6
#define TRY_MICROS_MAX INT64_C(20000000) /* no new try after this: the sender should hear of it */
#define BACKOFF_MILLIS 10
#define RETRY_AFTER_SECONDS 5
#define CHUNK_BYTES ((size_t)1024 * 1024) /* well under the server's smallest usual max_allowed_packet */

enum column { CLIENT, CATEGORY, RESOURCE, ID, DIGEST, TITLE, PUBLISHED, FIELDS, BATCH, COLUMN_N };

struct ingest {
    size_t chunk_records;
    struct row *rows;
    size_t *order; /* indexes into rows, by id */
    struct db_array columns[COLUMN_N];
};

/* How one try of the transaction ended. */
enum outcome { COMMITTED, AGAIN, UNSURE, FAILED };

struct ingest *ingest_new(size_t chunk_records)
{
    struct ingest *in = calloc(1, sizeof(*in));
    if (in == NULL)
        return NULL;
    in->chunk_records = chunk_records;
    in->rows = calloc(chunk_records, sizeof(*in->rows));
    in->order = calloc(chunk_records, sizeof(*in->order));
    bool done = in->rows != NULL && in->order != NULL;
    for (int c = 0; c < COLUMN_N; c++) {
        in->columns[c].data = calloc(chunk_records, sizeof(char *));
        in->columns[c].len = calloc(chunk_records, sizeof(unsigned long));
        in->columns[c].binary = c == DIGEST;
        done = done && in->columns[c].data != NULL && in->columns[c].len != NULL;
    }
    if (done)
        return in;
    ingest_free(in);
    return NULL;
}

void ingest_free(struct ingest *in)
{
    if (in == NULL)
        return;
    for (int c = 0; c < COLUMN_N; c++) {
        free(in->columns[c].data);
        free(in->columns[c].len);
    }
    free(in->rows);
    free(in->order);
    free(in);
}

/* A batch's id sorts by time and reads well on the telephone: the second it began, and 60 random bits. */
static void make_batch_id(char to[INGEST_BATCH_SIZE])
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned char random[12];
    clock_format_compact(to, clock_now());
    to[14] = '-';
    crypt_random(random, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++)
        to[15 + i] = alphabet[random[i] & 31];
    to[INGEST_BATCH_SIZE - 1] = '\0';
}

static int compare_rows(const void *a, const void *b, void *context)
{
    const struct row *rows = context;
    size_t left = *(const size_t *)a;
    size_t right = *(const size_t *)b;
    const struct row *l = &rows[left];
    const struct row *r = &rows[right];
    size_t shared = l->id_len < r->id_len ? l->id_len : r->id_len;
    int order = memcmp(l->id, r->id, shared);
    if (order == 0)
        order = (l->id_len > shared) - (r->id_len > shared);
    return order != 0 ? order : (left > right) - (left < right);
}

static bool same_id(const struct row *a, const struct row *b)
{
    return a->id_len == b->id_len && memcmp(a->id, b->id, a->id_len) == 0;
}

/* Orders the chunk by id, so that pushes of the same ids lock them in one order, and keeps the last of equal ids.
 * Returns how many are left. */
static size_t order_chunk(struct ingest *in, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        in->order[i] = i;
    qsort_r(in->order, count, sizeof(*in->order), compare_rows, in->rows);
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count || !same_id(&in->rows[in->order[i]], &in->rows[in->order[i + 1]]))
            in->order[kept++] = in->order[i];
    return kept;
}

static void put(struct ingest *in, enum column column, size_t i, const char *data, size_t len)
{
    in->columns[column].data[i] = data;
    in->columns[column].len[i] = data == NULL ? 0 : (unsigned long)len;
}

static void put_text(struct ingest *in, enum column column, size_t i, const char *text)
{
    put(in, column, i, text, text == NULL ? 0 : strlen(text));
}

static int write_chunk(struct ingest *in, struct db *db, const struct ingest_push *push, const char *batch,
                       size_t count, struct ingest_counts *counts, struct err *e)
{
    char client[24];
    struct buf number;
    struct db_counts done;
    buf_init(&number, sizeof(client));
    buf_printf(&number, "%lld", (long long)push->client);
    size_t kept = order_chunk(in, count);
    for (size_t i = 0; i < kept; i++) {
        const struct row *row = &in->rows[in->order[i]];
        put(in, CLIENT, i, buf_text(&number), number.len);
        put_text(in, CATEGORY, i, push->category);
        put_text(in, RESOURCE, i, push->resource);
        put(in, ID, i, row->id, row->id_len);
        put(in, DIGEST, i, (const char *)row->digest, sizeof(row->digest));
        put(in, TITLE, i, row->title, row->title_len);
        put_text(in, PUBLISHED, i, row->published);
        put(in, FIELDS, i, row->fields, row->fields_len);
        put_text(in, BATCH, i, batch);
    }
    int rc = db_run_rows(db, SQL_RECORD_UPSERT, in->columns, COLUMN_N, kept, &done, e);
    buf_free(&number);
    if (rc != 0)
        return -1;
    uint64_t created = done.affected - 2 * done.changed;
    counts->created += created;
    counts->updated += done.changed;
    counts->unchanged += count - created - done.changed;
    counts->superseded += count - kept;
    return 0;
}

static int write_chunks(struct ingest *in, struct db *db, const struct ingest_push *push, struct spool *spool,
                        const char *batch, struct ingest_counts *counts, struct err *e)
{
    *counts = (struct ingest_counts){0};
    if (spool_rewind(spool, e) != 0)
        return -1;
    for (;;) {
        size_t count;
        if (spool_next(spool, in->rows, in->chunk_records, CHUNK_BYTES, &count, e) != 0)
            return -1;
        if (count == 0)
            return 0;
        if (write_chunk(in, db, push, batch, count, counts, e) != 0)
            return -1;
    }
}

static int write_receipt(struct db *db, const struct ingest_push *push, const char *batch,
                         const struct ingest_counts *counts, struct err *e)
{
    struct db_value values[] = {
        db_text(batch), db_int(push->client), db_text(push->category), db_text(push->resource),
        db_int((int64_t)push->received), db_int((int64_t)counts->created), db_int((int64_t)counts->updated),
        db_int((int64_t)counts->unchanged), db_int((int64_t)counts->superseded)};
    return db_run(db, SQL_BATCH_ADD, values, sizeof(values) / sizeof(values[0]), NULL, e);
}

static enum outcome try_once(struct ingest *in, struct db *db, const struct ingest_push *push, struct spool *spool,
                             const char *batch, struct ingest_counts *counts, struct err *e)
{
    struct err ignored;
    if (db_connect(db, NULL, e) != 0)
        return FAILED;
    bool written = db_exec(db, "START TRANSACTION", e) == 0 &&
                   write_chunks(in, db, push, spool, batch, counts, e) == 0 &&
                   write_receipt(db, push, batch, counts, e) == 0;
    if (written && db_exec(db, "COMMIT", e) == 0)
        return COMMITTED;
    enum db_fault fault = db_last_fault(db); /* none, where it was the spool that failed */
    if (fault == DB_FAULT_LOST)
        return written ? UNSURE : AGAIN;
    if (db_exec(db, "ROLLBACK", &ignored) != 0)
        db_disconnect(db);
    /* The batch is there already: a commit that seemed not to have happened did, late. */
    if (fault == DB_FAULT_DUPLICATE)
        return UNSURE;
    return fault == DB_FAULT_RETRY ? AGAIN : FAILED;
}

/* After a lost answer to COMMIT: COMMITTED, AGAIN where it did not happen, UNSURE where the database stays away. */
static enum outcome resolve(struct db *db, const char *batch, struct err *e)
{
    struct db_value values[] = {db_text(batch)};
    struct err ignored;
    if (db_connect(db, NULL, &ignored) != 0)
        return UNSURE;
    /* On a Galera node that lags behind, the read must wait for what others have committed. Elsewhere it is a no-op. */
    if (db_exec(db, "SET SESSION wsrep_sync_wait = 15", &ignored) != 0)
        log_debug("wsrep_sync_wait is not known to this server");
    if (db_query(db, SQL_BATCH_COMMITTED, values, 1, &ignored) != 0)
        return UNSURE;
    int got = db_fetch(db, &ignored);
    enum outcome outcome = got != 1 ? UNSURE : db_column_int(db, 0) > 0 ? COMMITTED : AGAIN;
    db_end(db);
    log_warn("the answer to a commit was lost: batch=%s %s (%s)", batch,
             outcome == COMMITTED ? "was committed" : outcome == AGAIN ? "was not committed" : "is not known", e->detail);
    return outcome;
}

/* The pause is random and grows with the try and with how long a try takes, so that pushes that met once part. */
static void pause_before(int try, int64_t try_micros)
{
    unsigned char random;
    crypt_random(&random, 1);
    long millis = ((long)BACKOFF_MILLIS * try + (long)(try_micros / 1000)) * (64 + random) / 128;
    struct timespec wait = {.tv_sec = millis / 1000, .tv_nsec = millis % 1000 * 1000000};
    (void)nanosleep(&wait, NULL);
}

int ingest_write(struct ingest *in, struct db *db, const struct ingest_push *push, struct spool *spool,
                 char batch_out[INGEST_BATCH_SIZE], struct ingest_counts *counts_out, struct err *e)
{
    enum outcome outcome = FAILED;
    make_batch_id(batch_out);
    int64_t began = clock_micros();
    int64_t try_micros = 0;
    for (int try = 0; try < TRIES_MAX && clock_micros() - began < TRY_MICROS_MAX; try++) {
        if (try > 0)
            pause_before(try, try_micros);
        try_micros = clock_micros();
        outcome = try_once(in, db, push, spool, batch_out, counts_out, e);
        try_micros = clock_micros() - try_micros;
        for (int ask = 1; outcome == UNSURE && ask < TRIES_MAX; ask++) {
            pause_before(ask * ask * ask, 0);
            outcome = resolve(db, batch_out, e);
        }
        if (outcome == COMMITTED)
            return 0;
        if (outcome != AGAIN)
            break;
        log_info("repeating a push: batch=%s try=%d (%s)", batch_out, try + 1, e->detail);
    }
    if (outcome == UNSURE)
        msg_set(&e->msg, MSG_COMMIT_UNSURE);
    if (err_class(e) == CLASS_BUSY || err_class(e) == CLASS_UNSURE)
        e->retry_after = RETRY_AFTER_SECONDS;
    return -1;
}
