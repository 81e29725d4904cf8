/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "route.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "access.h"
#include "auditing.h"
#include "classic.h"
#include "conf.h"
#include "contentdigest.h"
#include "crowd.h"
#include "enc.h"
#include "err.h"
#include "handlers.h"
#include "held.h"
#include "oauth.h"
#include "peer.h"
#include "reply.h"
#include "request.h"
#include "utf8.h"
#include "xmlreply.h"

#include "poison.h"

#define RETRY_AFTER_SECONDS 5
#define MEDIA_LIST_MAX 128
#define SMALL_BODY_BYTES (64 * 1024) /* of what is no push */

enum {
    NEEDS_TOKEN = 1 << 0,    /* a bearer token */
    NEEDS_CATEGORY = 1 << 1, /* the first parameter is a category */
    NEEDS_GRANT = 1 << 2,    /* the second is a resource, and the client is granted both */
    LOGS_IN = 1 << 3,        /* over a connection the handler finds out who it is, and only then the audit has that it has begun */
    PROVES_TOKEN = 1 << 4,   /* the handler proves a token that is remembered only */
    NEEDS_READER = 1 << 5,   /* a bearer token, where the configuration keeps the documents from the public */
    NEEDS_HTTPS = 1 << 6,    /* secrets or data pass: no HTTP in the clear, where the configuration has it so */
    OPEN = 1 << 7,           /* for whoever watches the service: any network */
    JOINS = 1 << 8,          /* may wait with others for one commit (crowd.h), and does nothing with the database but log in */
    LONG = 1 << 9,           /* may read many rows: nobody is held back behind it (held.h) */
    NEEDS_GRANTED = NEEDS_TOKEN | NEEDS_CATEGORY | NEEDS_GRANT
};

static const char *const media_json[] = {REQUEST_JSON, NULL};
static const char *const media_record[] = {REQUEST_JSON, REQUEST_XML, NULL};
static const char *const media_records[] = {REQUEST_JSON, REQUEST_LINES, REQUEST_XML, NULL};

/* {} in a path stands for one part of it, handed to the handler as a parameter. */
static const struct route {
    const char *path;
    enum method method; /* GET serves HEAD too */
    unsigned needs;
    const char *const *media_types; /* of the body; NULL: the handler looks itself, or there is none */
    handler *run;
    const char *action; /* as the audit names it; NULL: it is not in the audit */
} routes[] = {
    {"/oauth2/token", METHOD_POST, LOGS_IN | JOINS, NULL, on_token, "token.issue"},
    {"/oauth2/revoke", METHOD_POST, LOGS_IN, NULL, on_revoke, "token.revoke"},
    {"/oauth2/introspect", METHOD_POST, LOGS_IN, NULL, on_introspect, "token.introspect"},
    {"/.well-known/oauth-authorization-server", METHOD_GET, NEEDS_HTTPS, NULL, on_oauth_metadata, NULL},
    {"/v1/categories", METHOD_GET, NEEDS_TOKEN, NULL, on_categories, NULL},
    {"/v1/categories/{}", METHOD_GET, NEEDS_TOKEN | NEEDS_CATEGORY, NULL, on_category, NULL},
    {"/v1/records/{}/{}", METHOD_POST, NEEDS_GRANTED | PROVES_TOKEN, media_records, on_records_push, "record.push"},
    {"/v1/records/{}/{}", METHOD_GET, NEEDS_GRANTED | LONG, NULL, on_records_list, NULL},
    {"/v1/records/{}/{}/{}", METHOD_PUT, NEEDS_GRANTED | PROVES_TOKEN, media_record, on_record_put, "record.put"},
    {"/v1/records/{}/{}/{}", METHOD_GET, NEEDS_GRANTED, NULL, on_record_get, NULL},
    {"/v1/records/{}/{}/{}", METHOD_DELETE, NEEDS_GRANTED, NULL, on_record_delete, "record.withdraw"},
    {"/v1/validate/{}/{}", METHOD_POST, NEEDS_GRANTED, media_records, on_records_validate, NULL},
    {CLASSIC_PREFIX "token", METHOD_POST, LOGS_IN | JOINS, NULL, on_classic_token, "token.issue"},
    {CLASSIC_PREFIX "push", METHOD_POST, NEEDS_TOKEN, media_json, on_classic_push, "record.push"},
    {"/v1/digest/{}/{}", METHOD_GET, NEEDS_GRANTED | LONG, NULL, on_digest, NULL},
    {"/v1/batches", METHOD_GET, NEEDS_TOKEN, NULL, on_batches, NULL},
    {"/v1/batches/{}", METHOD_GET, NEEDS_TOKEN, NULL, on_batch, NULL},
    {"/healthz", METHOD_GET, OPEN, NULL, on_health, NULL},
    {"/readyz", METHOD_GET, OPEN, NULL, on_ready, NULL},
    {"/problems/{}", METHOD_GET, 0, NULL, on_problem, NULL},
    {"/openapi.json", METHOD_GET, NEEDS_READER, NULL, on_openapi, NULL},
    {"/docs", METHOD_GET, 0, NULL, on_docs, NULL},
    {"/docs/{}", METHOD_GET, 0, NULL, on_docs, NULL},
};

