/* SPDX-License-Identifier: Apache-2.0
 *
 * Receipts: GET /v1/batches page by page, GET /v1/batches/{batch} one of them with its refused records.
 */
#include "config.h"

#include <json.h>
#include <string.h>

#include "cursor.h"
#include "dbtime.h"
#include "enc.h"
#include "err.h"
#include "form.h"
#include "handlers.h"
#include "num.h"
#include "receipt.h"
#include "reply.h"
#include "request.h"

#include "poison.h"

#define VALUE_MAX_BYTES 64

enum { AFTER, LIMIT, PARAMETER_N };

/* The query of both paths. */
struct query {
    struct form_field fields[PARAMETER_N];
    int64_t limit;
};

static int read_query(struct query *q, const struct request *request, struct err *e)
{
    q->fields[AFTER] = (struct form_field){.name = "after"};
    q->fields[LIMIT] = (struct form_field){.name = "limit"};
    for (size_t i = 0; i < PARAMETER_N; i++)
        buf_init(&q->fields[i].value, VALUE_MAX_BYTES);
    return request_query(request, q->fields, PARAMETER_N, e) == 0 && cursor_limit(&q->fields[LIMIT], &q->limit, e) == 0
               ? 0
               : -1;
}

static void free_query(struct query *q)
{
    for (size_t i = 0; i < PARAMETER_N; i++)
        buf_free(&q->fields[i].value);
}

static json_object *receipt_json(const struct receipt *r)
{
    char created_at[CLOCK_TEXT_SIZE], updated_at[CLOCK_TEXT_SIZE];
    json_object *out = json_object_new_object();
    dbtime_format(r->created_at, created_at);
    dbtime_format(r->updated_at, updated_at);
    reply_add_text(out, "batch", r->batch);
    reply_add_text(out, "category", r->category);
    reply_add_text(out, "resource", r->resource);
    reply_add_text(out, "handling", r->mode);
    (void)json_object_object_add(out, "complete", json_object_new_boolean(r->complete));
    reply_add_count(out, "received", r->received);
    reply_add_count(out, "created", r->counts.created);
    reply_add_count(out, "updated", r->counts.updated);
    reply_add_count(out, "unchanged", r->counts.unchanged);
    reply_add_count(out, "superseded", r->counts.superseded);
    reply_add_count(out, "stale", r->counts.stale);
    reply_add_count(out, "rejected", r->rejected);
    reply_add_text(out, "created_at", created_at);
    reply_add_text(out, "updated_at", updated_at);
    return out;
}

/* A page of receipts while it is being made. */
struct receipts {
    json_object *list;
    int64_t limit, count;
    char last[INGEST_BATCH_SIZE]; /* of the page; "" until it is known that there is more */
    bool more;
};

static void add_receipt(void *context, const struct receipt *r)
{
    struct receipts *page = context;
    page->more = page->count == page->limit;
    if (page->more)
        return;
    page->count++;
    memcpy(page->last, r->batch, sizeof(page->last));
    (void)json_object_array_add(page->list, receipt_json(r));
}

int on_batches(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    struct query q;
    struct receipts page = {0};
    int rc = read_query(&q, request, e);
    if (rc == 0)
        rc = receipt_begins(buf_text(&q.fields[AFTER].value), q.fields[AFTER].value.len) ? 0 : cursor_bad("next", e);
    if (rc == 0) {
        page.list = json_object_new_array();
        page.limit = q.limit;
        const struct receipt_query query = {.client = &ctx->caller.client, .after = buf_text(&q.fields[AFTER].value),
                                            .limit = q.limit + 1};
        rc = receipt_list(ctx->state->db, &query, add_receipt, &page, e);
    }
    if (rc == 0) {
        json_object *out = json_object_new_object();
        (void)json_object_object_add(out, "batches", json_object_get(page.list));
        reply_add_text(out, "next", page.more ? page.last : NULL);
        reply_json(reply, 200, request, out);
    }
    (void)json_object_put(page.list);
    free_query(&q);
    return rc;
}

/* A page of refused records while it is being written. */
struct rejections {
    struct buf text;
    int64_t limit, count;
    uint64_t last;
    bool more;
};

static void add_rejection(void *context, const struct receipt_reject *r)
{
    struct rejections *page = context;
    page->more = page->count == page->limit;
    if (page->more)
        return;
    buf_printf(&page->text, "%s{\"index\":%llu,\"id\":", page->count++ == 0 ? "" : ",", (unsigned long long)r->index);
    if (r->id == NULL)
        buf_add_text(&page->text, "null");
    else
        enc_json(&page->text, r->id, r->id_len);
    buf_add_text(&page->text, ",\"faults\":");
    buf_add(&page->text, r->faults, r->faults_len);
    buf_add_char(&page->text, '}');
    page->last = r->index;
}

static int write_receipt(struct context *ctx, const struct request *request, struct reply *reply,
                         const struct receipt *receipt, const struct query *q, struct err *e)
{
    const struct buf *after = &q->fields[AFTER].value;
    struct rejections page = {.limit = q->limit};
    int64_t from = -1;
    if (after->len > 0 && !num_parse(buf_text(after), after->len, 0, UINT32_MAX, &from))
        return cursor_bad("rejects_next", e);
    buf_init(&page.text, reply->body.max);
    buf_add_char(&page.text, '[');
    int rc = receipt_rejects(ctx->state->db, receipt->batch, from, q->limit + 1, add_rejection, &page, e);
    buf_add_char(&page.text, ']');
    if (rc == 0 && buf_failed(&page.text))
        rc = err_set(e, MSG_INTERNAL, "out of memory for refused records");
    if (rc == 0) {
        json_object *out = receipt_json(receipt);
        reply_add_raw(out, "rejects", page.text.data);
        if (page.more)
            reply_add_count(out, "rejects_next", page.last);
        else
            reply_add_text(out, "rejects_next", NULL);
        reply_json(reply, 200, request, out);
    }
    buf_free(&page.text);
    return rc;
}

int on_batch(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    const struct buf *batch = &request->params[0];
    struct receipt receipt;
    struct query q;
    int rc = read_query(&q, request, e);
    if (rc == 0) {
        int found = receipt_find(ctx->state->db, &ctx->caller.client, buf_text(batch), &receipt, e);
        if (found == 0) {
            (void)err_set(e, MSG_NO_SUCH_BATCH, "%s", "");
            msg_arg_text(&e->msg, "batch", buf_text(batch), batch->len);
        }
        rc = found == 1 ? write_receipt(ctx, request, reply, &receipt, &q, e) : -1;
    }
    free_query(&q);
    return rc;
}
