/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "xsd.h"

#include <stdio.h>
#include <string.h>

#include "category.h"
#include "codelist.h"
#include "field.h"
#include "idcode.h"
#include "record.h"
#include "xmlout.h"

#include "poison.h"

#define PATTERN_MAX_BYTES ((size_t)64 * 1024)
#define DAY "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"

/* How a type begins. The pattern is of the values that it takes by itself, in the words of XML Schema; of times only in the forms that a
 * field has without attributes. */
static const struct base {
    const char *name, *pattern;
} bases[FIELD_TYPE_N] = {
    [FIELD_STRING] = {"xs:string", NULL},
    [FIELD_TEXT] = {"xs:string", NULL},
    [FIELD_HTML] = {"xs:string", NULL},
    [FIELD_INTEGER] = {"xs:long", "-?(0|[1-9][0-9]*)"},
    [FIELD_DECIMAL] = {"xs:decimal", "-?(0|[1-9][0-9]*)(\\.[0-9]+)?"},
    [FIELD_BOOLEAN] = {"xs:boolean", NULL},
    [FIELD_DATE] = {"xs:string", DAY},
    [FIELD_DATETIME] = {"xs:string", DAY "T[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?(Z|[+\\-][0-9]{2}:[0-9]{2})"},
    [FIELD_TIME] = {"xs:string", NULL},
    [FIELD_DURATION] = {"xs:string", NULL},
    [FIELD_INTERVAL] = {"xs:string", NULL},
    [FIELD_RECURRENCE] = {"xs:string", NULL},
    [FIELD_URL] = {"xs:string", NULL},
    [FIELD_CODE] = {"xs:string", NULL},
};

/* One character of a pattern, outside of a class. False where XML Schema has no word for it. */
static bool translate(struct buf *to, const char **p, int *depth)
{
    const char *at = *p;
    switch (*at) {
    case '\\':
        if (at[1] == '\0' || (strchr("dswnrt", at[1]) == NULL && strchr(".\\?*+{}()[]|-^/$", at[1]) == NULL))
            return false;
        buf_add(to, at + (at[1] == '/' || at[1] == '$' ? 1 : 0), at[1] == '/' || at[1] == '$' ? 1 : 2);
        *p += 2;
        return true;
    case '(':
        if (at[1] == '?' && at[2] != ':')
            return false;
        *p += at[1] == '?' ? 3 : 1;
        ++*depth;
        buf_add_char(to, '(');
        return true;
    case '.': buf_add_text(to, "[^\\n]"); break;
    case '|':
        if (*depth == 0)
            return false;
        buf_add_char(to, '|');
        break;
    case '^': case '$': return false;
    case '?': case '*': case '+': case '}':
        if (at[1] == '?' || at[1] == '+')
            return false;
        buf_add_char(to, *at);
        break;
    default:
        *depth -= *at == ')';
        buf_add_char(to, *at);
    }
    ++*p;
    return true;
}

/* A class in brackets. */
static bool translate_class(struct buf *to, const char **p)
{
    const char *start = *p;
    buf_add_char(to, *(*p)++);
    if (**p == '^')
        buf_add_char(to, *(*p)++);
    for (const char *first = *p; **p != ']' || *p == first; ++*p) {
        if (**p == '\0' || (**p == ']' && *p == first) || ((*p)[0] == '[' && (*p)[1] == ':'))
            return false;
        if (**p == '\\') {
            if ((*p)[1] == '\0' || strchr("dswnrt.\\?*+{}()[]|-^", (*p)[1]) == NULL)
                return false;
            buf_add_char(to, *(*p)++);
        } else if (**p == '[') {
            buf_add_char(to, '\\');
        }
        buf_add_char(to, **p);
    }
    buf_add_char(to, *(*p)++);
    return *p > start;
}

bool xsd_pattern(struct buf *to, const char *pattern)
{
    size_t len = strlen(pattern);
    int depth = 0;
    /* XML Schema's patterns are of the whole text. */
    if (len < 2 || pattern[0] != '^' || pattern[len - 1] != '$' || pattern[len - 2] == '\\')
        return false;
    for (const char *p = pattern + 1; p < pattern + len - 1;)
        if (!(*p == '[' ? translate_class(to, &p) : translate(to, &p, &depth)))
            return false;
    return depth == 0;
}

/* name="value" for an attribute; the value is taken as text. */
static void add_value(struct buf *to, const char *element, const char *value)
{
    buf_printf(to, "<xs:%s value=\"", element);
    xmlout_text(to, value, strlen(value), true);
    buf_add_text(to, "\"/>");
}

static void add_documentation(struct buf *to, const char *lang, const char *text)
{
    if (text == NULL)
        return;
    buf_printf(to, "<xs:documentation xml:lang=\"%s\">", lang);
    xmlout_text(to, text, strlen(text), false);
    buf_add_text(to, "</xs:documentation>");
}

static void add_annotation(struct buf *to, const char *zh, const char *en, const char *description)
{
    buf_add_text(to, "<xs:annotation>");
    add_documentation(to, "zh", zh);
    add_documentation(to, "en", en);
    add_documentation(to, "zh", description);
    buf_add_text(to, "</xs:annotation>\n");
}

