/* SPDX-License-Identifier: Apache-2.0
 *
 * The only user of libgcrypt: hashes, sealing, random text, comparison in equal time, wiping.
 */
#ifndef RUKU_CRYPT_H
#define RUKU_CRYPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

struct buf;

#define CRYPT_DIGEST_SIZE 32
#define CRYPT_KEY_SIZE 32
#define CRYPT_SM4_KEY_SIZE 16
#define CRYPT_IV_SIZE 12
#define CRYPT_TAG_SIZE 16

/* Characters of random_text that carry 256 bits. */
#define CRYPT_SECRET_CHARS 43

enum crypt_hash { CRYPT_SM3, CRYPT_SHA256, CRYPT_HASH_N };

/* Names as configuration and the database write them, in the order of the enum. */
extern const char *const crypt_hash_names[CRYPT_HASH_N];

/* Starts the library, and sees to it that this process leaves no core file: it would hold secrets. Call it once, before any fork. Returns 0,
 * or -1 where the library is too old or lacks a hash. */
int crypt_init(void) RUKU_MUST_CHECK;

void crypt_digest(enum crypt_hash hash, const void *bytes, size_t len, unsigned char to[CRYPT_DIGEST_SIZE]);

/* A hash of bytes that come in pieces. NULL where memory is short; crypt_stream_free takes NULL. */
struct crypt_stream;
struct crypt_stream *crypt_stream_new(enum crypt_hash hash) RUKU_MUST_CHECK;
void crypt_stream_add(struct crypt_stream *s, const void *bytes, size_t len);
/* The digest of all that was added, which ends the adding. */
void crypt_stream_digest(struct crypt_stream *s, unsigned char to[CRYPT_DIGEST_SIZE]);
void crypt_stream_free(struct crypt_stream *s);

/* HMAC with a key of any length. Returns 0, or -1 where the library fails. */
int crypt_hmac(enum crypt_hash hash, const void *key, size_t key_len, const void *bytes, size_t len,
               unsigned char to[CRYPT_DIGEST_SIZE]) RUKU_MUST_CHECK;

/* What may be sealed at a time; where it comes from; what else the tag vouches for. */
struct crypt_sealed {
    const unsigned char *key; /* CRYPT_SM4_KEY_SIZE bytes */
    const unsigned char *iv;  /* CRYPT_IV_SIZE bytes, which never come twice with a key */
    const char *about;        /* text that is not kept, and has to be the same for both */
    const void *from;
    size_t len;
};

/* SM4-GCM (GB/T 32907, RFC 8998): writes len bytes and the tag. Returns 0, or -1 where the library fails. */
int crypt_seal(const struct crypt_sealed *s, void *to, unsigned char tag[CRYPT_TAG_SIZE]) RUKU_MUST_CHECK;

/* The way back. Returns 0; or -1 where key, iv, bytes, tag and `about` do not go together, and then the bytes in `to` are wiped. */
int crypt_unseal(const struct crypt_sealed *s, void *to, const unsigned char tag[CRYPT_TAG_SIZE]) RUKU_MUST_CHECK;

/* CRC-32 as gzip has it: finds slips of the pen, and keeps nobody out. */
uint32_t crypt_crc32(const void *bytes, size_t len);

void crypt_random(void *to, size_t len);

/* Writes chars random letters and digits and a NUL: 5.95 bits each. */
void crypt_random_text(char *to, size_t chars);

/* The same for names that must not meet, and are no secrets; several times cheaper. */
void crypt_nonce(void *to, size_t len);
void crypt_nonce_text(char *to, size_t chars);

/* Compares in a time that depends only on len. */
bool crypt_equal(const void *a, const void *b, size_t len);

/* Overwrites memory that held a secret. */
void crypt_wipe(void *bytes, size_t len);

/* The same for a buffer, whose memory is then given back. */
void crypt_wipe_buf(struct buf *b);

#endif
