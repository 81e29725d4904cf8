/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "recordstore.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "db.h"
#include "err.h"
#include "sql.h"

#include "poison.h"

/* A DATETIME of the connection's zone, "2024-10-09 15:30:00.123", as replies write it: to the second, with its offset. */
static void take_time(struct db *db, unsigned column, char *to, size_t size)
{
    const char *text = db_column(db, column, NULL);
    if (text == NULL || strlen(text) < 19)
        text = "0000-00-00 00:00:00";
    (void)snprintf(to, size, "%.10sT%.8s+08:00", text, text + 11);
}

int recordstore_find(struct db *db, int64_t client, const char *category, const char *resource, const char *id,
                     size_t id_len, struct stored_record *out, struct buf *fields, struct err *e)
{
    struct db_value id_value = db_bytes(id, id_len);
    id_value.type = DB_TEXT;
    struct db_value values[] = {db_int(client), db_text(category), db_text(resource), id_value};
    if (db_query(db, SQL_RECORD_FIND, values, 4, e) != 0)
        return -1;
    int got = db_fetch(db, e);
    if (got == 1) {
        size_t len;
        out->revision = db_column_int(db, 0);
        (void)snprintf(out->state, sizeof(out->state), "%s", db_column(db, 1, NULL));
        (void)snprintf(out->batch, sizeof(out->batch), "%s", db_column(db, 2, NULL));
        take_time(db, 3, out->created_at, sizeof(out->created_at));
        take_time(db, 4, out->updated_at, sizeof(out->updated_at));
        const char *json = db_column(db, 5, &len);
        buf_add(fields, json, len);
        if (buf_failed(fields))
            got = err_set(e, MSG_INTERNAL, "out of memory for a record of %zu bytes", len);
    }
    db_end(db);
    return got;
}
