/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests for a token that came at a time and wait for one commit. A worker that has got one ready takes the next connection, if one is
 * there, and stores the tokens of all together. Only as many workers as keep the database busy gather tokens at a time; that is their
 * turn, and ends with the first request that does not join, or when none comes for a moment. Another stores what it has at once, and
 * rests. Whoever is about to wait for a peer, or to do anything but log in, settles the crowd first.
 */
#ifndef RUKU_CROWD_H
#define RUKU_CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "buf.h"
#include "crypt.h"
#include "token.h"

struct db;
struct err;

/* A request that waits. */
struct crowd_place {
    struct token_order order;
    struct buf form; /* what it was asked with, for the case that it has to be answered anew; wiped */
    void *visit;
};

/* Is told what came of one request: 0 its token is stored; 1 nothing of it, it is to be answered by itself; -1 with the error. */
typedef void crowd_told(struct crowd_place *place, int rc, const struct err *e);

struct crowd {
    struct db *db;
    crowd_told *told;
    int64_t lifetime; /* of tokens, in seconds */
    enum crypt_hash hash;
    int turns; /* see turn.h */
    int64_t writers;
    bool has_turn;
    int64_t rests_until; /* clock_micros; 0: this worker does not rest */
    size_t count;
    struct crowd_place places[TOKEN_ORDERS_MAX];
};

/* Lets a request wait, whose login is remembered. scope NULL: all that the client is granted. Returns false where its form cannot be kept. */
bool crowd_join(struct crowd *crowd, void *visit, const struct login *login, const char *scope, const struct buf *form) RUKU_MUST_CHECK;

/* Issues the tokens and tells all who wait; nobody may join meanwhile. Gives the turn back. */
void crowd_settle(struct crowd *crowd);

/* The same, but a turn is kept, or taken if there is one. */
void crowd_try(struct crowd *crowd);

/* How long this worker leaves what comes to others, in milliseconds; 0: it listens. It rests where others have all turns: what comes is
 * theirs to gather, and one more would make their crowds smaller. It asks again when the time is over, and rests until a turn is free, or
 * for longer than a commit takes: the others may be stuck. */
int crowd_rest(struct crowd *crowd);

#endif
