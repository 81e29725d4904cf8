/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "xmlin.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "category.h"
#include "enc.h"
#include "err.h"
#include "field.h"
#include "scan.h"
#include "xml.h"

#include "poison.h"

#define INPUT_BYTES ((size_t)16 * 1024)
#define OUTPUT_SLACK ((size_t)1024 * 1024) /* what the elements around the values become */

enum frame_kind { FRAME_RECORDS, FRAME_RECORD, FRAME_OBJECT, FRAME_LIST, FRAME_VALUE };

/* An element that is open. */
struct frame {
    enum frame_kind kind;
    const struct field *field;   /* NULL: a text that every record may have */
    const struct fields *fields; /* of a record or an object */
    bool nil;
    bool opened; /* its bracket has been written */
    bool wrong;  /* it holds what cannot be in it, and {} has been written, or will be */
    bool number; /* a value without a field that is one */
    size_t count; /* of what has been written in it */
};

struct xmlin {
    struct source source; /* first, so that the source's self is the xmlin */
    struct source *from;
    const struct category *category;
    int64_t max_body, got;
    size_t max_record;
    size_t records; /* that have begun */
    struct xml *xml;
    struct frame frames[XML_DEPTH_MAX];
    int depth;
    int skipped; /* elements that are open and lead to nothing */
    struct buf text; /* of the innermost element */
    struct buf out;
    size_t at; /* in out: what has been given on */
    bool ended;
    char input[INPUT_BYTES];
};

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The text without the white space around it. */
static const char *trim(const struct buf *text, size_t *len_out)
{
    const char *p = buf_text(text);
    size_t len = text->len;
    while (len > 0 && is_space(*p)) {
        p++;
        len--;
    }
    while (len > 0 && is_space(p[len - 1]))
        len--;
    *len_out = len;
    return p;
}

static bool is_number(const char *text, size_t len)
{
    struct scan scan = {0};
    bool integer;
    scan_begin(&scan, text, len, true, 0);
    return len > 0 && (*text == '-' || (*text >= '0' && *text <= '9')) && scan_number(&scan, &integer) && scan.p == scan.end;
}

/* The words of XML Schema for a truth value. NULL: it is none. */
static const char *truth_of(const char *text, size_t len)
{
    static const char *const words[][2] = {{"true", "true"}, {"1", "true"}, {"false", "false"}, {"0", "false"}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strlen(words[i][0]) == len && memcmp(words[i][0], text, len) == 0)
            return words[i][1];
    return NULL;
}

/* What is no number where one is wanted stays a text: the check says what it should have been. */
static void put_value(struct xmlin *x, const struct frame *f)
{
    size_t len;
    const char *text = trim(&x->text, &len);
    enum field_type type = f->field == NULL ? FIELD_STRING : f->field->type;
    bool number = f->number || type == FIELD_INTEGER || type == FIELD_DECIMAL;
    const char *truth = type == FIELD_BOOLEAN ? truth_of(text, len) : NULL;
    if (number && is_number(text, len))
        buf_add(&x->out, text, len);
    else if (truth != NULL)
        buf_add_text(&x->out, truth);
    else
        enc_json(&x->out, buf_text(&x->text), x->text.len);
}

static struct frame *top(struct xmlin *x)
{
    return &x->frames[x->depth - 1];
}

static void push(struct xmlin *x, const struct frame *frame)
{
    x->frames[x->depth++] = *frame;
    buf_clear(&x->text);
}

/* A fault at the line that is being read; of an element, or NULL. */
static int fault_at(const struct xmlin *x, enum msg_id id, const char *name, struct err *e)
{
    (void)err_set(e, id, "line %lu", xml_line(x->xml));
    msg_arg(&e->msg, "line", "%lu", xml_line(x->xml));
    if (name != NULL)
        msg_arg_text(&e->msg, "name", name, strlen(name));
    return -1;
}

static int no_text(const struct xmlin *x, struct err *e)
{
    size_t len;
    (void)trim(&x->text, &len);
    return len == 0 ? 0 : fault_at(x, MSG_XML_TEXT, NULL, e);
}

