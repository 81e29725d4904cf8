/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading back: GET /v1/records/{category}/{resource} page by page, GET …/{id} one record; DELETE …/{id} withdraws it.
 */
#include "config.h"

#include <json.h>
#include <string.h>

#include "accept.h"
#include "category.h"
#include "cursor.h"
#include "enc.h"
#include "err.h"
#include "form.h"
#include "gbtime.h"
#include "handlers.h"
#include "ingest.h"
#include "num.h"
#include "precondition.h"
#include "record.h"
#include "recordstore.h"
#include "reply.h"
#include "request.h"
#include "utf8.h"
#include "xmlreply.h"

#include "poison.h"

#define XML_GROWTH 4 /* how much larger a page may be in XML */
#define PAGE_BYTES ((size_t)8 * 1024 * 1024) /* a page ends early behind this, so that large records make no large reply */
#define VALUE_MAX_BYTES 256

static struct record_scope scope_of(const struct context *ctx)
{
    return (struct record_scope){.client = ctx->caller.client, .category = ctx->category->code,
                                 .resource = ctx->resource->code, .sealing = &ctx->state->sealing};
}

static int no_such_record(const struct request *request, struct err *e)
{
    const struct buf *id = &request->params[2];
    (void)err_set(e, MSG_NO_SUCH_RECORD, "%s", "");
    msg_arg_text(&e->msg, "id", buf_text(id), id->len);
    return -1;
}

/* Writes a record as it is read back. The record itself is put in as the bytes that were stored. */
static void write_envelope(const struct context *ctx, const struct stored_record *r, const char *request_id,
                           struct buf *to)
{
    buf_add_text(to, "{\"id\":");
    enc_json(to, r->id, r->id_len);
    buf_printf(to, ",\"category\":\"%s\",\"resource\":\"%s\",\"revision\":%lld,\"state\":\"%s\",\"batch\":\"%s\","
               "\"created_at\":\"%s\",\"updated_at\":\"%s\"", ctx->category->code, ctx->resource->code,
               (long long)r->revision, r->state, r->batch, r->created_at, r->updated_at);
    if (r->version != RECORD_NO_VERSION)
        buf_printf(to, ",\"version\":%lld", (long long)r->version);
    if (r->category_version != NULL)
        buf_printf(to, ",\"category_version\":\"%s\"", r->category_version);
    if (r->sent != NULL) {
        buf_add_text(to, ",\"sent\":");
        buf_add(to, r->sent, r->sent_len);
    }
    if (request_id != NULL)
        buf_printf(to, ",\"request_id\":\"%s\"", request_id);
    buf_add_text(to, ",\"record\":");
    buf_add(to, r->fields, r->fields_len);
    buf_add_char(to, '}');
}

/* One record on its way to the reply. */
struct single {
    struct context *ctx;
    const struct request *request;
    struct reply *reply;
    int64_t expect;
    int64_t revision; /* that it has now */
    bool withdrawn;   /* it was, before this request */
    bool met;         /* the expectation */
};

static void answer_single(void *context, const struct stored_record *r)
{
    struct single *s = context;
    s->revision = r->revision;
    s->withdrawn = strcmp(r->state, "withdrawn") == 0;
    s->met = s->expect == r->revision || s->expect == INGEST_EXPECT_NOTHING || s->expect == INGEST_EXPECT_STORED;
    reply_clear(s->reply);
    reply_header(s->reply, "ETag", "\"%lld\"", (long long)r->revision);
    if (s->request->method != METHOD_DELETE && precondition_not_modified(s->request, r->revision)) {
        s->reply->status = 304;
        return;
    }
    s->reply->status = 200;
    reply_header(s->reply, "Content-Type", REQUEST_JSON);
    write_envelope(s->ctx, r, s->request->id, &s->reply->body);
    buf_add_char(&s->reply->body, '\n');
}

static int find_single(struct single *s, struct err *e)
{
    const struct buf *id = &s->request->params[2];
    struct record_scope scope = scope_of(s->ctx);
    int found = recordstore_find(s->ctx->state->db, &scope, buf_text(id), id->len, answer_single, s, e);
    if (found == 1 && buf_failed(&s->reply->body))
        return err_set(e, MSG_INTERNAL, "out of memory for a record");
    return found == 1 ? 0 : found == 0 ? no_such_record(s->request, e) : -1;
}

