/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "tally.h"

#include <string.h>

#include "record.h"

#include "poison.h"

#define ID_MAX_BYTES (4 * RECORD_ID_MAX_CHARS)

void tally_add(struct tally *t, enum crypt_hash hash, const char *id, size_t id_len,
               const unsigned char digest[CRYPT_DIGEST_SIZE])
{
    unsigned char bytes[ID_MAX_BYTES + 1 + CRYPT_DIGEST_SIZE];
    unsigned char one[CRYPT_DIGEST_SIZE];
    size_t len = id_len > ID_MAX_BYTES ? ID_MAX_BYTES : id_len;
    memcpy(bytes, id, len);
    bytes[len] = 0;
    memcpy(bytes + len + 1, digest, CRYPT_DIGEST_SIZE);
    crypt_digest(hash, bytes, len + 1 + CRYPT_DIGEST_SIZE, one);
    unsigned carry = 0;
    for (size_t i = CRYPT_DIGEST_SIZE; i-- > 0;) {
        carry += (unsigned)t->sum[i] + one[i];
        t->sum[i] = (unsigned char)carry;
        carry >>= 8;
    }
    t->count++;
}
