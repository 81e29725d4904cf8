/* SPDX-License-Identifier: Apache-2.0
 *
 * If-Match and If-None-Match (RFC 9110 section 13): the revision of a record is its entity tag.
 */
#ifndef RUKU_PRECONDITION_H
#define RUKU_PRECONDITION_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

struct err;
struct request;

/* What a change demands of the record: *expect_out is INGEST_EXPECT_NOTHING, _STORED (If-Match: *), _NEW (If-None-Match: *), or
 * a revision. Returns 0, or -1 where a header is neither a revision nor *. */
int precondition_read(const struct request *request, int64_t *expect_out, struct err *e) RUKU_MUST_CHECK;

/* Refuses conditions where many records are stored: they could not be met, and to pass over them would store what was not wanted. Returns
 * 0 or -1. */
int precondition_none(const struct request *request, struct err *e) RUKU_MUST_CHECK;

/* True where the sender of a GET has this revision already. */
bool precondition_not_modified(const struct request *request, int64_t revision);

/* The same for what is named by another tag, which is given with its quotes. */
bool precondition_has_tag(const struct request *request, const char *wanted);

#endif
