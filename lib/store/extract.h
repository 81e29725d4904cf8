/* SPDX-License-Identifier: Apache-2.0
 *
 * Many stored records, read one after the other from one snapshot of the database: those of each client in the order
 * in which they were last changed. Memory does not grow with their number.
 */
#ifndef RUKU_EXTRACT_H
#define RUKU_EXTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "clock.h"
#include "sealing.h"

struct client;
struct db;
struct err;
struct keyring;

struct extract_query {
    const char *category, *resource;
    const char *client;    /* client_id, or NULL for all clients */
    const char *since;     /* "2024-10-09 15:30:00" at +08:00: only what changed then or later; or NULL */
    bool withdrawn;        /* withdrawn records too */
    const struct keyring *keys; /* by which sealed values are opened */
};

/* Texts are valid until the next call. */
struct extract_record {
    const char *client_id;
    const char *id;
    size_t id_len;
    int64_t revision;
    const char *state, *batch;
    char created_at[CLOCK_TEXT_SIZE], updated_at[CLOCK_TEXT_SIZE];
    const char *fields;                  /* the record's JSON */
    size_t fields_len;
};

struct extract {
    struct db *db;
    const struct extract_query *query; /* borrowed */
    struct client *clients;            /* owned */
    size_t client_count, next;         /* the client whose records come next */
    bool streaming;
    struct sealing sealing;
};

/* Takes the snapshot. Nothing else may run on the connection until extract_close, which is called in every case.
 * Returns 0, or -1 (class missing: there is no such client). */
int extract_open(struct extract *x, struct db *db, const struct extract_query *query, struct err *e) RUKU_MUST_CHECK;

/* Steps to the next record: 1 there is one, 0 there is none, -1 failure. */
int extract_next(struct extract *x, struct extract_record *out, struct err *e) RUKU_MUST_CHECK;

void extract_close(struct extract *x);

#endif
