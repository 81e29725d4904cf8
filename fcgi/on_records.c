/* SPDX-License-Identifier: Apache-2.0
 *
 * Pushes. POST /v1/records/{category}/{resource} stores records, PUT …/{id} one of them, POST /v1/validate/… none; POST /api/push has
 * category and resource in its body.
 */
#include "config.h"

#include <json.h>
#include <stdio.h>
#include <string.h>

#include "access.h"
#include "body.h"
#include "category.h"
#include "conf.h"
#include "envelope.h"
#include "err.h"
#include "gunzip.h"
#include "handlers.h"
#include "idempotency.h"
#include "precondition.h"
#include "prefer.h"
#include "push.h"
#include "reply.h"
#include "request.h"
#include "xmlin.h"

#include "poison.h"

/* One push while it is being answered. */
struct call {
    struct context *ctx;
    const struct request *request;
    struct reply *reply;
    struct push_options options;
    struct prefer prefer;
    struct body body;
    struct gunzip *gunzip; /* NULL: the body is not compressed */
    struct xmlin *xml;     /* NULL: the body is not XML */
    struct source *source; /* what the records are read from */
    bool remembered; /* the caller was, when the request came */
    bool committed;
    struct buf errors, results; /* JSON arrays */
};

static uint64_t taken_in(const struct counts *counts)
{
    return counts->created + counts->updated + counts->unchanged;
}

/* The members that every answer to a push has, whether it went well or not. */
static json_object *tell_counts(const struct call *call, const struct push *push)
{
    static const struct counts nothing;
    const struct counts *counts = call->options.validate ? &nothing : &push->ingest.counts;
    json_object *out = json_object_new_object();
    reply_add_text(out, "batch", push->ingest.batch[0] == '\0' ? NULL : push->ingest.batch);
    reply_add_text(out, "category", call->ctx->category->code);
    reply_add_text(out, "resource", call->ctx->resource->code);
    reply_add_count(out, "received", push->ingest.received);
    reply_add_count(out, "created", counts->created);
    reply_add_count(out, "updated", counts->updated);
    reply_add_count(out, "unchanged", counts->unchanged);
    reply_add_count(out, "superseded", counts->superseded);
    reply_add_count(out, "stale", counts->stale);
    reply_add_count(out, "rejected", push->ingest.rejected);
    (void)snprintf(call->ctx->note, sizeof(call->ctx->note), "batch=%s received=%zu created=%llu updated=%llu unchanged=%llu rejected=%zu",
                   push->ingest.batch[0] == '\0' ? "-" : push->ingest.batch, push->ingest.received, (unsigned long long)counts->created, (unsigned long long)counts->updated,
                   (unsigned long long)counts->unchanged, push->ingest.rejected);
    return out;
}

/* The lists are written by hand where the records are, and put in as they stand. */
static void add_lists(struct call *call, struct push *push, json_object *out)
{
    reply_add_count(out, "errors_total", push->errors_total);
    buf_clear(&call->errors);
    buf_printf(&call->errors, "[%s]", buf_text(&push->errors));
    reply_add_raw(out, "errors", call->errors.data);
    if (!results_wanted(&push->ingest.results) || call->request->method == METHOD_PUT)
        return;
    buf_clear(&call->results);
    results_write(&push->ingest.results, &call->results);
    reply_add_raw(out, "results", call->results.data);
}

static void tell_preferences(const struct call *call, const struct push *push)
{
    bool representation = call->prefer.representation && results_wanted(&push->ingest.results);
    const char *handling = call->prefer.lenient ? "handling=lenient" : call->prefer.strict ? "handling=strict" : "";
    if (*handling != '\0' || representation)
        reply_header(call->reply, "Preference-Applied", "%s%s%s", handling, *handling != '\0' && representation ? ", " : "",
                     representation ? "return=representation" : "");
}

/* 422: the faults as a problem. */
static void reply_refused(struct call *call, struct push *push)
{
    struct err e;
    json_object *out = tell_counts(call, push);
    add_lists(call, push, out);
    (void)err_set(&e, MSG_INVALID_RECORDS, "%s", "");
    msg_arg(&e.msg, "received", "%zu", push->ingest.received);
    msg_arg(&e.msg, "rejected", "%zu", push->ingest.rejected);
    msg_arg(&e.msg, "category", "%s", call->ctx->category->code);
    reply_problem(call->reply, call->request, call->ctx->state->conf, &e, out);
}

