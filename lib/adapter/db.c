/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "db.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "dbimpl.h"
#include "err.h"

#include "poison.h"

#define IDLE_MICROS 100000
#define COLUMN_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* Errors whose kind their number does not tell: those of the client library, 2000 to 2999, are lost connections else. */
static const struct {
    unsigned code;
    enum db_fault fault;
} known_faults[] = {
    {ER_LOCK_DEADLOCK, DB_FAULT_RETRY},
    {ER_LOCK_WAIT_TIMEOUT, DB_FAULT_RETRY},
    {ER_CHECKREAD, DB_FAULT_RETRY},
    {ER_DUP_ENTRY, DB_FAULT_DUPLICATE},
    {ER_NET_PACKET_TOO_LARGE, DB_FAULT_OTHER},
    {CR_NET_PACKET_TOO_LARGE, DB_FAULT_OTHER},
    {ER_CON_COUNT_ERROR, DB_FAULT_LOST},
    {ER_SERVER_SHUTDOWN, DB_FAULT_LOST},
    {ER_NORMAL_SHUTDOWN, DB_FAULT_LOST},
    {ER_NEW_ABORTING_CONNECTION, DB_FAULT_LOST},
    {ER_CONNECTION_KILLED, DB_FAULT_LOST},
    {ER_UNKNOWN_COM_ERROR, DB_FAULT_LOST}, /* a Galera node that is not ready */
};

static enum db_fault classify(unsigned code)
{
    for (size_t i = 0; i < sizeof(known_faults) / sizeof(known_faults[0]); i++)
        if (known_faults[i].code == code)
            return known_faults[i].fault;
    return code >= CR_MIN_ERROR && code < 3000 ? DB_FAULT_LOST : DB_FAULT_OTHER;
}

static const enum msg_id fault_messages[] = {
    [DB_FAULT_NONE] = MSG_INTERNAL,
    [DB_FAULT_RETRY] = MSG_DATABASE_BUSY,
    [DB_FAULT_LOST] = MSG_DATABASE_AWAY,
    [DB_FAULT_DUPLICATE] = MSG_EXISTS,
    [DB_FAULT_OTHER] = MSG_INTERNAL,
};

int dbimpl_fail(struct db *db, unsigned code, const char *text, struct err *e)
{
    db->fault = classify(code);
    (void)err_set(e, fault_messages[db->fault], "database error %u: %s", code, text);
    if (db->fault == DB_FAULT_LOST)
        db_disconnect(db);
    return -1;
}

static int fail_mysql(struct db *db, struct err *e)
{
    return dbimpl_fail(db, mysql_errno(db->mysql), mysql_error(db->mysql), e);
}

struct db *db_new(const struct db_options *options, const char *const *sql, size_t sql_count)
{
    struct db *db = calloc(1, sizeof(*db));
    if (db == NULL)
        return NULL;
    db->options = options;
    db->sql = sql;
    db->sql_count = sql_count;
    db->prepared = calloc(sql_count + 1, sizeof(MYSQL_STMT *));
    for (size_t i = 0; i < DB_COLUMNS_MAX; i++)
        buf_init(&db->columns[i], COLUMN_BYTES_MAX);
    if (db->prepared == NULL) {
        free(db);
        return NULL;
    }
    return db;
}

void db_free(struct db *db)
{
    if (db == NULL)
        return;
    db_disconnect(db);
    for (size_t i = 0; i < DB_COLUMNS_MAX; i++)
        buf_free(&db->columns[i]);
    free(db->prepared);
    free(db);
}

void db_disconnect(struct db *db)
{
    if (db->mysql == NULL)
        return;
    for (size_t i = 0; i < db->sql_count; i++) {
        if (db->prepared[i] != NULL)
            (void)mysql_stmt_close(db->prepared[i]);
        db->prepared[i] = NULL;
    }
    db->open = NULL;
    db->transaction = NO_TRANSACTION;
    mysql_close(db->mysql);
    db->mysql = NULL;
}

static void set_options(MYSQL *mysql, const struct db_options *o)
{
    unsigned local_infile = 0;
    unsigned answer_timeout = o->answer_timeout > o->timeout ? o->answer_timeout : o->timeout;
    (void)mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &o->timeout);
    (void)mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &answer_timeout);
    (void)mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &o->timeout);
    (void)mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &local_infile);
    (void)mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    /* Strict mode: a value that does not fit is an error, never cut. The zone is what clock.h promises to readers. */
    (void)mysql_options(mysql, MYSQL_INIT_COMMAND,
                        "SET SESSION sql_mode='TRADITIONAL,NO_ENGINE_SUBSTITUTION', time_zone='+08:00', autocommit=1, "
                        "innodb_lock_wait_timeout=LEAST(@@GLOBAL.innodb_lock_wait_timeout, 5)");
    (void)mysql_options(mysql, MYSQL_INIT_COMMAND, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
}

