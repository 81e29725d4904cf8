/* SPDX-License-Identifier: Apache-2.0
 *
 * One kept-alive HTTP connection to a port of the loopback address.
 */
#ifndef RUKU_BENCH_HTTP_H
#define RUKU_BENCH_HTTP_H

#include <stddef.h>
#include <stdint.h>

struct http {
    int64_t port;
    int fd; /* -1: not connected */
};

/* Connects unless connected. Returns 0 or -1. */
int http_open(struct http *h);

/* Returns 0 or -1; after -1 there may still be a reply to read. */
int http_send(struct http *h, const char *bytes, size_t len);

/* Reads a reply, with a Content-Length or in chunks, and returns its status, or -1. One other than 200 is shown on standard error. Where the
 * server will close, so does this. */
int http_read(struct http *h);

void http_close(struct http *h);

#endif
