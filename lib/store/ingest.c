/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "ingest.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "db.h"
#include "err.h"
#include "log.h"
#include "record.h"
#include "recordstore.h"
#include "refusal.h"
#include "reject.h"
#include "single.h"
#include "spool.h"
#include "sql.h"
#include "token.h"
#include "turn.h"
#include "words.h"

#include "poison.h"

#define TRIES_MAX 6
#define TRY_MICROS_MAX INT64_C(20000000) /* no new try after this: the sender should hear of it */
#define BACKOFF_MILLIS 10
#define RETRY_AFTER_SECONDS 5
#define TURN_BYTES ((size_t)256 * 1024) /* a smaller write is over before it could be in the way */

/* How many of write_receipt's values each statement takes. */
enum { BATCH_UPDATE_VALUES = 14, BATCH_ADD_VALUES = 18 };

struct ingest {
    struct chunk *chunk;
    struct reject_room refused;
    int turns;       /* where there are any: see turn.h */
    int64_t writers; /* 0: no turns are taken */
};

/* One commit, which may take several tries. */
struct job {
    struct ingest *in;
    struct db *db;
    struct ingest_push *push;
    struct spool *spool;
    const struct refusals *refusals;
    bool last;
};

/* How one try of the transaction ended. */
enum outcome { COMMITTED, AGAIN, UNSURE, DUPLICATE, FAILED };

struct ingest *ingest_new(size_t chunk_records)
{
    struct ingest *in = calloc(1, sizeof(*in));
    if (in == NULL)
        return NULL;
    in->chunk = chunk_new(chunk_records);
    if (in->chunk != NULL)
        return in;
    ingest_free(in);
    return NULL;
}

void ingest_take_turns(struct ingest *in, int turns, int64_t writers)
{
    in->turns = turns;
    in->writers = writers;
}

void ingest_free(struct ingest *in)
{
    if (in == NULL)
        return;
    chunk_free(in->chunk);
    reject_room_free(&in->refused);
    free(in);
}

void ingest_end(struct ingest_push *push)
{
    seen_clear(&push->seen);
}

/* A batch's id sorts by time and reads well on the telephone: the second it began, its millisecond, and 50 random bits. */
static void make_batch_id(char to[INGEST_BATCH_SIZE])
{
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned char random[12];
    int64_t now = clock_now_millis();
    clock_format_compact(to, now / 1000);
    to[14] = '-';
    crypt_nonce(random, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++)
        to[15 + i] = alphabet[random[i] & 31];
    to[15] = alphabet[now % 1000 / 32];
    to[16] = alphabet[now % 1000 % 32];
    to[INGEST_BATCH_SIZE - 1] = '\0';
}

/* True where the push has, or may still have, more than one chunk. */
static bool is_large(const struct job *j)
{
    return j->push->begun || !j->last || j->spool->count > chunk_max(j->in->chunk) ||
           j->spool->bytes > INGEST_CHUNK_BYTES || j->spool->fd >= 0; /* read back window by window */
}

static int write_rows(const struct job *j, struct err *e)
{
    struct ingest_push *push = j->push;
    struct chunk *chunk = j->in->chunk;
    struct chunk_target target = {.client = push->client, .category = push->category, .resource = push->resource,
                                  .category_version = push->category_version, .batch = push->batch, .seen = is_large(j) ? &push->seen : NULL,
                                  .results = &push->results};
    if (spool_rewind(j->spool, e) != 0)
        return -1;
    for (size_t written = 0;;) {
        size_t count;
        if (spool_next(j->spool, chunk_rows(chunk), chunk_max(chunk), INGEST_CHUNK_BYTES, &count, e) != 0)
            return -1;
        if (count == 0)
            return 0;
        if (chunk_write(chunk, j->db, &target, count, &push->counts, e) != 0)
            return -1;
        written += count;
        if (push->written != NULL)
            push->written(push->context, written, j->spool->count);
    }
}

static int make_reply(const struct job *j, struct ingest_reply *out, struct err *e)
{
    return j->push->reply(j->push->context, out) ? 0 : err_set(e, MSG_SPOOL_FULL, "out of memory for the reply");
}

