/* SPDX-License-Identifier: Apache-2.0
 *
 * Receipts (回执): what became of a push, the records that it did not store, and the reply that is kept under an
 * idempotency key. A client reads its own, the administrator all; they are removed when old.
 */
#ifndef RUKU_RECEIPT_H
#define RUKU_RECEIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "buf.h"
#include "chunk.h"
#include "client.h"
#include "crypt.h"
#include "dbtime.h"
#include "ingest.h"

#define RECEIPT_SECOND_SIZE sizeof("20241009153000")

struct db;
struct err;

struct receipt {
    char batch[INGEST_BATCH_SIZE];
    char client_id[CLIENT_ID_MAX + 1]; /* "" where the client is not there any more */
    char category[65], resource[65];
    char mode[16]; /* strict, lenient */
    bool complete; /* false: a lenient push that was not, or not yet, read to its end */
    uint64_t received, rejected;
    struct counts counts;
    char idempotency_key[1021]; /* "": none */
    char created_at[DBTIME_SIZE], updated_at[DBTIME_SIZE]; /* as the database writes them: dbtime_format */
};

struct receipt_query {
    const int64_t *client; /* the key of one, or NULL for all */
    const char *after;     /* a batch or how one begins: only later ones, "" from the first on; or NULL for the last */
    int64_t limit;
};

/* True for a batch's id, and for how one begins: some or all digits of its second, then more. "" begins all. */
bool receipt_begins(const char *text, size_t len);

/* Hands on receipts from the oldest to the newest. Returns 0 or -1. */
int receipt_list(struct db *db, const struct receipt_query *query, void (*take)(void *context, const struct receipt *r),
                 void *context, struct err *e) RUKU_MUST_CHECK;

/* Finds the receipt of a batch, which is the client's unless that is NULL. Returns 1 found, 0 not, -1 failure. */
int receipt_find(struct db *db, const int64_t *client, const char *batch, struct receipt *out, struct err *e)
    RUKU_MUST_CHECK;

/* A record that was not stored. Texts are valid while it is handed on. */
struct receipt_reject {
    uint64_t index; /* in its push, from 0 */
    const char *id; /* NULL: not known */
    size_t id_len;
    const char *faults; /* JSON array */
    size_t faults_len;
};

/* Hands on up to `limit` refused records of a batch behind index `after` (-1: from the first on); nothing else may run on
 * the connection meanwhile. Returns 0 or -1. */
int receipt_rejects(struct db *db, const char *batch, int64_t after, int64_t limit,
                    void (*take)(void *context, const struct receipt_reject *r), void *context, struct err *e)
    RUKU_MUST_CHECK;

/* A kept reply. Free its buffers with receipt_reply_free. */
struct kept_reply {
    char batch[INGEST_BATCH_SIZE];
    unsigned char request_digest[CRYPT_DIGEST_SIZE];
    int status;
    bool expired; /* older than was asked for */
    struct buf headers, body;
};

/* Finds the reply that the client's key stands for; one that is older than `lifetime` seconds is forgotten instead.
 * Returns 1 found, 0 not, -1 failure. */
int receipt_find_reply(struct db *db, int64_t client, const char *key, int64_t lifetime, struct kept_reply *out,
                       struct err *e) RUKU_MUST_CHECK;

void receipt_reply_free(struct kept_reply *r);

struct receipt_counts {
    uint64_t receipts, rejects;
};

/* The second, as batch ids begin with it, that lies `days` days back. */
void receipt_second_before(int64_t days, char to[RECEIPT_SECOND_SIZE]);

/* Counts the receipts of pushes that began before the second, or removes them in small steps. Returns 0 or -1. */
int receipt_count_old(struct db *db, const char *second, struct receipt_counts *counts_out, struct err *e)
    RUKU_MUST_CHECK;
int receipt_purge(struct db *db, const char *second, struct receipt_counts *counts_out, struct err *e) RUKU_MUST_CHECK;

#endif
