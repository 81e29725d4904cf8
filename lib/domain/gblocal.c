/* SPDX-License-Identifier: Apache-2.0
 *
 * What gbtime.h has around the grammar of gbtime.c: the default representations, the lenient ones that are none of the
 * standard's, and the ways to write a value.
 */
#include "config.h"

#include <string.h>

#include "clock.h"
#include "gbtime.h"
#include "num.h"

#include "poison.h"

#define EPOCH_MIN_LEN 12
#define DATE_LEN 10

static const struct gbtime_rules default_rules = {.forms = GBTIME_DEFAULT_FORMS, .shift = GBTIME_CHINA_SHIFT};

bool gbtime_date(const char *text, size_t len, struct gbtime *out)
{
    return gbtime_read_date(text, len, &default_rules, out) == GBTIME_OK;
}

bool gbtime_datetime(const char *text, size_t len, struct gbtime *out)
{
    return gbtime_read_datetime(text, len, &default_rules, out) == GBTIME_OK;
}

bool gbtime_lenient(const char *text, size_t len, struct gbtime *out)
{
    return gbtime_read_lenient(text, len, &default_rules, out) == GBTIME_OK;
}

bool gbtime_is_duration(const char *text, size_t len)
{
    return gbtime_read_duration(text, len) == GBTIME_OK;
}

/* Fewer digits are more likely seconds, a date without its signs or a year, which would give a wrong date in 1970. */
static bool is_epoch(const char *text, size_t len)
{
    size_t at = len > 0 && *text == '-' ? 1 : 0;
    while (at < len && text[at] >= '0' && text[at] <= '9')
        at++;
    return len >= EPOCH_MIN_LEN && at == len;
}

static enum gbtime_reason read_epoch(const char *text, size_t len, int shift, struct gbtime *out)
{
    int64_t millis, year;
    /* A little more than the years 1 to 9999, which are told by the date that comes of it. */
    if (!num_parse(text, len, INT64_C(-63000000000000), INT64_C(254000000000000), &millis))
        return GBTIME_YEAR_RANGE;
    int64_t second = millis / 1000 - (millis % 1000 < 0) + shift * 60;
    int64_t day = second / 86400 - (second % 86400 < 0);
    int of_day = (int)(second - day * 86400);
    *out = (struct gbtime){.shift = shift, .has_shift = true};
    out->date_form = GBTIME_CALENDAR;
    out->time_form = GBTIME_SECONDS;
    clock_civil(day, &year, &out->month, &out->day);
    out->year = (int)year;
    out->hour = of_day / 3600;
    out->minute = of_day / 60 % 60;
    out->second = of_day % 60;
    return year < 1 || year > 9999 ? GBTIME_YEAR_RANGE : GBTIME_OK;
}

static enum gbtime_reason read_local_date(const char *text, size_t len, const struct gbtime_rules *rules,
                                          struct gbtime *out)
{
    enum gbtime_reason why = gbtime_read_date(text, len, rules, out);
    out->shift = rules->shift;
    return why;
}

/* A date with slashes, a time after a space, or both: read as the strict form that they stand for. */
static enum gbtime_reason read_local(const char *text, size_t len, const struct gbtime_rules *rules, struct gbtime *out)
{
    char strict[sizeof("2024-10-09T15:30:00.123456789")];
    struct gbtime_rules local = {.assume = true, .shift = rules->shift};
    local.forms = GBTIME_CALENDAR | GBTIME_SECONDS | GBTIME_MINUTES | (rules->forms & GBTIME_HOUR24);
    if (len >= sizeof(strict))
        return GBTIME_SPACE;
    memcpy(strict, text, len);
    if (text[4] == '/' && text[7] == '/')
        strict[4] = strict[7] = '-';
    if (len == DATE_LEN)
        return read_local_date(strict, len, &local, out);
    for (size_t i = DATE_LEN; i < len; i++)
        if (strchr("+-Z", text[i]) != NULL)
            return GBTIME_SPACE;
    strict[DATE_LEN] = 'T';
    enum gbtime_reason why = gbtime_read_datetime(strict, len, &local, out);
    return why == GBTIME_OK && out->second == 60 ? GBTIME_LEAP_SECOND : why;
}

enum gbtime_reason gbtime_read_lenient(const char *text, size_t len, const struct gbtime_rules *rules,
                                       struct gbtime *out)
{
    if (is_epoch(text, len))
        return read_epoch(text, len, rules->shift, out);
    if (len > DATE_LEN ? text[DATE_LEN] == ' ' : len == DATE_LEN && text[4] == '/')
        return read_local(text, len, rules, out);
    if (len > 0 && memchr(text, 'T', len) != NULL)
        return gbtime_read_datetime(text, len, rules, out);
    return read_local_date(text, len, rules, out);
}

static char *put(char *to, char sign, int value, size_t digits)
{
    if (sign != '\0')
        *to++ = sign;
    num_put(to, (unsigned)value, digits);
    return to + digits;
}

