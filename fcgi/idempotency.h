/* SPDX-License-Identifier: Apache-2.0
 *
 * Idempotency-Key: the first reply to a request is kept with its batch, and a repeat of the request gets that reply. While the first
 * is under way a repeat is refused; if the first died before its commit, the repeat is the first.
 */
#ifndef RUKU_IDEMPOTENCY_H
#define RUKU_IDEMPOTENCY_H

#include <stdbool.h>

#include "attr.h"
#include "receipt.h"

struct body;
struct context;
struct crypt_stream;
struct err;
struct keyring;
struct reply;
struct request;

#define IDEMPOTENCY_KEY_MAX 255

struct idempotency {
    char text[IDEMPOTENCY_KEY_MAX + 1];
    bool claimed;
    const struct keyring *keys;
    struct crypt_stream *hash; /* of the request line, the preferences and the body; NULL where there is no key */
    struct kept_reply kept;
};

/* Begins the digest of a request whose key is not known yet; idempotency_claim follows where it has one. Returns 0 or -1. In any case
 * idempotency_end. */
int idempotency_prepare(struct idempotency *i, const struct context *ctx, const struct request *request, struct err *e)
    RUKU_MUST_CHECK;
int idempotency_claim(struct idempotency *i, const struct context *ctx, const char *key, struct err *e) RUKU_MUST_CHECK;

/* Reads the request's key and claims it. Returns 0 (*has_key_out: whether there is one), or -1: malformed, or in use. In any case
 * idempotency_end. */
int idempotency_begin(struct idempotency *i, const struct context *ctx, const struct request *request, bool *has_key_out,
                      struct err *e) RUKU_MUST_CHECK;

void idempotency_end(struct idempotency *i, const struct context *ctx);

/* Looks for the reply that is kept under the key. Returns 1, 0 or -1. */
int idempotency_find(struct idempotency *i, const struct context *ctx, struct err *e) RUKU_MUST_CHECK;

/* Reads the rest of the body and gives the kept reply, or refuses where the request is another one. Returns 0 or -1. */
int idempotency_replay(struct idempotency *i, struct body *body, struct reply *reply, struct err *e) RUKU_MUST_CHECK;

/* Fills the error that says that the key is in use. Returns -1. */
int idempotency_in_use(struct err *e);

#endif
