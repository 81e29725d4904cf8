/* SPDX-License-Identifier: Apache-2.0
 *
 * Pushes records to a gateway on the loopback address:
 *
 *   push [-m batch|stream|array] [-r] [-f FIRST] PORT CONNECTIONS BODIES ROWS <TOKEN
 *
 * Every connection is a process of its own with one kept-alive HTTP connection, which sends BODIES bodies of ROWS records one
 * after the other: with `batch` (the default) each made beforehand, one JSON object where ROWS is 1, else an array; with
 * `stream` (NDJSON) and `array` made while it is sent, so that it may be larger than memory. -r gives ids without order, -f the
 * number of the first record. Prints one line: records/s, MB/s of body, p50 and p99 of a request's milliseconds.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "http.h"
#include "num.h"
#include "rows.h"

#include "poison.h"

enum { ARGUMENTS = 4, PIECE_ROWS = 200 };

enum mode { BATCH, STREAM, ARRAY, MODE_N };
static const char *const mode_names[MODE_N] = {"batch", "stream", "array"};

struct job {
    int64_t port, connections, bodies, rows, first;
    enum mode mode;
    bool scattered;
    char token[256];
    size_t row_bytes;
    int64_t *took; /* shared: microseconds of each request */
};

static int64_t body_bytes(const struct job *job)
{
    int64_t rows = job->rows * (int64_t)job->row_bytes;
    if (job->mode == STREAM)
        return rows + job->rows;
    return job->mode == BATCH && job->rows == 1 ? rows : rows + job->rows + 1;
}

static void add_head(struct buf *to, const struct job *job)
{
    buf_printf(to, "POST /v1/records/regulation/rule HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
               "Content-Type: application/%s\r\nContent-Length: %lld\r\n\r\n", job->token,
               job->mode == STREAM ? "x-ndjson" : "json", (long long)body_bytes(job));
}

/* Adds the body's records from `from` to before `to`, with what stands between and around them. */
static void add_rows(struct buf *piece, const struct job *job, int64_t first, int64_t from, int64_t to)
{
    char id[ROWS_ID_SIZE];
    bool array = job->mode == ARRAY || (job->mode == BATCH && job->rows > 1);
    for (int64_t i = from; i < to; i++) {
        if (array)
            buf_add_char(piece, i == 0 ? '[' : ',');
        rows_add(piece, (size_t)(first + i), job->scattered, id);
        if (job->mode == STREAM)
            buf_add_char(piece, '\n');
    }
    if (array && to == job->rows)
        buf_add_char(piece, ']');
}

/* Sends one body and reads the reply to it. Returns 0 where that is 200. */
static int push_body(struct http *h, const struct job *job, struct buf *piece, int64_t first, int64_t *took_out)
{
    int64_t step = job->mode == BATCH ? job->rows : PIECE_ROWS;
    int64_t start = 0;
    int failed = http_open(h);
    buf_clear(piece);
    add_head(piece, job);
    for (int64_t from = 0; failed == 0 && from < job->rows; from += step) {
        add_rows(piece, job, first, from, from + step < job->rows ? from + step : job->rows);
        if (from == 0)
            start = clock_micros();
        failed = buf_failed(piece) ? -1 : http_send(h, buf_text(piece), piece->len);
        buf_clear(piece);
    }
    int status = h->fd < 0 ? -1 : http_read(h);
    *took_out = clock_micros() - start;
    return failed != 0 || status != 200 ? -1 : 0;
}

static int work(int number, void *context)
{
    const struct job *job = context;
    struct http h = {.port = job->port, .fd = -1};
    struct buf piece;
    int rc = 0;
    buf_init(&piece, (size_t)1 << 30);
    for (int64_t b = 0; rc == 0 && b < job->bodies; b++) {
        int64_t n = number * job->bodies + b;
        rc = push_body(&h, job, &piece, job->first + n * job->rows, &job->took[n]);
    }
    buf_free(&piece);
    http_close(&h);
    return rc;
}

static int run(struct job *job)
{
    int64_t count = job->connections * job->bodies;
    job->took = rows_shared(count);
    if (job->took == NULL)
        return EXIT_FAILURE;
    job->row_bytes = rows_size();
    long long micros = rows_race((int)job->connections, work, job);
    if (micros < 0)
        return EXIT_FAILURE;
    rows_report(job->took, count, count * job->rows, count * body_bytes(job), micros);
    return EXIT_SUCCESS;
}

static bool read_options(int argc, char **argv, struct job *job)
{
    int option;
    while ((option = getopt(argc, argv, "m:rf:")) != -1) {
        if (option == 'm') {
            int m = 0;
            while (m < MODE_N && strcmp(optarg, mode_names[m]) != 0)
                m++;
            if (m == MODE_N)
                return false;
            job->mode = (enum mode)m;
        } else if (option == 'r') {
            job->scattered = true;
        } else if (option != 'f' || !num_parse(optarg, strlen(optarg), 0, 1000000000, &job->first)) {
            return false;
        }
    }
    int64_t *const numbers[ARGUMENTS] = {&job->port, &job->connections, &job->bodies, &job->rows};
    for (int i = 0; i < ARGUMENTS; i++)
        if (argc - optind != ARGUMENTS ||
            !num_parse(argv[optind + i], strlen(argv[optind + i]), 1, 100000000, numbers[i]))
            return false;
    return true;
}

int main(int argc, char **argv)
{
    struct job job = {.mode = BATCH};
    if (!read_options(argc, argv, &job)) {
        (void)fprintf(stderr, "usage: push [-m batch|stream|array] [-r] [-f FIRST] PORT CONNECTIONS BODIES ROWS <TOKEN\n");
        return EXIT_FAILURE;
    }
    if (fgets(job.token, sizeof(job.token), stdin) == NULL)
        return EXIT_FAILURE;
    job.token[strcspn(job.token, "\n")] = '\0';
    return run(&job);
}
