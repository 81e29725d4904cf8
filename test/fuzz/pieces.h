/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes as a source that gives them in pieces.
 */
#ifndef RUKU_FUZZ_PIECES_H
#define RUKU_FUZZ_PIECES_H

#include <stddef.h>
#include <string.h>

#include "source.h"

struct pieces {
    struct source source;
    const char *bytes;
    size_t len, step; /* len: what is left; step 0: as many as there is room for */
};

static inline long pieces_read(struct source *self, char *to, size_t room, struct err *e)
{
    struct pieces *p = (struct pieces *)(void *)self;
    size_t n = p->step > 0 && p->step < p->len ? p->step : p->len;
    (void)e;
    n = n > room ? room : n;
    if (n > 0)
        memcpy(to, p->bytes, n);
    p->bytes += n;
    p->len -= n;
    return (long)n;
}

static inline struct pieces pieces_of(const char *bytes, size_t len, size_t step)
{
    return (struct pieces){.source.read = pieces_read, .bytes = bytes, .len = len, .step = step};
}

#endif
