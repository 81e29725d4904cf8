/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a request may do what it wants: token, client, address, category, resource, grant, rate, decided in this order.
 */
#ifndef RUKU_ACCESS_H
#define RUKU_ACCESS_H

#include <stdbool.h>

#include "attr.h"

struct context;
struct err;
struct request;

struct access_want {
    const char *category; /* NULL: only who is calling matters */
    const char *resource; /* NULL: no grant is asked for, only that the category is there */
    bool proves;    /* the handler proves a token that is remembered only (token.h) */
    bool uncounted; /* the request has been counted for its client's rate already */
};

/* Sets the context's caller, category and resource. A category that does not exist is told to whoever has a good token, so that "not
 * granted" is said only of what there is. Returns 0, or -1: class auth, denied, missing, limited, busy. */
int access_check(struct context *ctx, const struct request *request, const struct access_want *want, struct err *e)
    RUKU_MUST_CHECK;

#endif
