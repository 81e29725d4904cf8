/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "itemtable.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "category.h"
#include "codelist.h"
#include "field.h"
#include "gbwords.h"
#include "idcode.h"
#include "words.h"
#include "xmlout.h"

#include "poison.h"

#define CODES_MAX 100 /* of a list that is written out; longer ones are named only */
#define CELL_MAX_BYTES ((size_t)64 * 1024)
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What a look puts around headings, paragraphs and cells, and how it writes text. */
static const struct look {
    const char *heading[2][2]; /* of the first level, of the second */
    const char *paragraph[2];
    const char *table[2], *row[2], *head[2], *cell[2], *code[2];
    bool rule; /* a line stands between heads and rows */
} looks[] = {
    [ITEMTABLE_MARKDOWN] = {.heading = {{"# ", "\n\n"}, {"\n## ", "\n\n"}}, .paragraph = {"", "\n\n"}, .table = {"", ""},
                            .row = {"|", "\n"}, .head = {" ", " |"}, .cell = {" ", " |"}, .code = {" `", "` |"}, .rule = true},
    [ITEMTABLE_HTML] = {.heading = {{"<h1>", "</h1>\n"}, {"<h2>", "</h2>\n"}}, .paragraph = {"<p>", "</p>\n"},
                        .table = {"<table>\n", "</table>\n"}, .row = {"<tr>", "</tr>\n"}, .head = {"<th scope=\"col\">", "</th>"},
                        .cell = {"<td>", "</td>"}, .code = {"<td><code>", "</code></td>"}},
};

/* Where it is written. */
struct page {
    struct buf *to;
    enum itemtable_look look;
    int number; /* of the last item */
};

static void put_text(const struct page *p, const char *text)
{
    if (p->look == ITEMTABLE_HTML) {
        xmlout_text(p->to, text, strlen(text), false);
        return;
    }
    for (; *text != '\0'; text++) {
        if (strchr("|\\<`*_", *text) != NULL)
            buf_add_char(p->to, '\\');
        buf_add_char(p->to, *text == '\n' ? ' ' : *text);
    }
}

static void put_in(const struct page *p, const char *const around[2], const char *text)
{
    buf_add_text(p->to, around[0]);
    if (around == looks[p->look].code && p->look == ITEMTABLE_MARKDOWN)
        buf_add_text(p->to, text); /* a name, in which nothing is special */
    else
        put_text(p, text == NULL ? "" : text);
    buf_add_text(p->to, around[1]);
}

static void begin_table(const struct page *p, const char *const *heads, size_t count)
{
    const struct look *look = &looks[p->look];
    buf_add_text(p->to, look->table[0]);
    buf_add_text(p->to, look->row[0]);
    for (size_t i = 0; i < count; i++)
        put_in(p, look->head, words_own(heads[i]));
    buf_add_text(p->to, look->row[1]);
    if (!look->rule)
        return;
    buf_add_text(p->to, look->row[0]);
    for (size_t i = 0; i < count; i++)
        buf_add_text(p->to, " --- |");
    buf_add_text(p->to, look->row[1]);
}

static void write_length(const struct field *f, struct buf *to)
{
    if (f->min_length > 0 && f->max_length >= 0)
        buf_printf(to, "%lld–%lld", (long long)f->min_length, (long long)f->max_length);
    else if (f->max_length >= 0)
        buf_printf(to, "≤ %lld", (long long)f->max_length);
    else if (f->min_length > 0)
        buf_printf(to, "≥ %lld", (long long)f->min_length);
}

/* What values there may be. */
static void write_domain(const struct field *f, struct buf *to)
{
    char words[200];
    const char *parts[] = {
        f->codelist == NULL ? NULL : f->codelist->name, f->format == NULL ? NULL : _(f->format->noun), f->pattern,
        !f->canonical ? NULL : gbwords_list(words, sizeof(words), f->rules.forms & field_forms[f->type].allowed)};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i] == NULL)
            continue;
        buf_add_text(to, to->len > 0 ? _("; ") : "");
        buf_add_text(to, parts[i]);
    }
    if (f->min != NULL || f->max != NULL)
        buf_printf(to, "%s%s … %s", to->len > 0 ? _("; ") : "", f->min == NULL ? "" : f->min, f->max == NULL ? "" : f->max);
}

/* The cells of a row, of which one is a name as programs know it. */
static void put_row(const struct page *p, const char *const *cells, size_t count, size_t name)
{
    const struct look *look = &looks[p->look];
    buf_add_text(p->to, look->row[0]);
    for (size_t i = 0; i < count; i++)
        put_in(p, i == name ? look->code : look->cell, cells[i]);
    buf_add_text(p->to, look->row[1]);
}

