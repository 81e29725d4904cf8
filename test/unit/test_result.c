/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "helper.h"
#include "result.h"

static const char *written(struct results *r)
{
    static char text[4000];
    struct buf to;
    buf_init(&to, sizeof(text) - 1);
    results_write(r, &to);
    assert_false(buf_failed(&to));
    memcpy(text, buf_text(&to), to.len + 1);
    buf_free(&to);
    return text;
}

static void add(struct results *r, size_t index, const char *id, enum result_kind kind, int64_t revision)
{
    results_add(r, index, id, strlen(id), kind, revision);
}

static void results_are_written_in_the_order_of_the_push(void **state)
{
    (void)state;
    struct results r;
    results_init(&r, 10);
    assert_string_equal(written(&r), "[]");
    add(&r, 5, "f\"\\\n", RESULT_STALE, 9);
    add(&r, 0, "政府", RESULT_CREATED, 1);
    add(&r, 4, "", RESULT_REJECTED, 0);
    add(&r, 1, "b", RESULT_UPDATED, INT64_MAX);
    add(&r, 3, "d", RESULT_UNCHANGED, 7);
    add(&r, 2, "c", RESULT_SUPERSEDED, 0);
    assert_string_equal(written(&r),
                        "[{\"index\":0,\"id\":\"政府\",\"result\":\"created\",\"revision\":1},"
                        "{\"index\":1,\"id\":\"b\",\"result\":\"updated\",\"revision\":9223372036854775807},"
                        "{\"index\":2,\"id\":\"c\",\"result\":\"superseded\"},"
                        "{\"index\":3,\"id\":\"d\",\"result\":\"unchanged\",\"revision\":7},"
                        "{\"index\":4,\"id\":null,\"result\":\"rejected\"},"
                        "{\"index\":5,\"id\":\"f\\\"\\\\\\n\",\"result\":\"stale\",\"revision\":9}]");
    results_free(&r);
}

static void thousands_come_in_any_order_and_go_out_in_theirs(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    struct results r;
    struct buf to, want;
    results_init(&r, MANY);
    buf_init(&to, 1 << 20);
    buf_init(&want, 1 << 20);
    for (size_t i = 0; i < MANY; i++) {
        char id[24];
        size_t index = i * 2003 % MANY; /* 2003 is a prime that does not divide it: each comes once */
        (void)snprintf(id, sizeof(id), "id-%zu", index);
        add(&r, index, id, RESULT_CREATED, 1);
        buf_printf(&want, "%s{\"index\":%zu,\"id\":\"id-%zu\",\"result\":\"created\",\"revision\":1}", i == 0 ? "[" : ",", i, i);
    }
    buf_add_char(&want, ']');
    results_write(&r, &to);
    assert_string_equal(buf_text(&to), buf_text(&want));
    results_free(&r);
    buf_free(&to);
    buf_free(&want);
}

static void what_was_stored_is_superseded_by_a_later_record_with_its_id(void **state)
{
    (void)state;
    struct results r;
    results_init(&r, 10);
    add(&r, 0, "a", RESULT_CREATED, 1);
    add(&r, 1, "ab", RESULT_CREATED, 1);
    add(&r, 2, "b", RESULT_UPDATED, 3);
    add(&r, 3, "c", RESULT_STALE, 5);
    add(&r, 4, "c", RESULT_REJECTED, 0);
    results_supersede(&r, "a", 1);
    results_supersede(&r, "b", 1);
    results_supersede(&r, "c", 1);
    results_supersede(&r, "nobody", 6);
    results_supersede(&r, "", 0);
    add(&r, 5, "a", RESULT_UPDATED, 1);
    assert_string_equal(written(&r), "[{\"index\":0,\"id\":\"a\",\"result\":\"superseded\"},"
                                     "{\"index\":1,\"id\":\"ab\",\"result\":\"created\",\"revision\":1},"
                                     "{\"index\":2,\"id\":\"b\",\"result\":\"superseded\"},"
                                     "{\"index\":3,\"id\":\"c\",\"result\":\"stale\",\"revision\":5},"
                                     "{\"index\":4,\"id\":\"c\",\"result\":\"rejected\"},"
                                     "{\"index\":5,\"id\":\"a\",\"result\":\"updated\",\"revision\":1}]");
    results_free(&r);
}

static void one_over_the_limit_is_told_of_none(void **state)
{
    (void)state;
    for (size_t max = 1; max < 200; max += 63) {
        struct results r;
        results_init(&r, max);
        for (size_t i = 0; i < max; i++)
            add(&r, i, "x", RESULT_CREATED, 1);
        assert_true(results_wanted(&r));
        assert_false(r.over);
        assert_int_equal(r.count, max);
        add(&r, max, "x", RESULT_CREATED, 1);
        assert_true(r.over);
        assert_false(results_wanted(&r));
        assert_string_equal(written(&r), "[]");
        results_supersede(&r, "x", 1);
        results_rewind(&r, 0);
        add(&r, 0, "x", RESULT_CREATED, 1);
        assert_int_equal(r.count, 0);
        results_free(&r);
    }
}

