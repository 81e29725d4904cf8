/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "buf.h"
#include "err.h"
#include "gunzip.h"
#include "helper.h"

#define TEXT_MAX ((size_t)64 * 1024 * 1024)

/* Appends one member that holds the bytes. */
static void put_member(struct buf *to, const void *bytes, size_t len, int level)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&stream, len) + 64;
    char *out = buf_reserve(to, room);
    assert_non_null(out);
    stream.next_in = (unsigned char *)(uintptr_t)bytes;
    stream.avail_in = (unsigned)len;
    stream.next_out = (unsigned char *)out;
    stream.avail_out = (unsigned)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    to->len += stream.total_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
}

/* Expands bytes that come `step` at a time into `room` bytes at a time. Returns 0, or -1 with the error; `to` has what came. */
static int expand(const void *bytes, size_t len, size_t step, size_t room, int64_t ratio, struct buf *to, struct err *e)
{
    struct byte_source from = byte_source(bytes, len, step);
    struct gunzip *g = gunzip_new(&from.source, ratio);
    long n = 1;
    assert_non_null(g);
    buf_clear(to);
    *e = ERR_NONE;
    while (n > 0) {
        char *at = buf_reserve(to, room);
        assert_non_null(at);
        n = gunzip_source(g)->read(gunzip_source(g), at, room, e);
        assert_true(n <= (long)room);
        to->len += n > 0 ? (size_t)n : 0;
    }
    assert_true(n != 0 || from.at == len); /* all of it was read, so that its length can be told */
    gunzip_free(g);
    return (int)n;
}

static void expect_same(const struct buf *a, const struct buf *b)
{
    assert_int_equal(a->len, b->len);
    if (a->len > 0)
        assert_memory_equal(a->data, b->data, a->len);
}

/* Text that is partly the same and partly not, so that it is compressed in more than one way. */
static void put_text(struct buf *to, size_t len, uint32_t seed)
{
    while (to->len < len)
        buf_printf(to, "{\"id\":\"%u\",\"s\":\"政府 %x\"}\n", to->len % 3 == 0 ? 1 : next_random(&seed), next_random(&seed));
}

static void what_was_compressed_comes_out_whole(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 100, 65535, 65536, 65537, 1000000};
    struct buf text, packed, out;
    struct err e;
    buf_init(&text, TEXT_MAX);
    buf_init(&packed, TEXT_MAX);
    buf_init(&out, TEXT_MAX);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (int level = 0; level <= 9; level += 3) {
            buf_clear(&text);
            buf_clear(&packed);
            put_text(&text, sizes[i], 1952);
            put_member(&packed, text.data, text.len, level);
            assert_int_equal(expand(packed.data, packed.len, 0, 65536, 100, &out, &e), 0);
            expect_same(&out, &text);
        }
    }
    buf_free(&text);
    buf_free(&packed);
    buf_free(&out);
}

static void pieces_of_every_size_give_the_same(void **state)
{
    (void)state;
    struct buf text, packed, out;
    struct err e;
    buf_init(&text, TEXT_MAX);
    buf_init(&packed, TEXT_MAX);
    buf_init(&out, TEXT_MAX);
    put_text(&text, 700, 6);
    put_member(&packed, text.data, text.len, 6);
    for (size_t step = 1; step <= packed.len + 1; step++) {
        assert_int_equal(expand(packed.data, packed.len, step, 65536, 100, &out, &e), 0);
        expect_same(&out, &text);
        assert_int_equal(expand(packed.data, packed.len, step, 1, 100, &out, &e), 0);
        expect_same(&out, &text);
    }
    for (size_t room = 1; room <= text.len + 1; room++) {
        assert_int_equal(expand(packed.data, packed.len, room % 5, room, 100, &out, &e), 0);
        expect_same(&out, &text);
    }
    buf_free(&text);
    buf_free(&packed);
    buf_free(&out);
}

/* RFC 1952 section 2.2: a file is a series of members. Empty ones are members too. */
static void several_members_are_one_text(void **state)
{
    (void)state;
    struct buf text, packed, out;
    struct err e;
    buf_init(&text, TEXT_MAX);
    buf_init(&packed, TEXT_MAX);
    buf_init(&out, TEXT_MAX);
    for (uint32_t i = 0; i < 20; i++) {
        size_t start = text.len;
        if (i % 3 != 0)
            put_text(&text, start + i * 30, i);
        put_member(&packed, text.len == start ? "" : text.data + start, text.len - start, (int)(i % 10));
    }
    for (size_t step = 0; step < 70; step++) {
        assert_int_equal(expand(packed.data, packed.len, step, step % 2 == 0 ? 65536 : step, 100, &out, &e), 0);
        expect_same(&out, &text);
    }
    buf_free(&text);
    buf_free(&packed);
    buf_free(&out);
}

