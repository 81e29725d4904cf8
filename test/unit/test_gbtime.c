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

/* What the representations of the standard come to, where a field allows them. */
#define ALL ((1u << GBTIME_FORM_N) - 1)
#define USUAL GBTIME_DEFAULT_FORMS
#define ASSUMED (1u << GBTIME_FORM_N) /* a missing shift is +08:00 */

/* A kind's letter: d date, t time, m moment (date-time), p duration, i interval, r recurrence. */
static const struct {
    char kind;
    unsigned forms;
    const char *text, *canonical;
} taken[] = {
    {'d', USUAL, "2024-10-09", "2024-10-09"}, {'d', ALL, "20241009", "2024-10-09"}, {'d', ALL, "2024-02-29", "2024-02-29"},
    {'d', ALL, "20240229", "2024-02-29"}, {'d', ALL, "20000229", "2000-02-29"}, {'d', ALL, "00010101", "0001-01-01"},
    {'d', ALL, "99991231", "9999-12-31"}, {'d', ALL, "2024-283", "2024-10-09"}, {'d', ALL, "2024283", "2024-10-09"},
    {'d', ALL, "2024-001", "2024-01-01"}, {'d', ALL, "2024-060", "2024-02-29"}, {'d', ALL, "2023-060", "2023-03-01"},
    {'d', ALL, "2024-366", "2024-12-31"}, {'d', ALL, "2023-365", "2023-12-31"}, {'d', ALL, "2000366", "2000-12-31"},
    {'d', ALL, "1900365", "1900-12-31"}, {'d', ALL, "0001-001", "0001-01-01"}, {'d', ALL, "9999-365", "9999-12-31"},
    {'d', ALL, "2024-W41-3", "2024-10-09"}, {'d', ALL, "2024W413", "2024-10-09"}, {'d', ALL, "2024-W01-1", "2024-01-01"},
    {'d', ALL, "2025-W01-1", "2024-12-30"}, {'d', ALL, "2020-W53-5", "2021-01-01"}, {'d', ALL, "2009-W53-7", "2010-01-03"},
    {'d', ALL, "2026-W53-4", "2026-12-31"}, {'d', ALL, "2015W537", "2016-01-03"}, {'d', ALL, "2024-W52-7", "2024-12-29"},
    {'d', ALL, "0001-W01-1", "0001-01-01"}, {'d', ALL, "9999-W52-5", "9999-12-31"}, {'d', ALL, "2024-10", "2024-10"},
    {'d', ALL, "2024-12", "2024-12"}, {'d', ALL, "2024", "2024"}, {'d', ALL, "0001", "0001"}, {'d', ALL, "9999", "9999"},
    {'d', ALL, "2024-W41", "2024-W41"}, {'d', ALL, "2024W41", "2024-W41"}, {'d', ALL, "2025-W01", "2025-W01"},
    {'d', ALL, "2020-W53", "2020-W53"}, {'d', GBTIME_MONTH, "2024-10", "2024-10"}, {'d', GBTIME_YEAR, "2024", "2024"},
    {'d', GBTIME_ORDINAL, "2024-283", "2024-10-09"}, {'d', GBTIME_WEEK, "2024-W41-3", "2024-10-09"},

    {'t', USUAL, "15:30:00", "15:30:00"}, {'t', USUAL, "T15:30:00", "15:30:00"}, {'t', USUAL, "00:00:00", "00:00:00"},
    {'t', USUAL, "23:59:59", "23:59:59"}, {'t', USUAL, "15:30:00Z", "15:30:00Z"}, {'t', USUAL, "15:30:00+08:00", "15:30:00+08:00"},
    {'t', USUAL, "15:30:00+08", "15:30:00+08:00"}, {'t', USUAL, "15:30:00-05:30", "15:30:00-05:30"},
    {'t', USUAL, "15:30:00.5", "15:30:00.5"}, {'t', USUAL, "15:30:00,5", "15:30:00.5"}, {'t', USUAL, "15:30:00.050", "15:30:00.050"},
    {'t', USUAL, "15:30:00.123456789+08:00", "15:30:00.123456789+08:00"}, {'t', ALL, "153000", "15:30:00"},
    {'t', ALL, "T153000", "15:30:00"}, {'t', ALL, "153000,25+0800", "15:30:00.25+08:00"}, {'t', ALL, "1530", "15:30"},
    {'t', ALL, "15:30", "15:30"}, {'t', ALL, "T1530Z", "15:30Z"}, {'t', ALL, "15", "15"}, {'t', ALL, "T15", "15"},
    {'t', ALL, "15Z", "15Z"}, {'t', ALL, "15+08:00", "15+08:00"}, {'t', ALL, "15+0800", "15+08:00"}, {'t', ALL, "15:30,5", "15:30.5"},
    {'t', ALL, "15.5", "15.5"}, {'t', USUAL | ASSUMED, "15:30:00", "15:30:00+08:00"}, {'t', USUAL | ASSUMED, "15:30:00Z", "15:30:00Z"},
    {'t', USUAL, "23:59:60Z", "23:59:60Z"}, {'t', USUAL, "07:59:60+08:00", "07:59:60+08:00"},
    {'t', USUAL | ASSUMED, "07:59:60", "07:59:60+08:00"}, {'t', USUAL, "15:30:00+23:59", "15:30:00+23:59"},

    {'m', USUAL, "2024-10-09T15:30:00+08:00", "2024-10-09T15:30:00+08:00"}, {'m', USUAL, "2024-10-09T15:30:00Z", "2024-10-09T15:30:00Z"},
    {'m', USUAL, "2024-10-09T15:30:00+00:00", "2024-10-09T15:30:00+00:00"}, {'m', USUAL, "2024-10-09T15:30:00+00", "2024-10-09T15:30:00+00:00"},
    {'m', USUAL, "2024-10-09T15:30:00,25+08", "2024-10-09T15:30:00.25+08:00"}, {'m', ALL, "20241009T153000+0800", "2024-10-09T15:30:00+08:00"},
    {'m', ALL, "20241009T153000Z", "2024-10-09T15:30:00Z"}, {'m', ALL, "20241009T153000.5-0330", "2024-10-09T15:30:00.5-03:30"},
    {'m', ALL, "20241009T153000+08", "2024-10-09T15:30:00+08:00"}, {'m', ALL, "2024-283T15:30:00+08:00", "2024-10-09T15:30:00+08:00"},
    {'m', ALL, "2024283T153000Z", "2024-10-09T15:30:00Z"}, {'m', ALL, "2024-W41-3T15:30:00+08:00", "2024-10-09T15:30:00+08:00"},
    {'m', ALL, "2024W413T1530Z", "2024-10-09T15:30Z"}, {'m', ALL, "2024-10-09T15:30+08:00", "2024-10-09T15:30+08:00"},
    {'m', ALL, "2024-10-09T15Z", "2024-10-09T15Z"}, {'m', ALL, "20241009T15Z", "2024-10-09T15Z"}, {'m', ALL, "2024-10-09T15:30.5Z", "2024-10-09T15:30.5Z"},
    {'m', ALL, "2024-10-09T15,25+08:00", "2024-10-09T15.25+08:00"}, {'m', USUAL | ASSUMED, "2024-10-09T15:30:00", "2024-10-09T15:30:00+08:00"},
    {'m', ALL | ASSUMED, "20241009T1530", "2024-10-09T15:30+08:00"}, {'m', USUAL | ASSUMED, "2024-10-09T15:30:00Z", "2024-10-09T15:30:00Z"},
    {'m', ALL, "2024-10-09T24:00:00+08:00", "2024-10-10T00:00:00+08:00"}, {'m', ALL, "2024-12-31T24:00Z", "2025-01-01T00:00Z"},
    {'m', ALL, "20240228T2400Z", "2024-02-29T00:00Z"}, {'m', ALL, "2024-366T24:00:00Z", "2025-01-01T00:00:00Z"},
    {'m', ALL, "2024-10-09T24Z", "2024-10-10T00Z"}, {'m', USUAL, "2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z"},
    {'m', ALL, "20170101T075960+0800", "2017-01-01T07:59:60+08:00"}, {'m', USUAL | ASSUMED, "2017-01-01T07:59:60", "2017-01-01T07:59:60+08:00"},
    {'m', ALL, "2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"}, {'m', ALL, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},

    {'p', USUAL, "P1Y2M3DT4H5M6S", ""}, {'p', USUAL, "P2W", ""}, {'p', USUAL, "PT0S", ""}, {'p', USUAL, "P1DT0,5S", ""},
    {'p', USUAL, "PT36H", ""}, {'p', USUAL, "P0Y", ""}, {'p', USUAL, "P1M", ""}, {'p', USUAL, "PT1M", ""},

    {'i', USUAL, "2024-10-09/2024-10-12", "2024-10-09/2024-10-12"}, {'i', USUAL, "2024-10-09/2024-10-09", "2024-10-09/2024-10-09"},
    {'i', USUAL, "2024-10-09T15:30:00+08:00/2024-10-09T16:30:00+08:00", "2024-10-09T15:30:00+08:00/2024-10-09T16:30:00+08:00"},
    {'i', USUAL, "2024-10-09T15:30:00+08:00/2024-10-09T07:30:00Z", "2024-10-09T15:30:00+08:00/2024-10-09T07:30:00Z"},
    {'i', USUAL, "2024-10-09T15:30:00+08:00/2024-10-09T16:30:00", "2024-10-09T15:30:00+08:00/2024-10-09T16:30:00+08:00"},
    {'i', USUAL, "2024-10-09T15:30:00Z/2024-10-09T16:30:00", "2024-10-09T15:30:00Z/2024-10-09T16:30:00+00:00"},
    {'i', USUAL, "2024-10-09/P3D", "2024-10-09/P3D"}, {'i', USUAL, "P1M/2024-10-09", "P1M/2024-10-09"}, {'i', USUAL, "P1Y", "P1Y"},
    {'i', USUAL, "2024-10-09T15:30:00+08/PT1,5H", "2024-10-09T15:30:00+08:00/PT1.5H"}, {'i', ALL, "20241009/20241012", "2024-10-09/2024-10-12"},
    {'i', ALL, "20241009T153000Z/PT1H", "2024-10-09T15:30:00Z/PT1H"}, {'i', ALL, "2024-283/2024-284", "2024-10-09/2024-10-10"},
    {'i', ALL, "2024-W41-3/2024-10-10", "2024-10-09/2024-10-10"}, {'i', ALL, "2024-01/2024-06", "2024-01/2024-06"},
    {'i', ALL, "2024/2025", "2024/2025"}, {'i', ALL, "2024-W01/2024-W02", "2024-W01/2024-W02"}, {'i', ALL, "2024/P1Y", "2024/P1Y"},
    {'i', USUAL | ASSUMED, "2024-10-09T15:30:00/2024-10-09T16:30:00", "2024-10-09T15:30:00+08:00/2024-10-09T16:30:00+08:00"},
    {'i', ALL, "2024-10-09T15.5Z/2024-10-09T15:30Z", "2024-10-09T15.5Z/2024-10-09T15:30Z"},
    {'i', ALL, "2024-10-09T23:00:00Z/2024-10-09T24:00:00Z", "2024-10-09T23:00:00Z/2024-10-10T00:00:00Z"},

    {'r', USUAL, "R12/2024-10-09T15:30:00+08:00/P1M", "R12/2024-10-09T15:30:00+08:00/P1M"}, {'r', USUAL, "R/2024-10-09/P1W", "R/2024-10-09/P1W"},
    {'r', USUAL, "R1/P1D/2024-10-09", "R1/P1D/2024-10-09"}, {'r', USUAL, "R999999999/2024-10-09/2024-10-10", "R999999999/2024-10-09/2024-10-10"},
    {'r', ALL, "R5/20241009T153000Z/PT1H", "R5/2024-10-09T15:30:00Z/PT1H"}, {'r', USUAL, "R3/P1M", "R3/P1M"},
    {'r', ALL, "R10/2024/P1Y", "R10/2024/P1Y"}, {'r', USUAL | ASSUMED, "R/2024-10-09T15:30:00/P1D", "R/2024-10-09T15:30:00+08:00/P1D"},
};

