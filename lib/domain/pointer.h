/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON Pointers (RFC 6901): where in a record a fault is.
 */
#ifndef RUKU_POINTER_H
#define RUKU_POINTER_H

#include <stddef.h>

struct buf;

struct pointer_step {
    const char *name; /* NULL: an index */
    size_t len, index;
    const char *own; /* the name that the place has in what is stored, where it came under an alias; else NULL */
};

/* Appends the pointer that these steps lead to; "" is the record itself. A name is cut at its 128th character. */
void pointer_write(struct buf *to, const struct pointer_step *steps, size_t count);

/* The same, by the names in what is stored. */
void pointer_write_own(struct buf *to, const struct pointer_step *steps, size_t count);

#endif
