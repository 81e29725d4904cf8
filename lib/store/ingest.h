/* SPDX-License-Identifier: Apache-2.0
 *
 * A push and its receipt: checked rows and the batch row that tells of them, committed together. A strict push is one commit; a
 * lenient one commits chunk by chunk, and its receipt grows with it. This module owns the rules of repetition. A
 * deadlock, or a connection lost before COMMIT was sent, repeats the transaction; a connection lost after it is settled by
 * asking for the batch row, which tells if and only if the commit happened.
 */
#ifndef RUKU_INGEST_H
#define RUKU_INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "chunk.h"
#include "crypt.h"
#include "result.h"
#include "seen.h"

struct caller;
struct db;
struct err;
struct ingest;
struct refusals;
struct spool;

#define INGEST_BATCH_SIZE sizeof("20241009153000-0123456789ab")
#define INGEST_CHUNK_BYTES ((size_t)2 * 1024 * 1024) /* well under the server's usual max_allowed_packet */

/* What the one record of a push must be like before it is stored. A number above 0: its revision. */
enum { INGEST_EXPECT_NOTHING = 0, INGEST_EXPECT_STORED = -1, INGEST_EXPECT_NEW = -2 };

/* The reply, as it is kept under an idempotency key. Borrowed until the commit has ended. */
struct ingest_reply {
    int status;
    const char *headers;
    const char *body;
    size_t body_len;
};

struct ingest_push {
    /* set by the caller, and borrowed */
    int64_t client;
    const char *category, *resource;
    const char *category_version; /* of the definition that checks the records, or NULL */
    struct caller *caller; /* NULL, or who pushes: where it is remembered only, the first commit proves it */
    const char *address;   /* of the caller */
    bool lenient;
    int64_t expect; /* INGEST_EXPECT_… or a revision, of the record with the id below */
    const char *id;
    size_t id_len;
    const char *key; /* idempotency key, or NULL */
    unsigned char request_digest[CRYPT_DIGEST_SIZE]; /* where there is a key: before the last commit */
    /* Makes the reply, from what is known just before the last commit. False where memory is short: then nothing is committed. */
    bool (*reply)(void *context, struct ingest_reply *out);
    /* NULL, or is told within a commit how many of its rows have been written; where it is tried again, from 0 on. */
    void (*written)(void *context, size_t rows, size_t all);
    void *context;
    struct results results; /* made and freed by the caller */

    /* brought up to date by the caller before each commit */
    size_t received, rejected;

    /* kept by this module */
    char batch[INGEST_BATCH_SIZE]; /* "" until something is committed or about to be */
    struct counts counts;          /* committed, or about to be while reply() runs */
    bool begun;                    /* something is committed */
    struct seen seen;
};

/* Makes the room for chunks of up to chunk_records rows. NULL where memory is short. */
struct ingest *ingest_new(size_t chunk_records) RUKU_MUST_CHECK;

void ingest_free(struct ingest *in);

/* From now on a large write waits for one of `writers` turns (turn.h), which it gives back before it commits. */
void ingest_take_turns(struct ingest *in, int turns, int64_t writers);

/* Stores the rows and the refusals that have come since the last commit. `last`: the push is complete with them. Returns
 * 0; or -1 with nothing of them stored (class busy, internal, precondition; conflict: the idempotency key is taken), or with the one
 * outcome that cannot be told (class unsure). */
int ingest_commit(struct ingest *in, struct db *db, struct ingest_push *push, struct spool *spool,
                  const struct refusals *refusals, bool last, struct err *e) RUKU_MUST_CHECK;

/* Gives back what the module keeps of a push. */
void ingest_end(struct ingest_push *push);

#endif
