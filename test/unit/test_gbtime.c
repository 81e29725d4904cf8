/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gbtime.h"
#include "helper.h"

static void a_date_is_a_day_that_exists(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } rows[] = {
        {"2024-10-09", true}, {"0001-01-01", true}, {"9999-12-31", true}, {"2024-02-29", true}, {"2000-02-29", true},
        {"1900-02-29", false}, {"2100-02-29", false}, {"2023-02-29", false}, {"2024-02-30", false}, {"2024-04-31", false},
        {"2024-06-31", false}, {"2024-09-31", false}, {"2024-11-31", false}, {"2024-12-32", false}, {"2024-00-10", false},
        {"2024-13-01", false}, {"2024-01-00", false}, {"0000-01-01", false}, {"0000-02-29", false}, {"2024-1-9", false},
        {"24-10-09", false}, {"20241009", false}, {"2024/10/09", false}, {"2024-10", false}, {"2024", false},
        {"2024-W41-3", false}, {"2024-283", false}, {"+2024-10-09", false}, {"-2024-10-09", false}, {"02024-10-09", false},
        {" 2024-10-09", false}, {"2024-10-09 ", false}, {"2024-10-09T", false}, {"2024-10-09Z", false}, {"", false},
        {"２０２４-10-09", false}, {"2024年10月9日", false}, {"2024-10-0９", false}, {"2024–10–09", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct gbtime t;
        EXPECT_ROW(rows[i].text, gbtime_date(rows[i].text, strlen(rows[i].text), &t) == rows[i].good);
    }
}

/* What tells the strict form of ISO 8601-1:2019 from its neighbours. */
static const struct {
    const char *text;
    const char *sql; /* at +08:00; NULL: refused */
} datetimes[] = {
    {"2024-10-09T15:30:00+08:00", "2024-10-09 15:30:00"}, {"2024-10-09T15:30:00Z", "2024-10-09 23:30:00"},
    {"2024-10-09T15:30:00+08", "2024-10-09 15:30:00"}, {"2024-10-09T15:30:00-05:00", "2024-10-10 04:30:00"},
    {"2024-10-09T15:30:00.5+08:00", "2024-10-09 15:30:00"}, {"2024-10-09T15:30:00,5+08:00", "2024-10-09 15:30:00"},
    {"2024-10-09T15:30:00.123456789Z", "2024-10-09 23:30:00"}, {"2024-10-09T00:00:00+00:00", "2024-10-09 08:00:00"},
    {"2024-10-09T23:59:59+05:45", "2024-10-10 02:14:59"}, {"2024-02-29T16:00:00Z", "2024-03-01 00:00:00"},
    {"2023-12-31T16:00:00Z", "2024-01-01 00:00:00"}, {"2024-03-01T00:00:00+14:00", "2024-02-29 18:00:00"},
    {"2024-01-01T00:00:00+08:01", "2023-12-31 23:59:00"}, {"2024-01-01T00:00:00+23:59", "2023-12-31 08:01:00"},
    {"2024-01-01T23:59:00-23:59", "2024-01-03 07:58:00"}, {"1900-03-01T00:00:00+09:00", "1900-02-28 23:00:00"},
    {"2000-03-01T00:00:00+09:00", "2000-02-29 23:00:00"},
    {"2016-12-31T23:59:60Z", "2017-01-01 07:59:59"}, {"2017-01-01T07:59:60+08:00", "2017-01-01 07:59:59"},
    {"2016-12-31T18:59:60-05:00", "2017-01-01 07:59:59"}, {"2016-12-31T23:59:60.5Z", "2017-01-01 07:59:59"},
    {"2016-12-31T23:59:60+08:00", NULL}, {"2016-12-31T12:00:60Z", NULL}, {"2016-12-31T23:58:60Z", NULL},
    {"2016-12-31T23:59:61Z", NULL}, {"2024-10-09T15:30:00", NULL}, {"2024-10-09 15:30:00+08:00", NULL},
    {"2024-10-09t15:30:00+08:00", NULL}, {"2024-10-09T15:30:00z", NULL}, {"2024-10-09T15:30:00-00:00", NULL},
    {"2024-10-09T15:30:00-00", NULL}, {"2024-10-09T24:00:00+08:00", NULL}, {"2024-10-09T24:00:00Z", NULL},
    {"2024-10-09T25:00:00Z", NULL}, {"2024-10-09T15:60:00Z", NULL}, {"2024-10-09T15:30Z", NULL},
    {"2024-10-09T15:30+08:00", NULL}, {"2024-10-09T15Z", NULL}, {"2024-10-09T153000+0800", NULL},
    {"20241009T153000Z", NULL}, {"2024-10-09T15:30:00+0800", NULL}, {"2024-10-09T15:30:00+8:00", NULL},
    {"2024-10-09T15:30:00+24:00", NULL}, {"2024-10-09T15:30:00+08:60", NULL}, {"2024-10-09T15:30:00+08:0", NULL},
    {"2024-10-09T15:30:00+08:", NULL}, {"2024-10-09T15:30:00.+08:00", NULL}, {"2024-10-09T15:30:00,Z", NULL},
    {"2024-10-09T15:30.5Z", NULL}, {"2024-10-09T15:30:00.5.5Z", NULL}, {"2024-10-09T15:30:00 +08:00", NULL},
    {"2024-10-09T15:30:00+08:00 ", NULL}, {" 2024-10-09T15:30:00Z", NULL}, {"2024-10-09T15:30:00ZZ", NULL},
    {"2024-10-09T15:30:00Z+08:00", NULL}, {"2024-10-09T15:30:00[Asia/Shanghai]", NULL}, {"2024-10-09", NULL},
    {"2024-02-30T15:30:00Z", NULL}, {"0000-01-01T00:00:00Z", NULL}, {"1900-02-29T00:00:00Z", NULL},
    {"2024-W41-3T15:30:00Z", NULL}, {"2024-283T15:30:00Z", NULL}, {"T15:30:00Z", NULL}, {"", NULL},
    {"2024-10-09T", NULL}, {"2024-10-09T15:30:00+", NULL}, {"2024-10-09T-1:30:00Z", NULL}, {"2024-10-09T15:30:00−05:00", NULL},
};

