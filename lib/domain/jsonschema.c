/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "jsonschema.h"

#include <json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "category.h"
#include "codelist.h"
#include "field.h"
#include "gbwords.h"
#include "idcode.h"
#include "record.h"

#include "poison.h"

/* How a schema is written: by itself, or as a part of a document that has each code list once, with names in its language. */
struct style {
    bool shared;
    enum msg_lang lang;
};

static const struct style alone = {.shared = false, .lang = MSG_ZH};

static void add_text(json_object *to, const char *name, const char *text)
{
    if (text != NULL)
        (void)json_object_object_add(to, name, json_object_new_string(text));
}

static const char *name_in(enum msg_lang lang, const char *name, const char *name_en)
{
    return lang == MSG_EN && name_en != NULL ? name_en : name;
}

static void add_number(json_object *to, const char *name, int64_t number)
{
    (void)json_object_object_add(to, name, json_object_new_int64(number));
}

/* A decimal with its own digits, not through a floating point number of this program. */
static void add_decimal(json_object *to, const char *name, const char *text)
{
    if (text != NULL)
        (void)json_object_object_add(to, name, json_object_new_double_s(strtod(text, NULL), text));
}

json_object *jsonschema_summary(const struct category *c)
{
    json_object *out = json_object_new_object();
    json_object *resources = json_object_new_array();
    add_text(out, "code", c->code);
    add_text(out, "name", c->name);
    add_text(out, "name_en", c->name_en);
    add_text(out, "version", c->version);
    add_text(out, "standard", c->standard);
    add_text(out, "description", c->description);
    for (size_t i = 0; i < c->resource_count; i++) {
        json_object *resource = json_object_new_object();
        add_text(resource, "code", c->resources[i].code);
        add_text(resource, "name", c->resources[i].name);
        add_text(resource, "name_en", c->resources[i].name_en);
        add_text(resource, "description", c->resources[i].description);
        (void)json_object_array_add(resources, resource);
    }
    (void)json_object_object_add(out, "resources", resources);
    return out;
}

/* The codes as an enum, and what each is called. */
static void add_codes(json_object *to, const struct codelist *list, bool or_null)
{
    json_object *codes = json_object_new_array();
    json_object *names = json_object_new_object();
    for (size_t i = 0; i < list->count; i++) {
        (void)json_object_array_add(codes, json_object_new_string(list->items[i].code));
        add_text(names, list->items[i].code, list->items[i].name);
    }
    if (or_null)
        (void)json_object_array_add(codes, NULL);
    (void)json_object_object_add(to, "enum", codes);
    (void)json_object_object_add(to, "x-codes", names);
}

static void add_default(json_object *to, const struct field *f)
{
    json_object *value;
    if (f->fallback == NULL)
        return;
    if (f->type == FIELD_BOOLEAN)
        value = json_object_new_boolean(strcmp(f->fallback, "true") == 0);
    else if (f->type == FIELD_INTEGER)
        value = json_object_new_int64(strtoll(f->fallback, NULL, 10));
    else if (f->type == FIELD_DECIMAL)
        value = json_object_new_double_s(strtod(f->fallback, NULL), f->fallback);
    else
        value = json_object_new_string(f->fallback);
    (void)json_object_object_add(to, "default", value);
}

/* A pattern of the field's own, and beside it what a pattern can say of its format. */
static void add_patterns(json_object *to, const struct field *f)
{
    add_text(to, "pattern", f->pattern);
    if (f->format == NULL)
        return;
    if (f->pattern == NULL) {
        add_text(to, "pattern", f->format->pattern);
        return;
    }
    json_object *all = json_object_new_array();
    json_object *other = json_object_new_object();
    add_text(other, "pattern", f->format->pattern);
    (void)json_object_array_add(all, other);
    (void)json_object_object_add(to, "allOf", all);
}

/* A code of a list that stands elsewhere in the document. */
static json_object *shared_codes(const struct codelist *list, bool or_null)
{
    json_object *out = json_object_new_object();
    json_object *ref = or_null ? json_object_new_object() : out;
    char target[sizeof(JSONSCHEMA_COMPONENTS JSONSCHEMA_CODES) + FIELD_NAME_MAX];
    (void)snprintf(target, sizeof(target), "%s%s%s", JSONSCHEMA_COMPONENTS, JSONSCHEMA_CODES, list->code);
    add_text(ref, "$ref", target);
    if (or_null) {
        json_object *any = json_object_new_array();
        json_object *null = json_object_new_object();
        add_text(null, "type", "null");
        (void)json_object_array_add(any, ref);
        (void)json_object_array_add(any, null);
        (void)json_object_object_add(out, "anyOf", any);
    }
    return out;
}

