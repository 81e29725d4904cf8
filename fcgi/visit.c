/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "visit.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conf.h"
#include "err.h"
#include "gateway.h"
#include "handlers.h"
#include "log.h"
#include "reply.h"
#include "request.h"
#include "route.h"
#include "source.h"

#include "poison.h"

#define REPLY_MAX_BYTES ((size_t)32 * 1024 * 1024)
#define KEPT_BYTES ((size_t)16 * 1024) /* memory that a visit keeps for its next reply */
#define LARGE_BYTES ((size_t)8192)   /* a reply that its peer may be slow to take */
#define SECRET_BYTES ((size_t)1024)  /* the answer with a token is shorter */

/* A body that has been read before. */
struct again {
    struct source source; /* first, so that the source's self is this */
    const struct buf *form;
    size_t read;
};

struct visit {
    struct worker_state *state;
    struct gateway *gateway;
    struct request request;
    struct context ctx;
    struct reply reply;
    struct again again;
    int64_t start; /* clock_micros */
    bool is_taken; /* waits in the crowd, or is held back */
};

static long read_again(struct source *self, char *to, size_t room, struct err *e)
{
    struct again *again = (struct again *)(void *)self;
    size_t left = again->form->len - again->read;
    size_t n = left < room ? left : room;
    (void)e;
    memcpy(to, again->form->data + again->read, n);
    again->read += n;
    return (long)n;
}

struct visit *visit_new(struct worker_state *state)
{
    struct visit *v = calloc(1, sizeof(*v));
    if (v == NULL)
        return NULL;
    v->state = state;
    v->again.source.read = read_again;
    reply_init(&v->reply, REPLY_MAX_BYTES);
    v->gateway = gateway_new(state->conf->token_header);
    if (v->gateway != NULL)
        return v;
    visit_free(v);
    return NULL;
}

void visit_free(struct visit *v)
{
    if (v == NULL)
        return;
    gateway_free(v->gateway);
    reply_free(&v->reply);
    free(v);
}

static void write_log(const struct request *request, const struct route_result *result,
                      int64_t micros)
{
    const char *method = request->facts.method == NULL ? "-" : request->facts.method;
    const char *remote = request->peer.address[0] == '\0' ? "-" : request->peer.address;
    const char *client = result->client_id[0] == '\0' ? "-" : result->client_id;
    void (*write)(const char *, ...) = result->status >= 500 ? log_warn : log_info;
    write("request=%s remote=%.64s client=%s method=%.16s path=%.*s status=%d bytes=%lld micros=%lld%s%s", request->id,
          remote, client, method, request->path_len > 300 ? 300 : (int)request->path_len, request->path, result->status,
          (long long)request->body_length, (long long)micros, result->detail[0] == '\0' ? "" : " detail=",
          result->detail);
}

static void send_reply(const struct visit *v)
{
    gateway_reply(v->gateway, &v->reply, v->request.method != METHOD_HEAD);
}

static void end(struct visit *v)
{
    request_clear(&v->request);
    gateway_end(v->gateway);
    crypt_wipe(v->reply.body.data, v->reply.body.len < SECRET_BYTES ? v->reply.body.len : SECRET_BYTES); /* it may be a token */
    if (v->reply.body.size > KEPT_BYTES)
        buf_free(&v->reply.body);
    v->is_taken = false;
}

void visit_send(void *visit)
{
    send_reply(visit);
    end(visit);
}

static void finish(struct visit *v, int rc, struct err *e)
{
    struct worker_state *state = v->state;
    struct request *request = &v->request;
    struct route_result result;
    route_end(&v->ctx, request, &v->reply, rc, e, &result);
    if (request->body_length < 0 && result.client_id[0] != '\0')
        quota_add_bytes(&state->quota, result.client_id, gateway_body_bytes(v->gateway));
    bool is_held = result.class == CLASS_LIMITED && gateway_is_whole(v->gateway) && held_add(state->held, v);
    if (v->reply.body.len > LARGE_BYTES && !is_held) /* its peer may be slow */
        held_end(state->held, INT64_MAX);
    if (!is_held)
        send_reply(v);
    quota_end(&state->quota);
    write_log(request, &result, clock_micros() - v->start);
    if (!is_held)
        end(v);
}

bool visit_is_free(const struct visit *v)
{
    return !v->is_taken;
}

void visit_serve(struct visit *v, int connection)
{
    const struct conf *conf = v->state->conf;
    struct request_facts facts;
    struct source *body;
    struct err e = ERR_NONE;
    /* No one is held up by a peer that is slow. */
    if (!gateway_take(v->gateway, connection)) {
        crowd_settle(v->state->crowd);
        held_end(v->state->held, INT64_MAX);
    }
    if (gateway_begin(v->gateway, (int)conf->io_timeout, &facts, &body) == 0)
        return;
    v->start = clock_micros();
    request_init(&v->request, &facts, body, conf);
    reply_clear(&v->reply);
    v->ctx = (struct context){.state = v->state, .visit = v};
    int rc = route_begin(&v->ctx, &v->request, &v->reply, &e);
    v->is_taken = true;
    if (rc == HANDLER_WAITS)
        return;
    crowd_settle(v->state->crowd);
    finish(v, rc, &e);
}

void visit_go_on(struct crowd_place *place, int rc, const struct err *why)
{
    struct visit *v = place->visit;
    struct err e = *why;
    struct token_order *order = &place->order;
    if (rc == 0)
        handlers_give_token(&v->ctx, &v->request, &v->reply, order->token, order->scope[0] == '\0' ? NULL : order->scope);
    if (rc == 1) {
        v->again.form = &place->form;
        v->again.read = 0;
        v->request.body = &v->again.source;
        v->ctx.visit = NULL;
        reply_clear(&v->reply);
        rc = handlers_need_database(v->state, &e) == 0 ? v->ctx.run(&v->ctx, &v->request, &v->reply, &e) : -1;
    }
    finish(v, rc, &e);
}
