/* SPDX-License-Identifier: Apache-2.0
 *
 * The version of the database's tables: numbered SQL files, applied in order and recorded in schema_version.
 */
#ifndef RUKU_MIGRATE_H
#define RUKU_MIGRATE_H

#include "attr.h"

struct buf;
struct db;
struct err;

/* The version that this program works with: the number of the last file in schema/sql. */
#define MIGRATE_VERSION 6

/* Tells the version of the connected database; 0 where it has no tables of Ruku. Returns 0 or -1. */
int migrate_version(struct db *db, int *version_out, struct err *e) RUKU_MUST_CHECK;

/* Returns 0 where the database has the version of this program; or -1 with a detail that names both and the remedy. */
int migrate_check(struct db *db, struct err *e) RUKU_MUST_CHECK;

/* Applies the files of dir/sql that are still missing. Appends a line for each to `done`. Returns 0 or -1. */
int migrate_upgrade(struct db *db, const char *dir, struct buf *done, struct err *e) RUKU_MUST_CHECK;

/* Appends the list of what was applied. Returns 0 or -1. */
int migrate_list(struct db *db, struct buf *to, struct err *e) RUKU_MUST_CHECK;

#endif
