/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "contentdigest.h"

#include <string.h>

#include "err.h"
#include "sfield.h"

#include "poison.h"

static const char *const names[CRYPT_HASH_N] = {[CRYPT_SM3] = "sm3", [CRYPT_SHA256] = "sha-256"};

int contentdigest_read(const char *field, enum crypt_hash *hash_out, unsigned char digest_out[CRYPT_DIGEST_SIZE], struct err *e)
{
    struct sfield s;
    struct sfield_member member;
    int got, found = 0;
    if (field == NULL)
        return 0;
    sfield_begin(&s, field, strlen(field));
    while ((got = sfield_member(&s, &member)) == 1) {
        for (int i = 0; found == 0 && i < CRYPT_HASH_N; i++) {
            if (!sfield_is(&member.key, names[i]))
                continue;
            if (!sfield_bytes(&member.value, digest_out, CRYPT_DIGEST_SIZE))
                return err_set(e, MSG_DIGEST_MALFORMED, "%s", "");
            *hash_out = (enum crypt_hash)i;
            found = 1;
        }
    }
    return got < 0 ? err_set(e, MSG_DIGEST_MALFORMED, "%s", "") : found;
}
