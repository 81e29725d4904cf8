/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbimpl.h"
#include "err.h"
#include "num.h"

#include "poison.h"

#define VALUES_MAX 24

struct db_value db_null(void)
{
    return (struct db_value){.type = DB_NULL};
}

struct db_value db_int(int64_t number)
{
    return (struct db_value){.type = DB_INT, .number = number};
}

struct db_value db_int_at(const int64_t *number)
{
    return number == NULL ? db_null() : db_int(*number);
}

struct db_value db_text(const char *text)
{
    if (text == NULL)
        return db_null();
    return (struct db_value){.type = DB_TEXT, .data = text, .len = strlen(text)};
}

struct db_value db_ascii(const char *text)
{
    for (const char *p = text; p != NULL && *p != '\0'; p++)
        if (((unsigned char)*p & 0x80) != 0)
            return db_text("");
    return db_text(text);
}

struct db_value db_bytes(const void *data, size_t len)
{
    return (struct db_value){.type = DB_BYTES, .data = data, .len = len};
}

static int fail_stmt(struct db *db, MYSQL_STMT *stmt, struct err *e)
{
    return dbimpl_fail(db, mysql_stmt_errno(stmt), mysql_stmt_error(stmt), e);
}

static MYSQL_STMT *prepare(struct db *db, size_t sql, struct err *e)
{
    if (dbimpl_ready(db, e) != 0)
        return NULL;
    if (db->prepared[sql] != NULL)
        return db->prepared[sql];
    MYSQL_STMT *stmt = mysql_stmt_init(db->mysql);
    if (stmt == NULL) {
        (void)dbimpl_fail(db, mysql_errno(db->mysql), mysql_error(db->mysql), e);
        return NULL;
    }
    if (mysql_stmt_prepare(stmt, db->sql[sql], strlen(db->sql[sql])) != 0) {
        unsigned code = mysql_stmt_errno(stmt);
        char text[256];
        (void)snprintf(text, sizeof(text), "%s", mysql_stmt_error(stmt));
        (void)mysql_stmt_close(stmt);
        (void)dbimpl_fail(db, code, text, e);
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
    if (count > VALUES_MAX) {
        (void)err_set(e, MSG_INTERNAL, "a statement with %zu values", count);
        return NULL;
    }
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

/* Runs a statement once for each row. Returns it, or NULL. */
static MYSQL_STMT *execute_rows(struct db *db, size_t sql, const struct db_array *columns, size_t column_count,
                                size_t rows, struct err *e)
{
    MYSQL_STMT *stmt = prepare(db, sql, e);
    char *indicators = stmt == NULL ? NULL : malloc(rows * column_count);
    if (stmt != NULL && indicators == NULL)
        (void)err_set(e, MSG_INTERNAL, "out of memory");
    if (indicators == NULL)
        return NULL;
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
    if (done)
        return stmt;
    (void)fail_stmt(db, stmt, e);
    return NULL;
}

int db_run_rows(struct db *db, size_t sql, const struct db_array *columns, size_t column_count, size_t rows,
                struct db_counts *counts_out, struct err *e)
{
    MYSQL_STMT *stmt = execute_rows(db, sql, columns, column_count, rows, e);
    if (stmt == NULL)
        return -1;
    counts_out->affected = mysql_stmt_affected_rows(stmt);
    counts_out->changed = changed_rows(db->mysql);
    /* An upsert of one row has no info text; its affected rows alone tell: 1 created, 2 changed, 0 neither. */
    if (rows == 1)
        counts_out->changed = counts_out->affected == 2;
    return 0;
}

int db_stream(struct db *db, size_t sql, const struct db_value *values, size_t count, struct err *e)
{
    MYSQL_STMT *stmt = execute(db, sql, values, count, e);
    if (stmt == NULL)
        return -1;
    db->open = stmt;
    db->open_columns = mysql_stmt_field_count(stmt);
    return 0;
}

/* Takes all rows of the open query to this side. */
static int store_rows(struct db *db, struct err *e)
{
    if (mysql_stmt_store_result(db->open) == 0)
        return 0;
    MYSQL_STMT *stmt = db->open;
    db->open = NULL;
    return fail_stmt(db, stmt, e);
}

int db_query(struct db *db, size_t sql, const struct db_value *values, size_t count, struct err *e)
{
    return db_stream(db, sql, values, count, e) == 0 ? store_rows(db, e) : -1;
}

int db_query_rows(struct db *db, size_t sql, const struct db_array *columns, size_t column_count, size_t rows,
                  struct err *e)
{
    MYSQL_STMT *stmt = execute_rows(db, sql, columns, column_count, rows, e);
    if (stmt == NULL)
        return -1;
    db->open = stmt;
    db->open_columns = mysql_stmt_field_count(stmt);
    return store_rows(db, e);
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
    MYSQL_BIND binds[DB_COLUMNS_MAX] = {0};
    unsigned long lengths[DB_COLUMNS_MAX] = {0};
    my_bool nulls[DB_COLUMNS_MAX] = {0};
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
    if (db->open == NULL)
        return;
    (void)mysql_stmt_free_result(db->open);
    /* A compound statement ends with a word of its own behind its rows. */
    while (mysql_stmt_more_results(db->open) && mysql_stmt_next_result(db->open) == 0)
        (void)mysql_stmt_free_result(db->open);
    db->open = NULL;
}
