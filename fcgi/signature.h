/* SPDX-License-Identifier: Apache-2.0
 *
 * A signature of a request, as HTTP Message Signatures (RFC 9421) have it: one of Signature-Input that says tag="ruku", by HMAC with a
 * key that client and service share. hmac-sha256 is registered; hmac-sm3 is this project's own.
 */
#ifndef RUKU_SIGNATURE_H
#define RUKU_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "crypt.h"
#include "sfield.h"

struct buf;
struct err;
struct request;

#define SIGNATURE_PARTS_MAX 16
#define SIGNATURE_WINDOW INT64_C(300) /* seconds that the clocks may differ */

struct signature {
    struct sfield_text label;  /* of both fields */
    struct sfield_text params; /* what stands behind it in Signature-Input, as it came */
    struct sfield_text keyid, nonce;
    int64_t created, expires; /* seconds since 1970; expires 0: not said */
    enum crypt_hash hash;
    unsigned char parts[SIGNATURE_PARTS_MAX]; /* what it covers, in order */
    size_t part_count;
    unsigned char mac[CRYPT_DIGEST_SIZE];
};

/* Finds and reads the signature of a request. Returns 1; 0 where there is none with this tag; -1 (class input) where it is malformed, or
 * leaves out what it has to cover: method, path, query, and of the fields that say what is to be done those that were sent. */
int signature_read(struct signature *s, const struct request *request, struct err *e) RUKU_MUST_CHECK;

/* Checks its time against the clock. Returns 0 or -1 (class auth). */
int signature_check_time(const struct signature *s, int64_t now, struct err *e) RUKU_MUST_CHECK;

/* Appends what is signed (RFC 9421 section 2.5). mask: the token in it is left out. */
void signature_base(const struct signature *s, const struct request *request, bool mask, struct buf *to);

/* True where the key, a text, made the signature of this base. */
bool signature_fits(const struct signature *s, const struct buf *base, const char *key);

#endif
