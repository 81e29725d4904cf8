/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "category.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "ini.h"
#include "num.h"
#include "report.h"
#include "words.h"

#include "poison.h"

#define MEMBER_DEPTH_MAX 4

/* What reading one file needs. */
struct reader {
    const struct ini *ini;
    struct report *report;
    struct category *category;
    bool amends; /* the category has fields and resources already, and the file may change them */
};

static bool read_type(const struct reader *rd, size_t section, struct field *f)
{
    const struct ini_entry *e = ini_find(rd->ini, section, "type");
    int line = e == NULL ? rd->ini->sections[section].line : e->line;
    for (int t = 0; e != NULL && t < FIELD_TYPE_N; t++) {
        if (strcmp(field_types[t].name, e->value) == 0) {
            f->type = (enum field_type)t;
            return true;
        }
    }
    if (e == NULL)
        report_add(rd->report, rd->ini->path, line, "[%s] has no type", rd->ini->sections[section].name);
    else
        report_add(rd->report, rd->ini->path, line, "unknown type %s; the types are string, text, html, integer, "
                   "decimal, boolean, date, datetime, time, duration, interval, recurrence, url, code and object",
                   e->value);
    return false;
}

static void check_attributes_together(const struct reader *rd, const struct field *f)
{
    const char *path = rd->ini->path;
    if (f->type == FIELD_CODE && f->codelist_name == NULL)
        report_add(rd->report, path, f->line, "field %s is a code and names no codelist", f->name);
    if (f->max_length >= 0 && f->min_length > f->max_length)
        report_add(rd->report, path, f->line, "field %s: min_length is more than max_length", f->name);
    if (f->min != NULL && f->max != NULL && num_compare(f->min, strlen(f->min), f->max, strlen(f->max)) > 0)
        report_add(rd->report, path, f->line, "field %s: min is more than max", f->name);
    if (f->fallback != NULL && f->multiple)
        report_add(rd->report, path, f->line, "field %s: a default does not go with multiple", f->name);
}

static void read_attributes(const struct reader *rd, size_t section, struct field *f)
{
    for (size_t i = 0; i < rd->ini->entry_count; i++) {
        const struct ini_entry *e = &rd->ini->entries[i];
        if (e->section != section)
            continue;
        const struct attribute *a = attribute_find(e->key);
        if (a == NULL) {
            report_add(rd->report, rd->ini->path, e->line, "unknown attribute %s of field %s", e->key, f->name);
        } else if (a->needs != 0 && (field_types[f->type].attrs & a->needs) == 0) {
            report_add(rd->report, rd->ini->path, e->line, "attribute %s does not go with type %s", e->key,
                       field_types[f->type].name);
        } else {
            const char *must_be = a->set(f, e->value);
            if (must_be != NULL)
                report_add(rd->report, rd->ini->path, e->line, "%s = %s: must be %s", e->key, e->value, _(must_be));
        }
    }
}

/* Reads all attributes of a field whose type is known. */
static void settle_field(const struct reader *rd, size_t section, struct field *f)
{
    read_attributes(rd, section, f);
    field_settle_forms(f);
    check_attributes_together(rd, f);
}

static struct field *find_field(const struct fields *home, const char *name, size_t len)
{
    for (size_t i = 0; i < home->count; i++)
        if (strlen(home->items[i].name) == len && memcmp(home->items[i].name, name, len) == 0)
            return &home->items[i];
    return NULL;
}

/* Finds the list that the section field.a.b belongs in (that of a's members), and the name b. */
static struct fields *find_home(const struct reader *rd, size_t section, const char **name_out)
{
    const struct ini_section *s = &rd->ini->sections[section];
    struct fields *home = &rd->category->fields;
    const char *name = strchr(s->name, '.') + 1;
    for (int depth = 1;; depth++) {
        const char *dot = strchr(name, '.');
        if (dot == NULL)
            break;
        struct field *parent = find_field(home, name, (size_t)(dot - name));
        if (parent == NULL || parent->type != FIELD_OBJECT || depth == MEMBER_DEPTH_MAX) {
            report_add(rd->report, rd->ini->path, s->line, "[%s] must follow the section of the object field that it is "
                       "a member of", s->name);
            return NULL;
        }
        home = &parent->members;
        name = dot + 1;
    }
    *name_out = name;
    return home;
}

/* The section changes a field that the category has: it keeps its type, and all that is not written anew. */
static void amend_field(const struct reader *rd, size_t section, struct field *f)
{
    const struct ini_entry *type = ini_find(rd->ini, section, "type");
    char *file = strdup(rd->ini->path);
    if (file == NULL) {
        report_add(rd->report, rd->ini->path, 0, "out of memory");
        return;
    }
    free(f->file);
    f->file = file;
    f->line = rd->ini->sections[section].line;
    if (type != NULL && strcmp(type->value, field_types[f->type].name) != 0)
        report_add(rd->report, rd->ini->path, type->line, "type = %s: field %s has type %s, which cannot be amended",
                   type->value, f->name, field_types[f->type].name);
    settle_field(rd, section, f);
}