/* Writes the bracket that the first of an object or a list needs, or the comma before any other. */
static void next_in(struct xmlin *x, struct frame *f, char bracket)
{
    if (f->opened)
        buf_add_text(&x->out, f->count > 0 ? "," : "");
    else
        buf_add_char(&x->out, bracket);
    f->opened = true;
    f->count++;
}

/* A value of a field, of its list, or of what every record may have. */
static void begin_value(struct xmlin *x, const struct field *field, bool item, bool nil)
{
    struct frame frame = {.kind = FRAME_VALUE, .field = field, .nil = nil};
    if (field != NULL && field->multiple && !item)
        frame.kind = FRAME_LIST;
    else if (field != NULL && field->type == FIELD_OBJECT)
        frame.kind = FRAME_OBJECT;
    if (frame.kind == FRAME_OBJECT)
        frame.fields = &field->members;
    push(x, &frame);
}

static void begin_member(struct xmlin *x, const char *name, bool nil)
{
    struct frame *f = top(x);
    const char *alias;
    size_t len = strlen(name);
    next_in(x, f, '{');
    enc_json(&x->out, name, len);
    buf_add_char(&x->out, ':');
    bool version = f->kind == FRAME_RECORD && strcmp(name, "version") == 0;
    if (version || (f->kind == FRAME_RECORD && strcmp(name, "id") == 0)) {
        push(x, &(struct frame){.kind = FRAME_VALUE, .nil = nil, .number = version});
        return;
    }
    long i = fields_find(f->fields, name, len);
    if (i < 0)
        i = fields_find_alias(f->fields, name, len, &alias);
    if (i >= 0) {
        begin_value(x, &f->fields->items[i], false, nil);
        return;
    }
    buf_add_text(&x->out, "null");
    x->skipped = 1;
}

static int begin_item(struct xmlin *x, const char *name, bool nil, struct err *e)
{
    struct frame *f = top(x);
    if (strcmp(name, "item") == 0) {
        next_in(x, f, '[');
        begin_value(x, f->field, true, nil);
        return 0;
    }
    if (f->opened)
        return fault_at(x, MSG_XML_ITEM, name, e);
    f->wrong = true;
    x->skipped = 1;
    return 0;
}

static int begin_record(struct xmlin *x, const char *name, struct err *e)
{
    if (strcmp(name, "record") != 0)
        return fault_at(x, MSG_XML_RECORD, name, e);
    if (x->depth > 0)
        next_in(x, top(x), '[');
    push(x, &(struct frame){.kind = FRAME_RECORD, .fields = &x->category->fields});
    x->records++;
    return 0;
}

static int begin_document(struct xmlin *x, const char *name, struct err *e)
{
    if (strcmp(name, "records") != 0)
        return strcmp(name, "record") == 0 ? begin_record(x, name, e) : fault_at(x, MSG_XML_ROOT, name, e);
    push(x, &(struct frame){.kind = FRAME_RECORDS});
    return 0;
}

static int on_start(void *context, const char *name, bool nil, struct err *e)
{
    struct xmlin *x = context;
    if (x->skipped > 0) {
        x->skipped++;
        return 0;
    }
    if (x->depth == 0)
        return begin_document(x, name, e);
    struct frame *f = top(x);
    if (f->kind == FRAME_VALUE || f->wrong) {
        f->wrong = true;
        x->skipped = 1;
        return 0;
    }
    if (no_text(x, e) != 0)
        return -1;
    buf_clear(&x->text); /* or it would be looked at again before the next */
    switch (f->kind) {
    case FRAME_RECORDS: return begin_record(x, name, e);
    case FRAME_LIST: return begin_item(x, name, nil, e);
    default: begin_member(x, name, nil); return 0;
    }
}

