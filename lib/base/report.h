/* SPDX-License-Identifier: Apache-2.0
 *
 * A list of faults in files, each with file and line, so that a check can name all of them and not only the first.
 */
#ifndef RUKU_REPORT_H
#define RUKU_REPORT_H

#include "attr.h"
#include "buf.h"

struct report {
    struct buf text; /* one line a fault: "file:line: sentence" */
    int count;
};

void report_init(struct report *r);
void report_free(struct report *r);

/* Adds a fault, in the program's own language. line 0 means the file as a whole. */
void report_add(struct report *r, const char *file, int line, const char *format, ...) RUKU_PRINTF(4, 5);

#endif
