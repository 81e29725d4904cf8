/* SPDX-License-Identifier: Apache-2.0
 *
 * What became of each record of a push, for a sender that asks (Prefer: return=representation). Bounded: of a push with more
 * records than the limit nothing is told one by one.
 */
#ifndef RUKU_RESULT_H
#define RUKU_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

enum result_kind {
    RESULT_CREATED,
    RESULT_UPDATED,
    RESULT_UNCHANGED,
    RESULT_STALE,      /* a newer version is stored */
    RESULT_SUPERSEDED, /* a later record of the push has the same id */
    RESULT_REJECTED,
    RESULT_KIND_N
};

struct result {
    size_t index;
    enum result_kind kind;
    int64_t revision;  /* of what is stored now; 0: nothing to say */
    size_t id, id_len; /* in ids */
};

struct results {
    size_t max; /* 0: nobody asked */
    bool over;  /* there were more: none are kept */
    struct result *items;
    size_t count, size;
    struct buf ids;
};

void results_init(struct results *r, size_t max);
void results_free(struct results *r);

/* Forgets them all and keeps no more: there were too many, or nothing is stored of what they tell. */
void results_drop(struct results *r);

/* True where results are asked for and still kept. */
bool results_wanted(const struct results *r);

void results_add(struct results *r, size_t index, const char *id, size_t id_len, enum result_kind kind, int64_t revision);

/* An earlier record of the push with this id, if any, was stored and is replaced by a later one. */
void results_supersede(struct results *r, const char *id, size_t id_len);

/* Forgets all but the first `count`: a transaction begins again. */
void results_rewind(struct results *r, size_t count);

/* Appends them as a JSON array, in the order of the push. */
void results_write(const struct results *r, struct buf *to);

#endif