/* The batch row: made by the first commit of a push, brought up to date by the later ones. */
static int write_receipt(const struct job *j, struct err *e)
{
    const struct ingest_push *push = j->push;
    const struct counts *counts = &push->counts;
    const struct caller *caller = push->caller;
    bool proof = caller != NULL && caller->remembered;
    struct ingest_reply reply = {0};
    bool keep = push->key != NULL && j->last;
    if (j->last && make_reply(j, &reply, e) != 0)
        return -1;
    struct db_value values[] = {
        db_int((int64_t)push->received), db_int((int64_t)counts->created), db_int((int64_t)counts->updated),
        db_int((int64_t)counts->unchanged), db_int((int64_t)counts->superseded), db_int((int64_t)counts->stale),
        db_int((int64_t)push->rejected), db_int(j->last),
        keep ? db_text(push->key) : db_null(),
        keep ? db_bytes(push->request_digest, sizeof(push->request_digest)) : db_null(),
        keep ? db_int(reply.status) : db_null(), keep ? db_text(reply.headers) : db_null(),
        keep ? db_bytes(reply.body, reply.body_len) : db_null(), db_text(push->batch),
        db_int(push->client), db_text(push->category), db_text(push->resource),
        db_text(push->lenient ? "lenient" : "strict"), proof ? db_bytes(caller->digest, sizeof(caller->digest)) : db_null(),
        db_int(push->client), db_text(proof ? caller->networks : ""), db_int(push->client),
        db_text(proof ? caller->grant.category : ""), db_text(proof ? caller->grant.resource : "")};
    /* Of a batch that is there already only its counts and its end change; who pushed what stays. */
    if (push->begun)
        return db_run(j->db, SQL_BATCH_UPDATE, values, BATCH_UPDATE_VALUES, NULL, e);
    if (!proof)
        return db_run(j->db, SQL_BATCH_ADD, values, BATCH_ADD_VALUES, NULL, e);
    uint64_t added;
    if (db_run(j->db, SQL_BATCH_ADD_PROVED, values, sizeof(values) / sizeof(values[0]), &added, e) != 0)
        return -1;
    return added == 1 ? 0 : token_refuse_remembered(e);
}

/* Locks the record and looks whether it is what the sender takes it for. */
static int check_expectation(const struct job *j, struct err *e)
{
    const struct ingest_push *push = j->push;
    if (push->expect == INGEST_EXPECT_NOTHING)
        return 0;
    struct db_value id = db_bytes(push->id, push->id_len);
    id.type = DB_TEXT;
    struct db_value values[] = {db_int(push->client), db_text(push->category), db_text(push->resource), id};
    if (db_query(j->db, SQL_RECORD_LOCK, values, 4, e) != 0)
        return -1;
    int got = db_fetch(j->db, e);
    int64_t revision = got == 1 ? db_column_int(j->db, 0) : 0;
    bool met = push->expect == INGEST_EXPECT_NEW      ? got == 0
               : push->expect == INGEST_EXPECT_STORED ? got == 1
                                                      : revision == push->expect;
    const char *state = got == 1 ? db_column(j->db, 1, NULL) : NULL;
    int rc = got < 0 ? -1 : met ? 0 : recordstore_unmet(push->id, push->id_len, state, revision, e);
    db_end(j->db);
    return rc;
}

/* A record that is not there cannot be locked: another push may have made it in the meantime. */
static int check_created(const struct job *j, struct err *e)
{
    if (j->push->expect != INGEST_EXPECT_NEW || j->push->counts.created == 1)
        return 0;
    return recordstore_unmet(j->push->id, j->push->id_len, "live", 1, e);
}

static int write_in_transaction(const struct job *j, struct err *e)
{
    return db_begin(j->db, e) == 0 && check_expectation(j, e) == 0 && write_rows(j, e) == 0 &&
                   check_created(j, e) == 0 && reject_store(&j->in->refused, j->db, j->push->batch, j->refusals, e) == 0 && write_receipt(j, e) == 0
               ? 0
               : -1;
}

