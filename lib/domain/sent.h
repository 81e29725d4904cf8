/* SPDX-License-Identifier: Apache-2.0
 *
 * What a sender wrote where a record is stored with something else: the text of a time that was put into its canonical form. A JSON
 * object from the place in the stored record (a JSON Pointer) to the value as it was sent.
 */
#ifndef RUKU_SENT_H
#define RUKU_SENT_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

struct pointer_step;

struct sent {
    struct buf json;
};

/* The object may have up to max_bytes bytes. */
void sent_init(struct sent *s, size_t max_bytes);

void sent_free(struct sent *s);

/* Forgets the values of the last record. */
void sent_begin(struct sent *s);

/* Adds a value, which is JSON as it was sent. A field that came under an alias stands under its own name. */
void sent_add(struct sent *s, const struct pointer_step *steps, size_t count, const char *value, size_t len);

/* Ends the object, which is valid until the next sent_begin. NULL: there is no value. */
const char *sent_end(struct sent *s, size_t *len_out);

/* True where the values do not fit or memory was short. */
bool sent_failed(const struct sent *s);

#endif
