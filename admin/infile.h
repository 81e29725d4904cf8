/* SPDX-License-Identifier: Apache-2.0
 *
 * A file that is read from its start to its end, or standard input, expanded where it is gzip. SIGINT and SIGTERM break
 * the reading off, and nothing else: whatever the program does between two reads comes to its end first.
 */
#ifndef RUKU_INFILE_H
#define RUKU_INFILE_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "source.h"

struct err;
struct gunzip;

#define INFILE_MAGIC_SIZE 2

struct infile {
    struct source source; /* of the bytes as they are; first, so that the source's self is the file */
    const char *name;     /* borrowed */
    int fd;
    int64_t size;         /* bytes, or 0 where that is not known */
    int64_t got;          /* of them */
    char head[INFILE_MAGIC_SIZE];
    size_t head_len, head_at;
    struct gunzip *gunzip; /* NULL: not compressed */
    sigset_t stops;        /* blocked until the program ends */
};

/* Opens a file; NULL or "-" is standard input. It is gzip where its name ends in .gz or its first bytes say so. Returns
 * 0, or -1 (class config: it cannot be opened; busy: interrupted). infile_close in any case. */
int infile_open(struct infile *f, const char *name, struct err *e) RUKU_MUST_CHECK;

/* What to read. It lives as long as the file. */
struct source *infile_source(struct infile *f);

void infile_close(struct infile *f);

#endif