/* A large write takes turns with those of other workers. The commit is not part of it: what waits for the disk is in nobody's way. */
static int write_all(const struct job *j, struct err *e)
{
    bool in_turn = j->in->writers > 0 && j->spool->bytes >= TURN_BYTES;
    if (in_turn)
        turn_take(j->in->turns, TURN_WRITE, j->in->writers);
    int rc = write_in_transaction(j, e);
    if (in_turn)
        turn_end(j->in->turns);
    return rc;
}

/* The caller is not as it was remembered: either it may not push any more, or it may for another reason. */
static int prove(const struct job *j, struct err *e)
{
    const struct token_use use = {.category = j->push->category, .resource = j->push->resource,
                                  .address = j->push->address};
    return token_prove(j->db, &use, j->push->caller, e);
}

/* The row of a push that one message to the database can store (single.h), or NULL. */
static const struct row *single_row(const struct job *j)
{
    const struct ingest_push *push = j->push;
    struct row *row = chunk_rows(j->in->chunk);
    struct err ignored;
    size_t count;
    bool plain = j->last && !push->begun && j->spool->count == 1 && j->refusals->count == 0 && push->caller != NULL &&
                 push->caller->remembered && push->key == NULL && push->expect == INGEST_EXPECT_NOTHING &&
                 !results_wanted(&push->results);
    bool found = plain && spool_rewind(j->spool, &ignored) == 0 && spool_next(j->spool, row, 1, 1, &count, &ignored) == 0;
    return found && row->version == RECORD_NO_VERSION ? row : NULL;
}

/* Stores everything and commits. *sent_out: from here on the database may have committed. */
static int store(const struct job *j, bool *sent_out, struct err *e)
{
    struct ingest_reply unused;
    const struct row *row = single_row(j);
    *sent_out = row != NULL;
    if (row != NULL) {
        struct ingest_push *push = j->push;
        const struct single_target target = {.client = push->client, .category = push->category, .resource = push->resource,
                                             .category_version = push->category_version, .batch = push->batch, .lenient = push->lenient, .caller = push->caller};
        /* Its counts, and with them the reply, are known behind the commit only. */
        return single_store(j->db, &target, row, &push->counts, e) == 0 ? make_reply(j, &unused, e) : -1;
    }
    if (write_all(j, e) != 0)
        return -1;
    *sent_out = true;
    return db_commit(j->db, e);
}

static enum outcome try_once(const struct job *j, struct err *e)
{
    bool sent;
    if (db_connect(j->db, NULL, e) != 0)
        return FAILED;
    if (store(j, &sent, e) == 0)
        return COMMITTED;
    enum db_fault fault = db_last_fault(j->db); /* none, where it was not the database that failed */
    if (fault == DB_FAULT_LOST)
        return sent ? UNSURE : AGAIN;
    db_rollback(j->db);
    if (e->msg.id == MSG_INVALID_TOKEN)
        return prove(j, e) == 0 ? AGAIN : FAILED;
    return fault == DB_FAULT_DUPLICATE ? DUPLICATE : fault == DB_FAULT_RETRY ? AGAIN : FAILED;
}

/* The receipt that was committed tells the counts; the reply is made of them again. */
static enum outcome take_committed(const struct job *j, struct err *e)
{
    struct ingest_reply unused;
    struct db *db = j->db;
    j->push->counts = (struct counts){.created = (uint64_t)db_column_int(db, 0), .updated = (uint64_t)db_column_int(db, 1),
                                      .unchanged = (uint64_t)db_column_int(db, 2), .superseded = (uint64_t)db_column_int(db, 3),
                                      .stale = (uint64_t)db_column_int(db, 4)};
    return !j->last || make_reply(j, &unused, e) == 0 ? COMMITTED : FAILED;
}

