/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "db.h"

#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "err.h"
#include "num.h"

#include "poison.h"

#define IDLE_MICROS 100000
#define COLUMNS_MAX 20
#define VALUES_MAX 20
#define COLUMN_BYTES_MAX ((size_t)64 * 1024 * 1024)

struct db {
    const struct db_options *options;
    const char *const *sql;
    size_t sql_count;
    MYSQL *mysql;          /* NULL: not connected */
    MYSQL_STMT **prepared; /* one slot a statement */
    MYSQL_STMT *open;      /* the query whose rows are being read, or NULL */
    unsigned open_columns;
    int64_t used_at; /* clock_micros of the last sign of life */
    struct buf columns[COLUMNS_MAX];
    bool is_null[COLUMNS_MAX];
    enum db_fault fault;
};

struct db_value db_null(void)
{
    return (struct db_value){.type = DB_NULL};
}

struct db_value db_int(int64_t number)
{
    return (struct db_value){.type = DB_INT, .number = number};
}

struct db_value db_text(const char *text)
{
    if (text == NULL)
        return db_null();
    return (struct db_value){.type = DB_TEXT, .data = text, .len = strlen(text)};
}

struct db_value db_bytes(const void *data, size_t len)
{
    return (struct db_value){.type = DB_BYTES, .data = data, .len = len};
}

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

static int fail(struct db *db, unsigned code, const char *text, struct err *e)
{
    db->fault = classify(code);
    (void)err_set(e, fault_messages[db->fault], "database error %u: %s", code, text);
    if (db->fault == DB_FAULT_LOST)
        db_disconnect(db);
    return -1;
}

static int fail_mysql(struct db *db, struct err *e)
{
    return fail(db, mysql_errno(db->mysql), mysql_error(db->mysql), e);
}

static int fail_stmt(struct db *db, MYSQL_STMT *stmt, struct err *e)
{
    return fail(db, mysql_stmt_errno(stmt), mysql_stmt_error(stmt), e);
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
    for (size_t i = 0; i < COLUMNS_MAX; i++)
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
    for (size_t i = 0; i < COLUMNS_MAX; i++)
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
    mysql_close(db->mysql);
    db->mysql = NULL;
}

static void set_options(MYSQL *mysql, const struct db_options *o)
{
    unsigned local_infile = 0;
    (void)mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &o->timeout);
    (void)mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &o->timeout);
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
        return fail(db, CR_OUT_OF_MEMORY, "out of memory", e);
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
    return fail(db, CR_SERVER_LOST, "not connected", e);
}

int db_exec(struct db *db, const char *sql, struct err *e)
{
    if (need_connection(db, e) != 0)
        return -1;
    return mysql_real_query(db->mysql, sql, strlen(sql)) == 0 ? 0 : fail_mysql(db, e);
}