static int on_text(void *context, const char *text, size_t len, struct err *e)
{
    struct xmlin *x = context;
    if (x->skipped > 0 || x->depth == 0)
        return 0;
    buf_add(&x->text, text, len);
    if (x->text.len <= x->max_record && !buf_failed(&x->text))
        return 0;
    size_t index = x->records > 0 ? x->records - 1 : 0;
    (void)err_set(e, MSG_RECORD_TOO_LARGE, "record %zu", index);
    msg_arg(&e->msg, "index", "%zu", index);
    msg_arg(&e->msg, "limit", "%zu", x->max_record);
    return -1;
}

/* What stands for an element of which nothing has been written. */
static void put_whole(struct xmlin *x, const struct frame *f)
{
    static const char *const empty[] = {[FRAME_RECORDS] = "[]", [FRAME_RECORD] = "{}", [FRAME_OBJECT] = "{}", [FRAME_LIST] = "[]"};
    size_t len;
    (void)trim(&x->text, &len);
    if (f->wrong)
        buf_add_text(&x->out, "{}");
    else if (f->nil && len == 0)
        buf_add_text(&x->out, "null");
    else if (len == 0 && f->kind != FRAME_VALUE)
        buf_add_text(&x->out, empty[f->kind]);
    else
        put_value(x, f);
}

static int on_end(void *context, struct err *e)
{
    struct xmlin *x = context;
    if (x->skipped > 0) {
        x->skipped--;
        return 0;
    }
    const struct frame *f = top(x);
    bool holds_elements = f->kind == FRAME_RECORDS || f->kind == FRAME_RECORD || f->opened;
    if (holds_elements && no_text(x, e) != 0)
        return -1;
    if (f->opened)
        buf_add_char(&x->out, f->kind == FRAME_LIST || f->kind == FRAME_RECORDS ? ']' : '}');
    else
        put_whole(x, f);
    x->depth--;
    buf_clear(&x->text);
    return 0;
}

/* Reads more XML, and makes JSON of it. */
static int refill(struct xmlin *x, struct err *e)
{
    buf_clear(&x->out);
    x->at = 0;
    long n = x->from->read(x->from, x->input, sizeof(x->input), e);
    if (n < 0)
        return -1;
    x->ended = n == 0;
    x->got += n;
    if (x->got > x->max_body) {
        (void)err_set(e, MSG_BODY_TOO_LARGE, "%s", "");
        msg_arg(&e->msg, "limit", "%lld", (long long)x->max_body);
        return -1;
    }
    if (xml_feed(x->xml, x->input, (size_t)n, x->ended, e) != 0)
        return -1;
    return buf_failed(&x->out) ? err_set(e, MSG_SPOOL_FULL, "out of memory for a record") : 0;
}

static long read_json(struct source *self, char *to, size_t room, struct err *e)
{
    struct xmlin *x = (struct xmlin *)(void *)self;
    while (x->at == x->out.len && !x->ended)
        if (refill(x, e) != 0)
            return -1;
    size_t rest = x->out.len - x->at;
    size_t n = rest < room ? rest : room;
    if (n > 0)
        memcpy(to, x->out.data + x->at, n);
    x->at += n;
    return (long)n;
}

struct xmlin *xmlin_new(struct source *from, const struct category *category, int64_t max_body, size_t max_record)
{
    struct xmlin *x = calloc(1, sizeof(*x));
    if (x == NULL)
        return NULL;
    const struct xml_sink sink = {.start = on_start, .text = on_text, .end = on_end, .context = x};
    x->source.read = read_json;
    x->from = from;
    x->category = category;
    x->max_body = max_body;
    x->max_record = max_record;
    buf_init(&x->text, max_record + INPUT_BYTES);
    buf_init(&x->out, 2 * (max_record + INPUT_BYTES) + OUTPUT_SLACK);
    x->xml = xml_new(&sink);
    if (x->xml != NULL)
        return x;
    free(x);
    return NULL;
}

struct source *xmlin_source(struct xmlin *x)
{
    return &x->source;
}

void xmlin_free(struct xmlin *x)
{
    if (x == NULL)
        return;
    xml_free(x->xml);
    buf_free(&x->text);
    buf_free(&x->out);
    free(x);
}