/* After a lost answer to COMMIT: COMMITTED, AGAIN where it did not happen, UNSURE where the database stays away. */
static enum outcome resolve(const struct job *j, struct err *e)
{
    struct db_value values[] = {db_text(j->push->batch), db_int((int64_t)j->push->received), db_int(j->last)};
    struct err ignored;
    if (db_connect(j->db, NULL, &ignored) != 0)
        return UNSURE;
    /* On a Galera node that lags behind, the read must wait for what others have committed. Elsewhere it is a no-op. */
    if (db_exec(j->db, "SET SESSION wsrep_sync_wait = 15", &ignored) != 0)
        log_debug("wsrep_sync_wait is not known to this server");
    if (db_query(j->db, SQL_BATCH_COMMITTED, values, 3, &ignored) != 0)
        return UNSURE;
    int got = db_fetch(j->db, &ignored);
    log_warn("the answer to a commit was lost: batch=%s %s (%s)", j->push->batch,
             got == 1 ? _("was committed") : got == 0 ? _("was not committed") : _("is not known"), e->detail);
    enum outcome outcome = got == 1 ? take_committed(j, e) : got == 0 ? AGAIN : UNSURE;
    db_end(j->db);
    return outcome;
}

/* The pause is random and grows with the try and with how long a try takes, so that pushes that met once part. */
static void pause_before(int try, int64_t try_micros)
{
    unsigned char random;
    crypt_nonce(&random, 1);
    long millis = ((long)BACKOFF_MILLIS * try + (long)(try_micros / 1000)) * (64 + random) / 128;
    struct timespec wait = {.tv_sec = millis / 1000, .tv_nsec = millis % 1000 * 1000000};
    (void)nanosleep(&wait, NULL);
}

/* Tries once, and finds out what became of it where that is not plain. */
static enum outcome try_and_settle(const struct job *j, struct err *e)
{
    enum outcome outcome = try_once(j, e);
    /* Either the batch is there already, since a commit that seemed not to have happened did, late; or its key is taken. */
    bool duplicate = outcome == DUPLICATE;
    if (duplicate)
        outcome = resolve(j, e);
    for (int ask = 1; outcome == UNSURE && ask < TRIES_MAX; ask++) {
        pause_before(ask * ask * ask, 0);
        outcome = resolve(j, e);
    }
    if (outcome != AGAIN || !duplicate)
        return outcome;
    (void)err_set(e, MSG_KEY_IN_USE, "another push with this key was committed first");
    return FAILED;
}

static int commit(const struct job *j, struct err *e)
{
    enum outcome outcome = FAILED;
    const struct counts before = j->push->counts;
    size_t results = j->push->results.count;
    int64_t began = clock_micros();
    int64_t try_micros = 0;
    for (int try = 0; try < TRIES_MAX && clock_micros() - began < TRY_MICROS_MAX; try++) {
        if (try > 0)
            pause_before(try, try_micros);
        j->push->counts = before;
        results_rewind(&j->push->results, results);
        if (!j->push->begun)
            seen_clear(&j->push->seen);
        try_micros = clock_micros();
        outcome = try_and_settle(j, e);
        try_micros = clock_micros() - try_micros;
        if (outcome == COMMITTED)
            return 0;
        if (outcome != AGAIN)
            break;
        log_info("repeating a push: batch=%s try=%d (%s)", j->push->batch, try + 1, e->detail);
    }
    j->push->counts = before;
    if (outcome == UNSURE)
        msg_set(&e->msg, MSG_COMMIT_UNSURE);
    if (err_class(e) == CLASS_BUSY || err_class(e) == CLASS_UNSURE)
        e->retry_after = RETRY_AFTER_SECONDS;
    return -1;
}

int ingest_commit(struct ingest *in, struct db *db, struct ingest_push *push, struct spool *spool,
                  const struct refusals *refusals, bool last, struct err *e)
{
    const struct job job = {.in = in, .db = db, .push = push, .spool = spool, .refusals = refusals, .last = last};
    if (!push->begun)
        make_batch_id(push->batch);
    if (commit(&job, e) == 0) {
        push->begun = true;
        return 0;
    }
    if (!push->begun)
        push->batch[0] = '\0';
    return -1;
}
