/* SPDX-License-Identifier: Apache-2.0
 *
 * A push of one record in one message to the database, which does what ingest.h does for any push: upsert, receipt, proof of the caller,
 * commit. It saves the round trips, which cost as much as the storing of a single record does.
 */
#ifndef RUKU_SINGLE_H
#define RUKU_SINGLE_H

#include "attr.h"

struct db;
struct err;
struct ingest_push;
struct row;

/* Stores the row, which has no version, commits, and adds to the push's counts. The caller of the push is remembered, its batch has an id,
 * and it has neither key nor condition. Returns 0; or -1 where nothing was committed (class auth: the caller is not as remembered), or,
 * by db_last_fault DB_FAULT_LOST, where that is not known: then the batch row tells. */
int single_store(struct db *db, struct ingest_push *push, const struct row *row, struct err *e) RUKU_MUST_CHECK;

#endif
