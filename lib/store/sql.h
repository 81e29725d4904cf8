/* SPDX-License-Identifier: Apache-2.0
 *
 * Every SQL statement of the service and of rukuctl, in one table. Values are always bound, never put into the text.
 */
#ifndef RUKU_SQL_H
#define RUKU_SQL_H

enum sql {
    SQL_SCHEMA_TABLE,
    SQL_SCHEMA_VERSION,
    SQL_SCHEMA_APPLIED,
    SQL_SCHEMA_LIST,
    SQL_CLIENT_ADD,
    SQL_CLIENT_LIST,
    SQL_CLIENT_FIND,
    SQL_CLIENT_SECRET,
    SQL_CLIENT_SET_SECRET,
    SQL_CLIENT_SET_DISABLED,
    SQL_GRANT_ADD,
    SQL_GRANT_REMOVE,
    SQL_GRANT_LIST,
    SQL_AUDIT_ADD,
    SQL_TOKEN_ADD,
    SQL_TOKEN_PURGE,
    SQL_TOKEN_CALLER,
    SQL_BATCH_ADD,
    SQL_BATCH_COMMITTED,
    SQL_RECORD_UPSERT,
    SQL_RECORD_FIND,
    SQL_N
};

/* The texts, to be handed to db_new with SQL_N. */
extern const char *const sql_texts[SQL_N];

#endif
