/* SPDX-License-Identifier: Apache-2.0
 *
 * One push, one transaction: the checked rows of a spool and the batch row that is their receipt. This module owns the
 * rules of repetition. A deadlock, or a connection lost before COMMIT was sent, repeats the whole transaction; a
 * connection lost after it is settled by asking for the batch row, which exists if and only if the commit happened.
 */
#ifndef RUKU_INGEST_H
#define RUKU_INGEST_H

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

struct db;
struct err;
struct ingest;
struct spool;

#define INGEST_BATCH_SIZE sizeof("20241009153000-0123456789ab")

struct ingest_push {
    int64_t client;
    const char *category, *resource;
    size_t received;
};

/* What became of the records. created + updated + unchanged is the number of records. */
struct ingest_counts {
    uint64_t created, updated;
    uint64_t unchanged;  /* nothing was stored: the content was there already, or the record was superseded */
    uint64_t superseded; /* of unchanged: a later record of the same chunk of the push has the same id */
};

/* Makes the arrays for chunks of up to chunk_records rows. NULL where memory is short. */
struct ingest *ingest_new(size_t chunk_records) RUKU_MUST_CHECK;

void ingest_free(struct ingest *in);

/* Stores the push and commits it. Returns 0 with the batch's id and the counts; or -1 with nothing stored (class busy,
 * internal), or with the one outcome that cannot be told (class unsure). */
int ingest_write(struct ingest *in, struct db *db, const struct ingest_push *push, struct spool *spool,
                 char batch_out[INGEST_BATCH_SIZE], struct ingest_counts *counts_out, struct err *e) RUKU_MUST_CHECK;

#endif
