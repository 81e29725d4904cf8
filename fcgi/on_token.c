/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /oauth2/token: the client credentials grant of RFC 6749 section 4.4. POST /api/token: the same, asked for as classic platforms do.
 */
#include "config.h"

#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "db.h"
#include "enc.h"
#include "err.h"
#include "form.h"
#include "handlers.h"
#include "intake.h"
#include "limit.h"
#include "reply.h"
#include "request.h"

#include "poison.h"

#define FORM_MAX_BYTES ((size_t)16 * 1024)
#define VALUE_MAX_BYTES 1024
#define ADDRESS_FACTOR 10

enum parameter { GRANT_TYPE, CLIENT_ID, CLIENT_SECRET, SCOPE, PARAMETER_N };

/* A refusal of RFC 6749 section 5.2. Its description is ASCII by the RFC; `message` says the same in the caller's
 * language. */
struct oauth_error {
    int status;
    const char *error;
    const char *description;
};

static const struct oauth_error bad_form = {400, "invalid_request",
    N_("The body must be application/x-www-form-urlencoded in UTF-8, at most 16 KiB")};
static const struct oauth_error bad_body = {400, "invalid_request",
    N_("The body must be a JSON object or a form in UTF-8, at most 16 KiB, with client_id and client_secret as text")};
static const struct oauth_error repeated = {400, "invalid_request", N_("A parameter stands more than once")};
static const struct oauth_error two_methods = {400, "invalid_request",
    N_("Send the client credentials once: in the Authorization header or in the body")};
static const struct oauth_error bad_basic = {400, "invalid_request", N_("The Authorization header is not valid Basic credentials")};
static const struct oauth_error no_grant_type = {400, "invalid_request", N_("The parameter grant_type is missing")};
static const struct oauth_error other_grant_type = {400, "unsupported_grant_type",
    N_("Only grant_type=client_credentials is supported")};
static const struct oauth_error bad_scope = {400, "invalid_scope", N_("The scope is malformed")};
static const struct oauth_error bad_client = {401, "invalid_client", N_("The client id or the client secret is not right")};

static int refuse(struct reply *reply, const struct request *request, const struct conf *conf,
                  const struct oauth_error *refusal)
{
    json_object *out = json_object_new_object();
    (void)json_object_object_add(out, "error", json_object_new_string(refusal->error));
    (void)json_object_object_add(out, "error_description", json_object_new_string(refusal->description));
    if (request->lang == MSG_ZH)
        (void)json_object_object_add(out, "message", json_object_new_string(words_in(MSG_ZH, refusal->description)));
    if (refusal->status == 401)
        reply_header(reply, "WWW-Authenticate", "Basic realm=\"%s\", charset=\"UTF-8\"", conf->realm);
    reply_json(reply, refusal->status, request, out);
    return 0;
}

/* Reads the whole form. 1 read, 0 too long or not as long as announced, -1 the peer is gone. */
static int read_form(const struct request *request, struct buf *to, struct err *e)
{
    if (request->body_length > (int64_t)to->max)
        return 0;
    for (;;) {
        char *room = buf_reserve(to, 4096);
        if (room == NULL)
            return 0;
        long n = request->body->read(request->body, room, 4096, e);
        if (n < 0)
            return -1;
        if (n == 0)
            return request->body_length < 0 || (size_t)request->body_length == to->len ? 1 : 0;
        to->len += (size_t)n;
    }
}

/* Decodes Basic credentials. Callers differ on whether id and secret are form-encoded first (RFC 6749 section 2.3.1);
 * ours are letters and digits, for which both come to the same. */
static bool read_basic(const char *header, struct buf *id, struct buf *secret)
{
    struct buf pair;
    buf_init(&pair, 2 * VALUE_MAX_BYTES);
    const char *text = header + strlen("Basic");
    text += strspn(text, " ");
    bool good = enc_base64_decode(&pair, text, strlen(text)) && !buf_failed(&pair);
    const char *colon = good && pair.len > 0 ? memchr(pair.data, ':', pair.len) : NULL;
    if (colon != NULL) {
        size_t id_len = (size_t)(colon - pair.data);
        good = enc_percent_decode(id, pair.data, id_len, true) &&
               enc_percent_decode(secret, colon + 1, pair.len - id_len - 1, true) && !buf_failed(id) &&
               !buf_failed(secret) && strlen(buf_text(id)) == id->len && strlen(buf_text(secret)) == secret->len;
    }
    if (pair.data != NULL)
        crypt_wipe(pair.data, pair.size);
    buf_free(&pair);
    return good && colon != NULL;
}

