/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "check.h"

#include <stdio.h>
#include <string.h>

#include "codelist.h"
#include "field.h"
#include "gbwords.h"
#include "idcode.h"
#include "mask.h"
#include "num.h"
#include "regex.h"

#include "poison.h"

#define FIELD_TEXT_SIZE 512

static const char *const kind_nouns[SCAN_KIND_N] = {
    [SCAN_STRING] = N_("a string"), [SCAN_NUMBER] = N_("a number"), [SCAN_TRUE] = N_("a boolean"),
    [SCAN_FALSE] = N_("a boolean"), [SCAN_NULL] = N_("null"),       [SCAN_OBJECT] = N_("an object"),
    [SCAN_ARRAY] = N_("an array"),
};

const char *check_kind_noun(enum scan_kind kind, enum msg_lang lang)
{
    return words_in(lang, kind_nouns[kind]);
}

void check_fault(struct msg *out, enum msg_id id, const struct field *f, enum msg_lang lang)
{
    char name[FIELD_TEXT_SIZE];
    field_describe(f, lang, name, sizeof(name));
    msg_set(out, id);
    msg_arg(out, "field", "%s", name);
}

/* One fault in the making: which field, in which language, where it goes. */
struct context {
    const struct field *field;
    const struct value *value;
    enum msg_lang lang;
    struct checked *out;
};

static struct msg *add_fault(const struct context *c, enum msg_id id)
{
    struct msg *m = &c->out->faults[c->out->fault_count++];
    check_fault(m, id, c->field, c->lang);
    return m;
}

/* A fault that shows the value as it was sent, or masked where it is personal. */
static void add_value_fault(const struct context *c, enum msg_id id, const char *limit)
{
    bool empty = c->value->kind == SCAN_STRING && c->value->len == 0;
    struct msg *m = add_fault(c, empty ? MSG_EMPTY_VALUE : id);
    char masked[MASK_SIZE];
    const char *shown = c->value->text;
    size_t len = c->value->len;
    if (c->field->personal) {
        mask_text(masked, shown, c->field->encrypt ? 0 : len);
        shown = masked;
        len = strlen(masked);
    }
    msg_arg_text(m, "got", shown, len);
    if (limit != NULL)
        msg_arg_text(m, "limit", limit, strlen(limit));
}

void check_wrong_kind(const struct field *f, bool list, enum scan_kind got, enum msg_lang lang, struct msg *out)
{
    const char *noun = words_in(lang, field_types[f->type].noun);
    check_fault(out, MSG_WRONG_TYPE, f, lang);
    msg_arg(out, "expected", list ? words_in(lang, N_("an array, each item %s")) : "%s", noun);
    msg_arg(out, "got", "%s", check_kind_noun(got, lang));
}

static bool expect_kind(const struct context *c, bool good)
{
    if (good)
        return true;
    check_wrong_kind(c->field, false, c->value->kind, c->lang, &c->out->faults[c->out->fault_count++]);
    return false;
}

static void check_length(const struct context *c)
{
    const struct field *f = c->field;
    int64_t chars = (int64_t)c->value->chars;
    /* A required text that is empty says no more than one that is missing, unless the category allows it in words. */
    if (chars == 0 && f->required && !f->has_min_length) {
        (void)add_fault(c, MSG_EMPTY);
        return;
    }
    bool over = f->max_length >= 0 && chars > f->max_length;
    if (!over && chars >= f->min_length)
        return;
    struct msg *m = add_fault(c, over ? MSG_TOO_LONG : MSG_TOO_SHORT);
    msg_arg(m, "limit", "%lld", (long long)(over ? f->max_length : f->min_length));
    msg_arg(m, "got", "%lld", (long long)chars);
}

static void check_format(const struct context *c)
{
    const struct idcode_format *format = c->field->format;
    char words[MSG_VALUE_SIZE];
    enum idcode_reason why = idcode_check(format, c->value->text, c->value->len);
    if (why == IDCODE_OK)
        return;
    add_value_fault(c, MSG_BAD_FORMAT, NULL);
    struct msg *m = &c->out->faults[c->out->fault_count - 1];
    idcode_why(format, why, c->lang, words, sizeof(words));
    msg_arg(m, "format", "%s", words_in(c->lang, format->noun));
    msg_arg(m, "why", "%s", words);
}

static void check_text(const struct context *c)
{
    if (!expect_kind(c, c->value->kind == SCAN_STRING))
        return;
    check_length(c);
    if (c->field->regex != NULL && c->value->len > 0 &&
        regex_match(c->field->regex, c->value->text, c->value->len) != 1)
        add_value_fault(c, MSG_PATTERN_MISMATCH, c->field->pattern);
    /* One sentence is enough of a code that is too long or against a pattern. */
    if (c->field->format != NULL && c->value->len > 0 && c->out->fault_count == 0)
        check_format(c);
}

static void check_range(const struct context *c)
{
    const struct field *f = c->field;
    const struct value *v = c->value;
    if (f->min != NULL && num_compare(v->text, v->len, f->min, strlen(f->min)) < 0)
        add_value_fault(c, MSG_TOO_SMALL, f->min);
    if (f->max != NULL && num_compare(v->text, v->len, f->max, strlen(f->max)) > 0)
        add_value_fault(c, MSG_TOO_LARGE, f->max);
}

