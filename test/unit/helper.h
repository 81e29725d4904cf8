/* SPDX-License-Identifier: Apache-2.0
 *
 * What unit tests share: a folder of their own under /tmp, checks that name the row of a table, a catalog made of texts.
 * Include it behind cmocka.h.
 */
#ifndef RUKU_TEST_HELPER_H
#define RUKU_TEST_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source.h"

struct buf;
struct catalog;
struct keyring;
struct report;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Fails with the row of the table that does not hold. */
#define EXPECT_ROW(row, condition)                                                                                     \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fail_row(row, #condition, __FILE__, __LINE__);                                                             \
    } while (0)

void fail_row(const char *row, const char *condition, const char *file, int line);

/* A test that gets an empty folder as its state; the folder goes with all in it when the test ends. */
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)
int folder_setup(void **state);
int folder_teardown(void **state);

/* "folder/name" in memory that is reused by the fourth call after this. */
const char *folder_path(const char *folder, const char *name);

/* Writes a file, whose name may have folders in it, which are made. Returns its path, valid as that of folder_path. */
const char *folder_write(const char *folder, const char *name, const char *text);
const char *folder_write_bytes(const char *folder, const char *name, const void *bytes, size_t len);

/* The content as NUL-terminated text, to be freed. */
char *file_text(const char *path);

/* Fails, and shows the text, unless the part is in it (or not in it). */
void expect_has(const char *text, const char *part);
void expect_has_not(const char *text, const char *part);

/* Fails unless the len bytes are this text. */
void expect_bytes(const char *bytes, size_t len, const char *text);

/* How many lines of a report hold the part. */
int report_lines(const struct report *r, const char *part);

/* Loads category/a.ini and codelist/a.ini (NULL: none) that are written to the folder; fails unless they are good. */
struct catalog *catalog_of(const char *folder, const char *category, const char *codelist);

/* The keyring of a key file with this text, which is written to the folder; fails unless it is good. */
struct keyring *keyring_of(const char *folder, const char *text);

/* A source of bytes that come in pieces of `step` (0: as many as there is room for) and end, or break off. */
struct byte_source {
    struct source source;
    const char *bytes;
    size_t len, at, step;
    bool breaks;
};
struct byte_source byte_source(const void *bytes, size_t len, size_t step);

/* xorshift: numbers that are the same in every run. */
uint32_t next_random(uint32_t *seed);

#endif
