/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "auditing.h"

#include <stdio.h>
#include <string.h>

#include "auditlog.h"
#include "conf.h"
#include "err.h"
#include "handlers.h"
#include "limit.h"
#include "log.h"
#include "request.h"

#include "poison.h"

#define STRANGER_ENTRIES 100
#define STRANGER_SECONDS 60

#define SET(entry, member, text, len) audit_set((entry).member, sizeof((entry).member), text, len)

/* Where it fails the caller hears of the audit; the log hears why. */
static int unavailable(struct err *e)
{
    msg_set(&e->msg, MSG_AUDIT_AWAY);
    return -1;
}

int audit_request(struct context *ctx, const struct request *request, const char *result, struct err *e)
{
    struct worker_state *state = ctx->state;
    struct audit_entry entry = {.seq = 0};
    const char *actor = ctx->caller.client_id[0] != '\0' ? ctx->caller.client_id : ctx->claimed;
    SET(entry, actor, actor, strlen(actor));
    SET(entry, address, request->peer.address, strlen(request->peer.address));
    SET(entry, action, ctx->action, strlen(ctx->action));
    SET(entry, subject, request->path, request->path_len);
    SET(entry, result, result, strlen(result));
    SET(entry, detail, ctx->note, strlen(ctx->note));
    SET(entry, request_id, request->id, strlen(request->id));
    bool required = state->conf->audit_required == CONF_YES;
    if (!auditlog_add(state->audit, &entry)) {
        (void)err_set(e, MSG_AUDIT_AWAY, "[audit] target cannot be written");
        return -1;
    }
    if (!required)
        return 0;
    if (handlers_need_database(state, e) != 0 || auditlog_flush(state->audit, state->db, e) != 0)
        return unavailable(e);
    return 0;
}

int audit_begun(struct context *ctx, const struct request *request, struct err *e)
{
    if (ctx->state->conf->audit_required != CONF_YES || ctx->action == NULL || ctx->begun)
        return 0;
    ctx->begun = true;
    return audit_request(ctx, request, "begun", e);
}

/* Whoever calls without a client's token or secret could fill the audit: of one caller it takes so many refusals a minute, and the log the rest. */
static bool is_stranger_too_often(struct context *ctx, const struct request *request, int status)
{
    if (status < 400 || ctx->caller.client_id[0] != '\0')
        return false;
    uint32_t times = limits_count(ctx->state->limits, "stranger", "", request->peer.caller, STRANGER_SECONDS);
    size_t len = strlen(ctx->note);
    if (times == STRANGER_ENTRIES)
        (void)snprintf(ctx->note + len, sizeof(ctx->note) - len, "; more within this minute are in the log only");
    return times > STRANGER_ENTRIES;
}

void audit_result(struct context *ctx, const struct request *request, int status)
{
    char result[16];
    struct err e = ERR_NONE;
    if (ctx->action == NULL || is_stranger_too_often(ctx, request, status))
        return;
    (void)snprintf(result, sizeof(result), "%d", status);
    if (audit_request(ctx, request, result, &e) != 0)
        log_error("request=%s is not in the audit: %s", request->id, e.detail);
}
