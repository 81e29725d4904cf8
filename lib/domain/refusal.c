/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "refusal.h"

#include <stdlib.h>

#include "fault.h"

#include "poison.h"

#define TEXT_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define FAULTS_A_RECORD 20 /* of a record's faults are written down: more help nobody */

void refusals_init(struct refusals *r)
{
    *r = (struct refusals){0};
    buf_init(&r->text, TEXT_MAX_BYTES);
}

void refusals_free(struct refusals *r)
{
    free(r->items);
    buf_free(&r->text);
    *r = (struct refusals){0};
}

void refusals_clear(struct refusals *r)
{
    r->count = 0;
    buf_clear(&r->text);
}

static int grow(struct refusals *r)
{
    size_t size = r->size == 0 ? 64 : 2 * r->size;
    struct refusal *items = reallocarray(r->items, size, sizeof(*items));
    if (items == NULL)
        return -1;
    r->items = items;
    r->size = size;
    return 0;
}

int refusals_add(struct refusals *r, const struct faults *faults)
{
    if (r->count == r->size && grow(r) != 0)
        return -1;
    struct refusal item = {.index = faults->index, .id = r->text.len, .id_len = faults->id.len};
    buf_add(&r->text, buf_text(&faults->id), faults->id.len);
    item.faults = r->text.len;
    buf_add_char(&r->text, '[');
    (void)faults_write(faults, false, FAULTS_A_RECORD, &r->text);
    buf_add_char(&r->text, ']');
    item.faults_len = r->text.len - item.faults;
    if (buf_failed(&r->text))
        return -1;
    r->items[r->count++] = item;
    return 0;
}