/* A header may have a name, a comment, extra bytes and a check of its own. */
static void all_parts_of_a_header_are_passed_over(void **state)
{
    (void)state;
    static const char body[] = "text";
    struct buf packed, out;
    struct err e;
    gz_header header = {.name = (Bytef *)(uintptr_t) "name.ndjson", .comment = (Bytef *)(uintptr_t) "comment", .hcrc = 1,
                        .extra = (Bytef *)(uintptr_t) "extra", .extra_len = 5, .text = 1};
    z_stream stream = {0};
    buf_init(&packed, TEXT_MAX);
    buf_init(&out, TEXT_MAX);
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflateSetHeader(&stream, &header), Z_OK);
    stream.next_in = (unsigned char *)(uintptr_t)body;
    stream.avail_in = 4;
    stream.next_out = (unsigned char *)buf_reserve(&packed, 1000);
    stream.avail_out = 1000;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.len = stream.total_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
    for (size_t step = 0; step < 10; step++) {
        assert_int_equal(expand(packed.data, packed.len, step, 100, 100, &out, &e), 0);
        expect_bytes(out.data, out.len, "text");
    }
    for (size_t len = 1; len < packed.len; len++) {
        assert_int_equal(expand(packed.data, len, 0, 100, 100, &out, &e), -1);
        assert_int_equal(e.msg.id, MSG_GZIP_BROKEN);
    }
    buf_free(&packed);
    buf_free(&out);
}

static void bytes_behind_the_last_member_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
    } rows[] = {{"x", 1}, {"\0", 1}, {"\x1F", 1}, {"\x1F\x8B", 2}, {"\0\0\0\0\0\0\0\0", 8}, {"{\"id\":\"1\"}", 10}, {"\n", 1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t step = 0; step < 4; step++) {
            struct buf packed, out;
            struct err e;
            char offset[24];
            buf_init(&packed, TEXT_MAX);
            buf_init(&out, TEXT_MAX);
            put_member(&packed, "text", 4, 6);
            size_t whole = packed.len;
            buf_add(&packed, rows[i].bytes, rows[i].len);
            assert_int_equal(expand(packed.data, packed.len, step, 100, 100, &out, &e), -1);
            assert_int_equal(e.msg.id, MSG_GZIP_BROKEN);
            assert_int_equal(err_class(&e), CLASS_INPUT);
            (void)snprintf(offset, sizeof(offset), "%s", msg_value(&e.msg, "offset"));
            assert_in_range(strtoul(offset, NULL, 10), whole, packed.len);
            buf_free(&packed);
            buf_free(&out);
        }
    }
}

/* Not even where all the text has come out, and the check of it alone is cut. */
static void what_is_cut_at_any_byte_is_broken(void **state)
{
    (void)state;
    struct buf text, packed, out;
    struct err e;
    buf_init(&text, TEXT_MAX);
    buf_init(&packed, TEXT_MAX);
    buf_init(&out, TEXT_MAX);
    put_text(&text, 500, 3);
    put_member(&packed, text.data, text.len, 6);
    size_t first = packed.len;
    put_member(&packed, text.data, text.len, 0);
    for (size_t len = 1; len < packed.len; len++) {
        for (size_t step = 0; step < 3; step++) {
            bool between = len == first; /* one member, and whole */
            assert_int_equal(expand(packed.data, len, step, step == 1 ? 1 : 65536, 100, &out, &e), between ? 0 : -1);
            assert_int_equal(e.msg.id, between ? MSG_NONE : MSG_GZIP_BROKEN);
            assert_true(between || strtoul(msg_value(&e.msg, "offset"), NULL, 10) == len);
            assert_true(out.len <= 2 * text.len);
        }
    }
    buf_free(&text);
    buf_free(&packed);
    buf_free(&out);
}

