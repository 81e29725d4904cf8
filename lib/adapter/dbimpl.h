/* SPDX-License-Identifier: Apache-2.0
 *
 * What db.c (the connection) and dbstmt.c (its statements) share; nobody else includes it.
 */
#ifndef RUKU_DBIMPL_H
#define RUKU_DBIMPL_H

#include <mysql.h>

#include "buf.h"
#include "db.h"

#define DB_COLUMNS_MAX 20

struct db {
    const struct db_options *options;
    const char *const *sql;
    size_t sql_count;
    MYSQL *mysql;          /* NULL: not connected */
    MYSQL_STMT **prepared; /* one slot a statement */
    MYSQL_STMT *open;      /* the query whose rows are being read, or NULL */
    unsigned open_columns;
    int64_t used_at; /* clock_micros of the last sign of life */
    enum { NO_TRANSACTION, EMPTY_TRANSACTION, OPEN_TRANSACTION } transaction;
    struct buf columns[DB_COLUMNS_MAX];
    bool is_null[DB_COLUMNS_MAX];
    enum db_fault fault;
};

/* Fills the error from a code of the server or the client library, and closes a connection that is lost. Returns -1. */
int dbimpl_fail(struct db *db, unsigned code, const char *text, struct err *e);

/* Before a statement: there is a connection, and a transaction that waits empty is ended. Returns 0 or -1. */
int dbimpl_ready(struct db *db, struct err *e) RUKU_MUST_CHECK;

#endif
