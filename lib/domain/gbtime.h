/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates and times of GB/T 7408.1-2023 (identical to ISO 8601-1:2019): dates, times of day, date-times, durations,
 * intervals and recurrences, in the representations that a caller allows. Text in, a value and the reason of a refusal
 * out. The zone of the process plays no part. ruku-category(5) has the table of what was decided where the standard
 * leaves a choice.
 */
#ifndef RUKU_GBTIME_H
#define RUKU_GBTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GBTIME_TEXT_SIZE 40
#define GBTIME_SPAN_SIZE 160 /* of an interval or a recurrence */
#define GBTIME_SQL_SIZE sizeof("2024-10-09 15:30:00")
#define GBTIME_FRACTION_DIGITS 9
#define GBTIME_CHINA_SHIFT (8 * 60)

/* The representations that may be allowed. */
enum gbtime_form {
    GBTIME_CALENDAR = 1 << 0,   /* 2024-10-09 */
    GBTIME_ORDINAL = 1 << 1,    /* 2024-283 */
    GBTIME_WEEK = 1 << 2,       /* 2024-W41-3 */
    GBTIME_MONTH = 1 << 3,      /* 2024-10 */
    GBTIME_YEAR = 1 << 4,       /* 2024 */
    GBTIME_WHOLE_WEEK = 1 << 5, /* 2024-W41 */
    GBTIME_SECONDS = 1 << 6,    /* 15:30:00 */
    GBTIME_MINUTES = 1 << 7,    /* 15:30 */
    GBTIME_HOURS = 1 << 8,      /* 15 */
    GBTIME_FRACTION = 1 << 9,   /* of the last part of a time of day */
    GBTIME_BASIC = 1 << 10,     /* 20241009T153000+0800 beside the extended format */
    GBTIME_HOUR24 = 1 << 11     /* 24:00 of a date-time, which becomes 00:00 of the next day */
};
#define GBTIME_FORM_N 12

#define GBTIME_DATE_FORMS 0x3F
#define GBTIME_TIME_FORMS (GBTIME_SECONDS | GBTIME_MINUTES | GBTIME_HOURS | GBTIME_FRACTION)
#define GBTIME_REDUCED_DATES (GBTIME_MONTH | GBTIME_YEAR | GBTIME_WHOLE_WEEK)
#define GBTIME_DEFAULT_FORMS (GBTIME_CALENDAR | GBTIME_SECONDS | GBTIME_FRACTION)

/* Which rule a text breaks; gbwords.h has the sentences. */
enum gbtime_reason {
    GBTIME_OK,
    GBTIME_NOT_ASCII,
    GBTIME_SPACE,
    GBTIME_LOWER_CASE,
    GBTIME_NOT_A_DATE,
    GBTIME_NOT_A_TIME,
    GBTIME_SLASHES,
    GBTIME_EPOCH,
    GBTIME_NUMBER,
    GBTIME_SHORT_YEAR,
    GBTIME_EXPANDED_YEAR,
    GBTIME_TRUNCATED,
    GBTIME_BASIC_MONTH,
    GBTIME_MIXED_FORMATS,
    GBTIME_YEAR_ZERO,
    GBTIME_YEAR_RANGE,
    GBTIME_NO_SUCH_MONTH,
    GBTIME_NO_SUCH_DAY,
    GBTIME_NO_SUCH_DAY_OF_YEAR,
    GBTIME_NO_SUCH_WEEK,
    GBTIME_NO_SUCH_WEEKDAY,
    GBTIME_DATE_NOT_COMPLETE,
    GBTIME_NO_TIME,
    GBTIME_TIME_TOO_MANY,
    GBTIME_HOUR_24,
    GBTIME_NO_SUCH_HOUR,
    GBTIME_NO_SUCH_MINUTE,
    GBTIME_NO_SUCH_SECOND,
    GBTIME_LEAP_SECOND,
    GBTIME_BAD_FRACTION,
    GBTIME_LONG_FRACTION,
    GBTIME_NO_OFFSET,
    GBTIME_BAD_OFFSET,
    GBTIME_NO_SUCH_OFFSET,
    GBTIME_NEGATIVE_ZERO,
    GBTIME_NOT_A_DURATION,
    GBTIME_DURATION_SIGN,
    GBTIME_DURATION_EMPTY,
    GBTIME_DURATION_ORDER,
    GBTIME_DURATION_FRACTION,
    GBTIME_DURATION_WEEKS,
    GBTIME_DURATION_ALTERNATIVE,
    GBTIME_NOT_AN_INTERVAL,
    GBTIME_TWO_DURATIONS,
    GBTIME_ENDS_DIFFER,
    GBTIME_END_BEFORE_START,
    GBTIME_NOT_A_RECURRENCE,
    GBTIME_RECURRENCE_COUNT,
    GBTIME_TOO_LONG,
    GBTIME_NOT_ALLOWED, /* + the number of the bit of the form that is not allowed */
    GBTIME_REASON_N = GBTIME_NOT_ALLOWED + GBTIME_FORM_N
};

