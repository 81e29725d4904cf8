/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates and times of GB/T 7408.1-2023 (identical to ISO 8601-1:2019): the complete calendar date and the date-time
 * with seconds and shift, both in extended format, and durations. The zone of the process plays no part.
 */
#ifndef RUKU_GBTIME_H
#define RUKU_GBTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GBTIME_TEXT_SIZE 40
#define GBTIME_SQL_SIZE sizeof("2024-10-09 15:30:00")

struct gbtime {
    int year, month, day;
    int hour, minute, second; /* second is 60 in a leap second */
    int shift;                /* minutes east of UTC */
};

/* Reads `2024-10-09`, a day that exists, from year 0001 on. */
bool gbtime_date(const char *text, size_t len, struct gbtime *out);

/* Reads `2024-10-09T15:30:00+08:00`: seconds may have a decimal fraction after '.' or ',', the shift is Z, ±hh:mm or ±hh
 * and not -00:00; hours go to 23; second 60 only where UTC has 23:59:60. */
bool gbtime_datetime(const char *text, size_t len, struct gbtime *out);

/* Reads, beside the strict form of a date or date-time, what Chinese systems send: `2024/10/09`, `2024-10-09 15:30`,
 * `2024-10-09 15:30:00`, and milliseconds since 1970
 * of at least 12 digits. A missing shift is +08:00. */
bool gbtime_lenient(const char *text, size_t len, struct gbtime *out);

/* True for PnYnMnDTnHnMnS (any part but not none; a fraction only in the last) and PnW. */
bool gbtime_is_duration(const char *text, size_t len);

/* Writes the strict form of the date and time, or of the date that the instant has at +08:00. */
void gbtime_format(char to[GBTIME_TEXT_SIZE], const struct gbtime *t, bool with_time);

/* Writes the instant as the wall clock of +08:00 shows it, for a DATETIME column. False outside years 1 to 9999. */
bool gbtime_sql(char to[GBTIME_SQL_SIZE], const struct gbtime *t);

#endif
