/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "signing.h"

#include <json.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "conf.h"
#include "err.h"
#include "handlers.h"
#include "net.h"
#include "reply.h"
#include "request.h"
#include "signkey.h"

#include "poison.h"

#define BASE_MAX_BYTES ((size_t)64 * 1024)
#define NONCE_SECONDS (3 * SIGNATURE_WINDOW) /* from the farthest future that is taken until the past that is not, and some more */

/* Whether a key of the client made the signature of the base. Returns 1, 0 or -1. */
static int compare_keys(struct context *ctx, const struct signing_client *client, const struct buf *base, struct err *e)
{
    struct signkey keys[SIGNKEY_LIVE];
    size_t count;
    int right = 0;
    if (signkey_list(ctx->state->db, client->client, keys, &count, e) != 0)
        return -1;
    for (size_t i = 0; i < count && right == 0; i++) {
        char key[CREDENTIAL_SIZE];
        if (signkey_open(&keys[i], ctx->state->keys, client->client_id, key, e) != 0)
            return -1;
        right = signature_fits(&ctx->signature, base, key);
        crypt_wipe(key, sizeof(key));
    }
    return right;
}

static int invalid(struct context *ctx, const struct request *request, const struct signing_client *client, struct err *e)
{
    struct buf shown;
    buf_init(&shown, BASE_MAX_BYTES);
    signature_base(&ctx->signature, request, true, &shown);
    ctx->extra = json_object_new_object();
    reply_add_text(ctx->extra, "signature_base", buf_text(&shown));
    buf_free(&shown);
    return err_set(e, MSG_SIGNATURE_INVALID, "client %s", client->client_id);
}

int signing_check(struct context *ctx, const struct request *request, const struct signing_client *client, struct err *e)
{
    const struct signature *s = &ctx->signature;
    struct buf base;
    if (signature_check_time(s, clock_now(), e) != 0)
        return -1;
    buf_init(&base, BASE_MAX_BYTES);
    signature_base(s, request, false, &base);
    bool own = sfield_is(&s->keyid, client->client_id) && !buf_failed(&base);
    int right = own ? compare_keys(ctx, client, &base, e) : 0;
    crypt_wipe_buf(&base);
    if (right <= 0)
        return right < 0 ? -1 : invalid(ctx, request, client, e);
    if (ctx->state->conf->require_https == CONF_HTTPS_UNSIGNED && !request->peer.secure && !client->must_sign)
        return err_set(e, MSG_HTTPS_REQUIRED, "client %s need not sign: its token could be used by whoever sees it", client->client_id);
    int fresh = signkey_take_nonce(ctx->state->db, client->client, s->nonce.text, s->nonce.len, NONCE_SECONDS, e);
    if (fresh == 0)
        return err_set(e, MSG_SIGNATURE_REPLAYED, "client %s", client->client_id);
    ctx->signature_good = fresh == 1;
    return fresh == 1 ? 0 : -1;
}

int signing_login(struct context *ctx, const struct request *request, const char *client_id, struct login *out, struct err *e)
{
    struct client found = {.id = 0};
    const char *address = handlers_address(request);
    if (client_find(ctx->state->db, client_id, &found, e) != 0 && err_class(e) != CLASS_MISSING)
        return -1;
    /* One that may not log in is told what one that does not exist is. */
    bool usable = found.id != 0 && !found.disabled && net_list_has(found.networks, address);
    const struct signing_client client = {.client = usable ? found.id : 0, .client_id = client_id, .must_sign = found.must_sign};
    if (signing_check(ctx, request, &client, e) != 0)
        return err_class(e) == CLASS_AUTH ? 0 : -1;
    *out = (struct login){.client = found.id, .must_sign = found.must_sign};
    (void)snprintf(out->client_id, sizeof(out->client_id), "%s", found.client_id);
    (void)snprintf(out->networks, sizeof(out->networks), "%s", found.networks);
    return 1;
}
