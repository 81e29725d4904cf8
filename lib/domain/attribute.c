/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "attribute.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "gbwords.h"
#include "idcode.h"
#include "num.h"
#include "regex.h"
#include "words.h"

#include "poison.h"

#define LENGTH_LIMIT 100000000

static const char out_of_memory[] = N_("shorter: memory is short");

static const char *set_text(char **to, const char *value)
{
    if (*value == '\0')
        return N_("filled in");
    free(*to); /* an attribute that stands twice is a fault, but not the end of the reading */
    *to = strdup(value);
    return *to == NULL ? out_of_memory : NULL;
}

static const char *set_flag(bool *to, const char *value)
{
    *to = strcmp(value, "yes") == 0;
    return *to || strcmp(value, "no") == 0 ? NULL : N_("yes or no");
}

static const char *set_label(struct field *f, const char *value) { return set_text(&f->label, value); }
static const char *set_label_en(struct field *f, const char *value) { return set_text(&f->label_en, value); }
static const char *set_description(struct field *f, const char *value) { return set_text(&f->description, value); }
static const char *set_codelist(struct field *f, const char *value) { return set_text(&f->codelist_name, value); }
static const char *set_default(struct field *f, const char *value) { return set_text(&f->fallback, value); }
static const char *set_required(struct field *f, const char *value) { return set_flag(&f->required, value); }
static const char *set_multiple(struct field *f, const char *value) { return set_flag(&f->multiple, value); }
static const char *set_index(struct field *f, const char *value) { return set_flag(&f->index, value); }
static const char *set_personal(struct field *f, const char *value) { return set_flag(&f->personal, value); }
static const char *set_encrypt(struct field *f, const char *value) { return set_flag(&f->encrypt, value); }
static const char *set_deprecated(struct field *f, const char *value) { return set_text(&f->deprecated, value); }

/* The type is read before all others, since it decides which others there may be. */
static const char *set_type(struct field *f, const char *value)
{
    (void)f;
    (void)value;
    return NULL;
}

static const char *set_length(int64_t *to, const char *value)
{
    return num_parse(value, strlen(value), 0, LENGTH_LIMIT, to) ? NULL : N_("a number of characters, 0 to 100000000");
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
        return N_("an integer");
    if (!num_is_decimal(value, strlen(value), 65))
        return N_("a plain decimal number");
    return set_text(to, value);
}

static const char *set_min(struct field *f, const char *value) { return set_bound(f, &f->min, value); }
static const char *set_max(struct field *f, const char *value) { return set_bound(f, &f->max, value); }

static const char *set_pattern(struct field *f, const char *value)
{
    static char must_be[320]; /* the sentence outlives the call, as the constants of the other setters do */
    char why[256];
    regex_free(f->regex);
    f->regex = regex_new(value, why, sizeof(why));
    if (f->regex != NULL)
        return set_text(&f->pattern, value);
    (void)snprintf(must_be, sizeof(must_be), _("a regular expression, and is none: %s"), why);
    return must_be;
}

static const char *set_input(struct field *f, const char *value)
{
    f->lenient = strcmp(value, "lenient") == 0;
    return f->lenient || strcmp(value, "strict") == 0 ? NULL : N_("strict or lenient");
}

static const char *set_formats(struct field *f, const char *value)
{
    static char must_be[256]; /* as in set_pattern */
    char words[200];
    unsigned allowed = field_forms[f->type].allowed;
    f->formats = gbwords_read(value, allowed);
    (void)snprintf(must_be, sizeof(must_be), _("a list of %s"), gbwords_list(words, sizeof(words), allowed));
    return f->formats == 0 ? must_be : NULL;
}

static const char *set_assume_offset(struct field *f, const char *value)
{
    f->rules.assume = gbtime_read_shift(value, strlen(value), &f->rules.shift) == GBTIME_OK;
    return f->rules.assume ? NULL : N_("Z or an offset such as +08:00");
}

static const char *set_format(struct field *f, const char *value)
{
    static char must_be[256]; /* as in set_pattern */
    size_t at = (size_t)snprintf(must_be, sizeof(must_be), "%s", _("one of "));
    f->format = idcode_find(value);
    for (const struct idcode_format *row = idcode_formats; row->name != NULL && at < sizeof(must_be); row++)
        at += (size_t)snprintf(must_be + at, sizeof(must_be) - at, "%s%s", row == idcode_formats ? "" : _(", "),
                               row->name);
    return f->format == NULL ? must_be : NULL;
}

static bool add_alias(struct field *f, const char *name, size_t len)
{
    char **names = reallocarray(f->aliases, f->alias_count + 1, sizeof(*names));
    if (names == NULL)
        return false;
    f->aliases = names;
    names[f->alias_count] = strndup(name, len);
    return names[f->alias_count++] != NULL;
}

/* Names as other standards spell them, so capitals too; nothing that JSON would escape. */
static const char *set_alias(struct field *f, const char *value)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static const char others[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    field_clear_aliases(f); /* an attribute that stands twice, or an amendment */
    for (;;) {
        value += strspn(value, " ");
        size_t len = strspn(value, others);
        size_t gap = strspn(value + len, " ");
        if (len == 0 || len > FIELD_NAME_MAX || strchr(letters, *value) == NULL ||
            (value[len + gap] != ',' && value[len + gap] != '\0'))
            return N_("a list of names: a letter, then letters, digits, _, . and -, 64 at most");
        if (!add_alias(f, value, len))
            return out_of_memory;
        if (value[len + gap] == '\0')
            return NULL;
        value += len + gap + 1;
    }
}

static const struct attribute attributes[] = {
    {"type", 0, set_type},
    {"label", 0, set_label},
    {"label_en", 0, set_label_en},
    {"description", 0, set_description},
    {"required", 0, set_required},
    {"multiple", 0, set_multiple},
    {"index", 0, set_index},
    {"personal", 0, set_personal},
    {"encrypt", ATTR_ENCRYPT, set_encrypt},
    {"alias", 0, set_alias},
    {"deprecated", 0, set_deprecated},
    {"min_length", ATTR_LENGTH, set_min_length},
    {"max_length", ATTR_LENGTH, set_max_length},
    {"min", ATTR_RANGE, set_min},
    {"max", ATTR_RANGE, set_max},
    {"pattern", ATTR_PATTERN, set_pattern},
    {"format", ATTR_FORMAT, set_format},
    {"codelist", ATTR_CODELIST, set_codelist},
    {"default", ATTR_DEFAULT, set_default},
    {"input", ATTR_INPUT, set_input},
    {"formats", ATTR_FORMATS, set_formats},
    {"assume_offset", ATTR_OFFSET, set_assume_offset},
};

const struct attribute *attribute_find(const char *name)
{
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        if (strcmp(attributes[i].name, name) == 0)
            return &attributes[i];
    return NULL;
}
