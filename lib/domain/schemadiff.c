/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "schemadiff.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "catalog.h"
#include "category.h"
#include "codelist.h"
#include "field.h"
#include "gbwords.h"
#include "idcode.h"
#include "num.h"
#include "words.h"

#include "poison.h"

#define WHAT_MAX_BYTES ((size_t)8 * 1024)
#define PLACE_MAX_BYTES ((size_t)1024)
#define CODES_TOLD 5 /* of those that a list has no more, or has now */

const char *const schemadiff_words[SCHEMADIFF_KIND_N] = {
    [SCHEMADIFF_REMOVED] = N_("removed"), [SCHEMADIFF_REQUIRED] = N_("required"),     [SCHEMADIFF_NARROWED] = N_("narrowed"),
    [SCHEMADIFF_WIDENED] = N_("widened"), [SCHEMADIFF_ADDED] = N_("added"),           [SCHEMADIFF_DEPRECATED] = N_("deprecated"),
    [SCHEMADIFF_NEUTRAL] = N_("neutral"),
};

struct diff {
    const struct schemadiff_sink *sink;
    const struct category *category; /* the later one */
    struct buf place, what;
    size_t refusing, found; /* differences; those of this category */
};

static void tell(struct diff *d, enum schemadiff_kind kind)
{
    d->sink->found(d->sink->context, kind, d->category->code, buf_text(&d->place), buf_text(&d->what));
    d->refusing += kind <= SCHEMADIFF_NARROWED;
    d->found++;
    buf_clear(&d->what);
}