static bool has_basic(const struct request *request)
{
    const char *header = request->facts.authorization;
    return header != NULL && strncasecmp(header, "Basic", 5) == 0 && (header[5] == ' ' || header[5] == '\0');
}

/* Settles where the credentials came from; they end up in the fields. NULL where all is well. */
static const struct oauth_error *take_credentials(const struct request *request, struct form_field *fields)
{
    struct buf id, secret;
    const struct oauth_error *refusal = NULL;
    if (!has_basic(request))
        return fields[CLIENT_ID].value.len == 0 || fields[CLIENT_SECRET].value.len == 0 ? &bad_client : NULL;
    buf_init(&id, VALUE_MAX_BYTES);
    buf_init(&secret, VALUE_MAX_BYTES);
    struct buf *in_body = &fields[CLIENT_ID].value;
    if (!read_basic(request->facts.authorization, &id, &secret))
        refusal = &bad_basic;
    else if (fields[CLIENT_SECRET].value.len > 0 ||
             (in_body->len > 0 && strcmp(buf_text(in_body), buf_text(&id)) != 0))
        refusal = &two_methods;
    buf_clear(in_body);
    buf_add(in_body, buf_text(&id), id.len);
    buf_add(&fields[CLIENT_SECRET].value, buf_text(&secret), secret.len);
    if (secret.data != NULL)
        crypt_wipe(secret.data, secret.size);
    buf_free(&id);
    buf_free(&secret);
    return refusal;
}

/* RFC 6749 section 3.3: words of printable ASCII without " and \, one space between them. */
static bool is_scope(const char *text)
{
    bool word = false;
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == ' ' && !word)
            return false;
        if (c != ' ' && (c < 0x21 || c > 0x7E || c == '"' || c == '\\'))
            return false;
        word = c != ' ';
    }
    return word;
}

static const struct oauth_error *check_parameters(const struct request *request, struct form_field *fields)
{
    const struct oauth_error *refusal = take_credentials(request, fields);
    if (refusal != NULL && refusal->status == 400)
        return refusal;
    if (fields[GRANT_TYPE].value.len == 0)
        return &no_grant_type;
    if (strcmp(buf_text(&fields[GRANT_TYPE].value), "client_credentials") != 0)
        return &other_grant_type;
    if (fields[SCOPE].value.len > 0 && !is_scope(buf_text(&fields[SCOPE].value)))
        return &bad_scope;
    return refusal;
}

/* A scope was asked for; the token has that of the client's grants, so the reply must say which (section 3.3). */
static int add_scope(struct context *ctx, int64_t client, json_object *out, struct err *e)
{
    struct client_grant *grants;
    size_t count;
    struct buf scope;
    if (client_grants(ctx->state->db, client, &grants, &count, e) != 0)
        return -1;
    buf_init(&scope, (size_t)64 * 1024);
    for (size_t i = 0; i < count; i++)
        buf_printf(&scope, "%s%s/%s", i == 0 ? "" : " ", grants[i].category, grants[i].resource);
    if (scope.len > 0)
        (void)json_object_object_add(out, "scope", json_object_new_string(buf_text(&scope)));
    buf_free(&scope);
    free(grants);
    return 0;
}

static int issue(struct context *ctx, const struct request *request, struct reply *reply, int64_t client,
                 bool with_scope, struct err *e)
{
    const struct conf *conf = ctx->state->conf;
    char token[TOKEN_SIZE];
    if (token_issue(ctx->state->db, client, conf->token_lifetime, (enum crypt_hash)conf->hash, token, e) != 0)
        return -1;
    json_object *out = json_object_new_object();
    (void)json_object_object_add(out, "access_token", json_object_new_string(token));
    (void)json_object_object_add(out, "token_type", json_object_new_string("Bearer"));
    (void)json_object_object_add(out, "expires_in", json_object_new_int64(conf->token_lifetime));
    crypt_wipe(token, sizeof(token));
    if (with_scope && add_scope(ctx, client, out, e) != 0) {
        json_object_put(out);
        return -1;
    }
    reply_json(reply, 200, request, out);
    return 0;
}

/* Failed logins are counted by client and address together, so a stranger elsewhere cannot lock a client out; and by address alone,
 * with more patience, for one who tries many clients. */
