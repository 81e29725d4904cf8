/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a signed request was signed by the client that it is of, for the first time, and not long ago.
 */
#ifndef RUKU_SIGNING_H
#define RUKU_SIGNING_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

struct context;
struct err;
struct login;
struct request;

/* The client that a request is of, by its token or by its own word. */
struct signing_client {
    int64_t client; /* the key of its row; 0: there is no such client */
    const char *client_id;
    bool must_sign;
};

/* Checks the signature of the context, and remembers it. Returns 0; or -1: class auth, with what should have been signed among the
 * context's extra members; denied, where this client may not come in the clear; busy. */
int signing_check(struct context *ctx, const struct request *request, const struct signing_client *client, struct err *e) RUKU_MUST_CHECK;

/* Logs the client in that signed the request. Returns 1 with *out; 0 with the error filled where it is refused; -1. */
int signing_login(struct context *ctx, const struct request *request, const char *client_id, struct login *out, struct err *e)
    RUKU_MUST_CHECK;

#endif
