/* SPDX-License-Identifier: Apache-2.0
 *
 * What the database takes through the connector's array binding alone: usage bare SOCKET CONNECTIONS BATCHES ROWS. Prints
 * one line: rows/s, MB/s of JSON, p50 and p99 of a transaction's milliseconds. This is the limit that the gateway is measured
 * against.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "crypt.h"
#include "db.h"
#include "err.h"
#include "num.h"
#include "rows.h"

#include "poison.h"

enum { COLUMNS = 9, ARGUMENTS = 3 };

static const char *const sql[] = {
    "INSERT INTO bench_record (client, category, resource, id, digest, title, published_at, fields, batch, created_at, "
    "updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NOW(3), NOW(3))"};

struct job {
    const char *socket;
    int64_t batches, rows;
    int64_t *took; /* shared: microseconds of each transaction */
};

static void point(struct db_array *columns, size_t row, const char *const values[COLUMNS], size_t fields_len)
{
    for (size_t c = 0; c < COLUMNS; c++) {
        columns[c].data[row] = values[c];
        columns[c].len[row] = c == 4 ? CRYPT_DIGEST_SIZE : c == 7 ? fields_len : strlen(values[c]);
    }
}

/* What one connection needs, made once and used again by each batch. */
struct room {
    struct db_array columns[COLUMNS];
    struct buf text; /* of a batch's records */
    char (*ids)[ROWS_ID_SIZE];
    size_t *starts; /* of each record in text */
};

static bool room_init(struct room *r, size_t rows)
{
    *r = (struct room){.ids = calloc(rows, sizeof(*r->ids)), .starts = calloc(rows + 1, sizeof(*r->starts))};
    bool done = r->ids != NULL && r->starts != NULL;
    buf_init(&r->text, (size_t)1 << 30);
    for (size_t c = 0; c < COLUMNS; c++) {
        r->columns[c] = (struct db_array){.data = calloc(rows, sizeof(char *)), .len = calloc(rows, sizeof(unsigned long)),
                                          .binary = c == 4};
        done = done && r->columns[c].data != NULL && r->columns[c].len != NULL;
    }
    return done;
}

static void room_free(struct room *r)
{
    for (size_t c = 0; c < COLUMNS; c++) {
        free(r->columns[c].data);
        free(r->columns[c].len);
    }
    buf_free(&r->text);
    free(r->starts);
    free(r->ids);
}

static int insert_batch(struct db *db, struct room *r, size_t rows, size_t first, struct err *e)
{
    static char digest[CRYPT_DIGEST_SIZE];
    struct db_counts counts;
    buf_clear(&r->text);
    for (size_t i = 0; i < rows; i++) {
        r->starts[i] = r->text.len;
        rows_add(&r->text, first + i, false, r->ids[i]);
    }
    r->starts[rows] = r->text.len;
    for (size_t i = 0; i < rows; i++)
        point(r->columns, i, (const char *const[COLUMNS]){"1", "regulation", "rule", r->ids[i], digest,
              "关于第1号文件的通知", "2019-01-15 00:00:00", buf_text(&r->text) + r->starts[i],
              "20241009153000-0123456789ab"}, r->starts[i + 1] - r->starts[i]);
    return db_exec(db, "START TRANSACTION", e) == 0 &&
                   db_run_rows(db, 0, r->columns, COLUMNS, rows, &counts, e) == 0 && db_exec(db, "COMMIT", e) == 0
               ? 0
               : -1;
}

static int work(int number, void *context)
{
    const struct job *job = context;
    struct db_options options = {.socket = job->socket, .host = "", .name = "ruku", .user = "root", .password = "",
                                 .timeout = 60};
    struct err e = ERR_NONE;
    struct room room;
    struct db *db = db_new(&options, sql, 1);
    bool ready = room_init(&room, (size_t)job->rows) && db != NULL;
    int rc = ready ? db_connect(db, NULL, &e) : -1;
    for (int64_t n = number * job->batches; rc == 0 && n < (number + 1) * job->batches; n++) {
        int64_t start = clock_micros();
        rc = insert_batch(db, &room, (size_t)job->rows, (size_t)(n * job->rows), &e);
        job->took[n] = clock_micros() - start;
    }
    if (rc != 0)
        (void)fprintf(stderr, "bare: %s\n", e.detail);
    db_free(db);
    room_free(&room);
    return rc;
}

int main(int argc, char **argv)
{
    int64_t numbers[ARGUMENTS];
    for (int i = 0; i < ARGUMENTS; i++)
        if (argc != ARGUMENTS + 2 || !num_parse(argv[i + 2], strlen(argv[i + 2]), 1, 1000000, &numbers[i])) {
            (void)fprintf(stderr, "usage: bare SOCKET CONNECTIONS BATCHES ROWS\n");
            return EXIT_FAILURE;
        }
    int64_t count = numbers[0] * numbers[1];
    int64_t records = count * numbers[2];
    struct job job = {.socket = argv[1], .batches = numbers[1], .rows = numbers[2], .took = rows_shared(count)};
    long long micros = job.took == NULL ? -1 : rows_race((int)numbers[0], work, &job);
    if (micros < 0)
        return EXIT_FAILURE;
    rows_report(job.took, count, records, records * (int64_t)rows_size(), micros);
    return EXIT_SUCCESS;
}
