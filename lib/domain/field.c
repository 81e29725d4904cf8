/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "field.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "regex.h"

#include "poison.h"

const struct field_type_info field_types[FIELD_TYPE_N] = {
    [FIELD_STRING] = {"string", ATTR_LENGTH | ATTR_PATTERN | ATTR_FORMAT | ATTR_DEFAULT | ATTR_ENCRYPT, true, "string", NULL,
                      N_("a string")},
    [FIELD_TEXT] = {"text", ATTR_LENGTH | ATTR_PATTERN | ATTR_FORMAT | ATTR_DEFAULT | ATTR_ENCRYPT, true, "string", NULL,
                    N_("a string")},
    [FIELD_HTML] = {"html", ATTR_LENGTH | ATTR_PATTERN | ATTR_DEFAULT | ATTR_ENCRYPT, true, "string", NULL, N_("a string")},
    [FIELD_INTEGER] = {"integer", ATTR_RANGE | ATTR_DEFAULT | ATTR_ENCRYPT, false, "integer", NULL, N_("an integer")},
    [FIELD_DECIMAL] = {"decimal", ATTR_RANGE | ATTR_DEFAULT | ATTR_ENCRYPT, false, "number", NULL,
                       N_("a decimal, as a number or a string")},
    [FIELD_BOOLEAN] = {"boolean", ATTR_DEFAULT | ATTR_ENCRYPT, false, "boolean", NULL, N_("true or false")},
    [FIELD_DATE] = {"date", ATTR_DEFAULT | ATTR_INPUT | ATTR_FORMATS, true, "string", "date",
                    N_("a date in a string")},
    [FIELD_DATETIME] = {"datetime", ATTR_DEFAULT | ATTR_INPUT | ATTR_FORMATS | ATTR_OFFSET, true, "string",
                        "date-time", N_("a date and time in a string")},
    [FIELD_TIME] = {"time", ATTR_DEFAULT | ATTR_FORMATS | ATTR_OFFSET, true, "string", NULL,
                    N_("a time of day in a string")},
    [FIELD_DURATION] = {"duration", ATTR_DEFAULT, true, "string", "duration", N_("a duration in a string")},
    [FIELD_INTERVAL] = {"interval", ATTR_DEFAULT | ATTR_FORMATS | ATTR_OFFSET, true, "string", NULL,
                        N_("an interval in a string")},
    [FIELD_RECURRENCE] = {"recurrence", ATTR_DEFAULT | ATTR_FORMATS | ATTR_OFFSET, true, "string", NULL,
                          N_("a recurrence in a string")},
    [FIELD_URL] = {"url", ATTR_LENGTH | ATTR_PATTERN | ATTR_DEFAULT | ATTR_ENCRYPT, true, "string", "iri",
                   N_("a URL in a string")},
    [FIELD_CODE] = {"code", ATTR_CODELIST | ATTR_DEFAULT | ATTR_ENCRYPT, true, "string", NULL, N_("a code in a string")},
    [FIELD_OBJECT] = {"object", 0, false, "object", NULL, N_("a JSON object")},
};

#define COMPLETE_DATES (GBTIME_CALENDAR | GBTIME_ORDINAL | GBTIME_WEEK)
#define MOMENTS (COMPLETE_DATES | GBTIME_TIME_FORMS | GBTIME_BASIC | GBTIME_HOUR24)

const struct field_forms field_forms[FIELD_TYPE_N] = {
    [FIELD_DATE] = {GBTIME_DATE_FORMS | GBTIME_BASIC, GBTIME_DEFAULT_FORMS},
    [FIELD_DATETIME] = {MOMENTS, GBTIME_DEFAULT_FORMS},
    [FIELD_TIME] = {GBTIME_TIME_FORMS | GBTIME_BASIC, GBTIME_DEFAULT_FORMS},
    [FIELD_INTERVAL] = {MOMENTS | GBTIME_REDUCED_DATES, GBTIME_DEFAULT_FORMS},
    [FIELD_RECURRENCE] = {MOMENTS | GBTIME_REDUCED_DATES, GBTIME_DEFAULT_FORMS},
};

long fields_find(const struct fields *f, const char *name, size_t len)
{
    if (f->slots == NULL)
        return -1;
    for (size_t i = hash_bytes(name, len) & f->slot_mask; f->slots[i] != 0; i = (i + 1) & f->slot_mask) {
        const char *candidate = f->items[f->slots[i] - 1].name;
        if (strlen(candidate) == len && memcmp(candidate, name, len) == 0)
            return f->slots[i] - 1;
    }
    return -1;
}

/* Few fields have an alias and few names get here, so they are gone through one by one. */
long fields_find_alias(const struct fields *f, const char *name, size_t len, const char **alias_out)
{
    for (size_t i = 0; f->aliased && i < f->count; i++) {
        const struct field *field = &f->items[i];
        for (size_t k = 0; k < field->alias_count; k++) {
            *alias_out = field->aliases[k];
            if (strlen(*alias_out) == len && memcmp(*alias_out, name, len) == 0)
                return (long)i;
        }
    }
    return -1;
}

int fields_index(struct fields *f)
{
    size_t slots = 4;
    while (slots < f->count * 3)
        slots *= 2;
    uint16_t *table = f->count > UINT16_MAX / 4 ? NULL : calloc(slots, sizeof(*table));
    if (table == NULL)
        return -1;
    free(f->slots);
    f->slots = table;
    f->slot_mask = slots - 1;
    for (size_t n = 0; n < f->count; n++) {
        size_t i = hash_bytes(f->items[n].name, strlen(f->items[n].name)) & f->slot_mask;
        while (table[i] != 0)
            i = (i + 1) & f->slot_mask;
        table[i] = (uint16_t)(n + 1);
        f->aliased = f->aliased || f->items[n].alias_count > 0;
        f->encrypted = f->encrypted || f->items[n].encrypt;
        f->personal = f->personal || f->items[n].personal || f->items[n].members.personal;
    }
    return 0;
}

