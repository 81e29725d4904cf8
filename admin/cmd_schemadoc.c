/* SPDX-License-Identifier: Apache-2.0
 *
 * Categories for people: the table of items (指标项) that an interface's description has, and a file to begin with.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "catalog.h"
#include "category.h"
#include "cmd.h"
#include "codelist.h"
#include "err.h"
#include "field.h"
#include "gbwords.h"
#include "idcode.h"
#include "words.h"

#include "poison.h"

#define CODES_MAX 100 /* of a list that is written out; longer ones are named only */

/* Text within a cell of a Markdown table. */
static void print_cell(const char *text)
{
    for (const char *p = text == NULL ? "" : text; *p != '\0'; p++) {
        if (*p == '|' || *p == '\\' || *p == '<' || *p == '`' || *p == '*' || *p == '_')
            (void)putchar('\\');
        (void)putchar(*p == '\n' ? ' ' : *p);
    }
}

static void print_length(const struct field *f)
{
    if (f->min_length > 0 && f->max_length >= 0)
        (void)printf("%lld–%lld", (long long)f->min_length, (long long)f->max_length);
    else if (f->max_length >= 0)
        (void)printf("≤ %lld", (long long)f->max_length);
    else if (f->min_length > 0)
        (void)printf("≥ %lld", (long long)f->min_length);
}

/* What values there may be. */
static void print_domain(const struct field *f)
{
    char words[200];
    const char *parts[] = {
        f->codelist == NULL ? NULL : f->codelist->name, f->format == NULL ? NULL : _(f->format->noun), f->pattern,
        !f->canonical ? NULL : gbwords_list(words, sizeof(words), f->rules.forms & field_forms[f->type].allowed)};
    const char *between = "";
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (parts[i] == NULL)
            continue;
        (void)fputs(between, stdout);
        print_cell(parts[i]);
        between = _("; ");
    }
    if (f->min != NULL || f->max != NULL)
        (void)printf("%s%s … %s", between, f->min == NULL ? "" : f->min, f->max == NULL ? "" : f->max);
}

static void print_row(const struct field *f, const char *parent, int *number)
{
    (void)printf("| %d | %s%s`%s` | ", ++*number, parent, *parent == '\0' ? "" : ".", f->name);
    print_cell(f->label);
    (void)fputs(" | ", stdout);
    print_cell(f->label_en);
    (void)printf(" | %s | ", _(field_types[f->type].noun));
    print_length(f);
    (void)printf(" | %s | %s | ", f->required ? _("required") : _("optional"), f->multiple ? "N" : "1");
    print_domain(f);
    (void)fputs(" | ", stdout);
    print_cell(f->deprecated != NULL ? f->deprecated : f->description);
    (void)printf("%s |\n", f->deprecated != NULL ? _(" (out of use)") : "");
    for (size_t i = 0; i < f->members.count; i++)
        print_row(&f->members.items[i], f->name, number);
}

/* The lists of the fields' codes, each once. */
static void print_codes(const struct fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct codelist *list = fields->items[i].codelist;
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || fields->items[k].codelist == list;
        if (list != NULL && !again) {
            (void)printf(_("\n## Code list: %s (%s, %zu codes)\n\n"), list->name, list->code, list->count);
            if (list->count <= CODES_MAX)
                (void)puts(_("| Code | Name |\n| --- | --- |"));
            for (size_t k = 0; list->count <= CODES_MAX && k < list->count; k++) {
                (void)printf("| `%s` | ", list->items[k].code);
                print_cell(list->items[k].name);
                (void)puts(" |");
            }
        }
        print_codes(&fields->items[i].members);
    }
}

int cmd_schema_doc(struct cmd *c, struct err *e)
{
    const struct category *category = cmd_find_resource(c->catalog, c->argv[0], NULL, e);
    int number = 1;
    if (category == NULL)
        return -1;
    (void)printf(_("# %s (%s)\n\n"), category->name, category->code);
    if (category->description != NULL)
        (void)printf("%s\n\n", category->description);
    if (category->version != NULL)
        (void)printf(_("Version: %s\n\n"), category->version);
    if (category->standard != NULL)
        (void)printf(_("Follows: %s\n\n"), category->standard);
    (void)puts(_("| Resource | Name |\n| --- | --- |"));
    for (size_t i = 0; i < category->resource_count; i++) {
        (void)printf("| `%s` | ", category->resources[i].code);
        print_cell(category->resources[i].name);
        (void)puts(" |");
    }
    (void)printf(_("\n## Items\n\n"
                 "| No. | Identifier | Chinese name | English name | Data type | Length (characters) | Obligation | Most occurrences | "
                 "Values | Remarks |\n"
                 "| ---: | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
                 "| 1 | `id` | %s | Record id | a string | 1–128 | required | 1 |  | the sender's own key |\n"),
                 words_in(MSG_ZH, N_("Record id")));
    for (size_t i = 0; i < category->fields.count; i++)
        print_row(&category->fields.items[i], "", &number);
    print_codes(&category->fields);
    return 0;
}

int cmd_schema_new(struct cmd *c, struct err *e)
{
    static const char skeleton[] =
        N_("; A new category: put it into category/ of [schema] extra_dir, run rukuctl schema check, then reload ruku-fcgi.\n"
           "; Every attribute is in ruku-category(5).\n\n"
           "[category]\n"
           "code = %s\n"
           "name = Name of the category\n"
           "name_en = Name of the category\n"
           "; Raise it with each change: records remember it.\n"
           "version = 1\n"
           "; The fields of core come with it: title, summary, keywords, source, pub_date and more.\n"
           "extends = core\n"
           ";standard = GB/T 21063.3-2007\n"
           ";description = What it is for\n\n"
           "; What is pushed to: at least one.\n"
           "[resource.general]\n"
           "name = Name of the resource\n"
           "name_en = Name of the resource\n\n"
           "; A field, in the order in which people read them.\n"
           "[field.doc_no]\n"
           "label = Document number\n"
           "label_en = Document number\n"
           "type = string\n"
           "max_length = 100\n"
           ";required = yes\n"
           ";pattern = ^[A-Z]+-[0-9]{4}-[0-9]+$\n\n"
           ";[field.kind]\n"
           ";label = Kind\n"
           ";label_en = Kind\n"
           ";type = code\n"
           ";codelist = CODELIST\n\n"
           ";[field.effective_on]\n"
           ";label = Effective date\n"
           ";label_en = Effective date\n"
           ";type = date\n");
    if (!field_is_name(c->argv[0], true))
        return err_set(e, MSG_CONFIG, "%s is no code of a category: small letters, digits and hyphens, a letter first", c->argv[0]);
    if (catalog_find(c->catalog, c->argv[0]) != NULL)
        return err_set(e, MSG_CONFIG, "there is a category %s already: rukuctl schema show %s", c->argv[0], c->argv[0]);
    (void)printf(_(skeleton), c->argv[0]);
    return 0;
}
