/* SPDX-License-Identifier: Apache-2.0
 *
 * One chunk of a push: up to some thousand checked rows, stored by one statement, and what became of each of them.
 */
#ifndef RUKU_CHUNK_H
#define RUKU_CHUNK_H

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

struct chunk;
struct db;
struct err;
struct results;
struct row;
struct seen;

/* What became of the records of a push. created + updated + unchanged is the number of records that were not refused. */
struct counts {
    uint64_t created, updated;
    uint64_t unchanged;  /* nothing was stored: the content was there already, or the record was superseded or stale */
    uint64_t superseded; /* of unchanged: a later record of the push has the same id */
    uint64_t stale;      /* of unchanged: the record's version is older than the stored one */
};

struct chunk_target {
    int64_t client;
    const char *category, *resource;
    const char *category_version; /* of the definition that has checked the rows; NULL: it has none */
    const char *batch;
    struct seen *seen;       /* ids of earlier chunks of the push, and to be told of these; NULL: there are none and will be none */
    struct results *results; /* asked for one by one, or not */
};

/* Makes room for chunks of up to max_rows rows. NULL where memory is short. */
struct chunk *chunk_new(size_t max_rows) RUKU_MUST_CHECK;

void chunk_free(struct chunk *c);

/* Where the caller puts the rows; there is room for chunk_max of them. */
struct row *chunk_rows(struct chunk *c);
size_t chunk_max(const struct chunk *c);

/* Stores the first `count` rows (at least one) within the transaction that is open, and adds to the counts. Returns 0 or -1. */
int chunk_write(struct chunk *c, struct db *db, const struct chunk_target *target, size_t count, struct counts *counts,
                struct err *e) RUKU_MUST_CHECK;

#endif
