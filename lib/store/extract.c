/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "extract.h"

#include <stdlib.h>

#include "client.h"
#include "db.h"
#include "dbtime.h"
#include "err.h"
#include "sql.h"

#include "poison.h"

/* The snapshot is of the first statement of a REPEATABLE READ transaction or, asked for in words, of its start. A
 * reader of the output may pause: the server waits an hour for it instead of a minute. */
static const char *const preparations[] = {
    "SET SESSION net_write_timeout = 3600",
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
};

static int list_clients(struct extract *x, struct err *e)
{
    if (x->query->client == NULL)
        return client_list(x->db, &x->clients, &x->client_count, e);
    x->clients = calloc(1, sizeof(*x->clients));
    if (x->clients == NULL)
        return err_set(e, MSG_INTERNAL, "out of memory");
    x->client_count = 1;
    return client_find(x->db, x->query->client, x->clients, e);
}

int extract_open(struct extract *x, struct db *db, const struct extract_query *query, struct err *e)
{
    *x = (struct extract){.db = db, .query = query};
    if (sealing_init(&x->sealing, query->keys) != 0)
        return err_set(e, MSG_INTERNAL, "out of memory");
    for (size_t i = 0; i < sizeof(preparations) / sizeof(preparations[0]); i++)
        if (db_exec(db, preparations[i], e) != 0)
            return -1;
    return list_clients(x, e);
}

static int begin_client(struct extract *x, struct err *e)
{
    const struct extract_query *q = x->query;
    struct db_value values[] = {db_int(x->clients[x->next].id), db_text(q->category), db_text(q->resource),
                                db_text(q->since == NULL ? "0001-01-01" : q->since), db_int(q->withdrawn)};
    if (db_stream(x->db, SQL_EXTRACT_RECORDS, values, 5, e) != 0)
        return -1;
    x->streaming = true;
    x->next++;
    return 0;
}

static void take_record(struct extract *x, struct extract_record *out)
{
    struct db *db = x->db;
    out->client_id = x->clients[x->next - 1].client_id;
    out->id = db_column(db, 0, &out->id_len);
    out->revision = db_column_int(db, 1);
    out->state = db_column(db, 2, NULL);
    out->batch = db_column(db, 3, NULL);
    dbtime_take(db, 4, out->created_at);
    dbtime_take(db, 5, out->updated_at);
    out->fields = db_column(db, 6, &out->fields_len);
}

/* Opens the values that are sealed. Returns 1 or -1. */
static int open_record(struct extract *x, struct extract_record *r, struct err *e)
{
    const struct sealing_place place = {.client = x->clients[x->next - 1].id, .category = x->query->category,
                                        .resource = x->query->resource, .id = r->id, .id_len = r->id_len};
    if (sealing_read(&x->sealing, &place, &r->fields, &r->fields_len, e) == 0)
        return 1;
    err_prefix(e, "client %s, record %.*s", r->client_id, (int)r->id_len, r->id);
    return -1;
}

int extract_next(struct extract *x, struct extract_record *out, struct err *e)
{
    for (;;) {
        if (!x->streaming && x->next == x->client_count)
            return 0;
        if (!x->streaming && begin_client(x, e) != 0)
            return -1;
        int got = db_fetch(x->db, e);
        if (got != 0) {
            if (got == 1)
                take_record(x, out);
            return got == 1 ? open_record(x, out, e) : got;
        }
        db_end(x->db);
        x->streaming = false;
    }
}

void extract_close(struct extract *x)
{
    struct err ignored;
    /* Rows that are not wanted any more would still be sent, all of them: the connection goes instead. */
    if (x->streaming || db_exec(x->db, "COMMIT", &ignored) != 0)
        db_disconnect(x->db);
    free(x->clients);
    x->clients = NULL;
    sealing_free(&x->sealing);
}
