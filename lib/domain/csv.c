/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "csv.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "check.h"
#include "field.h"
#include "num.h"
#include "scan.h"

#include "poison.h"

#define TEXT_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* Where a field's value stands in the record at hand. */
struct slot {
    const char *raw; /* NULL: the record has no such member */
    size_t len;
    enum scan_kind kind;
};

struct csv {
    const struct fields *fields;
    struct slot *slots; /* one a field */
    struct scan scan;
    struct buf text; /* a string without its escapes */
    bool begun;      /* the row has a cell */
};

struct csv *csv_new(const struct fields *fields)
{
    struct csv *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return NULL;
    c->fields = fields;
    c->slots = calloc(fields->count + 1, sizeof(*c->slots));
    buf_init(&c->text, TEXT_MAX_BYTES);
    if (scan_init(&c->scan) == 0 && c->slots != NULL)
        return c;
    csv_free(c);
    return NULL;
}

void csv_free(struct csv *c)
{
    if (c == NULL)
        return;
    scan_free(&c->scan);
    buf_free(&c->text);
    free(c->slots);
    free(c);
}

/* What spreadsheets take for the start of a formula; Chinese and Japanese ones also where it is typed full-width. */
static bool is_formula(const char *text, size_t len)
{
    static const char *const starts[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        size_t n = strlen(starts[i]);
        if (len >= n && memcmp(text, starts[i], n) == 0)
            return true;
    }
    return false;
}

static bool needs_quotes(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] == '"' || text[i] == ',' || text[i] == '\r' || text[i] == '\n')
            return true;
    return len > 0 && (text[0] == ' ' || text[len - 1] == ' ');
}

static void add_quoted(struct buf *to, const char *text, size_t len)
{
    const char *end = text + len;
    buf_add_char(to, '"');
    while (text < end) {
        const char *quote = memchr(text, '"', (size_t)(end - text));
        const char *stop = quote == NULL ? end : quote + 1;
        buf_add(to, text, (size_t)(stop - text));
        if (quote != NULL)
            buf_add_char(to, '"');
        text = stop;
    }
    buf_add_char(to, '"');
}

static void add_cell(struct csv *c, struct buf *to, const char *text, size_t len)
{
    if (c->begun)
        buf_add_char(to, ',');
    c->begun = true;
    if (needs_quotes(text, len))
        add_quoted(to, text, len);
    else
        buf_add(to, text, len);
}

void csv_text(struct csv *c, struct buf *to, const char *text, size_t len)
{
    if (!is_formula(text, len)) {
        add_cell(c, to, text, len);
        return;
    }
    struct buf guarded;
    buf_init(&guarded, TEXT_MAX_BYTES);
    buf_add_char(&guarded, '\'');
    buf_add(&guarded, text, len);
    add_cell(c, to, buf_text(&guarded), guarded.len);
    to->failed = to->failed || buf_failed(&guarded);
    buf_free(&guarded);
}

void csv_names(struct csv *c, struct buf *to)
{
    for (size_t i = 0; i < c->fields->count; i++)
        add_cell(c, to, c->fields->items[i].name, strlen(c->fields->items[i].name));
}

static bool read_member(struct csv *c, const struct scan_string *name)
{
    struct slot slot;
    size_t len;
    const char *text = scan_text(&c->scan, name, &len);
    long field = text == NULL ? -1 : fields_find(c->fields, text, len);
    if (!scan_kind(&c->scan, &slot.kind))
        return false;
    slot.raw = c->scan.p;
    if (!scan_skip(&c->scan))
        return false;
    slot.len = (size_t)(c->scan.p - slot.raw);
    if (field >= 0)
        c->slots[field] = slot;
    return true;
}

static bool read_record(struct csv *c, const char *json, size_t len)
{
    size_t mark;
    enum scan_kind kind;
    for (size_t i = 0; i < c->fields->count; i++)
        c->slots[i] = (struct slot){0};
    scan_begin(&c->scan, json, len, true, 0);
    if (!scan_kind(&c->scan, &kind) || kind != SCAN_OBJECT || !scan_open(&c->scan, &mark))
        return false;
    for (bool first = true;; first = false) {
        struct scan_string name;
        bool done;
        if (!scan_member(&c->scan, mark, first, &name, &done))
            return false;
        if (done)
            return true;
        if (!read_member(c, &name))
            return false;
    }
}

static void add_string(struct csv *c, struct buf *to, const struct field *f, const struct slot *slot)
{
    buf_clear(&c->text);
    scan_decode(&c->text, slot->raw + 1, slot->len - 2);
    const char *text = buf_text(&c->text);
    bool numeric = f->type == FIELD_INTEGER || f->type == FIELD_DECIMAL;
    if (numeric && num_is_decimal(text, c->text.len, CHECK_DECIMAL_DIGITS))
        add_cell(c, to, text, c->text.len);
    else
        csv_text(c, to, text, c->text.len);
    to->failed = to->failed || buf_failed(&c->text);
}

int csv_values(struct csv *c, struct buf *to, const char *json, size_t len)
{
    if (!read_record(c, json, len))
        return -1;
    for (size_t i = 0; i < c->fields->count; i++) {
        const struct slot *slot = &c->slots[i];
        if (slot->raw == NULL || slot->kind == SCAN_NULL)
            add_cell(c, to, "", 0);
        else if (slot->kind == SCAN_STRING)
            add_string(c, to, &c->fields->items[i], slot);
        else
            add_cell(c, to, slot->raw, slot->len);
    }
    return 0;
}

void csv_end(struct csv *c, struct buf *to)
{
    buf_add_text(to, "\r\n");
    c->begun = false;
}
