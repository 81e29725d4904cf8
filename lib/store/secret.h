/* SPDX-License-Identifier: Apache-2.0
 *
 * Secrets of clients as they are stored: salted keyed hashes, made with a key of the server, so that the database alone does not tell
 * whether a guess is right. A client has at most two that live, the newer of which is for good.
 */
#ifndef RUKU_SECRET_H
#define RUKU_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "credential.h"
#include "keyring.h"

struct db;
struct err;

#define SECRET_LIVE 2
#define SECRET_SALT_SIZE 16
#define SECRET_GRACE_MAX INT64_C(31536000)

/* How new secrets are made. */
struct secret_maker {
    const struct keyring *keys;
    enum crypt_hash hash;
};

struct secret {
    int64_t id; /* of its row; 0: there is none */
    enum crypt_hash hash;
    char key_id[KEYRING_ID_MAX + 1]; /* "": made before the server had a key */
    unsigned char salt[SECRET_SALT_SIZE];
    unsigned char digest[CRYPT_DIGEST_SIZE];
};

/* What an administrator sees of one. */
struct secret_facts {
    int64_t id;
    char created_at[32], expires_at[32], used_at[32]; /* "" where there is none */
    char hash[17], key_id[KEYRING_ID_MAX + 1];
};

/* Gives a client its first secret, and writes it. Returns 0 or -1. */
int secret_add(struct db *db, const struct secret_maker *maker, int64_t client, char text_out[CREDENTIAL_SIZE], struct err *e)
    RUKU_MUST_CHECK;

/* Gives the client another one, in one transaction; of those it has the newest lives on for `grace` seconds, 0 to SECRET_GRACE_MAX,
 * and others end. Returns 0 or -1. */
int secret_rotate(struct db *db, const struct secret_maker *maker, int64_t client, int64_t grace, char text_out[CREDENTIAL_SIZE],
                  struct err *e) RUKU_MUST_CHECK;

/* Those of a client that live, the newest first. *list_out is the caller's to free. Returns 0 or -1. */
int secret_list(struct db *db, int64_t client, struct secret_facts **list_out, size_t *count_out, struct err *e) RUKU_MUST_CHECK;

/* How many live secrets are made with a key of the server. Returns 0 or -1. */
int secret_count(struct db *db, const char *key_id, int64_t *count_out, struct err *e) RUKU_MUST_CHECK;

/* Computes the digest that a text has under the hash, key and salt of a stored one; of one that is not there under some others, so
 * that it takes as long. Returns 0; or -1 where its key is not in the keyring, or libgcrypt fails. */
int secret_digest(const struct secret *stored, const struct keyring *keys, const char *text, unsigned char to[CRYPT_DIGEST_SIZE],
                  struct err *e) RUKU_MUST_CHECK;

/* Stores one again, with the maker's hash and key, after its text has been proved right. Returns 0 or -1. */
int secret_renew(struct db *db, const struct secret_maker *maker, const struct secret *stored, const char *text, struct err *e)
    RUKU_MUST_CHECK;

/* True where it was made otherwise than the maker would. */
bool secret_is_old(const struct secret *stored, const struct secret_maker *maker);

#endif
