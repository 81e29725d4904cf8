/* SPDX-License-Identifier: Apache-2.0
 *
 * Content-Digest (RFC 9530): the digest of a body as it is sent, compressed or not. sha-256 is registered; sm3 is this project's own.
 */
#ifndef RUKU_CONTENTDIGEST_H
#define RUKU_CONTENTDIGEST_H

#include "attr.h"
#include "crypt.h"

struct err;

/* Reads the field, of which NULL and "" are none. Of several digests that are known here the first counts. Returns 1; 0 where there is
 * none, or none that is known; -1 (class input) where it is malformed. */
int contentdigest_read(const char *field, enum crypt_hash *hash_out, unsigned char digest_out[CRYPT_DIGEST_SIZE], struct err *e)
    RUKU_MUST_CHECK;

#endif
