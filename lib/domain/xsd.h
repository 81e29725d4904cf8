/* SPDX-License-Identifier: Apache-2.0
 *
 * A category as an XML Schema 1.0 of the XML in which its records are pushed.
 */
#ifndef RUKU_XSD_H
#define RUKU_XSD_H

#include <stdbool.h>

#include "buf.h"

struct category;

/* Appends the schema, a whole document. What the gateway takes is valid; of what it refuses, all that XML Schema has words for is not: left
 * out are that of a field's names one comes, check characters, forms of dates and times but the usual ones, and patterns that XML Schema cannot say. */
void xsd_write(struct buf *to, const struct category *c);

/* Appends a pattern as XML Schema says it. False where it cannot, with nothing of use appended. */
bool xsd_pattern(struct buf *to, const char *pattern);

#endif