static void where_nobody_asks_nothing_is_kept(void **state)
{
    (void)state;
    struct results r;
    results_init(&r, 0);
    assert_false(results_wanted(&r));
    add(&r, 0, "x", RESULT_CREATED, 1);
    assert_int_equal(r.count, 0);
    assert_false(r.over);
    assert_null(r.items);
    results_free(&r);
}

static void rewinding_forgets_what_came_after(void **state)
{
    (void)state;
    struct results r;
    results_init(&r, 100);
    add(&r, 1, "bad", RESULT_REJECTED, 0);
    for (int try = 0; try < 5; try++) {
        results_rewind(&r, 1);
        add(&r, 0, "a", RESULT_CREATED, 1);
        add(&r, 2, "c", try == 4 ? RESULT_CREATED : RESULT_UPDATED, 1);
    }
    results_rewind(&r, 50);
    assert_int_equal(r.count, 3);
    assert_string_equal(written(&r), "[{\"index\":0,\"id\":\"a\",\"result\":\"created\",\"revision\":1},"
                                     "{\"index\":1,\"id\":\"bad\",\"result\":\"rejected\"},"
                                     "{\"index\":2,\"id\":\"c\",\"result\":\"created\",\"revision\":1}]");
    results_free(&r);
}

/* The reply is made before the last commit; where that fails, the transaction begins again. */
static void rewinding_forgets_the_same_ones_after_they_were_written(void **state)
{
    (void)state;
    struct results r;
    results_init(&r, 100);
    add(&r, 1, "bad", RESULT_REJECTED, 0);
    add(&r, 3, "bad too", RESULT_REJECTED, 0);
    for (int try = 0; try < 3; try++) {
        results_rewind(&r, 2);
        add(&r, 0, "a", RESULT_CREATED, 1);
        add(&r, 2, "c", RESULT_CREATED, 1);
        assert_string_equal(written(&r), "[{\"index\":0,\"id\":\"a\",\"result\":\"created\",\"revision\":1},"
                                         "{\"index\":1,\"id\":\"bad\",\"result\":\"rejected\"},"
                                         "{\"index\":2,\"id\":\"c\",\"result\":\"created\",\"revision\":1},"
                                         "{\"index\":3,\"id\":\"bad too\",\"result\":\"rejected\"}]");
    }
    results_free(&r);
}

/* However often a transaction begins again: memory is that of one push. */
static void rewinding_gives_the_room_of_the_ids_back(void **state)
{
    (void)state;
    char id[512];
    struct results r;
    memset(id, 'x', sizeof(id));
    results_init(&r, 100);
    for (int try = 0; try < 50; try++) {
        results_rewind(&r, 0);
        for (size_t i = 0; i < 100; i++)
            results_add(&r, i, id, sizeof(id), RESULT_CREATED, 1);
    }
    assert_int_equal(r.count, 100);
    assert_true(r.ids.len <= 100 * sizeof(id));
    results_free(&r);
}

/* 64 MiB of ids are kept; a result whose id is not must not be told with what stands behind them. */
static void ids_that_find_no_room_are_not_told(void **state)
{
    (void)state;
    enum { MANY = 140000 };
    char id[512];
    struct results r;
    memset(id, 'x', sizeof(id));
    results_init(&r, MANY);
    for (size_t i = 0; i < MANY; i++)
        results_add(&r, i, id, sizeof(id), RESULT_CREATED, 1);
    bool whole = true;
    for (size_t i = 0; i < r.count; i++)
        whole = whole && r.items[i].id + r.items[i].id_len <= r.ids.len;
    bool told = r.over;
    results_free(&r);
    assert_true(whole);
    assert_true(told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_written_in_the_order_of_the_push),
        cmocka_unit_test(thousands_come_in_any_order_and_go_out_in_theirs),
        cmocka_unit_test(what_was_stored_is_superseded_by_a_later_record_with_its_id),
        cmocka_unit_test(one_over_the_limit_is_told_of_none),
        cmocka_unit_test(where_nobody_asks_nothing_is_kept),
        cmocka_unit_test(rewinding_forgets_what_came_after),
        cmocka_unit_test(rewinding_forgets_the_same_ones_after_they_were_written),
        cmocka_unit_test(rewinding_gives_the_room_of_the_ids_back),
        cmocka_unit_test(ids_that_find_no_room_are_not_told),
    };
    return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}
