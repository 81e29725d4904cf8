/* SPDX-License-Identifier: Apache-2.0
 *
 * The interface as an OpenAPI 3.1 document, made of the table of routes and of the categories in force. A worker makes it once for
 * each language, when it is first asked for; a reload brings new workers, and with them a new document.
 */
#ifndef RUKU_OPENAPI_H
#define RUKU_OPENAPI_H

#include "attr.h"
#include "msg.h"

struct buf;
struct catalog;
struct conf;
struct err;
struct openapi;

#define OPENAPI_TAG_SIZE 36 /* of an entity tag with its quotes and a NUL */

/* Which document. All is borrowed; `base` is the absolute URL of the mount point. */
struct openapi_want {
    const struct conf *conf;
    const struct catalog *catalog;
    enum msg_lang lang;
    const char *base;
};

/* Nothing is made yet. NULL where memory is short; openapi_free takes NULL. */
struct openapi *openapi_new(void) RUKU_MUST_CHECK;
void openapi_free(struct openapi *o);

/* Names the document by its content: the same in all workers of one configuration. Makes it where that was not done. Returns 0, or -1
 * where memory is short. */
int openapi_tag(struct openapi *o, const struct openapi_want *want, char tag_out[OPENAPI_TAG_SIZE], struct err *e) RUKU_MUST_CHECK;

/* Appends the document that openapi_tag was called for. */
void openapi_write(const struct openapi *o, const struct openapi_want *want, struct buf *to);

#endif
