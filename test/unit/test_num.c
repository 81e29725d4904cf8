/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "helper.h"
#include "num.h"

static void only_whole_decimal_integers_are_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int64_t value;
    } rows[] = {
        {"0", true, 0}, {"7", true, 7}, {"-7", true, -7}, {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN}, {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0}, {"99999999999999999999999", false, 0}, {"", false, 0}, {"-", false, 0},
        {"+1", false, 0}, {" 1", false, 0}, {"1 ", false, 0}, {"1.0", false, 0}, {"1e3", false, 0}, {"0x10", false, 0},
        {"--1", false, 0}, {"1-", false, 0}, {"１", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t value = 42;
        bool good = num_parse(rows[i].text, strlen(rows[i].text), INT64_MIN, INT64_MAX, &value);
        EXPECT_ROW(rows[i].text, good == rows[i].good);
        EXPECT_ROW(rows[i].text, value == (good ? rows[i].value : 42));
    }
    int64_t value;
    assert_false(num_parse("1\0", 2, 0, 9, &value));
}

static void both_ends_of_a_range_are_in_it(void **state)
{
    (void)state;
    int64_t value;
    assert_true(num_parse("1", 1, 1, 3, &value));
    assert_true(num_parse("3", 1, 1, 3, &value));
    assert_false(num_parse("0", 1, 1, 3, &value));
    assert_false(num_parse("4", 1, 1, 3, &value));
    assert_false(num_parse("-1", 2, 0, 3, &value));
}

static void digits_are_exactly_as_many_as_asked_for(void **state)
{
    (void)state;
    int value = -1;
    assert_true(num_digits("0042x", 4, &value));
    assert_int_equal(value, 42);
    assert_false(num_digits("004x", 4, &value));
    assert_false(num_digits("-042", 4, &value));
    assert_false(num_digits(" 042", 4, &value));
}

static void a_plain_decimal_has_no_exponent_and_no_leading_zero(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"0", true}, {"-0", true}, {"0.0", true}, {"12.50", true}, {"-0.001", true}, {"12345678", true},
        {"1234567.8", true}, {"0.1234567", true}, {"123456789", false}, {"0.12345678", false}, {"12345678.9", false},
        {"", false}, {"-", false}, {".5", false}, {"5.", false}, {"00", false}, {"01", false}, {"-01.5", false},
        {"1e3", false}, {"1E3", false}, {"+1", false}, {"1,5", false}, {" 1", false}, {"1 ", false}, {"1.2.3", false},
        {"NaN", false}, {"Infinity", false}, {"0x1", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        EXPECT_ROW(rows[i].text, num_is_decimal(rows[i].text, strlen(rows[i].text), 8) == rows[i].good);
}

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static void decimals_are_compared_by_value_beyond_what_a_double_holds(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int order;
    } rows[] = {
        {"1", "1", 0}, {"1", "2", -1}, {"10", "9", 1}, {"-1", "1", -1}, {"-2", "-1", -1}, {"-10", "-9", -1},
        {"0", "-0", 0}, {"0.0", "-0.00", 0}, {"1.50", "1.5", 0}, {"1.05", "1.5", -1}, {"1.5", "1.49", 1},
        {"0.1", "0", 1}, {"-0.1", "0", -1}, {"-0.1", "-0.2", 1}, {"1", "1.0000001", -1}, {"007", "7", 0},
        {"9007199254740993", "9007199254740992", 1}, {"9223372036854775807", "9223372036854775808", -1},
        {"0.30000000000000000000000000001", "0.3", 1},
        {"-12345678901234567890123456789012345678901234567890", "-12345678901234567890123456789012345678901234567891", 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *a = rows[i].a;
        const char *b = rows[i].b;
        EXPECT_ROW(a, sign(num_compare(a, strlen(a), b, strlen(b))) == rows[i].order);
        EXPECT_ROW(a, sign(num_compare(b, strlen(b), a, strlen(a))) == -rows[i].order);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_whole_decimal_integers_are_numbers),
        cmocka_unit_test(both_ends_of_a_range_are_in_it),
        cmocka_unit_test(digits_are_exactly_as_many_as_asked_for),
        cmocka_unit_test(a_plain_decimal_has_no_exponent_and_no_leading_zero),
        cmocka_unit_test(decimals_are_compared_by_value_beyond_what_a_double_holds),
    };
    return cmocka_run_group_tests_name("num", tests, NULL, NULL);
}