static void check_integer(const struct context *c)
{
    const struct value *v = c->value;
    int64_t number;
    if (!expect_kind(c, v->kind == SCAN_NUMBER && v->integer))
        return;
    if (num_parse(v->text, v->len, INT64_MIN, INT64_MAX, &number))
        check_range(c);
    else if (v->text[0] == '-')
        add_value_fault(c, MSG_TOO_SMALL, "-9223372036854775808");
    else
        add_value_fault(c, MSG_TOO_LARGE, "9223372036854775807");
}

static void check_decimal(const struct context *c)
{
    const struct value *v = c->value;
    char digits[8];
    if (!expect_kind(c, v->kind == SCAN_NUMBER || v->kind == SCAN_STRING))
        return;
    if (num_is_decimal(v->text, v->len, CHECK_DECIMAL_DIGITS)) {
        check_range(c);
        return;
    }
    (void)snprintf(digits, sizeof(digits), "%d", CHECK_DECIMAL_DIGITS);
    add_value_fault(c, MSG_BAD_DECIMAL, digits);
}

static void check_boolean(const struct context *c)
{
    (void)expect_kind(c, c->value->kind == SCAN_TRUE || c->value->kind == SCAN_FALSE);
}

/* Which message a type of GB/T 7408.1 has, and what reads it: to a value, or to a canonical form. */
static const struct time_type {
    enum msg_id refused;
    enum gbtime_reason (*read_value)(const char *, size_t, const struct gbtime_rules *, struct gbtime *);
    enum gbtime_reason (*read_span)(const char *, size_t, const struct gbtime_rules *, char *);
} time_types[FIELD_TYPE_N] = {
    [FIELD_DATE] = {MSG_BAD_DATE, gbtime_read_date, NULL},
    [FIELD_DATETIME] = {MSG_BAD_DATETIME, gbtime_read_datetime, NULL},
    [FIELD_TIME] = {MSG_BAD_TIME, gbtime_read_time, NULL},
    [FIELD_INTERVAL] = {MSG_BAD_INTERVAL, NULL, gbtime_read_interval},
    [FIELD_RECURRENCE] = {MSG_BAD_RECURRENCE, NULL, gbtime_read_recurrence},
};

/* Writes a value that the field would take. */
static void write_example(char *to, size_t size, const struct field *f)
{
    static const char *const around[FIELD_TYPE_N][2] = {
        [FIELD_INTERVAL] = {"", "/P1M"}, [FIELD_RECURRENCE] = {"R12/", "/P1M"}};
    unsigned times = f->rules.forms & (GBTIME_TIME_FORMS & ~GBTIME_FRACTION);
    unsigned dates = f->rules.forms & (GBTIME_CALENDAR | GBTIME_REDUCED_DATES);
    struct gbtime t = {.year = 2024, .month = 10, .day = 9, .week_year = 2024, .week = 41, .hour = 15, .minute = 30,
                       .shift = GBTIME_CHINA_SHIFT, .has_shift = f->type == FIELD_DATETIME};
    char moment[GBTIME_TEXT_SIZE];
    if (f->type != FIELD_TIME)
        t.date_form = f->type == FIELD_DATETIME ? GBTIME_CALENDAR : dates & (~dates + 1);
    if (f->type == FIELD_TIME || f->type == FIELD_DATETIME)
        t.time_form = times & (~times + 1);
    gbtime_write(moment, &t);
    const char *const *words = around[f->type];
    (void)snprintf(to, size, "%s%s%s", words[0] == NULL ? "" : words[0], moment, words[1] == NULL ? "" : words[1]);
}

static void add_time_fault(const struct context *c, enum msg_id id, enum gbtime_reason why, const char *example)
{
    struct checked *out = c->out;
    add_value_fault(c, id, NULL);
    struct msg *m = &out->faults[out->fault_count - 1];
    msg_arg(m, "why", "%s", gbwords_why(why, c->lang));
    msg_arg(m, "example", "%s", example);
}

static bool differs(const char *text, const struct value *v)
{
    return strlen(text) != v->len || memcmp(text, v->text, v->len) != 0;
}

/* A fraction that is stored as it was sent may have any length, one that is written anew may not. */
static void settle_canonical(const struct context *c, bool strict, enum gbtime_reason *why)
{
    struct checked *out = c->out;
    const struct value *v = c->value;
    if (!strict) {
        gbtime_format(out->strict, &out->time, c->field->type == FIELD_DATETIME);
    } else if (!c->field->canonical) {
        return;
    } else if (out->time.fraction_digits > GBTIME_FRACTION_DIGITS) {
        *why = GBTIME_LONG_FRACTION;
        return;
    } else {
        gbtime_write(out->strict, &out->time);
    }
    out->replaced = v->kind != SCAN_STRING || differs(out->strict, v);
}

