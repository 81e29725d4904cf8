/* SPDX-License-Identifier: Apache-2.0
 *
 * Tokens of several workers that are stored by one statement and one commit.
 */
#ifndef RUKU_TOKENGROUP_H
#define RUKU_TOKENGROUP_H

#include <stdint.h>

#include "attr.h"
#include "credential.h"
#include "gather.h"

struct db;
struct err;
struct login;

/* A token that is to be stored. */
struct tokengroup_row {
    unsigned char digest[CRYPT_DIGEST_SIZE];
    enum crypt_hash hash;
    const char *scope; /* NULL: all that the client is granted */
    int64_t lifetime;  /* seconds */
};

/* The table in shared memory; call it before the fork. NULL where memory is short. */
struct gather *tokengroup_new(void) RUKU_MUST_CHECK;

/* Stores a token for a client whose login is remembered, together with those of other workers, and returns when it is committed. seat NULL: by
 * itself. Returns 0; 1 where the login is not right any more, and nothing is stored; -1. */
int tokengroup_add(struct db *db, struct gather_seat *seat, const struct login *login, const struct tokengroup_row *token,
                   struct err *e) RUKU_MUST_CHECK;

#endif
