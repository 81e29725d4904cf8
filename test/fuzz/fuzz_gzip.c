/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a gzip body of lines, pushed leniently with small limits; and the same bytes as the lines themselves, which must come
 * to the same records whether they are compressed or not.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "err.h"
#include "fault.h"
#include "fuzz.h"
#include "gunzip.h"
#include "intake.h"
#include "policy.h"
#include "record.h"

enum { BODY_MAX = 100000, RECORD_MAX = 300, RATIO_MAX = 10, RATIO_FROM = 1024 * 1024, WINDOW_MAX = 512 * 1024, PACKED_MAX = 1 << 20 };

/* Bytes in pieces; and what came out of a source, counted. */
struct pieces {
    struct source source;
    const uint8_t *bytes;
    size_t len, at, step;
};

struct counted {
    struct source source;
    struct source *from;
    const struct pieces *packed;
    size_t out;
};

static long read_piece(struct source *self, char *to, size_t room, struct err *e)
{
    struct pieces *p = (struct pieces *)(void *)self;
    size_t n = p->len - p->at;
    (void)e;
    n = n > room ? room : n;
    n = n > p->step ? p->step : n;
    if (n > 0)
        memcpy(to, p->bytes + p->at, n);
    p->at += n;
    return (long)n;
}

static long read_counted(struct source *self, char *to, size_t room, struct err *e)
{
    struct counted *c = (struct counted *)(void *)self;
    long n = c->from->read(c->from, to, room, e);
    fuzz_expect(n >= -1 && n <= (long)room);
    fuzz_expect(n != 0 || c->packed->at == c->packed->len);
    c->out += n > 0 ? (size_t)n : 0;
    fuzz_expect(c->out <= RATIO_FROM || c->out <= (size_t)RATIO_MAX * c->packed->at + RATIO_MAX);
    return n;
}

/* A push: how far it came, and a digest of all that was handed on. */
struct push {
    struct intake_sink sink;
    size_t good, bad;
    uint64_t digest;
    struct scan scan;
    struct buf text, window;
    struct intake_result result;
    struct err e;
    int rc;
};

static void mix(struct push *p, const void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        p->digest = (p->digest ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
}

static void expect_json(struct push *p, const char *bytes, size_t len)
{
    scan_begin(&p->scan, bytes, len, true, 0);
    fuzz_expect(scan_skip(&p->scan) && p->scan.p == p->scan.end);
}

static int take_good(struct intake_sink *self, const struct row *row, struct err *e)
{
    struct push *p = (struct push *)(void *)self;
    (void)e;
    fuzz_expect(row->index == p->good + p->bad && row->id_len > 0);
    expect_json(p, row->fields, row->fields_len);
    mix(p, row->fields, row->fields_len);
    p->good++;
    return 0;
}

static int take_bad(struct intake_sink *self, const struct faults *faults, struct err *e)
{
    struct push *p = (struct push *)(void *)self;
    (void)e;
    fuzz_expect(faults->index == p->good + p->bad && faults->total > 0);
    buf_clear(&p->text);
    buf_add_char(&p->text, '[');
    (void)faults_write(faults, true, 20, &p->text);
    buf_add_char(&p->text, ']');
    expect_json(p, buf_text(&p->text), p->text.len);
    mix(p, faults->items[0].code, strlen(faults->items[0].code));
    p->bad++;
    return 0;
}

static void push_lines(struct push *p, struct source *source)
{
    const struct intake_options options = {.lines = true, .lenient = true, .max_body = BODY_MAX, .max_record = RECORD_MAX};
    struct faults faults;
    struct record_checker checker;
    *p = (struct push){.sink = {.good = take_good, .bad = take_bad}};
    buf_init(&p->text, 1 << 20);
    buf_init(&p->window, WINDOW_MAX);
    faults_init(&faults, MSG_EN);
    fuzz_expect(scan_init(&p->scan) == 0);
    fuzz_expect(record_checker_init(&checker, policy(), CRYPT_SM3, &faults) == 0);
    p->e = ERR_NONE;
    p->rc = intake_run(source, &options, &checker, &p->sink, &p->window, &p->result, &p->e);
    fuzz_expect((p->rc == 0) == (p->e.msg.id == MSG_NONE));
    fuzz_expect(p->rc != 0 || p->result.bytes <= BODY_MAX);
    fuzz_expect(p->result.received >= p->result.rejected);
    fuzz_expect(p->result.received == p->good + p->bad && p->result.rejected == p->bad);
    record_checker_free(&checker);
    faults_free(&faults);
    scan_free(&p->scan);
    buf_free(&p->text);
    buf_free(&p->window);
}

static void push_packed(struct push *p, const uint8_t *bytes, size_t len, size_t step)
{
    struct pieces pieces = {.source.read = read_piece, .bytes = bytes, .len = len, .step = step};
    struct gunzip *g = gunzip_new(&pieces.source, RATIO_MAX);
    fuzz_expect(g != NULL);
    struct counted counted = {.source.read = read_counted, .from = gunzip_source(g), .packed = &pieces};
    push_lines(p, &counted.source);
    gunzip_free(g);
    enum msg_id why = p->e.msg.id;
    fuzz_expect(p->rc == 0 || why == MSG_GZIP_BROKEN || why == MSG_GZIP_RATIO || why == MSG_BODY_TOO_LARGE);
}

static void expect_same(const struct push *a, const struct push *b)
{
    fuzz_expect(a->rc == b->rc && a->good == b->good && a->bad == b->bad && a->digest == b->digest && a->e.msg.id == b->e.msg.id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t packed[PACKED_MAX];
    struct push whole, parted, plain;
    push_packed(&whole, data, size, SIZE_MAX);
    push_packed(&parted, data, size, size % 7 + 1);
    if (whole.rc == 0)
        expect_same(&whole, &parted);
    struct pieces pieces = {.source.read = read_piece, .bytes = data, .len = size, .step = size % 5 + 1};
    push_lines(&plain, &pieces.source);
    fuzz_expect(plain.rc == 0 || plain.e.msg.id == MSG_BODY_TOO_LARGE);
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)data, .avail_in = (unsigned)size, .next_out = packed,
                       .avail_out = sizeof(packed)};
    fuzz_expect(deflateInit2(&stream, 0, Z_DEFLATED, 15 + 16, 1, Z_DEFAULT_STRATEGY) == Z_OK);
    if (deflate(&stream, Z_FINISH) == Z_STREAM_END) {
        push_packed(&whole, packed, stream.total_out, SIZE_MAX);
        fuzz_expect(whole.rc == 0 || whole.e.msg.id == MSG_BODY_TOO_LARGE);
        if (whole.rc == 0)
            expect_same(&whole, &plain);
    }
    (void)deflateEnd(&stream);
    return 0;
}
