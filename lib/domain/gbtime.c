/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "gbtime.h"

#include <string.h>

#include "clock.h"

#include "poison.h"

#define EPOCH_MIN_LEN 10 /* from here on, digits alone are a count of seconds or milliseconds */

/* A way to write a date or a time of day: lower-case letters stand for digits, all else for itself. A row with a reason
 * is known and never taken. */
struct shape {
    const char *text;
    enum gbtime_form form;
    enum gbtime_format format;
    enum gbtime_reason refused;
};

static const struct shape date_shapes[] = {
    {"yyyy-mm-dd", GBTIME_CALENDAR, GBTIME_EXTENDED_FORMAT, GBTIME_OK},
    {"yyyymmdd", GBTIME_CALENDAR, GBTIME_BASIC_FORMAT, GBTIME_OK},
    {"yyyy-nnn", GBTIME_ORDINAL, GBTIME_EXTENDED_FORMAT, GBTIME_OK},
    {"yyyynnn", GBTIME_ORDINAL, GBTIME_BASIC_FORMAT, GBTIME_OK},
    {"yyyy-Www-k", GBTIME_WEEK, GBTIME_EXTENDED_FORMAT, GBTIME_OK},
    {"yyyyWwwk", GBTIME_WEEK, GBTIME_BASIC_FORMAT, GBTIME_OK},
    {"yyyy-mm", GBTIME_MONTH, GBTIME_EXTENDED_FORMAT, GBTIME_OK},
    {"yyyy", GBTIME_YEAR, GBTIME_EITHER_FORMAT, GBTIME_OK},
    {"yyyy-Www", GBTIME_WHOLE_WEEK, GBTIME_EXTENDED_FORMAT, GBTIME_OK},
    {"yyyyWww", GBTIME_WHOLE_WEEK, GBTIME_BASIC_FORMAT, GBTIME_OK},
    {"yyyy-mmdd", GBTIME_CALENDAR, GBTIME_EITHER_FORMAT, GBTIME_MIXED_FORMATS},
    {"yyyymm-dd", GBTIME_CALENDAR, GBTIME_EITHER_FORMAT, GBTIME_MIXED_FORMATS},
    {"yyyy-Wwwk", GBTIME_WEEK, GBTIME_EITHER_FORMAT, GBTIME_MIXED_FORMATS},
    {"yyyyWww-k", GBTIME_WEEK, GBTIME_EITHER_FORMAT, GBTIME_MIXED_FORMATS},
    {"yyyymm", GBTIME_MONTH, GBTIME_EITHER_FORMAT, GBTIME_BASIC_MONTH},
    {"yyyy/mm/dd", GBTIME_CALENDAR, GBTIME_EITHER_FORMAT, GBTIME_SLASHES},
    {"yyyy/mm", GBTIME_MONTH, GBTIME_EITHER_FORMAT, GBTIME_SLASHES},
    {"yy", GBTIME_YEAR, GBTIME_EITHER_FORMAT, GBTIME_SHORT_YEAR},
    {"yyy", GBTIME_YEAR, GBTIME_EITHER_FORMAT, GBTIME_SHORT_YEAR},
    {"yy-mm-dd", GBTIME_CALENDAR, GBTIME_EITHER_FORMAT, GBTIME_SHORT_YEAR},
    {"-mm-dd", GBTIME_CALENDAR, GBTIME_EITHER_FORMAT, GBTIME_TRUNCATED},
    {"--mm-dd", GBTIME_CALENDAR, GBTIME_EITHER_FORMAT, GBTIME_TRUNCATED},
    {"--mmdd", GBTIME_CALENDAR, GBTIME_EITHER_FORMAT, GBTIME_TRUNCATED},
    {"---dd", GBTIME_CALENDAR, GBTIME_EITHER_FORMAT, GBTIME_TRUNCATED},
    {"-Www-k", GBTIME_WEEK, GBTIME_EITHER_FORMAT, GBTIME_TRUNCATED},
};

static const struct shape time_shapes[] = {
    {"hh:ii:ss", GBTIME_SECONDS, GBTIME_EXTENDED_FORMAT, GBTIME_OK},
    {"hhiiss", GBTIME_SECONDS, GBTIME_BASIC_FORMAT, GBTIME_OK},
    {"hh:ii", GBTIME_MINUTES, GBTIME_EXTENDED_FORMAT, GBTIME_OK},
    {"hhii", GBTIME_MINUTES, GBTIME_BASIC_FORMAT, GBTIME_OK},
    {"hh", GBTIME_HOURS, GBTIME_EITHER_FORMAT, GBTIME_OK},
    {"hh:iiss", GBTIME_SECONDS, GBTIME_EITHER_FORMAT, GBTIME_MIXED_FORMATS},
    {"hhii:ss", GBTIME_SECONDS, GBTIME_EITHER_FORMAT, GBTIME_MIXED_FORMATS},
};

