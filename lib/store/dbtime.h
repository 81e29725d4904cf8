/* SPDX-License-Identifier: Apache-2.0
 *
 * Times of the database as replies write them.
 */
#ifndef RUKU_DBTIME_H
#define RUKU_DBTIME_H

#include "clock.h"

struct db;

/* A DATETIME(3) as the database writes it: "2024-10-09 15:30:00.123". */
#define DBTIME_SIZE 32

/* Such a text, which is at +08:00, to the second: 2024-10-09T15:30:00+08:00. NULL becomes zeros. */
void dbtime_format(const char *text, char to[CLOCK_TEXT_SIZE]);

/* A DATETIME column of the current row, likewise. */
void dbtime_take(struct db *db, unsigned column, char to[CLOCK_TEXT_SIZE]);

#endif
