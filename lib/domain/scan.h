/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON, read straight from its bytes in one pass, without a tree: the grammar of RFC 8259 with the limits of I-JSON
 * (RFC 7493). Strings are checked as UTF-8 and their characters counted on the way. The bytes may be the start of
 * something longer: then a scan that reaches their end stops with SCAN_MORE and is begun again with more of them.
 */
#ifndef RUKU_SCAN_H
#define RUKU_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "buf.h"
#include "msg.h"

#define SCAN_DEPTH_MAX 32
#define SCAN_NAMES_MAX 1024 /* members of all the objects that are open at a time */

enum scan_stop {
    SCAN_OK,
    SCAN_MORE, /* the bytes end before the value does, and more may come */
    SCAN_BAD   /* not JSON: `why` at `at` */
};

enum scan_kind { SCAN_STRING, SCAN_NUMBER, SCAN_TRUE, SCAN_FALSE, SCAN_NULL, SCAN_OBJECT, SCAN_ARRAY, SCAN_KIND_N };

struct scan_name;

struct scan {
    const char *p;       /* the next byte */
    const char *end;     /* one past the last byte at hand */
    bool final;          /* nothing comes after end */
    int depth;           /* containers that are open */
    enum scan_stop stop; /* once not SCAN_OK, nothing moves any more */
    enum msg_id why;
    const char *at;
    struct scan_name *names; /* owned; the names of all objects that are open */
    size_t name_count;
    struct buf decoded; /* the text of the last string that scan_text decoded */
    struct buf name_text;
};

/* A string, as it stands between its quotes. */
struct scan_string {
    const char *raw;
    size_t len;
    size_t chars;  /* code points after unescaping */
    bool escaped;  /* a backslash is in it: the raw bytes are not the text */
};

/* Makes the scan ready for use; -1 where memory is short. */
int scan_init(struct scan *s) RUKU_MUST_CHECK;

void scan_free(struct scan *s);

/* Begins to scan bytes with `depth` containers already open around them. */
void scan_begin(struct scan *s, const char *bytes, size_t len, bool final, int depth);

/* Each of the following returns true and moves on, or returns false with s->stop set. */

/* Skips white space and shows the next byte, which stays unread. */
bool scan_peek(struct scan *s, char *next_out) RUKU_MUST_CHECK;

/* Tells by its first byte what value comes next. */
bool scan_kind(struct scan *s, enum scan_kind *kind_out) RUKU_MUST_CHECK;

/* Reads a string whose opening quote is the next byte. */
bool scan_string(struct scan *s, struct scan_string *string_out) RUKU_MUST_CHECK;

/* Reads a number. *integer_out: it has neither fraction nor exponent. */
bool scan_number(struct scan *s, bool *integer_out) RUKU_MUST_CHECK;

/* Reads true, false or null, as `kind` says. */
bool scan_literal(struct scan *s, enum scan_kind kind) RUKU_MUST_CHECK;

/* Opens the container whose bracket is the next byte. *mark_out is handed to the calls below. */
bool scan_open(struct scan *s, size_t *mark_out) RUKU_MUST_CHECK;

/* Steps to the next member of an object: reads its name and colon, and refuses a name that stood in it before.
 * *done_out: there is none, and the closing brace has been read. `first` is true on the first call. */
bool scan_member(struct scan *s, size_t mark, bool first, struct scan_string *name_out, bool *done_out) RUKU_MUST_CHECK;

/* Steps to the next item of an array, likewise. */
bool scan_item(struct scan *s, bool first, bool *done_out) RUKU_MUST_CHECK;

/* Reads a value of any kind and forgets it. */
bool scan_skip(struct scan *s) RUKU_MUST_CHECK;

/* The text of a string: its raw bytes, or decoded bytes that stay valid until the next call. NULL: out of memory. */
const char *scan_text(struct scan *s, const struct scan_string *string, size_t *len_out);

/* Appends the text of a raw string, unescaped. The raw bytes must have been scanned. */
void scan_decode(struct buf *to, const char *raw, size_t len);

/* Stops the scan with a message at a place. Returns false. */
bool scan_fail(struct scan *s, enum msg_id why, const char *at);

#endif