int on_record_get(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    struct single s = {.ctx = ctx, .request = request, .reply = reply};
    return find_single(&s, e);
}

/* Withdraws first and looks afterwards, so that nobody comes in between. A record that was withdrawn before stays so. */
int on_record_delete(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    const struct buf *id = &request->params[2];
    struct single s = {.ctx = ctx, .request = request, .reply = reply};
    struct record_scope scope = scope_of(ctx);
    if (precondition_read(request, &s.expect, e) != 0)
        return -1;
    bool never = s.expect == INGEST_EXPECT_NEW; /* If-None-Match: * */
    int done = never ? 0
                     : recordstore_withdraw(ctx->state->db, &scope, buf_text(id), id->len, s.expect > 0 ? s.expect : 0, e);
    if (done < 0 || find_single(&s, e) != 0)
        return -1;
    if (done == 1 || (s.withdrawn && s.met))
        return 0;
    return recordstore_unmet(buf_text(id), id->len, s.withdrawn ? "withdrawn" : "live", s.revision, e);
}

enum { AFTER, LIMIT, UPDATED_SINCE, STATE, PARAMETER_N };

/* A page while it is being written. */
struct listing {
    struct context *ctx;
    const struct request *request;
    struct reply *reply;
    bool lines, xml;
    int64_t limit;
    int64_t count;
    bool full;         /* it ended before its rows did */
    struct buf cursor; /* of the last record that is in it */
    bool by_change;
};

/* Makes one line of what was written from `start` on. Within a string JSON has no line break, so those between the members of a
 * record that was sent so may become spaces. */
static void end_line(struct buf *to, size_t start)
{
    for (size_t i = start; i < to->len; i++)
        if (to->data[i] == '\n' || to->data[i] == '\r')
            to->data[i] = ' ';
    buf_add_char(to, '\n');
}

static void add_to_page(void *context, const struct stored_record *r)
{
    struct listing *l = context;
    struct buf *to = &l->reply->body;
    l->full = l->full || to->len > (l->xml ? PAGE_BYTES / XML_GROWTH : PAGE_BYTES) || l->count == l->limit;
    if (l->full)
        return;
    if (l->count++ > 0 && !l->lines)
        buf_add_char(to, ',');
    size_t start = to->len;
    write_envelope(l->ctx, r, NULL, to);
    if (l->lines)
        end_line(to, start);
    buf_clear(&l->cursor);
    if (l->by_change)
        buf_printf(&l->cursor, "u%s %lld", r->changed, (long long)r->seq);
    else
        buf_add_char(&l->cursor, 'i');
    if (!l->by_change)
        buf_add(&l->cursor, r->id, r->id_len);
}

/* Sets where the page begins. `start` holds the texts that the page borrows. */
static int begin_page(struct form_field *fields, struct record_page *page, struct buf *start, struct err *e)
{
    const struct buf *since = &fields[UPDATED_SINCE].value;
    if (cursor_read(&fields[AFTER], start, e) != 0)
        return -1;
    bool resumed = start->len > 0;
    if (since->len == 0) {
        page->after_id = resumed ? start->data + 1 : "";
        page->after_id_len = resumed ? start->len - 1 : 0;
        return !resumed || (start->data[0] == 'i' && utf8_is_valid(page->after_id, page->after_id_len))
                   ? 0 : cursor_bad("next", e);
    }
    if (!resumed) {
        page->since = buf_text(since);
        return 0;
    }
    /* "u2024-10-09 15:30:00.123 42" */
    char *space = start->data[0] == 'u' ? strrchr(start->data, ' ') : NULL;
    if (space == NULL || !num_parse(space + 1, strlen(space + 1), 1, INT64_MAX, &page->after_seq) ||
        strspn(start->data + 1, "0123456789-:. ") != start->len - 1)
        return cursor_bad("next", e);
    *space = '\0';
    page->since = start->data + 1;
    return 0;
}

/* Turns `updated_since` into what the database compares with. */
static int read_since(struct form_field *field, struct err *e)
{
    struct gbtime time;
    char sql[GBTIME_SQL_SIZE];
    struct buf *value = &field->value;
    if (value->len == 0)
        return 0;
    /* A plus that was not percent-encoded has become a space. */
    char *space = memchr(value->data, ' ', value->len);
    if (space != NULL)
        *space = '+';
    if (!gbtime_datetime(buf_text(value), value->len, &time) || !gbtime_sql(sql, &time))
        return cursor_bad_parameter(field, "2024-10-09T15:30:00+08:00", e);
    buf_clear(value);
    buf_add_text(value, sql);
    return 0;
}

