/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "helper.h"
#include "regex.h"
#include "words.h"

static struct field *add(struct fields *f, const char *name)
{
    struct field *field = fields_add(f);
    assert_non_null(field);
    field->name = strdup(name);
    assert_non_null(field->name);
    return field;
}

static void every_field_is_found_by_its_whole_name(void **state)
{
    (void)state;
    struct fields f = {0};
    char name[32];
    for (size_t count = 0; count < 512; count++) {
        (void)snprintf(name, sizeof(name), "field_%zu", count);
        (void)add(&f, name);
    }
    assert_int_equal(fields_find(&f, "field_1", 7), -1); /* before the table is built */
    assert_int_equal(fields_index(&f), 0);
    for (size_t i = 0; i < 512; i++) {
        (void)snprintf(name, sizeof(name), "field_%zu", i);
        assert_int_equal(fields_find(&f, name, strlen(name)), i);
        assert_int_equal(fields_find(&f, name, strlen(name) - 1), i < 10 ? -1 : (long)i / 10);
    }
    assert_int_equal(fields_find(&f, "", 0), -1);
    assert_int_equal(fields_find(&f, "FIELD_1", 7), -1);
    assert_int_equal(fields_find(&f, "field_1\0", 8), -1);
    assert_int_equal(fields_find(&f, "field_512", 9), -1);
    fields_clear(&f);
    assert_int_equal(f.count, 0);
}

static void a_new_field_has_no_limits(void **state)
{
    (void)state;
    struct fields f = {0};
    const struct field *field = add(&f, "a");
    assert_int_equal(field->max_length, -1);
    assert_int_equal(field->min_length, 0);
    assert_false(field->required || field->multiple || field->lenient || field->has_min_length || field->index);
    assert_true(field->min == NULL && field->max == NULL && field->fallback == NULL && field->regex == NULL);
    fields_clear(&f);
}

static void a_copy_shares_no_memory(void **state)
{
    (void)state;
    char why[100];
    struct fields from = {0}, to = {0};
    struct field *f = add(&from, "contact");
    f->type = FIELD_OBJECT;
    f->label = strdup("联系人");
    f->required = true;
    struct field *member = add(&f->members, "phone");
    member->pattern = strdup("^[0-9]+$");
    member->regex = regex_new("^[0-9]+$", why, sizeof(why));
    member->min = strdup("1");
    assert_int_equal(fields_index(&f->members), 0);
    struct field *copy = fields_add(&to);
    assert_int_equal(field_copy(copy, f), 0);
    fields_clear(&from);
    assert_string_equal(copy->name, "contact");
    assert_string_equal(copy->label, "联系人");
    assert_true(copy->required);
    assert_int_equal(fields_find(&copy->members, "phone", 5), 0);
    assert_int_equal(regex_match(copy->members.items[0].regex, "12", 2), 1);
    assert_int_equal(regex_match(copy->members.items[0].regex, "x", 1), 0);
    assert_string_equal(copy->members.items[0].min, "1");
    fields_clear(&to);
}

static void a_message_calls_a_field_by_its_label_and_name(void **state)
{
    (void)state;
    char label[] = "标题", label_en[] = "Title", name[] = "title", text[100];
    struct field f = {.name = name};
    field_describe(&f, MSG_EN, text, sizeof(text));
    assert_string_equal(text, "title");
    field_describe(&f, MSG_ZH, text, sizeof(text));
    assert_string_equal(text, " title ");
    f.label = label;
    field_describe(&f, MSG_ZH, text, sizeof(text));
    assert_string_equal(text, "“标题”（title）");
    field_describe(&f, MSG_EN, text, sizeof(text));
    assert_string_equal(text, "\"标题\" (title)");
    f.label_en = label_en;
    field_describe(&f, MSG_EN, text, sizeof(text));
    assert_string_equal(text, "\"Title\" (title)");
}