static json_object *object_schema(const struct fields *fields, bool with_id, const struct style *style);

/* Up to three JSON types; the second and third may be NULL. */
static void add_types(json_object *to, const char *first, const char *second, const char *third)
{
    if (second == NULL && third == NULL) {
        add_text(to, "type", first);
        return;
    }
    json_object *types = json_object_new_array();
    (void)json_object_array_add(types, json_object_new_string(first));
    if (second != NULL)
        (void)json_object_array_add(types, json_object_new_string(second));
    if (third != NULL)
        (void)json_object_array_add(types, json_object_new_string(third));
    (void)json_object_object_add(to, "type", types);
}

/* A value of the field; null too, which stands for "no value", where or_null says so. */
static json_object *value_schema(const struct field *f, bool or_null, const struct style *style)
{
    const struct field_type_info *info = &field_types[f->type];
    const char *null_type = or_null ? "null" : NULL;
    json_object *out;
    if (f->type == FIELD_OBJECT) {
        out = object_schema(&f->members, false, style);
        add_types(out, info->json_type, null_type, NULL);
        return out;
    }
    if (f->codelist != NULL && style->shared)
        return shared_codes(f->codelist, or_null);
    out = json_object_new_object();
    if (f->type == FIELD_DECIMAL || f->lenient)
        add_types(out, "string", "number", null_type);
    else
        add_types(out, info->json_type, null_type, NULL);
    if (info->json_format != NULL && !f->lenient && !f->canonical)
        add_text(out, "format", info->json_format);
    if (field_min_length(f) > 0)
        add_number(out, "minLength", field_min_length(f));
    if (f->max_length >= 0)
        add_number(out, "maxLength", f->max_length);
    add_patterns(out, f);
    add_decimal(out, "minimum", f->min);
    add_decimal(out, "maximum", f->max);
    if (f->codelist != NULL)
        add_codes(out, f->codelist, or_null);
    return out;
}

/* What JSON Schema has no word for: the representations of GB/T 7408.1 that the field takes. */
static void add_formats(json_object *to, const struct field *f)
{
    char offset[GBTIME_TEXT_SIZE];
    const struct gbtime t = {.time_form = GBTIME_HOURS, .shift = f->rules.shift, .has_shift = true};
    if (!f->canonical)
        return;
    unsigned forms = f->rules.forms & field_forms[f->type].allowed;
    json_object *words = json_object_new_array();
    for (const struct gbwords_form *row = gbwords_forms; row->word != NULL; row++)
        if ((row->form & forms) != 0)
            (void)json_object_array_add(words, json_object_new_string(row->word));
    (void)json_object_object_add(to, "x-formats", words);
    if (!f->rules.assume)
        return;
    gbtime_write(offset, &t);
    add_text(to, "x-assume-offset", offset + 2);
}

/* What a reader should know of the field besides its value. */
static void add_marks(json_object *to, const struct field *f)
{
    add_formats(to, f);
    if (f->format != NULL)
        add_text(to, "x-format", f->format->name);
    if (f->index)
        (void)json_object_object_add(to, "x-index", json_object_new_boolean(1));
    if (f->encrypt)
        (void)json_object_object_add(to, "x-encrypted", json_object_new_boolean(1));
    if (f->personal)
        (void)json_object_object_add(to, "x-personal", json_object_new_boolean(1));
    if (f->deprecated != NULL)
        (void)json_object_object_add(to, "deprecated", json_object_new_boolean(1));
    add_text(to, "x-deprecated", f->deprecated);
}

static json_object *field_schema(const struct field *f, const struct style *style)
{
    bool optional = !f->required || f->fallback != NULL;
    json_object *out;
    if (f->multiple) {
        out = json_object_new_object();
        add_types(out, "array", optional ? "null" : NULL, NULL);
        (void)json_object_object_add(out, "items", value_schema(f, false, style));
        if (f->required)
            add_number(out, "minItems", 1);
    } else {
        out = value_schema(f, optional, style);
    }
    add_text(out, "title", name_in(style->lang, f->label, f->label_en));
    add_text(out, "description", f->description);
    add_text(out, "x-label-en", f->label_en);
    add_text(out, "x-type", field_types[f->type].name);
    add_marks(out, f);
    add_default(out, f);
    return out;
}

