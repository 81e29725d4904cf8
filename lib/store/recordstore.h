/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading stored records back.
 */
#ifndef RUKU_RECORDSTORE_H
#define RUKU_RECORDSTORE_H

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

struct buf;
struct db;
struct err;

struct stored_record {
    int64_t revision;
    char state[16];
    char batch[32];
    char created_at[40], updated_at[40]; /* 2024-10-09T15:30:00+08:00 */
};

/* Finds a record of the client by its id; appends its JSON to `fields`. Returns 1 found, 0 not, -1 failure. */
int recordstore_find(struct db *db, int64_t client, const char *category, const char *resource, const char *id,
                     size_t id_len, struct stored_record *out, struct buf *fields, struct err *e) RUKU_MUST_CHECK;

#endif
