/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "db.h"
#include "err.h"

#include "poison.h"

int rows_read(struct db *db, const struct rows_query *query, void **list_out, size_t *count_out, struct err *e)
{
    char *list = NULL;
    size_t count = 0;
    int got;
    if (db_query(db, query->sql, query->values, query->value_count, e) != 0)
        return -1;
    while ((got = db_fetch(db, e)) == 1) {
        char *bigger = realloc(list, (count + 1) * query->item_size);
        if (bigger == NULL) {
            got = err_set(e, MSG_INTERNAL, "out of memory");
            break;
        }
        list = bigger;
        query->take(db, list + count++ * query->item_size);
    }
    db_end(db);
    if (got < 0) {
        free(list);
        return -1;
    }
    *list_out = list;
    *count_out = count;
    return 0;
}

int rows_find(struct db *db, const struct rows_query *query, void *item, struct err *e)
{
    if (db_query(db, query->sql, query->values, query->value_count, e) != 0)
        return -1;
    int got = db_fetch(db, e);
    if (got == 1)
        query->take(db, item);
    db_end(db);
    return got;
}

void rows_text(struct db *db, unsigned column, char *to, size_t size)
{
    const char *text = db_column(db, column, NULL);
    (void)snprintf(to, size, "%s", text == NULL ? "" : text);
}

int rows_count(struct db *db, size_t sql, const struct db_value *values, size_t value_count, int64_t *count_out, struct err *e)
{
    if (db_query(db, sql, values, value_count, e) != 0)
        return -1;
    int got = db_fetch(db, e);
    *count_out = got == 1 ? db_column_int(db, 0) : 0;
    db_end(db);
    return got < 0 ? -1 : 0;
}
