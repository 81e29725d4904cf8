/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "keyring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "enc.h"
#include "err.h"
#include "report.h"
#include "secretfile.h"
#include "words.h"

#include "poison.h"

#define FILE_MAX_BYTES ((size_t)64 * 1024)
#define LINES_MAX 1000

static const char id_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/* What each derived key is for; a change makes all that was made with the old one unreadable. */
static const char *const labels[KEYRING_USE_N] = {[KEYRING_SECRETS] = "ruku client secret", [KEYRING_SEALS] = "ruku seal",
                                                   [KEYRING_DIGESTS] = "ruku record digest"};

static int derive(const void *key, struct keyring_key *out)
{
    for (size_t i = 0; i < KEYRING_USE_N; i++)
        if (crypt_hmac(CRYPT_SM3, key, CRYPT_KEY_SIZE, labels[i], strlen(labels[i]), out->derived[i]) != 0)
            return -1;
    return 0;
}

/* Reads one line of `len` bytes. Returns what is wrong with it, or NULL. */
static const char *read_line(struct keyring *k, const char *line, size_t len)
{
    const char *space = memchr(line, ' ', len);
    size_t id_len = space == NULL ? len : (size_t)(space - line);
    struct keyring_key *key = &k->keys[k->count];
    struct buf bytes;
    if (space == NULL || id_len == 0 || id_len > KEYRING_ID_MAX || strspn(line, id_chars) < id_len)
        return N_("a line is an id of 1 to 16 letters and digits, a space, and 64 hexadecimal digits");
    memcpy(key->id, line, id_len);
    key->id[id_len] = '\0';
    if (keyring_find(k, key->id) != NULL)
        return N_("the id of this key stands twice");
    buf_init(&bytes, CRYPT_KEY_SIZE);
    bool good = enc_hex_decode(&bytes, space + 1, len - id_len - 1) && !buf_failed(&bytes) && bytes.len == CRYPT_KEY_SIZE &&
                derive(bytes.data, key) == 0;
    crypt_wipe_buf(&bytes);
    if (!good)
        return N_("a key is 64 hexadecimal digits");
    k->count++;
    return NULL;
}

static void read_lines(struct keyring *k, const char *path, const char *text, struct report *r)
{
    for (int number = 1; *text != '\0'; number++) {
        size_t len = strcspn(text, "\n");
        const char *fault = NULL;
        if (k->count == LINES_MAX)
            fault = N_("there are too many keys");
        else if (len > 0 && *text != '#')
            fault = read_line(k, text, text[len - 1] == '\r' ? len - 1 : len);
        if (fault != NULL)
            report_add(r, path, number, "%s", _(fault));
        text += len + (text[len] == '\n');
    }
    if (k->count == 0)
        report_add(r, path, 0, "there is no key in it: rukuctl key create makes one");
}

struct keyring *keyring_load(const char *path, struct report *r)
{
    struct buf text;
    int before = r->count;
    struct keyring *k = calloc(1, sizeof(*k));
    if (k != NULL)
        k->keys = calloc(LINES_MAX + 1, sizeof(*k->keys));
    buf_init(&text, FILE_MAX_BYTES);
    if (k == NULL || k->keys == NULL)
        report_add(r, path, 0, "out of memory");
    else if (strchr(path, '/') != NULL && access(path, F_OK) != 0 && errno == ENOENT)
        report_add(r, "[crypto] key_file", 0, "%s is not there: rukuctl key create makes it", path);
    else if (secretfile_read("[crypto] key_file", path, 0600, &text, r) == 0)
        read_lines(k, path, buf_text(&text), r);
    crypt_wipe_buf(&text);
    if (r->count == before)
        return k;
    keyring_free(k);
    return NULL;
}

void keyring_free(struct keyring *k)
{
    if (k == NULL)
        return;
    if (k->keys != NULL)
        crypt_wipe(k->keys, (LINES_MAX + 1) * sizeof(*k->keys));
    free(k->keys);
    free(k);
}

const struct keyring_key *keyring_current(const struct keyring *k)
{
    return &k->keys[0];
}

static int digest_by(const struct keyring_key *key, const void *bytes, size_t len, unsigned char *to)
{
    return crypt_hmac(CRYPT_SM3, key->derived[KEYRING_DIGESTS], CRYPT_KEY_SIZE, bytes, len, to);
}

int keyring_digest(const struct keyring *k, const void *bytes, size_t len, unsigned char to[CRYPT_DIGEST_SIZE], struct err *e)
{
    return digest_by(keyring_current(k), bytes, len, to) == 0 ? 0 : err_set(e, MSG_INTERNAL, "libgcrypt refused to compute a keyed hash");
}

bool keyring_digest_is(const struct keyring *k, const void *bytes, size_t len, const unsigned char digest[CRYPT_DIGEST_SIZE])
{
    unsigned char made[CRYPT_DIGEST_SIZE];
    for (size_t i = 0; i < k->count; i++)
        if (digest_by(&k->keys[i], bytes, len, made) == 0 && crypt_equal(made, digest, sizeof(made)))
            return true;
    return false;
}

const struct keyring_key *keyring_find(const struct keyring *k, const char *id)
{
    for (size_t i = 0; i < k->count; i++)
        if (strcmp(k->keys[i].id, id) == 0)
            return &k->keys[i];
    return NULL;
}

void keyring_make_line(struct buf *to)
{
    unsigned char key[CRYPT_KEY_SIZE];
    char made[15], tail[KEYRING_ID_MAX - 14 + 1];
    clock_format_compact(made, clock_now());
    crypt_nonce_text(tail, sizeof(tail) - 1);
    crypt_random(key, sizeof(key));
    buf_printf(to, "%s%s ", made, tail);
    enc_hex(to, key, sizeof(key));
    buf_add_char(to, '\n');
    crypt_wipe(key, sizeof(key));
}
