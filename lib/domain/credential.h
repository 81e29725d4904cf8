/* SPDX-License-Identifier: Apache-2.0
 *
 * What tokens, client secrets and signing keys look like: a prefix by which scanners for leaked secrets find them, 256 random bits in letters and
 * digits, and a check sum by which one that was cut or mistyped is told without a look into the database.
 */
#ifndef RUKU_CREDENTIAL_H
#define RUKU_CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "attr.h"
#include "crypt.h"

#define CREDENTIAL_PREFIX_MAX 10
#define CREDENTIAL_CHECK_CHARS 6
#define CREDENTIAL_SIZE (CREDENTIAL_PREFIX_MAX + CRYPT_SECRET_CHARS + CREDENTIAL_CHECK_CHARS + 1)

enum credential { CREDENTIAL_TOKEN, CREDENTIAL_SECRET, CREDENTIAL_SIGNING, CREDENTIAL_N };

/* Makes one; it ends in a NUL. */
void credential_make(enum credential kind, char to[CREDENTIAL_SIZE]);

/* True where the text has the form of one, its check sum included. */
bool credential_is(enum credential kind, const char *text, size_t len);

#endif
