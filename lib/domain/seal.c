/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "seal.h"

#include <string.h>

#include "buf.h"
#include "crypt.h"
#include "enc.h"
#include "err.h"

#include "poison.h"

#define AROUND (CRYPT_IV_SIZE + CRYPT_TAG_SIZE)

int seal_make(const struct keyring *keys, const char *about, const char *text, size_t len, struct buf *to, struct err *e)
{
    const struct keyring_key *key = keyring_current(keys);
    struct buf bytes;
    unsigned char iv[CRYPT_IV_SIZE], tag[CRYPT_TAG_SIZE];
    const struct crypt_sealed s = {.key = key->derived[KEYRING_SEALS], .iv = iv, .about = about, .from = text, .len = len};
    crypt_random(iv, sizeof(iv));
    buf_init(&bytes, len + AROUND);
    buf_add(&bytes, iv, sizeof(iv));
    char *room = buf_reserve(&bytes, len + CRYPT_TAG_SIZE);
    int rc = room == NULL || crypt_seal(&s, room, tag) != 0 ? err_set(e, MSG_INTERNAL, "a value cannot be sealed") : 0;
    if (rc == 0) {
        bytes.len += len;
        buf_add(&bytes, tag, sizeof(tag));
        buf_printf(to, "%s.", key->id);
        enc_base64(to, bytes.data, bytes.len);
    }
    buf_free(&bytes);
    return rc;
}

void seal_key_id(const char *sealed, size_t len, char to[KEYRING_ID_MAX + 1])
{
    const char *dot = memchr(sealed, '.', len);
    size_t id_len = dot == NULL || dot - sealed > KEYRING_ID_MAX ? 0 : (size_t)(dot - sealed);
    memcpy(to, sealed, id_len);
    to[id_len] = '\0';
}

/* Opens what base64 stood for, into `to`. */
static int open_bytes(const struct keyring_key *key, const char *about, const struct buf *bytes, struct buf *to, struct err *e)
{
    size_t len = bytes->len - AROUND;
    const unsigned char *iv = (const unsigned char *)bytes->data;
    const struct crypt_sealed s = {.key = key->derived[KEYRING_SEALS], .iv = iv, .about = about, .from = iv + CRYPT_IV_SIZE, .len = len};
    char *room = buf_reserve(to, len);
    if (room == NULL)
        return err_set(e, MSG_INTERNAL, "out of memory for a sealed value");
    if (crypt_unseal(&s, room, iv + CRYPT_IV_SIZE + len) != 0)
        return err_set(e, MSG_INTERNAL, "a sealed value does not open: it was changed, or moved here from elsewhere (%s)", about);
    to->len += len;
    to->data[to->len] = '\0';
    return 0;
}

int seal_open(const struct keyring *keys, const char *about, const char *sealed, size_t len, struct buf *to, struct err *e)
{
    char id[KEYRING_ID_MAX + 1];
    struct buf bytes;
    seal_key_id(sealed, len, id);
    const struct keyring_key *key = keyring_find(keys, id);
    if (key == NULL)
        return err_set(e, MSG_INTERNAL, "a value is sealed with the key %s, which is not in [crypto] key_file: put it back there", id);
    size_t skip = strlen(id) + 1;
    buf_init(&bytes, len);
    int rc = 0;
    if (!enc_base64_decode(&bytes, sealed + skip, len - skip) || buf_failed(&bytes) || bytes.len < AROUND)
        rc = err_set(e, MSG_INTERNAL, "a sealed value is broken (%s)", about);
    if (rc == 0)
        rc = open_bytes(key, about, &bytes, to, e);
    buf_free(&bytes);
    return rc;
}
