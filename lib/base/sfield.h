/* SPDX-License-Identifier: Apache-2.0
 *
 * Structured fields of HTTP (RFC 9651): what a dictionary holds, piece by piece, without a copy. A cursor moves over the text;
 * pieces point into it.
 */
#ifndef RUKU_SFIELD_H
#define RUKU_SFIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

struct sfield {
    const char *p, *end;
};

struct sfield_text {
    const char *text;
    size_t len;
};

enum sfield_kind { SFIELD_INTEGER, SFIELD_DECIMAL, SFIELD_STRING, SFIELD_TOKEN, SFIELD_BYTES, SFIELD_BOOLEAN };

/* A bare item. Of a string, the text between its quotes; of bytes, the base64 between its colons; else as it stands. */
struct sfield_item {
    enum sfield_kind kind;
    struct sfield_text text;
    int64_t number; /* of an integer; 1 or 0 of a boolean */
    bool escaped;   /* a string with a backslash in it */
};

/* A member of a dictionary: its key, and its value with its parameters as they stand; an empty value is the boolean true. */
struct sfield_member {
    struct sfield_text key, value;
};

void sfield_begin(struct sfield *s, const char *text, size_t len);

/* Each of the following returns 1 and moves on, 0 where there is no more, -1 where the text is not as the RFC has it. */

/* The next member of a dictionary. The cursor stands at its begin, or behind a member. */
int sfield_member(struct sfield *s, struct sfield_member *out) RUKU_MUST_CHECK;

/* The next item of an inner list, without its parameters, which sfield_parameter reads next. The cursor stands at the opening bracket
 * (`first`) or behind an item and its parameters; at 0 it stands behind the closing bracket, before the list's own parameters. */
int sfield_inner_item(struct sfield *s, bool first, struct sfield_item *out) RUKU_MUST_CHECK;

/* A bare item; never 0. */
int sfield_bare_item(struct sfield *s, struct sfield_item *out) RUKU_MUST_CHECK;

/* The next parameter behind an item or an inner list. */
int sfield_parameter(struct sfield *s, struct sfield_text *key_out, struct sfield_item *value_out) RUKU_MUST_CHECK;

/* Reads a value that is a byte sequence of exactly `size` bytes; parameters behind it do not matter. False where it is none. */
bool sfield_bytes(const struct sfield_text *value, unsigned char *to, size_t size);

/* True where the piece is this text. */
bool sfield_is(const struct sfield_text *piece, const char *text);

#endif
