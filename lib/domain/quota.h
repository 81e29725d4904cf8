/* SPDX-License-Identifier: Apache-2.0
 *
 * How much one client may ask for: requests and bytes by second, minute and day, and requests at a time. Nothing here needs a database, so
 * that a flood costs none.
 */
#ifndef RUKU_QUOTA_H
#define RUKU_QUOTA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

struct buf;
struct busy;
struct conf;
struct err;
struct limits;

struct quota_source {
    const struct conf *conf;
    struct limits *limits;
    struct busy *busy;
    int place; /* of this worker (busy.h) */
};

#define QUOTA_RULES_MAX 5

/* What is left of each rule that is in force. */
struct quota {
    size_t count;
    struct quota_left {
        const char *name;
        bool bytes;
        int64_t limit, window, left;
        int seconds; /* until the window ends */
    } rules[QUOTA_RULES_MAX];
};

/* True where the configuration limits anything of it. */
bool quota_is_on(const struct conf *conf);

/* Counts a request of a client with a body of so many bytes (< 0: not known yet). Returns 0; or -1, class limited, with the seconds to
 * wait. In either case *out tells what is left. */
int quota_take(const struct quota_source *s, const char *client_id, int64_t client, int64_t bytes, struct quota *out, struct err *e)
    RUKU_MUST_CHECK;

/* The same but for the requests at a time: for one that keeps no worker from the others. */
int quota_count(const struct quota_source *s, const char *client_id, int64_t bytes, struct quota *out, struct err *e) RUKU_MUST_CHECK;

/* Counts nothing, and refuses a client that has nothing left. */
int quota_look(const struct quota_source *s, const char *client_id, struct quota *out, struct err *e) RUKU_MUST_CHECK;

/* Counts the bytes of a body whose length was not known. */
void quota_add_bytes(const struct quota_source *s, const char *client_id, int64_t bytes);

/* The request is over. */
void quota_end(const struct quota_source *s);

/* Appends the values of the header fields RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers). */
void quota_write_policy(const struct quota *q, struct buf *to);
void quota_write_left(const struct quota *q, struct buf *to);

#endif
