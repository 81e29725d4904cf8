/* SPDX-License-Identifier: Apache-2.0
 *
 * A table for people: columns as wide as their widest cell on a terminal, where a Chinese character takes two columns.
 */
#ifndef RUKU_TABLE_H
#define RUKU_TABLE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "attr.h"
#include "buf.h"

#define TABLE_COLUMNS_MAX 16

enum table_kind {
    TABLE_TEXT,  /* to the left; cut to max_width, if that is not 0 */
    TABLE_NUMBER, /* to the right */
    TABLE_BAR    /* a number, drawn as a bar in what room the other columns leave; only as the last column */
};

struct table_column {
    const char *head; /* shown in the program's own language */
    enum table_kind kind;
    size_t max_width;
};

struct table {
    const struct table_column *columns; /* borrowed */
    size_t column_count;
    size_t widths[TABLE_COLUMNS_MAX];
    int64_t max_bar;
    struct buf cells; /* each with a NUL behind it */
    size_t cell_count;
};

/* Starts an empty table. */
void table_init(struct table *t, const struct table_column *columns, size_t column_count);

void table_free(struct table *t);

/* Each adds the next cell, row by row; a failure sticks until table_print. Control characters become '?'. */
void table_text(struct table *t, const char *text);
void table_number(struct table *t, int64_t number);

/* Prints the table to standard output, with line_width columns of the terminal for bars. Returns 0, or -1 where memory
 * is short. */
int table_print(const struct table *t, size_t line_width) RUKU_MUST_CHECK;

/* Columns of the terminal that a file descriptor is, or 0 where it is none. */
size_t table_terminal_width(int fd);

/* Prints text from outside, control characters as '?'. */
void table_print_text(FILE *to, const char *text, size_t len);

#endif
