/* SPDX-License-Identifier: Apache-2.0
 *
 * The way of a push from its bytes to checked rows: one object or an array is read from a source record by record, each
 * is checked, and the good ones go to the spool. Memory is bounded by the largest record, not by the body.
 */
#ifndef RUKU_INTAKE_H
#define RUKU_INTAKE_H

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "buf.h"

struct err;
struct record_checker;
struct spool;

/* Where bytes come from. read gives up to room bytes: > 0 so many, 0 the end, -1 the source broke off. */
struct source {
    long (*read)(struct source *self, char *to, size_t room);
};

struct intake_limits {
    int64_t announced; /* bytes the sender announced, or -1 */
    int64_t max_body;
    size_t max_record;
};

struct intake_result {
    size_t received; /* records read */
    size_t rejected; /* of them, against the category */
    int64_t bytes;   /* of the body */
};

/* Reads the whole body. Returns 0 with the counts, and the good rows in the spool where none was rejected; or -1 with an
 * error of class input (not JSON, cut off), too_large, gone or busy. `window` is the caller's, to be used again. */
int intake_run(struct source *source, const struct intake_limits *limits, struct record_checker *checker,
               struct spool *spool, struct buf *window, struct intake_result *result_out, struct err *e)
    RUKU_MUST_CHECK;

#endif
