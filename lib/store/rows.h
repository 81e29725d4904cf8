/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of a query as structs: all as an array, or the only one.
 */
#ifndef RUKU_ROWS_H
#define RUKU_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

struct db;
struct db_value;
struct err;

struct rows_query {
    size_t sql; /* enum sql */
    const struct db_value *values;
    size_t value_count;
    size_t item_size;
    void (*take)(struct db *db, void *item); /* fills an item from the current row */
};

/* Runs the query and reads all its rows. *list_out is the caller's to free, NULL where there are none. Returns 0 or
 * -1. */
int rows_read(struct db *db, const struct rows_query *query, void **list_out, size_t *count_out, struct err *e)
    RUKU_MUST_CHECK;

/* Runs the query and fills the item from its only row. Returns 1, 0 where there is none, -1 failure. */
int rows_find(struct db *db, const struct rows_query *query, void *item, struct err *e) RUKU_MUST_CHECK;

/* Runs a query whose only row is a number. Returns 0 or -1. */
int rows_count(struct db *db, size_t sql, const struct db_value *values, size_t value_count, int64_t *count_out, struct err *e)
    RUKU_MUST_CHECK;

/* A column of the current row as text, "" for NULL, cut to size - 1 bytes. */
void rows_text(struct db *db, unsigned column, char *to, size_t size);

#endif