static const struct {
    char kind;
    unsigned forms;
    const char *text;
    enum gbtime_reason why;
} refused[] = {
    {'d', ALL, "", GBTIME_NOT_A_DATE}, {'d', ALL, "soon", GBTIME_NOT_A_DATE}, {'d', ALL, "2024-1-9", GBTIME_NOT_A_DATE},
    {'d', ALL, "2024-10-9", GBTIME_NOT_A_DATE}, {'d', ALL, "2024-", GBTIME_NOT_A_DATE}, {'d', ALL, "2024.10.09", GBTIME_NOT_A_DATE},
    {'d', ALL, "2024-10-09Z", GBTIME_NOT_A_DATE}, {'d', ALL, "20241", GBTIME_NOT_A_DATE}, {'d', ALL, "2024-W4", GBTIME_NOT_A_DATE},
    {'d', ALL, "2024年10月9日", GBTIME_NOT_ASCII}, {'d', ALL, "２０２４-10-09", GBTIME_NOT_ASCII}, {'d', ALL, "2024–10–09", GBTIME_NOT_ASCII},
    {'d', ALL, " 2024-10-09", GBTIME_SPACE}, {'d', ALL, "2024-10-09 15:30", GBTIME_SPACE}, {'d', ALL, "2024-10-09\n", GBTIME_SPACE},
    {'d', ALL, "2024-w41-3", GBTIME_LOWER_CASE}, {'d', ALL, "2024/10/09", GBTIME_SLASHES}, {'d', ALL, "2024/10", GBTIME_SLASHES},
    {'d', ALL, "1728459000000", GBTIME_EPOCH}, {'d', ALL, "1728459000", GBTIME_EPOCH}, {'d', ALL, "24", GBTIME_SHORT_YEAR},
    {'d', ALL, "202", GBTIME_SHORT_YEAR}, {'d', ALL, "24-10-09", GBTIME_SHORT_YEAR}, {'d', ALL, "+2024-10-09", GBTIME_EXPANDED_YEAR},
    {'d', ALL, "-2024-10-09", GBTIME_EXPANDED_YEAR}, {'d', ALL, "+002024-10-09", GBTIME_EXPANDED_YEAR},
    {'d', ALL, "12024-10-09", GBTIME_EXPANDED_YEAR}, {'d', ALL, "--10-09", GBTIME_TRUNCATED}, {'d', ALL, "---09", GBTIME_TRUNCATED},
    {'d', ALL, "-W41-3", GBTIME_TRUNCATED}, {'d', ALL, "202410", GBTIME_BASIC_MONTH}, {'d', ALL, "2024-1009", GBTIME_MIXED_FORMATS},
    {'d', ALL, "202410-09", GBTIME_MIXED_FORMATS}, {'d', ALL, "2024-W413", GBTIME_MIXED_FORMATS}, {'d', ALL, "2024W41-3", GBTIME_MIXED_FORMATS},
    {'d', ALL, "0000-01-01", GBTIME_YEAR_ZERO}, {'d', ALL, "0000", GBTIME_YEAR_ZERO}, {'d', ALL, "0000-001", GBTIME_YEAR_ZERO},
    {'d', ALL, "0000-W01-1", GBTIME_YEAR_ZERO}, {'d', ALL, "0000-02-29", GBTIME_YEAR_ZERO}, {'d', ALL, "9999-W52-6", GBTIME_YEAR_RANGE},
    {'d', ALL, "2024-00-01", GBTIME_NO_SUCH_MONTH}, {'d', ALL, "2024-13-01", GBTIME_NO_SUCH_MONTH}, {'d', ALL, "2024-13", GBTIME_NO_SUCH_MONTH},
    {'d', ALL, "20241301", GBTIME_NO_SUCH_MONTH}, {'d', ALL, "2024-02-30", GBTIME_NO_SUCH_DAY}, {'d', ALL, "2023-02-29", GBTIME_NO_SUCH_DAY},
    {'d', ALL, "1900-02-29", GBTIME_NO_SUCH_DAY}, {'d', ALL, "20230229", GBTIME_NO_SUCH_DAY}, {'d', ALL, "2024-04-31", GBTIME_NO_SUCH_DAY},
    {'d', ALL, "2024-01-00", GBTIME_NO_SUCH_DAY}, {'d', ALL, "2023-366", GBTIME_NO_SUCH_DAY_OF_YEAR}, {'d', ALL, "1900-366", GBTIME_NO_SUCH_DAY_OF_YEAR},
    {'d', ALL, "2024-367", GBTIME_NO_SUCH_DAY_OF_YEAR}, {'d', ALL, "2024-000", GBTIME_NO_SUCH_DAY_OF_YEAR},
    {'d', ALL, "2100366", GBTIME_NO_SUCH_DAY_OF_YEAR}, {'d', ALL, "2024-W53-1", GBTIME_NO_SUCH_WEEK}, {'d', ALL, "2021-W53", GBTIME_NO_SUCH_WEEK},
    {'d', ALL, "2024-W00-1", GBTIME_NO_SUCH_WEEK}, {'d', ALL, "2020-W54-1", GBTIME_NO_SUCH_WEEK}, {'d', ALL, "9999-W53", GBTIME_NO_SUCH_WEEK},
    {'d', ALL, "2024-W41-0", GBTIME_NO_SUCH_WEEKDAY}, {'d', ALL, "2024-W41-8", GBTIME_NO_SUCH_WEEKDAY},
    {'d', ALL, "2024-10-09T15:30:00Z", GBTIME_TIME_TOO_MANY}, {'d', USUAL, "2024-283", GBTIME_NOT_ALLOWED + 1},
    {'d', USUAL, "2024-W41-3", GBTIME_NOT_ALLOWED + 2}, {'d', USUAL, "2024-10", GBTIME_NOT_ALLOWED + 3}, {'d', USUAL, "2024", GBTIME_NOT_ALLOWED + 4},
    {'d', USUAL, "2024-W41", GBTIME_NOT_ALLOWED + 5}, {'d', USUAL, "20241009", GBTIME_NOT_ALLOWED + 10},
    {'d', GBTIME_MONTH, "2024-10-09", GBTIME_NOT_ALLOWED + 0},

    {'t', ALL, "", GBTIME_NOT_A_TIME}, {'t', ALL, "T", GBTIME_NOT_A_TIME}, {'t', ALL, "15:3", GBTIME_NOT_A_TIME}, {'t', ALL, "1", GBTIME_NOT_A_TIME},
    {'t', ALL, "15:30:", GBTIME_NOT_A_TIME}, {'t', ALL, "150", GBTIME_NOT_A_TIME}, {'t', ALL, "-15:30", GBTIME_NOT_A_TIME},
    {'t', ALL, "15:30 PM", GBTIME_SPACE}, {'t', ALL, "t15:30", GBTIME_LOWER_CASE}, {'t', ALL, "15：30", GBTIME_NOT_ASCII},
    {'t', ALL, "15:3000", GBTIME_MIXED_FORMATS}, {'t', ALL, "1530:00", GBTIME_MIXED_FORMATS}, {'t', ALL, "15:30:00+0800", GBTIME_MIXED_FORMATS},
    {'t', ALL, "153000+08:00", GBTIME_MIXED_FORMATS}, {'t', ALL, "24:00:00", GBTIME_HOUR_24}, {'t', ALL, "24:00", GBTIME_HOUR_24},
    {'t', ALL, "24", GBTIME_HOUR_24}, {'t', ALL, "24:01", GBTIME_NO_SUCH_HOUR}, {'t', ALL, "25:00", GBTIME_NO_SUCH_HOUR},
    {'t', ALL, "24:00:00.5", GBTIME_NO_SUCH_HOUR}, {'t', ALL, "15:60", GBTIME_NO_SUCH_MINUTE}, {'t', ALL, "15:30:61", GBTIME_NO_SUCH_SECOND},
    {'t', ALL, "23:59:60", GBTIME_LEAP_SECOND}, {'t', ALL, "23:59:60+08:00", GBTIME_LEAP_SECOND}, {'t', USUAL | ASSUMED, "23:59:60", GBTIME_LEAP_SECOND},
    {'t', ALL, "15:30:00.", GBTIME_BAD_FRACTION}, {'t', ALL, "15:30:00,Z", GBTIME_BAD_FRACTION}, {'t', ALL, "15:30:00-00:00", GBTIME_NEGATIVE_ZERO},
    {'t', ALL, "15:30:00-00", GBTIME_NEGATIVE_ZERO}, {'t', ALL, "153000-0000", GBTIME_NEGATIVE_ZERO}, {'t', ALL, "15:30:00+24:00", GBTIME_NO_SUCH_OFFSET},
    {'t', ALL, "15:30:00+08:60", GBTIME_NO_SUCH_OFFSET}, {'t', ALL, "15:30:00+8", GBTIME_BAD_OFFSET}, {'t', ALL, "15:30:00+08:00:00", GBTIME_BAD_OFFSET},
    {'t', ALL, "15:30:00ZZ", GBTIME_BAD_OFFSET}, {'t', ALL, "15:30:00z", GBTIME_LOWER_CASE}, {'t', ALL, "15:30:00−05:00", GBTIME_NOT_ASCII},
    {'t', USUAL, "15:30", GBTIME_NOT_ALLOWED + 7}, {'t', USUAL, "15", GBTIME_NOT_ALLOWED + 8}, {'t', GBTIME_MINUTES, "15:30:00", GBTIME_NOT_ALLOWED + 6},
    {'t', GBTIME_SECONDS, "15:30:00.5", GBTIME_NOT_ALLOWED + 9}, {'t', USUAL, "153000", GBTIME_NOT_ALLOWED + 10},

    {'m', ALL, "2024-10-09", GBTIME_NO_TIME}, {'m', ALL, "20241009", GBTIME_NO_TIME}, {'m', USUAL, "2024-02-30", GBTIME_NO_SUCH_DAY},
    {'m', ALL, "2024-10-09 15:30:00", GBTIME_SPACE}, {'m', ALL, "2024-10-09t15:30:00Z", GBTIME_LOWER_CASE}, {'m', ALL, "2024-10-09T", GBTIME_NOT_A_TIME},
    {'m', ALL, "T15:30:00Z", GBTIME_NOT_A_DATE}, {'m', ALL, "2024-10-09T15:30:00", GBTIME_NO_OFFSET}, {'m', ALL, "20241009T1530", GBTIME_NO_OFFSET},
    {'m', ALL, "2024-10-09T153000Z", GBTIME_MIXED_FORMATS}, {'m', ALL, "20241009T15:30:00Z", GBTIME_MIXED_FORMATS},
    {'m', ALL, "2024-10-09T15:30:00+0800", GBTIME_MIXED_FORMATS}, {'m', ALL, "20241009T153000+08:00", GBTIME_MIXED_FORMATS},
    {'m', ALL, "2024283T15:30Z", GBTIME_MIXED_FORMATS}, {'m', ALL, "20241009T15+08:00", GBTIME_MIXED_FORMATS},
    {'m', ALL, "2024-10T15:30Z", GBTIME_DATE_NOT_COMPLETE}, {'m', ALL, "2024T15:30Z", GBTIME_DATE_NOT_COMPLETE},
    {'m', ALL, "2024-W41T15:30Z", GBTIME_DATE_NOT_COMPLETE}, {'m', USUAL, "2024-10-09T24:00:00Z", GBTIME_HOUR_24},
    {'m', ALL, "9999-12-31T24:00:00Z", GBTIME_YEAR_RANGE}, {'m', ALL, "2024-10-09T24:00:01Z", GBTIME_NO_SUCH_HOUR},
    {'m', ALL, "2016-12-31T23:59:60+08:00", GBTIME_LEAP_SECOND}, {'m', ALL, "2016-12-31T12:00:60Z", GBTIME_LEAP_SECOND},
    {'m', ALL, "2024-10-09T15:30:00-00:00", GBTIME_NEGATIVE_ZERO}, {'m', ALL, "0000-01-01T00:00:00Z", GBTIME_YEAR_ZERO},
    {'m', ALL, "2024-10-09T15:30:00[Asia/Shanghai]", GBTIME_BAD_OFFSET}, {'m', USUAL, "20241009T153000+0800", GBTIME_NOT_ALLOWED + 10},
    {'m', USUAL, "2024-283T15:30:00Z", GBTIME_NOT_ALLOWED + 1}, {'m', USUAL, "2024-10-09T15:30Z", GBTIME_NOT_ALLOWED + 7},

    {'p', ALL, "", GBTIME_NOT_A_DURATION}, {'p', ALL, "1h", GBTIME_NOT_A_DURATION}, {'p', ALL, "P1", GBTIME_NOT_A_DURATION},
    {'p', ALL, "PYM", GBTIME_NOT_A_DURATION}, {'p', ALL, "p1Y", GBTIME_LOWER_CASE}, {'p', ALL, "P1y", GBTIME_LOWER_CASE},
    {'p', ALL, "-P1D", GBTIME_DURATION_SIGN}, {'p', ALL, "P-1D", GBTIME_DURATION_SIGN}, {'p', ALL, "+P1D", GBTIME_DURATION_SIGN},
    {'p', ALL, "P", GBTIME_DURATION_EMPTY}, {'p', ALL, "PT", GBTIME_DURATION_EMPTY}, {'p', ALL, "P1DT", GBTIME_DURATION_EMPTY},
    {'p', ALL, "P1M1Y", GBTIME_DURATION_ORDER}, {'p', ALL, "P1H", GBTIME_DURATION_ORDER}, {'p', ALL, "PT1D", GBTIME_DURATION_ORDER},
    {'p', ALL, "P1Y1Y", GBTIME_DURATION_ORDER}, {'p', ALL, "P1.5DT1H", GBTIME_DURATION_FRACTION}, {'p', ALL, "P1.5Y2M", GBTIME_DURATION_FRACTION},
    {'p', ALL, "P1.D", GBTIME_BAD_FRACTION}, {'p', ALL, "P1W1D", GBTIME_DURATION_WEEKS}, {'p', ALL, "P1Y2W", GBTIME_DURATION_WEEKS},
    {'p', ALL, "P2WT1H", GBTIME_DURATION_WEEKS}, {'p', ALL, "P0001-02-03T04:05:06", GBTIME_DURATION_ALTERNATIVE},
    {'p', ALL, "P 1D", GBTIME_SPACE}, {'p', ALL, "P１D", GBTIME_NOT_ASCII},

    {'i', ALL, "", GBTIME_NOT_AN_INTERVAL}, {'i', ALL, "2024-10-09", GBTIME_NOT_AN_INTERVAL}, {'i', ALL, "2024-10-09/", GBTIME_NOT_AN_INTERVAL},
    {'i', ALL, "/2024-10-09", GBTIME_NOT_AN_INTERVAL}, {'i', ALL, "/", GBTIME_NOT_AN_INTERVAL}, {'i', ALL, "2024-10-09/P1D/P1D", GBTIME_NOT_AN_INTERVAL},
    {'i', ALL, "2024-10-09--2024-10-12", GBTIME_NOT_AN_INTERVAL}, {'i', ALL, "P1D/P1D", GBTIME_TWO_DURATIONS},
    {'i', ALL, "2024-10-09/2024-10-12T00:00:00Z", GBTIME_ENDS_DIFFER}, {'i', ALL, "2024-10/2024-10-12", GBTIME_ENDS_DIFFER},
    {'i', ALL, "2024/2024-06", GBTIME_ENDS_DIFFER}, {'i', ALL, "2024-10-12/2024-10-09", GBTIME_END_BEFORE_START},
    {'i', ALL, "2024-10-09T15:30:00Z/2024-10-09T15:30:00+08:00", GBTIME_END_BEFORE_START},
    {'i', ALL, "2024-10-09T15:30:00.5Z/2024-10-09T15:30:00.25Z", GBTIME_END_BEFORE_START}, {'i', ALL, "2025/2024", GBTIME_END_BEFORE_START},
    {'i', ALL, "20241009/2024-10-12", GBTIME_MIXED_FORMATS}, {'i', ALL, "2024-10-09T15:30:00/2024-10-09T16:30:00Z", GBTIME_NO_OFFSET},
    {'i', ALL, "2024-10-09/15:30", GBTIME_NOT_A_DATE}, {'i', ALL, "2024-02-30/P1D", GBTIME_NO_SUCH_DAY}, {'i', ALL, "2024-10-09/P1H", GBTIME_DURATION_ORDER},
    {'i', USUAL, "2024-10/2024-11", GBTIME_NOT_ALLOWED + 3}, {'i', USUAL, "20241009/20241010", GBTIME_NOT_ALLOWED + 10},
    {'i', ALL, "2024-10-09T15:30:00.1234567890Z/PT1H", GBTIME_LONG_FRACTION},
    {'i', ALL, "P1000000000000000000000000000000000000000000000000D/2024-10-09", GBTIME_TOO_LONG},

    {'r', ALL, "", GBTIME_NOT_A_RECURRENCE}, {'r', ALL, "R", GBTIME_NOT_A_RECURRENCE}, {'r', ALL, "R5", GBTIME_NOT_A_RECURRENCE},
    {'r', ALL, "5/2024-10-09/P1D", GBTIME_NOT_A_RECURRENCE}, {'r', ALL, "r5/2024-10-09/P1D", GBTIME_LOWER_CASE},
    {'r', ALL, "R-1/2024-10-09/P1D", GBTIME_RECURRENCE_COUNT}, {'r', ALL, "R0/2024-10-09/P1D", GBTIME_RECURRENCE_COUNT},
    {'r', ALL, "R05/2024-10-09/P1D", GBTIME_RECURRENCE_COUNT}, {'r', ALL, "R1000000000/2024-10-09/P1D", GBTIME_RECURRENCE_COUNT},
    {'r', ALL, "R5/", GBTIME_NOT_AN_INTERVAL}, {'r', ALL, "R5/2024-10-09", GBTIME_NOT_AN_INTERVAL}, {'r', ALL, "R5/2024-10-09/P1D/P1D", GBTIME_NOT_AN_INTERVAL},
    {'r', ALL, "R5/2024-13-09/P1D", GBTIME_NO_SUCH_MONTH}, {'r', ALL, "R5/P1D/P1D", GBTIME_TWO_DURATIONS},
};

