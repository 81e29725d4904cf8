/* SPDX-License-Identifier: Apache-2.0
 *
 * A digest over a set of records in any order: the sum, modulo 2 to the 256th, of the hashes of each record's id and content
 * digest. Two sides that hold the same records come to the same sum, whatever order they read them in.
 */
#ifndef RUKU_TALLY_H
#define RUKU_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "crypt.h"

struct tally {
    uint64_t count;
    unsigned char sum[CRYPT_DIGEST_SIZE]; /* most significant byte first */
};

/* Adds hash(id, a zero byte, content digest). */
void tally_add(struct tally *t, enum crypt_hash hash, const char *id, size_t id_len,
               const unsigned char digest[CRYPT_DIGEST_SIZE]);

#endif
