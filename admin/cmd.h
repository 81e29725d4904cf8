/* SPDX-License-Identifier: Apache-2.0
 *
 * The subcommands of rukuctl, and what they work with.
 */
#ifndef RUKU_CMD_H
#define RUKU_CMD_H

#include "attr.h"

struct catalog;
struct conf;
struct db;
struct err;

struct cmd {
    const char *config_path;
    struct conf *conf;       /* loaded before every command */
    struct catalog *catalog; /* loaded where the command's row asks for it */
    struct db *db;           /* connected, tables of the right version, where the row asks for it */
    const char *id, *network; /* options of `client add`, or NULL */
    int argc;                 /* words after the command */
    char **argv;
};

/* A subcommand prints what it found to standard output and returns 0; or fills the error and returns -1; or, where it has
 * said on standard error what is wrong, returns 1. */
typedef int command(struct cmd *c, struct err *e);

command cmd_config_show;
command cmd_schema_check;
command cmd_schema_list;
command cmd_schema_show;
command cmd_db_init;
command cmd_db_upgrade;
command cmd_db_status;
command cmd_client_add;
command cmd_client_list;
command cmd_client_show;
command cmd_client_disable;
command cmd_client_enable;
command cmd_client_rotate;
command cmd_client_grant;
command cmd_client_revoke_grant;
command cmd_token_purge;

/* Loads the catalog, with its faults on standard error. extra_dir takes the place of the configured one unless NULL. */
struct catalog *cmd_load_catalog(const struct conf *conf, const char *extra_dir) RUKU_MUST_CHECK;

#endif
