/* SPDX-License-Identifier: Apache-2.0
 *
 * A file that nobody else can open and that ends with the process: for what memory is not to hold.
 */
#ifndef RUKU_TEMPFILE_H
#define RUKU_TEMPFILE_H

#include <stddef.h>
#include <sys/types.h>

#include "attr.h"

struct err;

/* Opens an empty one in the folder. Returns its descriptor, or -1 (class busy: the folder is named). */
int tempfile_open(const char *dir, struct err *e) RUKU_MUST_CHECK;

/* Writes all the bytes at a place. Returns 0 or -1, as above. */
int tempfile_write(int fd, const char *dir, const char *bytes, size_t len, off_t at, struct err *e) RUKU_MUST_CHECK;

/* Reads up to len bytes from a place. Returns how many, 0 at the end, -1 as above. */
ssize_t tempfile_read(int fd, const char *dir, char *to, size_t len, off_t at, struct err *e) RUKU_MUST_CHECK;

#endif
