/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /v1/digest/{category}/{resource}: reconciliation (对账). For each day the number of live records and one digest over
 * them, which the other side computes from its own records and compares.
 */
#include "config.h"

#include <json.h>
#include <stdlib.h>
#include <string.h>

#include "category.h"
#include "conf.h"
#include "cursor.h"
#include "enc.h"
#include "err.h"
#include "form.h"
#include "gbtime.h"
#include "handlers.h"
#include "recordstore.h"
#include "reply.h"
#include "request.h"
#include "tally.h"

#include "poison.h"

#define VALUE_MAX_BYTES 64

enum { FROM, TO, BY, PARAMETER_N };

static const char *const day_names[RECORD_DAY_N] = {"updated", "created", "published"};

struct day {
    char name[sizeof("2024-10-09")];
    struct tally tally;
};

/* The days while they are being added up. */
struct days {
    enum crypt_hash hash;
    struct day *list; /* in order */
    size_t count, size;
    size_t last; /* where the last record belonged: the next one often does too */
    bool failed; /* memory was short */
    struct tally total;
};

static void add_tally(json_object *to, const struct tally *t)
{
    struct buf hex;
    buf_init(&hex, 2 * CRYPT_DIGEST_SIZE);
    enc_hex(&hex, t->sum, sizeof(t->sum));
    reply_add_count(to, "count", t->count);
    reply_add_text(to, "digest", buf_text(&hex));
    buf_free(&hex);
}

/* The place of a day in the list, or where it is to be put in. */
static size_t place_of(const struct days *d, const char *name)
{
    size_t low = 0, high = d->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(d->list[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool insert_day(struct days *d, size_t at, const char *name)
{
    if (d->count == d->size) {
        size_t size = d->size == 0 ? 64 : 2 * d->size;
        struct day *list = reallocarray(d->list, size, sizeof(*list));
        if (list == NULL)
            return false;
        d->list = list;
        d->size = size;
    }
    memmove(&d->list[at + 1], &d->list[at], (d->count - at) * sizeof(*d->list));
    d->count++;
    d->list[at] = (struct day){0};
    memcpy(d->list[at].name, name, sizeof(d->list[at].name));
    return true;
}

static void add_record(void *context, const char *day, const char *id, size_t id_len, const unsigned char *digest)
{
    struct days *d = context;
    if (d->last >= d->count || strcmp(d->list[d->last].name, day) != 0) {
        d->last = place_of(d, day);
        bool there = d->last < d->count && strcmp(d->list[d->last].name, day) == 0;
        if (!there && !insert_day(d, d->last, day)) {
            d->failed = true;
            return;
        }
    }
    tally_add(&d->list[d->last].tally, d->hash, id, id_len, digest);
    tally_add(&d->total, d->hash, id, id_len, digest);
}

static json_object *tell_days(const struct days *d)
{
    json_object *out = json_object_new_array();
    for (size_t i = 0; i < d->count; i++) {
        json_object *day = json_object_new_object();
        reply_add_text(day, "day", d->list[i].name);
        add_tally(day, &d->list[i].tally);
        (void)json_object_array_add(out, day);
    }
    return out;
}

/* A day as the database compares it, with another for where the parameter says nothing. */
static int read_day(struct form_field *field, const char *fallback, struct err *e)
{
    struct gbtime time;
    if (field->value.len == 0)
        buf_add_text(&field->value, fallback);
    return gbtime_date(buf_text(&field->value), field->value.len, &time) ? 0
                                                                         : cursor_bad_parameter(field, "2024-10-09", e);
}

static int read_by(const struct form_field *field, enum record_day *by_out, struct err *e)
{
    *by_out = RECORD_DAY_UPDATED;
    for (int i = 0; i < RECORD_DAY_N; i++)
        if (field->value.len == 0 || strcmp(day_names[i], buf_text(&field->value)) == 0) {
            *by_out = (enum record_day)i;
            return 0;
        }
    return cursor_bad_parameter(field, "updated, created, published", e);
}

static int add_days(struct context *ctx, const struct form_field *fields, enum record_day by, struct days *d, struct err *e)
{
    const struct record_scope scope = {.client = ctx->caller.client, .category = ctx->category->code,
                                       .resource = ctx->resource->code, .sealing = &ctx->state->sealing,
                                       .encrypted = ctx->category->fields.encrypted, .hash = d->hash};
    if (recordstore_days(ctx->state->db, &scope, by, buf_text(&fields[FROM].value), buf_text(&fields[TO].value), add_record, d,
                         e) != 0)
        return -1;
    return d->failed ? err_set(e, MSG_SPOOL_FULL, "out of memory") : 0;
}

static void write_days(const struct context *ctx, const struct request *request, struct reply *reply,
                       const struct form_field *fields, enum record_day by, const struct days *d)
{
    json_object *out = json_object_new_object();
    reply_add_text(out, "category", ctx->category->code);
    reply_add_text(out, "resource", ctx->resource->code);
    reply_add_text(out, "by", day_names[by]);
    reply_add_text(out, "from", buf_text(&fields[FROM].value));
    reply_add_text(out, "to", buf_text(&fields[TO].value));
    reply_add_text(out, "hash", crypt_hash_names[d->hash]);
    (void)json_object_object_add(out, "days", tell_days(d));
    add_tally(out, &d->total);
    reply_json(reply, 200, request, out);
}

static int read_parameters(const struct request *request, struct form_field *fields, enum record_day *by_out, struct err *e)
{
    if (request_query(request, fields, PARAMETER_N, e) != 0 || read_day(&fields[FROM], "0001-01-01", e) != 0 ||
        read_day(&fields[TO], "9999-12-31", e) != 0 || read_by(&fields[BY], by_out, e) != 0)
        return -1;
    return strcmp(buf_text(&fields[FROM].value), buf_text(&fields[TO].value)) <= 0
               ? 0
               : cursor_bad_parameter(&fields[FROM], "from ≤ to", e);
}

int on_digest(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    struct form_field fields[PARAMETER_N] = {[FROM] = {.name = "from"}, [TO] = {.name = "to"}, [BY] = {.name = "by"}};
    struct days d = {.hash = (enum crypt_hash)ctx->state->conf->hash};
    enum record_day by;
    for (size_t i = 0; i < PARAMETER_N; i++)
        buf_init(&fields[i].value, VALUE_MAX_BYTES);
    int rc = read_parameters(request, fields, &by, e);
    if (rc == 0)
        rc = add_days(ctx, fields, by, &d, e);
    if (rc == 0)
        write_days(ctx, request, reply, fields, by, &d);
    free(d.list);
    for (size_t i = 0; i < PARAMETER_N; i++)
        buf_free(&fields[i].value);
    return rc;
}
