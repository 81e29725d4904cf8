/* SPDX-License-Identifier: Apache-2.0
 *
 * A category as the table of items (指标项) that the description of an interface has, with its resources and code lists.
 */
#ifndef RUKU_ITEMTABLE_H
#define RUKU_ITEMTABLE_H

#include "buf.h"

struct category;

enum itemtable_look { ITEMTABLE_MARKDOWN, ITEMTABLE_HTML };

/* Appends it, in the program's language; as HTML a whole page that needs nothing else. */
void itemtable_write(struct buf *to, const struct category *c, enum itemtable_look look);

#endif
