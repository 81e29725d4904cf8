/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "reject.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "refusal.h"
#include "sql.h"

#include "poison.h"

enum column { BATCH, POSITION, ID, FAULTS };

void reject_room_free(struct reject_room *room)
{
    for (int i = 0; i < REJECT_COLUMNS; i++) {
        free(room->columns[i].data);
        free(room->columns[i].len);
    }
    free(room->positions);
    *room = (struct reject_room){0};
}

static int grow(struct reject_room *room, size_t count)
{
    if (count <= room->max)
        return 0;
    reject_room_free(room);
    bool done = true;
    for (int i = 0; i < REJECT_COLUMNS; i++) {
        room->columns[i].data = calloc(count, sizeof(char *));
        room->columns[i].len = calloc(count, sizeof(unsigned long));
        done = done && room->columns[i].data != NULL && room->columns[i].len != NULL;
    }
    room->positions = calloc(count, sizeof(*room->positions));
    room->max = done && room->positions != NULL ? count : 0;
    return room->max > 0 ? 0 : -1;
}

static void put(struct reject_room *room, enum column column, size_t i, const char *data, size_t len)
{
    room->columns[column].data[i] = data;
    room->columns[column].len[i] = (unsigned long)len;
}

int reject_store(struct reject_room *room, struct db *db, const char *batch, const struct refusals *refusals, struct err *e)
{
    const char *text = buf_text(&refusals->text);
    struct db_counts done;
    if (refusals->count == 0)
        return 0;
    if (grow(room, refusals->count) != 0)
        return err_set(e, MSG_SPOOL_FULL, "out of memory");
    for (size_t i = 0; i < refusals->count; i++) {
        const struct refusal *item = &refusals->items[i];
        struct buf position;
        buf_init(&position, sizeof(*room->positions) - 1);
        buf_printf(&position, "%zu", item->index);
        memcpy(room->positions[i], buf_text(&position), position.len + 1);
        put(room, BATCH, i, batch, strlen(batch));
        put(room, POSITION, i, room->positions[i], position.len);
        put(room, ID, i, item->id_len == 0 ? NULL : text + item->id, item->id_len);
        put(room, FAULTS, i, text + item->faults, item->faults_len);
        buf_free(&position);
    }
    return db_run_rows(db, SQL_REJECT_ADD, room->columns, REJECT_COLUMNS, refusals->count, &done, e);
}
