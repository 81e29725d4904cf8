/* SPDX-License-Identifier: Apache-2.0
 *
 * Which of several names a mistyped one was meant to be. Capitals and small letters are the same here, and '-' and '_'
 * do not count.
 */
#ifndef RUKU_NEAR_H
#define RUKU_NEAR_H

#include <stddef.h>

#define NEAR_NAME_MAX 64 /* bytes; nothing is near a longer name */

struct near {
    char name[NEAR_NAME_MAX];
    size_t len;
    const char *best; /* the nearest candidate so far, borrowed, or NULL where none is near enough */
    size_t distance;  /* what a candidate must stay below */
};

/* Begins with the name that is not known. */
void near_begin(struct near *n, const char *name, size_t len);

/* Takes a candidate (NUL-terminated) for the best if it is nearer than those before. Near enough is one letter for
 * every three of the name: a wrong, missing or additional one, or two that are exchanged; three at most. */
void near_try(struct near *n, const char *candidate);

#endif
