/* SPDX-License-Identifier: Apache-2.0
 *
 * POST /oauth2/token: the client credentials grant of RFC 6749 section 4.4. POST /api/token: the same, asked for as classic platforms do.
 */
#include "config.h"

#include <json.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "crowd.h"
#include "err.h"
#include "handlers.h"
#include "oauth.h"
#include "reply.h"
#include "request.h"

#include "poison.h"

enum { GRANT_TYPE = OAUTH_OWN, SCOPE, FIELDS };

static const struct oauth_error no_grant_type = {400, "invalid_request", N_("The parameter grant_type is missing")};
static const struct oauth_error other_grant_type = {400, "unsupported_grant_type",
    N_("Only grant_type=client_credentials is supported")};
static const struct oauth_error bad_scope = {400, "invalid_scope", N_("The scope is malformed: it is a list of category/resource, with one space between them")};
static const struct oauth_error wide_scope = {400, "invalid_scope",
    N_("The client is not granted a part of the scope: a scope is a list of category/resource, with spaces between them")};

/* Those of the client's grants that allow a pair of the scope. */
static bool is_granted(const struct scope_pair *pair, const struct client_grant *grants, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (scope_pair_allows(grants[i].category, grants[i].resource, pair->category, pair->resource))
            return true;
    return false;
}

/* Checks that the client is granted all of a scope. Returns 1, 0 where it is not, -1. */
static int check_scope(struct context *ctx, int64_t client, const char *scope, struct err *e)
{
    struct client_grant *grants;
    struct scope_pair pair;
    size_t count;
    int got;
    if (client_grants(ctx->state->db, client, &grants, &count, e) != 0)
        return -1;
    bool granted = true;
    while ((got = scope_next(&scope, &pair)) == 1)
        granted = granted && is_granted(&pair, grants, count);
    free(grants);
    return got == 0 && granted;
}

void handlers_give_token(const struct context *ctx, const struct request *request, struct reply *reply, char token[CREDENTIAL_SIZE],
                         const char *scope)
{
    json_object *out = json_object_new_object();
    (void)json_object_object_add(out, "access_token", json_object_new_string(token));
    (void)json_object_object_add(out, "token_type", json_object_new_string("Bearer"));
    (void)json_object_object_add(out, "expires_in", json_object_new_int64(ctx->state->conf->token_lifetime));
    if (scope != NULL)
        reply_add_text(out, "scope", scope);
    crypt_wipe(token, CREDENTIAL_SIZE);
    reply_json(reply, 200, request, out);
}

/* Where the audit is required, each request has commits of its own anyway. */
static bool may_wait(const struct context *ctx, const struct login *login)
{
    return ctx->visit != NULL && login->remembered && ctx->state->conf->audit_required != CONF_YES;
}

/* One try: 0 answered, HANDLER_WAITS, 1 what was remembered of the client is not so any more, -1. */
static int try_issue(struct oauth *o, bool use_memory, struct err *e)
{
    const struct conf *conf = o->ctx->state->conf;
    const char *scope = o->fields[SCOPE].value.len > 0 ? oauth_text(o, SCOPE) : NULL;
    char token[CREDENTIAL_SIZE];
    struct login login;
    int rc = oauth_login(o, use_memory, &login, e);
    if (rc == 1 && scope != NULL) {
        rc = check_scope(o->ctx, login.client, scope, e);
        if (rc == 0)
            (void)oauth_refuse(o, &wide_scope);
    }
    if (rc != 1)
        return rc;
    if (may_wait(o->ctx, &login) && crowd_join(o->ctx->state->crowd, o->ctx->visit, &login, scope, o->form))
        return HANDLER_WAITS;
    rc = token_issue(o->ctx->state->db, &login, scope, conf->token_lifetime, (enum crypt_hash)conf->hash, token, e);
    if (rc == 0)
        handlers_give_token(o->ctx, o->request, o->reply, token, scope);
    if (rc == 1)
        login_forget(o->ctx->state->logins, login.client_id);
    return rc;
}

static int issue(struct oauth *o, const struct oauth_error *refusal, struct err *e)
{
    bool classic = o->json_too;
    const char *grant_type = classic && o->fields[GRANT_TYPE].value.len == 0 ? "client_credentials" : oauth_text(o, GRANT_TYPE);
    if (*grant_type == '\0')
        return oauth_refuse(o, &no_grant_type);
    if (strcmp(grant_type, "client_credentials") != 0)
        return oauth_refuse(o, &other_grant_type);
    if (o->fields[SCOPE].value.len > 0 && (o->fields[SCOPE].value.len > SCOPE_MAX_CHARS || !scope_is_good(oauth_text(o, SCOPE))))
        return oauth_refuse(o, &bad_scope);
    if (refusal != NULL)
        return oauth_refuse(o, refusal);
    int rc = try_issue(o, true, e);
    return rc == 1 ? try_issue(o, false, e) : rc;
}

static int grant(struct context *ctx, const struct request *request, struct reply *reply, bool classic, struct err *e)
{
    struct form_field fields[FIELDS] = {
        [OAUTH_CLIENT_ID] = {.name = "client_id", .aliases = {"client-id", classic ? "clientId" : NULL}},
        [OAUTH_CLIENT_SECRET] = {.name = "client_secret", .aliases = {"client-secret", classic ? "clientSecret" : NULL}},
        [GRANT_TYPE] = {.name = "grant_type", .aliases = {NULL, classic ? "grantType" : NULL}},
        [SCOPE] = {.name = "scope"},
    };
    struct oauth o = {.ctx = ctx, .request = request, .reply = reply, .fields = fields, .count = FIELDS, .json_too = classic};
    return oauth_run(&o, issue, e);
}

int on_token(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    return grant(ctx, request, reply, false, e);
}

int on_classic_token(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    return grant(ctx, request, reply, true, e);
}
