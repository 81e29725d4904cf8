/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "reply.h"

#include <json.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "err.h"
#include "request.h"

#include "poison.h"

#define HEADERS_MAX_BYTES 8192

static const int statuses[CLASS_N] = {
    [CLASS_INPUT] = 400,     [CLASS_AUTH] = 401,      [CLASS_DENIED] = 403,      [CLASS_MISSING] = 404,
    [CLASS_METHOD] = 405,    [CLASS_UNKNOWN] = 501,   [CLASS_CONFLICT] = 409, [CLASS_PRECONDITION] = 412,    [CLASS_TOO_LARGE] = 413,
    [CLASS_UNSUPPORTED] = 415, [CLASS_INVALID] = 422, [CLASS_LIMITED] = 429,     [CLASS_BUSY] = 503,
    [CLASS_UNSURE] = 503,    [CLASS_CONFIG] = 500,    [CLASS_INTERNAL] = 500,    [CLASS_GONE] = 400,
};

static const struct reason {
    int status;
    const char *text;
    const char *title; /* of the problem; NULL for a success */
} reasons[] = {
    {200, "OK", NULL},
    {201, "Created", NULL},
    {204, "No Content", NULL},
    {207, "Multi-Status", NULL},
    {304, "Not Modified", NULL},
    {400, "Bad Request", N_("The request cannot be understood")},
    {401, "Unauthorized", N_("Who is calling is not known")},
    {403, "Forbidden", N_("Not allowed")},
    {404, "Not Found", N_("Not found")},
    {405, "Method Not Allowed", N_("Method not allowed")},
    {409, "Conflict", N_("Conflict")},
    {412, "Precondition Failed", N_("Precondition failed")},
    {413, "Content Too Large", N_("Content too large")},
    {415, "Unsupported Media Type", N_("Unsupported media type")},
    {422, "Unprocessable Content", N_("The content breaks a rule")},
    {429, "Too Many Requests", N_("Too many requests")},
    {500, "Internal Server Error", N_("Internal server error")},
    {501, "Not Implemented", N_("Method not implemented")},
    {503, "Service Unavailable", N_("Service unavailable")},
};

static const struct reason *find_reason(int status)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (reasons[i].status == status)
            return &reasons[i];
    return find_reason(500);
}

int reply_status(enum msg_class class)
{
    return statuses[class];
}

const char *reply_reason(int status)
{
    return find_reason(status)->text;
}

const char *reply_title(int status, enum msg_lang lang)
{
    return words_in(lang, find_reason(status)->title);
}

void reply_init(struct reply *r, size_t max_body)
{
    *r = (struct reply){.status = 500};
    buf_init(&r->headers, HEADERS_MAX_BYTES);
    buf_init(&r->body, max_body);
}

void reply_free(struct reply *r)
{
    buf_free(&r->headers);
    buf_free(&r->body);
}

void reply_clear(struct reply *r)
{
    r->status = 500;
    buf_clear(&r->headers);
    buf_clear(&r->body);
}

void reply_header(struct reply *r, const char *name, const char *format, ...)
{
    va_list args;
    buf_printf(&r->headers, "%s: ", name);
    va_start(args, format);
    buf_vprintf(&r->headers, format, args);
    va_end(args);
    buf_add_text(&r->headers, "\r\n");
}