static void read_field(const struct reader *rd, size_t section)
{
    const struct ini_section *s = &rd->ini->sections[section];
    const char *name;
    struct fields *home = find_home(rd, section, &name);
    if (home == NULL)
        return;
    if (!field_is_name(name, false) || strcmp(s->name, s->written) != 0) {
        report_add(rd->report, rd->ini->path, s->line, "[%s]: a field's name is a lower-case letter, then lower-case "
                   "letters, digits and _, 64 at most", s->written);
        return;
    }
    if (home == &rd->category->fields && (strcmp(name, "id") == 0 || strcmp(name, "version") == 0)) {
        report_add(rd->report, rd->ini->path, s->line, "the field %s is part of every record and is not defined", name);
        return;
    }
    struct field *known = rd->amends ? find_field(home, name, strlen(name)) : NULL;
    if (known != NULL) {
        amend_field(rd, section, known);
        return;
    }
    struct field *f = fields_add(home);
    if (f == NULL || (f->name = strdup(name)) == NULL || (f->file = strdup(rd->ini->path)) == NULL) {
        report_add(rd->report, rd->ini->path, s->line, "out of memory");
        return;
    }
    f->line = s->line;
    if (read_type(rd, section, f))
        settle_field(rd, section, f);
}

/* A text key of [category] or [resource.…]. */
struct head_key {
    const char *name;
    size_t offset; /* of a char * in the struct */
    bool required;
};

static const struct head_key category_keys[] = {
    {"code", offsetof(struct category, code), true},
    {"name", offsetof(struct category, name), true},
    {"name_en", offsetof(struct category, name_en), false},
    {"version", offsetof(struct category, version), false},
    {"extends", offsetof(struct category, extends), false},
    {"standard", offsetof(struct category, standard), false},
    {"description", offsetof(struct category, description), false},
    {"title", offsetof(struct category, title_name), false},
    {"published", offsetof(struct category, published_name), false},
};

/* [category] of a file that amends one has no other keys. */
static const struct head_key amendment_keys[] = {
    {"amends", offsetof(struct category, amends), true},
    {"version", offsetof(struct category, version), false},
};

static const struct head_key resource_keys[] = {
    {"name", offsetof(struct resource, name), true},
    {"name_en", offsetof(struct resource, name_en), false},
    {"description", offsetof(struct resource, description), false},
};

static void read_head(const struct reader *rd, size_t section, const struct head_key *keys, size_t count, void *to)
{
    const struct ini_section *s = &rd->ini->sections[section];
    for (size_t i = 0; i < rd->ini->entry_count; i++) {
        const struct ini_entry *e = &rd->ini->entries[i];
        bool known = e->section != section;
        for (size_t k = 0; k < count; k++)
            known = known || strcmp(keys[k].name, e->key) == 0;
        if (!known)
            report_add(rd->report, rd->ini->path, e->line, "unknown key %s in [%s]", e->key, s->name);
    }
    for (size_t k = 0; k < count; k++) {
        const struct ini_entry *e = ini_find(rd->ini, section, keys[k].name);
        char **text = (char **)(void *)((char *)to + keys[k].offset);
        free(*text); /* of a section that stands twice */
        *text = NULL;
        if (e != NULL && e->value[0] != '\0')
            *text = strdup(e->value);
        else if (keys[k].required)
            report_add(rd->report, rd->ini->path, s->line, "[%s] %s is missing", s->name, keys[k].name);
    }
}

static struct resource *find_resource(const struct category *c, const char *code)
{
    for (size_t i = 0; i < c->resource_count; i++)
        if (strcmp(c->resources[i].code, code) == 0)
            return &c->resources[i];
    return NULL;
}

static struct resource *add_resource(struct category *c, const char *code)
{
    struct resource *resources = realloc(c->resources, (c->resource_count + 1) * sizeof(*resources));
    if (resources == NULL)
        return NULL;
    c->resources = resources;
    resources[c->resource_count] = (struct resource){.code = strdup(code)};
    return &resources[c->resource_count++];
}

