/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "oauth.h"

#include <json.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "auditing.h"
#include "clock.h"
#include "conf.h"
#include "crowd.h"
#include "enc.h"
#include "err.h"
#include "handlers.h"
#include "limit.h"
#include "reply.h"
#include "request.h"
#include "signing.h"
#include "source.h"

#include "poison.h"

#define FORM_MAX_BYTES ((size_t)16 * 1024)
#define VALUE_MAX_BYTES 1024
#define TEXT_MAX_BYTES 4096
#define ADDRESS_FACTOR 10
#define REFUSAL_MICROS INT64_C(3000)

static const struct oauth_error bad_form = {400, "invalid_request",
    N_("The body must be application/x-www-form-urlencoded in UTF-8, at most 16 KiB")};
static const struct oauth_error bad_body = {400, "invalid_request",
    N_("The body must be a JSON object or a form in UTF-8, at most 16 KiB, with client_id and client_secret as text")};
static const struct oauth_error repeated = {400, "invalid_request", N_("A parameter stands more than once")};
static const struct oauth_error two_methods = {400, "invalid_request",
    N_("Send the client credentials once: in the Authorization header or in the body")};
static const struct oauth_error bad_basic = {400, "invalid_request", N_("The Authorization header is not valid Basic credentials")};
static const struct oauth_error must_sign = {401, "invalid_client", N_("The requests of this client have to be signed, and a signature takes the place of the secret")};
static const struct oauth_error bad_client = {401, "invalid_client", N_("The client id or the client secret is not right")};

int oauth_refuse(struct oauth *o, const struct oauth_error *refusal)
{
    const struct request *request = o->request;
    json_object *out = json_object_new_object();
    (void)json_object_object_add(out, "error", json_object_new_string(refusal->error));
    (void)json_object_object_add(out, "error_description", json_object_new_string(refusal->description));
    if (request->lang == MSG_ZH)
        (void)json_object_object_add(out, "message", json_object_new_string(words_in(MSG_ZH, refusal->description)));
    (void)snprintf(o->ctx->note, sizeof(o->ctx->note), "%s", refusal->error);
    if (refusal->status == 401)
        reply_header(o->reply, "WWW-Authenticate", "Basic realm=\"%s\", charset=\"UTF-8\"", o->ctx->state->conf->realm);
    reply_json(o->reply, refusal->status, request, out);
    return 0;
}

/* The same for a signature that is not right, in the words that other interfaces use. */
static int refuse_signature(struct oauth *o, const struct err *e)
{
    json_object *out = o->ctx->extra == NULL ? json_object_new_object() : o->ctx->extra;
    struct buf text;
    o->ctx->extra = NULL;
    buf_init(&text, TEXT_MAX_BYTES);
    err_render(e, MSG_EN, &text);
    reply_add_text(out, "error", "invalid_client");
    reply_add_text(out, "error_description", buf_text(&text));
    buf_clear(&text);
    err_render(e, MSG_ZH, &text);
    if (o->request->lang == MSG_ZH)
        reply_add_text(out, "message", buf_text(&text));
    buf_free(&text);
    (void)snprintf(o->ctx->note, sizeof(o->ctx->note), "%s", msg_code(e->msg.id));
    reply_json(o->reply, reply_status(err_class(e)), o->request, out);
    return 0;
}

const char *oauth_text(const struct oauth *o, size_t field)
{
    return buf_text(&o->fields[field].value);
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
    crypt_wipe_buf(&pair);
    return good && colon != NULL;
}

static bool has_basic(const struct request *request)
{
    const char *header = request->facts.authorization;
    return header != NULL && strncasecmp(header, "Basic", 5) == 0 && (header[5] == ' ' || header[5] == '\0');
}

/* A signature stands for the secret. */
static const struct oauth_error *take_signer(const struct signature *signature, const struct request *request, struct form_field *fields)
{
    struct buf *id = &fields[OAUTH_CLIENT_ID].value;
    if (has_basic(request) || fields[OAUTH_CLIENT_SECRET].value.len > 0)
        return &two_methods;
    if (id->len == 0)
        buf_add(id, signature->keyid.text, signature->keyid.len);
    return buf_failed(id) ? &bad_client : NULL;
}