/* Reads from memory that ends where the text does. */
static enum gbtime_reason read_as(char kind, unsigned forms, const char *text, size_t len, char to[GBTIME_SPAN_SIZE])
{
    struct gbtime_rules rules = {.forms = forms & ALL, .assume = (forms & ASSUMED) != 0, .shift = 480};
    struct gbtime t;
    enum gbtime_reason why;
    char *exact = malloc(len == 0 ? 1 : len);
    assert_non_null(exact);
    memcpy(exact, text, len);
    to[0] = '\0';
    if (kind == 'd')
        why = gbtime_read_date(exact, len, &rules, &t);
    else if (kind == 't')
        why = gbtime_read_time(exact, len, &rules, &t);
    else if (kind == 'm')
        why = gbtime_read_datetime(exact, len, &rules, &t);
    else if (kind == 'p')
        why = gbtime_read_duration(exact, len);
    else
        why = (kind == 'i' ? gbtime_read_interval : gbtime_read_recurrence)(exact, len, &rules, to);
    if (why == GBTIME_OK && strchr("dtm", kind) != NULL)
        gbtime_write(to, &t);
    free(exact);
    return why;
}

static void check_taken(void)
{
    for (size_t i = 0; i < COUNT(taken); i++) {
        char to[GBTIME_SPAN_SIZE], again[GBTIME_SPAN_SIZE];
        const char *text = taken[i].text;
        enum gbtime_reason why = read_as(taken[i].kind, taken[i].forms, text, strlen(text), to);
        if (why != GBTIME_OK || strcmp(to, taken[i].canonical) != 0)
            fail_msg("%c %s gives reason %d and [%s], want [%s]", taken[i].kind, text, why, to, taken[i].canonical);
        if (taken[i].kind == 'p')
            continue;
        EXPECT_ROW(text, read_as(taken[i].kind, taken[i].forms | GBTIME_CALENDAR, to, strlen(to), again) == GBTIME_OK);
        EXPECT_ROW(text, strcmp(to, again) == 0);
    }
}

