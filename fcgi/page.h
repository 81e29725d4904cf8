/* SPDX-License-Identifier: Apache-2.0
 *
 * The files of the page that shows the document of the interface to people: a fixed list, read from [docs] dir when one is first asked
 * for and kept.
 */
#ifndef RUKU_PAGE_H
#define RUKU_PAGE_H

#include <stddef.h>

#include "attr.h"

struct err;
struct page;

#define PAGE_TAG_SIZE 36 /* of an entity tag with its quotes and a NUL */

struct page_file {
    const char *name; /* below /docs/; "" is the page itself */
    const char *file, *type;
    char *text; /* owned; NULL: not read yet */
    size_t len;
    char tag[PAGE_TAG_SIZE];
};

/* Nothing is read yet. NULL where memory is short; page_free takes NULL. */
struct page *page_new(void) RUKU_MUST_CHECK;
void page_free(struct page *p);

/* Finds a file by the name that is asked for, and reads it where that was not done. Returns 1, 0 where there is none of that name, or
 * -1 where it cannot be read. */
int page_find(struct page *p, const char *dir, const char *name, const struct page_file **file_out, struct err *e) RUKU_MUST_CHECK;

#endif
