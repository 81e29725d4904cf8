/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "gbtime.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "num.h"

#include "poison.h"

#define CHINA_SHIFT (8 * 60)
#define DATE_LEN 10
#define EPOCH_MIN_DIGITS 12

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool date_exists(int year, int month, int day)
{
    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    int64_t y;
    int m, d;
    clock_civil(clock_day(year, month, day), &y, &m, &d);
    return y == year && m == month && d == day;
}

/* A date whose parts are separated by `separator`. */
static bool read_date(const char *text, size_t len, char separator, struct gbtime *out)
{
    *out = (struct gbtime){.shift = CHINA_SHIFT};
    return len == DATE_LEN && text[4] == separator && text[7] == separator && num_digits(text, 4, &out->year) &&
           num_digits(text + 5, 2, &out->month) && num_digits(text + 8, 2, &out->day) &&
           date_exists(out->year, out->month, out->day);
}

bool gbtime_date(const char *text, size_t len, struct gbtime *out)
{
    return read_date(text, len, '-', out);
}

/* Reads hh:mm or hh:mm:ss and returns its length, or 0. */
static size_t read_clock(const char *text, size_t len, bool need_seconds, struct gbtime *out)
{
    if (len < 5 || !num_digits(text, 2, &out->hour) || text[2] != ':' || !num_digits(text + 3, 2, &out->minute) ||
        out->hour > 23 || out->minute > 59)
        return 0;
    if (len < 8 || text[5] != ':')
        return need_seconds ? 0 : 5;
    return num_digits(text + 6, 2, &out->second) && out->second <= 60 ? 8 : 0;
}

static size_t fraction_len(const char *text, size_t len)
{
    if (len == 0 || (*text != '.' && *text != ','))
        return 0;
    size_t n = 1;
    while (n < len && is_digit(text[n]))
        n++;
    return n;
}

static bool read_shift(const char *text, size_t len, int *shift_out)
{
    *shift_out = 0;
    if (len == 1)
        return *text == 'Z';
    int hours, minutes = 0;
    if ((len != 3 && len != 6) || (*text != '+' && *text != '-') || !num_digits(text + 1, 2, &hours) || hours > 23)
        return false;
    if (len == 6 && (text[3] != ':' || !num_digits(text + 4, 2, &minutes) || minutes > 59))
        return false;
    *shift_out = hours * 60 + minutes;
    if (*text == '-') {
        *shift_out = -*shift_out;
        return *shift_out != 0;
    }
    return true;
}

/* A leap second is the last of a UTC day. */
static bool second_exists(const struct gbtime *t)
{
    int minute_of_day = t->hour * 60 + t->minute - t->shift;
    return t->second < 60 || (minute_of_day + 2 * 1440) % 1440 == 1439;
}

bool gbtime_datetime(const char *text, size_t len, struct gbtime *out)
{
    if (len < DATE_LEN + 1 || !read_date(text, DATE_LEN, '-', out) || text[DATE_LEN] != 'T')
        return false;
    text += DATE_LEN + 1;
    len -= DATE_LEN + 1;
    size_t used = read_clock(text, len, true, out);
    if (used == 0)
        return false;
    size_t fraction = fraction_len(text + used, len - used);
    if (fraction == 1)
        return false;
    used += fraction;
    return used < len && read_shift(text + used, len - used, &out->shift) && second_exists(out);
}

static bool read_epoch_millis(const char *text, size_t len, struct gbtime *out)
{
    int64_t millis;
    /* Fewer digits are more likely seconds, a date without its signs or a year, which would give a wrong date in 1970. */
    if (len < EPOCH_MIN_DIGITS)
        return false;
    /* From 1 January of year 1 to the end of 9999, as seen at +08:00. */
    if (!num_parse(text, len, INT64_C(-62135625600000), INT64_C(253402271999999), &millis))
        return false;
    int64_t second = millis / 1000 - (millis % 1000 < 0) + CHINA_SHIFT * 60;
    int64_t day = second / 86400 - (second % 86400 < 0);
    int64_t year;
    *out = (struct gbtime){.shift = CHINA_SHIFT};
    clock_civil(day, &year, &out->month, &out->day);
    int of_day = (int)(second - day * 86400);
    out->year = (int)year;
    out->hour = of_day / 3600;
    out->minute = of_day / 60 % 60;
    out->second = of_day % 60;
    return true;
}

bool gbtime_lenient(const char *text, size_t len, struct gbtime *out)
{
    if (gbtime_datetime(text, len, out) || read_date(text, len, '-', out) || read_date(text, len, '/', out))
        return true;
    if (len > DATE_LEN && text[DATE_LEN] == ' ' &&
        (read_date(text, DATE_LEN, '-', out) || read_date(text, DATE_LEN, '/', out))) {
        size_t rest = len - DATE_LEN - 1;
        size_t used = read_clock(text + DATE_LEN + 1, rest, false, out);
        return used > 0 && used == rest && out->second < 60;
    }
    return read_epoch_millis(text, len, out);
}

/* Reads one number and its letter, which must be among `letters`; returns the letters that may follow, or NULL.
 * *last_out: the number had a fraction, so nothing may follow. */
static const char *duration_part(const char **p, const char *end, const char *letters, bool *last_out)
{
    const char *start = *p;
    while (*p < end && is_digit(**p))
        (*p)++;
    if (*p == start)
        return NULL;
    size_t fraction = fraction_len(*p, (size_t)(end - *p));
    if (fraction == 1)
        return NULL;
    *last_out = fraction > 0;
    *p += fraction;
    const char *letter = *p < end && **p != '\0' ? strchr(letters, **p) : NULL;
    if (letter == NULL)
        return NULL;
    (*p)++;
    return letter + 1;
}

static bool duration_parts(const char **p, const char *end, const char *letters, bool *last_out)
{
    bool any = false;
    while (*p < end && **p != 'T') {
        if (*last_out)
            return false;
        letters = duration_part(p, end, letters, last_out);
        if (letters == NULL)
            return false;
        any = true;
    }
    return any;
}

bool gbtime_is_duration(const char *text, size_t len)
{
    const char *p = text + 1;
    const char *end = text + len;
    bool last = false;
    if (len < 3 || text[0] != 'P')
        return false;
    if (end[-1] == 'W')
        return duration_part(&p, end, "W", &last) != NULL && p == end;
    if (*p != 'T' && !duration_parts(&p, end, "YMD", &last))
        return false;
    if (p == end)
        return true;
    p++;
    return !last && duration_parts(&p, end, "HMS", &last) && p == end;
}

bool gbtime_sql(char to[GBTIME_SQL_SIZE], const struct gbtime *t)
{
    int minute = t->hour * 60 + t->minute - t->shift + CHINA_SHIFT;
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
    /* The date of an instant is the one that the wall clock of +08:00 shows. */
    if (!with_time && gbtime_sql(sql, t)) {
        (void)snprintf(to, GBTIME_TEXT_SIZE, "%.10s", sql);
        return;
    }
    int used = snprintf(to, GBTIME_TEXT_SIZE, "%04d-%02d-%02d", t->year, t->month, t->day);
    if (!with_time)
        return;
    int shift = t->shift < 0 ? -t->shift : t->shift;
    (void)snprintf(to + used, (size_t)(GBTIME_TEXT_SIZE - used), "T%02d:%02d:%02d%c%02d:%02d", t->hour, t->minute,
                   t->second, t->shift < 0 ? '-' : '+', shift / 60, shift % 60);
}
