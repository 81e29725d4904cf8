/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "crypt.h"

#include <gcrypt.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "buf.h"

#include "poison.h"

const char *const crypt_hash_names[CRYPT_HASH_N] = {"sm3", "sha256"};

static const struct algorithm {
    int digest;
    int hmac;
} algorithms[CRYPT_HASH_N] = {
    [CRYPT_SM3] = {GCRY_MD_SM3, GCRY_MAC_HMAC_SM3},
    [CRYPT_SHA256] = {GCRY_MD_SHA256, GCRY_MAC_HMAC_SHA256},
};

/* Strong random bytes that nobody has had yet: libgcrypt stirs its whole pool for each request, however small. */
static struct {
    unsigned char bytes[512];
    size_t left; /* the last so many are unused, and what was used is wiped */
} reserve;

/* A child would give out the same bytes as its parent. */
static void drop_reserve(void)
{
    crypt_wipe(&reserve, sizeof(reserve));
}

/* A limit of 0 keeps files away, but has the kernel run a handler of core files (core_pattern with a pipe); at 1 it runs none. */
static void forbid_core_files(void)
{
    const struct rlimit least = {1, 1};
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &least) != 0)
        (void)setrlimit(RLIMIT_CORE, &none);
}

int crypt_init(void)
{
    forbid_core_files();
    if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
        return 0;
    if (gcry_check_version(GCRYPT_VERSION) == NULL)
        return -1;
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    for (int i = 0; i < CRYPT_HASH_N; i++)
        if (gcry_md_test_algo(algorithms[i].digest) != 0 || gcry_mac_test_algo(algorithms[i].hmac) != 0)
            return -1;
    return gcry_cipher_test_algo(GCRY_CIPHER_SM4) == 0 && gcry_md_test_algo(GCRY_MD_CRC32) == 0 && pthread_atfork(NULL, NULL, drop_reserve) == 0 ? 0 : -1;
}

void crypt_digest(enum crypt_hash hash, const void *bytes, size_t len, unsigned char to[CRYPT_DIGEST_SIZE])
{
    gcry_md_hash_buffer(algorithms[hash].digest, to, bytes, len);
}

struct crypt_stream {
    gcry_md_hd_t md;
};

struct crypt_stream *crypt_stream_new(enum crypt_hash hash)
{
    struct crypt_stream *s = calloc(1, sizeof(*s));
    if (s != NULL && gcry_md_open(&s->md, algorithms[hash].digest, 0) == 0)
        return s;
    free(s);
    return NULL;
}

void crypt_stream_add(struct crypt_stream *s, const void *bytes, size_t len)
{
    gcry_md_write(s->md, bytes, len);
}

void crypt_stream_digest(struct crypt_stream *s, unsigned char to[CRYPT_DIGEST_SIZE])
{
    memcpy(to, gcry_md_read(s->md, 0), CRYPT_DIGEST_SIZE);
}

void crypt_stream_free(struct crypt_stream *s)
{
    if (s == NULL)
        return;
    gcry_md_close(s->md);
    free(s);
}

int crypt_hmac(enum crypt_hash hash, const void *key, size_t key_len, const void *bytes, size_t len,
               unsigned char to[CRYPT_DIGEST_SIZE])
{
    /* Kept, since opening one has libgcrypt gather entropy by a dozen system calls. */
    static gcry_mac_hd_t kept[CRYPT_HASH_N];
    static const char no_key[1];
    gcry_mac_hd_t *mac = &kept[hash];
    if (*mac == NULL && gcry_mac_open(mac, algorithms[hash].hmac, 0, NULL) != 0)
        return -1;
    size_t size = CRYPT_DIGEST_SIZE;
    bool done = gcry_mac_setkey(*mac, key, key_len) == 0 && gcry_mac_write(*mac, bytes, len) == 0 &&
                gcry_mac_read(*mac, to, &size) == 0 && size == CRYPT_DIGEST_SIZE;
    if (gcry_mac_setkey(*mac, no_key, sizeof(no_key)) == 0)
        return done ? 0 : -1;
    gcry_mac_close(*mac);
    *mac = NULL;
    return -1;
}

