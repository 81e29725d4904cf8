/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "chunk.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "db.h"
#include "err.h"
#include "record.h"
#include "result.h"
#include "seen.h"
#include "sql.h"

#include "poison.h"

#define NUMBER_SIZE 24 /* a 64-bit number in decimal, and a NUL */

enum column { CLIENT, CATEGORY, RESOURCE, ID, DIGEST, OWN_VERSION, TITLE, PUBLISHED, FIELDS, SENT, CATEGORY_VERSION, BATCH, COLUMN_N };

/* What an earlier chunk of the same push did to a row. */
enum before { UNTOUCHED, TOUCHED_SAME, TOUCHED_OTHER };

struct chunk {
    size_t max;
    struct row *rows;
    size_t *order; /* indexes into rows, by id; the first `kept` are those that are stored */
    size_t kept;
    unsigned char *before; /* enum before, of each kept row */
    char (*versions)[NUMBER_SIZE];
    bool versioned; /* a row has a version */
    struct db_array columns[COLUMN_N];
};

struct chunk *chunk_new(size_t max_rows)
{
    struct chunk *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return NULL;
    c->max = max_rows;
    c->rows = calloc(max_rows, sizeof(*c->rows));
    c->order = calloc(max_rows, sizeof(*c->order));
    c->before = calloc(max_rows, sizeof(*c->before));
    c->versions = calloc(max_rows, sizeof(*c->versions));
    bool done = c->rows != NULL && c->order != NULL && c->before != NULL && c->versions != NULL;
    for (int i = 0; i < COLUMN_N; i++) {
        c->columns[i].data = calloc(max_rows, sizeof(char *));
        c->columns[i].len = calloc(max_rows, sizeof(unsigned long));
        /* Bytes spare the server a look at every character for what was checked here; the columns know their character set. */
        c->columns[i].binary = i != CLIENT && i != OWN_VERSION && i != PUBLISHED;
        done = done && c->columns[i].data != NULL && c->columns[i].len != NULL;
    }
    if (done)
        return c;
    chunk_free(c);
    return NULL;
}

void chunk_free(struct chunk *c)
{
    if (c == NULL)
        return;
    for (int i = 0; i < COLUMN_N; i++) {
        free(c->columns[i].data);
        free(c->columns[i].len);
    }
    free(c->rows);
    free(c->order);
    free(c->before);
    free(c->versions);
    free(c);
}

struct row *chunk_rows(struct chunk *c)
{
    return c->rows;
}

size_t chunk_max(const struct chunk *c)
{
    return c->max;
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

static bool is_older(int64_t version, int64_t than)
{
    return version != RECORD_NO_VERSION && than != RECORD_NO_VERSION && version < than;
}

static void drop(struct counts *counts, struct results *results, const struct row *row, bool stale)
{
    counts->unchanged++;
    counts->superseded += stale ? 0 : 1;
    counts->stale += stale ? 1 : 0;
    results_add(results, row->index, row->id, row->id_len, stale ? RESULT_STALE : RESULT_SUPERSEDED, 0);
}

/* Orders the chunk by id, so that pushes of the same ids lock them in one order. Of equal ids the last is kept, unless its
 * version is older than that of one before it. */
static void order_rows(struct chunk *c, const struct chunk_target *target, size_t count, struct counts *counts)
{
    c->kept = 0;
    c->versioned = false;
    for (size_t i = 0; i < count; i++) {
        c->order[i] = i;
        c->versioned = c->versioned || c->rows[i].version != RECORD_NO_VERSION;
    }
    qsort_r(c->order, count, sizeof(*c->order), compare_rows, c->rows);
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &c->rows[c->order[i]];
        const struct row *last = c->kept == 0 ? NULL : &c->rows[c->order[c->kept - 1]];
        if (last == NULL || !same_id(last, row)) {
            c->order[c->kept++] = c->order[i];
        } else if (is_older(row->version, last->version)) {
            drop(counts, target->results, row, true);
        } else {
            drop(counts, target->results, last, false);
            c->order[c->kept - 1] = c->order[i];
        }
    }
}

/* Asks whether this push stored the row's id in an earlier chunk. */
static int ask_before(struct db *db, const struct chunk_target *t, const struct row *row, unsigned char *before_out,
                      struct err *e)
{
    struct db_value id = db_bytes(row->id, row->id_len);
    id.type = DB_TEXT;
    struct db_value values[] = {db_int(t->client), db_text(t->category), db_text(t->resource), id, db_text(t->batch)};
    if (db_query(db, SQL_RECORD_TOUCHED, values, 5, e) != 0)
        return -1;
    int got = db_fetch(db, e);
    if (got == 1) {
        size_t len;
        const char *digest = db_column(db, 0, &len);
        bool same = len == sizeof(row->digest) && memcmp(digest, row->digest, len) == 0;
        *before_out = same ? TOUCHED_SAME : TOUCHED_OTHER;
    }
    db_end(db);
    return got < 0 ? -1 : 0;
}

static int look_back(struct chunk *c, struct db *db, const struct chunk_target *t, struct err *e)
{
    for (size_t i = 0; i < c->kept; i++) {
        const struct row *row = &c->rows[c->order[i]];
        c->before[i] = UNTOUCHED;
        if (t->seen == NULL)
            continue;
        if (seen_maybe(t->seen, row->id, row->id_len) && ask_before(db, t, row, &c->before[i], e) != 0)
            return -1;
        if (!seen_add(t->seen, row->id, row->id_len))
            return err_set(e, MSG_SPOOL_FULL, "out of memory");
    }
    return 0;
}

