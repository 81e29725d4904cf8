/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "helper.h"

static const struct {
    int64_t seconds;
    const char *text, *compact;
} instants[] = {
    {0, "1970-01-01T08:00:00+08:00", "19700101080000"},
    {-1, "1970-01-01T07:59:59+08:00", "19700101075959"},
    {-28801, "1969-12-31T23:59:59+08:00", "19691231235959"},
    {1728459000, "2024-10-09T15:30:00+08:00", "20241009153000"},
    {951753600, "2000-02-29T00:00:00+08:00", "20000229000000"},
    {951839999, "2000-02-29T23:59:59+08:00", "20000229235959"},
    {4107513600, "2100-03-01T00:00:00+08:00", "21000301000000"},
    {253402271999, "9999-12-31T23:59:59+08:00", "99991231235959"},
};

/* China's clocks were an hour ahead in the summers of 1986 to 1991; +08:00 is +08:00 all the same. */
static void times_are_china_standard_time_whatever_the_zone_of_the_process(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Asia/Shanghai", "America/New_York", "Nowhere/Nothing"};
    char text[CLOCK_TEXT_SIZE], compact[15];
    for (size_t z = 0; z < COUNT(zones); z++) {
        assert_int_equal(setenv("TZ", zones[z], 1), 0);
        tzset();
        for (size_t i = 0; i < COUNT(instants); i++) {
            clock_format(text, instants[i].seconds);
            assert_string_equal(text, instants[i].text);
            clock_format_compact(compact, instants[i].seconds);
            assert_string_equal(compact, instants[i].compact);
        }
        clock_format(text, 551980800);
        assert_string_equal(text, "1987-06-30T00:00:00+08:00");
    }
}

static void civil_dates_and_day_numbers_are_inverse(void **state)
{
    (void)state;
    int64_t year = 1, last = -719163; /* 0001-01-01 */
    int month, day;
    for (int64_t n = last; n < 2932897; n++) {
        clock_civil(n, &year, &month, &day);
        if (clock_day(year, month, day) != n || month < 1 || month > 12 || day < 1 || day > 31)
            fail_msg("day %lld", (long long)n);
    }
    assert_int_equal(year, 9999);
    assert_int_equal(clock_day(1, 1, 1), -719162);
    assert_int_equal(clock_day(1970, 1, 1), 0);
}

static void days_agree_with_the_c_library(void **state)
{
    (void)state;
    uint32_t seed = 20241009;
    for (int i = 0; i < 20000; i++) {
        time_t t = (time_t)next_random(&seed) * 20;
        int64_t year;
        int month, day;
        struct tm tm;
        assert_non_null(gmtime_r(&t, &tm));
        clock_civil(t / 86400, &year, &month, &day);
        assert_int_equal(year, tm.tm_year + 1900);
        assert_int_equal(month, tm.tm_mon + 1);
        assert_int_equal(day, tm.tm_mday);
    }
}

static void leap_years_follow_the_gregorian_rule(void **state)
{
    (void)state;
    static const struct {
        int year, days;
    } rows[] = {{1900, 365}, {1904, 366}, {2000, 366}, {2023, 365}, {2024, 366}, {2100, 365}, {1, 365}, {4, 366}};
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(clock_day(rows[i].year + 1, 1, 1) - clock_day(rows[i].year, 1, 1), rows[i].days);
}

static void the_three_clocks_go_forward_and_agree(void **state)
{
    (void)state;
    int64_t before = time(NULL) - 1;
    int64_t now = clock_now();
    int64_t millis = clock_now_millis();
    assert_in_range(now, (uint64_t)before, (uint64_t)time(NULL) + 1);
    assert_true(millis / 1000 >= now && millis / 1000 <= now + 1);
    int64_t micros = clock_micros();
    assert_true(clock_micros() >= micros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_china_standard_time_whatever_the_zone_of_the_process),
        cmocka_unit_test(civil_dates_and_day_numbers_are_inverse),
        cmocka_unit_test(days_agree_with_the_c_library),
        cmocka_unit_test(leap_years_follow_the_gregorian_rule),
        cmocka_unit_test(the_three_clocks_go_forward_and_agree),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
