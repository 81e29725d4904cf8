/* SPDX-License-Identifier: Apache-2.0
 *
 * The check of one record: bytes and a category in, a row ready to be stored or the record's faults out. One pass over
 * the bytes; what is stored is what was sent, byte for byte, unless the category asks for a default or a strict date,
 * or a field came under an alias.
 */
#ifndef RUKU_RECORD_H
#define RUKU_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "buf.h"
#include "crypt.h"
#include "gbtime.h"
#include "pointer.h"
#include "scan.h"
#include "sent.h"

struct category;
struct faults;

#define RECORD_ID_MAX_CHARS 128
#define RECORD_NO_VERSION (-1)
#define RECORD_SENT_MAX_BYTES ((size_t)4 * 1024 * 1024) /* of texts that are kept beside the record */
#define RECORD_TITLE_MAX_CHARS 500 /* of the copy for listings; the record itself is never cut */

enum record_outcome {
    RECORD_GOOD,   /* the row is set */
    RECORD_FAULTY, /* JSON, but against the category: the faults say why */
    RECORD_MORE,   /* the bytes end before the record does */
    RECORD_BROKEN  /* not JSON: scan.why at scan.at */
};

/* A record as it is stored. Pointers are valid until the checker's next call and while the bytes given to it are. */
struct row {
    const char *id;
    size_t id_len;
    const char *title; /* NULL: none */
    size_t title_len;
    const char *published; /* "2024-10-09 15:30:00" at +08:00, or NULL */
    const char *fields;    /* the JSON object */
    size_t fields_len;
    const char *sent; /* what the sender wrote for times that were put into another form (sent.h), or NULL */
    size_t sent_len;
    unsigned char digest[CRYPT_DIGEST_SIZE]; /* of the canonical form */
    int64_t version; /* the sender's own, or RECORD_NO_VERSION */
    size_t index;    /* of the record within its push */
};

#define RECORD_STEPS_MAX 16

/* Checks records of one category; holds the memory that one record needs, for use again by the next. */
struct record_checker {
    struct scan scan;
    const struct category *category;
    enum crypt_hash hash;
    struct faults *faults; /* of the record that was checked last */
    const char *given_id;  /* NULL, or the id that the path names: a record without one gets it */
    size_t given_id_len;
    int64_t version;
    struct pointer_step steps[RECORD_STEPS_MAX];
    size_t step_count;
    bool has_id, has_title, has_published;
    struct buf id, title, pointer, canon;
    char published[GBTIME_SQL_SIZE];
    struct buf patched;       /* the record with defaults, strict dates and fields' own names put in */
    const char *patched_upto; /* bytes before this are in patched; NULL: nothing was put in yet */
    struct sent sent;
    const char *start;
};

/* Prepares a checker. category and faults are borrowed; the caller may set given_id afterwards, which is borrowed too.
 * Returns 0, or -1 where memory is short. */
int record_checker_init(struct record_checker *c, const struct category *category, enum crypt_hash hash,
                        struct faults *faults) RUKU_MUST_CHECK;

void record_checker_free(struct record_checker *c);

/* Checks the record that starts (after white space) at bytes. `final`: nothing follows the bytes. `depth`: JSON containers
 * open around it. *used_out: bytes read. */
enum record_outcome record_check(struct record_checker *c, const char *bytes, size_t len, bool final, int depth,
                                 size_t index, struct row *row_out, size_t *used_out) RUKU_MUST_CHECK;

#endif