static void check_refused(void)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        char to[GBTIME_SPAN_SIZE];
        const char *text = refused[i].text;
        enum gbtime_reason why = read_as(refused[i].kind, refused[i].forms, text, strlen(text), to);
        if (why != refused[i].why)
            fail_msg("%c [%s] gives reason %d, want %d", refused[i].kind, text, why, refused[i].why);
    }
}

static void every_form_has_its_canonical_one_and_every_refusal_its_reason_in_any_zone_of_the_process(void **state)
{
    (void)state;
    static const char *const zones[] = {"UTC", "Asia/Shanghai", "America/New_York"};
    assert_true(COUNT(taken) + COUNT(refused) > 200);
    for (size_t z = 0; z < COUNT(zones); z++) {
        assert_int_equal(setenv("TZ", zones[z], 1), 0);
        tzset();
        check_taken();
        check_refused();
    }
}

static void every_proper_prefix_of_a_recurrence_is_read_within_its_bytes(void **state)
{
    (void)state;
    static const char text[] = "R12/20241009T153000.25+0830/P1Y2M3DT4H5M6.5S";
    char to[GBTIME_SPAN_SIZE];
    assert_int_equal(read_as('r', ALL, text, strlen(text), to), GBTIME_OK);
    assert_string_equal(to, "R12/2024-10-09T15:30:00.25+08:30/P1Y2M3DT4H5M6.5S");
    for (size_t len = 0; len < strlen(text); len++)
        (void)read_as('r', ALL, text, len, to);
    assert_int_equal(read_as('r', ALL, text, strlen(text) + 1, to), GBTIME_DURATION_FRACTION);
}