/* A pattern of the category's. Of a text without a value nothing is asked, so it may be empty where its length allows. */
static void add_own_pattern(struct buf *to, const char *pattern)
{
    struct buf words;
    if (pattern == NULL)
        return;
    buf_init(&words, PATTERN_MAX_BYTES);
    buf_add_char(&words, '(');
    if (xsd_pattern(&words, pattern)) {
        buf_add_text(&words, ")?");
        add_value(to, "pattern", buf_text(&words));
    }
    buf_free(&words);
}

/* A restriction within one: each has patterns of its own, and a value must match those of all. */
static void add_restriction(struct buf *to, const struct field *f)
{
    const struct base *base = &bases[f->type];
    bool is_text = (field_types[f->type].attrs & ATTR_LENGTH) != 0;
    bool times = field_forms[f->type].allowed != 0;
    const char *both = f->pattern != NULL && f->format != NULL ? f->format->pattern : NULL;
    buf_add_text(to, "<xs:simpleType>");
    if (both != NULL) {
        buf_add_text(to, "<xs:restriction><xs:simpleType>");
    }
    buf_printf(to, "<xs:restriction base=\"%s\">", base->name);
    if (both != NULL) {
        add_own_pattern(to, both);
        buf_add_text(to, "</xs:restriction></xs:simpleType>");
    }
    if (f->min_length > 0 || (is_text && f->required && !f->has_min_length))
        buf_printf(to, "<xs:minLength value=\"%lld\"/>", (long long)(f->min_length > 0 ? f->min_length : 1));
    if (f->max_length >= 0)
        buf_printf(to, "<xs:maxLength value=\"%lld\"/>", (long long)f->max_length);
    if (base->pattern != NULL && !(times && (f->lenient || f->canonical)))
        add_value(to, "pattern", base->pattern);
    add_own_pattern(to, f->pattern != NULL ? f->pattern : f->format != NULL ? f->format->pattern : NULL);
    if (f->min != NULL)
        add_value(to, "minInclusive", f->min);
    if (f->max != NULL)
        add_value(to, "maxInclusive", f->max);
    for (size_t i = 0; f->codelist != NULL && i < f->codelist->count; i++)
        add_value(to, "enumeration", f->codelist->items[i].code);
    buf_add_text(to, "</xs:restriction></xs:simpleType>\n");
}

static void add_fields(struct buf *to, const struct fields *fields, const char *before);

/* What an element of the field, or of one value in its list, holds. */
static void add_type(struct buf *to, const struct field *f)
{
    if (f->type == FIELD_OBJECT)
        add_fields(to, &f->members, "");
    else
        add_restriction(to, f);
}

static void add_element(struct buf *to, const struct field *f, const char *name)
{
    bool must_come = f->required && f->fallback == NULL;
    buf_printf(to, "<xs:element name=\"%s\" minOccurs=\"%d\"%s>", name, must_come && f->alias_count == 0 ? 1 : 0,
               must_come ? "" : " nillable=\"true\"");
    add_annotation(to, f->label, f->label_en, f->description);
    if (f->multiple) {
        buf_printf(to, "<xs:complexType><xs:sequence><xs:element name=\"item\" minOccurs=\"%d\" maxOccurs=\"unbounded\">\n", f->required);
        add_type(to, f);
        buf_add_text(to, "</xs:element></xs:sequence></xs:complexType>\n");
    } else {
        add_type(to, f);
    }
    buf_add_text(to, "</xs:element>\n");
}

/* Elements in any order, each once. That of the names of one field exactly one comes cannot be said. */
static void add_fields(struct buf *to, const struct fields *fields, const char *before)
{
    buf_printf(to, "<xs:complexType><xs:all>\n%s", before);
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        add_element(to, f, f->name);
        for (size_t k = 0; k < f->alias_count; k++)
            add_element(to, f, f->aliases[k]);
    }
    buf_add_text(to, "</xs:all></xs:complexType>\n");
}

void xsd_write(struct buf *to, const struct category *c)
{
    char own[512];
    (void)snprintf(own, sizeof(own),
                   "<xs:element name=\"id\"><xs:simpleType><xs:restriction base=\"xs:string\"><xs:minLength value=\"1\"/>"
                   "<xs:maxLength value=\"%d\"/></xs:restriction></xs:simpleType></xs:element>\n"
                   "<xs:element name=\"version\" minOccurs=\"0\" nillable=\"true\"><xs:simpleType><xs:restriction base=\"xs:long\">"
                   "<xs:minInclusive value=\"0\"/></xs:restriction></xs:simpleType></xs:element>\n", RECORD_ID_MAX_CHARS);
    buf_add_text(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"");
    if (c->version != NULL)
        buf_printf(to, " version=\"%s\"", c->version);
    buf_add_text(to, ">\n");
    add_annotation(to, c->name, c->name_en, c->description);
    buf_add_text(to, "<xs:element name=\"records\"><xs:complexType><xs:sequence><xs:element ref=\"record\" minOccurs=\"0\" "
                     "maxOccurs=\"unbounded\"/></xs:sequence></xs:complexType></xs:element>\n<xs:element name=\"record\">\n");
    add_fields(to, &c->fields, own);
    buf_add_text(to, "</xs:element>\n</xs:schema>\n");
}
