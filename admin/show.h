/* SPDX-License-Identifier: Apache-2.0
 *
 * What became of a push, as text for people: its counts, and its records that were not stored, with their faults.
 */
#ifndef RUKU_SHOW_H
#define RUKU_SHOW_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "attr.h"

struct counts;
struct db;
struct err;

/* Prints what stands before a number: the name, in the program's own language, and spaces. */
void show_label(FILE *to, const char *name);

/* Prints a line for each number. */
void show_counts(FILE *to, uint64_t received, const struct counts *counts, uint64_t rejected);

/* Prints up to `limit` refused records of a batch. Returns how many were printed, or -1. */
int64_t show_rejects(FILE *to, struct db *db, const char *batch, int64_t limit, struct err *e) RUKU_MUST_CHECK;

/* Prints faults that name their records: JSON objects separated by commas, those of a record in a row. Returns 0, or -1
 * where memory is short. */
int show_faults(FILE *to, const char *json, size_t len, struct err *e) RUKU_MUST_CHECK;

#endif
