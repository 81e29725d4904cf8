/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "crypt.h"
#include "err.h"
#include "helper.h"

static int start_library(void **state)
{
    (void)state;
    return crypt_init();
}

/* Reads to the end. Returns 0, or -1 with the error; *got_out: bytes that came. */
static int read_all(struct body *body, char *to, size_t room, size_t *got_out, struct err *e)
{
    long n;
    *got_out = 0;
    *e = ERR_NONE;
    while ((n = body->source.read(&body->source, to + *got_out, room, e)) > 0)
        *got_out += (size_t)n;
    return (int)n;
}

static void a_body_is_as_long_as_was_announced(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int64_t announced;
        enum msg_id why;
    } rows[] = {
        {"{\"id\":\"1\"}", 10, MSG_NONE}, {"{\"id\":\"1\"}", -1, MSG_NONE}, {"", -1, MSG_NONE}, {"", 0, MSG_NONE},
        {"{\"id\":\"1\"}", 11, MSG_BODY_SHORT}, {"{\"id\":\"1\"}", 9, MSG_BODY_LONG}, {"{\"id\":\"1\"}", 0, MSG_BODY_LONG},
        {"{\"id\":\"1\"} \n", 10, MSG_BODY_LONG}, {"[{\"id\":\"1\"},{\"id", 30, MSG_BODY_SHORT}, {"", 5, MSG_BODY_SHORT},
        {"[{\"id\":\"1\"}]", 1000, MSG_BODY_SHORT}, {"x", INT64_MAX, MSG_BODY_SHORT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t step = 0; step < 13; step++) {
            size_t len = strlen(rows[i].body), got;
            struct byte_source from = byte_source(rows[i].body, len, step);
            struct body body;
            struct err e;
            char bytes[128];
            body_init(&body, &from.source, rows[i].announced, 1000, NULL);
            EXPECT_ROW(rows[i].body, read_all(&body, bytes, sizeof(bytes) / 2, &got, &e) == (rows[i].why == MSG_NONE ? 0 : -1));
            EXPECT_ROW(rows[i].body, e.msg.id == rows[i].why);
            EXPECT_ROW(rows[i].body, got == len && memcmp(bytes, rows[i].body, len) == 0 && body.got == (int64_t)len);
            EXPECT_ROW(rows[i].body, rows[i].why == MSG_NONE || err_class(&e) == CLASS_INPUT);
        }
    }
}

static void the_error_names_both_lengths(void **state)
{
    (void)state;
    struct byte_source from = byte_source("12345", 5, 2);
    struct body body;
    struct err e;
    char bytes[16];
    size_t got;
    body_init(&body, &from.source, 7, 1000, NULL);
    assert_int_equal(read_all(&body, bytes, 4, &got, &e), -1);
    assert_string_equal(msg_value(&e.msg, "announced"), "7");
    assert_string_equal(msg_value(&e.msg, "got"), "5");
}

static void a_body_over_its_limit_is_too_large_and_one_at_it_is_not(void **state)
{
    (void)state;
    char content[300], bytes[600];
    memset(content, 'x', sizeof(content));
    for (size_t len = 0; len < sizeof(content); len++) {
        for (size_t over = 0; over < 2 && over <= len; over++) {
            size_t step = len % 7, got;
            struct byte_source from = byte_source(content, len, step);
            struct body body;
            struct err e;
            body_init(&body, &from.source, -1, (int64_t)(len - over), NULL);
            assert_int_equal(read_all(&body, bytes, 64, &got, &e), over == 0 ? 0 : -1);
            assert_true(got <= len - over);
            assert_int_equal(e.msg.id, over == 0 ? MSG_NONE : MSG_BODY_TOO_LARGE);
            assert_true(over == 0 || strtoul(msg_value(&e.msg, "limit"), NULL, 10) == len - 1);
        }
    }
}

static void a_body_that_breaks_off_gives_the_error_of_what_it_comes_from(void **state)
{
    (void)state;
    for (int64_t announced = -1; announced < 8; announced++) {
        struct byte_source from = byte_source("12345", 5, 2);
        struct body body;
        struct err e;
        char bytes[16];
        size_t got;
        from.breaks = true;
        body_init(&body, &from.source, announced, 1000, NULL);
        assert_int_equal(read_all(&body, bytes, 8, &got, &e), -1);
        assert_int_equal(e.msg.id, MSG_BODY_CUT);
        assert_int_equal(got, 5);
    }
}

static void every_byte_that_was_read_is_hashed_in_pieces_of_any_size(void **state)
{
    (void)state;
    char content[1000], bytes[2000];
    unsigned char want[CRYPT_DIGEST_SIZE], digest[CRYPT_DIGEST_SIZE];
    for (size_t i = 0; i < sizeof(content); i++)
        content[i] = (char)(i * 7);
    for (int hash = 0; hash < CRYPT_HASH_N; hash++) {
        crypt_digest((enum crypt_hash)hash, content, sizeof(content), want);
        for (size_t step = 1; step < 200; step++) {
            struct byte_source from = byte_source(content, sizeof(content), step);
            struct crypt_stream *stream = crypt_stream_new((enum crypt_hash)hash);
            struct body body;
            struct err e;
            size_t got;
            assert_non_null(stream);
            body_init(&body, &from.source, sizeof(content), sizeof(content), stream);
            assert_int_equal(read_all(&body, bytes, 150, &got, &e), 0);
            crypt_stream_digest(stream, digest);
            crypt_stream_free(stream);
            assert_memory_equal(digest, want, sizeof(want));
            assert_memory_equal(bytes, content, sizeof(content));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_is_as_long_as_was_announced),
        cmocka_unit_test(the_error_names_both_lengths),
        cmocka_unit_test(a_body_over_its_limit_is_too_large_and_one_at_it_is_not),
        cmocka_unit_test(a_body_that_breaks_off_gives_the_error_of_what_it_comes_from),
        cmocka_unit_test(every_byte_that_was_read_is_hashed_in_pieces_of_any_size),
    };
    return cmocka_run_group_tests_name("body", tests, start_library, NULL);
}