struct field *fields_add(struct fields *f)
{
    struct field *items = realloc(f->items, (f->count + 1) * sizeof(*items));
    if (items == NULL)
        return NULL;
    f->items = items;
    items[f->count] = (struct field){.max_length = -1};
    return &items[f->count++];
}

void field_clear_aliases(struct field *f)
{
    while (f->alias_count > 0)
        free(f->aliases[--f->alias_count]);
    free(f->aliases);
    f->aliases = NULL;
}

void field_clear(struct field *f)
{
    free(f->name);
    free(f->label);
    free(f->label_en);
    free(f->description);
    free(f->deprecated);
    field_clear_aliases(f);
    free(f->min);
    free(f->max);
    free(f->pattern);
    regex_free(f->regex);
    free(f->codelist_name);
    free(f->fallback);
    free(f->file);
    fields_clear(&f->members);
}

void fields_clear(struct fields *f)
{
    for (size_t i = 0; i < f->count; i++)
        field_clear(&f->items[i]);
    free(f->items);
    free(f->slots);
    *f = (struct fields){0};
}

static bool copy_text(char **to, const char *from)
{
    *to = from == NULL ? NULL : strdup(from);
    return from == NULL || *to != NULL;
}

static bool copy_aliases(struct field *to, const struct field *from)
{
    to->aliases = from->alias_count == 0 ? NULL : calloc(from->alias_count, sizeof(*to->aliases));
    to->alias_count = to->aliases == NULL ? 0 : from->alias_count;
    bool done = to->alias_count == from->alias_count;
    for (size_t k = 0; k < to->alias_count; k++)
        done = copy_text(&to->aliases[k], from->aliases[k]) && done;
    return done;
}

static bool copy_members(struct fields *to, const struct fields *from)
{
    for (size_t i = 0; i < from->count; i++) {
        struct field *member = fields_add(to);
        if (member == NULL || field_copy(member, &from->items[i]) != 0)
            return false;
    }
    return fields_index(to) == 0;
}

int field_copy(struct field *to, const struct field *from)
{
    char why[8];
    *to = *from;
    to->members = (struct fields){0};
    to->regex = NULL;
    bool done = copy_text(&to->name, from->name);
    done = copy_text(&to->label, from->label) && done;
    done = copy_text(&to->label_en, from->label_en) && done;
    done = copy_text(&to->description, from->description) && done;
    done = copy_text(&to->deprecated, from->deprecated) && done;
    done = copy_aliases(to, from) && done;
    done = copy_text(&to->min, from->min) && done;
    done = copy_text(&to->max, from->max) && done;
    done = copy_text(&to->pattern, from->pattern) && done;
    done = copy_text(&to->codelist_name, from->codelist_name) && done;
    done = copy_text(&to->fallback, from->fallback) && done;
    done = copy_text(&to->file, from->file) && done;
    if (done && to->pattern != NULL)
        done = (to->regex = regex_new(to->pattern, why, sizeof(why))) != NULL;
    return done && copy_members(&to->members, &from->members) ? 0 : -1;
}

void field_describe(const struct field *f, enum msg_lang lang, char *to, size_t size)
{
    const char *label = lang == MSG_EN && f->label_en != NULL ? f->label_en : f->label;
    if (label == NULL)
        (void)snprintf(to, size, "%s%s%s", lang == MSG_ZH ? " " : "", f->name, lang == MSG_ZH ? " " : "");
    else
        (void)snprintf(to, size, words_in(lang, N_("\"%s\" (%s)")), label, f->name);
}

/* What is stored must be good to be sent again: where a form leads to another, that one is taken too. */
int64_t field_min_length(const struct field *f)
{
    bool must_say_something = f->required && !f->has_min_length && (field_types[f->type].attrs & ATTR_LENGTH) != 0;
    return must_say_something ? 1 : f->min_length;
}

void field_settle_forms(struct field *f)
{
    unsigned usual = field_forms[f->type].usual;
    unsigned *forms = &f->rules.forms;
    bool is_new = f->type == FIELD_TIME || f->type == FIELD_INTERVAL || f->type == FIELD_RECURRENCE;
    *forms = f->formats;
    f->canonical = is_new || *forms != 0 || f->rules.assume;
    if (!f->rules.assume)
        f->rules.shift = GBTIME_CHINA_SHIFT;
    if ((*forms & GBTIME_DATE_FORMS) == 0)
        *forms |= usual & GBTIME_DATE_FORMS;
    if ((*forms & GBTIME_TIME_FORMS) == 0)
        *forms |= usual & GBTIME_TIME_FORMS;
    else if ((*forms & (GBTIME_TIME_FORMS & ~GBTIME_FRACTION)) == 0)
        *forms |= GBTIME_SECONDS;
    if ((*forms & (GBTIME_ORDINAL | GBTIME_WEEK)) != 0 || f->lenient)
        *forms |= GBTIME_CALENDAR;
    if (f->lenient)
        *forms |= GBTIME_SECONDS;
}

bool field_is_name(const char *text, bool dash)
{
    if (*text < 'a' || *text > 'z')
        return false;
    size_t len = strspn(text, dash ? "abcdefghijklmnopqrstuvwxyz0123456789_-" : "abcdefghijklmnopqrstuvwxyz0123456789_");
    return text[len] == '\0' && len <= FIELD_NAME_MAX;
}
