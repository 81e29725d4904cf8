/* SPDX-License-Identifier: Apache-2.0
 *
 * The time of day. What a person or another system reads is always China Standard Time (+08:00), never the
 * process's zone.
 */
#ifndef RUKU_CLOCK_H
#define RUKU_CLOCK_H

#include <stdint.h>

#define CLOCK_TEXT_SIZE sizeof("2024-10-09T15:30:00+08:00")

/* Seconds since 1970-01-01T00:00:00Z. */
int64_t clock_now(void);

/* Microseconds of a clock that never goes back; only differences mean something. */
int64_t clock_micros(void);

/* Milliseconds since 1970. */
int64_t clock_now_millis(void);

/* Writes `2024-10-09T15:30:00+08:00`. */
void clock_format(char to[CLOCK_TEXT_SIZE], int64_t seconds);

/* Writes the time of now as `2024-10-09 15:30:00.123456`, in the same zone. */
void clock_format_micros(char to[27]);

/* Writes `20241009153000` (14 digits and a NUL), in the same zone. */
void clock_format_compact(char to[15], int64_t seconds);

/* The civil date of a day counted from 1970-01-01, by the Gregorian calendar in both directions. */
void clock_civil(int64_t day, int64_t *year_out, int *month_out, int *day_out);

/* The day number of a civil date; the inverse of clock_civil. */
int64_t clock_day(int64_t year, int month, int day);

#endif
