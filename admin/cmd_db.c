/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "cmd.h"
#include "conf.h"
#include "db.h"
#include "err.h"
#include "migrate.h"
#include "sql.h"
#include "words.h"

#include "poison.h"

#define TEXT_MAX_BYTES ((size_t)64 * 1024)

/* The database's name goes into the text of CREATE DATABASE, where nothing can be bound. */
static int create_database(const struct conf *conf, struct err *e)
{
    char sql[256];
    struct db_options options;
    conf_database(conf, &options);
    options.name = "";
    size_t len = strspn(conf->db_name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
    if (conf->db_name[len] != '\0' || len > 64)
        return err_set(e, MSG_CONFIG, "[database] name = %s: letters, digits and _, 64 at most", conf->db_name);
    struct db *db = db_new(&options, sql_texts, SQL_N);
    if (db == NULL)
        return err_set(e, MSG_INTERNAL, "out of memory");
    (void)snprintf(sql, sizeof(sql), "CREATE DATABASE IF NOT EXISTS `%s` CHARACTER SET utf8mb4", conf->db_name);
    int rc = db_connect(db, NULL, e);
    if (rc == 0)
        rc = db_exec(db, sql, e);
    db_free(db);
    return rc;
}

int cmd_db_upgrade(struct cmd *c, struct err *e)
{
    struct buf done;
    buf_init(&done, TEXT_MAX_BYTES);
    int rc = migrate_upgrade(c->db, c->conf->schema_dir, &done, e);
    (void)fputs(buf_text(&done), stdout);
    if (rc == 0 && done.len == 0)
        (void)printf(_("nothing to do: the tables have version %d\n"), MIGRATE_VERSION);
    buf_free(&done);
    return rc;
}

int cmd_db_init(struct cmd *c, struct err *e)
{
    struct err ignored;
    /* An account without the right to create databases can still fill one that is there. */
    if (db_connect(c->db, NULL, &ignored) != 0 &&
        (create_database(c->conf, e) != 0 || db_connect(c->db, NULL, e) != 0))
        return -1;
    return cmd_db_upgrade(c, e);
}

int cmd_db_status(struct cmd *c, struct err *e)
{
    int version;
    struct buf list;
    if (migrate_version(c->db, &version, e) != 0)
        return -1;
    (void)printf(_("tables: version %d; program: version %d\n"), version, MIGRATE_VERSION);
    if (version > 0) {
        buf_init(&list, TEXT_MAX_BYTES);
        int rc = migrate_list(c->db, &list, e);
        (void)fputs(buf_text(&list), stdout);
        buf_free(&list);
        if (rc != 0)
            return -1;
    }
    return migrate_check(c->db, e);
}
