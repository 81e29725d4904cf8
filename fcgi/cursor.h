/* SPDX-License-Identifier: Apache-2.0
 *
 * The parameters by which pages are turned: `limit` and `after`. A cursor is opaque to its user: hexadecimal digits that carry
 * where the next page begins.
 */
#ifndef RUKU_CURSOR_H
#define RUKU_CURSOR_H

#include <stdint.h>

#include "attr.h"
#include "buf.h"

struct err;
struct form_field;

#define CURSOR_LIMIT_DEFAULT 100
#define CURSOR_LIMIT_MAX 1000
#define CURSOR_LIMIT_TEXT "1 … 1000"
#define CURSOR_MAX_BYTES 2048

/* Reads `limit`, 1 to CURSOR_LIMIT_MAX; the default where it is empty. Returns 0 or -1. */
int cursor_limit(const struct form_field *field, int64_t *limit_out, struct err *e) RUKU_MUST_CHECK;

/* Appends what a cursor carries; nothing where it is empty. Returns 0 or -1. */
int cursor_read(const struct form_field *field, struct buf *to, struct err *e) RUKU_MUST_CHECK;

/* Says that `after` is not what the member `member` of the page before gave. Returns -1. */
int cursor_bad(const char *member, struct err *e);

/* Says that a query parameter cannot be what it is. Returns -1. */
int cursor_bad_parameter(const struct form_field *field, const char *want, struct err *e);

#endif
