/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "result.h"

#include <stdlib.h>
#include <string.h>

#include "enc.h"

#include "poison.h"

#define IDS_MAX_BYTES ((size_t)64 * 1024 * 1024)

static const char *const kind_names[RESULT_KIND_N] = {"created", "updated", "unchanged", "stale", "superseded", "rejected"};

void results_init(struct results *r, size_t max)
{
    *r = (struct results){.max = max};
    buf_init(&r->ids, IDS_MAX_BYTES);
}

void results_free(struct results *r)
{
    free(r->items);
    buf_free(&r->ids);
    r->items = NULL;
    r->count = r->size = 0;
}

void results_drop(struct results *r)
{
    results_free(r);
    r->over = true;
}

bool results_wanted(const struct results *r)
{
    return r->max > 0 && !r->over;
}

static bool grow(struct results *r)
{
    size_t size = r->size == 0 ? 64 : 2 * r->size;
    struct result *items = reallocarray(r->items, size, sizeof(*items));
    if (items == NULL)
        return false;
    r->items = items;
    r->size = size;
    return true;
}

void results_add(struct results *r, size_t index, const char *id, size_t id_len, enum result_kind kind, int64_t revision)
{
    if (!results_wanted(r))
        return;
    size_t at = r->ids.len;
    bool room = r->count < r->max && (r->count < r->size || grow(r));
    buf_add(&r->ids, id, id_len);
    if (!room || buf_failed(&r->ids)) {
        results_drop(r);
        return;
    }
    r->items[r->count++] = (struct result){.index = index, .kind = kind, .revision = revision, .id = at, .id_len = id_len};
}

void results_supersede(struct results *r, const char *id, size_t id_len)
{
    for (size_t i = 0; i < r->count; i++) {
        struct result *item = &r->items[i];
        if ((item->kind == RESULT_CREATED || item->kind == RESULT_UPDATED) && item->id_len == id_len &&
            memcmp(buf_text(&r->ids) + item->id, id, id_len) == 0) {
            item->kind = RESULT_SUPERSEDED;
            item->revision = 0;
        }
    }
}

void results_rewind(struct results *r, size_t count)
{
    if (count >= r->count)
        return;
    r->ids.len = r->items[count].id;
    r->count = count;
}

static int compare(const void *a, const void *b)
{
    size_t left = ((const struct result *)a)->index;
    size_t right = ((const struct result *)b)->index;
    return (left > right) - (left < right);
}

/* A copy in the order of the push; the items themselves keep the order in which they came, for rewinding. */
static struct result *sorted(const struct results *r)
{
    struct result *items = reallocarray(NULL, r->count + 1, sizeof(*items));
    if (items == NULL)
        return NULL;
    if (r->count > 0) {
        memcpy(items, r->items, r->count * sizeof(*items));
        qsort(items, r->count, sizeof(*items), compare);
    }
    return items;
}

void results_write(const struct results *r, struct buf *to)
{
    struct result *items = sorted(r);
    to->failed = to->failed || items == NULL;
    buf_add_char(to, '[');
    for (size_t i = 0; items != NULL && i < r->count; i++) {
        const struct result *item = &items[i];
        buf_printf(to, "%s{\"index\":%zu,\"id\":", i == 0 ? "" : ",", item->index);
        if (item->id_len > 0)
            enc_json(to, buf_text(&r->ids) + item->id, item->id_len);
        else
            buf_add_text(to, "null");
        buf_printf(to, ",\"result\":\"%s\"", kind_names[item->kind]);
        if (item->revision > 0)
            buf_printf(to, ",\"revision\":%lld", (long long)item->revision);
        buf_add_char(to, '}');
    }
    buf_add_char(to, ']');
    free(items);
}
