/* SPDX-License-Identifier: Apache-2.0
 *
 * Access tokens (令牌): 256 random bits, stored as a hash only. A client may have any number of them at a time. The hash may change
 * between two tokens: one is looked for under that in use, then under the other.
 */
#ifndef RUKU_TOKEN_H
#define RUKU_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "client.h"
#include "credential.h"
#include "login.h"
#include "scope.h"

struct db;
struct err;
struct token_memory;

/* Who is calling. */
struct caller {
    int64_t client; /* the key of its row */
    char client_id[CLIENT_ID_MAX + 1];
    bool must_sign;
    char scope[SCOPE_MAX_CHARS + 1]; /* of the token; "": all that the client is granted */
    /* What this worker remembers of the token, to be proved true by the transaction that relies on it. */
    bool remembered; /* the database was not asked this time */
    unsigned char digest[CRYPT_DIGEST_SIZE];
    char networks[CLIENT_NETWORKS_MAX + 1];
    struct client_grant grant; /* the one that allows what is being done */
};

/* What a caller wants to do. category NULL: only who it is matters. */
struct token_use {
    const char *category, *resource;
    const char *address;
    bool is_signed; /* the caller's signature is going to be checked */
    bool relies; /* what this worker remembers will do, since it is going to be proved */
};

/* Makes a token, valid for `lifetime` seconds, for a client that has logged in. scope NULL: all that the client is granted, now and
 * later. Returns 0; 1 where the login was remembered and is not right any more; -1. */
int token_issue(struct db *db, const struct login *login, const char *scope, int64_t lifetime, enum crypt_hash hash,
                char token_out[CREDENTIAL_SIZE], struct err *e) RUKU_MUST_CHECK;

/* One of the tokens that a client asks for at a time. */
struct token_order {
    struct login login; /* a remembered one */
    char scope[SCOPE_MAX_CHARS + 1]; /* "": all that the client is granted */
    char token[CREDENTIAL_SIZE]; /* the answer; the caller wipes it */
};

enum { TOKEN_ORDERS_MAX = 16 };

/* Makes up to TOKEN_ORDERS_MAX tokens for one client, all by the same login (login_is_same), which become valid by one commit. Returns 0;
 * 1 where that could not be done, and nothing was: token_issue then tells for each why; -1. */
int token_issue_all(struct db *db, struct token_order *const *orders, size_t count, int64_t lifetime, enum crypt_hash hash,
                    struct err *e) RUKU_MUST_CHECK;

/* Finds the caller behind a token, and checks that it may do this. Returns 0, or -1: class auth (unknown or expired token; no signature of a client that has to sign), denied
 * (disabled, address, grant, scope), busy. Where the use relies on what is remembered, the answer may be one that was given to this
 * worker before, with out->remembered set: then nothing may be done for the caller but in a transaction that proves it (see
 * ingest.h), or after token_prove. */
int token_check(struct db *db, struct token_memory *memory, const char *token, size_t len, enum crypt_hash hash,
                const struct token_use *use, struct caller *out, struct err *e) RUKU_MUST_CHECK;

/* Tells whose token this is, if this worker remembers: for what needs no certainty, such as counting. False where it does not. */
bool token_owner(const struct token_memory *memory, const char *token, size_t len, enum crypt_hash hash, struct caller *out);

/* Asks the database about a caller that is remembered only; does nothing for others. Returns 0 or -1, as token_check. */
int token_prove(struct db *db, const struct token_use *use, struct caller *caller, struct err *e) RUKU_MUST_CHECK;

/* Sets the error by which a transaction tells that what was remembered of its caller is not so any more. Returns -1. */
int token_refuse_remembered(struct err *e);

/* Forgets what is remembered of a caller's token: it was not true, or may not be. */
void token_forget(struct token_memory *memory, const struct caller *caller);

/* What a worker remembers of tokens. NULL where memory is short; token_memory_free takes NULL. */
struct token_memory *token_memory_new(void) RUKU_MUST_CHECK;
void token_memory_free(struct token_memory *memory);

/* What is told of a token to the client that it was issued to. */
struct token_facts {
    bool active; /* false: unknown, expired, or another client's; the rest is then empty */
    char scope[SCOPE_MAX_CHARS + 1];
    int64_t issued_at, expires_at; /* seconds since 1970 */
    unsigned char digest[CRYPT_DIGEST_SIZE]; /* under which it is stored */
};

/* Looks a token up for a client. *foreign_out: it is another client's. Returns 0 or -1. */
int token_find(struct db *db, int64_t client, const char *token, size_t len, enum crypt_hash hash, struct token_facts *out,
               bool *foreign_out, struct err *e) RUKU_MUST_CHECK;

/* Ends an active token of a client at once, for every worker; one that is not there any more is no error. Returns 0 or -1. */
int token_revoke(struct db *db, int64_t client, const struct token_facts *token, struct err *e) RUKU_MUST_CHECK;

/* Ends all tokens that a client has got so far. Returns 0 or -1. */
int token_revoke_all(struct db *db, int64_t client, struct err *e) RUKU_MUST_CHECK;

/* Removes expired tokens, a thousand in each of at most `steps` statements. *more_out: there may be others. Returns 0 or -1. */
int token_purge(struct db *db, int steps, uint64_t *removed_out, bool *more_out, struct err *e) RUKU_MUST_CHECK;

#endif
