/* SPDX-License-Identifier: Apache-2.0
 *
 * How far a long command has got: one line on standard error that is drawn again and again, where that is a terminal,
 * and nothing where it is none.
 */
#ifndef RUKU_PROGRESS_H
#define RUKU_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
    const char *step; /* borrowed */
    int64_t began, drawn; /* clock_micros; drawn 0: not yet */
    size_t width;         /* of the line that stands there */
};

/* Begins a step, which what it does is called by. */
void progress_begin(struct progress *p, const char *step);

/* Draws the line, unless that was done just before. done of all: what there is to do, in any unit; all 0: not known. */
void progress_show(struct progress *p, int64_t done, int64_t all, uint64_t records);

/* Leaves an empty line. */
void progress_clear(struct progress *p);

#endif
