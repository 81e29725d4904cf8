/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "category.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gbwords.h"
#include "ini.h"
#include "num.h"
#include "regex.h"
#include "report.h"

#include "poison.h"

#define MEMBER_DEPTH_MAX 4
#define LENGTH_LIMIT 100000000

/* What reading one file needs. */
struct reader {
    const struct ini *ini;
    struct report *report;
    struct category *category;
};

/* One attribute of a field: who may have it, and how its text is taken. A setter returns NULL, or what the value
 * must be. */
struct attribute {
    const char *name;
    unsigned needs; /* bits of enum field_attr; 0: every type has it */
    const char *(*set)(struct field *f, const char *value);
};

static const char out_of_memory[] = "shorter: memory is short";

static const char *set_text(char **to, const char *value)
{
    if (*value == '\0')
        return "filled in";
    free(*to); /* an attribute that stands twice is a fault, but not the end of the reading */
    *to = strdup(value);
    return *to == NULL ? out_of_memory : NULL;
}

static const char *set_flag(bool *to, const char *value)
{
    *to = strcmp(value, "yes") == 0;
    return *to || strcmp(value, "no") == 0 ? NULL : "yes or no";
}

static const char *set_label(struct field *f, const char *value) { return set_text(&f->label, value); }
static const char *set_label_en(struct field *f, const char *value) { return set_text(&f->label_en, value); }
static const char *set_description(struct field *f, const char *value) { return set_text(&f->description, value); }
static const char *set_codelist(struct field *f, const char *value) { return set_text(&f->codelist_name, value); }
static const char *set_default(struct field *f, const char *value) { return set_text(&f->fallback, value); }
static const char *set_required(struct field *f, const char *value) { return set_flag(&f->required, value); }
static const char *set_multiple(struct field *f, const char *value) { return set_flag(&f->multiple, value); }
static const char *set_index(struct field *f, const char *value) { return set_flag(&f->index, value); }

/* The type is read before all others, since it decides which others there may be. */
static const char *set_type(struct field *f, const char *value)
{
    (void)f;
    (void)value;
    return NULL;
}

static const char *set_length(int64_t *to, const char *value)
{
    return num_parse(value, strlen(value), 0, LENGTH_LIMIT, to) ? NULL : "a number of characters, 0 to 100000000";
}

static const char *set_min_length(struct field *f, const char *value)
{
    f->has_min_length = true;
    return set_length(&f->min_length, value);
}

static const char *set_max_length(struct field *f, const char *value)
{
    return set_length(&f->max_length, value);
}

static const char *set_bound(const struct field *f, char **to, const char *value)
{
    int64_t whole;
    if (f->type == FIELD_INTEGER && !num_parse(value, strlen(value), INT64_MIN, INT64_MAX, &whole))
        return "an integer";
    if (!num_is_decimal(value, strlen(value), 65))
        return "a plain decimal number";
    return set_text(to, value);
}

static const char *set_min(struct field *f, const char *value) { return set_bound(f, &f->min, value); }
static const char *set_max(struct field *f, const char *value) { return set_bound(f, &f->max, value); }

static const char *set_pattern(struct field *f, const char *value)
{
    static char why[256]; /* the sentence outlives the call, as the constants of the other setters do */
    regex_free(f->regex);
    f->regex = regex_new(value, why, sizeof(why));
    return f->regex == NULL ? why : set_text(&f->pattern, value);
}

static const char *set_input(struct field *f, const char *value)
{
    f->lenient = strcmp(value, "lenient") == 0;
    return f->lenient || strcmp(value, "strict") == 0 ? NULL : "strict or lenient";
}

static const char *set_formats(struct field *f, const char *value)
{
    static char must_be[256]; /* as in set_pattern */
    char words[200];
    unsigned allowed = field_forms[f->type].allowed;
    f->rules.forms = gbwords_read(value, allowed);
    (void)snprintf(must_be, sizeof(must_be), "a list of %s", gbwords_list(words, sizeof(words), allowed));
    return f->rules.forms == 0 ? must_be : NULL;
}

static const char *set_assume_offset(struct field *f, const char *value)
{
    f->rules.assume = gbtime_read_shift(value, strlen(value), &f->rules.shift) == GBTIME_OK;
    return f->rules.assume ? NULL : "Z or an offset such as +08:00";
}

