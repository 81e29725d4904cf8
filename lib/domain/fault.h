/* SPDX-License-Identifier: Apache-2.0
 *
 * The faults of one record: the first 100 of them worded for the sender, all of them counted.
 */
#ifndef RUKU_FAULT_H
#define RUKU_FAULT_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "msg.h"

#define FAULTS_KEPT 100

struct fault {
    size_t pointer; /* offsets into text of NUL-terminated strings */
    size_t message;
    const char *code;
};

struct faults {
    struct fault items[FAULTS_KEPT];
    size_t kept;
    size_t total;
    size_t index;  /* of the record within its push, from 0 */
    struct buf id; /* empty where it is not known */
    struct buf text;
    enum msg_lang lang;
};

void faults_init(struct faults *f, enum msg_lang lang);
void faults_free(struct faults *f);

/* Forgets what was there and begins with record `index`. */
void faults_begin(struct faults *f, size_t index);

/* Adds a fault at a JSON pointer. */
void faults_add(struct faults *f, const char *pointer, const struct msg *m);

/* Remembers the record's id. */
void faults_name(struct faults *f, const char *id, size_t len);

/* Appends the first `most` faults as JSON objects separated by commas, each with the record's index and id where `named`. Returns
 * how many were written. */
size_t faults_write(const struct faults *f, bool named, size_t most, struct buf *to);

#endif
