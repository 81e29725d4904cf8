/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "migrate.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "db.h"
#include "err.h"
#include "num.h"
#include "sql.h"
#include "words.h"

#include "poison.h"

#define SCRIPT_MAX_BYTES ((size_t)1024 * 1024)
#define PATH_SIZE 4096

static const char create_table[] =
    "CREATE TABLE IF NOT EXISTS schema_version (version INT UNSIGNED NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL, "
    "applied_at DATETIME NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COMMENT='which SQL files were applied'";

static int query_number(struct db *db, enum sql sql, int *out, struct err *e)
{
    if (db_query(db, sql, NULL, 0, e) != 0)
        return -1;
    int got = db_fetch(db, e);
    *out = got == 1 ? (int)db_column_int(db, 0) : 0;
    db_end(db);
    return got < 0 ? -1 : 0;
}

int migrate_version(struct db *db, int *version_out, struct err *e)
{
    int tables;
    *version_out = 0;
    if (query_number(db, SQL_SCHEMA_TABLE, &tables, e) != 0)
        return -1;
    return tables == 0 ? 0 : query_number(db, SQL_SCHEMA_VERSION, version_out, e);
}

int migrate_check(struct db *db, struct err *e)
{
    int version;
    if (migrate_version(db, &version, e) != 0)
        return -1;
    if (version == MIGRATE_VERSION)
        return 0;
    const char *remedy = version == 0               ? "run: rukuctl db init"
                         : version < MIGRATE_VERSION ? "run: rukuctl db upgrade"
                                                     : "install the newer program that made them";
    return err_set(e, MSG_DATABASE_SCHEMA, "the database has tables of version %d and this program needs version %d: %s",
                   version, MIGRATE_VERSION, remedy);
}

/* The number that a migration's file name (001-core.sql) starts with, or 0. */
static int file_number(const char *name)
{
    int64_t number;
    size_t digits = strspn(name, "0123456789");
    size_t len = strlen(name);
    if (digits != 3 || name[3] != '-' || len < 5 || strcmp(name + len - 4, ".sql") != 0)
        return 0;
    return num_parse(name, digits, 1, 999, &number) ? (int)number : 0;
}

static int is_migration(const struct dirent *entry)
{
    return file_number(entry->d_name) > 0;
}

static int read_script(const char *path, struct buf *to, struct err *e)
{
    FILE *file = fopen(path, "re");
    char chunk[4096];
    size_t n;
    if (file == NULL)
        return err_set(e, MSG_CONFIG, "%s: %s", path, strerror(errno));
    while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
        buf_add(to, chunk, n);
    bool failed = ferror(file) != 0 || buf_failed(to);
    (void)fclose(file);
    return failed ? err_set(e, MSG_CONFIG, "%s: cannot be read", path) : 0;
}

static int apply(struct db *db, const char *dir, const char *name, struct buf *done, struct err *e)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof(path), "%s/sql/%s", dir, name);
    struct buf script;
    buf_init(&script, SCRIPT_MAX_BYTES);
    struct db_value values[] = {db_int(file_number(name)), db_text(name)};
    int rc = read_script(path, &script, e);
    if (rc == 0)
        rc = db_script(db, buf_text(&script), e);
    if (rc == 0)
        rc = db_run(db, SQL_SCHEMA_APPLIED, values, 2, NULL, e);
    if (rc == 0)
        buf_printf(done, _("applied %s\n"), name);
    else
        err_prefix(e, "%s", path);
    buf_free(&script);
    return rc;
}

int migrate_upgrade(struct db *db, const char *dir, struct buf *done, struct err *e)
{
    char path[PATH_SIZE];
    struct dirent **entries;
    int version;
    if (migrate_version(db, &version, e) != 0)
        return -1;
    if (version > MIGRATE_VERSION)
        return migrate_check(db, e);
    if (db_exec(db, create_table, e) != 0)
        return -1;
    (void)snprintf(path, sizeof(path), "%s/sql", dir);
    int count = scandir(path, &entries, is_migration, alphasort);
    if (count < 0)
        return err_set(e, MSG_CONFIG, "%s: %s", path, strerror(errno));
    int rc = 0;
    for (int i = 0; i < count; i++) {
        int number = file_number(entries[i]->d_name);
        if (rc == 0 && number > version && number <= MIGRATE_VERSION)
            rc = apply(db, dir, entries[i]->d_name, done, e);
        free(entries[i]);
    }
    free(entries);
    return rc == 0 ? migrate_check(db, e) : -1;
}

int migrate_list(struct db *db, struct buf *to, struct err *e)
{
    if (db_query(db, SQL_SCHEMA_LIST, NULL, 0, e) != 0)
        return -1;
    int got;
    while ((got = db_fetch(db, e)) == 1) {
        buf_printf(to, "%s  ", db_column(db, 2, NULL));
        buf_printf(to, "%s\n", db_column(db, 1, NULL));
    }
    db_end(db);
    return got;
}
