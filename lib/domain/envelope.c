/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "envelope.h"

#include <string.h>

#include "err.h"
#include "scan.h"

#include "poison.h"

/* What may stand before data. */
static const struct member {
    const char *name;
    size_t offset;
    bool number; /* may be one, too */
} members[] = {
    {"category", offsetof(struct envelope, category), false},
    {"resource", offsetof(struct envelope, resource), false},
    {"batch_id", offsetof(struct envelope, batch_id), true},
};

static const struct member *find_member(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        if (strlen(members[i].name) == len && memcmp(members[i].name, name, len) == 0)
            return &members[i];
    return NULL;
}

static int refuse(enum msg_id why, int64_t offset, const char *name, size_t len, struct err *e)
{
    (void)err_set(e, why, "byte %lld", (long long)offset);
    msg_arg(&e->msg, "offset", "%lld", (long long)offset);
    msg_arg_text(&e->msg, "name", name, len);
    msg_arg(&e->msg, "limit", "%d", why == MSG_JSON_DEPTH ? SCAN_DEPTH_MAX : (int)ENVELOPE_TEXT_SIZE - 1);
    return -1;
}

/* Takes a member's text, or its digits where it may be a number. False: the scan has stopped, or *e says what is wrong. */
static bool take_value(struct envelope *v, struct scan *s, const struct member *m, struct err *e)
{
    struct scan_string string;
    enum scan_kind kind;
    bool integer;
    char *to = (char *)v + m->offset;
    size_t len;
    if (!scan_kind(s, &kind))
        return false;
    const char *start = s->p;
    const char *text = start;
    if (kind == SCAN_NUMBER && m->number) {
        if (!scan_number(s, &integer))
            return false;
        len = (size_t)(s->p - start);
    } else if (kind != SCAN_STRING) {
        (void)refuse(MSG_CLASSIC_TEXT, start - v->head, m->name, strlen(m->name), e);
        return false;
    } else if (!scan_string(s, &string) || (text = scan_text(s, &string, &len)) == NULL) {
        return false;
    }
    if (len == 0 || len >= ENVELOPE_TEXT_SIZE || memchr(text, '\0', len) != NULL) {
        (void)refuse(MSG_CLASSIC_TEXT, start - v->head, m->name, strlen(m->name), e);
        return false;
    }
    memcpy(to, text, len);
    to[len] = '\0';
    return true;
}

/* Goes through what has been read. 1: data has been found, 0: more is needed, -1. */
static int read_head(struct envelope *v, struct scan *s, bool final, struct err *e)
{
    struct scan_string raw;
    size_t mark, len;
    bool done = false;
    char next;
    *e = ERR_NONE;
    v->category[0] = v->resource[0] = v->batch_id[0] = '\0';
    scan_begin(s, v->head, v->len, final, 0);
    bool open = scan_peek(s, &next) && (next == '{' || scan_fail(s, MSG_CLASSIC_OBJECT, s->p)) && scan_open(s, &mark);
    for (bool first = true; open && scan_member(s, mark, first, &raw, &done) && !done; first = false) {
        const char *name = scan_text(s, &raw, &len);
        if (name == NULL)
            return err_set(e, MSG_SPOOL_FULL, "out of memory");
        const struct member *m = find_member(name, len);
        if (m == NULL && len == strlen("data") && memcmp(name, "data", len) == 0 && scan_peek(s, &next)) {
            v->at = (size_t)(s->p - v->head);
            return 1;
        }
        if (m == NULL && s->stop == SCAN_OK)
            return refuse(MSG_CLASSIC_MEMBER, raw.raw - v->head, name, len, e);
        if (m == NULL || !take_value(v, s, m, e))
            break;
    }
    if (e->msg.id != MSG_NONE)
        return -1;
    if (done)
        return refuse(MSG_CLASSIC_MISSING, s->p - v->head, "data", strlen("data"), e);
    if (s->stop == SCAN_MORE)
        return 0;
    const char *quote = memchr(s->at, '"', (size_t)(s->end - s->at)); /* behind a name that stands twice */
    return v->len == 0 ? err_set(e, MSG_BODY_EMPTY, "%s", "")
                       : refuse(s->why, s->at - v->head, s->at, quote == NULL ? 0 : (size_t)(quote - s->at), e);
}

/* Where the value ends within these bytes: how many of them belong to it. What is no JSON is for the reader to find. */
static size_t measure(struct envelope *v, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = bytes[i];
        if (v->in_text) {
            v->in_text = v->escaped || c != '"';
            v->escaped = !v->escaped && c == '\\';
        } else if (c == '"') {
            v->in_text = true;
        } else if (c == '[' || c == '{') {
            v->depth++;
        } else if ((c == ']' || c == '}') && v->depth > 0) {
            v->depth--;
        }
        if (v->depth == 0 && !v->in_text) {
            v->done = true;
            return i + 1;
        }
    }
    return len;
}

/* Behind the value there is one brace, and nothing else. */
static int read_tail(struct envelope *v, struct err *e)
{
    bool closed = false;
    for (;;) {
        for (; v->at < v->len; v->at++, v->passed++) {
            char c = v->head[v->at];
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
                continue;
            int64_t offset = v->offset + v->passed;
            if (c == ',' && !closed)
                return refuse(MSG_CLASSIC_AFTER_DATA, offset, "", 0, e);
            if (c != '}' || closed)
                return refuse(closed ? MSG_JSON_TRAILING : MSG_JSON_SYNTAX, offset, "", 0, e);
            closed = true;
        }
        long n = v->from->read(v->from, v->head, sizeof(v->head), e);
        if (n < 0)
            return -1;
        v->at = 0;
        v->len = (size_t)n;
        if (n == 0)
            return closed ? 0 : refuse(MSG_JSON_ENDS, v->offset + v->passed, "", 0, e);
    }
}

static long read_data(struct source *self, char *to, size_t room, struct err *e)
{
    struct envelope *v = (struct envelope *)(void *)self;
    if (v->done)
        return read_tail(v, e);
    if (v->at == v->len) {
        long n = v->from->read(v->from, v->head, sizeof(v->head), e);
        if (n < 0)
            return -1;
        v->at = 0;
        v->len = (size_t)n;
    }
    size_t rest = v->len - v->at;
    size_t n = measure(v, v->head + v->at, rest < room ? rest : room);
    memcpy(to, v->head + v->at, n);
    v->at += n;
    v->passed += (int64_t)n;
    return (long)n;
}

int envelope_open(struct envelope *v, struct source *from, struct err *e)
{
    struct scan scan;
    *v = (struct envelope){.source = {.read = read_data}, .from = from};
    if (scan_init(&scan) != 0)
        return err_set(e, MSG_SPOOL_FULL, "out of memory");
    int found = 0;
    while (found == 0) {
        long n = v->len < sizeof(v->head) ? from->read(from, v->head + v->len, sizeof(v->head) - v->len, e) : -2;
        v->len += n > 0 ? (size_t)n : 0;
        found = n == -1 ? -1 : n == -2 ? refuse(MSG_CLASSIC_MISSING, (int64_t)v->len, "data", strlen("data"), e)
                                       : read_head(v, &scan, n == 0, e);
    }
    scan_free(&scan);
    v->offset = (int64_t)v->at;
    for (size_t i = 0; found == 1 && i < 2; i++)
        if (*((char *)v + members[i].offset) == '\0')
            found = refuse(MSG_CLASSIC_MISSING, v->offset, members[i].name, strlen(members[i].name), e);
    return found == 1 ? 0 : -1;
}
