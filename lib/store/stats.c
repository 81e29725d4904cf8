/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "stats.h"

#include "clock.h"
#include "db.h"
#include "rows.h"
#include "sql.h"

#include "poison.h"

#define DAY_SECONDS 86400

static void take_push(struct db *db, void *item)
{
    struct stats_push *p = item;
    rows_text(db, 0, p->category, sizeof(p->category));
    rows_text(db, 1, p->client_id, sizeof(p->client_id));
    rows_text(db, 2, p->client_name, sizeof(p->client_name));
    rows_text(db, 3, p->day, sizeof(p->day));
    int64_t *const counts[] = {&p->pushes, &p->received, &p->created, &p->updated, &p->unchanged, &p->rejected};
    for (unsigned i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        *counts[i] = db_column_int(db, 4 + i);
}

int stats_pushes(struct db *db, int64_t days, const int64_t *client, struct stats_push **list_out, size_t *count_out,
                 struct err *e)
{
    char first[15];
    void *list = NULL;
    clock_format_compact(first, clock_now() - (days - 1) * DAY_SECONDS);
    first[8] = '\0';
    struct db_value values[] = {db_text(first), db_int_at(client), db_int_at(client)};
    const struct rows_query query = {.sql = SQL_STATS_PUSHES, .values = values, .value_count = 3,
                                     .item_size = sizeof(struct stats_push), .take = take_push};
    int rc = rows_read(db, &query, &list, count_out, e);
    *list_out = list;
    return rc;
}

static void take_record(struct db *db, void *item)
{
    struct stats_record *r = item;
    rows_text(db, 0, r->category, sizeof(r->category));
    rows_text(db, 1, r->resource, sizeof(r->resource));
    rows_text(db, 2, r->client_id, sizeof(r->client_id));
    rows_text(db, 3, r->client_name, sizeof(r->client_name));
    r->live = db_column_int(db, 4);
    r->withdrawn = db_column_int(db, 5);
}

int stats_records(struct db *db, const int64_t *client, struct stats_record **list_out, size_t *count_out,
                  struct err *e)
{
    void *list = NULL;
    struct db_value values[] = {db_int_at(client), db_int_at(client)};
    const struct rows_query query = {.sql = SQL_STATS_RECORDS, .values = values, .value_count = 2,
                                     .item_size = sizeof(struct stats_record), .take = take_record};
    int rc = rows_read(db, &query, &list, count_out, e);
    *list_out = list;
    return rc;
}