static void reply_taken(struct call *call, struct push *push)
{
    json_object *out = tell_counts(call, push);
    bool is_new = call->request->method == METHOD_PUT && push->ingest.counts.created == 1;
    int status = push->ingest.rejected > 0 ? 207 : is_new ? 201 : 200;
    add_lists(call, push, out);
    if (call->request->method == METHOD_PUT && push->ingest.results.count == 1) {
        int64_t revision = push->ingest.results.items[0].revision;
        (void)json_object_object_add(out, "revision", json_object_new_int64(revision));
        reply_header(call->reply, "ETag", "\"%lld\"", (long long)revision);
    }
    reply_json(call->reply, status, call->request, out);
}

/* Makes the answer of a push that came to its end. */
static bool make_reply(void *context, struct push *push, struct ingest_reply *out)
{
    struct call *call = context;
    size_t rejected = push->ingest.rejected;
    reply_clear(call->reply);
    if (rejected > 0 && (!call->options.lenient || rejected == push->ingest.received))
        reply_refused(call, push);
    else
        reply_taken(call, push);
    tell_preferences(call, push);
    *out = (struct ingest_reply){.status = call->reply->status, .headers = buf_text(&call->reply->headers),
                                 .body = buf_text(&call->reply->body), .body_len = call->reply->body.len};
    return !buf_failed(&call->reply->body) && !buf_failed(&call->reply->headers) && !buf_failed(&call->errors) &&
           !buf_failed(&call->results);
}

/* What an error is told with: what became of the part that had been read. */
static void tell_outcome(struct call *call, const struct push *push, struct err *e)
{
    if (push->ingest.begun) {
        struct msg *note = err_note(e, MSG_PARTLY_STORED);
        msg_arg(note, "received", "%zu", push->ingest.received);
        msg_arg(note, "stored", "%llu", (unsigned long long)taken_in(&push->ingest.counts));
        msg_arg(note, "batch", "%s", push->ingest.batch);
        call->ctx->extra = tell_counts(call, push);
    } else if (err_class(e) != CLASS_UNSURE) {
        (void)err_note(e, MSG_NOTHING_STORED);
    }
}

static int run(struct call *call, struct err *e)
{
    struct push_options *o = &call->options;
    struct worker_state *state = call->ctx->state;
    struct push push;
    int rc = push_run(&push, o, &state->room, state->db, call->source, e);
    call->committed = push.ingest.begun;
    if (rc != 0)
        tell_outcome(call, &push, e);
    push_free(&push);
    return rc;
}

/* With an idempotency key: the kept reply, if there is one; else runs the push, and keeps the reply with it. */
static int run_once(struct call *call, struct idempotency *key, struct err *e)
{
    int found = idempotency_find(key, call->ctx, e);
    if (found != 0)
        return found < 0 ? -1 : idempotency_replay(key, &call->body, call->reply, e);
    call->options.key = key->text;
    call->options.request_hash = key->hash;
    int rc = run(call, e);
    if (rc == 0 || e->msg.id != MSG_KEY_IN_USE)
        return rc;
    /* Another gateway, whose claims are not seen here, was faster with the same key. */
    (void)json_object_put(call->ctx->extra);
    call->ctx->extra = NULL;
    found = idempotency_find(key, call->ctx, e);
    return found == 1   ? idempotency_replay(key, &call->body, call->reply, e)
           : found == 0 ? idempotency_in_use(e)
                        : -1;
}

static int prepare_source(struct call *call, struct crypt_stream *hash, struct err *e)
{
    const struct request *request = call->request;
    const struct conf *conf = call->ctx->state->conf;
    body_init(&call->body, request->body, request->body_length, conf->max_body_bytes, hash);
    call->source = &call->body.source;
    if (request_is_gzip(request)) {
        call->gunzip = gunzip_new(call->source, conf->gzip_ratio);
        if (call->gunzip == NULL)
            return err_set(e, MSG_SPOOL_FULL, "out of memory");
        call->source = gunzip_source(call->gunzip);
    }
    if (!call->options.xml)
        return 0;
    call->xml = xmlin_new(call->source, call->ctx->category, conf->max_body_bytes, (size_t)conf->max_record_bytes);
    if (call->xml == NULL)
        return err_set(e, MSG_SPOOL_FULL, "out of memory");
    call->source = xmlin_source(call->xml);
    call->options.max_body = INT64_MAX; /* what counts is the XML, which has its own limit */
    return 0;
}

/* A caller who is remembered only, and whom no commit has proved, is asked for before anything is told. */
static int prove(struct call *call, int rc, struct err *e)
{
    struct err refused;
    const struct token_use use = {.category = call->ctx->category->code, .resource = call->ctx->resource->code,
                                  .address = call->options.address};
    bool remembered = call->ctx->caller.remembered;
    if (!call->committed && token_prove(call->ctx->state->db, &use, &call->ctx->caller, &refused) != 0) {
        /* An error that is there already says more than that the database cannot be asked, and tells nobody what is not his. */
        if (rc == 0 || err_class(&refused) != CLASS_BUSY)
            *e = refused;
        rc = -1;
    }
    if (call->remembered && (!remembered || rc != 0))
        token_forget(call->ctx->state->tokens, &call->ctx->caller);
    return rc;
}

