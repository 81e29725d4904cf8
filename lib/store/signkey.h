/* SPDX-License-Identifier: Apache-2.0
 *
 * The keys by which clients sign their requests. Client and service both need the key itself, so it is stored sealed with a key of the
 * server; and what has been signed is remembered by its nonce until its time is over. A client has at most two keys that live.
 */
#ifndef RUKU_SIGNKEY_H
#define RUKU_SIGNKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "credential.h"
#include "keyring.h"

struct client;
struct db;
struct err;

#define SIGNKEY_LIVE 2

struct signkey {
    char created_at[32], expires_at[32]; /* expires_at "": it does not */
    char key_id[KEYRING_ID_MAX + 1];     /* of the server's key that it is sealed with */
    char sealed[256];
    int64_t id; /* of its row */
};

/* Gives a client a new key, in one transaction; those it has live on for `grace` seconds. Returns 0 or -1. */
int signkey_rotate(struct db *db, const struct keyring *keys, const struct client *client, int64_t grace, char text_out[CREDENTIAL_SIZE],
                   struct err *e) RUKU_MUST_CHECK;

/* Reads those of a client that live, the newest first. Returns 0 or -1. */
int signkey_list(struct db *db, int64_t client, struct signkey list_out[SIGNKEY_LIVE], size_t *count_out, struct err *e) RUKU_MUST_CHECK;

/* Opens a key; the caller wipes it. Returns 0 or -1 (class internal). */
int signkey_open(const struct signkey *key, const struct keyring *keys, const char *client_id, char text_out[CREDENTIAL_SIZE],
                 struct err *e) RUKU_MUST_CHECK;

/* Seals a key anew with the server's key in use. Returns 0 or -1. */
int signkey_renew(struct db *db, const struct keyring *keys, const struct client *client, const struct signkey *key, struct err *e)
    RUKU_MUST_CHECK;

/* How many live keys are sealed with a key of the server. Returns 0 or -1. */
int signkey_count(struct db *db, const char *key_id, int64_t *count_out, struct err *e) RUKU_MUST_CHECK;

/* Remembers a nonce of a client for so many seconds, by a commit of its own. Returns 1; 0 where it was there already; -1. */
int signkey_take_nonce(struct db *db, int64_t client, const char *nonce, size_t len, int64_t seconds, struct err *e) RUKU_MUST_CHECK;

/* Forgets nonces whose time is over, a thousand in each of at most `steps` statements. *more_out: there may be others. Returns 0 or -1. */
int signkey_purge_nonces(struct db *db, int steps, bool *more_out, struct err *e) RUKU_MUST_CHECK;

#endif
