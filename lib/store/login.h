/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether an id and a secret that a stranger sent are those of a client. What a worker remembers of a client saves the question: it then
 * holds only in a statement that proves it.
 */
#ifndef RUKU_LOGIN_H
#define RUKU_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "client.h"
#include "secret.h"

struct db;
struct err;
struct login_memory;

/* A client that has shown a right secret. */
struct login {
    int64_t client; /* the key of its row */
    char client_id[CLIENT_ID_MAX + 1];
    char networks[CLIENT_NETWORKS_MAX + 1];
    struct secret secret; /* the one that was shown */
    bool must_sign;       /* a secret is not enough */
    bool remembered;      /* the database was not asked: to be proved by what is done (SQL_TOKEN_ADD_PROVED) */
};

struct login_try {
    const char *client_id, *secret, *address;
    bool asks; /* the database is asked, whatever is remembered */
};

/* Checks a login. Returns 1 with *out, 0 where id or secret is wrong, or the client is
 * disabled or may not call from there; -1 where it could not be told. The work is the same for every login that is refused. A secret
 * that was made with another hash or key than the maker's is stored anew. */
int login_check(struct db *db, struct login_memory *memory, const struct secret_maker *maker, const struct login_try *try,
                struct login *out, struct err *e) RUKU_MUST_CHECK;

/* True where the login is one that is remembered: it was right a while ago. *out as of login_check. */
bool login_recall(struct login_memory *memory, const struct secret_maker *maker, const struct login_try *try, struct login *out);

/* True where both have shown the same secret of the same client, and what is remembered of that is the same. */
bool login_is_same(const struct login *a, const struct login *b);

/* Forgets what is remembered of a client: it was not true. */
void login_forget(struct login_memory *memory, const char *client_id);

/* What a worker remembers. NULL where memory is short; login_memory_free takes NULL. */
struct login_memory *login_memory_new(void) RUKU_MUST_CHECK;
void login_memory_free(struct login_memory *memory);

#endif
