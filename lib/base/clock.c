/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "clock.h"

#include <stdio.h>
#include <time.h>

#include "poison.h"

#define CHINA_OFFSET (8 * 3600)
#define DAY_SECONDS 86400

int64_t clock_now(void)
{
    return clock_now_millis() / 1000;
}

int64_t clock_now_millis(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_micros(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Both conversions count years from 1 March, so that the leap day is the last of its year, in eras of 400 years. */
void clock_civil(int64_t day, int64_t *year_out, int *month_out, int *day_out)
{
    int64_t shifted = day + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    *day_out = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    *month_out = (int)(month < 10 ? month + 3 : month - 9);
    *year_out = year_of_era + era * 400 + (*month_out <= 2);
}

int64_t clock_day(int64_t year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil {
    int64_t year;
    int month, day, hour, minute, second;
};

static struct civil china_time(int64_t seconds)
{
    struct civil c;
    int64_t local = seconds + CHINA_OFFSET;
    int64_t day = local / DAY_SECONDS - (local % DAY_SECONDS < 0);
    int second = (int)(local - day * DAY_SECONDS);
    clock_civil(day, &c.year, &c.month, &c.day);
    c.hour = second / 3600;
    c.minute = second / 60 % 60;
    c.second = second % 60;
    return c;
}

void clock_format(char to[CLOCK_TEXT_SIZE], int64_t seconds)
{
    struct civil c = china_time(seconds);
    (void)snprintf(to, CLOCK_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u+08:00", (unsigned)c.year % 10000, (unsigned)c.month % 100,
                   (unsigned)c.day % 100, (unsigned)c.hour % 100, (unsigned)c.minute % 100, (unsigned)c.second % 100);
}

void clock_format_micros(char to[27])
{
    struct timespec t;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    struct civil c = china_time(t.tv_sec);
    (void)snprintf(to, 27, "%04u-%02u-%02u %02u:%02u:%02u.%06u", (unsigned)c.year % 10000, (unsigned)c.month % 100, (unsigned)c.day % 100,
                   (unsigned)c.hour % 100, (unsigned)c.minute % 100, (unsigned)c.second % 100, (unsigned)(t.tv_nsec / 1000) % 1000000);
}

void clock_format_compact(char to[15], int64_t seconds)
{
    struct civil c = china_time(seconds);
    (void)snprintf(to, 15, "%04u%02u%02u%02u%02u%02u", (unsigned)c.year % 10000, (unsigned)c.month % 100,
                   (unsigned)c.day % 100, (unsigned)c.hour % 100, (unsigned)c.minute % 100, (unsigned)c.second % 100);
}
