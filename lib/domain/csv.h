/* SPDX-License-Identifier: Apache-2.0
 *
 * Records as CSV (RFC 4180, lines end in CRLF): a column for each field of a category, filled from the record's JSON.
 * A text that a spreadsheet would take for a formula gets a ' in front.
 */
#ifndef RUKU_CSV_H
#define RUKU_CSV_H

#include <stddef.h>

#include "attr.h"

struct buf;
struct csv;
struct fields;

/* The byte order mark, by which Excel knows UTF-8: it stands before the first row. */
#define CSV_MARK "\xEF\xBB\xBF"

/* Makes a writer of rows with these fields, which are borrowed. NULL where memory is short. */
struct csv *csv_new(const struct fields *fields) RUKU_MUST_CHECK;

void csv_free(struct csv *c);

/* Each of the following appends to the row under way in `to`, where a failure sticks. */

/* A cell with text from outside: with a ' in front where it begins with = + - @, their full-width forms, TAB, CR or
 * LF. */
void csv_text(struct csv *c, struct buf *to, const char *text, size_t len);

/* A cell for each field's name. */
void csv_names(struct csv *c, struct buf *to);

/* A cell for each field, from a JSON object: a string as its text, true, false and numbers as they are written, an
 * object or array as its JSON; empty for null and for what is missing. In a field of numbers a string that is a plain
 * decimal, such as "-5", gets no '. Members that are no field of the category are left out. Returns 0, or -1 where
 * this is no JSON object. */
int csv_values(struct csv *c, struct buf *to, const char *json, size_t len) RUKU_MUST_CHECK;

/* Ends the row. */
void csv_end(struct csv *c, struct buf *to);

#endif
