/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "access.h"

#include <stdbool.h>
#include <string.h>

#include "catalog.h"
#include "category.h"
#include "conf.h"
#include "db.h"
#include "err.h"
#include "handlers.h"
#include "migrate.h"
#include "quota.h"
#include "request.h"
#include "signing.h"

#include "poison.h"

#define REMEMBER_BYTES_MAX (4 * 1024 * 1024)

/* Takes the token out of the Authorization header (RFC 6750 section 2.1), or, where there is none, of the header that the configuration
 * names; no signature covers that one, so it is none of a signed request. It is looked for nowhere else. */
static int find_token(const struct request *request, bool is_signed, const char **token_out, size_t *len_out, struct err *e)
{
    const char *header = request->facts.authorization;
    size_t scheme = header == NULL ? 0 : strcspn(header, " ");
    /* Some set-ups of a web server hand on an empty Authorization where none came. */
    const char *bare = !is_signed && (header == NULL || *header == '\0') ? request->facts.token : NULL;
    if (bare == NULL && (scheme != strlen("Bearer") || strncasecmp(header, "Bearer", scheme) != 0))
        return err_set(e, MSG_NO_TOKEN, "%s", "");
    const char *token = bare != NULL ? bare : header + scheme + strspn(header + scheme, " ");
    size_t len = strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");
    len += strspn(token + len, "=");
    if (strchr(token + len, ',') != NULL)
        return err_set(e, MSG_BAD_AUTHORIZATION, "%s", "");
    if (len == 0 || token[len] != '\0')
        return err_set(e, MSG_INVALID_TOKEN, "the token is malformed");
    *token_out = token;
    *len_out = len;
    return 0;
}

/* Without a resource only the caller matters, and that the category is there. */
static struct token_use use_of(const struct access_want *want, const struct request *request)
{
    return (struct token_use){.category = want->resource == NULL ? NULL : want->category, .resource = want->resource,
                              .address = handlers_address(request)};
}

/* Counts the request for whose token this is, if that is remembered: then one too many needs no database. One who has to sign is counted when he has,
 * and here refused only where he has nothing left: another who has seen his token must not use up what is his. */
static int count_remembered(struct context *ctx, const char *token, size_t len, int64_t bytes, struct err *e)
{
    const struct worker_state *state = ctx->state;
    struct caller owner;
    if (!quota_is_on(state->conf) || !token_owner(state->tokens, token, len, (enum crypt_hash)state->conf->hash, &owner))
        return 0;
    struct quota left;
    ctx->counted = !owner.must_sign;
    int rc = owner.must_sign ? quota_look(&state->quota, owner.client_id, &left, e)
                             : quota_take(&state->quota, owner.client_id, owner.client, bytes, &left, e);
    if (ctx->counted || rc != 0) /* what is left is not for who has only seen the token */
        ctx->quota = left;
    if (rc == 0)
        return 0;
    ctx->caller = owner; /* for the log */
    return -1;
}

static int check_token(struct context *ctx, const struct access_want *want, const struct request *request, struct err *e)
{
    const struct worker_state *state = ctx->state;
    const char *token = NULL;
    size_t len = 0;
    if (find_token(request, ctx->is_signed, &token, &len, e) != 0 ||
        (!want->uncounted && count_remembered(ctx, token, len, request->body_length, e) != 0) ||
        handlers_need_database(ctx->state, e) != 0)
        return -1;
    struct token_use use = use_of(want, request);
    /* A push is proved by its commit; but a long one should not hear at its end that its token has expired meanwhile. */
    use.is_signed = ctx->is_signed;
    use.relies = want->proves && !ctx->is_signed && request->body_length >= 0 && request->body_length <= REMEMBER_BYTES_MAX;
    if (token_check(state->db, state->tokens, token, len, (enum crypt_hash)state->conf->hash, &use, &ctx->caller, e) != 0)
        return -1;
    const struct signing_client signer = {.client = ctx->caller.client, .client_id = ctx->caller.client_id, .must_sign = ctx->caller.must_sign};
    return ctx->is_signed && !ctx->signature_good ? signing_check(ctx, request, &signer, e) : 0;
}

static int find_category(struct context *ctx, const struct access_want *want, struct err *e)
{
    ctx->category = catalog_find(ctx->state->catalog, want->category);
    if (ctx->category != NULL && want->resource != NULL)
        ctx->resource = category_find_resource(ctx->category, want->resource);
    if (ctx->category != NULL && (ctx->resource != NULL || want->resource == NULL))
        return 0;
    (void)err_set(e, ctx->category == NULL ? MSG_NO_SUCH_CATEGORY : MSG_NO_SUCH_RESOURCE, "%s", "");
    msg_arg_text(&e->msg, "category", want->category, strlen(want->category));
    if (want->resource != NULL)
        msg_arg_text(&e->msg, "resource", want->resource, strlen(want->resource));
    return -1;
}

int access_check(struct context *ctx, const struct request *request, const struct access_want *want, struct err *e)
{
    struct err missing;
    int rc = check_token(ctx, want, request, e);
    if (rc != 0 && e->msg.id != MSG_NOT_GRANTED && e->msg.id != MSG_OUT_OF_SCOPE)
        return -1;
    if (want->category != NULL && find_category(ctx, want, &missing) != 0) {
        *e = missing;
        return -1;
    }
    if (rc != 0 || want->uncounted || ctx->counted || !quota_is_on(ctx->state->conf))
        return rc;
    ctx->counted = true;
    return quota_take(&ctx->state->quota, ctx->caller.client_id, ctx->caller.client, request->body_length, &ctx->quota, e);
}

const char *handlers_address(const struct request *request)
{
    return request->peer.address;
}

int handlers_need_database(struct worker_state *state, struct err *e)
{
    bool fresh;
    if (db_connect(state->db, &fresh, e) != 0)
        return -1;
    if (!fresh || migrate_check(state->db, e) == 0)
        return 0;
    db_disconnect(state->db);
    return -1;
}
