/* SPDX-License-Identifier: Apache-2.0
 *
 * A view for each category: its live records as a table, with a typed column for each field.
 */
#ifndef RUKU_VIEWS_H
#define RUKU_VIEWS_H

#include <stddef.h>

#include "attr.h"

struct buf;
struct category;
struct db;
struct err;

#define VIEWS_CODE_MAX 62 /* of a category: v_ and its code fill the 64 characters that MariaDB allows */

/* Appends the statement that creates or replaces the category's view, v_<category>; a failure sticks in `to`. A value
 * that is not of its column's type reads as NULL, without an error or warning. */
void views_text(const struct category *category, struct buf *to);

/* Creates or replaces the category's view. Returns 0, or -1 (class config: the code is too long). */
int views_create(struct db *db, const struct category *category, struct err *e) RUKU_MUST_CHECK;

/* The names of all views that begin with v_, each with a NUL behind it, appended to `to`. Returns 0 or -1. */
int views_names(struct db *db, struct buf *to, struct err *e) RUKU_MUST_CHECK;

#endif
