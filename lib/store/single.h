/* SPDX-License-Identifier: Apache-2.0
 *
 * A push of one record in one message to the database, which does what ingest.h does for any push: upsert, receipt, proof of the caller,
 * commit. It saves the round trips, which cost as much as the storing of a single record does.
 */
#ifndef RUKU_SINGLE_H
#define RUKU_SINGLE_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

struct caller;
struct counts;
struct db;
struct err;
struct row;

struct single_target {
    int64_t client;
    const char *category, *resource;
    const char *category_version; /* as in chunk.h */
    const char *batch; /* the id of the receipt that is made */
    bool lenient;
    const struct caller *caller; /* remembered, and proved here */
};

/* Stores the row, which has no version, commits, and adds to the counts. Returns 0; or -1 where nothing was committed (class auth: the
 * caller is not as remembered), or, by db_last_fault DB_FAULT_LOST, where that is not known: then the batch row tells. */
int single_store(struct db *db, const struct single_target *target, const struct row *row, struct counts *counts,
                 struct err *e) RUKU_MUST_CHECK;

#endif
