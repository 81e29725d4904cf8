/* SPDX-License-Identifier: Apache-2.0
 *
 * Counts of pushes and of stored records.
 */
#ifndef RUKU_STATS_H
#define RUKU_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "client.h"

struct db;
struct err;

/* The pushes of a client to a category on a day. */
struct stats_push {
    char category[65];
    char client_id[CLIENT_ID_MAX + 1]; /* "" where the client is not there any more */
    char client_name[804];
    char day[11]; /* 2024-10-09, of +08:00 */
    int64_t pushes, received, created, updated, unchanged, rejected;
};

/* The records of a client in a resource. */
struct stats_record {
    char category[65], resource[65];
    char client_id[CLIENT_ID_MAX + 1];
    char client_name[804];
    int64_t live, withdrawn;
};

/* Pushes of the last `days` days, today included, ordered by category, client and day. client: the key of one, or NULL
 * for all. *list_out is the caller's to free. Returns 0 or -1. */
int stats_pushes(struct db *db, int64_t days, const int64_t *client, struct stats_push **list_out, size_t *count_out,
                 struct err *e) RUKU_MUST_CHECK;

/* All records, ordered by category, resource and client. Reads the whole table. Likewise. */
int stats_records(struct db *db, const int64_t *client, struct stats_record **list_out, size_t *count_out,
                  struct err *e) RUKU_MUST_CHECK;

#endif