static int answer(struct call *call, struct err *e)
{
    struct idempotency key;
    bool has_key;
    int rc = idempotency_begin(&key, call->ctx, call->request, &has_key, e);
    if (rc == 0)
        rc = prepare_source(call, key.hash, e);
    if (rc == 0)
        rc = has_key && !call->options.validate ? run_once(call, &key, e) : run(call, e);
    xmlin_free(call->xml);
    gunzip_free(call->gunzip);
    idempotency_end(&key, call->ctx);
    return rc;
}

/* Of a push that stores nothing, no record is told what became of it: the faults say all. */
static void prepare_options(struct call *call, bool validate)
{
    struct context *ctx = call->ctx;
    const struct conf *conf = ctx->state->conf;
    call->remembered = ctx->caller.remembered;
    call->prefer = prefer_parse(call->request->facts.prefer);
    call->options = (struct push_options){
        .client = ctx->caller.client, .caller = &ctx->caller, .address = handlers_address(call->request), .category = ctx->category, .resource = ctx->resource->code,
        .lines = request_is_lines(call->request), .xml = request_is_xml(call->request), .lenient = call->prefer.lenient,
        .hash = (enum crypt_hash)conf->hash, .keys = ctx->state->keys, .lang = call->request->lang, .max_body = conf->max_body_bytes,
        .max_record = (size_t)conf->max_record_bytes, .kept_rejects = (size_t)conf->kept_rejects,
        .max_results = call->prefer.representation && !validate ? (size_t)conf->max_results : 0, .validate = validate,
        .reply = make_reply, .context = call};
    buf_init(&call->errors, call->reply->body.max);
    buf_init(&call->results, call->reply->body.max);
}

/* Answers, and gives back what prepare_options made. */
static int finish(struct call *call, int rc, struct err *e)
{
    if (rc == 0)
        rc = answer(call, e);
    rc = prove(call, rc, e);
    buf_free(&call->errors);
    buf_free(&call->results);
    return rc;
}

int on_records_push(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    struct call call = {.ctx = ctx, .request = request, .reply = reply};
    prepare_options(&call, false);
    return finish(&call, precondition_none(request, e), e);
}

int on_records_validate(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    struct call call = {.ctx = ctx, .request = request, .reply = reply};
    prepare_options(&call, true);
    return finish(&call, precondition_none(request, e), e);
}

int on_record_put(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    struct call call = {.ctx = ctx, .request = request, .reply = reply};
    prepare_options(&call, false);
    call.options.single = true;
    call.options.lenient = call.prefer.lenient = call.prefer.representation = false;
    call.options.max_results = 1;
    call.options.given_id = buf_text(&request->params[2]);
    call.options.given_id_len = request->params[2].len;
    return finish(&call, precondition_read(request, &call.options.expect, e), e);
}

/* The body names category and resource; what follows is a push like any other. */
static int answer_classic(struct call *call, struct idempotency *key, struct envelope *envelope, struct err *e)
{
    struct context *ctx = call->ctx;
    if (idempotency_prepare(key, ctx, call->request, e) != 0 || prepare_source(call, key->hash, e) != 0 ||
        envelope_open(envelope, call->source, e) != 0)
        return -1;
    const struct access_want want = {.category = envelope->category, .resource = envelope->resource, .uncounted = true};
    if (access_check(ctx, call->request, &want, e) != 0)
        return -1;
    prepare_options(call, false);
    call->source = &envelope->source;
    call->options.offset = envelope->offset;
    call->options.lenient = call->prefer.lenient = !call->prefer.strict;
    const char *header = call->request->facts.idempotency_key;
    const char *text = header != NULL ? header : envelope->batch_id[0] != '\0' ? envelope->batch_id : NULL;
    if (text == NULL)
        return run(call, e);
    return idempotency_claim(key, ctx, text, e) == 0 ? run_once(call, key, e) : -1;
}

int on_classic_push(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    struct call call = {.ctx = ctx, .request = request, .reply = reply};
    struct idempotency key;
    struct envelope envelope;
    int rc = precondition_none(request, e);
    if (rc != 0)
        return rc;
    rc = answer_classic(&call, &key, &envelope, e);
    gunzip_free(call.gunzip);
    idempotency_end(&key, ctx);
    buf_free(&call.errors);
    buf_free(&call.results);
    return rc;
}
