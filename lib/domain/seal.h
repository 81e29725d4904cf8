/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts that the database is to keep but not to tell: sealed by SM4-GCM with a key of the server. What is stored is
 * KEY-ID.BASE64, the base64 of iv, sealed bytes and tag; with each goes what it is about, which is not stored, so that one that was
 * moved elsewhere does not open.
 */
#ifndef RUKU_SEAL_H
#define RUKU_SEAL_H

#include <stddef.h>

#include "attr.h"
#include "keyring.h"

struct buf;
struct err;

/* Appends the text, sealed with the key in use. A failure of memory sticks in `to`. Returns 0, or -1 (class internal). */
int seal_make(const struct keyring *keys, const char *about, const char *text, size_t len, struct buf *to, struct err *e)
    RUKU_MUST_CHECK;

/* Appends the text of a sealed one; the caller wipes it. Returns 0; or -1 (class internal) where its key is not in the keyring, or it is
 * not what was sealed about this. */
int seal_open(const struct keyring *keys, const char *about, const char *sealed, size_t len, struct buf *to, struct err *e)
    RUKU_MUST_CHECK;

/* Writes the id of the key that a text is sealed with, "" where it is no sealed text. */
void seal_key_id(const char *sealed, size_t len, char to[KEYRING_ID_MAX + 1]);

#endif
