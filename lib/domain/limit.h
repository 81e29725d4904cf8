/* SPDX-License-Identifier: Apache-2.0
 *
 * Counters in memory that all workers share: how often something happened in a window of time. They need no database
 * and hold no lock, so a worker that is killed in the middle leaves nothing behind; counts are approximate under races.
 */
#ifndef RUKU_LIMIT_H
#define RUKU_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

struct limits;

/* Maps the table; call it before the fork. NULL where memory is short. */
struct limits *limits_new(void) RUKU_MUST_CHECK;

/* Counts an event of (kind, name, address) in its window of `window` seconds and returns how often it happened in it. */
uint32_t limits_count(struct limits *l, const char *kind, const char *name, const char *address, int64_t window);

/* How often it happened, without counting. *seconds_left_out: until the window ends, at least 1. */
uint32_t limits_peek(const struct limits *l, const char *kind, const char *name, const char *address, int64_t window,
                     int *seconds_left_out);

#endif