/* A few bits say nothing, such as those that fill up the last byte. */
static void a_bit_that_was_turned_never_gives_another_text(void **state)
{
    (void)state;
    struct buf text, packed, out;
    struct err e;
    buf_init(&text, TEXT_MAX);
    buf_init(&packed, TEXT_MAX);
    buf_init(&out, TEXT_MAX);
    put_text(&text, 300, 4);
    put_member(&packed, text.data, text.len, 6);
    size_t without_effect = 0;
    for (size_t at = 10; at < packed.len; at++) {
        for (int bit = 0; bit < 8; bit++) {
            packed.data[at] = (char)(packed.data[at] ^ 1 << bit);
            if (expand(packed.data, packed.len, 0, 65536, 1000, &out, &e) == 0) {
                expect_same(&out, &text);
                without_effect++;
            } else {
                assert_int_equal(e.msg.id, MSG_GZIP_BROKEN);
            }
            packed.data[at] = (char)(packed.data[at] ^ 1 << bit);
        }
    }
    assert_in_range(without_effect, 0, 7);
    buf_free(&text);
    buf_free(&packed);
    buf_free(&out);
}

static void what_is_not_gzip_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
    } rows[] = {
        {"{\"id\":\"1\"}", 10}, {"x", 1}, {" ", 1}, {"\0", 1}, {"\x1F", 1}, {"\x1F\x8C", 2}, {"\x1F\x9D\x90\x78\x00", 5},
        {"\x78\x9C\x2B\x49\xAD\x28\x01\x00\x04\x5D\x01\xC1", 12}, /* zlib */ {"\x2B\x49\xAD\x28\x01\x00", 6}, /* deflate */
        {"PK\3\4", 4}, {"BZh9", 4}, {"\x28\xB5\x2F\xFD", 4}, {"\x1F\x8B\x07\0\0\0\0\0\0\0", 10}, {"\x1F\x8B\x08\xE0\0\0\0\0\0\0", 10},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t step = 0; step < 3; step++) {
            struct buf out;
            struct err e;
            buf_init(&out, 1000);
            assert_int_equal(expand(rows[i].bytes, rows[i].len, step, 100, 100, &out, &e), -1);
            assert_int_equal(e.msg.id, MSG_GZIP_BROKEN);
            assert_int_equal(out.len, 0);
            buf_free(&out);
        }
    }
}

/* Not even an empty text is compressed to nothing: whatever should have come was lost on the way. */
static void an_empty_body_is_broken(void **state)
{
    (void)state;
    struct buf out;
    struct err e;
    buf_init(&out, 1000);
    assert_int_equal(expand("", 0, 0, 100, 100, &out, &e), -1);
    assert_int_equal(e.msg.id, MSG_GZIP_BROKEN);
    assert_int_equal(out.len, 0);
    buf_free(&out);
}

static void the_end_stays_the_end(void **state)
{
    (void)state;
    struct buf packed;
    struct err e = ERR_NONE;
    char to[16];
    buf_init(&packed, 1000);
    put_member(&packed, "text", 4, 6);
    struct byte_source from = byte_source(packed.data, packed.len, 0);
    struct gunzip *g = gunzip_new(&from.source, 100);
    assert_non_null(g);
    assert_int_equal(gunzip_source(g)->read(gunzip_source(g), to, sizeof(to), &e), 4);
    for (int i = 0; i < 3; i++)
        assert_int_equal(gunzip_source(g)->read(gunzip_source(g), to, sizeof(to), &e), 0);
    gunzip_free(g);
    gunzip_free(NULL);
    buf_free(&packed);
}

static void an_error_of_the_source_is_passed_on_wherever_it_comes(void **state)
{
    (void)state;
    struct buf packed;
    buf_init(&packed, 1000);
    put_member(&packed, "some text", 9, 6);
    for (size_t len = 0; len <= packed.len; len++) {
        for (size_t step = 0; step < 3; step++) {
            struct byte_source from = byte_source(packed.data, len, step);
            struct gunzip *g = gunzip_new(&from.source, 100);
            struct err e = ERR_NONE;
            char to[4];
            long n;
            from.breaks = true;
            assert_non_null(g);
            while ((n = gunzip_source(g)->read(gunzip_source(g), to, sizeof(to), &e)) > 0)
                continue;
            assert_int_equal(n, -1);
            assert_int_equal(e.msg.id, MSG_BODY_CUT);
            gunzip_free(g);
        }
    }
    buf_free(&packed);
}

#define MEGABYTE ((size_t)1024 * 1024)