static void check_datetimes(void)
{
    for (size_t i = 0; i < COUNT(datetimes); i++) {
        struct gbtime t;
        char sql[GBTIME_SQL_SIZE];
        const char *text = datetimes[i].text;
        EXPECT_ROW(text, gbtime_datetime(text, strlen(text), &t) == (datetimes[i].sql != NULL));
        EXPECT_ROW(text, datetimes[i].sql == NULL || (gbtime_sql(sql, &t) && strcmp(sql, datetimes[i].sql) == 0));
    }
}

static void a_datetime_is_complete_with_seconds_and_shift_in_any_zone_of_the_process(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Asia/Shanghai", "America/New_York"};
    for (size_t z = 0; z < COUNT(zones); z++) {
        assert_int_equal(setenv("TZ", zones[z], 1), 0);
        tzset();
        check_datetimes();
    }
}

static void every_proper_prefix_of_a_datetime_is_refused(void **state)
{
    (void)state;
    static const char text[] = "2024-10-09T15:30:00.25+08:30";
    struct gbtime t;
    for (size_t len = 0; len < strlen(text); len++) {
        char *exact = malloc(len + 1);
        assert_non_null(exact);
        memcpy(exact, text, len);
        bool shift_in_hours = len == strlen("2024-10-09T15:30:00.25+08");
        assert_int_equal(gbtime_datetime(exact, len, &t), shift_in_hours);
        free(exact);
    }
    assert_false(gbtime_datetime("2024-10-09T15:30:00Z\0", 21, &t));
}

static void what_sql_cannot_hold_is_not_written(void **state)
{
    (void)state;
    static const char *const outside[] = {"0001-01-01T00:00:00+08:01", "9999-12-31T16:00:00Z", "9999-12-31T23:59:59-23:59"};
    static const char *const inside[] = {"0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59+08:00", "9999-12-31T15:59:59Z"};
    struct gbtime t;
    char sql[GBTIME_SQL_SIZE];
    for (size_t i = 0; i < COUNT(outside); i++) {
        assert_true(gbtime_datetime(outside[i], strlen(outside[i]), &t));
        EXPECT_ROW(outside[i], !gbtime_sql(sql, &t));
        assert_true(gbtime_datetime(inside[i], strlen(inside[i]), &t));
        EXPECT_ROW(inside[i], gbtime_sql(sql, &t));
    }
    assert_true(gbtime_date("2024-10-09", 10, &t) && gbtime_sql(sql, &t));
    assert_string_equal(sql, "2024-10-09 00:00:00");
}

