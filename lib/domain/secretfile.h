/* SPDX-License-Identifier: Apache-2.0
 *
 * Files that hold a secret: whoever has no business with it may not open them.
 */
#ifndef RUKU_SECRETFILE_H
#define RUKU_SECRETFILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "attr.h"

struct buf;
struct report;

#define SECRETFILE_FRESH ".new" /* a text that is to replace a file's is written to the name of the file with this behind it */

/* True where the path is `credential:NAME`, which is not this program's to write. */
bool secretfile_is_credential(const char *path);

/* Reads a whole file. what: the key of ruku.ini that names it, for the report. `credential:NAME` is the credential of this name that systemd
 * hands to the service. Refused: a mode wider than `mode`, what is no file, what is longer than the buffer's maximum, a NUL in it. Returns
 * 0, or -1 with the fault in the report. The caller wipes the text, in either case. */
int secretfile_read(const char *what, const char *path, mode_t mode, struct buf *to, struct report *r) RUKU_MUST_CHECK;

/* Makes a file of mode 0600, which must not be there yet, and has it on the disk before it returns. Returns 0, or -1 with errno set. */
int secretfile_create(const char *path, const char *text) RUKU_MUST_CHECK;

/* Begins to put another text in the place of a file's: makes the file for it, empty, of the same owner. As long as that is there no other
 * change begins, so call it before the file is read. Returns a descriptor, or -1 with errno set; EEXIST: another change is under way, or was
 * broken off. */
int secretfile_begin(const char *path) RUKU_MUST_CHECK;

/* Ends it: with another text, all or nothing, or with none. Returns 0, or -1 with errno set. */
int secretfile_commit(int change, const char *path, const char *text) RUKU_MUST_CHECK;
void secretfile_abandon(int change, const char *path);

#endif
