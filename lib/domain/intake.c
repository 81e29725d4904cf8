/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "intake.h"

#include <stdbool.h>
#include <string.h>

#include "err.h"
#include "record.h"
#include "spool.h"

#include "poison.h"

#define READ_BYTES ((size_t)64 * 1024)

struct intake {
    struct source *source;
    const struct intake_limits *limits;
    struct record_checker *checker;
    struct spool *spool;
    struct buf *window; /* bytes at hand */
    size_t at;          /* the next of them */
    int64_t base;       /* offset in the body of the window's first byte */
    bool ended;         /* the source has no more */
    struct intake_result *result;
    struct err *e;
};

static int64_t body_bytes(const struct intake *in)
{
    return in->base + (int64_t)in->window->len;
}

/* The body ended: it must have had as many bytes as were announced. */
static int check_announced(struct intake *in)
{
    int64_t announced = in->limits->announced;
    int64_t got = body_bytes(in);
    if (announced < 0 || got == announced)
        return 0;
    (void)err_set(in->e, got < announced ? MSG_BODY_SHORT : MSG_BODY_LONG, "announced %lld, got %lld",
                  (long long)announced, (long long)got);
    msg_arg(&in->e->msg, "announced", "%lld", (long long)announced);
    msg_arg(&in->e->msg, "got", "%lld", (long long)got);
    return -1;
}

static int body_too_large(struct intake *in)
{
    (void)err_set(in->e, MSG_BODY_TOO_LARGE, "%s", "");
    msg_arg(&in->e->msg, "limit", "%lld", (long long)in->limits->max_body);
    return -1;
}

/* Reads more bytes behind those that are still needed; at the end sets `ended`. */
static int fill(struct intake *in)
{
    struct buf *w = in->window;
    size_t rest = w->len - in->at;
    if (in->at > 0) {
        memmove(w->data, w->data + in->at, rest);
        in->base += (int64_t)in->at;
        w->len = rest;
        in->at = 0;
    }
    /* Twice as many as there are, so that a long record is not begun too often. */
    size_t want = rest > READ_BYTES ? rest : READ_BYTES;
    char *to = buf_reserve(w, want);
    if (to == NULL)
        return err_set(in->e, MSG_SPOOL_FULL, "out of memory for a record");
    long n = in->source->read(in->source, to, want);
    if (n < 0) {
        (void)err_set(in->e, MSG_BODY_CUT, "the body broke off after %lld bytes", (long long)body_bytes(in));
        msg_arg(&in->e->msg, "got", "%lld", (long long)body_bytes(in));
        return -1;
    }
    w->len += (size_t)n;
    if (body_bytes(in) > in->limits->max_body)
        return body_too_large(in);
    if (n > 0)
        return 0;
    in->ended = true;
    return check_announced(in);
}

static int not_json(struct intake *in, enum msg_id why, const char *at)
{
    long long offset = (long long)(in->base + (at - in->window->data));
    (void)err_set(in->e, why, "record %zu, byte %lld", in->result->received, offset);
    msg_arg(&in->e->msg, "offset", "%lld", offset);
    if (why == MSG_JSON_DUPLICATE) {
        const char *end = memchr(at, '"', (size_t)(in->window->data + in->window->len - at));
        msg_arg_text(&in->e->msg, "name", at, end == NULL ? 0 : (size_t)(end - at));
    } else {
        msg_arg(&in->e->msg, "limit", "%d", why == MSG_JSON_DEPTH ? SCAN_DEPTH_MAX : SCAN_NAMES_MAX);
    }
    return -1;
}

/* Skips white space. Returns 1 with the next byte, 0 at the end, -1 on failure. */
static int peek(struct intake *in, char *next_out)
{
    for (;;) {
        const struct buf *w = in->window;
        for (; in->at < w->len; in->at++) {
            char c = w->data[in->at];
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                *next_out = c;
                return 1;
            }
        }
        if (in->ended)
            return 0;
        if (fill(in) != 0)
            return -1;
    }
}

static int expect(struct intake *in, char *next_out)
{
    int got = peek(in, next_out);
    return got == 0 ? not_json(in, MSG_JSON_ENDS, in->window->data + in->at) : got;
}

static int record_too_large(struct intake *in)
{
    (void)err_set(in->e, MSG_RECORD_TOO_LARGE, "record %zu", in->result->received);
    msg_arg(&in->e->msg, "index", "%zu", in->result->received);
    msg_arg(&in->e->msg, "limit", "%zu", in->limits->max_record);
    return -1;
}

static int keep(struct intake *in, const struct row *row)
{
    return in->result->rejected == 0 ? spool_add(in->spool, row, in->e) : 0;
}

/* Reads and checks the record that starts at the next byte. */
static int read_record(struct intake *in, int depth)
{
    struct row row;
    size_t used;
    for (;;) {
        size_t rest = in->window->len - in->at;
        enum record_outcome outcome = record_check(in->checker, in->window->data + in->at, rest, in->ended, depth,
                                                   in->result->received, &row, &used);
        if (outcome == RECORD_BROKEN)
            return not_json(in, in->checker->scan.why, in->checker->scan.at);
        if ((outcome == RECORD_MORE ? rest : used) > in->limits->max_record)
            return record_too_large(in);
        if (outcome == RECORD_MORE) {
            if (fill(in) != 0)
                return -1;
            continue;
        }
        in->at += used;
        if (outcome == RECORD_FAULTY) {
            in->result->rejected++;
            spool_clear(in->spool);
        } else if (keep(in, &row) != 0) {
            return -1;
        }
        in->result->received++;
        return 0;
    }
}

static int read_array(struct intake *in)
{
    char next;
    in->at++;
    if (expect(in, &next) < 0)
        return -1;
    if (next == ']') {
        in->at++;
        return 0;
    }
    for (;;) {
        if (expect(in, &next) < 0 || read_record(in, 1) != 0 || expect(in, &next) < 0)
            return -1;
        in->at++;
        if (next == ']')
            return 0;
        if (next != ',')
            return not_json(in, MSG_JSON_SYNTAX, in->window->data + in->at - 1);
    }
}

/* One byte order mark at the very start is passed over, as RFC 8259 allows a reader to do. */
static int skip_byte_order_mark(struct intake *in)
{
    while (in->window->len < 3 && !in->ended)
        if (fill(in) != 0)
            return -1;
    if (in->window->len >= 3 && memcmp(in->window->data, "\xEF\xBB\xBF", 3) == 0)
        in->at = 3;
    return 0;
}

int intake_run(struct source *source, const struct intake_limits *limits, struct record_checker *checker,
               struct spool *spool, struct buf *window, struct intake_result *result_out, struct err *e)
{
    *result_out = (struct intake_result){0};
    buf_clear(window);
    struct intake in = {.source = source, .limits = limits, .checker = checker, .spool = spool, .window = window,
                        .result = result_out, .e = e};
    char next;
    if (skip_byte_order_mark(&in) != 0 || expect(&in, &next) < 0)
        return -1;
    if ((next == '[' ? read_array(&in) : read_record(&in, 0)) != 0)
        return -1;
    int more = peek(&in, &next);
    if (more > 0)
        return not_json(&in, MSG_JSON_TRAILING, window->data + in.at);
    result_out->bytes = body_bytes(&in);
    return more;
}