/* A number is nothing but milliseconds, whatever the rules allow. */
static enum gbtime_reason read_lenient(const struct value *v, const struct gbtime_rules *rules, struct gbtime *out)
{
    const struct gbtime_rules none = {.shift = rules->shift};
    if (v->kind != SCAN_NUMBER)
        return gbtime_read_lenient(v->text, v->len, rules, out);
    enum gbtime_reason why = gbtime_read_lenient(v->text, v->len, &none, out);
    return why == GBTIME_OK || why == GBTIME_YEAR_RANGE ? why : GBTIME_NUMBER;
}

static enum gbtime_reason read_value(const struct context *c, const struct time_type *type)
{
    const struct value *v = c->value;
    struct checked *out = c->out;
    const struct gbtime_rules *rules = &c->field->rules;
    bool strict = false;
    enum gbtime_reason why = GBTIME_EPOCH;
    if (v->kind == SCAN_STRING) {
        why = type->read_value(v->text, v->len, rules, &out->time);
        strict = why == GBTIME_OK;
    }
    if (!strict && c->field->lenient)
        why = read_lenient(v, rules, &out->time);
    if (why == GBTIME_OK)
        settle_canonical(c, strict, &why);
    out->has_time = why == GBTIME_OK && c->field->type != FIELD_TIME;
    return why;
}

static enum gbtime_reason read_span(const struct context *c, const struct time_type *type)
{
    const struct value *v = c->value;
    struct checked *out = c->out;
    enum gbtime_reason why = type->read_span(v->text, v->len, &c->field->rules, out->strict);
    out->replaced = why == GBTIME_OK && differs(out->strict, v);
    return why;
}

static void check_time(const struct context *c)
{
    const struct time_type *type = &time_types[c->field->type];
    bool may_be_number = c->field->lenient && c->value->kind == SCAN_NUMBER;
    char example[80];
    if (!expect_kind(c, c->value->kind == SCAN_STRING || may_be_number))
        return;
    enum gbtime_reason why = type->read_value != NULL ? read_value(c, type) : read_span(c, type);
    if (why == GBTIME_OK)
        return;
    write_example(example, sizeof(example), c->field);
    add_time_fault(c, type->refused, why, example);
}

static void check_duration(const struct context *c)
{
    if (!expect_kind(c, c->value->kind == SCAN_STRING))
        return;
    enum gbtime_reason why = gbtime_read_duration(c->value->text, c->value->len);
    if (why != GBTIME_OK)
        add_time_fault(c, MSG_BAD_DURATION, why, "PT1H30M");
}

/* The host stands behind the user's name, if there is one, and before the port and what follows. */
static bool has_host(const char *text, size_t len)
{
    size_t end = 0;
    size_t host = 0;
    for (; end < len && strchr("/?#", text[end]) == NULL; end++)
        if (text[end] == '@')
            host = end + 1;
    return host < end && text[host] != ':';
}

/* An absolute address with a host, of a kind that a web page can link to. Letters beyond ASCII may stand unescaped. */
static bool is_url(const char *text, size_t len)
{
    static const char *const schemes[] = {"http://", "https://", "ftp://", "ftps://"};
    size_t start = 0;
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t n = strlen(schemes[i]);
        if (len > n && strncasecmp(text, schemes[i], n) == 0)
            start = n;
    }
    if (start == 0 || !has_host(text + start, len - start))
        return false;
    for (size_t i = start; i < len; i++)
        if ((unsigned char)text[i] <= 0x20 || text[i] == 0x7F || strchr("\"<>\\^`{|}", text[i]) != NULL)
            return false;
    return true;
}

static void check_url(const struct context *c)
{
    check_text(c);
    if (c->out->fault_count == 0 && !is_url(c->value->text, c->value->len))
        add_value_fault(c, MSG_BAD_URL, NULL);
}

static void check_code(const struct context *c)
{
    if (expect_kind(c, c->value->kind == SCAN_STRING) &&
        codelist_find(c->field->codelist, c->value->text, c->value->len) == NULL)
        add_value_fault(c, MSG_NOT_IN_CODELIST, c->field->codelist_name);
}

/* Objects are walked member by member in record.c; only a value that is none comes here. */
static void check_object(const struct context *c)
{
    (void)expect_kind(c, false);
}

static void (*const checks[FIELD_TYPE_N])(const struct context *) = {
    [FIELD_STRING] = check_text,      [FIELD_TEXT] = check_text,         [FIELD_HTML] = check_text,
    [FIELD_INTEGER] = check_integer,  [FIELD_DECIMAL] = check_decimal,   [FIELD_BOOLEAN] = check_boolean,
    [FIELD_DATE] = check_time,        [FIELD_DATETIME] = check_time,     [FIELD_TIME] = check_time,
    [FIELD_DURATION] = check_duration, [FIELD_INTERVAL] = check_time,    [FIELD_RECURRENCE] = check_time,
    [FIELD_URL] = check_url,          [FIELD_CODE] = check_code,         [FIELD_OBJECT] = check_object,
};

void check_value(const struct field *f, const struct value *v, enum msg_lang lang, struct checked *out)
{
    struct context c = {.field = f, .value = v, .lang = lang, .out = out};
    out->fault_count = 0;
    out->has_time = false;
    out->replaced = false;
    checks[f->type](&c);
}