static void write_json(struct reply *r, json_object *object)
{
    size_t len;
    const char *text = json_object_to_json_string_length(
        object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
    if (text != NULL)
        buf_add(&r->body, text, len);
    buf_add_char(&r->body, '\n');
    json_object_put(object);
}

void reply_json(struct reply *r, int status, const struct request *request, json_object *object)
{
    r->status = status;
    reply_header(r, "Content-Type", "application/json");
    if (request != NULL)
        (void)json_object_object_add(object, "request_id", json_object_new_string(request->id));
    write_json(r, object);
}

/* Takes the header with the media type away. */
static void drop_type(struct reply *r)
{
    static const char type[] = "Content-Type: ";
    struct buf kept;
    buf_init(&kept, HEADERS_MAX_BYTES);
    for (const char *line = buf_text(&r->headers); *line != '\0'; line += strcspn(line, "\n") + 1)
        if (strncmp(line, type, sizeof(type) - 1) != 0)
            buf_add(&kept, line, strcspn(line, "\n") + 1);
    buf_clear(&r->headers);
    buf_add(&r->headers, buf_text(&kept), kept.len);
    buf_free(&kept);
}

void reply_swap(struct reply *r, const char *type, const struct buf *body)
{
    drop_type(r);
    reply_header(r, "Content-Type", "%s", type);
    buf_clear(&r->body);
    buf_add(&r->body, buf_text(body), body->len);
}

void reply_replace(struct reply *r, int status, json_object *object)
{
    drop_type(r);
    buf_clear(&r->body);
    reply_json(r, status, NULL, object);
}

void reply_add_text(json_object *to, const char *name, const char *text)
{
    (void)json_object_object_add(to, name, text == NULL ? NULL : json_object_new_string(text));
}

void reply_add_count(json_object *to, const char *name, uint64_t count)
{
    (void)json_object_object_add(to, name, json_object_new_int64((int64_t)count));
}

void reply_add_raw(json_object *to, const char *name, char *json)
{
    json_object *raw = json_object_new_object();
    json_object_set_serializer(raw, json_object_userdata_to_json_string, json, NULL);
    (void)json_object_object_add(to, name, raw);
}

/* Where a problem's explanation can be read. */
static void add_type(json_object *to, const struct request *request, const struct conf *conf, enum msg_id id)
{
    struct buf url;
    buf_init(&url, 4096);
    request_base_url(request, conf, &url);
    buf_printf(&url, "/problems/%s", msg_code(id));
    reply_add_text(to, "type", buf_text(&url));
    buf_free(&url);
}

static void add_problem_headers(struct reply *r, const struct request *request, const struct conf *conf,
                                const struct err *e)
{
    bool no_token = e->msg.id == MSG_NO_TOKEN;
    reply_header(r, "Content-Type", "application/problem+json");
    reply_header(r, "Content-Language", "%s", msg_lang_tag(request->lang));
    reply_header(r, "Cache-Control", "no-store");
    if (e->retry_after > 0)
        reply_header(r, "Retry-After", "%d", e->retry_after);
    /* RFC 6750 section 3.1: no error code where the request had no credentials at all. */
    if (no_token)
        reply_header(r, "WWW-Authenticate", "Bearer realm=\"%s\"", conf->realm);
    else if (r->status == 401)
        reply_header(r, "WWW-Authenticate", "Bearer realm=\"%s\", error=\"invalid_token\", "
                     "error_description=\"The token is unknown, expired or revoked\"", conf->realm);
    else if (e->msg.id == MSG_BAD_AUTHORIZATION)
        reply_header(r, "WWW-Authenticate", "Bearer realm=\"%s\", error=\"invalid_request\"", conf->realm);
    else if (e->msg.id == MSG_NOT_GRANTED || e->msg.id == MSG_OUT_OF_SCOPE)
        reply_header(r, "WWW-Authenticate", "Bearer realm=\"%s\", error=\"insufficient_scope\"", conf->realm);
}

void reply_problem(struct reply *r, const struct request *request, const struct conf *conf, const struct err *e,
                   json_object *extra)
{
    json_object *problem = json_object_new_object();
    struct buf detail;
    buf_init(&detail, 4096);
    reply_clear(r);
    r->status = statuses[err_class(e)];
    add_problem_headers(r, request, conf, e);
    add_type(problem, request, conf, e->msg.id);
    reply_add_text(problem, "title", reply_title(r->status, request->lang));
    (void)json_object_object_add(problem, "status", json_object_new_int(r->status));
    err_render(e, request->lang, &detail);
    reply_add_text(problem, "detail", buf_text(&detail));
    reply_add_text(problem, "code", msg_code(e->msg.id));
    buf_free(&detail);
    if (extra != NULL) {
        json_object_object_foreach(extra, name, value)
            (void)json_object_object_add(problem, name, json_object_get(value));
        json_object_put(extra);
    }
    reply_add_text(problem, "request_id", request->id);
    write_json(r, problem);
}
