/* SPDX-License-Identifier: Apache-2.0
 *
 * application/x-www-form-urlencoded, as OAuth uses it: a parameter that stands twice is an error, an empty one is as good
 * as none, an unknown one is passed over (RFC 6749 section 3.2).
 */
#ifndef RUKU_FORM_H
#define RUKU_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

/* A parameter that the caller knows. `value` is set up by the caller with its maximum length. */
struct form_field {
    const char *name;
    const char *aliases[2]; /* other spellings, or NULL */
    struct buf value;  /* empty where the parameter did not come */
    bool seen;
};

enum form_fault { FORM_OK, FORM_REPEATED, FORM_BROKEN };

/* Reads a form into the fields. FORM_BROKEN: a bad escape, a NUL, not UTF-8, or a value over its maximum. */
enum form_fault form_parse(const char *text, size_t len, struct form_field *fields, size_t count);

/* Reads a JSON object's texts into the fields, by the same rules; FORM_BROKEN also where it is no JSON object, or a field is no text. */
enum form_fault form_parse_json(const char *text, size_t len, struct form_field *fields, size_t count);


#endif
