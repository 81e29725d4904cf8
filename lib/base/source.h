/* SPDX-License-Identifier: Apache-2.0
 *
 * Where bytes come from: a connection, a file, another source that is counted or expanded on the way. A source is a
 * member of the struct that it belongs to, and finds that struct by its own address.
 */
#ifndef RUKU_SOURCE_H
#define RUKU_SOURCE_H

#include <stddef.h>

struct err;

struct source {
    /* Gives up to `room` bytes: > 0 so many, 0 the end, -1 with the error filled where they broke off. */
    long (*read)(struct source *self, char *to, size_t room, struct err *e);
};

#endif
