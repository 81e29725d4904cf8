/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "helper.h"
#include "verified.h"

static int start(void **state)
{
    (void)state;
    return crypt_init();
}

/* Reads all of it. Returns how much came, or -1. */
static long read_all(struct verified *v, char *to, size_t room, struct err *e)
{
    long n;
    size_t got = 0;
    while ((n = v->source.read(&v->source, to + got, room - got, e)) > 0)
        got += (size_t)n;
    return n < 0 ? -1 : (long)got;
}

static void a_body_is_read_when_its_digest_is_right(void **state)
{
    static const struct {
        size_t len, memory, step;
    } rows[] = {{0, 1000, 0}, {1, 1000, 1}, {100, 1000, 7}, {1000000, 1000, 0}, {1000000, 4000000, 3000}, {300000, 65536, 65536}, {131072, 0, 0}};
    char *bytes = malloc(1000000), *back = malloc(1000001);
    uint32_t seed = 1;
    assert_true(bytes != NULL && back != NULL);
    for (size_t i = 0; i < 1000000; i++)
        bytes[i] = (char)next_random(&seed);
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int changed = 0; changed < 2; changed++) {
            struct byte_source from = byte_source(bytes, rows[i].len, rows[i].step);
            struct verified_options o = {.announced = (int64_t)rows[i].len, .max = 2000000, .memory = rows[i].memory, .dir = *state, .hash = CRYPT_SM3};
            struct verified v;
            struct err e = ERR_NONE;
            crypt_digest(CRYPT_SM3, bytes, rows[i].len, o.digest);
            o.digest[31] ^= (unsigned char)changed;
            assert_int_equal(verified_begin(&v, &from.source, &o, &e), 0);
            assert_int_equal(read_all(&v, back, 1000001, &e), changed ? -1 : (long)rows[i].len);
            assert_int_equal(e.msg.id, changed ? MSG_DIGEST_MISMATCH : MSG_NONE);
            assert_true(changed || memcmp(bytes, back, rows[i].len) == 0);
            verified_end(&v);
        }
    }
    free(bytes);
    free(back);
}

static void what_is_wrong_with_a_body_is_told_as_ever(void **state)
{
    static const struct {
        int64_t announced, max;
        bool breaks;
        enum msg_id told;
    } rows[] = {{5, 100, true, MSG_BODY_CUT}, {6, 100, false, MSG_BODY_SHORT}, {4, 100, false, MSG_BODY_LONG}, {-1, 4, false, MSG_BODY_TOO_LARGE}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct byte_source from = byte_source("12345", 5, 0);
        struct verified_options o = {.announced = rows[i].announced, .max = rows[i].max, .memory = 100, .dir = *state, .hash = CRYPT_SHA256};
        struct verified v;
        struct err e = ERR_NONE;
        char back[100];
        from.breaks = rows[i].breaks;
        crypt_digest(CRYPT_SHA256, "12345", 5, o.digest);
        assert_int_equal(verified_begin(&v, &from.source, &o, &e), 0);
        assert_int_equal(read_all(&v, back, sizeof(back), &e), -1);
        assert_int_equal(e.msg.id, rows[i].told);
        verified_end(&v);
    }
}

static void a_folder_without_room_is_named(void **state)
{
    (void)state;
    struct byte_source from = byte_source("12345", 5, 0);
    const struct verified_options o = {.announced = 5, .max = 100, .memory = 0, .dir = "/nowhere/at/all", .hash = CRYPT_SM3};
    struct verified v;
    struct err e;
    char back[10];
    assert_int_equal(verified_begin(&v, &from.source, &o, &e), 0);
    assert_int_equal(read_all(&v, back, sizeof(back), &e), -1);
    assert_int_equal(err_class(&e), CLASS_BUSY);
    expect_has(e.detail, "/nowhere/at/all");
    verified_end(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_body_is_read_when_its_digest_is_right),
        WITH_FOLDER(what_is_wrong_with_a_body_is_told_as_ever),
        cmocka_unit_test(a_folder_without_room_is_named),
    };
    return cmocka_run_group_tests_name("verified", tests, start, NULL);
}
