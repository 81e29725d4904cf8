/* SPDX-License-Identifier: Apache-2.0
 *
 * The interface about itself: GET /openapi.json for programs, GET /docs and the files below it for people.
 */
#include "config.h"

#include <stdbool.h>

#include "buf.h"
#include "conf.h"
#include "err.h"
#include "handlers.h"
#include "openapi.h"
#include "page.h"
#include "precondition.h"
#include "reply.h"
#include "request.h"

#include "poison.h"

#define BASE_MAX_BYTES ((size_t)4096)

/* The page runs its own script and style and speaks to its own server: nothing else, from nowhere else. */
#define POLICY "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; " \
               "form-action 'none'; frame-ancestors 'none'"

/* Headers of what stays the same until the configuration changes; true where the caller has it already. */
static bool is_known(const struct request *request, struct reply *reply, const char *tag)
{
    reply_header(reply, "ETag", "%s", tag);
    reply_header(reply, "Cache-Control", "no-cache");
    reply_header(reply, "X-Content-Type-Options", "nosniff");
    if (!precondition_has_tag(request, tag))
        return false;
    reply->status = 304;
    return true;
}

int on_openapi(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    char tag[OPENAPI_TAG_SIZE];
    struct buf base;
    buf_init(&base, BASE_MAX_BYTES);
    request_base_url(request, ctx->state->conf, &base);
    const struct openapi_want want = {.conf = ctx->state->conf, .catalog = ctx->state->catalog, .lang = request->lang,
                                      .base = buf_text(&base)};
    int rc = openapi_tag(ctx->state->openapi, &want, tag, e);
    if (rc == 0) {
        reply_header(reply, "Vary", "Accept-Language%s", ctx->state->conf->docs_public == CONF_NO ? ", Authorization" : "");
        if (!is_known(request, reply, tag)) {
            reply->status = 200;
            reply_header(reply, "Content-Type", REQUEST_JSON);
            reply_header(reply, "Content-Language", "%s", msg_lang_tag(request->lang));
            openapi_write(ctx->state->openapi, &want, &reply->body);
        }
    }
    buf_free(&base);
    return rc == 0 && buf_failed(&reply->body) ? err_set(e, MSG_INTERNAL, "out of memory for the document of the interface") : rc;
}

int on_docs(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    const struct page_file *file;
    int found = page_find(ctx->state->page, ctx->state->conf->docs_dir, buf_text(&request->params[0]), &file, e);
    if (found <= 0)
        return found < 0 ? -1 : err_set(e, MSG_NO_SUCH_PATH, "%s", "");
    if (is_known(request, reply, file->tag))
        return 0;
    reply->status = 200;
    reply_header(reply, "Content-Type", "%s", file->type);
    reply_header(reply, "Content-Security-Policy", POLICY);
    reply_header(reply, "Referrer-Policy", "no-referrer");
    buf_add(&reply->body, file->text, file->len);
    return buf_failed(&reply->body) ? err_set(e, MSG_INTERNAL, "out of memory for the page") : 0;
}
