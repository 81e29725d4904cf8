/* SPDX-License-Identifier: Apache-2.0
 *
 * Refusals that are held back for a moment. Who asks for more than he may asks again as soon as he is refused; while he waits for the
 * answer he does not, and the machine is there for the others. Not more than HELD_MAX in each worker: each keeps a connection of the
 * web server.
 */
#ifndef RUKU_HELD_H
#define RUKU_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

enum { HELD_MAX = 64 };

/* Sends the answer of one. */
typedef void held_send(void *visit);

struct held {
    held_send *send;
    size_t count;
    struct {
        void *visit;
        int64_t until; /* clock_micros */
    } places[HELD_MAX]; /* the first is due first */
};

/* Holds an answer back. Returns false where it has to be sent at once, since there is no more room. */
bool held_add(struct held *held, void *visit) RUKU_MUST_CHECK;

/* Sends those that are due at this time of clock_micros; INT64_MAX: all, before what may take long. */
void held_end(struct held *held, int64_t now);

/* Milliseconds until the first is due, at least 1; -1 where there is none. */
int held_millis(const struct held *held);

#endif
