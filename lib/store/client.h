/* SPDX-License-Identifier: Apache-2.0
 *
 * Clients (应用): the systems registered to push, their secrets and grants.
 */
#ifndef RUKU_CLIENT_H
#define RUKU_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "secret.h"

struct db;
struct err;

#define CLIENT_ID_MAX 64
#define CLIENT_NETWORKS_MAX 2000

struct client {
    int64_t id; /* the key of its row */
    char client_id[CLIENT_ID_MAX + 1];
    char name[804];
    bool disabled;
    char networks[CLIENT_NETWORKS_MAX + 1];
    char created_at[32];
    bool must_sign;
};

/* A category/resource pair that a client may use; "*" stands for every one. */
struct client_grant {
    char category[65], resource[65], granted_at[32];
};

/* Adds a client and writes its secret, which cannot be had again. client_id: letters and digits, or NULL to have one made.
 * networks: CIDR blocks separated by commas, or "". Returns 0, or -1 (class conflict: the id is taken; config: a bad
 * argument). */
int client_add(struct db *db, const char *client_id, const char *name, const char *networks, const struct secret_maker *maker,
               struct client *out, char secret_out[CREDENTIAL_SIZE], struct err *e) RUKU_MUST_CHECK;

int client_set_disabled(struct db *db, const char *client_id, bool disabled, struct err *e) RUKU_MUST_CHECK;

/* From where the client may come: CIDR blocks separated by commas, "" for everywhere. Returns 0, or -1 (class config: no such list). */
int client_set_networks(struct db *db, const struct client *client, const char *networks, struct err *e) RUKU_MUST_CHECK;

/* Whether the client has to sign its requests. Returns 0 or -1. */
int client_set_must_sign(struct db *db, const struct client *client, bool must_sign, struct err *e) RUKU_MUST_CHECK;

/* Grants a category/resource pair, either of which may be "*", or takes it back. Returns 0 or -1 (class missing). */
int client_grant(struct db *db, const char *client_id, const char *category, const char *resource, struct err *e)
    RUKU_MUST_CHECK;
int client_revoke_grant(struct db *db, const char *client_id, const char *category, const char *resource,
                        struct err *e) RUKU_MUST_CHECK;

int client_find(struct db *db, const char *client_id, struct client *out, struct err *e) RUKU_MUST_CHECK;

/* All clients, ordered by client_id. *list_out is the caller's to free. Returns 0 or -1. */
int client_list(struct db *db, struct client **list_out, size_t *count_out, struct err *e) RUKU_MUST_CHECK;

/* The grants of a client, ordered. *list_out is the caller's to free. Returns 0 or -1. */
int client_grants(struct db *db, int64_t id, struct client_grant **list_out, size_t *count_out, struct err *e)
    RUKU_MUST_CHECK;

#endif
