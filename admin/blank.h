/* SPDX-License-Identifier: Apache-2.0
 *
 * A blank record of a category, to be filled in.
 */
#ifndef RUKU_BLANK_H
#define RUKU_BLANK_H

#include "buf.h"

struct category;

/* Appends a JSON object with every field in its order. What must come is "", 0 or false; what may be left out is null, or its default, which
 * a push takes as it stands, as it does an empty list. An object, and one in a list, is there to be filled in or removed. */
void blank_write(struct buf *to, const struct category *c);

#endif
