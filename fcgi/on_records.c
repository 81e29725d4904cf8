/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /v1/records/{category}/{resource}: a push. GET …/{id}: one record read back.
 */
#include "config.h"

#include <json.h>
#include <string.h>

#include "category.h"
#include "conf.h"
#include "err.h"
#include "fault.h"
#include "handlers.h"
#include "ingest.h"
#include "intake.h"
#include "record.h"
#include "recordstore.h"
#include "reply.h"
#include "request.h"

#include "poison.h"

static void add_text(json_object *to, const char *name, const char *text)
{
    (void)json_object_object_add(to, name, json_object_new_string(text));
}

static void add_count(json_object *to, const char *name, uint64_t count)
{
    (void)json_object_object_add(to, name, json_object_new_int64((int64_t)count));
}

static json_object *fault_json(const struct faults *faults, const struct fault *f)
{
    const char *text = buf_text(&faults->text);
    json_object *out = json_object_new_object();
    add_count(out, "index", f->index);
    (void)json_object_object_add(out, "id", f->id == 0 ? NULL : json_object_new_string(text + f->id));
    add_text(out, "pointer", text + f->pointer);
    add_text(out, "code", f->code);
    add_text(out, "message", text + f->message);
    return out;
}

/* 422: the records' faults, of which the first hundred are listed. */
static int reply_faults(struct context *ctx, const struct request *request, struct reply *reply,
                        const struct faults *faults, const struct intake_result *result)
{
    json_object *extra = json_object_new_object();
    json_object *list = json_object_new_array();
    struct err e;
    for (size_t i = 0; i < faults->kept; i++)
        (void)json_object_array_add(list, fault_json(faults, &faults->items[i]));
    add_text(extra, "category", ctx->category->code);
    add_text(extra, "resource", ctx->resource->code);
    add_count(extra, "received", result->received);
    add_count(extra, "rejected", result->rejected);
    add_count(extra, "errors_total", faults->total);
    (void)json_object_object_add(extra, "errors", list);
    (void)err_set(&e, MSG_INVALID_RECORDS, "%zu of %zu", result->rejected, result->received);
    msg_arg(&e.msg, "received", "%zu", result->received);
    msg_arg(&e.msg, "rejected", "%zu", result->rejected);
    msg_arg(&e.msg, "category", "%s", ctx->category->code);
    reply_problem(reply, request, ctx->state->conf, &e, extra);
    return 0;
}

static void reply_receipt(struct context *ctx, const struct request *request, struct reply *reply, const char *batch,
                          size_t received, const struct ingest_counts *counts)
{
    json_object *out = json_object_new_object();
    add_text(out, "batch", batch);
    add_text(out, "category", ctx->category->code);
    add_text(out, "resource", ctx->resource->code);
    add_count(out, "received", received);
    add_count(out, "created", counts->created);
    add_count(out, "updated", counts->updated);
    add_count(out, "unchanged", counts->unchanged);
    add_count(out, "superseded", counts->superseded);
    add_count(out, "rejected", 0);
    (void)json_object_object_add(out, "errors", json_object_new_array());
    reply_json(reply, 200, request, out);
}

static int store(struct context *ctx, const struct request *request, struct reply *reply, size_t received,
                 struct err *e)
{
    struct worker_state *state = ctx->state;
    struct ingest_push push = {.client = ctx->caller.client, .category = ctx->category->code,
                               .resource = ctx->resource->code, .received = received};
    struct ingest_counts counts;
    char batch[INGEST_BATCH_SIZE];
    if (ingest_write(state->ingest, state->db, &push, &state->spool, batch, &counts, e) != 0)
        return -1;
    reply_receipt(ctx, request, reply, batch, received, &counts);
    return 0;
}

int on_records_push(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    struct worker_state *state = ctx->state;
    struct intake_limits limits = {.announced = request->body_length, .max_body = state->conf->max_body_bytes,
                                   .max_record = (size_t)state->conf->max_record_bytes};
    struct intake_result result;
    struct faults faults;
    struct record_checker checker;
    faults_init(&faults, request->lang);
    int rc = record_checker_init(&checker, ctx->category, (enum crypt_hash)state->conf->hash, &faults);
    if (rc != 0)
        (void)err_set(e, MSG_INTERNAL, "out of memory");
    else
        rc = intake_run(request->body, &limits, &checker, &state->spool, &state->window, &result, e);
    if (rc == 0)
        rc = result.rejected > 0 ? reply_faults(ctx, request, reply, &faults, &result)
                                 : store(ctx, request, reply, result.received, e);
    record_checker_free(&checker);
    faults_free(&faults);
    spool_clear(&state->spool);
    return rc;
}

/* Writes the envelope by json-c and puts the record in as the bytes that were stored. */
static void write_record(struct context *ctx, const struct request *request, struct reply *reply,
                         const struct stored_record *stored, const struct buf *fields)
{
    json_object *out = json_object_new_object();
    add_text(out, "id", buf_text(&request->params[2]));
    add_text(out, "category", ctx->category->code);
    add_text(out, "resource", ctx->resource->code);
    (void)json_object_object_add(out, "revision", json_object_new_int64(stored->revision));
    add_text(out, "state", stored->state);
    add_text(out, "batch", stored->batch);
    add_text(out, "created_at", stored->created_at);
    add_text(out, "updated_at", stored->updated_at);
    reply_json(reply, 200, request, out);
    reply->body.len -= strlen("}\n");
    buf_add_text(&reply->body, ",\"record\":");
    buf_add(&reply->body, buf_text(fields), fields->len);
    buf_add_text(&reply->body, "}\n");
}

int on_record_get(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    const struct buf *id = &request->params[2];
    struct stored_record stored;
    struct buf fields;
    buf_init(&fields, reply->body.max);
    int found = recordstore_find(ctx->state->db, ctx->caller.client, ctx->category->code, ctx->resource->code,
                                 buf_text(id), id->len, &stored, &fields, e);
    if (found == 1) {
        write_record(ctx, request, reply, &stored, &fields);
    } else if (found == 0) {
        (void)err_set(e, MSG_NO_SUCH_RECORD, "%s", "");
        msg_arg_text(&e->msg, "id", buf_text(id), id->len);
    }
    buf_free(&fields);
    return found == 1 ? 0 : -1;
}