static const struct {
    const char *text;
    const char *strict; /* NULL: refused */
} lenient[] = {
    {"2024/10/09", "2024-10-09T00:00:00+08:00"}, {"2024-10-09", "2024-10-09T00:00:00+08:00"},
    {"2024-10-09 15:30", "2024-10-09T15:30:00+08:00"}, {"2024-10-09 15:30:45", "2024-10-09T15:30:45+08:00"},
    {"2024/10/09 15:30", "2024-10-09T15:30:00+08:00"}, {"2024/10/09 15:30:45", "2024-10-09T15:30:45+08:00"},
    {"2024-10-09T15:30:00Z", "2024-10-09T15:30:00+00:00"}, {"2024-10-09T15:30:00-05:30", "2024-10-09T15:30:00-05:30"},
    {"1728459000000", "2024-10-09T15:30:00+08:00"}, {"1728459000999", "2024-10-09T15:30:00+08:00"},
    {"0", NULL}, {"-1", NULL}, {"1728459000", NULL}, {"20241009", NULL}, {"2024", NULL}, {"99999999999", NULL},
    {"100000000000", "1973-03-03T17:46:40+08:00"}, {"951753600000", "2000-02-29T00:00:00+08:00"},
    {"253402271999999", "9999-12-31T23:59:59+08:00"}, {"253402272000000", NULL},
    {"-62135625600000", "0001-01-01T00:00:00+08:00"}, {"-62135625600001", NULL},
    {"9223372036854775807", NULL}, {"99999999999999999999", NULL}, {"1728459000000.5", NULL}, {"1.7e12", NULL},
    {"2024-10-09 24:00", NULL}, {"2024-10-09 15:60", NULL}, {"2024-10-09 15:30:60", NULL}, {"2024-10-09 15", NULL},
    {"2024-10-09 15:30:", NULL}, {"2024-10-09 15:3", NULL}, {"2024-10-09  15:30", NULL}, {"2024-10-09 ", NULL},
    {"2024/10-09", NULL}, {"2024-10/09", NULL}, {"2024/2/9", NULL}, {"2024/02/30", NULL}, {"1900/02/29", NULL},
    {"0000/01/01", NULL}, {"2024/10/09T15:30:00Z", NULL}, {"2024-10-09t15:30:00z", NULL}, {"2024.10.09", NULL},
    {"09/10/2024", NULL}, {"2024年10月9日", NULL}, {"", NULL}, {"-", NULL}, {"2024-10-09T15:30:00", NULL},
    {"2024-10-09 15:30:00.000", NULL}, {"2024-10-09 15:30 PM", NULL},
};

static void the_lenient_forms_are_those_that_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(lenient); i++) {
        struct gbtime t;
        char strict[GBTIME_TEXT_SIZE];
        const char *text = lenient[i].text;
        EXPECT_ROW(text, gbtime_lenient(text, strlen(text), &t) == (lenient[i].strict != NULL));
        if (lenient[i].strict == NULL)
            continue;
        gbtime_format(strict, &t, true);
        EXPECT_ROW(text, strcmp(strict, lenient[i].strict) == 0);
        EXPECT_ROW(text, gbtime_datetime(strict, strlen(strict), &t));
        char sql[GBTIME_SQL_SIZE];
        assert_true(gbtime_sql(sql, &t));
        gbtime_format(strict, &t, false);
        EXPECT_ROW(text, strncmp(strict, sql, 10) == 0 && gbtime_date(strict, 10, &t));
    }
}

static void a_duration_has_its_parts_in_order_and_a_fraction_only_in_the_last(void **state)
{
    (void)state;
    static const char *const good[] = {"P1Y", "P2M", "P3D", "P4W", "PT1H", "PT2M", "PT3S", "P1Y2M3DT4H5M6S", "P1YT1S", "P0D",
                                       "PT1.5H", "PT1,5S", "P1DT0.5S", "P1.5D", "P1.5W", "P0001Y", "P1Y3D", "PT1H3S"};
    static const char *const bad[] = {"", "P", "PT", "P1", "1Y", "p1y", "P1y", "P1S", "P1H", "PT1D", "PT1Y", "P1M1Y", "P1D1M",
                                      "PT1S1M", "P1Y1Y", "P1DT", "P1Y2W", "P2WT1H", "P1W1D", "P1.5DT1H", "P1.5Y2M", "P-1D", "-P1D",
                                      "+P1D", "P+1D", "P1.D", "P.5D", "P 1D", "P1D ", "PTT1H", "PT1HT1M", "P1DT1HT", "PW", "PT1W",
                                      "P1,5.5D", "P１D", "PT5", "P1YM", "P0001-02-03T04:05:06", "P1D\n"};
    for (size_t i = 0; i < COUNT(good); i++)
        EXPECT_ROW(good[i], gbtime_is_duration(good[i], strlen(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++)
        EXPECT_ROW(bad[i], !gbtime_is_duration(bad[i], strlen(bad[i])));
    assert_false(gbtime_is_duration("P1D\0", 4));
    assert_false(gbtime_is_duration("P1\0D", 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_is_a_day_that_exists),
        cmocka_unit_test(a_datetime_is_complete_with_seconds_and_shift_in_any_zone_of_the_process),
        cmocka_unit_test(every_proper_prefix_of_a_datetime_is_refused),
        cmocka_unit_test(what_sql_cannot_hold_is_not_written),
        cmocka_unit_test(the_lenient_forms_are_those_that_are_named),
        cmocka_unit_test(a_duration_has_its_parts_in_order_and_a_fraction_only_in_the_last),
    };
    return cmocka_run_group_tests_name("gbtime", tests, NULL, NULL);
}
