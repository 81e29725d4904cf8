/* SPDX-License-Identifier: Apache-2.0
 *
 * The subcommands of rukuctl, and what they work with.
 */
#ifndef RUKU_CMD_H
#define RUKU_CMD_H

#include <stdint.h>

#include "attr.h"
#include "option.h"

struct catalog;
struct category;
struct conf;
struct db;
struct err;
struct keyring;

struct cmd {
    const char *config_path;
    struct conf *conf;       /* loaded before every command */
    struct catalog *catalog; /* loaded where the command's row asks for it */
    struct keyring *keys;    /* likewise */
    struct db *db;           /* connected, tables of the right version, where the row asks for it */
    struct options options;  /* those that the command's row allows */
    bool audited;            /* the audit has what was done */
    int argc;                /* words after the command */
    char **argv;
};

/* A subcommand prints what it found to standard output and returns 0; or fills the error and returns -1; or, where it
 * has said on standard error what is wrong, returns 1. */
typedef int command(struct cmd *c, struct err *e);

command cmd_config_show;
command cmd_schema_check;
command cmd_schema_list;
command cmd_schema_show;
command cmd_schema_doc;
command cmd_schema_new;
command cmd_schema_diff;
command cmd_schema_test;
command cmd_schema_views;
command cmd_db_init;
command cmd_db_upgrade;
command cmd_db_status;
command cmd_client_add;
command cmd_client_list;
command cmd_client_show;
command cmd_client_disable;
command cmd_client_enable;
command cmd_client_rotate;
command cmd_client_sign_key;
command cmd_client_networks;
command cmd_client_signing;
command cmd_client_grant;
command cmd_client_revoke_grant;
command cmd_token_purge;
command cmd_token_revoke;
command cmd_key_create;
command cmd_key_rotate;
command cmd_key_renew;
command cmd_key_list;
command cmd_audit_verify;
command cmd_audit_export;
command cmd_audit_purge;
command cmd_batch_list;
command cmd_batch_show;
command cmd_batch_purge;
command cmd_doctor;
command cmd_export;
command cmd_import;
command cmd_stats;

/* Loads the catalog, with its faults on standard error. extra_dir takes the place of the configured one unless NULL. */
struct catalog *cmd_load_catalog(const struct conf *conf, const char *extra_dir) RUKU_MUST_CHECK;

/* The category, if it has the resource (NULL: any); else NULL with an error that names the remedy. */
const struct category *cmd_find_resource(const struct catalog *catalog, const char *category, const char *resource,
                                         struct err *e) RUKU_MUST_CHECK;

/* Finds the client that --client names: its key in *key, and *key_out set to that, or to NULL where no client was
 * named. Returns 0 or -1 (class missing). */
int cmd_client_key(struct cmd *c, int64_t *key, const int64_t **key_out, struct err *e) RUKU_MUST_CHECK;

/* Notes in the audit how far a command has come: "begun", before it changes anything; then "failed" or "unchanged", where it has not noted itself
 * what it did. Returns 0 or -1. */
int cmd_audit_state(struct cmd *c, const char *group, const char *verb, const char *state, struct err *e) RUKU_MUST_CHECK;

/* Notes a change in the audit, with the operating system's user. The change was made; that it cannot be noted is an
 * error all the same. Returns 0 or -1. */
int cmd_audit(struct cmd *c, const char *action, const char *subject, const char *detail, struct err *e)
    RUKU_MUST_CHECK;

#endif
