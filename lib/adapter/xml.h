/* SPDX-License-Identifier: Apache-2.0
 *
 * XML 1.0, told as its bytes come; the only user of expat. Nothing outside the bytes is ever looked at: a document type declaration, and
 * with it every entity but the five of XML itself, is refused. So are namespaces and attributes (but for xsi:nil and those that say nothing
 * about the content), tags that are too long and elements that are too deep, so that memory is bounded.
 */
#ifndef RUKU_XML_H
#define RUKU_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "attr.h"

struct err;
struct xml;

#define XML_DEPTH_MAX 64                       /* elements that are open at a time */
#define XML_TAG_MAX_BYTES ((size_t)64 * 1024) /* of a tag, a comment, an instruction */

/* What is found. Each returns 0 to go on, or -1 with the error filled to stop. */
struct xml_sink {
    /* An element begins; nil: it says by xsi:nil="true" that it has no value. */
    int (*start)(void *context, const char *name, bool nil, struct err *e);
    /* Text, a piece at a time: UTF-8, with references resolved and line ends as \n. */
    int (*text)(void *context, const char *text, size_t len, struct err *e);
    int (*end)(void *context, struct err *e);
    void *context;
};

/* Makes a reader of one document. NULL where memory is short. */
struct xml *xml_new(const struct xml_sink *sink) RUKU_MUST_CHECK;

/* Takes NULL too. */
void xml_free(struct xml *x);

/* Reads the next bytes; final: they are the last. Returns 0, or -1 with an error of class input, or the sink's: then nothing more may be
 * read. The error tells the line. */
int xml_feed(struct xml *x, const char *bytes, size_t len, bool final, struct err *e) RUKU_MUST_CHECK;

/* The line that is being read, counted from 1. */
unsigned long xml_line(const struct xml *x);

#endif