#define ROUTE_COUNT (sizeof(routes) / sizeof(routes[0]))

/* Takes the next part of a path; false at its end. */
static bool next_part(const char **p, const char *end, const char **part_out, size_t *len_out)
{
    if (*p == end || **p != '/')
        return false;
    const char *start = *p + 1;
    const char *slash = memchr(start, '/', (size_t)(end - start));
    *p = slash == NULL ? end : slash;
    *part_out = start;
    *len_out = (size_t)(*p - start);
    return true;
}

static bool matches(const struct route *route, const struct request *request)
{
    const char *p = request->path;
    const char *end = p + request->path_len;
    const char *pattern = route->path;
    const char *pattern_end = pattern + strlen(pattern);
    const char *part, *want;
    size_t len, want_len;
    while (next_part(&pattern, pattern_end, &want, &want_len)) {
        if (!next_part(&p, end, &part, &len) || len == 0)
            return false;
        bool is_param = want_len == 2 && want[0] == '{';
        if (!is_param && (len != want_len || memcmp(part, want, len) != 0))
            return false;
    }
    return p == end;
}

/* Decodes the path's parameters. False where one is not UTF-8 text. */
static bool take_params(const struct route *route, struct request *request)
{
    const char *p = request->path;
    const char *pattern = route->path;
    const char *pattern_end = pattern + strlen(pattern);
    const char *part, *want;
    size_t len, want_len, count = 0;
    while (next_part(&pattern, pattern_end, &want, &want_len) &&
           next_part(&p, request->path + request->path_len, &part, &len)) {
        if (want_len != 2 || want[0] != '{')
            continue;
        struct buf *param = &request->params[count++];
        if (!enc_percent_decode(param, part, len, false) || buf_failed(param) ||
            !utf8_is_valid(buf_text(param), param->len) || strlen(buf_text(param)) != param->len)
            return false;
    }
    return true;
}

static void allow_header(const struct request *request, char *to, size_t size)
{
    struct buf list;
    buf_init(&list, size - 1);
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (!matches(&routes[i], request))
            continue;
        buf_printf(&list, "%s, ", request_methods[routes[i].method]);
        if (routes[i].method == METHOD_GET)
            buf_add_text(&list, "HEAD, ");
    }
    buf_add_text(&list, "OPTIONS");
    (void)snprintf(to, size, "%s", buf_text(&list));
    buf_free(&list);
}

/* The first route of the request's path, by whichever method, or NULL. */
static const struct route *known_route(const struct request *request)
{
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        if (matches(&routes[i], request))
            return &routes[i];
    return NULL;
}

/* Finds the route, or the reason why there is none. */
static const struct route *find_route(const struct request *request, struct err *e)
{
    enum method method = request->method == METHOD_HEAD ? METHOD_GET : request->method;
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        if (routes[i].method == method && matches(&routes[i], request))
            return &routes[i];
    const char *name = request->facts.method == NULL ? "" : request->facts.method;
    if (request->method == METHOD_N) {
        (void)err_set(e, MSG_METHOD_UNKNOWN, "%s", name);
    } else if (known_route(request) != NULL) {
        char allow[128];
        allow_header(request, allow, sizeof(allow));
        (void)err_set(e, MSG_METHOD_NOT_ALLOWED, "%s", name);
        msg_arg(&e->msg, "allow", "%s", allow);
    } else {
        (void)err_set(e, MSG_NO_SUCH_PATH, "%s", "");
    }
    msg_arg_text(&e->msg, "method", name, strlen(name));
    return NULL;
}