/* What is stored may be sent again: each form that leads to another brings that one along. */
static void formats_bring_along_what_they_lead_to(void **state)
{
    (void)state;
    static const struct {
        enum field_type type;
        bool lenient;
        unsigned forms, want;
    } rows[] = {
        {FIELD_DATE, false, 0, GBTIME_DEFAULT_FORMS}, {FIELD_DATETIME, true, 0, GBTIME_DEFAULT_FORMS},
        {FIELD_DATE, false, GBTIME_MONTH, GBTIME_MONTH | GBTIME_SECONDS | GBTIME_FRACTION},
        {FIELD_DATE, true, GBTIME_MONTH, GBTIME_MONTH | GBTIME_CALENDAR | GBTIME_SECONDS | GBTIME_FRACTION},
        {FIELD_DATE, false, GBTIME_ORDINAL, GBTIME_ORDINAL | GBTIME_DEFAULT_FORMS},
        {FIELD_DATE, false, GBTIME_BASIC, GBTIME_BASIC | GBTIME_DEFAULT_FORMS},
        {FIELD_TIME, false, GBTIME_MINUTES, GBTIME_CALENDAR | GBTIME_MINUTES},
        {FIELD_TIME, false, GBTIME_FRACTION, GBTIME_DEFAULT_FORMS},
        {FIELD_DATETIME, true, GBTIME_MINUTES, GBTIME_CALENDAR | GBTIME_MINUTES | GBTIME_SECONDS},
        {FIELD_INTERVAL, false, GBTIME_WEEK | GBTIME_YEAR, GBTIME_DEFAULT_FORMS | GBTIME_WEEK | GBTIME_YEAR},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct field f = {.type = rows[i].type, .lenient = rows[i].lenient, .formats = rows[i].forms};
        field_settle_forms(&f);
        bool plain = (f.type == FIELD_DATE || f.type == FIELD_DATETIME) && rows[i].forms == 0;
        if (f.rules.forms != rows[i].want || f.canonical == plain || f.rules.shift != GBTIME_CHINA_SHIFT)
            fail_msg("row %zu gives %x", i, f.rules.forms);
    }
}

static void a_name_is_a_lower_case_letter_then_letters_digits_and_underscore(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool plain, dash;
    } rows[] = {
        {"a", true, true}, {"doc_no", true, true}, {"a1", true, true}, {"gbt21063-4", false, true}, {"a-", false, true},
        {"", false, false}, {"1a", false, false}, {"_a", false, false}, {"-a", false, false}, {"Title", false, false},
        {"tItle", false, false}, {"a b", false, false}, {"a.b", false, false}, {"标题", false, false}, {"a`b", false, false},
        {"a;b", false, false}, {"é", false, false},
        {"a234567890123456789012345678901234567890123456789012345678901234", true, true},
        {"a2345678901234567890123456789012345678901234567890123456789012345", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        EXPECT_ROW(rows[i].name, field_is_name(rows[i].name, false) == rows[i].plain);
        EXPECT_ROW(rows[i].name, field_is_name(rows[i].name, true) == rows[i].dash);
    }
}

static void every_type_is_described_whole(void **state)
{
    (void)state;
    static const char *const names[] = {"string", "text", "html", "integer", "decimal", "boolean", "date", "datetime",
                                        "time", "duration", "interval", "recurrence", "url", "code", "object"};
    assert_int_equal(COUNT(names), FIELD_TYPE_N);
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_string_equal(field_types[i].name, names[i]);
        assert_non_null(field_types[i].json_type);
        assert_true(field_types[i].noun[0] != '\0' && strcmp(words_in(MSG_ZH, field_types[i].noun), field_types[i].noun) != 0);
        EXPECT_ROW(names[i], ((field_types[i].attrs & ATTR_INPUT) != 0) == (i == FIELD_DATE || i == FIELD_DATETIME));
        EXPECT_ROW(names[i], ((field_types[i].attrs & ATTR_CODELIST) != 0) == (i == FIELD_CODE));
        EXPECT_ROW(names[i], ((field_types[i].attrs & ATTR_RANGE) != 0) == (i == FIELD_INTEGER || i == FIELD_DECIMAL));
        EXPECT_ROW(names[i], ((field_types[i].attrs & ATTR_FORMATS) != 0) == (field_forms[i].allowed != 0));
        EXPECT_ROW(names[i], (field_types[i].attrs & ATTR_OFFSET) == 0 || (field_types[i].attrs & ATTR_FORMATS) != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_found_by_its_whole_name),
        cmocka_unit_test(a_new_field_has_no_limits),
        cmocka_unit_test(a_copy_shares_no_memory),
        cmocka_unit_test(a_message_calls_a_field_by_its_label_and_name),
        cmocka_unit_test(a_name_is_a_lower_case_letter_then_letters_digits_and_underscore),
        cmocka_unit_test(every_type_is_described_whole),
        cmocka_unit_test(formats_bring_along_what_they_lead_to),
    };
    words_init();
    return cmocka_run_group_tests_name("field", tests, NULL, NULL);
}
