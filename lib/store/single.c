/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "single.h"

#include "chunk.h"
#include "db.h"
#include "err.h"
#include "record.h"
#include "sql.h"
#include "token.h"

#include "poison.h"

/* What the statement tells. */
enum stored { REFUSED = -1, UNCHANGED = 0, CREATED = 1, UPDATED = 2 };

static int take_outcome(struct counts *counts, int64_t stored, struct err *e)
{
    if (stored == REFUSED)
        return token_refuse_remembered(e);
    counts->created += stored == CREATED;
    counts->updated += stored == UPDATED;
    counts->unchanged += stored == UNCHANGED;
    return 0;
}

int single_store(struct db *db, const struct single_target *target, const struct row *row, struct counts *counts,
                 struct err *e)
{
    const struct caller *caller = target->caller;
    const struct db_value values[] = {
        /* the record */
        db_int(target->client), db_text(target->category), db_text(target->resource), db_bytes(row->id, row->id_len),
        db_bytes(row->digest, sizeof(row->digest)), db_null(),
        row->title == NULL ? db_null() : db_bytes(row->title, row->title_len), db_text(row->published),
        db_bytes(row->fields, row->fields_len),
        row->sent == NULL ? db_null() : db_bytes(row->sent, row->sent_len), db_text(target->category_version), db_text(target->batch),
        /* its receipt */
        db_text(target->batch), db_int(target->client), db_text(target->category), db_text(target->resource),
        db_text(target->lenient ? "lenient" : "strict"),
        /* the proof */
        db_bytes(caller->digest, sizeof(caller->digest)), db_int(target->client), db_text(caller->networks), db_int(target->client),
        db_text(caller->grant.category), db_text(caller->grant.resource)};
    if (db_query(db, SQL_RECORD_PUSH, values, sizeof(values) / sizeof(values[0]), e) != 0)
        return -1;
    int got = db_fetch(db, e);
    int64_t stored = got == 1 ? db_column_int(db, 0) : 0;
    db_end(db);
    if (got == 0)
        return err_set(e, MSG_INTERNAL, "the database did not tell what became of a record");
    return got < 0 ? -1 : take_outcome(counts, stored, e);
}
