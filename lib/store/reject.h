/* SPDX-License-Identifier: Apache-2.0
 *
 * The refused records of a lenient push, as rows beside its receipt.
 */
#ifndef RUKU_REJECT_H
#define RUKU_REJECT_H

#include <stddef.h>

#include "attr.h"
#include "db.h"

struct err;
struct refusals;

enum { REJECT_COLUMNS = 4 };

/* Room for the rows of one statement, kept between pushes. Begins all zero. */
struct reject_room {
    struct db_array columns[REJECT_COLUMNS];
    char (*positions)[24];
    size_t max;
};

void reject_room_free(struct reject_room *room);

/* Stores them under the batch, within the transaction that is open. Returns 0 or -1. */
int reject_store(struct reject_room *room, struct db *db, const char *batch, const struct refusals *refusals, struct err *e)
    RUKU_MUST_CHECK;

#endif
