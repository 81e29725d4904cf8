/* SPDX-License-Identifier: Apache-2.0
 *
 * Access tokens (令牌): 256 random bits, stored as a hash only. A client may have any number of them at a time.
 */
#ifndef RUKU_TOKEN_H
#define RUKU_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "client.h"
#include "crypt.h"

struct db;
struct err;

#define TOKEN_SIZE (CRYPT_SECRET_CHARS + 1)

/* Who is calling. */
struct caller {
    int64_t client; /* the key of its row */
    char client_id[CLIENT_ID_MAX + 1];
};

/* Makes a token for a client, valid for `lifetime` seconds. Returns 0 or -1. */
int token_issue(struct db *db, int64_t client, int64_t lifetime, enum crypt_hash hash, char token_out[TOKEN_SIZE],
                struct err *e) RUKU_MUST_CHECK;

/* Finds the caller behind a token, and checks that it may use category/resource from the address. category NULL: only who
 * it is matters. Returns 0, or -1: class auth (unknown or expired token), denied (disabled, address, grant), busy. */
int token_check(struct db *db, const char *token, size_t len, enum crypt_hash hash, const char *category,
                const char *resource, const char *address, struct caller *out, struct err *e) RUKU_MUST_CHECK;

/* Removes expired tokens in small steps. Returns 0 or -1. */
int token_purge(struct db *db, uint64_t *removed_out, struct err *e) RUKU_MUST_CHECK;

#endif