#define DATE_SHAPES date_shapes, sizeof(date_shapes) / sizeof(date_shapes[0])
#define TIME_SHAPES time_shapes, sizeof(time_shapes) / sizeof(time_shapes[0])

/* The numbers that a shape's letters stood for. */
struct parts {
    int of[26];
};
#define PART(parts, letter) ((parts)->of[(letter) - 'a'])

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool fits(const char *shape, const char *text, size_t len, struct parts *parts)
{
    *parts = (struct parts){{0}};
    for (size_t i = 0; i < len; i++) {
        if (shape[i] < 'a' || shape[i] > 'z') {
            if (text[i] != shape[i])
                return false;
        } else if (is_digit(text[i])) {
            PART(parts, shape[i]) = 10 * PART(parts, shape[i]) + (text[i] - '0');
        } else {
            return false;
        }
    }
    return true;
}

static const struct shape *find_shape(const struct shape *shapes, size_t count, const char *text, size_t len,
                                      struct parts *parts)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(shapes[i].text) == len && fits(shapes[i].text, text, len, parts))
            return &shapes[i];
    return NULL;
}

/* Where a text has none of the known shapes, what in it is most likely wrong. */
static enum gbtime_reason shapeless(const char *text, size_t len, enum gbtime_reason otherwise)
{
    size_t digits = 0;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] >= 0x7F)
            return GBTIME_NOT_ASCII;
    for (size_t i = 0; i < len; i++) {
        if (text[i] <= ' ')
            return GBTIME_SPACE;
        if (text[i] == 't' || text[i] == 'z' || text[i] == 'w')
            return GBTIME_LOWER_CASE;
        digits += is_digit(text[i]) ? 1 : 0;
    }
    if (otherwise != GBTIME_NOT_A_DATE || len == 0)
        return otherwise;
    if (digits >= EPOCH_MIN_LEN && digits + (*text == '-' ? 1 : 0) == len)
        return GBTIME_EPOCH;
    size_t year = *text == '+' || *text == '-' ? 1 : 0;
    bool is_signed = year == 1;
    while (year < len && is_digit(text[year]))
        year++;
    bool is_expanded = year >= 5 && (is_signed || year != len);
    return is_expanded ? GBTIME_EXPANDED_YEAR : otherwise;
}

static enum gbtime_reason allow(const struct gbtime_rules *rules, unsigned form)
{
    int bit = 0;
    if ((rules->forms & form) != 0)
        return GBTIME_OK;
    while (form >> (bit + 1) != 0)
        bit++;
    return (enum gbtime_reason)(GBTIME_NOT_ALLOWED + bit);
}

