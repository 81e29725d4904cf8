/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /v1/digest/{category}/{resource}: reconciliation (对账). For each day the number of live records and one digest over
 * them, which the other side computes from its own records and compares.
 */
#include "config.h"

#include <json.h>
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

/* The days while they are being added up. */
struct days {
    enum crypt_hash hash;
    json_object *list;
    char day[sizeof("2024-10-09")]; /* the one that is under way; "" before the first */
    struct tally today, total;
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

static void end_day(struct days *d)
{
    if (d->day[0] == '\0')
        return;
    json_object *out = json_object_new_object();
    reply_add_text(out, "day", d->day);
    add_tally(out, &d->today);
    (void)json_object_array_add(d->list, out);
}

static void add_record(void *context, const char *day, const char *id, size_t id_len, const unsigned char *digest)
{
    struct days *d = context;
    if (strncmp(d->day, day, sizeof(d->day)) != 0) {
        end_day(d);
        memcpy(d->day, day, sizeof(d->day));
        d->today = (struct tally){0};
    }
    tally_add(&d->today, d->hash, id, id_len, digest);
    tally_add(&d->total, d->hash, id, id_len, digest);
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

static int write_days(struct context *ctx, const struct request *request, struct reply *reply, struct form_field *fields,
                      enum record_day by, struct err *e)
{
    struct record_scope scope = {.client = ctx->caller.client, .category = ctx->category->code,
                                 .resource = ctx->resource->code};
    struct days d = {.hash = (enum crypt_hash)ctx->state->conf->hash, .list = json_object_new_array()};
    const char *from = buf_text(&fields[FROM].value);
    const char *to = buf_text(&fields[TO].value);
    if (recordstore_days(ctx->state->db, &scope, by, from, to, add_record, &d, e) != 0) {
        (void)json_object_put(d.list);
        return -1;
    }
    end_day(&d);
    json_object *out = json_object_new_object();
    reply_add_text(out, "category", scope.category);
    reply_add_text(out, "resource", scope.resource);
    reply_add_text(out, "by", day_names[by]);
    reply_add_text(out, "from", from);
    reply_add_text(out, "to", to);
    reply_add_text(out, "hash", crypt_hash_names[d.hash]);
    (void)json_object_object_add(out, "days", d.list);
    add_tally(out, &d.total);
    reply_json(reply, 200, request, out);
    return 0;
}

int on_digest(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    struct form_field fields[PARAMETER_N] = {[FROM] = {.name = "from"}, [TO] = {.name = "to"}, [BY] = {.name = "by"}};
    enum record_day by;
    for (size_t i = 0; i < PARAMETER_N; i++)
        buf_init(&fields[i].value, VALUE_MAX_BYTES);
    int rc = -1;
    if (request_query(request, fields, PARAMETER_N, e) == 0 && read_day(&fields[FROM], "0001-01-01", e) == 0 &&
        read_day(&fields[TO], "9999-12-31", e) == 0 && read_by(&fields[BY], &by, e) == 0)
        rc = write_days(ctx, request, reply, fields, by, e);
    for (size_t i = 0; i < PARAMETER_N; i++)
        buf_free(&fields[i].value);
    return rc;
}
