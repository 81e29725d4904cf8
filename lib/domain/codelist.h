/* SPDX-License-Identifier: Apache-2.0
 *
 * A code list (代码表): a controlled vocabulary, one INI file with [codelist] and [codes].
 */
#ifndef RUKU_CODELIST_H
#define RUKU_CODELIST_H

#include <stddef.h>

#include "attr.h"

struct report;

struct codelist_item {
    char *code; /* owned, with the case of the file */
    char *name; /* owned */
};

struct codelist {
    char *code, *name, *name_en; /* owned; name_en may be NULL */
    char *file;                  /* owned */
    struct codelist_item *items; /* owned, ordered by code */
    size_t count;
};

/* Reads a file and adds every fault to the report. Returns what could be read, or NULL where there is not even a code. Whether it is
 * good, the report's count tells. Free it with codelist_free. */
struct codelist *codelist_load(const char *path, struct report *r) RUKU_MUST_CHECK;

void codelist_free(struct codelist *list);

/* The item with this code, or NULL. */
const struct codelist_item *codelist_find(const struct codelist *list, const char *code, size_t len);

#endif
