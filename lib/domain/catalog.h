/* SPDX-License-Identifier: Apache-2.0
 *
 * All categories and code lists in force, read once from the schema folders and then only read.
 */
#ifndef RUKU_CATALOG_H
#define RUKU_CATALOG_H

#include <stddef.h>

#include "attr.h"

struct category;
struct codelist;
struct report;

struct catalog {
    struct category **categories; /* owned, ordered by code */
    size_t category_count;
    struct codelist **codelists; /* owned, ordered by code */
    size_t codelist_count;
    struct category **amendments; /* owned, ordered by file: the heads of files that amend a category */
    size_t amendment_count;
};

/* Reads category/<name>.ini and codelist/<name>.ini below dir, then below extra_dir ("" for none), whose files replace
 * those of the same code, or amend a category. Returns the catalog, or NULL with every fault in the report. Free it with
 * catalog_free. */
struct catalog *catalog_load(const char *dir, const char *extra_dir, struct report *r) RUKU_MUST_CHECK;

void catalog_free(struct catalog *c);

/* The category with this code, or NULL. */
const struct category *catalog_find(const struct catalog *c, const char *code);

#endif
