/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "quota.h"

#include "buf.h"
#include "busy.h"
#include "conf.h"
#include "err.h"
#include "limit.h"

#include "poison.h"

#define KIB 1024
#define BYTES_A_SECOND "bytes-second"

/* Windows of the clock. Those of bytes count KiB. */
static const struct rule {
    const char *name;
    int64_t window;
    bool bytes;
    size_t limit; /* offset in struct conf */
} rules[] = {
    {"second", 1, false, offsetof(struct conf, requests_per_second)},
    {"minute", 60, false, offsetof(struct conf, requests_per_minute)},
    {"day", 86400, false, offsetof(struct conf, requests_per_day)},
    {"bytes-day", 86400, true, offsetof(struct conf, bytes_per_day)},
};

static int64_t limit_of(const struct conf *conf, const struct rule *rule)
{
    return *(const int64_t *)(const void *)((const char *)conf + rule->limit);
}

bool quota_is_on(const struct conf *conf)
{
    bool on = conf->concurrent_requests != 0 || conf->bytes_per_second != 0;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        on = on || limit_of(conf, &rules[i]) != 0;
    return on;
}

static uint32_t kib_of(int64_t bytes)
{
    int64_t kib = bytes <= 0 ? 0 : (bytes - 1) / KIB + 1;
    return kib > UINT32_MAX ? UINT32_MAX : (uint32_t)kib;
}

static int refuse(struct err *e, enum msg_id id, const char *client_id, const struct quota_left *rule)
{
    (void)err_set(e, id, "client %s", client_id);
    msg_arg(&e->msg, "limit", "%lld", (long long)rule->limit);
    msg_arg(&e->msg, "window", "%lld", (long long)rule->window);
    msg_arg(&e->msg, "seconds", "%d", rule->seconds);
    e->retry_after = rule->seconds;
    return -1;
}

/* Of bytes, one body may go over what is left; the next request is then refused. */
static bool is_used_up(const struct quota_source *s, const struct rule *rule, const char *client_id, struct quota_left *out)
{
    *out = (struct quota_left){.name = rule->name, .bytes = rule->bytes, .limit = limit_of(s->conf, rule), .window = rule->window};
    uint32_t before = limits_peek(s->limits, rule->name, client_id, NULL, rule->window, &out->seconds);
    out->left = out->limit - before * (rule->bytes ? KIB : INT64_C(1));
    if (out->left > 0)
        return false;
    out->left = 0;
    return true;
}

/* Counts for one rule of the clock, and tells what is left. True where the request is within it. */
static bool count(const struct quota_source *s, const struct rule *rule, const char *client_id, int64_t bytes, struct quota_left *out)
{
    if (is_used_up(s, rule, client_id, out))
        return false;
    int64_t unit = rule->bytes ? KIB : 1;
    out->left = out->limit - limits_add(s->limits, rule->name, client_id, NULL, rule->window, rule->bytes ? kib_of(bytes) : 1) * unit;
    /* Two may have come at once. */
    bool within = out->left >= 0 || rule->bytes;
    out->left = out->left < 0 ? 0 : out->left;
    return within;
}

static int take_bytes_of_second(const struct quota_source *s, const char *client_id, int64_t bytes, struct quota *out, struct err *e)
{
    int64_t rate = s->conf->bytes_per_second;
    if (rate == 0)
        return 0;
    struct quota_left *left = &out->rules[out->count++];
    *left = (struct quota_left){.name = BYTES_A_SECOND, .bytes = true, .limit = rate, .window = 1};
    left->seconds = limits_gate(s->limits, BYTES_A_SECOND, client_id, bytes < 0 ? 0 : bytes, rate);
    if (left->seconds > 0)
        return refuse(e, MSG_TOO_MANY_BYTES, client_id, left);
    left->seconds = 1;
    left->left = rate > bytes ? rate - (bytes < 0 ? 0 : bytes) : 0;
    return 0;
}

static int take_turn(const struct quota_source *s, const char *client_id, int64_t client, struct err *e)
{
    int64_t limit = s->conf->concurrent_requests;
    if (limit == 0 || (int64_t)busy_enter(s->busy, s->place, client) <= limit)
        return 0;
    busy_leave(s->busy, s->place);
    return refuse(e, MSG_TOO_MANY_AT_ONCE, client_id, &(struct quota_left){.limit = limit, .seconds = 1});
}

static int go_through(const struct quota_source *s, const char *client_id, bool counts, int64_t bytes, struct quota *out, struct err *e)
{
    *out = (struct quota){.count = 0};
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (limit_of(s->conf, &rules[i]) == 0)
            continue;
        struct quota_left *left = &out->rules[out->count++];
        if (counts ? !count(s, &rules[i], client_id, bytes, left) : is_used_up(s, &rules[i], client_id, left))
            return refuse(e, rules[i].bytes ? MSG_TOO_MANY_BYTES : MSG_TOO_MANY_REQUESTS, client_id, left);
    }
    return take_bytes_of_second(s, client_id, bytes, out, e);
}

int quota_count(const struct quota_source *s, const char *client_id, int64_t bytes, struct quota *out, struct err *e)
{
    return go_through(s, client_id, true, bytes, out, e);
}

int quota_look(const struct quota_source *s, const char *client_id, struct quota *out, struct err *e)
{
    return go_through(s, client_id, false, 0, out, e);
}

int quota_take(const struct quota_source *s, const char *client_id, int64_t client, int64_t bytes, struct quota *out, struct err *e)
{
    *out = (struct quota){.count = 0};
    return take_turn(s, client_id, client, e) != 0 ? -1 : quota_count(s, client_id, bytes, out, e);
}

void quota_add_bytes(const struct quota_source *s, const char *client_id, int64_t bytes)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (rules[i].bytes && limit_of(s->conf, &rules[i]) != 0)
            (void)limits_add(s->limits, rules[i].name, client_id, NULL, rules[i].window, kib_of(bytes));
    if (s->conf->bytes_per_second != 0)
        limits_gate_passed(s->limits, BYTES_A_SECOND, client_id, bytes, s->conf->bytes_per_second);
}

void quota_end(const struct quota_source *s)
{
    busy_leave(s->busy, s->place);
}

void quota_write_policy(const struct quota *q, struct buf *to)
{
    for (size_t i = 0; i < q->count; i++) {
        const struct quota_left *r = &q->rules[i];
        buf_printf(to, "%s\"%s\";q=%lld%s;w=%lld", i == 0 ? "" : ", ", r->name, (long long)r->limit,
                   r->bytes ? ";qu=\"content-bytes\"" : "", (long long)r->window);
    }
}

void quota_write_left(const struct quota *q, struct buf *to)
{
    for (size_t i = 0; i < q->count; i++)
        buf_printf(to, "%s\"%s\";r=%lld;t=%d", i == 0 ? "" : ", ", q->rules[i].name, (long long)q->rules[i].left, q->rules[i].seconds);
}