/* Settles where the credentials came from; they end up in the fields. NULL where all is well. */
static const struct oauth_error *take_credentials(const struct context *ctx, const struct request *request, struct form_field *fields)
{
    struct buf id, secret;
    const struct oauth_error *refusal = NULL;
    if (ctx->is_signed)
        return take_signer(&ctx->signature, request, fields);
    if (!has_basic(request))
        return fields[OAUTH_CLIENT_ID].value.len == 0 || fields[OAUTH_CLIENT_SECRET].value.len == 0 ? &bad_client : NULL;
    buf_init(&id, VALUE_MAX_BYTES);
    buf_init(&secret, VALUE_MAX_BYTES);
    struct buf *in_body = &fields[OAUTH_CLIENT_ID].value;
    if (!read_basic(request->facts.authorization, &id, &secret))
        refusal = &bad_basic;
    else if (fields[OAUTH_CLIENT_SECRET].value.len > 0 ||
             (in_body->len > 0 && strcmp(buf_text(in_body), buf_text(&id)) != 0))
        refusal = &two_methods;
    buf_clear(in_body);
    buf_add(in_body, buf_text(&id), id.len);
    buf_add(&fields[OAUTH_CLIENT_SECRET].value, buf_text(&secret), secret.len);
    buf_free(&id);
    crypt_wipe_buf(&secret);
    return refusal;
}

static int refuse_login(const char *client_id, const char *address, int seconds, struct err *e)
{
    (void)err_set(e, MSG_TOO_MANY_LOGINS, "client %s from %s", client_id, address);
    msg_arg(&e->msg, "seconds", "%d", seconds);
    e->retry_after = seconds;
    return -1;
}

int oauth_check_caller(const struct context *ctx, const struct request *request, struct err *e)
{
    const struct conf *conf = ctx->state->conf;
    int seconds;
    if (conf->failed_logins == 0 || limits_peek(ctx->state->limits, "address", "", request->peer.caller, conf->failed_login_window, &seconds) <
                                        ADDRESS_FACTOR * conf->failed_logins)
        return 0;
    return refuse_login("-", request->peer.address, seconds, e);
}

/* Failed logins are counted by client and caller together, so a stranger elsewhere cannot lock a client out; and by caller alone, with more
 * patience, for one who tries many clients. */
static int check_failures(const struct oauth *o, const char *client_id, struct err *e)
{
    const struct conf *conf = o->ctx->state->conf;
    const struct peer *peer = &o->request->peer;
    int seconds;
    if (conf->failed_logins == 0 ||
        limits_peek(o->ctx->state->limits, "login", client_id, peer->caller, conf->failed_login_window, &seconds) < conf->failed_logins)
        return 0;
    return refuse_login(client_id, peer->address, seconds, e);
}

static void count_failure(const struct oauth *o, const char *client_id)
{
    struct limits *limits = o->ctx->state->limits;
    int64_t window = o->ctx->state->conf->failed_login_window;
    (void)limits_count(limits, "login", client_id, o->request->peer.caller, window);
    (void)limits_count(limits, "address", "", o->request->peer.caller, window);
}

/* A refusal goes out no sooner than a while after the login began, so that what the check took cannot be read off the clock. */
static void wait_until(int64_t micros)
{
    int64_t left = micros - clock_micros();
    const struct timespec wait = {.tv_nsec = left * 1000};
    if (left > 0)
        (void)nanosleep(&wait, NULL);
}

static bool is_to_count(const struct oauth *o)
{
    return !o->unlimited && !o->ctx->counted && quota_is_on(o->ctx->state->conf);
}

/* Counts the request, once, however often its login is looked at. Only who has the secret can use up what the client may ask for. */
static int count_once(const struct oauth *o, const char *client_id, struct err *e)
{
    struct context *ctx = o->ctx;
    if (!is_to_count(o))
        return 0;
    ctx->counted = true;
    return quota_count(&ctx->state->quota, client_id, o->request->body_length, &ctx->quota, e);
}