static void put(struct chunk *c, enum column column, size_t i, const char *data, size_t len)
{
    c->columns[column].data[i] = data;
    c->columns[column].len[i] = data == NULL ? 0 : (unsigned long)len;
}

static void put_text(struct chunk *c, enum column column, size_t i, const char *text)
{
    put(c, column, i, text, text == NULL ? 0 : strlen(text));
}

static const char *version_text(struct chunk *c, size_t i, int64_t version)
{
    struct buf number;
    if (version == RECORD_NO_VERSION)
        return NULL;
    buf_init(&number, NUMBER_SIZE - 1);
    buf_printf(&number, "%lld", (long long)version);
    memcpy(c->versions[i], buf_text(&number), number.len + 1);
    buf_free(&number);
    return c->versions[i];
}

static void fill_columns(struct chunk *c, const struct chunk_target *t, const char *client)
{
    for (size_t i = 0; i < c->kept; i++) {
        const struct row *row = &c->rows[c->order[i]];
        put_text(c, CLIENT, i, client);
        put_text(c, CATEGORY, i, t->category);
        put_text(c, RESOURCE, i, t->resource);
        put(c, ID, i, row->id, row->id_len);
        put(c, DIGEST, i, (const char *)row->digest, sizeof(row->digest));
        put_text(c, OWN_VERSION, i, version_text(c, i, row->version));
        put(c, TITLE, i, row->title, row->title_len);
        put_text(c, PUBLISHED, i, row->published);
        put(c, FIELDS, i, row->fields, row->fields_len);
        put(c, SENT, i, row->sent, row->sent_len);
        put_text(c, CATEGORY_VERSION, i, t->category_version);
        put_text(c, BATCH, i, t->batch);
    }
}

/* Stores the rows and counts by what the server says of all of them. */
static int store_counted(struct chunk *c, struct db *db, struct counts *counts, struct err *e)
{
    struct db_counts done;
    uint64_t again = 0, again_changed = 0;
    if (db_run_rows(db, SQL_RECORD_UPSERT, c->columns, COLUMN_N, c->kept, &done, e) != 0)
        return -1;
    for (size_t i = 0; i < c->kept; i++) {
        again += c->before[i] != UNTOUCHED;
        again_changed += c->before[i] == TOUCHED_OTHER;
    }
    /* A record that an earlier chunk stored was counted there; here it only takes that one's place. */
    uint64_t created = done.affected - 2 * done.changed;
    uint64_t updated = done.changed - again_changed;
    counts->created += created;
    counts->updated += updated;
    counts->unchanged += c->kept - created - updated;
    counts->superseded += again;
    return 0;
}

/* Looks at what the server says of one row: revision, batch, version. */
static void judge_row(struct chunk *c, struct db *db, const struct chunk_target *t, size_t i, struct counts *counts)
{
    const struct row *row = &c->rows[c->order[i]];
    int64_t revision = db_column_int(db, 0);
    bool is_ours = strcmp(db_column(db, 1, NULL), t->batch) == 0;
    int64_t version = db_column(db, 2, NULL) == NULL ? RECORD_NO_VERSION : db_column_int(db, 2);
    /* A revision grows once a push: whatever this push made is at its first. */
    enum result_kind kind = !is_ours ? RESULT_UNCHANGED : revision == 1 ? RESULT_CREATED : RESULT_UPDATED;
    if (is_older(row->version, version)) {
        kind = RESULT_STALE;
        counts->unchanged++;
        counts->stale++;
    } else if (c->before[i] != UNTOUCHED) {
        results_supersede(t->results, row->id, row->id_len);
        counts->unchanged++;
        counts->superseded++;
    } else {
        counts->created += kind == RESULT_CREATED;
        counts->updated += kind == RESULT_UPDATED;
        counts->unchanged += kind == RESULT_UNCHANGED;
    }
    results_add(t->results, row->index, row->id, row->id_len, kind, revision);
}

/* Stores the rows and asks the server for each of them what became of it. */
static int store_told(struct chunk *c, struct db *db, const struct chunk_target *t, struct counts *counts, struct err *e)
{
    if (db_query_rows(db, SQL_RECORD_UPSERT_TELL, c->columns, COLUMN_N, c->kept, e) != 0)
        return -1;
    size_t told = 0;
    int got;
    while ((got = db_fetch(db, e)) == 1 && told < c->kept)
        judge_row(c, db, t, told++, counts);
    db_end(db);
    if (got == 0 && told == c->kept)
        return 0;
    return got < 0 ? -1 : err_set(e, MSG_INTERNAL, "the database told of %zu rows out of %zu", told, c->kept);
}

int chunk_write(struct chunk *c, struct db *db, const struct chunk_target *target, size_t count, struct counts *counts,
                struct err *e)
{
    struct buf client;
    order_rows(c, target, count, counts);
    if (look_back(c, db, target, e) != 0)
        return -1;
    buf_init(&client, NUMBER_SIZE);
    buf_printf(&client, "%lld", (long long)target->client);
    fill_columns(c, target, buf_text(&client));
    int rc = c->versioned || results_wanted(target->results) ? store_told(c, db, target, counts, e)
                                                             : store_counted(c, db, counts, e);
    buf_free(&client);
    return rc;
}