static int check_media_type(const struct route *route, const struct request *request, struct err *e)
{
    const char *type = request->facts.content_type == NULL ? "" : request->facts.content_type;
    const char *coding = request->facts.content_encoding;
    struct buf list;
    if (route->media_types == NULL)
        return 0;
    if (coding != NULL && *coding != '\0' && strcasecmp(coding, "identity") != 0 && !request_is_gzip(request)) {
        (void)err_set(e, MSG_CONTENT_CODING, "%s", "");
        msg_arg_text(&e->msg, "coding", coding, strlen(coding));
        return -1;
    }
    for (const char *const *media = route->media_types; *media != NULL; media++)
        if (request_is_type(type, *media) || (strcmp(*media, REQUEST_LINES) == 0 && request_is_lines(request)) ||
            (strcmp(*media, REQUEST_XML) == 0 && request_is_xml(request)))
            return 0;
    (void)err_set(e, MSG_MEDIA_TYPE, "%s", "");
    msg_arg_text(&e->msg, "type", type, strlen(type));
    buf_init(&list, MEDIA_LIST_MAX);
    for (const char *const *media = route->media_types; *media != NULL; media++)
        buf_printf(&list, "%s%s", media == route->media_types ? "" : ", ", *media);
    msg_arg(&e->msg, "accept", "%s", buf_text(&list));
    buf_free(&list);
    return -1;
}

static int check_length(const struct conf *conf, const struct request *request, struct err *e)
{
    if (request->body_length == REQUEST_BODY_BAD)
        return err_set(e, MSG_BAD_LENGTH, "%s", request->facts.content_length);
    if (request->body_length <= conf->max_body_bytes)
        return 0;
    (void)err_set(e, MSG_BODY_TOO_LARGE, "%lld bytes announced", (long long)request->body_length);
    msg_arg(&e->msg, "limit", "%lld", (long long)conf->max_body_bytes);
    return -1;
}

static bool needs_token(const struct route *route, const struct conf *conf)
{
    return (route->needs & NEEDS_TOKEN) != 0 || ((route->needs & NEEDS_READER) != 0 && conf->docs_public == CONF_NO);
}

/* Where the digest of the body came with it, nothing of the body is read before that has been found right. */
static int hold_body(struct context *ctx, const struct route *route, struct request *request, struct err *e)
{
    const struct conf *conf = ctx->state->conf;
    struct verified_options o = {.announced = request->body_length, .memory = (size_t)conf->spool_memory, .dir = conf->spool_dir,
                                 .max = route->media_types == NULL ? SMALL_BODY_BYTES : conf->max_body_bytes};
    int found = contentdigest_read(request->facts.content_digest, &o.hash, o.digest, e);
    if (found < 0)
        return -1;
    if (found == 0 && ctx->is_signed && request_has_body(request))
        return err_set(e, MSG_DIGEST_MALFORMED, "%s", "");
    if (found == 0)
        return 0;
    ctx->is_verified = true;
    if (verified_begin(&ctx->verified, request->body, &o, e) != 0)
        return -1;
    request->body = &ctx->verified.source;
    return 0;
}

/* Everything between finding the route and calling its handler. */
static int prepare(struct context *ctx, const struct route *route, struct request *request, struct err *e)
{
    bool category = (route->needs & NEEDS_CATEGORY) != 0;
    bool grant = (route->needs & NEEDS_GRANT) != 0;
    bool https = needs_token(route, ctx->state->conf) || (route->needs & (LOGS_IN | NEEDS_HTTPS)) != 0;
    int found = signature_read(&ctx->signature, request, e);
    if (found < 0)
        return -1;
    ctx->is_signed = found == 1;
    https = https && !(ctx->is_signed && ctx->state->conf->require_https == CONF_HTTPS_UNSIGNED);
    if (https && peer_check_https(&request->peer, ctx->state->conf, e) != 0)
        return -1;
    if (!take_params(route, request))
        return err_set(e, MSG_BAD_PATH, "the path is not percent-encoded UTF-8");
    if ((route->needs & LOGS_IN) != 0 && oauth_check_caller(ctx, request, e) != 0)
        return -1;
    if (check_media_type(route, request, e) != 0 || check_length(ctx->state->conf, request, e) != 0)
        return -1;
    const struct access_want want = {.category = category ? buf_text(&request->params[0]) : NULL,
                                     .resource = grant ? buf_text(&request->params[1]) : NULL,
                                     .proves = (route->needs & PROVES_TOKEN) != 0};
    if (needs_token(route, ctx->state->conf) ? access_check(ctx, request, &want, e) != 0
                                             : (route->needs & LOGS_IN) != 0 && handlers_need_database(ctx->state, e) != 0)
        return -1;
    return hold_body(ctx, route, request, e);
}

/* OPTIONS on a known path. */
static int tell_methods(const struct request *request, struct reply *reply, struct err *e)
{
    char allow[128];
    if (known_route(request) == NULL)
        return err_set(e, MSG_NO_SUCH_PATH, "%s", "");
    allow_header(request, allow, sizeof(allow));
    reply->status = 204;
    reply_header(reply, "Allow", "%s", allow);
    return 0;
}