static int read_state(const struct form_field *field, struct record_page *page, struct err *e)
{
    static const char *const states[] = {"live", "withdrawn", "all"};
    page->state = states[0];
    if (field->value.len == 0)
        return 0;
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (strcmp(states[i], buf_text(&field->value)) == 0) {
            page->state = states[i];
            return 0;
        }
    return cursor_bad_parameter(field, "live, withdrawn, all", e);
}

/* Link to the next page (RFC 8288), with the parameters of this one. */
static void add_link(struct listing *l, const struct form_field *fields, const char *next)
{
    const struct request *r = l->request;
    struct buf url;
    buf_init(&url, 4096);
    request_base_url(r, l->ctx->state->conf, &url);
    buf_add(&url, r->path, r->path_len);
    buf_printf(&url, "?limit=%lld&after=%s", (long long)l->limit, next);
    if (fields[UPDATED_SINCE].value.len > 0)
        buf_printf(&url, "&updated_since=%.10sT%.8s%%2B08:00", buf_text(&fields[UPDATED_SINCE].value),
                   buf_text(&fields[UPDATED_SINCE].value) + 11);
    if (fields[STATE].value.len > 0)
        buf_printf(&url, "&state=%s", buf_text(&fields[STATE].value));
    if (!buf_failed(&url))
        reply_header(l->reply, "Link", "<%s>; rel=\"next\"", buf_text(&url));
    buf_free(&url);
}

static int write_page(struct listing *l, struct form_field *fields, const struct record_page *page, struct err *e)
{
    struct record_scope scope = scope_of(l->ctx);
    struct buf *to = &l->reply->body;
    struct buf next;
    buf_init(&next, CURSOR_MAX_BYTES);
    if (!l->lines)
        buf_printf(to, "{\"category\":\"%s\",\"resource\":\"%s\",\"records\":[", scope.category, scope.resource);
    int rc = recordstore_list(l->ctx->state->db, &scope, page, add_to_page, l, e);
    if (l->full)
        enc_hex(&next, buf_text(&l->cursor), l->cursor.len);
    if (!l->lines) {
        buf_add_text(to, "],\"next\":");
        buf_printf(to, l->full ? "\"%s\"" : "null%s", buf_text(&next));
        buf_printf(to, ",\"request_id\":\"%s\"}\n", l->request->id);
    }
    if (rc == 0 && buf_failed(to))
        rc = err_set(e, MSG_INTERNAL, "out of memory for a page");
    l->reply->status = 200;
    reply_header(l->reply, "Content-Type", "%s", l->lines ? REQUEST_LINES : REQUEST_JSON);
    if (l->full)
        add_link(l, fields, buf_text(&next));
    buf_free(&next);
    return rc;
}

int on_records_list(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    struct form_field fields[PARAMETER_N] = {[AFTER] = {.name = "after"}, [LIMIT] = {.name = "limit"},
                                             [UPDATED_SINCE] = {.name = "updated_since"}, [STATE] = {.name = "state"}};
    struct listing l = {.ctx = ctx, .request = request, .reply = reply, .xml = xmlreply_wanted(request), .lines = accept_names(request->facts.accept, REQUEST_LINES)};
    struct record_page page = {0};
    struct buf start;
    buf_init(&start, CURSOR_MAX_BYTES);
    buf_init(&l.cursor, CURSOR_MAX_BYTES);
    for (size_t i = 0; i < PARAMETER_N; i++)
        buf_init(&fields[i].value, i == AFTER ? 2 * CURSOR_MAX_BYTES : VALUE_MAX_BYTES);
    int rc = -1;
    if (request_query(request, fields, PARAMETER_N, e) == 0 && cursor_limit(&fields[LIMIT], &l.limit, e) == 0 &&
        read_since(&fields[UPDATED_SINCE], e) == 0 && read_state(&fields[STATE], &page, e) == 0 &&
        begin_page(fields, &page, &start, e) == 0) {
        l.by_change = page.since != NULL;
        page.limit = l.limit + 1; /* one more tells whether there is a next page */
        rc = write_page(&l, fields, &page, e);
    }
    for (size_t i = 0; i < PARAMETER_N; i++)
        buf_free(&fields[i].value);
    buf_free(&start);
    buf_free(&l.cursor);
    return rc;
}