/* Zeros give about a thousand times what they are compressed to. */
static void below_a_megabyte_no_ratio_is_refused(void **state)
{
    (void)state;
    struct buf packed, out;
    struct err e;
    char *zeros = calloc(1, MEGABYTE + 1);
    assert_non_null(zeros);
    buf_init(&packed, TEXT_MAX);
    buf_init(&out, TEXT_MAX);
    for (size_t over = 0; over < 2; over++) {
        buf_clear(&packed);
        put_member(&packed, zeros, MEGABYTE + over, 9);
        for (size_t room = 1000; room <= 2 * MEGABYTE; room *= 13) {
            assert_int_equal(expand(packed.data, packed.len, 0, room, 2, &out, &e), over == 0 ? 0 : -1);
            assert_int_equal(e.msg.id, over == 0 ? MSG_NONE : MSG_GZIP_RATIO);
            assert_true(out.len <= MEGABYTE);
        }
    }
    assert_int_equal(err_class(&e), CLASS_TOO_LARGE);
    assert_string_equal(msg_value(&e.msg, "limit"), "2");
    free(zeros);
    buf_free(&packed);
    buf_free(&out);
}

/* All is read at once here, so that the whole text stands against the whole of the compressed bytes. */
static void the_ratio_is_refused_above_its_limit_and_not_at_it(void **state)
{
    (void)state;
    struct buf packed, out;
    struct err e;
    size_t most = 2 * MEGABYTE + 3000;
    char *zeros = calloc(1, most);
    assert_non_null(zeros);
    buf_init(&packed, TEXT_MAX);
    buf_init(&out, TEXT_MAX);
    for (size_t len = most - 2500; len < most; len += 97) {
        buf_clear(&packed);
        put_member(&packed, zeros, len, 9);
        int64_t just_enough = (int64_t)((len + packed.len - 1) / packed.len);
        assert_int_equal(expand(packed.data, packed.len, 0, most, just_enough, &out, &e), 0);
        assert_int_equal(out.len, len);
        if (expand(packed.data, packed.len, 0, most, just_enough - 1, &out, &e) == 0)
            fail_msg("%zu bytes out of %zu are more than %lld times them", len, packed.len, (long long)just_enough - 1);
        assert_int_equal(e.msg.id, MSG_GZIP_RATIO);
    }
    free(zeros);
    buf_free(&packed);
    buf_free(&out);
}

/* What came before, well compressed or not, counts: else a bomb could hide behind an honest start, or between many small members. */
static void a_bomb_is_stopped_soon_in_whatever_it_hides(void **state)
{
    (void)state;
    struct buf text, packed, out;
    struct err e;
    char *zeros = calloc(1, 40 * MEGABYTE);
    assert_non_null(zeros);
    buf_init(&text, TEXT_MAX);
    buf_init(&packed, TEXT_MAX);
    buf_init(&out, TEXT_MAX);
    put_text(&text, 100000, 5);
    put_member(&packed, text.data, text.len, 6);
    size_t honest = packed.len;
    put_member(&packed, zeros, 40 * MEGABYTE, 9);
    assert_int_equal(expand(packed.data, packed.len, 0, 65536, 20, &out, &e), -1);
    assert_int_equal(e.msg.id, MSG_GZIP_RATIO);
    assert_true(out.len < 20 * (honest + 65536) + 65536);
    buf_clear(&packed);
    for (int i = 0; i < 100; i++)
        put_member(&packed, zeros, MEGABYTE / 4, 9);
    assert_int_equal(expand(packed.data, packed.len, 1000, 65536, 100, &out, &e), -1);
    assert_int_equal(e.msg.id, MSG_GZIP_RATIO);
    assert_true(out.len <= MEGABYTE + 65536);
    free(zeros);
    buf_free(&text);
    buf_free(&packed);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_compressed_comes_out_whole),
        cmocka_unit_test(pieces_of_every_size_give_the_same),
        cmocka_unit_test(several_members_are_one_text),
        cmocka_unit_test(all_parts_of_a_header_are_passed_over),
        cmocka_unit_test(bytes_behind_the_last_member_are_refused),
        cmocka_unit_test(what_is_cut_at_any_byte_is_broken),
        cmocka_unit_test(a_bit_that_was_turned_never_gives_another_text),
        cmocka_unit_test(what_is_not_gzip_is_refused),
        cmocka_unit_test(an_empty_body_is_broken),
        cmocka_unit_test(the_end_stays_the_end),
        cmocka_unit_test(an_error_of_the_source_is_passed_on_wherever_it_comes),
        cmocka_unit_test(below_a_megabyte_no_ratio_is_refused),
        cmocka_unit_test(the_ratio_is_refused_above_its_limit_and_not_at_it),
        cmocka_unit_test(a_bomb_is_stopped_soon_in_whatever_it_hides),
    };
    return cmocka_run_group_tests_name("gunzip", tests, NULL, NULL);
}
