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
#include "seen.h"

#define MANY 100000

static size_t id_of(size_t number, char id[32])
{
    return (size_t)snprintf(id, 32, number % 2 == 0 ? "%zu" : "政策-%zu-2024", number);
}

static void no_id_that_was_added_is_missed(void **state)
{
    (void)state;
    struct seen s = {0};
    char id[32];
    for (size_t i = 0; i < MANY; i++) {
        size_t len = id_of(i, id);
        assert_true(seen_add(&s, id, len));
        assert_true(seen_maybe(&s, id, len));
    }
    for (size_t i = 0; i < MANY; i++)
        assert_true(seen_maybe(&s, id, id_of(i, id)));
    seen_clear(&s);
}

static void few_ids_are_taken_for_one_that_was_added(void **state)
{
    (void)state;
    struct seen s = {0};
    char id[32];
    size_t alarms = 0;
    for (size_t i = 0; i < MANY; i++)
        assert_true(seen_add(&s, id, id_of(i, id)));
    for (size_t i = MANY; i < 4 * MANY; i++)
        alarms += seen_maybe(&s, id, id_of(i, id)) ? 1 : 0;
    seen_clear(&s);
    assert_in_range(alarms, 0, 10); /* 0.006 are to be expected */
}

static void an_id_is_all_of_its_bytes(void **state)
{
    (void)state;
    struct seen s = {0};
    assert_true(seen_add(&s, "abc", 3));
    assert_false(seen_maybe(&s, "ab", 2));
    assert_false(seen_maybe(&s, "abcd", 4));
    assert_false(seen_maybe(&s, "", 0));
    assert_false(seen_maybe(&s, "abc\0", 4));
    assert_true(seen_add(&s, "", 0));
    assert_true(seen_maybe(&s, "x", 0));
    seen_clear(&s);
}

static void nothing_was_seen_before_the_first_and_after_clearing(void **state)
{
    (void)state;
    struct seen s = {0};
    assert_false(seen_maybe(&s, "abc", 3));
    for (int round = 0; round < 3; round++) {
        assert_true(seen_add(&s, "abc", 3));
        assert_true(seen_maybe(&s, "abc", 3));
        seen_clear(&s);
        assert_null(s.bits);
        assert_false(seen_maybe(&s, "abc", 3));
    }
    seen_clear(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_id_that_was_added_is_missed),
        cmocka_unit_test(few_ids_are_taken_for_one_that_was_added),
        cmocka_unit_test(an_id_is_all_of_its_bytes),
        cmocka_unit_test(nothing_was_seen_before_the_first_and_after_clearing),
    };
    return cmocka_run_group_tests_name("seen", tests, NULL, NULL);
}