static int check_failures(const struct context *ctx, const char *client_id, const char *address, struct err *e)
{
    const struct conf *conf = ctx->state->conf;
    const struct limits *limits = ctx->state->limits;
    int64_t window = conf->failed_login_window;
    int seconds;
    if (conf->failed_logins == 0 ||
        (limits_peek(limits, "login", client_id, address, window, &seconds) < conf->failed_logins &&
         limits_peek(limits, "address", "", address, window, &seconds) < ADDRESS_FACTOR * conf->failed_logins))
        return 0;
    (void)err_set(e, MSG_TOO_MANY_LOGINS, "client %s from %s", client_id, address);
    msg_arg(&e->msg, "seconds", "%d", seconds);
    e->retry_after = seconds;
    return -1;
}

static int answer(struct context *ctx, const struct request *request, struct reply *reply, struct form_field *fields,
                  struct err *e)
{
    const struct conf *conf = ctx->state->conf;
    const char *id = buf_text(&fields[CLIENT_ID].value);
    const char *address = request->facts.remote_address == NULL ? "" : request->facts.remote_address;
    int64_t client;
    if (check_failures(ctx, id, address, e) != 0)
        return -1;
    int verified = client_verify(ctx->state->db, id, buf_text(&fields[CLIENT_SECRET].value), address, &client, e);
    if (verified < 0)
        return -1;
    if (verified == 0) {
        (void)limits_count(ctx->state->limits, "login", id, address, conf->failed_login_window);
        (void)limits_count(ctx->state->limits, "address", "", address, conf->failed_login_window);
        return refuse(reply, request, conf, &bad_client);
    }
    (void)snprintf(ctx->caller.client_id, sizeof(ctx->caller.client_id), "%s", id);
    return issue(ctx, request, reply, client, fields[SCOPE].value.len > 0, e);
}

/* Reads the parameters. NULL where all is well, or *rc_out is not 0. */
static const struct oauth_error *read_parameters(const struct request *request, struct form_field *fields, struct buf *form,
                                                 bool classic, int *rc_out, struct err *e)
{
    bool json = classic && request_is_type(request->facts.content_type, REQUEST_JSON);
    bool known = json || request_is_type(request->facts.content_type, "application/x-www-form-urlencoded");
    int got = known ? read_form(request, form, e) : 0;
    *rc_out = got < 0 ? -1 : 0;
    if (got <= 0)
        return got < 0 ? NULL : classic ? &bad_body : &bad_form;
    enum form_fault fault = json ? form_parse_json(buf_text(form), form->len, fields, PARAMETER_N)
                                 : form_parse(buf_text(form), form->len, fields, PARAMETER_N);
    if (fault != FORM_OK)
        return fault == FORM_REPEATED ? &repeated : classic ? &bad_body : &bad_form;
    if (classic && fields[GRANT_TYPE].value.len == 0)
        buf_add_text(&fields[GRANT_TYPE].value, "client_credentials");
    return check_parameters(request, fields);
}

static int grant(struct context *ctx, const struct request *request, struct reply *reply, bool classic, struct err *e)
{
    struct form_field fields[PARAMETER_N] = {
        [GRANT_TYPE] = {.name = "grant_type", .aliases = {NULL, classic ? "grantType" : NULL}},
        [CLIENT_ID] = {.name = "client_id", .aliases = {"client-id", classic ? "clientId" : NULL}},
        [CLIENT_SECRET] = {.name = "client_secret", .aliases = {"client-secret", classic ? "clientSecret" : NULL}},
        [SCOPE] = {.name = "scope"},
    };
    struct buf form;
    int rc;
    buf_init(&form, FORM_MAX_BYTES);
    for (size_t i = 0; i < PARAMETER_N; i++)
        buf_init(&fields[i].value, VALUE_MAX_BYTES);
    reply_header(reply, "Cache-Control", "no-store");
    reply_header(reply, "Pragma", "no-cache");
    const struct oauth_error *refusal = read_parameters(request, fields, &form, classic, &rc, e);
    if (rc == 0)
        rc = refusal == NULL ? answer(ctx, request, reply, fields, e) : refuse(reply, request, ctx->state->conf, refusal);
    if (form.data != NULL)
        crypt_wipe(form.data, form.size);
    buf_free(&form);
    for (size_t i = 0; i < PARAMETER_N; i++) {
        if (fields[i].value.data != NULL)
            crypt_wipe(fields[i].value.data, fields[i].value.size);
        buf_free(&fields[i].value);
    }
    return rc;
}

int on_token(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    return grant(ctx, request, reply, false, e);
}

int on_classic_token(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    return grant(ctx, request, reply, true, e);
}
