/* SPDX-License-Identifier: Apache-2.0
 *
 * What is shown of a personal field: enough to find the record by, too little to learn the value.
 */
#ifndef RUKU_MASK_H
#define RUKU_MASK_H

#include <stddef.h>

#include "attr.h"

struct buf;
struct fields;
struct scan;

#define MASK_SIZE 16 /* bytes of what mask_text writes, with its NUL */

/* Writes *** in place of the text. One of eight characters or more keeps its first and its last around that. The
 * number of asterisks is always three, so the length is not told either. The text is well-formed UTF-8. */
void mask_text(char to[MASK_SIZE], const char *text, size_t len);

/* Appends a record with every value of a personal field masked, numbers and booleans as the string "***"; null stays,
 * and so do arrays, objects and names. What is no field stays as it is. The scan is any that scan_init has prepared. A
 * failure of memory sticks in `to`. Returns 0, or -1 where this is not JSON. */
int mask_record(struct scan *scan, const struct fields *fields, const char *json, size_t len, struct buf *to)
    RUKU_MUST_CHECK;

#endif
