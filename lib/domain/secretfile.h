/* SPDX-License-Identifier: Apache-2.0
 *
 * Files that hold a secret: whoever has no business with it may not open them.
 */
#ifndef RUKU_SECRETFILE_H
#define RUKU_SECRETFILE_H

#include <sys/types.h>

#include "attr.h"

struct buf;
struct report;

/* Reads a whole file. what: the key of ruku.ini that names it, for the report. `credential:NAME` is the credential of this name that systemd hands to the service. Refused: a mode wider than
 * `mode`, what is no file, what is longer than the buffer's maximum, a NUL in it. Returns 0, or -1 with the fault in the report. The
 * caller wipes the text, in either case. */
int secretfile_read(const char *what, const char *path, mode_t mode, struct buf *to, struct report *r) RUKU_MUST_CHECK;

/* Makes a file of mode 0600, which must not be there yet, and has it on the disk before it returns. Returns 0, or -1 with errno set. */
int secretfile_create(const char *path, const char *text) RUKU_MUST_CHECK;

/* Puts another text in the place of a file's, all or nothing, and keeps owner and mode. Returns 0, or -1 with errno set. */
int secretfile_replace(const char *path, const char *text) RUKU_MUST_CHECK;

#endif
