/* SPDX-License-Identifier: Apache-2.0
 *
 * A category (分类): one INI file with its resources and field definitions. Reading a file is here; what needs other
 * files (extends, code lists) is settled by the catalog.
 */
#ifndef RUKU_CATEGORY_H
#define RUKU_CATEGORY_H

#include <stddef.h>

#include "attr.h"
#include "field.h"

struct report;

#define CATEGORY_FIELDS_MAX 512   /* of a category, and of an object */
#define CATEGORY_VERSION_MAX 32   /* of what one file says */
#define CATEGORY_VERSIONS_MAX 80  /* with those of the amendments */

struct resource {
    char *code, *name, *name_en, *description; /* owned; the last two may be NULL */
};

struct category {
    char *code, *name, *name_en, *version, *extends, *standard, *description; /* owned; all but code and name may be NULL */
    char *title_name, *published_name;                               /* owned; as the file gives them, or NULL */
    char *amends; /* owned: the category whose rules this file changes, or NULL. Such a file is no category itself: all
                   * else but version, file and line is empty, and category_amend reads it */
    char *file;                                                      /* owned */
    int line;                                                        /* of [category] */
    struct resource *resources;
    size_t resource_count;
    struct fields fields;
    long title;     /* index of the field shown as title, or -1 */
    long published; /* index of the field that is the publication time, or -1 */
    int settled;    /* the catalog's mark while it resolves extends: 0 no, 1 under way, 2 yes */
};

/* Reads a file and adds every fault to the report. Returns what could be read, so that the catalog can look on for faults, or NULL
 * where there is not even a code. Whether it is good, the report's count tells. Free it with category_free. */
struct category *category_load(const char *path, struct report *r) RUKU_MUST_CHECK;

/* Adds the versions of amendments to the category's own, each behind a plus sign. `added` has none, or one, before it. A fault goes to
 * the report. */
void category_add_version(struct category *c, const char *added, struct report *r);

/* Reads a file that amends the category onto it, when it has its inherited fields: an attribute takes the place of the
 * one that the field had, fields and resources that it does not have are added. Every fault goes to the report. */
void category_amend(struct category *c, const char *path, struct report *r);

void category_free(struct category *c);

/* The resource with this code, or NULL. */
const struct resource *category_find_resource(const struct category *c, const char *code);

#endif
