/* SPDX-License-Identifier: Apache-2.0
 *
 * A push from its first byte to its receipt: read, checked, stored. A strict push is stored whole or not at all: its
 * transaction begins when the last record has been found good. A lenient push stores what is good and writes down what is
 * not, chunk by chunk. While bytes are waited for, no transaction is open.
 */
#ifndef RUKU_PUSH_H
#define RUKU_PUSH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "buf.h"
#include "crypt.h"
#include "fault.h"
#include "ingest.h"
#include "intake.h"
#include "refusal.h"
#include "sealing.h"
#include "spool.h"

struct caller;
struct category;
struct db;
struct err;
struct keyring;
struct push;

#define PUSH_FAULTS_TOLD 100 /* faults in a reply; all are counted */

/* Memory that is used again by each push. */
struct push_room {
    struct ingest *ingest;
    size_t chunk_records;
    struct spool spool;
    struct buf window;
};

struct push_options {
    int64_t client;
    struct caller *caller; /* and its address; NULL: an administrator */
    const char *address;
    const struct category *category;
    const char *resource;
    bool lines;    /* NDJSON */
    bool xml;      /* the source makes JSON of XML */
    bool single;   /* one object, no array */
    bool lenient;
    bool validate; /* check only */
    enum crypt_hash hash;
    const struct keyring *keys; /* where a field of the category is encrypted */
    enum msg_lang lang;
    int64_t offset; /* in the body, of where the source begins */
    int64_t max_body;
    size_t max_record;
    size_t kept_rejects; /* rejected records that are written down */
    size_t max_results;  /* 0: not asked for */
    const char *given_id; /* of the path, or NULL */
    size_t given_id_len;
    int64_t expect; /* INGEST_EXPECT_… or a revision */
    const char *key; /* idempotency key, or NULL */
    struct crypt_stream *request_hash; /* with a key: has hashed the body when it has been read */
    /* Makes the reply from the push as it stands: just before the last commit, or where nothing is stored at the end. It
     * may be called more than once, and the last call counts. False where memory is short. */
    bool (*reply)(void *context, struct push *push, struct ingest_reply *out);
    /* NULL, or is told while rows are stored how many of those of the commit have been. */
    void (*written)(void *context, size_t rows, size_t all);
    void *context;
};

struct push {
    struct intake_sink sink; /* first, so that the sink's self is the push */
    const struct push_options *options;
    struct push_room *room;
    struct db *db;
    struct ingest_push ingest; /* what is stored, and under which batch */
    struct intake_result read;
    struct faults faults;
    struct refusals refusals;
    struct sealing sealing; /* where a field is encrypted */
    size_t refused; /* rejected records that were written down */
    struct buf errors; /* the first faults as JSON objects separated by commas */
    size_t errors_told, errors_total;
    int64_t committed_at; /* clock_micros */
};

/* Runs a push. Returns 0 where the body was read to its end and everything that should be stored is; or -1, and then
 * push->ingest.begun tells whether a part of a lenient push is. push_free in any case. */
int push_run(struct push *push, const struct push_options *options, struct push_room *room, struct db *db,
             struct source *source, struct err *e) RUKU_MUST_CHECK;

void push_free(struct push *push);

/* Makes and frees the room. Returns 0, or -1 where memory is short. */
int push_room_init(struct push_room *room, size_t chunk_records, size_t spool_memory, const char *spool_dir,
                   size_t max_record) RUKU_MUST_CHECK;
void push_room_free(struct push_room *room);

#endif