static char *put_date(char *to, const struct gbtime *t)
{
    if (t->date_form == GBTIME_WHOLE_WEEK) {
        to = put(to, '\0', t->week_year, 4);
        *to++ = '-';
        return put(to, 'W', t->week, 2);
    }
    to = put(to, '\0', t->year, 4);
    if (t->date_form != GBTIME_YEAR)
        to = put(to, '-', t->month, 2);
    return t->date_form == GBTIME_CALENDAR ? put(to, '-', t->day, 2) : to;
}

static char *put_clock(char *to, const struct gbtime *t)
{
    to = put(to, '\0', t->hour, 2);
    if (t->time_form != GBTIME_HOURS)
        to = put(to, ':', t->minute, 2);
    if (t->time_form == GBTIME_SECONDS)
        to = put(to, ':', t->second, 2);
    int digits = t->fraction_digits < GBTIME_FRACTION_DIGITS ? t->fraction_digits : GBTIME_FRACTION_DIGITS;
    return digits > 0 ? put(to, '.', t->fraction, (size_t)digits) : to;
}

static char *put_shift(char *to, const struct gbtime *t)
{
    int shift = t->shift < 0 ? -t->shift : t->shift;
    if (t->utc) {
        *to++ = 'Z';
        return to;
    }
    to = put(to, t->shift < 0 ? '-' : '+', shift / 60, 2);
    return put(to, ':', shift % 60, 2);
}

void gbtime_write(char to[GBTIME_TEXT_SIZE], const struct gbtime *t)
{
    if (t->date_form != 0)
        to = put_date(to, t);
    if (t->date_form != 0 && t->time_form != 0)
        *to++ = 'T';
    if (t->time_form != 0)
        to = put_clock(to, t);
    if (t->time_form != 0 && t->has_shift)
        to = put_shift(to, t);
    *to = '\0';
}

/* Seconds since 1970, and the billionths beyond. */
static int64_t seconds_of(const struct gbtime *t, int64_t *billionths_out)
{
    int64_t unit = t->time_form == GBTIME_HOURS ? 3600 : t->time_form == GBTIME_MINUTES ? 60 : 1;
    int64_t fraction = t->fraction;
    for (int i = t->fraction_digits; i < GBTIME_FRACTION_DIGITS; i++)
        fraction *= 10;
    fraction *= unit;
    *billionths_out = fraction % 1000000000;
    int64_t minutes = clock_day(t->year, t->month, t->day) * 1440 + t->hour * 60 + t->minute - t->shift;
    return minutes * 60 + t->second + fraction / 1000000000;
}

int gbtime_compare(const struct gbtime *a, const struct gbtime *b)
{
    int64_t a_rest, b_rest;
    int64_t a_second = seconds_of(a, &a_rest);
    int64_t b_second = seconds_of(b, &b_rest);
    if (a_second != b_second)
        return a_second < b_second ? -1 : 1;
    return (a_rest > b_rest) - (a_rest < b_rest);
}

bool gbtime_sql(char to[GBTIME_SQL_SIZE], const struct gbtime *t)
{
    int minute = t->hour * 60 + t->minute - t->shift + GBTIME_CHINA_SHIFT;
    int64_t day = clock_day(t->year, t->month, t->day);
    if (minute < 0 || minute >= 1440) {
        day += minute < 0 ? -1 : 1;
        minute += minute < 0 ? 1440 : -1440;
    }
    if (minute >= 1440) { /* shifts reach 23:59 to both sides, so a second day may be crossed */
        day++;
        minute -= 1440;
    }
    int64_t year;
    int month, dom;
    clock_civil(day, &year, &month, &dom);
    if (year < 1 || year > 9999)
        return false;
    int second = t->second == 60 ? 59 : t->second;
    memcpy(to, "0000-00-00 00:00:00", GBTIME_SQL_SIZE);
    num_put(to, (unsigned)year, 4);
    num_put(to + 5, (unsigned)month, 2);
    num_put(to + 8, (unsigned)dom, 2);
    num_put(to + 11, (unsigned)minute / 60, 2);
    num_put(to + 14, (unsigned)minute % 60, 2);
    num_put(to + 17, (unsigned)second, 2);
    return true;
}

void gbtime_format(char to[GBTIME_TEXT_SIZE], const struct gbtime *t, bool with_time)
{
    char sql[GBTIME_SQL_SIZE];
    struct gbtime plain = *t;
    plain.date_form = GBTIME_CALENDAR;
    plain.time_form = with_time ? GBTIME_SECONDS : 0;
    plain.has_shift = true;
    plain.utc = false;
    plain.fraction_digits = 0;
    gbtime_write(to, &plain);
    /* The date of an instant is the one that the wall clock of +08:00 shows. */
    if (!with_time && gbtime_sql(sql, t))
        memcpy(to, sql, DATE_LEN);
}
