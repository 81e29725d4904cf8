/* SPDX-License-Identifier: Apache-2.0
 *
 * A body as it comes over the wire, counted: against the length that was announced, against the limit, and hashed where that is
 * asked for. A body that ends early is never taken for one that is complete.
 */
#ifndef RUKU_BODY_H
#define RUKU_BODY_H

#include <stdint.h>

#include "source.h"

struct crypt_stream;

struct body {
    struct source source; /* read this one; its errors are of class input, too_large, or what `from` gives */
    struct source *from;
    int64_t announced; /* bytes, or -1 where nothing was announced */
    int64_t max;
    int64_t got;
    struct crypt_stream *hash; /* NULL, or what hashes every byte that was read */
};

/* Everything is borrowed. */
void body_init(struct body *b, struct source *from, int64_t announced, int64_t max, struct crypt_stream *hash);

#endif