int db_connect(struct db *db, bool *fresh_out, struct err *e)
{
    if (fresh_out != NULL)
        *fresh_out = false;
    /* A connection that lay idle may have died with its server; finding out costs a round trip. */
    if (db->mysql != NULL && clock_micros() - db->used_at > IDLE_MICROS && mysql_ping(db->mysql) != 0)
        db_disconnect(db);
    if (db->mysql != NULL) {
        db->used_at = clock_micros();
        return 0;
    }
    MYSQL *mysql = mysql_init(NULL);
    if (mysql == NULL)
        return dbimpl_fail(db, CR_OUT_OF_MEMORY, "out of memory", e);
    const struct db_options *o = db->options;
    set_options(mysql, o);
    db->mysql = mysql;
    bool by_socket = o->socket[0] != '\0';
    if (mysql_real_connect(mysql, by_socket ? NULL : o->host, o->user, o->password, o->name[0] == '\0' ? NULL : o->name,
                           by_socket ? 0 : o->port, by_socket ? o->socket : NULL, 0) == NULL) {
        (void)fail_mysql(db, e);
        db_disconnect(db);
        /* A wrong password or a missing database is for the administrator; the client can only come back later. */
        msg_set(&e->msg, MSG_DATABASE_AWAY);
        db->fault = DB_FAULT_LOST;
        return -1;
    }
    if (fresh_out != NULL)
        *fresh_out = true;
    db->used_at = clock_micros();
    return 0;
}

enum db_fault db_last_fault(const struct db *db)
{
    return db->fault;
}

static int need_connection(struct db *db, struct err *e)
{
    db->fault = DB_FAULT_NONE;
    if (db->mysql != NULL)
        return 0;
    return dbimpl_fail(db, CR_SERVER_LOST, "not connected", e);
}

static int run_text(struct db *db, const char *sql, struct err *e)
{
    if (need_connection(db, e) != 0)
        return -1;
    return mysql_real_query(db->mysql, sql, strlen(sql)) == 0 ? 0 : fail_mysql(db, e);
}

/* Before a statement that is not part of a transaction: it must commit itself, so the one that waits empty is ended. */
static int leave_empty_transaction(struct db *db, struct err *e)
{
    if (db->transaction != EMPTY_TRANSACTION)
        return 0;
    db->transaction = NO_TRANSACTION;
    return run_text(db, "COMMIT", e);
}

int dbimpl_ready(struct db *db, struct err *e)
{
    return need_connection(db, e) == 0 ? leave_empty_transaction(db, e) : -1;
}

int db_exec(struct db *db, const char *sql, struct err *e)
{
    return dbimpl_ready(db, e) == 0 ? run_text(db, sql, e) : -1;
}

int db_begin(struct db *db, struct err *e)
{
    if (need_connection(db, e) != 0)
        return -1;
    if (db->transaction == NO_TRANSACTION && run_text(db, "START TRANSACTION", e) != 0)
        return -1;
    db->transaction = OPEN_TRANSACTION;
    return 0;
}

int db_commit(struct db *db, struct err *e)
{
    db->transaction = NO_TRANSACTION;
    if (run_text(db, "COMMIT AND CHAIN", e) != 0)
        return -1;
    db->transaction = EMPTY_TRANSACTION;
    return 0;
}

void db_rollback(struct db *db)
{
    enum db_fault fault = db->fault;
    struct err ignored;
    db->transaction = NO_TRANSACTION;
    if (db->mysql != NULL && run_text(db, "ROLLBACK", &ignored) != 0)
        db_disconnect(db);
    db->fault = fault;
}

int db_script(struct db *db, const char *sql, struct err *e)
{
    if (dbimpl_ready(db, e) != 0)
        return -1;
    if (mysql_set_server_option(db->mysql, MYSQL_OPTION_MULTI_STATEMENTS_ON) != 0 ||
        mysql_real_query(db->mysql, sql, strlen(sql)) != 0)
        return fail_mysql(db, e);
    int more;
    do {
        MYSQL_RES *result = mysql_store_result(db->mysql);
        if (result != NULL)
            mysql_free_result(result);
        more = mysql_next_result(db->mysql);
    } while (more == 0);
    if (more > 0)
        return fail_mysql(db, e);
    return mysql_set_server_option(db->mysql, MYSQL_OPTION_MULTI_STATEMENTS_OFF) == 0 ? 0 : fail_mysql(db, e);
}
