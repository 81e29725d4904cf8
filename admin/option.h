/* SPDX-License-Identifier: Apache-2.0
 *
 * The options of the subcommands: one table; a subcommand's row says which of them it takes.
 */
#ifndef RUKU_OPTION_H
#define RUKU_OPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

struct err;

enum option_id {
    OPTION_ID,
    OPTION_NETWORK,
    OPTION_CLIENT,
    OPTION_FORMAT,
    OPTION_SINCE,
    OPTION_ALL,
    OPTION_ENVELOPE,
    OPTION_DAYS,
    OPTION_AFTER,
    OPTION_LIMIT,
    OPTION_DRY_RUN,
    OPTION_LENIENT,
    OPTION_UNMASK,
    OPTION_GRACE,
    OPTION_N
};

/* What was given: its text, "" for an option without one, or NULL. Borrowed from argv. */
struct options {
    const char *text[OPTION_N];
};

/* Reads the options of argv, which begins with the subcommand's name and is put in order, options first. allowed: a
 * bit for each option_id that may be there. Returns the index of the first word, or -1 where it has said on standard
 * error what is wrong. */
int option_read(int argc, char **argv, unsigned allowed, struct options *out) RUKU_MUST_CHECK;

bool option_given(const struct options *o, enum option_id id);

/* A number within [min, max], or fallback where the option was not given. Returns 0 or -1 (class config). */
int option_number(const struct options *o, enum option_id id, int64_t fallback, int64_t min, int64_t max,
                  int64_t *number_out, struct err *e) RUKU_MUST_CHECK;

/* A time of at most `max` seconds: a number of seconds, or with d, h or m behind it, of days, hours or minutes; 0 where the option was not
 * given. Returns 0 or -1 (class config). */
int option_time(const struct options *o, enum option_id id, int64_t max, int64_t *seconds_out, struct err *e) RUKU_MUST_CHECK;

#endif
