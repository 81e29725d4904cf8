/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /oauth2/revoke (RFC 7009), POST /oauth2/introspect (RFC 7662): a client ends or looks at its own tokens.
 * GET /.well-known/oauth-authorization-server (RFC 8414): where all that is.
 */
#include "config.h"

#include <json.h>
#include <string.h>

#include "conf.h"
#include "err.h"
#include "handlers.h"
#include "oauth.h"
#include "reply.h"
#include "request.h"

#include "poison.h"

enum { TOKEN = OAUTH_OWN, HINT, FIELDS };

static const struct oauth_error no_token = {400, "invalid_request", N_("The parameter token is missing")};
static const struct oauth_error foreign_token = {400, "unauthorized_client", N_("The token was issued to another client")};

/* Logs the client in and looks its token up. Returns 1, 0 with a refusal written, -1. */
static int find(struct oauth *o, const struct oauth_error *refusal, struct login *login, struct token_facts *facts, bool *foreign_out,
                struct err *e)
{
    const struct buf *token = &o->fields[TOKEN].value;
    if (refusal == NULL && token->len == 0)
        refusal = &no_token;
    if (refusal != NULL)
        return oauth_refuse(o, refusal);
    int rc = oauth_login(o, false, login, e);
    if (rc != 1)
        return rc;
    rc = token_find(o->ctx->state->db, login->client, buf_text(token), token->len, (enum crypt_hash)o->ctx->state->conf->hash, facts,
                    foreign_out, e);
    return rc == 0 ? 1 : -1;
}

static int revoke(struct oauth *o, const struct oauth_error *refusal, struct err *e)
{
    struct token_facts facts;
    struct login login;
    bool foreign;
    int rc = find(o, refusal, &login, &facts, &foreign, e);
    if (rc != 1)
        return rc;
    if (foreign)
        return oauth_refuse(o, &foreign_token);
    if (facts.active && token_revoke(o->ctx->state->db, login.client, &facts, e) != 0)
        return -1;
    o->reply->status = 200;
    return 0;
}

static int introspect(struct oauth *o, const struct oauth_error *refusal, struct err *e)
{
    struct token_facts facts;
    struct login login;
    bool foreign;
    int rc = find(o, refusal, &login, &facts, &foreign, e);
    if (rc != 1)
        return rc;
    json_object *out = json_object_new_object();
    (void)json_object_object_add(out, "active", json_object_new_boolean(facts.active));
    if (facts.active) {
        if (facts.scope[0] != '\0')
            reply_add_text(out, "scope", facts.scope);
        reply_add_text(out, "client_id", login.client_id);
        reply_add_text(out, "token_type", "Bearer");
        (void)json_object_object_add(out, "exp", json_object_new_int64(facts.expires_at));
        (void)json_object_object_add(out, "iat", json_object_new_int64(facts.issued_at));
    }
    reply_json(o->reply, 200, NULL, out);
    return 0;
}

static int run(struct context *ctx, const struct request *request, struct reply *reply, oauth_act *act, bool unlimited, struct err *e)
{
    struct form_field fields[FIELDS] = {
        [OAUTH_CLIENT_ID] = {.name = "client_id", .aliases = {"client-id"}},
        [OAUTH_CLIENT_SECRET] = {.name = "client_secret", .aliases = {"client-secret"}},
        [TOKEN] = {.name = "token"},
        [HINT] = {.name = "token_type_hint"}, /* there is one type only: any hint will do */
    };
    struct oauth o = {.ctx = ctx, .request = request, .reply = reply, .fields = fields, .count = FIELDS, .unlimited = unlimited};
    return oauth_run(&o, act, e);
}

int on_revoke(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    return run(ctx, request, reply, revoke, true, e); /* whoever has stolen a token must not be able to keep it alive by using up what is left */
}

int on_introspect(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    return run(ctx, request, reply, introspect, false, e);
}

static void add_url(json_object *to, const char *name, const struct buf *base, const char *path)
{
    struct buf url;
    buf_init(&url, 4096);
    buf_printf(&url, "%s%s", buf_text(base), path);
    reply_add_text(to, name, buf_text(&url));
    buf_free(&url);
}

int on_oauth_metadata(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    static const char methods[] = "[\"client_secret_basic\",\"client_secret_post\"]";
    json_object *out = json_object_new_object();
    struct buf base;
    (void)e;
    buf_init(&base, 4096);
    request_base_url(request, ctx->state->conf, &base);
    add_url(out, "issuer", &base, "");
    add_url(out, "token_endpoint", &base, "/oauth2/token");
    add_url(out, "revocation_endpoint", &base, "/oauth2/revoke");
    add_url(out, "introspection_endpoint", &base, "/oauth2/introspect");
    add_url(out, "service_documentation", &base, "/docs");
    (void)json_object_object_add(out, "grant_types_supported", json_tokener_parse("[\"client_credentials\"]"));
    (void)json_object_object_add(out, "response_types_supported", json_object_new_array());
    (void)json_object_object_add(out, "token_endpoint_auth_methods_supported", json_tokener_parse(methods));
    (void)json_object_object_add(out, "revocation_endpoint_auth_methods_supported", json_tokener_parse(methods));
    (void)json_object_object_add(out, "introspection_endpoint_auth_methods_supported", json_tokener_parse(methods));
    buf_free(&base);
    reply_json(reply, 200, NULL, out);
    return 0;
}
