/* SPDX-License-Identifier: Apache-2.0
 *
 * The checked rows of one push, until the last of them has been read. Only then is a database transaction begun, so a
 * slow sender holds none, and a transaction that has to be repeated can be, whole. Rows stay in memory up to a limit
 * and go to an unlinked temporary file beyond it.
 */
#ifndef RUKU_SPOOL_H
#define RUKU_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "attr.h"
#include "buf.h"

struct err;
struct row;

struct spool {
    const char *dir; /* borrowed */
    size_t memory;
    struct buf window; /* rows that wait to be written, or that were read back */
    size_t at;         /* in the window: where the next row is read */
    bool reading;      /* everything has been added */
    int fd;            /* the temporary file, or -1 */
    off_t stored;      /* bytes in the file */
    off_t read;        /* bytes read back from it */
    size_t count;      /* rows */
    size_t bytes;      /* of all of them */
};

/* Prepares a spool that keeps up to `memory` bytes before it uses a file in dir (borrowed). */
void spool_init(struct spool *s, size_t memory, const char *dir);

void spool_free(struct spool *s);

/* Forgets all rows; memory beyond the limit and the file are given back. */
void spool_clear(struct spool *s);

/* Adds a copy of a row. Returns 0, or -1 (class busy: no room). */
int spool_add(struct spool *s, const struct row *row, struct err *e) RUKU_MUST_CHECK;

/* Goes back to the first row; from here on only spool_next is called, until spool_clear. Returns 0 or -1. */
int spool_rewind(struct spool *s, struct err *e) RUKU_MUST_CHECK;

/* Reads up to max_rows rows of together about max_bytes bytes, at least one where there is one. *count_out 0: no more.
 * The rows are valid until the next call. Returns 0 or -1. */
int spool_next(struct spool *s, struct row *rows, size_t max_rows, size_t max_bytes, size_t *count_out, struct err *e)
    RUKU_MUST_CHECK;

#endif
