/* SPDX-License-Identifier: Apache-2.0
 *
 * The faults of a push: the first 100 of them worded for the reply, all of them counted.
 */
#ifndef RUKU_FAULT_H
#define RUKU_FAULT_H

#include <stddef.h>

#include "buf.h"
#include "msg.h"

#define FAULTS_KEPT 100

struct fault {
    size_t index; /* of the record within the push, from 0 */
    size_t id;    /* offsets into text of NUL-terminated strings; id is 0 ("") where it is not known */
    size_t pointer;
    size_t message;
    const char *code;
};

struct faults {
    struct fault items[FAULTS_KEPT];
    size_t kept;
    size_t total;
    struct buf text;
    enum msg_lang lang;
};

/* A point to go back to when a record turns out to be read only in part. */
struct faults_mark {
    size_t kept, total, text;
};

void faults_init(struct faults *f, enum msg_lang lang);
void faults_free(struct faults *f);

/* Adds a fault of record `index` at a JSON pointer. */
void faults_add(struct faults *f, size_t index, const char *pointer, const struct msg *m);

struct faults_mark faults_mark(const struct faults *f);
void faults_rewind(struct faults *f, struct faults_mark mark);

/* Gives the faults added since the mark the record's id. */
void faults_name(struct faults *f, struct faults_mark mark, const char *id, size_t len);

#endif
