/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /healthz: this worker lives. GET /readyz: it can also store. GET /problems/{code}: what an error means.
 */
#include "config.h"

#include <json.h>

#include "db.h"
#include "err.h"
#include "handlers.h"
#include "migrate.h"
#include "reply.h"
#include "request.h"

#include "poison.h"

static int reply_status_text(const struct request *request, struct reply *reply, const char *status)
{
    json_object *out = json_object_new_object();
    (void)json_object_object_add(out, "status", json_object_new_string(status));
    reply_header(reply, "Cache-Control", "no-store");
    reply_json(reply, 200, request, out);
    return 0;
}

int on_health(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    (void)ctx;
    (void)e;
    return reply_status_text(request, reply, "ok");
}

int on_ready(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    if (handlers_need_database(ctx->state, e) != 0 || migrate_check(ctx->state->db, e) != 0)
        return -1;
    return reply_status_text(request, reply, "ready");
}

int on_problem(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    const struct buf *code = &request->params[0];
    enum msg_id id = msg_find(buf_text(code), code->len);
    (void)ctx;
    if (id == MSG_NONE) {
        (void)err_set(e, MSG_NO_SUCH_PROBLEM, "%s", "");
        msg_arg_text(&e->msg, "code", buf_text(code), code->len);
        return -1;
    }
    json_object *out = json_object_new_object();
    (void)json_object_object_add(out, "code", json_object_new_string(msg_code(id)));
    (void)json_object_object_add(out, "status", json_object_new_int(reply_status(msg_class(id))));
    (void)json_object_object_add(out, "zh", json_object_new_string(msg_template(id, MSG_ZH)));
    (void)json_object_object_add(out, "en", json_object_new_string(msg_template(id, MSG_EN)));
    reply_json(reply, 200, request, out);
    return 0;
}