/* A cipher that has its key, iv and additional data; NULL where the library fails. */
static gcry_cipher_hd_t open_cipher(const struct crypt_sealed *s)
{
    gcry_cipher_hd_t cipher;
    if (gcry_cipher_open(&cipher, GCRY_CIPHER_SM4, GCRY_CIPHER_MODE_GCM, 0) != 0)
        return NULL;
    if (gcry_cipher_setkey(cipher, s->key, CRYPT_SM4_KEY_SIZE) == 0 && gcry_cipher_setiv(cipher, s->iv, CRYPT_IV_SIZE) == 0 &&
        gcry_cipher_authenticate(cipher, s->about, strlen(s->about)) == 0)
        return cipher;
    gcry_cipher_close(cipher);
    return NULL;
}

int crypt_seal(const struct crypt_sealed *s, void *to, unsigned char tag[CRYPT_TAG_SIZE])
{
    gcry_cipher_hd_t cipher = open_cipher(s);
    if (cipher == NULL)
        return -1;
    bool done = gcry_cipher_final(cipher) == 0 && gcry_cipher_encrypt(cipher, to, s->len, s->from, s->len) == 0 &&
                gcry_cipher_gettag(cipher, tag, CRYPT_TAG_SIZE) == 0;
    gcry_cipher_close(cipher);
    return done ? 0 : -1;
}

int crypt_unseal(const struct crypt_sealed *s, void *to, const unsigned char tag[CRYPT_TAG_SIZE])
{
    gcry_cipher_hd_t cipher = open_cipher(s);
    if (cipher == NULL)
        return -1;
    bool done = gcry_cipher_final(cipher) == 0 && gcry_cipher_decrypt(cipher, to, s->len, s->from, s->len) == 0 &&
                gcry_cipher_checktag(cipher, tag, CRYPT_TAG_SIZE) == 0;
    gcry_cipher_close(cipher);
    if (!done)
        crypt_wipe(to, s->len);
    return done ? 0 : -1;
}

uint32_t crypt_crc32(const void *bytes, size_t len)
{
    unsigned char digest[4];
    static gcry_md_hd_t kept; /* for the same reason; a checksum's context has nothing of a secret but that */
    if (kept == NULL && gcry_md_open(&kept, GCRY_MD_CRC32, 0) != 0)
        abort(); /* crypt_init has tried it */
    gcry_md_write(kept, bytes, len);
    memcpy(digest, gcry_md_read(kept, 0), sizeof(digest));
    gcry_md_reset(kept);
    return (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 | (uint32_t)digest[2] << 8 | digest[3];
}

void crypt_random(void *to, size_t len)
{
    if (len > sizeof(reserve.bytes)) {
        gcry_randomize(to, len, GCRY_STRONG_RANDOM);
        return;
    }
    if (reserve.left < len) {
        gcry_randomize(reserve.bytes, sizeof(reserve.bytes), GCRY_STRONG_RANDOM);
        reserve.left = sizeof(reserve.bytes);
    }
    unsigned char *from = reserve.bytes + sizeof(reserve.bytes) - reserve.left;
    memcpy(to, from, len);
    crypt_wipe(from, len);
    reserve.left -= len;
}

void crypt_nonce(void *to, size_t len)
{
    gcry_create_nonce(to, len);
}

static void write_text(void (*source)(void *to, size_t len), char *to, size_t chars)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    enum { LETTERS = sizeof(alphabet) - 1, FAIR = 256 - 256 % LETTERS };
    unsigned char pool[64];
    size_t at = 0;
    while (at < chars) {
        source(pool, sizeof(pool));
        /* Bytes beyond the last whole multiple of the alphabet would favour its first letters. */
        for (size_t i = 0; i < sizeof(pool) && at < chars; i++)
            if (pool[i] < FAIR)
                to[at++] = alphabet[pool[i] % LETTERS];
    }
    to[chars] = '\0';
    crypt_wipe(pool, sizeof(pool));
}

void crypt_random_text(char *to, size_t chars)
{
    write_text(crypt_random, to, chars);
}

void crypt_nonce_text(char *to, size_t chars)
{
    write_text(crypt_nonce, to, chars);
}

bool crypt_equal(const void *a, const void *b, size_t len)
{
    const unsigned char *left = a;
    const unsigned char *right = b;
    volatile unsigned char difference = 0;
    for (size_t i = 0; i < len; i++)
        difference = (unsigned char)(difference | (left[i] ^ right[i]));
    return difference == 0;
}

void crypt_wipe(void *bytes, size_t len)
{
    if (len > 0)
        explicit_bzero(bytes, len);
}

void crypt_wipe_buf(struct buf *b)
{
    if (b->data != NULL)
        crypt_wipe(b->data, b->size);
    buf_free(b);
}