static int dispatch(struct context *ctx, struct request *request, struct reply *reply, struct err *e)
{
    const struct route *known = known_route(request);
    if (known == NULL && request_cut_script(request))
        known = known_route(request);
    bool is_open = known != NULL && (known->needs & OPEN) != 0;
    struct err missing = ERR_NONE;
    const struct route *route = request->method == METHOD_OPTIONS ? NULL : find_route(request, &missing);
    if (route != NULL) {
        ctx->action = route->action;
        ctx->run = route->run;
    }
    if (!is_open && peer_check_network(&request->peer, ctx->state->conf, e) != 0)
        return -1;
    if (request->method == METHOD_OPTIONS)
        return tell_methods(request, reply, e);
    if (route == NULL) {
        *e = missing;
        return -1;
    }
    if ((route->needs & JOINS) == 0)
        crowd_settle(ctx->state->crowd);
    if (prepare(ctx, route, request, e) != 0)
        return -1;
    if ((route->needs & LONG) != 0)
        held_end(ctx->state->held, INT64_MAX);
    if ((route->needs & LOGS_IN) == 0 && audit_begun(ctx, request, e) != 0)
        return -1;
    return route->run(ctx, request, reply, e);
}

/* Headers that an error carries beside those of every problem. */
static void add_error_headers(struct reply *reply, const struct request *request, const struct err *e)
{
    if (e->msg.id == MSG_METHOD_NOT_ALLOWED) {
        char allow[128];
        allow_header(request, allow, sizeof(allow));
        reply_header(reply, "Allow", "%s", allow);
    } else if (e->msg.id == MSG_MEDIA_TYPE) {
        reply_header(reply, "Accept", "%s", msg_value(&e->msg, "accept"));
    } else if (e->msg.id == MSG_CONTENT_CODING) {
        reply_header(reply, "Accept-Encoding", "gzip, identity");
    }
}

/* What is left of what the client may ask for; also where that was not enough. */
static void add_quota_headers(struct reply *reply, const struct quota *quota)
{
    struct buf text;
    if (quota->count == 0)
        return;
    buf_init(&text, 1024);
    quota_write_policy(quota, &text);
    reply_header(reply, "RateLimit-Policy", "%s", buf_text(&text));
    buf_clear(&text);
    quota_write_left(quota, &text);
    reply_header(reply, "RateLimit", "%s", buf_text(&text));
    buf_free(&text);
}

bool route_facts(size_t i, const struct conf *conf, struct route_facts *out)
{
    if (i >= ROUTE_COUNT)
        return false;
    const struct route *route = &routes[i];
    *out = (struct route_facts){.path = route->path, .method = request_methods[route->method],
                                .token = needs_token(route, conf), .category = (route->needs & NEEDS_CATEGORY) != 0,
                                .grant = (route->needs & NEEDS_GRANT) != 0, .media_types = route->media_types};
    return true;
}

int route_begin(struct context *ctx, struct request *request, struct reply *reply, struct err *e)
{
    /* Of an unknown path a web server may have made a script's name, which is cut off on the way: it is looked at before, and behind. */
    ctx->is_classic = classic_is(request);
    int rc = dispatch(ctx, request, reply, e);
    ctx->is_classic = ctx->is_classic || classic_is(request);
    return rc;
}

/* An answer that refuses. */
static void write_problem(struct context *ctx, const struct request *request, struct reply *reply, struct err *e,
                          struct route_result *result_out)
{
    if (err_class(e) == CLASS_BUSY && e->retry_after == 0)
        e->retry_after = RETRY_AFTER_SECONDS;
    result_out->class = (int)err_class(e);
    (void)snprintf(ctx->note, sizeof(ctx->note), "%s", msg_code(e->msg.id));
    /* A flood is for the log: an entry each would make of it a flood of the database. */
    if (err_class(e) == CLASS_LIMITED)
        ctx->action = NULL;
    (void)snprintf(result_out->detail, sizeof(result_out->detail), "%s", e->detail);
    reply_problem(reply, request, ctx->state->conf, e, ctx->extra);
    add_error_headers(reply, request, e);
}

void route_end(struct context *ctx, const struct request *request, struct reply *reply, int rc, struct err *e, struct route_result *result_out)
{
    *result_out = (struct route_result){.class = -1};
    if (rc != 0)
        write_problem(ctx, request, reply, e, result_out);
    if (ctx->is_verified)
        verified_end(&ctx->verified);
    result_out->status = reply->status;
    audit_result(ctx, request, reply->status);
    if (ctx->is_classic)
        classic_wrap(reply, request, ctx->state->conf);
    xmlreply_convert(reply, request);
    add_quota_headers(reply, &ctx->quota);
    reply_header(reply, "X-Request-Id", "%s", request->id);
    (void)snprintf(result_out->client_id, sizeof(result_out->client_id), "%s", ctx->caller.client_id);
}
