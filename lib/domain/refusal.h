/* SPDX-License-Identifier: Apache-2.0
 *
 * The records of a lenient push that were refused, with their faults, until the next commit writes them down.
 */
#ifndef RUKU_REFUSAL_H
#define RUKU_REFUSAL_H

#include <stddef.h>

#include "buf.h"

struct faults;

struct refusal {
    size_t index;      /* of the record in its push */
    size_t id, id_len; /* in text; id_len 0: not known */
    size_t faults, faults_len; /* in text: a JSON array */
};

struct refusals {
    struct refusal *items;
    size_t count, size;
    struct buf text;
};

void refusals_init(struct refusals *r);
void refusals_free(struct refusals *r);

/* Forgets them all, keeps the memory. */
void refusals_clear(struct refusals *r);

/* Adds the record that the faults are of. Returns 0, or -1 where memory is short. */
int refusals_add(struct refusals *r, const struct faults *faults);

#endif
