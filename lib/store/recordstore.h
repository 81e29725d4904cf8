/* SPDX-License-Identifier: Apache-2.0
 *
 * Stored records: reading one or a page of them back, withdrawing one, and what a reconciliation adds up.
 */
#ifndef RUKU_RECORDSTORE_H
#define RUKU_RECORDSTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "clock.h"
#include "crypt.h"

struct db;
struct err;
struct sealing;

/* A record of the client. Texts are valid until the call that handed it on goes on or returns. */
struct stored_record {
    const char *id;
    size_t id_len;
    int64_t revision;
    const char *state; /* live, withdrawn */
    const char *batch;
    char created_at[CLOCK_TEXT_SIZE], updated_at[CLOCK_TEXT_SIZE];
    int64_t version; /* RECORD_NO_VERSION: none */
    const char *fields; /* the JSON object as it was sent */
    size_t fields_len;
    const char *sent; /* what the sender wrote for times (sent.h), or NULL */
    size_t sent_len;
    const char *category_version; /* of the definition that checked what is stored, or NULL */
    const char *changed; /* updated_at as the database writes it, and a number that orders those of one instant */
    int64_t seq;
};

/* Whose records. */
struct record_scope {
    int64_t client;
    const char *category, *resource;
    struct sealing *sealing; /* by which sealed values are opened */
    bool encrypted;          /* the category has fields that are sealed */
    enum crypt_hash hash;    /* of content digests; where encrypted */
};

struct record_page {
    const char *state; /* live, withdrawn or all */
    int64_t limit;
    /* in the order of ids: those behind this one ("": all) */
    const char *after_id;
    size_t after_id_len;
    /* or, where since is not NULL, in the order of their last change, those from it on: DATETIME text at +08:00; behind the record
     * seq of this very instant (0: all) */
    const char *since;
    int64_t after_seq;
};

typedef void record_taker(void *context, const struct stored_record *r);

/* Finds a record by its id and hands it on. Returns 1 found, 0 not, -1 failure. */
int recordstore_find(struct db *db, const struct record_scope *scope, const char *id, size_t id_len, record_taker *take,
                     void *context, struct err *e) RUKU_MUST_CHECK;

/* Hands on a page of records. Returns 0 or -1. */
int recordstore_list(struct db *db, const struct record_scope *scope, const struct record_page *page, record_taker *take,
                     void *context, struct err *e) RUKU_MUST_CHECK;

/* Says that a record is not in the state that a request demands: "live, revision 2", in the words of the interface; or "-" where state is
 * NULL, since there is none. Returns -1 (class precondition). */
int recordstore_unmet(const char *id, size_t id_len, const char *state, int64_t revision, struct err *e);

/* Withdraws a record that is live and, where revision is above 0, at this revision. Returns 1 done, 0 where it is not so or is not
 * there, -1 failure. */
int recordstore_withdraw(struct db *db, const struct record_scope *scope, const char *id, size_t id_len, int64_t revision,
                         struct err *e) RUKU_MUST_CHECK;

/* By which day a reconciliation counts a record. */
enum record_day { RECORD_DAY_UPDATED, RECORD_DAY_CREATED, RECORD_DAY_PUBLISHED, RECORD_DAY_N };

/* Hands on id and content digest of every live record whose day lies from `from` to `to`, both included, in the order of days; day is "2024-10-09".
 * Memory does not grow with their number. Returns 0 or -1. */
int recordstore_days(struct db *db, const struct record_scope *scope, enum record_day by, const char *from, const char *to,
                     void (*take)(void *context, const char *day, const char *id, size_t id_len, const unsigned char *digest),
                     void *context, struct err *e) RUKU_MUST_CHECK;

#endif