static void read_resource(const struct reader *rd, size_t section)
{
    const struct ini_section *s = &rd->ini->sections[section];
    const char *code = strchr(s->name, '.') + 1;
    struct category *c = rd->category;
    if (!field_is_name(code, true) || strcmp(s->name, s->written) != 0)
        report_add(rd->report, rd->ini->path, s->line, "[%s]: a resource's code is a lower-case letter, then lower-case "
                   "letters, digits, _ and -, 64 at most", s->written);
    struct resource *resource = rd->amends ? find_resource(c, code) : NULL;
    if (resource == NULL)
        resource = add_resource(c, code);
    if (resource == NULL) {
        report_add(rd->report, rd->ini->path, s->line, "out of memory");
        return;
    }
    read_head(rd, section, resource_keys, sizeof(resource_keys) / sizeof(resource_keys[0]), resource);
}

static void read_section(const struct reader *rd, size_t section)
{
    const struct ini_section *s = &rd->ini->sections[section];
    if (strcmp(s->name, "category") == 0) {
        if (rd->amends)
            return; /* its head was read by category_load */
        rd->category->line = s->line;
        read_head(rd, section, category_keys, sizeof(category_keys) / sizeof(category_keys[0]), rd->category);
    } else if (strncmp(s->name, "resource.", strlen("resource.")) == 0) {
        read_resource(rd, section);
    } else if (strncmp(s->name, "field.", strlen("field.")) == 0) {
        read_field(rd, section);
    } else {
        report_add(rd->report, rd->ini->path, s->line, "unknown section [%s]", s->name);
    }
}

static void check_version(const struct category *c, struct report *r)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    if (c->version != NULL && (strlen(c->version) > CATEGORY_VERSION_MAX || strspn(c->version, allowed) != strlen(c->version)))
        report_add(r, c->file, c->line, "[category] version = %s: letters, digits, full stop, _ and -, %d at most", c->version,
                   CATEGORY_VERSION_MAX);
}

void category_add_version(struct category *c, const char *added, struct report *r)
{
    char all[CATEGORY_VERSIONS_MAX + 1];
    int len = snprintf(all, sizeof(all), "%s%s%s", c->version == NULL ? "" : c->version, added[0] == '+' ? "" : "+", added);
    char *copy = strdup(all);
    if (len > CATEGORY_VERSIONS_MAX || copy == NULL) {
        report_add(r, c->file, c->line, copy == NULL ? "out of memory" : "category %s: the versions of its file and of what amends it "
                   "have more than %d characters", c->code, CATEGORY_VERSIONS_MAX);
        free(copy);
        return;
    }
    free(c->version);
    c->version = copy;
}

struct category *category_load(const char *path, struct report *r)
{
    struct ini *ini = ini_load(path, r);
    struct category *c = calloc(1, sizeof(*c));
    if (ini == NULL || c == NULL) {
        ini_free(ini);
        free(c);
        return NULL;
    }
    struct reader rd = {.ini = ini, .report = r, .category = c};
    c->file = strdup(path);
    c->title = c->published = -1;
    long head = ini_find_section(ini, "category");
    if (head < 0)
        report_add(r, path, 0, "[category] is missing");
    if (head >= 0 && ini_find(ini, (size_t)head, "amends") != NULL) {
        c->line = ini->sections[head].line;
        read_head(&rd, (size_t)head, amendment_keys, sizeof(amendment_keys) / sizeof(amendment_keys[0]), c);
        check_version(c, r);
        ini_free(ini);
        if (c->amends != NULL)
            return c;
        category_free(c);
        return NULL;
    }
    for (size_t i = 0; i < ini->section_count; i++)
        read_section(&rd, i);
    if (c->code != NULL && !field_is_name(c->code, true))
        report_add(r, path, c->line, "[category] code = %s: a lower-case letter, then lower-case letters, digits, _ "
                   "and -, 64 at most", c->code);
    check_version(c, r);
    ini_free(ini);
    if (c->code == NULL) {
        category_free(c);
        return NULL;
    }
    return c;
}

void category_amend(struct category *c, const char *path, struct report *r)
{
    struct report told;
    report_init(&told);
    struct ini *ini = ini_load(path, &told); /* faults of its form were reported when its head was read */
    report_free(&told);
    if (ini == NULL)
        return;
    struct reader rd = {.ini = ini, .report = r, .category = c, .amends = true};
    for (size_t i = 0; i < ini->section_count; i++)
        read_section(&rd, i);
    ini_free(ini);
}

void category_free(struct category *c)
{
    if (c == NULL)
        return;
    for (size_t k = 0; k < sizeof(category_keys) / sizeof(category_keys[0]); k++)
        free(*(char **)(void *)((char *)c + category_keys[k].offset));
    for (size_t i = 0; i < c->resource_count; i++) {
        free(c->resources[i].code);
        free(c->resources[i].name);
        free(c->resources[i].name_en);
        free(c->resources[i].description);
    }
    free(c->resources);
    free(c->amends);
    fields_clear(&c->fields);
    free(c->file);
    free(c);
}

const struct resource *category_find_resource(const struct category *c, const char *code)
{
    return find_resource(c, code);
}
