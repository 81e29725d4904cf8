/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "idempotency.h"

#include <string.h>

#include "body.h"
#include "conf.h"
#include "err.h"
#include "handlers.h"
#include "inflight.h"
#include "keyring.h"
#include "reply.h"
#include "request.h"

#include "poison.h"

#define IN_USE_SECONDS 1

/* Takes the key out of its header: a structured-field string (RFC 9651), or bare as many senders write it. */
static bool read_key(const char *header, char to[IDEMPOTENCY_KEY_MAX + 1])
{
    size_t len = strlen(header);
    size_t count = 0;
    bool quoted = header[0] == '"';
    if (quoted && (len < 2 || header[len - 1] != '"'))
        return false;
    const char *end = header + len - (quoted ? 1 : 0);
    for (const char *p = header + (quoted ? 1 : 0); p < end; p++) {
        if (quoted && *p == '"')
            return false;
        if (quoted && *p == '\\' && (++p == end || (*p != '"' && *p != '\\')))
            return false;
        if (*p < 0x20 || *p > 0x7E || (!quoted && *p == ' ') || count == IDEMPOTENCY_KEY_MAX)
            return false;
        to[count++] = *p;
    }
    to[count] = '\0';
    return count > 0;
}

static int bad_key(struct err *e)
{
    (void)err_set(e, MSG_BAD_KEY, "%s", "");
    msg_arg(&e->msg, "limit", "%d", IDEMPOTENCY_KEY_MAX);
    return -1;
}

int idempotency_in_use(struct err *e)
{
    (void)err_set(e, MSG_KEY_IN_USE, "%s", "");
    msg_arg(&e->msg, "seconds", "%d", IN_USE_SECONDS);
    e->retry_after = IN_USE_SECONDS;
    return -1;
}

/* What must be equal beside the body for a request to be the same. */
static void hash_request(struct idempotency *i, const struct request *request)
{
    const char *facts[] = {request->facts.method, request->facts.prefer, request->facts.content_type,
                           request->facts.content_encoding, request->facts.if_match, request->facts.if_none_match};
    for (size_t k = 0; k < sizeof(facts) / sizeof(facts[0]); k++) {
        const char *text = facts[k] == NULL ? "" : facts[k];
        crypt_stream_add(i->hash, text, strlen(text) + 1);
    }
    crypt_stream_add(i->hash, request->path, request->path_len);
    crypt_stream_add(i->hash, "\n", 1);
}

int idempotency_prepare(struct idempotency *i, const struct context *ctx, const struct request *request, struct err *e)
{
    *i = (struct idempotency){.keys = ctx->state->keys};
    i->hash = crypt_stream_new((enum crypt_hash)ctx->state->conf->hash);
    if (i->hash == NULL)
        return err_set(e, MSG_SPOOL_FULL, "out of memory");
    hash_request(i, request);
    return 0;
}

int idempotency_claim(struct idempotency *i, const struct context *ctx, const char *key, struct err *e)
{
    if (!read_key(key, i->text))
        return bad_key(e);
    int got = inflight_claim(ctx->state->inflight, ctx->caller.client, i->text);
    if (got < 0)
        return err_set(e, MSG_INTERNAL, "the lock of an idempotency key failed");
    i->claimed = got == 1;
    return got == 1 ? 0 : idempotency_in_use(e);
}

int idempotency_begin(struct idempotency *i, const struct context *ctx, const struct request *request, bool *has_key_out,
                      struct err *e)
{
    const char *header = request->facts.idempotency_key;
    *i = (struct idempotency){0};
    *has_key_out = header != NULL;
    if (header == NULL)
        return 0;
    return idempotency_prepare(i, ctx, request, e) == 0 ? idempotency_claim(i, ctx, header, e) : -1;
}

void idempotency_end(struct idempotency *i, const struct context *ctx)
{
    if (i->claimed)
        inflight_release(ctx->state->inflight);
    crypt_stream_free(i->hash);
    receipt_reply_free(&i->kept);
}

int idempotency_find(struct idempotency *i, const struct context *ctx, struct err *e)
{
    receipt_reply_free(&i->kept);
    return receipt_find_reply(ctx->state->db, ctx->caller.client, i->text, ctx->state->conf->idempotency_lifetime,
                              &i->kept, e);
}

static int read_to_end(struct body *body, struct err *e)
{
    char trash[16384];
    long n;
    do
        n = body->source.read(&body->source, trash, sizeof(trash), e);
    while (n > 0);
    return (int)n;
}

int idempotency_replay(struct idempotency *i, struct body *body, struct reply *reply, struct err *e)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    if (read_to_end(body, e) != 0)
        return -1;
    crypt_stream_digest(i->hash, digest);
    if (!keyring_digest_is(i->keys, digest, sizeof(digest), i->kept.request_digest)) {
        (void)err_set(e, MSG_KEY_REUSED, "%s", "");
        msg_arg(&e->msg, "batch", "%s", i->kept.batch);
        return -1;
    }
    reply_clear(reply);
    reply->status = i->kept.status;
    buf_add(&reply->headers, buf_text(&i->kept.headers), i->kept.headers.len);
    reply_header(reply, "Idempotent-Replayed", "true");
    buf_add(&reply->body, buf_text(&i->kept.body), i->kept.body.len);
    return 0;
}
