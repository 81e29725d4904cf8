/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON as XML: an object's members become elements of their names, a list's values elements that are all called alike. A record comes out as it
 * may be pushed.
 */
#ifndef RUKU_XMLOUT_H
#define RUKU_XMLOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "attr.h"
#include "buf.h"

struct xmlout_names {
    const char *root;
    const char *space; /* the namespace of all elements, or NULL */
    const char *item;  /* a value in a list */
    const char *row;   /* the same where the whole is a list; NULL: as item */
};

/* Appends a whole document. null is an element with xsi:nil="true"; a member whose name cannot be an element's is `<member name="…">`; a
 * character that XML has not is U+FFFD. Returns 0, or -1 where the text is not JSON, or memory was short: then `to` is of no use. */
int xmlout_write(struct buf *to, const struct xmlout_names *names, const char *json, size_t len) RUKU_MUST_CHECK;

/* Appends text as it stands in an element, or between the quotes of an attribute. */
void xmlout_text(struct buf *to, const char *text, size_t len, bool attribute);

#endif
