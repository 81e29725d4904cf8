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

/* What stands behind a backslash, for which *p is that. Classes of characters are written out: those of XML Schema have more in them. */
static bool translate_escape(struct buf *to, const char **p, bool in_class)
{
    char c = (*p)[1];
    const char *members = c == 'w' ? "A-Za-z0-9_" : c == 'd' ? "0-9" : NULL;
    *p += 2;
    if (members != NULL) {
        /* A hyphen beside it would become a range. */
        if (in_class && ((**p == '-' && (*p)[1] != ']') || ((*p)[-3] == '-' && (*p)[-4] != '[')))
            return false;
        buf_printf(to, in_class ? "%s" : "[%s]", members);
        return true;
    }
    if (c == '/' || c == '$') {
        buf_add_char(to, c);
        return true;
    }
    if (c == '\0' || strchr("snrt.\\?*+{}()[]|-^", c) == NULL)
        return false;
    buf_add_char(to, '\\');
    buf_add_char(to, c);
    return true;
}

/* {2}, {2,} or {2,3}; other braces are none to PCRE2, and no pattern to XML Schema. */
static bool translate_braces(struct buf *to, const char **p)
{
    const char *start = *p;
    size_t digits = strspn(start + 1, "0123456789");
    const char *end = start + 1 + digits;
    if (*end == ',')
        end += 1 + strspn(end + 1, "0123456789");
    if (digits == 0 || *end != '}')
        return false;
    buf_add(to, start, (size_t)(end + 1 - start));
    *p = end + 1;
    return true;
}

/* One part of a pattern, outside of a class. False where XML Schema has no word for it. */
static bool translate(struct buf *to, const char **p, int *depth)
{
    const char *at = *p;
    bool repeats = strchr("?*+{", *at) != NULL;
    switch (*at) {
    case '\\': return translate_escape(to, p, false);
    case '{':
        if (!translate_braces(to, p))
            return false;
        break;
    case '(':
        if (at[1] == '?' && at[2] != ':')
            return false;
        *p += at[1] == '?' ? 3 : 1;
        ++*depth;
        buf_add_char(to, '(');
        return true;
    case ')':
        if (--*depth < 0)
            return false;
        buf_add_char(to, *(*p)++);
        break;
    case '.':
        buf_add_text(to, "[^\\n]");
        ++*p;
        break;
    case '^': case '$': case ']': case '}': return false;
    default:
        if (*at == '|' && *depth == 0)
            return false;
        buf_add_char(to, *(*p)++);
    }
    return !repeats || (**p != '?' && **p != '+');
}

/* A class in brackets. */
static bool translate_class(struct buf *to, const char **p)
{
    buf_add_char(to, *(*p)++);
    if (**p == '^')
        buf_add_char(to, *(*p)++);
    if (**p == ']')
        return false;
    while (**p != ']') {
        if (**p == '\0' || ((*p)[0] == '[' && (*p)[1] == ':'))
            return false;
        if (**p == '\\') {
            if (!translate_escape(to, p, true))
                return false;
            continue;
        }
        if (**p == '[')
            buf_add_char(to, '\\');
        buf_add_char(to, *(*p)++);
    }
    buf_add_char(to, *(*p)++);
    return true;
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
    bool times = field_forms[f->type].allowed != 0;
    const char *both = f->pattern != NULL && f->format != NULL ? f->format->pattern : NULL;
    buf_add_text(to, "<xs:simpleType>");
    if (both != NULL)
        buf_add_text(to, "<xs:restriction><xs:simpleType>");
    buf_printf(to, "<xs:restriction base=\"%s\">", base->name);
    if (both != NULL) {
        add_own_pattern(to, both);
        buf_add_text(to, "</xs:restriction></xs:simpleType>");
    }
    if (field_min_length(f) > 0)
        buf_printf(to, "<xs:minLength value=\"%lld\"/>", (long long)field_min_length(f));
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
                   "<xs:minInclusive value=\"0\"/><xs:pattern value=\"0|[1-9][0-9]*\"/></xs:restriction></xs:simpleType></xs:element>\n", RECORD_ID_MAX_CHARS);
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