static void put_item(struct page *p, const struct field *f, const char *parent)
{
    char number[16], name[4 * FIELD_NAME_MAX];
    struct buf length, domain, remarks;
    buf_init(&length, CELL_MAX_BYTES);
    buf_init(&domain, CELL_MAX_BYTES);
    buf_init(&remarks, CELL_MAX_BYTES);
    (void)snprintf(number, sizeof(number), "%d", ++p->number);
    (void)snprintf(name, sizeof(name), "%s%s%s", parent, *parent == '\0' ? "" : ".", f->name);
    write_length(f, &length);
    write_domain(f, &domain);
    buf_printf(&remarks, "%s%s", f->deprecated != NULL ? f->deprecated : f->description == NULL ? "" : f->description,
               f->deprecated != NULL ? _(" (out of use)") : "");
    const char *const cells[] = {number, name, f->label, f->label_en, _(field_types[f->type].noun), buf_text(&length),
                                 f->required ? _("required") : _("optional"), f->multiple ? "N" : "1", buf_text(&domain), buf_text(&remarks)};
    put_row(p, cells, COUNT_OF(cells), 1);
    buf_free(&length);
    buf_free(&domain);
    buf_free(&remarks);
    for (size_t i = 0; i < f->members.count; i++)
        put_item(p, &f->members.items[i], name);
}

static void put_items(struct page *p, const struct category *c)
{
    static const char *const heads[] = {
        N_("Number"), N_("Identifier"), N_("Chinese name"), N_("English name"), N_("Data type"), N_("Length (characters)"), N_("Obligation"),
        N_("Most occurrences"), N_("Values"), N_("Remarks")};
    const char *const id[] = {"1", "id", words_in(MSG_ZH, N_("Record id")), "Record id", _(field_types[FIELD_STRING].noun), "1–128",
                              _("required"), "1", "", _("the sender's own key")};
    put_in(p, looks[p->look].heading[1], _("Items"));
    begin_table(p, heads, COUNT_OF(heads));
    put_row(p, id, COUNT_OF(id), 1);
    p->number = 1;
    for (size_t i = 0; i < c->fields.count; i++)
        put_item(p, &c->fields.items[i], "");
    buf_add_text(p->to, looks[p->look].table[1]);
}

static void put_codes(const struct page *p, const struct codelist *list)
{
    static const char *const heads[] = {N_("Code"), N_("Name")};
    char title[512];
    (void)snprintf(title, sizeof(title), _("Code list: %s (%s, %zu codes)"), list->name, list->code, list->count);
    put_in(p, looks[p->look].heading[1], title);
    if (list->count > CODES_MAX)
        return;
    begin_table(p, heads, COUNT_OF(heads));
    for (size_t k = 0; k < list->count; k++)
        put_row(p, (const char *const[]){list->items[k].code, list->items[k].name}, 2, 0);
    buf_add_text(p->to, looks[p->look].table[1]);
}

/* The lists of the fields' codes, each once. */
static void put_codelists(const struct page *p, const struct fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct codelist *list = fields->items[i].codelist;
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || fields->items[k].codelist == list;
        if (list != NULL && !again)
            put_codes(p, list);
        put_codelists(p, &fields->items[i].members);
    }
}

static void put_head(const struct page *p, const struct category *c)
{
    static const char *const heads[] = {N_("Resource"), N_("Name")};
    const struct {
        const char *before, *text;
    } facts[] = {{"", c->description}, {_("Version: "), c->version}, {_("Follows: "), c->standard}};
    char text[1024];
    (void)snprintf(text, sizeof(text), _("%s (%s)"), c->name, c->code);
    put_in(p, looks[p->look].heading[0], text);
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        if (facts[i].text == NULL)
            continue;
        buf_add_text(p->to, looks[p->look].paragraph[0]);
        put_text(p, facts[i].before);
        put_text(p, facts[i].text);
        buf_add_text(p->to, looks[p->look].paragraph[1]);
    }
    begin_table(p, heads, COUNT_OF(heads));
    for (size_t i = 0; i < c->resource_count; i++)
        put_row(p, (const char *const[]){c->resources[i].code, c->resources[i].name}, 2, 0);
    buf_add_text(p->to, looks[p->look].table[1]);
}

void itemtable_write(struct buf *to, const struct category *c, enum itemtable_look look)
{
    struct page page = {.to = to, .look = look};
    if (look == ITEMTABLE_HTML) {
        buf_printf(to, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n<title>", msg_lang_tag(words_language()));
        put_text(&page, c->name);
        buf_add_text(to, "</title>\n<style>\nbody { font-family: sans-serif; margin: 2em }\ntable { border-collapse: collapse }\n"
                         "th, td { border: 1px solid #999; padding: .25em .5em; text-align: left; vertical-align: top }\n"
                         "th { background: #eee }\n</style>\n</head>\n<body>\n");
    }
    put_head(&page, c);
    put_items(&page, c);
    put_codelists(&page, &c->fields);
    if (look == ITEMTABLE_HTML)
        buf_add_text(to, "</body>\n</html>\n");
}
