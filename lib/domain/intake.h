/* SPDX-License-Identifier: Apache-2.0
 *
 * The way of a push from its bytes to checked records: one object, an array, or one object a line is read from a source
 * record by record; each is checked and handed on. Memory is bounded by the largest record, not by the body.
 */
#ifndef RUKU_INTAKE_H
#define RUKU_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "buf.h"
#include "source.h"

struct err;
struct faults;
struct record_checker;
struct row;

/* Who takes the records. Each function returns 0 to go on, or -1 with the error filled to stop. */
struct intake_sink {
    int (*good)(struct intake_sink *self, const struct row *row, struct err *e);
    int (*bad)(struct intake_sink *self, const struct faults *faults, struct err *e);
};

struct intake_options {
    bool lines;   /* one record a line (NDJSON); else one object or an array */
    bool single;  /* one object: an array is a bad record */
    bool xml;     /* the JSON has been made of XML: places in it mean nothing to the sender */
    bool lenient; /* a line that is not JSON, or too long, is a bad record and not the end */
    int64_t max_body;
    size_t max_record;
    int64_t offset; /* in the body, of the first byte that the source gives: faults tell places from there */
};

/* How far it got; filled on failure too. */
struct intake_result {
    size_t received; /* records read */
    size_t rejected; /* of them */
    int64_t bytes;   /* of the body */
};

/* Reads the whole body. Returns 0, or -1 with an error of class input (not JSON), too_large, busy, what the source gave or
 * what the sink gave. `window` is the caller's, to be used again. */
int intake_run(struct source *source, const struct intake_options *options, struct record_checker *checker,
               struct intake_sink *sink, struct buf *window, struct intake_result *result_out, struct err *e)
    RUKU_MUST_CHECK;

#endif
