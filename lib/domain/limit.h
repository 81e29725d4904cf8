/* SPDX-License-Identifier: Apache-2.0
 *
 * Counters in memory that all workers share: how often something happened in a window of time, whose days begin at midnight of +08:00.
 * They need no database
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

/* Counts an event of (kind, name, address) in its window of `window` seconds and returns how often it happened in it. address NULL: of a client that
 * has shown who it is; those are kept apart from what strangers can cause. Where more is counted than there is room for, what is counted lowest in a
 * window that is not over is forgotten. */
uint32_t limits_count(struct limits *l, const char *kind, const char *name, const char *address, int64_t window);

/* Counts `amount` at once. */
uint32_t limits_add(struct limits *l, const char *kind, const char *name, const char *address, int64_t window, uint32_t amount);

/* Lets an amount of (kind, name) through a gate that lets `rate` a second through, and a second's worth at once; what is larger than that
 * passes, and whoever comes behind it waits so much longer. Returns 0; or the seconds to wait, and then nothing has passed. */
int limits_gate(struct limits *l, const char *kind, const char *name, int64_t amount, int64_t rate);

/* What has passed already, whether the gate was open or not: the next has to wait for it. */
void limits_gate_passed(struct limits *l, const char *kind, const char *name, int64_t amount, int64_t rate);

/* How often it happened, without counting. *seconds_left_out: until the window ends, at least 1. */
uint32_t limits_peek(struct limits *l, const char *kind, const char *name, const char *address, int64_t window,
                     int *seconds_left_out);

#endif
