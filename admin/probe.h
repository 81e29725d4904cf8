/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests to the running service through its web server, as a client would send them: the only user of libcurl.
 */
#ifndef RUKU_PROBE_H
#define RUKU_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "attr.h"

struct probe_request {
    const char *method, *path;
    const char *authorization; /* the header's value, or NULL */
    size_t body_bytes;         /* of zeros in digits; 0: no body */
    bool chunked;              /* the body's length is not announced */
};

struct probe_reply {
    long status;       /* 0: there was no answer */
    char code[64];     /* of a problem of the gateway, or "": the answer is the web server's own */
    char error[256];   /* why there was no answer */
    long long date;    /* of the header Date, in seconds since 1970; -1: none */
};

/* Starts libcurl; call it once. Returns 0 or -1. */
int probe_init(void) RUKU_MUST_CHECK;
void probe_end(void);

/* Sends a request to the service at `base`, a URL without a slash at its end. */
void probe_send(const char *base, const struct probe_request *request, struct probe_reply *out);

#endif
