/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "catalog.h"
#include "category.h"
#include "cmd.h"
#include "codelist.h"
#include "conf.h"
#include "err.h"
#include "field.h"
#include "gbwords.h"
#include "idcode.h"
#include "views.h"
#include "words.h"

#include "poison.h"

#define NAMES_MAX_BYTES ((size_t)1024 * 1024)

int cmd_schema_check(struct cmd *c, struct err *e)
{
    (void)e;
    c->catalog = cmd_load_catalog(c->conf, c->argc == 1 ? c->argv[0] : NULL);
    if (c->catalog == NULL)
        return 1;
    (void)printf(_("%zu categories and %zu code lists are good\n"), c->catalog->category_count,
                 c->catalog->codelist_count);
    return 0;
}

int cmd_schema_list(struct cmd *c, struct err *e)
{
    (void)e;
    for (size_t i = 0; i < c->catalog->category_count; i++) {
        const struct category *category = c->catalog->categories[i];
        (void)printf(_("%-20s %s (%zu fields)\n"), category->code, category->name, category->fields.count);
        for (size_t k = 0; k < category->resource_count; k++)
            (void)printf("  %-18s %s\n", category->resources[k].code, category->resources[k].name);
    }
    return 0;
}

/* What does not bear on the value. */
static void print_marks(const struct field *f)
{
    for (size_t i = 0; i < f->alias_count; i++)
        (void)printf("%s%s", i == 0 ? " alias=" : ",", f->aliases[i]);
    if (f->index)
        (void)printf(" index");
    if (f->encrypt)
        (void)printf(" encrypted");
    if (f->personal)
        (void)printf(" personal");
    if (f->deprecated != NULL)
        (void)printf(" deprecated (%s)", f->deprecated);
}

static void print_rules(const struct field *f)
{
    char words[200];
    if (f->required)
        (void)printf(" required");
    if (f->multiple)
        (void)printf(" multiple");
    if (f->min_length > 0)
        (void)printf(" min_length=%lld", (long long)f->min_length);
    if (f->max_length >= 0)
        (void)printf(" max_length=%lld", (long long)f->max_length);
    if (f->min != NULL)
        (void)printf(" min=%s", f->min);
    if (f->max != NULL)
        (void)printf(" max=%s", f->max);
    if (f->pattern != NULL)
        (void)printf(" pattern=%s", f->pattern);
    if (f->format != NULL)
        (void)printf(" format=%s", f->format->name);
    if (f->codelist != NULL)
        (void)printf(_(" codelist=%s (%zu codes)"), f->codelist->code, f->codelist->count);
    if (f->fallback != NULL)
        (void)printf(" default=%s", f->fallback);
    if (f->lenient)
        (void)printf(" input=lenient");
    if (f->canonical)
        (void)printf(" formats=%s",
                     gbwords_list(words, sizeof(words), f->rules.forms & field_forms[f->type].allowed));
    if (f->rules.assume)
        (void)printf(" assume_offset=%c%02d:%02d", f->rules.shift < 0 ? '-' : '+', abs(f->rules.shift) / 60,
                     abs(f->rules.shift) % 60);
    print_marks(f);
}

static void print_fields(const struct fields *fields, int indent)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        (void)printf("%*s%-*s %-9s", indent, "", 22 - indent, f->name, field_types[f->type].name);
        print_rules(f);
        (void)printf("%s%s\n", f->label == NULL ? "" : "  ", f->label == NULL ? "" : f->label);
        print_fields(&f->members, indent + 2);
    }
}

const struct category *cmd_find_resource(const struct catalog *catalog, const char *category, const char *resource,
                                         struct err *e)
{
    const struct category *found = catalog_find(catalog, category);
    if (found == NULL) {
        (void)err_set(e, MSG_CONFIG, "there is no category %s; rukuctl schema list shows them", category);
        return NULL;
    }
    if (resource != NULL && category_find_resource(found, resource) == NULL) {
        (void)err_set(e, MSG_CONFIG, "category %s has no resource %s; rukuctl schema show %s lists them", category,
                      resource, category);
        return NULL;
    }
    return found;
}

int cmd_schema_show(struct cmd *c, struct err *e)
{
    const struct category *category = cmd_find_resource(c->catalog, c->argv[0], NULL, e);
    if (category == NULL)
        return -1;
    (void)printf(_("%s %s\nfile %s\n"), category->code, category->name, category->file);
    if (category->version != NULL)
        (void)printf(_("version %s\n"), category->version);
    for (size_t i = 0; i < c->catalog->amendment_count; i++)
        if (strcmp(c->catalog->amendments[i]->amends, category->code) == 0)
            (void)printf(_("amended by %s\n"), c->catalog->amendments[i]->file);
    if (category->standard != NULL)
        (void)printf(_("standard %s\n"), category->standard);
    for (size_t i = 0; i < category->resource_count; i++)
        (void)printf(_("resource %s %s\n"), category->resources[i].code, category->resources[i].name);
    (void)printf("\n%-22s string    required max_length=128\n", "id");
    print_fields(&category->fields, 0);
    return 0;
}

/* Views whose category is gone may still be read by someone: they are named, and whoever knows drops them. */
static int name_orphans(struct cmd *c, struct err *e)
{
    struct buf names;
    buf_init(&names, NAMES_MAX_BYTES);
    int rc = views_names(c->db, &names, e);
    for (const char *name = buf_text(&names); rc == 0 && *name != '\0'; name += strlen(name) + 1)
        if (catalog_find(c->catalog, name + 2) == NULL)
            (void)printf(_("%s: left as it is; no category has it. DROP VIEW `%s` removes it\n"), name, name);
    buf_free(&names);
    return rc;
}

int cmd_schema_views(struct cmd *c, struct err *e)
{
    for (size_t i = 0; i < c->catalog->category_count; i++) {
        const struct category *category = c->catalog->categories[i];
        if (views_create(c->db, category, e) != 0)
            return -1;
        (void)printf(_("v_%s: %zu fields\n"), category->code, category->fields.count);
    }
    return name_orphans(c, e);
}
