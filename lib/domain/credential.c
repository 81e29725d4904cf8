/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "credential.h"

#include <stdint.h>
#include <string.h>

#include "poison.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static const char *const prefixes[CREDENTIAL_N] = {[CREDENTIAL_TOKEN] = "rukutoken", [CREDENTIAL_SECRET] = "rukusecret",
                                                     [CREDENTIAL_SIGNING] = "rukusign"};

static void write_check(const char *text, size_t len, char to[CREDENTIAL_CHECK_CHARS])
{
    uint32_t sum = crypt_crc32(text, len);
    for (size_t i = CREDENTIAL_CHECK_CHARS; i-- > 0; sum /= sizeof(alphabet) - 1)
        to[i] = alphabet[sum % (sizeof(alphabet) - 1)];
}

void credential_make(enum credential kind, char to[CREDENTIAL_SIZE])
{
    size_t len = strlen(prefixes[kind]);
    memcpy(to, prefixes[kind], len);
    crypt_random_text(to + len, CRYPT_SECRET_CHARS);
    len += CRYPT_SECRET_CHARS;
    write_check(to, len, to + len);
    to[len + CREDENTIAL_CHECK_CHARS] = '\0';
}

bool credential_is(enum credential kind, const char *text, size_t len)
{
    char check[CREDENTIAL_CHECK_CHARS];
    size_t prefix = strlen(prefixes[kind]);
    size_t checked = prefix + CRYPT_SECRET_CHARS;
    if (len != checked + CREDENTIAL_CHECK_CHARS || memcmp(text, prefixes[kind], prefix) != 0 || strspn(text, alphabet) < len)
        return false;
    write_check(text, checked, check);
    return memcmp(text + checked, check, CREDENTIAL_CHECK_CHARS) == 0;
}