static const struct attribute attributes[] = {
    {"type", 0, set_type},
    {"label", 0, set_label},
    {"label_en", 0, set_label_en},
    {"description", 0, set_description},
    {"required", 0, set_required},
    {"multiple", 0, set_multiple},
    {"index", 0, set_index},
    {"min_length", ATTR_LENGTH, set_min_length},
    {"max_length", ATTR_LENGTH, set_max_length},
    {"min", ATTR_RANGE, set_min},
    {"max", ATTR_RANGE, set_max},
    {"pattern", ATTR_PATTERN, set_pattern},
    {"codelist", ATTR_CODELIST, set_codelist},
    {"default", ATTR_DEFAULT, set_default},
    {"input", ATTR_INPUT, set_input},
    {"formats", ATTR_FORMATS, set_formats},
    {"assume_offset", ATTR_OFFSET, set_assume_offset},
};

static const struct attribute *find_attribute(const char *name)
{
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        if (strcmp(attributes[i].name, name) == 0)
            return &attributes[i];
    return NULL;
}

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
        const struct attribute *a = find_attribute(e->key);
        if (a == NULL) {
            report_add(rd->report, rd->ini->path, e->line, "unknown attribute %s of field %s", e->key, f->name);
        } else if (a->needs != 0 && (field_types[f->type].attrs & a->needs) == 0) {
            report_add(rd->report, rd->ini->path, e->line, "attribute %s does not go with type %s", e->key,
                       field_types[f->type].name);
        } else {
            const char *must_be = a->set(f, e->value);
            if (must_be != NULL)
                report_add(rd->report, rd->ini->path, e->line, "%s = %s: must be %s", e->key, e->value, must_be);
        }
    }
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
        struct field *parent = NULL;
        for (size_t i = 0; i < home->count; i++)
            if (strlen(home->items[i].name) == (size_t)(dot - name) &&
                memcmp(home->items[i].name, name, (size_t)(dot - name)) == 0)
                parent = &home->items[i];
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
    struct field *f = fields_add(home);
    if (f == NULL || (f->name = strdup(name)) == NULL || (f->file = strdup(rd->ini->path)) == NULL) {
        report_add(rd->report, rd->ini->path, s->line, "out of memory");
        return;
    }
    f->line = s->line;
    if (!read_type(rd, section, f))
        return;
    read_attributes(rd, section, f);
    field_settle_forms(f);
    check_attributes_together(rd, f);
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
    {"extends", offsetof(struct category, extends), false},
    {"standard", offsetof(struct category, standard), false},
    {"description", offsetof(struct category, description), false},
    {"title", offsetof(struct category, title_name), false},
    {"published", offsetof(struct category, published_name), false},
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

static void read_resource(const struct reader *rd, size_t section)
{
    const struct ini_section *s = &rd->ini->sections[section];
    const char *code = strchr(s->name, '.') + 1;
    struct category *c = rd->category;
    if (!field_is_name(code, true) || strcmp(s->name, s->written) != 0)
        report_add(rd->report, rd->ini->path, s->line, "[%s]: a resource's code is a lower-case letter, then lower-case "
                   "letters, digits, _ and -, 64 at most", s->written);
    struct resource *resources = realloc(c->resources, (c->resource_count + 1) * sizeof(*resources));
    if (resources == NULL) {
        report_add(rd->report, rd->ini->path, s->line, "out of memory");
        return;
    }
    c->resources = resources;
    struct resource *resource = &resources[c->resource_count++];
    *resource = (struct resource){.code = strdup(code)};
    read_head(rd, section, resource_keys, sizeof(resource_keys) / sizeof(resource_keys[0]), resource);
}

static void read_section(const struct reader *rd, size_t section)
{
    const struct ini_section *s = &rd->ini->sections[section];
    if (strcmp(s->name, "category") == 0) {
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
    if (ini_find_section(ini, "category") < 0)
        report_add(r, path, 0, "[category] is missing");
    for (size_t i = 0; i < ini->section_count; i++)
        read_section(&rd, i);
    if (c->code != NULL && !field_is_name(c->code, true))
        report_add(r, path, c->line, "[category] code = %s: a lower-case letter, then lower-case letters, digits, _ "
                   "and -, 64 at most", c->code);
    ini_free(ini);
    if (c->code == NULL) {
        category_free(c);
        return NULL;
    }
    return c;
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
    fields_clear(&c->fields);
    free(c->file);
    free(c);
}

const struct resource *category_find_resource(const struct category *c, const char *code)
{
    for (size_t i = 0; i < c->resource_count; i++)
        if (strcmp(c->resources[i].code, code) == 0)
            return &c->resources[i];
    return NULL;
}