static void name_caller(const struct oauth *o, const char *client_id)
{
    (void)snprintf(o->ctx->caller.client_id, sizeof(o->ctx->caller.client_id), "%s", client_id);
}

/* The same for a login that is remembered: then one too many needs no database. */
static int count_recalled(const struct oauth *o, const struct secret_maker *maker, const struct login_try *try, struct err *e)
{
    struct login login;
    if (!is_to_count(o) || !login_recall(o->ctx->state->logins, maker, try, &login))
        return 0;
    int rc = count_once(o, login.client_id, e);
    if (rc != 0)
        name_caller(o, login.client_id); /* for the log */
    crypt_wipe(&login, sizeof(login));
    return rc;
}

int oauth_login(struct oauth *o, bool use_memory, struct login *out, struct err *e)
{
    const struct worker_state *state = o->ctx->state;
    const struct conf *conf = state->conf;
    const struct secret_maker maker = {.keys = state->keys, .hash = (enum crypt_hash)conf->hash};
    const struct login_try try = {.client_id = oauth_text(o, OAUTH_CLIENT_ID), .secret = oauth_text(o, OAUTH_CLIENT_SECRET),
                                  .address = handlers_address(o->request), .asks = !use_memory};
    int64_t began = clock_micros();
    (void)snprintf(o->ctx->claimed, sizeof(o->ctx->claimed), "%s", try.client_id);
    if (check_failures(o, try.client_id, e) != 0)
        return -1;
    bool is_signed = o->ctx->is_signed;
    if (!is_signed && try.asks && count_recalled(o, &maker, &try, e) != 0)
        return -1;
    int right = is_signed ? signing_login(o->ctx, o->request, try.client_id, out, e)
                          : login_check(state->db, state->logins, &maker, &try, out, e);
    if (right < 0)
        return -1;
    if (right == 0) {
        if (o->ctx->counted)
            login_forget(state->logins, try.client_id); /* what was remembered of it is not so any more */
        count_failure(o, try.client_id);
        crowd_settle(state->crowd);
        wait_until(began + REFUSAL_MICROS);
        return is_signed ? refuse_signature(o, e) : oauth_refuse(o, &bad_client);
    }
    if (out->must_sign && !is_signed)
        return oauth_refuse(o, &must_sign);
    name_caller(o, out->client_id);
    return count_once(o, out->client_id, e) == 0 && audit_begun(o->ctx, o->request, e) == 0 ? 1 : -1;
}

/* Reads body and credentials, and lets the interface act. */
static int read_and_act(struct oauth *o, struct buf *form, oauth_act *act, struct err *e)
{
    const char *type = o->request->facts.content_type;
    const struct oauth_error *broken = o->json_too ? &bad_body : &bad_form;
    bool json = o->json_too && request_is_type(type, REQUEST_JSON);
    bool known = json || request_is_type(type, "application/x-www-form-urlencoded");
    int got = known ? read_form(o->request, form, e) : 0;
    if (got <= 0)
        return got < 0 ? -1 : oauth_refuse(o, broken);
    enum form_fault fault = json ? form_parse_json(buf_text(form), form->len, o->fields, o->count)
                                 : form_parse(buf_text(form), form->len, o->fields, o->count);
    if (fault != FORM_OK)
        return oauth_refuse(o, fault == FORM_REPEATED ? &repeated : broken);
    const struct oauth_error *refusal = take_credentials(o->ctx, o->request, o->fields);
    return refusal != NULL && refusal->status == 400 ? oauth_refuse(o, refusal) : act(o, refusal, e);
}

int oauth_run(struct oauth *o, oauth_act *act, struct err *e)
{
    struct buf form;
    buf_init(&form, FORM_MAX_BYTES);
    o->form = &form;
    for (size_t i = 0; i < o->count; i++)
        buf_init(&o->fields[i].value, VALUE_MAX_BYTES);
    reply_header(o->reply, "Cache-Control", "no-store");
    reply_header(o->reply, "Pragma", "no-cache");
    int rc = read_and_act(o, &form, act, e);
    crypt_wipe_buf(&form);
    for (size_t i = 0; i < o->count; i++)
        crypt_wipe_buf(&o->fields[i].value);
    return rc;
}