/* "name before -> after"; NULL is no value. */
static void tell_change(struct diff *d, enum schemadiff_kind kind, const char *name, const char *before, const char *after)
{
    const char *none = _("none");
    buf_printf(&d->what, "%s: %s -> %s", name, before == NULL ? none : before, after == NULL ? none : after);
    tell(d, kind);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* How a change of an attribute that is a text, as the file has it, is judged. */
enum judged {
    JUDGED_NEUTRAL,
    JUDGED_DEPRECATED, /* where it is set */
    JUDGED_RULE,       /* another may refuse, none does not */
    JUDGED_FLOOR,      /* a decimal: a larger one refuses more */
    JUDGED_CEILING
};

static enum schemadiff_kind judge(enum judged how, const char *before, const char *after)
{
    if (how == JUDGED_NEUTRAL || (how == JUDGED_DEPRECATED && after == NULL))
        return SCHEMADIFF_NEUTRAL;
    if (how == JUDGED_DEPRECATED)
        return SCHEMADIFF_DEPRECATED;
    if (before == NULL || after == NULL || how == JUDGED_RULE)
        return after == NULL ? SCHEMADIFF_WIDENED : SCHEMADIFF_NARROWED;
    int order = num_compare(after, strlen(after), before, strlen(before));
    if (order == 0)
        return SCHEMADIFF_NEUTRAL;
    return (order > 0) == (how == JUDGED_FLOOR) ? SCHEMADIFF_NARROWED : SCHEMADIFF_WIDENED;
}

/* A length or the like as its text; NULL where there is none. */
static const char *length_text(char to[24], int64_t length, int64_t none)
{
    (void)snprintf(to, 24, "%lld", (long long)length);
    return length == none ? NULL : to;
}

/* Attributes whose values are texts, or become such. */
static void compare_texts(struct diff *d, const struct field *before, const struct field *after)
{
    char room[4][24];
    /* That a required text is not empty is told with `required`, where that is what changes. */
    bool both = before->required && after->required;
    int64_t fewest[] = {both ? field_min_length(before) : before->min_length, both ? field_min_length(after) : after->min_length};
    const struct {
        const char *name, *before, *after;
        enum judged how;
    } rows[] = {
        {"min_length", length_text(room[0], fewest[0], 0), length_text(room[1], fewest[1], 0), JUDGED_FLOOR},
        {"max_length", length_text(room[2], before->max_length, -1), length_text(room[3], after->max_length, -1), JUDGED_CEILING},
        {"min", before->min, after->min, JUDGED_FLOOR},
        {"max", before->max, after->max, JUDGED_CEILING},
        {"pattern", before->pattern, after->pattern, JUDGED_RULE},
        {"format", before->format == NULL ? NULL : before->format->name, after->format == NULL ? NULL : after->format->name, JUDGED_RULE},
        {"default", before->fallback, after->fallback, JUDGED_NEUTRAL},
        {"deprecated", before->deprecated, after->deprecated, JUDGED_DEPRECATED},
        {"label", before->label, after->label, JUDGED_NEUTRAL},
        {"label_en", before->label_en, after->label_en, JUDGED_NEUTRAL},
        {"description", before->description, after->description, JUDGED_NEUTRAL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (!same_text(rows[i].before, rows[i].after))
            tell_change(d, judge(rows[i].how, rows[i].before, rows[i].after), rows[i].name, rows[i].before, rows[i].after);
}

static bool must_come(const struct field *f)
{
    return f->required && f->fallback == NULL;
}

static void compare_flags(struct diff *d, const struct field *before, const struct field *after)
{
    /* A required field with a default may be left out, but not be sent empty. */
    bool same = must_come(before) == must_come(after);
    const struct {
        const char *name;
        bool before, after;
        enum schemadiff_kind set, unset;
    } rows[] = {
        {"required", must_come(before), must_come(after), SCHEMADIFF_REQUIRED, SCHEMADIFF_WIDENED},
        {"required, with a default", same && before->required, same && after->required, SCHEMADIFF_NARROWED, SCHEMADIFF_WIDENED},
        {"multiple", before->multiple, after->multiple, SCHEMADIFF_NARROWED, SCHEMADIFF_NARROWED},
        {"input = lenient", before->lenient, after->lenient, SCHEMADIFF_WIDENED, SCHEMADIFF_NARROWED},
        {"assume_offset", before->rules.assume, after->rules.assume, SCHEMADIFF_WIDENED, SCHEMADIFF_NARROWED},
        {"personal", before->personal, after->personal, SCHEMADIFF_NEUTRAL, SCHEMADIFF_NEUTRAL},
        {"encrypt", before->encrypt, after->encrypt, SCHEMADIFF_NEUTRAL, SCHEMADIFF_NEUTRAL},
        {"index", before->index, after->index, SCHEMADIFF_NEUTRAL, SCHEMADIFF_NEUTRAL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].before != rows[i].after)
            tell_change(d, rows[i].after ? rows[i].set : rows[i].unset, rows[i].name, rows[i].before ? "yes" : "no",
                        rows[i].after ? "yes" : "no");
}

static void compare_forms(struct diff *d, const struct field *before, const struct field *after)
{
    char words[2][400];
    unsigned allowed = field_forms[after->type].allowed;
    unsigned old = before->rules.forms & allowed, new = after->rules.forms & allowed;
    if (before->type != after->type || old == new)
        return;
    tell_change(d, (old & ~new) != 0 ? SCHEMADIFF_NARROWED : SCHEMADIFF_WIDENED, "formats", gbwords_list(words[0], sizeof(words[0]), old),
                gbwords_list(words[1], sizeof(words[1]), new));
}

/* Tells the codes that the one list has and the other has not. */
static void tell_codes(struct diff *d, enum schemadiff_kind kind, const struct codelist *of, const struct codelist *other, const char *words)
{
    size_t count = 0;
    for (size_t i = 0; i < of->count; i++) {
        const char *code = of->items[i].code;
        if (codelist_find(other, code, strlen(code)) == NULL && count++ < CODES_TOLD)
            buf_printf(&d->what, "%s%s", count == 1 ? "" : ", ", code);
    }
    if (count == 0)
        return;
    struct buf codes;
    buf_init(&codes, WHAT_MAX_BYTES);
    buf_printf(&codes, "%s: %s %s%s (%zu)", of->code, words, buf_text(&d->what), count > CODES_TOLD ? " …" : "", count);
    buf_clear(&d->what);
    buf_add(&d->what, buf_text(&codes), codes.len);
    buf_free(&codes);
    tell(d, kind);
}

static void compare_codes(struct diff *d, const struct field *before, const struct field *after)
{
    const struct codelist *old = before->codelist, *new = after->codelist;
    if (old == NULL || new == NULL || strcmp(old->code, new->code) != 0) {
        if (old != new)
            tell_change(d, new == NULL ? SCHEMADIFF_WIDENED : SCHEMADIFF_NARROWED, "codelist", old == NULL ? NULL : old->code,
                        new == NULL ? NULL : new->code);
        return;
    }
    tell_codes(d, SCHEMADIFF_NARROWED, old, new, _("codes removed:"));
    tell_codes(d, SCHEMADIFF_WIDENED, new, old, _("codes added:"));
}

static bool has_alias(const struct field *f, const char *name)
{
    for (size_t i = 0; i < f->alias_count; i++)
        if (strcmp(f->aliases[i], name) == 0)
            return true;
    return false;
}

/* A name of a field that is one of it no more, or now. */
static void compare_names(struct diff *d, const struct field *before, const struct field *after)
{
    for (size_t i = 0; i < before->alias_count; i++)
        if (!has_alias(after, before->aliases[i]) && strcmp(after->name, before->aliases[i]) != 0)
            tell_change(d, SCHEMADIFF_REMOVED, "alias", before->aliases[i], NULL);
    for (size_t i = 0; i < after->alias_count; i++)
        if (!has_alias(before, after->aliases[i]) && strcmp(before->name, after->aliases[i]) != 0)
            tell_change(d, SCHEMADIFF_ADDED, "alias", NULL, after->aliases[i]);
}

static void compare_fields(struct diff *d, const struct fields *before, const struct fields *after);

static void compare_field(struct diff *d, const struct field *before, const struct field *after)
{
    if (strcmp(before->name, after->name) != 0) {
        buf_printf(&d->what, _("renamed to %s; the old name may still be sent"), after->name);
        tell(d, SCHEMADIFF_NEUTRAL);
    }
    if (before->type != after->type)
        tell_change(d, SCHEMADIFF_NARROWED, "type", field_types[before->type].name, field_types[after->type].name);
    compare_flags(d, before, after);
    compare_texts(d, before, after);
    compare_forms(d, before, after);
    compare_codes(d, before, after);
    compare_names(d, before, after);
    compare_fields(d, &before->members, &after->members);
}

/* Goes to a place below, and back. */
static size_t enter(struct diff *d, const char *name)
{
    size_t len = d->place.len;
    buf_printf(&d->place, "%s%s", len == 0 ? "" : ".", name);
    return len;
}

static void leave(struct diff *d, size_t len)
{
    char place[PLACE_MAX_BYTES];
    (void)snprintf(place, sizeof(place), "%.*s", (int)len, buf_text(&d->place));
    buf_clear(&d->place);
    buf_add_text(&d->place, place);
}

/* The field that takes what was sent under this name, or NULL. */
static const struct field *find_by_name(const struct fields *fields, const char *name)
{
    const char *alias;
    long i = fields_find(fields, name, strlen(name));
    if (i < 0)
        i = fields_find_alias(fields, name, strlen(name), &alias);
    return i < 0 ? NULL : &fields->items[i];
}

static void compare_fields(struct diff *d, const struct fields *before, const struct fields *after)
{
    for (size_t i = 0; i < before->count; i++) {
        const struct field *old = &before->items[i];
        const struct field *new = find_by_name(after, old->name);
        size_t len = enter(d, old->name);
        if (new == NULL)
            tell(d, SCHEMADIFF_REMOVED);
        else
            compare_field(d, old, new);
        leave(d, len);
    }
    for (size_t i = 0; i < after->count; i++) {
        const struct field *new = &after->items[i];
        bool known = fields_find(before, new->name, strlen(new->name)) >= 0;
        for (size_t k = 0; k < new->alias_count; k++)
            known = known || fields_find(before, new->aliases[k], strlen(new->aliases[k])) >= 0;
        if (known)
            continue;
        size_t len = enter(d, new->name);
        tell(d, must_come(new) ? SCHEMADIFF_REQUIRED : SCHEMADIFF_ADDED);
        leave(d, len);
    }
}

static void compare_resources(struct diff *d, const struct category *of, const struct category *other, enum schemadiff_kind kind)
{
    for (size_t i = 0; i < of->resource_count; i++) {
        if (category_find_resource(other, of->resources[i].code) != NULL)
            continue;
        buf_printf(&d->what, _("resource %s"), of->resources[i].code);
        tell(d, kind);
    }
}

static void compare_category(struct diff *d, const struct category *before, const struct category *after)
{
    d->category = after;
    d->found = 0;
    compare_resources(d, before, after, SCHEMADIFF_REMOVED);
    compare_resources(d, after, before, SCHEMADIFF_ADDED);
    if (!same_text(before->name, after->name))
        tell_change(d, SCHEMADIFF_NEUTRAL, "name", before->name, after->name);
    compare_fields(d, &before->fields, &after->fields);
    if (d->found > 0 && same_text(before->version, after->version))
        d->sink->unversioned(d->sink->context, after->code, after->version);
}

static void tell_whole(struct diff *d, const struct category *c, enum schemadiff_kind kind)
{
    d->category = c;
    buf_add_text(&d->what, _("the whole category"));
    tell(d, kind);
}

size_t schemadiff_run(const struct catalog *before, const struct catalog *after, const struct schemadiff_sink *sink)
{
    struct diff d = {.sink = sink};
    buf_init(&d.place, PLACE_MAX_BYTES);
    buf_init(&d.what, WHAT_MAX_BYTES);
    for (size_t i = 0; i < before->category_count; i++) {
        const struct category *new = catalog_find(after, before->categories[i]->code);
        if (new == NULL)
            tell_whole(&d, before->categories[i], SCHEMADIFF_REMOVED);
        else
            compare_category(&d, before->categories[i], new);
    }
    for (size_t i = 0; i < after->category_count; i++)
        if (catalog_find(before, after->categories[i]->code) == NULL)
            tell_whole(&d, after->categories[i], SCHEMADIFF_ADDED);
    buf_free(&d.place);
    buf_free(&d.what);
    return d.refusing;
}
