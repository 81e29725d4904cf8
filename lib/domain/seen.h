/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether an id may have come before in a large push: a Bloom filter of a fixed size. "No" is certain; "maybe" is looked up. So a
 * push of any length is counted exactly in constant memory.
 */
#ifndef RUKU_SEEN_H
#define RUKU_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen {
    uint64_t *bits; /* NULL until the first id is added */
};

/* Forgets all ids and gives the memory back. */
void seen_clear(struct seen *s);

/* True where the id may have been added; false where it certainly was not. */
bool seen_maybe(const struct seen *s, const char *id, size_t len);

/* Adds an id. Returns false where memory is short: then nothing is known of any id, and the caller must ask for all. */
bool seen_add(struct seen *s, const char *id, size_t len);

#endif