enum gbtime_format { GBTIME_EITHER_FORMAT, GBTIME_BASIC_FORMAT, GBTIME_EXTENDED_FORMAT };

/* What a caller allows. A value without shift is refused where `assume` is not set, else it has the shift. */
struct gbtime_rules {
    unsigned forms; /* bits of enum gbtime_form */
    bool assume;
    int shift; /* minutes east of UTC; of lenient forms in any case */
};

/* A date, a time or both. What a reduced precision leaves open is its first moment: of 2024-W41 the Monday. */
struct gbtime {
    int year, month, day;
    int hour, minute, second; /* second is 60 in a leap second */
    int shift;                /* minutes east of UTC */
    bool has_shift, utc;      /* utc: the shift was Z */
    unsigned date_form;       /* GBTIME_CALENDAR, or a reduced one; 0: no date */
    unsigned time_form;       /* GBTIME_SECONDS, GBTIME_MINUTES, GBTIME_HOURS; 0: no time */
    int week_year, week;      /* with GBTIME_WHOLE_WEEK */
    int fraction;             /* of the last part of the time: its first GBTIME_FRACTION_DIGITS digits */
    int fraction_digits;      /* as sent, which may be more */
    enum gbtime_format format; /* as sent */
};

/* Each reads the whole text and returns GBTIME_OK or why it is none. *out is set with GBTIME_OK only. A time of day
 * may begin with T and needs no shift. */
enum gbtime_reason gbtime_read_date(const char *text, size_t len, const struct gbtime_rules *rules, struct gbtime *out);
enum gbtime_reason gbtime_read_time(const char *text, size_t len, const struct gbtime_rules *rules, struct gbtime *out);
enum gbtime_reason gbtime_read_datetime(const char *text, size_t len, const struct gbtime_rules *rules,
                                        struct gbtime *out);

/* Reads a date or date-time by the rules, and besides what Chinese systems send: `2024/10/09`, `2024-10-09 15:30`,
 * `2024-10-09 15:30:00`, and milliseconds since 1970 of at least 12 digits. What has no shift gets that of the rules. */
enum gbtime_reason gbtime_read_lenient(const char *text, size_t len, const struct gbtime_rules *rules,
                                       struct gbtime *out);

/* PnYnMnDTnHnMnS (any part but not none; a fraction only in the last) or PnW. */
enum gbtime_reason gbtime_read_duration(const char *text, size_t len);

/* Reads start/end, start/duration, duration/end or a duration, and writes the canonical form. Start and end are both
 * dates or both date-times; an end without shift has that of the start. */
enum gbtime_reason gbtime_read_interval(const char *text, size_t len, const struct gbtime_rules *rules,
                                        char to[GBTIME_SPAN_SIZE]);

/* Reads Rn/interval or R/interval, and writes the canonical form. */
enum gbtime_reason gbtime_read_recurrence(const char *text, size_t len, const struct gbtime_rules *rules,
                                          char to[GBTIME_SPAN_SIZE]);

/* Reads Z, ±hh:mm or ±hh; *shift_out in minutes. */
enum gbtime_reason gbtime_read_shift(const char *text, size_t len, int *shift_out);

/* Writes the canonical form: extended format, calendar dates, a fraction after a point, Z or ±hh:mm. */
void gbtime_write(char to[GBTIME_TEXT_SIZE], const struct gbtime *t);

/* Orders two instants that both have a date. */
int gbtime_compare(const struct gbtime *a, const struct gbtime *b);

/* The default representations: `2024-10-09`, from year 0001 on; `2024-10-09T15:30:00+08:00`, whose seconds may have a
 * fraction of any length; the lenient ones at +08:00; a duration. */
bool gbtime_date(const char *text, size_t len, struct gbtime *out);
bool gbtime_datetime(const char *text, size_t len, struct gbtime *out);
bool gbtime_lenient(const char *text, size_t len, struct gbtime *out);
bool gbtime_is_duration(const char *text, size_t len);

/* Writes date and time with seconds and ±hh:mm and without fraction, or the date that the instant has at +08:00. */
void gbtime_format(char to[GBTIME_TEXT_SIZE], const struct gbtime *t, bool with_time);

/* Writes the instant as the wall clock of +08:00 shows it, for a DATETIME column. False outside years 1 to 9999. */
bool gbtime_sql(char to[GBTIME_SQL_SIZE], const struct gbtime *t);

#endif