int db_script(struct db *db, const char *sql, struct err *e)
{
    if (need_connection(db, e) != 0)
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

static MYSQL_STMT *prepare(struct db *db, size_t sql, struct err *e)
{
    if (need_connection(db, e) != 0)
        return NULL;
    if (db->prepared[sql] != NULL)
        return db->prepared[sql];
    MYSQL_STMT *stmt = mysql_stmt_init(db->mysql);
    if (stmt == NULL) {
        (void)fail_mysql(db, e);
        return NULL;
    }
    if (mysql_stmt_prepare(stmt, db->sql[sql], strlen(db->sql[sql])) != 0) {
        unsigned code = mysql_stmt_errno(stmt);
        char text[256];
        (void)snprintf(text, sizeof(text), "%s", mysql_stmt_error(stmt));
        (void)mysql_stmt_close(stmt);
        (void)fail(db, code, text, e);
        return NULL;
    }
    db->prepared[sql] = stmt;
    return stmt;
}

/* The connector takes parameters through pointers to non-const but only reads them. */
static void *unconst(const void *p)
{
    union {
        const void *in;
        void *out;
    } pointer = {.in = p};
    return pointer.out;
}

static void bind_value(MYSQL_BIND *bind, const struct db_value *v)
{
    switch (v->type) {
    case DB_NULL:
        bind->buffer_type = MYSQL_TYPE_NULL;
        return;
    case DB_INT:
        bind->buffer_type = MYSQL_TYPE_LONGLONG;
        bind->buffer = unconst(&v->number);
        return;
    case DB_TEXT:
    case DB_BYTES:
        bind->buffer_type = v->type == DB_TEXT ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
        bind->buffer = unconst(v->data);
        bind->buffer_length = v->len;
        return;
    }
}

static MYSQL_STMT *execute(struct db *db, size_t sql, const struct db_value *values, size_t count, struct err *e)
{
    MYSQL_STMT *stmt = prepare(db, sql, e);
    if (stmt == NULL)
        return NULL;
    MYSQL_BIND binds[VALUES_MAX] = {0};
    for (size_t i = 0; i < count; i++)
        bind_value(&binds[i], &values[i]);
    if ((count > 0 && mysql_stmt_bind_param(stmt, binds) != 0) || mysql_stmt_execute(stmt) != 0) {
        (void)fail_stmt(db, stmt, e);
        return NULL;
    }
    return stmt;
}

int db_run(struct db *db, size_t sql, const struct db_value *values, size_t count, uint64_t *affected_out,
           struct err *e)
{
    MYSQL_STMT *stmt = execute(db, sql, values, count, e);
    if (stmt == NULL)
        return -1;
    if (affected_out != NULL)
        *affected_out = mysql_stmt_affected_rows(stmt);
    return 0;
}

/* "Records: 3  Duplicates: 1  Warnings: 0": the server counts as duplicates the rows that really changed. */
static uint64_t changed_rows(MYSQL *mysql)
{
    static const char label[] = "Duplicates: ";
    const char *info = mysql_info(mysql);
    const char *at = info == NULL ? NULL : strstr(info, label);
    int64_t changed = 0;
    if (at == NULL)
        return 0;
    at += sizeof(label) - 1;
    (void)num_parse(at, strspn(at, "0123456789"), 0, INT64_MAX, &changed);
    return (uint64_t)changed;
}

int db_run_rows(struct db *db, size_t sql, const struct db_array *columns, size_t column_count, size_t rows,
                struct db_counts *counts_out, struct err *e)
{
    MYSQL_STMT *stmt = prepare(db, sql, e);
    if (stmt == NULL)
        return -1;
    char *indicators = malloc(rows * column_count);
    if (indicators == NULL)
        return err_set(e, MSG_INTERNAL, "out of memory");
    MYSQL_BIND binds[VALUES_MAX] = {0};
    for (size_t c = 0; c < column_count; c++) {
        char *indicator = indicators + c * rows;
        for (size_t r = 0; r < rows; r++)
            indicator[r] = columns[c].data[r] == NULL ? STMT_INDICATOR_NULL : STMT_INDICATOR_NONE;
        binds[c].buffer_type = columns[c].binary ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
        binds[c].buffer = columns[c].data;
        binds[c].length = columns[c].len;
        binds[c].u.indicator = indicator;
    }
    unsigned array_size = (unsigned)rows;
    bool done = !mysql_stmt_attr_set(stmt, STMT_ATTR_ARRAY_SIZE, &array_size) && !mysql_stmt_bind_param(stmt, binds) &&
                !mysql_stmt_execute(stmt);
    free(indicators);
    if (!done)
        return fail_stmt(db, stmt, e);
    counts_out->affected = mysql_stmt_affected_rows(stmt);
    counts_out->changed = changed_rows(db->mysql);
    /* An upsert of one row has no info text; its affected rows alone tell: 1 created, 2 changed, 0 neither. */
    if (rows == 1)
        counts_out->changed = counts_out->affected == 2;
    return 0;
}

int db_query(struct db *db, size_t sql, const struct db_value *values, size_t count, struct err *e)
{
    MYSQL_STMT *stmt = execute(db, sql, values, count, e);
    if (stmt == NULL)
        return -1;
    if (mysql_stmt_store_result(stmt) != 0)
        return fail_stmt(db, stmt, e);
    db->open = stmt;
    db->open_columns = mysql_stmt_field_count(stmt);
    return 0;
}

static int fetch_column(struct db *db, unsigned c, unsigned long len, struct err *e)
{
    struct buf *to = &db->columns[c];
    buf_clear(to);
    char *room = buf_reserve(to, len);
    if (room == NULL)
        return err_set(e, MSG_INTERNAL, "a column of %lu bytes does not fit into memory", len);
    room[len] = '\0';
    to->len = len;
    if (len == 0)
        return 0;
    MYSQL_BIND bind = {.buffer_type = MYSQL_TYPE_BLOB, .buffer = room, .buffer_length = len};
    return mysql_stmt_fetch_column(db->open, &bind, c, 0) == 0 ? 0 : fail_stmt(db, db->open, e);
}

int db_fetch(struct db *db, struct err *e)
{
    MYSQL_BIND binds[COLUMNS_MAX] = {0};
    unsigned long lengths[COLUMNS_MAX] = {0};
    my_bool nulls[COLUMNS_MAX] = {0};
    for (unsigned c = 0; c < db->open_columns; c++)
        binds[c] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_BLOB, .length = &lengths[c], .is_null = &nulls[c]};
    if (mysql_stmt_bind_result(db->open, binds) != 0)
        return fail_stmt(db, db->open, e);
    int rc = mysql_stmt_fetch(db->open);
    if (rc == MYSQL_NO_DATA)
        return 0;
    if (rc == 1)
        return fail_stmt(db, db->open, e);
    for (unsigned c = 0; c < db->open_columns; c++) {
        db->is_null[c] = nulls[c];
        if (!nulls[c] && fetch_column(db, c, lengths[c], e) != 0)
            return -1;
    }
    return 1;
}

const char *db_column(struct db *db, unsigned column, size_t *len_out)
{
    if (len_out != NULL)
        *len_out = db->is_null[column] ? 0 : db->columns[column].len;
    return db->is_null[column] ? NULL : buf_text(&db->columns[column]);
}

int64_t db_column_int(struct db *db, unsigned column)
{
    size_t len;
    const char *text = db_column(db, column, &len);
    int64_t value = 0;
    if (text != NULL)
        (void)num_parse(text, len, INT64_MIN, INT64_MAX, &value);
    return value;
}

void db_end(struct db *db)
{
    if (db->open != NULL)
        (void)mysql_stmt_free_result(db->open);
    db->open = NULL;
}