static void each_day_of_many_years_is_the_same_as_ordinal_and_as_week_date(void **state)
{
    (void)state;
    static const int weekdays_of_1_january[] = {6, 7, 1, 3}; /* of 2000, 2023, 2024, 2020 */
    static const int years[] = {2000, 2023, 2024, 2020};
    char text[32], plain[GBTIME_SPAN_SIZE], week[GBTIME_SPAN_SIZE];
    for (size_t y = 0; y < COUNT(years); y++) {
        int first = weekdays_of_1_january[y];
        for (int day = 8; day <= 350; day++) {
            (void)snprintf(text, sizeof(text), "%04d-%03d", years[y], day);
            assert_int_equal(read_as('d', ALL, text, strlen(text), plain), GBTIME_OK);
            int from_monday = first - 1 + day - 1;
            int number = from_monday / 7 + (first <= 4 ? 1 : 0);
            (void)snprintf(text, sizeof(text), "%04d-W%02d-%d", years[y], number, from_monday % 7 + 1);
            assert_int_equal(read_as('d', ALL, text, strlen(text), week), GBTIME_OK);
            assert_string_equal(plain, week);
        }
    }
}

static void lenient_forms_take_the_shift_of_the_rules(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"2024-10-09 15:30", "2024-10-09T15:30:00+09:00"}, {"2024/10/09", "2024-10-09T00:00:00+09:00"},
        {"2024-10-09", "2024-10-09T00:00:00+09:00"}, {"1728459000000", "2024-10-09T16:30:00+09:00"},
        {"2024-10-09T15:30:00", "2024-10-09T15:30:00+09:00"}, {"2024-10-09T15:30:00Z", "2024-10-09T15:30:00+00:00"},
        {"20241009T153000", "2024-10-09T15:30:00+09:00"}, {"2024-283", "2024-10-09T00:00:00+09:00"},
        {"2024-10-09 24:00", "2024-10-10T00:00:00+09:00"}, {"2024/10/09 15:30:45", "2024-10-09T15:30:45+09:00"},
    };
    static const struct {
        const char *text;
        enum gbtime_reason why;
    } bad[] = {
        {"2024/02/30", GBTIME_NO_SUCH_DAY}, {"2024-10-09 15:60", GBTIME_NO_SUCH_MINUTE}, {"2024-10-09 15:30:00Z", GBTIME_SPACE},
        {"2024-10-09 15:30:00.5", GBTIME_NOT_ALLOWED + 9}, {"2024-10-09 15", GBTIME_NOT_ALLOWED + 8}, {"2024-10-09 23:59:60", GBTIME_LEAP_SECOND},
        {"9223372036854775807", GBTIME_YEAR_RANGE}, {"1728459000", GBTIME_EPOCH}, {"2024/10-09", GBTIME_NOT_A_DATE}, {"", GBTIME_NOT_A_DATE},
        {"2024-10-09 24:01", GBTIME_NO_SUCH_HOUR}, {"2024-10-09 07:59:60", GBTIME_LEAP_SECOND},
        {"2024-10-09 15:30:00 and more of it", GBTIME_SPACE},
    };
    const struct gbtime_rules rules = {.forms = ALL, .assume = true, .shift = 540};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct gbtime t;
        char text[GBTIME_TEXT_SIZE];
        EXPECT_ROW(rows[i].text, gbtime_read_lenient(rows[i].text, strlen(rows[i].text), &rules, &t) == GBTIME_OK);
        gbtime_format(text, &t, true);
        EXPECT_ROW(rows[i].text, strcmp(text, rows[i].want) == 0);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct gbtime t;
        EXPECT_ROW(bad[i].text, gbtime_read_lenient(bad[i].text, strlen(bad[i].text), &rules, &t) == bad[i].why);
    }
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
        cmocka_unit_test(every_form_has_its_canonical_one_and_every_refusal_its_reason_in_any_zone_of_the_process),
        cmocka_unit_test(every_proper_prefix_of_a_recurrence_is_read_within_its_bytes),
        cmocka_unit_test(each_day_of_many_years_is_the_same_as_ordinal_and_as_week_date),
        cmocka_unit_test(lenient_forms_take_the_shift_of_the_rules),
    };
    return cmocka_run_group_tests_name("gbtime", tests, NULL, NULL);
}
