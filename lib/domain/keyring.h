/* SPDX-License-Identifier: Apache-2.0
 *
 * The server's keys, from a file that nobody but its owner may open. A line is `ID 64-hexadecimal-digits`, the key in use first; those
 * below are kept for what was made with them. What a key is used for has a key of its own, derived from it.
 */
#ifndef RUKU_KEYRING_H
#define RUKU_KEYRING_H

#include <stdbool.h>
#include <stddef.h>

#include "attr.h"
#include "crypt.h"

struct buf;
struct err;
struct report;

#define KEYRING_ID_MAX 16

enum keyring_use { KEYRING_SECRETS, KEYRING_SEALS, KEYRING_DIGESTS, KEYRING_USE_N };

struct keyring {
    size_t count;
    struct keyring_key {
        char id[KEYRING_ID_MAX + 1];
        unsigned char derived[KEYRING_USE_N][CRYPT_KEY_SIZE];
    } *keys;
};

/* Reads the file. NULL with the faults in the report: it cannot be read, others may open it, a line is wrong, it has no key. Free it
 * with keyring_free, which wipes it and takes NULL. */
struct keyring *keyring_load(const char *path, struct report *r) RUKU_MUST_CHECK;
void keyring_free(struct keyring *k);

/* The key in use. */
const struct keyring_key *keyring_current(const struct keyring *k);

/* The key of an id, or NULL. */
const struct keyring_key *keyring_find(const struct keyring *k, const char *id);

/* A keyed hash with the key in use, KEYRING_DIGESTS: a plain one of what has few values tells who guesses them that he is right. Returns 0
 * or -1 (class internal). */
int keyring_digest(const struct keyring *k, const void *bytes, size_t len, unsigned char to[CRYPT_DIGEST_SIZE], struct err *e) RUKU_MUST_CHECK;

/* True where that hash was made of these bytes, by whichever of the keys. */
bool keyring_digest_is(const struct keyring *k, const void *bytes, size_t len, const unsigned char digest[CRYPT_DIGEST_SIZE]);

/* Appends a line with a fresh key, whose id is the second in which it was made and two random letters or digits. The caller wipes the text. */
void keyring_make_line(struct buf *to);

#endif
