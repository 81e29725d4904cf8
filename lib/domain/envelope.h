/* SPDX-License-Identifier: Apache-2.0
 *
 * The body of a classic push: `{"category":"…","resource":"…","batch_id":"…","data":[…]}`. What stands before `data` is read at once; the
 * value of `data` is then a source like any other, so that a body of any size passes in constant memory.
 */
#ifndef RUKU_ENVELOPE_H
#define RUKU_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "source.h"

struct err;

#define ENVELOPE_TEXT_SIZE 256
#define ENVELOPE_HEAD_BYTES ((size_t)8 * 1024) /* the most that may stand before the value of data */

struct envelope {
    struct source source; /* read this one: the value of data, and nothing behind it */
    struct source *from;
    char category[ENVELOPE_TEXT_SIZE], resource[ENVELOPE_TEXT_SIZE];
    char batch_id[ENVELOPE_TEXT_SIZE]; /* "": none */
    int64_t offset; /* of the value of data, in the body */
    char head[ENVELOPE_HEAD_BYTES];
    size_t len, at; /* bytes in head, and those given on */
    int64_t passed; /* bytes of the value given on */
    unsigned depth; /* brackets of the value that are open */
    bool in_text, escaped, done;
};

/* Reads up to the value of data. Everything is borrowed. Returns 0, or -1: class input, or what the source gave. */
int envelope_open(struct envelope *v, struct source *from, struct err *e) RUKU_MUST_CHECK;

#endif