static json_object *id_schema(void)
{
    json_object *out = json_object_new_object();
    add_text(out, "type", "string");
    add_number(out, "minLength", 1);
    add_number(out, "maxLength", RECORD_ID_MAX_CHARS);
    return out;
}

/* The sender's own version: null is as good as none. */
static json_object *version_schema(void)
{
    json_object *out = json_object_new_object();
    add_types(out, "integer", "null", NULL);
    add_number(out, "minimum", 0);
    return out;
}

/* [{"required":["a"]},{"required":["b"]},…]: the field's name and its aliases. */
static json_object *each_name(const struct field *f)
{
    json_object *out = json_object_new_array();
    for (size_t k = 0; k <= f->alias_count; k++) {
        json_object *one = json_object_new_object();
        json_object *names = json_object_new_array();
        (void)json_object_array_add(names, json_object_new_string(k == 0 ? f->name : f->aliases[k - 1]));
        (void)json_object_object_add(one, "required", names);
        (void)json_object_array_add(out, one);
    }
    return out;
}

/* The aliases as properties, and that only one of a field's names comes; of a required field exactly one. */
static void add_aliases(json_object *properties, json_object *rules, const struct field *f, bool required,
                        const struct style *style)
{
    json_object *rule = json_object_new_object();
    json_object *names = each_name(f);
    for (size_t k = 0; k < f->alias_count; k++) {
        json_object *property = field_schema(f, style);
        add_text(property, "x-alias-of", f->name);
        (void)json_object_object_add(properties, f->aliases[k], property);
    }
    if (!required) {
        json_object *any = json_object_new_object();
        json_object *none = json_object_new_object();
        (void)json_object_object_add(any, "anyOf", each_name(f));
        (void)json_object_object_add(none, "not", any);
        (void)json_object_array_add(names, none);
    }
    (void)json_object_object_add(rule, "oneOf", names);
    (void)json_object_array_add(rules, rule);
}

static json_object *object_schema(const struct fields *fields, bool with_id, const struct style *style)
{
    json_object *out = json_object_new_object();
    json_object *properties = json_object_new_object();
    json_object *required = json_object_new_array();
    json_object *rules = fields->aliased ? json_object_new_array() : NULL;
    add_text(out, "type", "object");
    if (with_id) {
        (void)json_object_object_add(properties, "id", id_schema());
        /* In a document the form with its id extends the one without, which is what a path that names the id takes. */
        if (!style->shared)
            (void)json_object_array_add(required, json_object_new_string("id"));
        (void)json_object_object_add(properties, "version", version_schema());
    }
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        bool must_come = f->required && f->fallback == NULL;
        if (must_come && f->alias_count == 0)
            (void)json_object_array_add(required, json_object_new_string(f->name));
        (void)json_object_object_add(properties, f->name, field_schema(f, style));
        if (f->alias_count > 0)
            add_aliases(properties, rules, f, must_come, style);
    }
    (void)json_object_object_add(out, "properties", properties);
    (void)json_object_object_add(out, "required", required);
    if (rules != NULL)
        (void)json_object_object_add(out, "allOf", rules);
    (void)json_object_object_add(out, "additionalProperties", json_object_new_boolean(0));
    return out;
}

json_object *jsonschema_record(const struct category *c)
{
    json_object *out = object_schema(&c->fields, true, &alone);
    add_text(out, "$schema", "https://json-schema.org/draft/2020-12/schema");
    add_text(out, "title", c->name);
    return out;
}

void jsonschema_write(struct buf *to, const struct category *c)
{
    size_t len;
    json_object *schema = jsonschema_record(c);
    const char *text = json_object_to_json_string_length(
        schema, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
    if (text != NULL)
        buf_add(to, text, len);
    buf_add_char(to, '\n');
    json_object_put(schema);
}

json_object *jsonschema_fields(const struct category *c, enum msg_lang lang)
{
    const struct style style = {.shared = true, .lang = lang};
    json_object *out = object_schema(&c->fields, true, &style);
    add_text(out, "title", name_in(lang, c->name, c->name_en));
    add_text(out, "description", c->description);
    add_text(out, "x-standard", c->standard);
    return out;
}

json_object *jsonschema_codes(const struct codelist *list, enum msg_lang lang)
{
    json_object *out = json_object_new_object();
    add_text(out, "type", "string");
    add_text(out, "title", name_in(lang, list->name, list->name_en));
    add_codes(out, list, false);
    return out;
}
