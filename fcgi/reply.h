/* SPDX-License-Identifier: Apache-2.0
 *
 * The answer to a request while it is being made: status, headers, body. The table from error class to HTTP status is here.
 */
#ifndef RUKU_REPLY_H
#define RUKU_REPLY_H

#include <stdint.h>

#include "attr.h"
#include "buf.h"
#include "msg.h"

struct conf;
struct err;
struct json_object;
struct request;

struct reply {
    int status;
    struct buf headers; /* whole lines, each with CR LF */
    struct buf body;
};

/* Prepares an empty reply whose body may have up to max_body bytes. */
void reply_init(struct reply *r, size_t max_body);
void reply_free(struct reply *r);

/* Forgets everything, keeps the memory. */
void reply_clear(struct reply *r);

/* Adds a header line. The value is ours or has been checked: it holds no CR or LF. */
void reply_header(struct reply *r, const char *name, const char *format, ...) RUKU_PRINTF(3, 4);

/* Answers with a JSON object, which is given up here. Adds `request_id` to it where the request is not NULL. */
void reply_json(struct reply *r, int status, const struct request *request, struct json_object *object);

/* Puts another body, which is borrowed, and its media type in place of those that are there; the headers stay. */
void reply_swap(struct reply *r, const char *type, const struct buf *body);

/* Puts another JSON object, which is given up here, in place of the body; the headers stay, but for its media type. */
void reply_replace(struct reply *r, int status, struct json_object *object);

/* Forgets what was there and answers with problem+json (RFC 9457). `extra` may be NULL; its members are added, and it is given
 * up here. */
void reply_problem(struct reply *r, const struct request *request, const struct conf *conf, const struct err *e,
                   struct json_object *extra);

/* Members of a JSON object: text (NULL gives null), a count, and JSON that is put in as it stands (borrowed until the object
 * is written). */
void reply_add_text(struct json_object *to, const char *name, const char *text);
void reply_add_count(struct json_object *to, const char *name, uint64_t count);
void reply_add_raw(struct json_object *to, const char *name, char *json);

/* The HTTP status for a class of error. */
int reply_status(enum msg_class class);

/* The reason phrase of a status that is used here. */
const char *reply_reason(int status);

/* The title of a problem with this status; NULL of a success. */
const char *reply_title(int status, enum msg_lang lang);

#endif
