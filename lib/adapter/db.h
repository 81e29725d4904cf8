/* SPDX-License-Identifier: Apache-2.0
 *
 * One connection to MariaDB and its prepared statements; the only user of MariaDB Connector/C. Statements come from a
 * fixed table of texts and are prepared on first use; after a lost connection everything is made anew. Nothing here
 * repeats a statement by itself: what may be repeated is for the caller to know.
 */
#ifndef RUKU_DB_H
#define RUKU_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

struct err;
struct db;

struct db_options {
    const char *socket; /* unix socket, or "" for TCP */
    const char *host;
    unsigned port;
    const char *name; /* the database; "" for none */
    const char *user;
    const char *password;
    unsigned timeout;        /* seconds to wait for a connection or an answer */
    unsigned answer_timeout; /* seconds to wait for an answer, where that is longer; 0: timeout */
};

/* What kind of fault the last failure was. */
enum db_fault {
    DB_FAULT_NONE,
    DB_FAULT_RETRY,     /* deadlock or lock wait: the transaction is gone, another try may pass */
    DB_FAULT_LOST,      /* no connection, or it broke: what the last statement did is not known */
    DB_FAULT_DUPLICATE, /* a unique key holds this value already */
    DB_FAULT_OTHER      /* data or program fault: trying again does not help */
};

/* A value for a placeholder. Borrowed until the call returns. */
struct db_value {
    enum { DB_NULL, DB_INT, DB_TEXT, DB_BYTES } type;
    const void *data;
    size_t len;
    int64_t number;
};

struct db_value db_null(void);
struct db_value db_int(int64_t number);
struct db_value db_int_at(const int64_t *number); /* NULL gives SQL's NULL */
struct db_value db_text(const char *text);         /* likewise */
struct db_value db_bytes(const void *data, size_t len);

/* Text to be compared with a column of ASCII: the server refuses to compare other characters with it at all, and since none is equal to what such a column
 * holds, a text with one becomes the empty text. */
struct db_value db_ascii(const char *text);

/* A column of values for array binding: one pointer and length a row; a NULL pointer is SQL's NULL. */
struct db_array {
    const char **data;
    unsigned long *len;
    bool binary;
};

/* What an upsert over many rows did. */
struct db_counts {
    uint64_t affected; /* created + 2 * changed */
    uint64_t changed;  /* rows that existed and really changed */
};

/* Makes a connection object; connects to nothing yet. options and sql are borrowed for its life; sql holds sql_count
 * statement texts, named below by their index. NULL where memory is short. */
struct db *db_new(const struct db_options *options, const char *const *sql, size_t sql_count) RUKU_MUST_CHECK;

void db_free(struct db *db);

/* Connects unless connected; a connection that lay idle is tried first. Returns 0, or -1 (class busy). *fresh_out (may be NULL) tells whether it had to. */
int db_connect(struct db *db, bool *fresh_out, struct err *e) RUKU_MUST_CHECK;

void db_disconnect(struct db *db);

/* The kind of the last failure. */
enum db_fault db_last_fault(const struct db *db);

/* Runs a statement text without parameters or result (BEGIN, COMMIT, a setting). Returns 0 or -1. */
int db_exec(struct db *db, const char *sql, struct err *e) RUKU_MUST_CHECK;

/* Begins a transaction. Returns 0 or -1. */
int db_begin(struct db *db, struct err *e) RUKU_MUST_CHECK;

/* Commits it, and has the server begin the next one in the same breath: a worker that stores push after push saves a round trip
 * each. That next one is empty, holds nothing and ends by itself where something else comes first. Returns 0 or -1. */
int db_commit(struct db *db, struct err *e) RUKU_MUST_CHECK;

/* Undoes it. Where that fails the connection is closed, which undoes it too. */
void db_rollback(struct db *db);

/* Runs a text of several statements, as a migration is. Returns 0 or -1. */
int db_script(struct db *db, const char *sql, struct err *e) RUKU_MUST_CHECK;

/* Runs statement `sql` with `count` values. Returns 0 or -1; *affected_out may be NULL. */
int db_run(struct db *db, size_t sql, const struct db_value *values, size_t count, uint64_t *affected_out,
           struct err *e) RUKU_MUST_CHECK;

/* Runs statement `sql` once for each of `rows` rows in one message, all or none. Returns 0 or -1. */
int db_run_rows(struct db *db, size_t sql, const struct db_array *columns, size_t column_count, size_t rows,
                struct db_counts *counts_out, struct err *e) RUKU_MUST_CHECK;

/* The same for a statement that answers with rows (RETURNING): one for each row that was sent, in their order, to be read with
 * db_fetch; db_end ends it, always. Returns 0 or -1. */
int db_query_rows(struct db *db, size_t sql, const struct db_array *columns, size_t column_count, size_t rows,
                  struct err *e) RUKU_MUST_CHECK;

/* Runs a query; its rows are then read with db_fetch, and db_end ends it, always. Returns 0 or -1. */
int db_query(struct db *db, size_t sql, const struct db_value *values, size_t count, struct err *e) RUKU_MUST_CHECK;

/* Runs a query whose rows are taken from the server as db_fetch asks for them, so that memory does not grow with their
 * number; until db_end nothing else runs on this connection. Returns 0 or -1. */
int db_stream(struct db *db, size_t sql, const struct db_value *values, size_t count, struct err *e) RUKU_MUST_CHECK;

/* Steps to the next row: 1 there is one, 0 there is none, -1 failure. */
int db_fetch(struct db *db, struct err *e) RUKU_MUST_CHECK;

/* A column of the current row as bytes with a NUL after them, or NULL for SQL's NULL. Valid until the next db_fetch or
 * db_end. *len_out may be NULL. */
const char *db_column(struct db *db, unsigned column, size_t *len_out);

/* A column of the current row as a number; 0 for NULL. */
int64_t db_column_int(struct db *db, unsigned column);

void db_end(struct db *db);

#endif