/* All parts of one value are in one format. */
static enum gbtime_reason agree(struct gbtime *t, const struct shape *s, const struct gbtime_rules *rules)
{
    if (s->format == GBTIME_EITHER_FORMAT)
        return GBTIME_OK;
    if (t->format != GBTIME_EITHER_FORMAT && t->format != s->format)
        return GBTIME_MIXED_FORMATS;
    t->format = s->format;
    return s->format == GBTIME_BASIC_FORMAT ? allow(rules, GBTIME_BASIC) : GBTIME_OK;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* The day number of the Monday of week 01, the week that has 4 January in it. */
static int64_t first_monday(int year)
{
    int64_t day = clock_day(year, 1, 4);
    return day - ((day + 3) % 7 + 7) % 7;
}

static enum gbtime_reason set_day_number(struct gbtime *t, int64_t number)
{
    int64_t year;
    clock_civil(number, &year, &t->month, &t->day);
    t->year = (int)year;
    return year < 1 || year > 9999 ? GBTIME_YEAR_RANGE : GBTIME_OK;
}

static enum gbtime_reason set_week(struct gbtime *t, int week, int weekday)
{
    int64_t monday = first_monday(t->year);
    if (week < 1 || monday + 7 * (week - 1) >= first_monday(t->year + 1))
        return GBTIME_NO_SUCH_WEEK;
    if (weekday < 1 || weekday > 7)
        return GBTIME_NO_SUCH_WEEKDAY;
    t->week_year = t->year;
    t->week = week;
    return set_day_number(t, monday + 7 * (week - 1) + weekday - 1);
}

static enum gbtime_reason set_date(struct gbtime *t, enum gbtime_form form, const struct parts *p)
{
    t->year = PART(p, 'y');
    t->month = t->day = 1;
    t->date_form = (form & GBTIME_REDUCED_DATES) != 0 ? form : GBTIME_CALENDAR;
    if (t->year < 1)
        return GBTIME_YEAR_ZERO;
    if (form == GBTIME_ORDINAL) {
        if (PART(p, 'n') < 1 || PART(p, 'n') > 365 + (is_leap(t->year) ? 1 : 0))
            return GBTIME_NO_SUCH_DAY_OF_YEAR;
        return set_day_number(t, clock_day(t->year, 1, 1) + PART(p, 'n') - 1);
    }
    if (form == GBTIME_WEEK || form == GBTIME_WHOLE_WEEK)
        return set_week(t, PART(p, 'w'), form == GBTIME_WEEK ? PART(p, 'k') : 1);
    if (form == GBTIME_YEAR)
        return GBTIME_OK;
    t->month = PART(p, 'm');
    if (t->month < 1 || t->month > 12)
        return GBTIME_NO_SUCH_MONTH;
    if (form == GBTIME_MONTH)
        return GBTIME_OK;
    t->day = PART(p, 'd');
    return t->day < 1 || t->day > month_days(t->year, t->month) ? GBTIME_NO_SUCH_DAY : GBTIME_OK;
}

/* `complete`: a time of day follows, so the date goes to the day. */
static enum gbtime_reason read_date(const char *text, size_t len, const struct gbtime_rules *rules, bool complete,
                                    struct gbtime *t)
{
    struct parts parts;
    const struct shape *s = find_shape(DATE_SHAPES, text, len, &parts);
    if (s == NULL)
        return shapeless(text, len, GBTIME_NOT_A_DATE);
    if (s->refused != GBTIME_OK)
        return s->refused;
    if (complete && (s->form & GBTIME_REDUCED_DATES) != 0)
        return GBTIME_DATE_NOT_COMPLETE;
    enum gbtime_reason why = agree(t, s, rules);
    if (why == GBTIME_OK)
        why = allow(rules, s->form);
    return why == GBTIME_OK ? set_date(t, s->form, &parts) : why;
}

enum gbtime_reason gbtime_read_date(const char *text, size_t len, const struct gbtime_rules *rules, struct gbtime *out)
{
    struct gbtime other;
    *out = (struct gbtime){.shift = GBTIME_CHINA_SHIFT};
    enum gbtime_reason why = read_date(text, len, rules, false, out);
    bool has_time = why != GBTIME_OK && gbtime_datetime(text, len, &other);
    return has_time ? GBTIME_TIME_TOO_MANY : why;
}

static enum gbtime_reason read_fraction(const char *text, size_t len, struct gbtime *t, size_t *used_out)
{
    size_t n = 1;
    *used_out = 0;
    if (len == 0 || (*text != '.' && *text != ','))
        return GBTIME_OK;
    for (; n < len && is_digit(text[n]); n++)
        if (n <= GBTIME_FRACTION_DIGITS)
            t->fraction = 10 * t->fraction + (text[n] - '0');
    if (n == 1)
        return GBTIME_BAD_FRACTION;
    t->fraction_digits = n - 1 > 1000 ? 1000 : (int)n - 1;
    *used_out = n;
    return GBTIME_OK;
}

static enum gbtime_reason read_shift(const char *text, size_t len, const struct gbtime_rules *rules, struct gbtime *t)
{
    struct parts parts;
    t->has_shift = true;
    t->utc = len == 1 && *text == 'Z';
    if (t->utc)
        return GBTIME_OK;
    const struct shape *s = *text == '+' || *text == '-' ? find_shape(TIME_SHAPES, text + 1, len - 1, &parts) : NULL;
    if (s == NULL || s->form == GBTIME_SECONDS)
        return shapeless(text, len, GBTIME_BAD_OFFSET);
    enum gbtime_reason why = agree(t, s, rules);
    if (why != GBTIME_OK)
        return why;
    if (PART(&parts, 'h') > 23 || PART(&parts, 'i') > 59)
        return GBTIME_NO_SUCH_OFFSET;
    t->shift = PART(&parts, 'h') * 60 + PART(&parts, 'i');
    if (*text == '-') {
        t->shift = -t->shift;
        return t->shift == 0 ? GBTIME_NEGATIVE_ZERO : GBTIME_OK;
    }
    return GBTIME_OK;
}

/* 24:00 is allowed for the end of a day that is named, second 60 for now: whether it exists, the shift tells. */
static enum gbtime_reason set_time(struct gbtime *t, enum gbtime_form form, const struct parts *p,
                                   const struct gbtime_rules *rules)
{
    t->time_form = form;
    t->hour = PART(p, 'h');
    t->minute = PART(p, 'i');
    t->second = PART(p, 's');
    if (t->hour == 24 && t->minute == 0 && t->second == 0 && t->fraction_digits == 0) {
        bool allowed = t->date_form != 0 && (rules->forms & GBTIME_HOUR24) != 0;
        return allowed ? GBTIME_OK : GBTIME_HOUR_24;
    }
    if (t->hour > 23)
        return GBTIME_NO_SUCH_HOUR;
    if (t->minute > 59)
        return GBTIME_NO_SUCH_MINUTE;
    return t->second > 60 ? GBTIME_NO_SUCH_SECOND : GBTIME_OK;
}

/* A leap second is the last of a UTC day. */
static enum gbtime_reason check_second(const struct gbtime *t)
{
    int minute_of_day = t->hour * 60 + t->minute - t->shift;
    bool exists = t->second < 60 || (t->has_shift && (minute_of_day + 2 * 1440) % 1440 == 1439);
    return exists ? GBTIME_OK : GBTIME_LEAP_SECOND;
}

static enum gbtime_reason read_clock(const char *text, size_t len, const struct gbtime_rules *rules, struct gbtime *t)
{
    struct parts parts;
    size_t core = 0, fraction;
    while (core < len && (is_digit(text[core]) || text[core] == ':'))
        core++;
    const struct shape *s = find_shape(TIME_SHAPES, text, core, &parts);
    if (s == NULL)
        return shapeless(text, len, GBTIME_NOT_A_TIME);
    if (s->refused != GBTIME_OK)
        return s->refused;
    enum gbtime_reason why = read_fraction(text + core, len - core, t, &fraction);
    if (why == GBTIME_OK)
        why = agree(t, s, rules);
    if (why == GBTIME_OK)
        why = allow(rules, s->form);
    if (why == GBTIME_OK && fraction > 0)
        why = allow(rules, GBTIME_FRACTION);
    if (why == GBTIME_OK)
        why = set_time(t, s->form, &parts, rules);
    core += fraction;
    t->shift = 0;
    if (why == GBTIME_OK && core < len)
        why = read_shift(text + core, len - core, rules, t);
    if (why == GBTIME_OK && !t->has_shift && rules->assume) {
        t->has_shift = true;
        t->shift = rules->shift;
    }
    return why == GBTIME_OK ? check_second(t) : why;
}

enum gbtime_reason gbtime_read_time(const char *text, size_t len, const struct gbtime_rules *rules, struct gbtime *out)
{
    size_t designator = len > 0 && *text == 'T' ? 1 : 0;
    *out = (struct gbtime){0};
    return read_clock(text + designator, len - designator, rules, out);
}

enum gbtime_reason gbtime_read_datetime(const char *text, size_t len, const struct gbtime_rules *rules,
                                        struct gbtime *out)
{
    *out = (struct gbtime){0};
    const char *t = len > 0 ? memchr(text, 'T', len) : NULL;
    if (t == NULL) {
        struct gbtime date = {0};
        enum gbtime_reason only_date = read_date(text, len, rules, false, &date);
        return only_date == GBTIME_OK ? GBTIME_NO_TIME : only_date;
    }
    enum gbtime_reason why = read_date(text, (size_t)(t - text), rules, true, out);
    if (why == GBTIME_OK)
        why = read_clock(t + 1, len - (size_t)(t + 1 - text), rules, out);
    if (why == GBTIME_OK && !out->has_shift)
        why = GBTIME_NO_OFFSET;
    if (why == GBTIME_OK && out->hour == 24) {
        out->hour = 0;
        why = set_day_number(out, clock_day(out->year, out->month, out->day) + 1);
    }
    return why;
}

enum gbtime_reason gbtime_read_shift(const char *text, size_t len, int *shift_out)
{
    struct gbtime t = {0};
    const struct gbtime_rules rules = {.forms = GBTIME_DEFAULT_FORMS};
    enum gbtime_reason why = len == 0 ? GBTIME_NO_OFFSET : read_shift(text, len, &rules, &t);
    *shift_out = t.shift;
    return why;
}
