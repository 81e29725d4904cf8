/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "category.h"
#include "helper.h"
#include "report.h"

#define HEAD "[category]\ncode = a\nname = 甲\n"

static struct category *load(const char *folder, const char *text, struct report *r)
{
    report_init(r);
    return category_load(folder_write(folder, "a.ini", text), r);
}

static void a_good_file_is_read_whole(void **state)
{
    struct report r;
    struct category *c = load(*state,
        "[category]\ncode = policy\nname = 政策\nname_en = Policy\nextends = core\nstandard = s\ndescription = d\n"
        "[resource.normative-1]\nname = 规范\nname_en = N\ndescription = x\n[resource.other]\nname = 其他\n"
        "[field.doc_no]\nlabel = 号\nlabel_en = No\ntype = string\nrequired = yes\nmin_length = 0\nmax_length = 100\n"
        "pattern = ^.+号$\nindex = yes\ndescription = fd\n"
        "[field.n]\ntype = integer\nmin = -5\nmax = 10\ndefault = 3\n[field.t]\ntype = date\ninput = lenient\n"
        "[field.o]\ntype = object\nmultiple = yes\n[field.o.p]\ntype = object\n[field.o.p.q]\ntype = decimal\nmin = 0.5\n", &r);
    assert_string_equal(buf_text(&r.text), "");
    assert_non_null(c);
    assert_string_equal(c->extends, "core");
    assert_int_equal(c->resource_count, 2);
    assert_string_equal(category_find_resource(c, "normative-1")->name_en, "N");
    assert_null(category_find_resource(c, "Other"));
    assert_int_equal(c->fields.count, 4);
    const struct field *f = c->fields.items;
    assert_true(f[0].required && f[0].index && f[0].has_min_length && f[0].min_length == 0 && f[0].max_length == 100);
    assert_non_null(f[0].regex);
    assert_int_equal(f[0].line, 14);
    assert_true(f[1].type == FIELD_INTEGER && strcmp(f[1].min, "-5") == 0 && strcmp(f[1].fallback, "3") == 0);
    assert_true(f[2].lenient && f[3].multiple);
    assert_string_equal(f[3].members.items[0].members.items[0].min, "0.5");
    category_free(c);
    report_free(&r);
}

static void formats_and_offset_are_read(void **state)
{
    struct report r;
    struct category *c = load(*state, HEAD "[field.d]\ntype = date\nformats = ordinal,month , basic\n[field.t]\ntype = datetime\n"
                              "assume_offset = -05:30\n[field.o]\ntype = object\n[field.o.i]\ntype = interval\nassume_offset = Z\n", &r);
    assert_string_equal(buf_text(&r.text), "");
    const struct field *f = c->fields.items;
    assert_true(f[0].canonical && !f[0].rules.assume);
    assert_int_equal(f[0].rules.forms & GBTIME_DATE_FORMS, GBTIME_ORDINAL | GBTIME_MONTH | GBTIME_CALENDAR);
    assert_true((f[0].rules.forms & GBTIME_BASIC) != 0);
    assert_true(f[1].canonical && f[1].rules.assume && f[1].rules.shift == -330);
    assert_int_equal(f[1].rules.forms, GBTIME_DEFAULT_FORMS);
    assert_true(f[2].members.items[0].rules.assume && f[2].members.items[0].rules.shift == 0);
    category_free(c);
    report_free(&r);
}

static const struct {
    const char *text, *fault;
} faults[] = {
    {"[resource.r]\nname = n\n", "a.ini: [category] is missing"},
    {"[category]\nname = n\n", "a.ini:1: [category] code is missing"},
    {"[category]\ncode = a\n", "a.ini:1: [category] name is missing"},
    {"[category]\ncode = A-1\nname = n\n", "a.ini:1: [category] code = A-1: a lower-case letter"},
    {"[category]\ncode = a/b\nname = n\n", "code = a/b"},
    {HEAD "colour = c\n", "a.ini:4: unknown key colour in [category]"},
    {HEAD "[other]\nx = 1\n", "a.ini:4: unknown section [other]"},
    {HEAD "[resource.r]\n", "a.ini:4: [resource.r] name is missing"},
    {HEAD "[resource.R]\nname = n\n", "a.ini:4: [resource.R]: a resource's code"},
    {HEAD "[resource.]\nname = n\n", "a.ini:4: [resource.]"},
    {HEAD "[resource.r]\nname = n\ntype = x\n", "a.ini:6: unknown key type in [resource.r]"},
    {HEAD "[field.f]\nlabel = x\n", "a.ini:4: [field.f] has no type"},
    {HEAD "[field.f]\ntype = String\n", "a.ini:5: unknown type String"},
    {HEAD "[field.f]\ntype =\n", "a.ini:5: unknown type"},
    {HEAD "[field.F]\ntype = string\n", "a.ini:4: [field.F]: a field's name"},
    {HEAD "[field.f-g]\ntype = string\n", "a.ini:4: [field.f-g]: a field's name"},
    {HEAD "[field.]\ntype = string\n", "a.ini:4: [field.]: a field's name"},
    {HEAD "[field.id]\ntype = string\n", "a.ini:4: the field id is part of every record"},
    {HEAD "[field.f]\ntype = string\ncolour = red\n", "a.ini:6: unknown attribute colour of field f"},
    {HEAD "[field.f]\ntype = string\nmin = 1\n", "a.ini:6: attribute min does not go with type string"},
    {HEAD "[field.f]\ntype = integer\nmax_length = 1\n", "a.ini:6: attribute max_length does not go with type integer"},
    {HEAD "[field.f]\ntype = integer\npattern = 1\n", "a.ini:6: attribute pattern does not go"},
    {HEAD "[field.f]\ntype = string\ninput = lenient\n", "a.ini:6: attribute input does not go"},
    {HEAD "[field.f]\ntype = string\ncodelist = c\n", "a.ini:6: attribute codelist does not go"},
    {HEAD "[field.f]\ntype = object\ndefault = c\n", "a.ini:6: attribute default does not go"},
    {HEAD "[field.f]\ntype = string\nrequired = true\n", "a.ini:6: required = true: must be yes or no"},
    {HEAD "[field.f]\ntype = string\nrequired = Yes\n", "a.ini:6: required = Yes: must be yes or no"},
    {HEAD "[field.f]\ntype = string\nmultiple =\n", "a.ini:6: multiple = : must be yes or no"},
    {HEAD "[field.f]\ntype = string\nlabel =\n", "a.ini:6: label = : must be"},
    {HEAD "[field.f]\ntype = string\nmax_length = ten\n", "a.ini:6: max_length = ten: must be a number"},
    {HEAD "[field.f]\ntype = string\nmax_length = -1\n", "a.ini:6: max_length = -1: must be a number"},
    {HEAD "[field.f]\ntype = string\nmax_length = 100000001\n", "a.ini:6: max_length"},
    {HEAD "[field.f]\ntype = string\nmin_length = 3\nmax_length = 2\n", "a.ini:4: field f: min_length is more than max_length"},
    {HEAD "[field.f]\ntype = integer\nmin = 1.5\n", "a.ini:6: min = 1.5: must be an integer"},
    {HEAD "[field.f]\ntype = decimal\nmin = 1e3\n", "a.ini:6: min = 1e3: must be a plain decimal"},
    {HEAD "[field.f]\ntype = decimal\nmin = 2.10\nmax = 2.09\n", "a.ini:4: field f: min is more than max"},
    {HEAD "[field.f]\ntype = string\npattern = [a\n", "a.ini:6: pattern = [a: must be"},
    {HEAD "[field.f]\ntype = date\ninput = loose\n", "a.ini:6: input = loose: must be strict or lenient"},
    {HEAD "[field.f]\ntype = date\nformats = loose\n", "a.ini:6: formats = loose: must be a list of calendar, ordinal, week, "
     "month, year, whole_week, basic"},
    {HEAD "[field.f]\ntype = date\nformats = month, minutes\n", "a.ini:6: formats = month, minutes: must be a list of"},
    {HEAD "[field.f]\ntype = datetime\nformats = month\n", "a.ini:6: formats = month: must be a list of calendar, ordinal, week, "
     "seconds, minutes, hours, fraction, basic, hour24"},
    {HEAD "[field.f]\ntype = time\nformats = minutes,\n", "a.ini:6: formats = minutes,: must be a list of seconds, minutes"},
    {HEAD "[field.f]\ntype = time\nformats =\n", "a.ini:6: formats = : must be a list of"},
    {HEAD "[field.f]\ntype = time\nformats = Minutes\n", "a.ini:6: formats = Minutes: must be a list of"},
    {HEAD "[field.f]\ntype = duration\nformats = week\n", "a.ini:6: attribute formats does not go with type duration"},
    {HEAD "[field.f]\ntype = date\nassume_offset = Z\n", "a.ini:6: attribute assume_offset does not go with type date"},
    {HEAD "[field.f]\ntype = datetime\nassume_offset = +0800\n", "a.ini:6: assume_offset = +0800: must be Z or an offset such as +08:00"},
    {HEAD "[field.f]\ntype = datetime\nassume_offset = -00:00\n", "a.ini:6: assume_offset = -00:00: must be Z or"},
    {HEAD "[field.f]\ntype = datetime\nassume_offset =\n", "a.ini:6: assume_offset = : must be Z or"},
    {HEAD "[field.f]\ntype = interval\ninput = lenient\n", "a.ini:6: attribute input does not go with type interval"},
    {HEAD "[field.f]\ntype = string\nformat = USCC\n", "a.ini:6: format = USCC: must be one of uscc, org_code, region, site_id, id_card"},
    {HEAD "[field.f]\ntype = integer\nformat = uscc\n", "a.ini:6: attribute format does not go with type integer"},
    {HEAD "[field.f]\ntype = html\nformat = uscc\n", "a.ini:6: attribute format does not go with type html"},
    {HEAD "[field.f]\ntype = string\npersonal = true\n", "a.ini:6: personal = true: must be yes or no"},
    {HEAD "[field.f]\ntype = string\ndeprecated =\n", "a.ini:6: deprecated = : must be filled in"},
    {HEAD "[field.f]\ntype = string\nalias =\n", "a.ini:6: alias = : must be a list of names"},
    {HEAD "[field.f]\ntype = string\nalias = a,\n", "a.ini:6: alias = a,: must be a list of names"},
    {HEAD "[field.f]\ntype = string\nalias = a b\n", "a.ini:6: alias = a b: must be a list of names"},
    {HEAD "[field.f]\ntype = string\nalias = 1a\n", "a.ini:6: alias = 1a: must be a list of names"},
    {HEAD "[field.f]\ntype = string\nalias = 名\n", "a.ini:6: alias = 名: must be a list of names"},
    {"[category]\namends =\n", "a.ini:1: [category] amends is missing"},
    {"[category]\namends = b\nname = n\n", "a.ini:3: unknown key name in [category]"},
    {HEAD "[field.f]\ntype = code\n", "a.ini:4: field f is a code and names no codelist"},
    {HEAD "[field.f]\ntype = string\nmultiple = yes\ndefault = x\n", "a.ini:4: field f: a default does not go with multiple"},
    {HEAD "[field.o.m]\ntype = string\n[field.o]\ntype = object\n", "a.ini:4: [field.o.m] must follow the section"},
    {HEAD "[field.s]\ntype = string\n[field.s.m]\ntype = string\n", "a.ini:6: [field.s.m] must follow the section"},
    {HEAD "[field.f]\ntype = string\n[field.f]\ntype = text\n", "a.ini:6: section [field.f] stands twice"},
    {HEAD "[field.f]\ntype = string\npattern = [^#]\n", "a.ini:6: the value has an unquoted #"},
};

static void aliases_and_marks_are_read(void **state)
{
    struct report r;
    struct category *c = load(*state, HEAD "[field.f]\ntype = string\nalias = resTitle , T-1.x,y\nformat = uscc\npersonal = yes\n"
                              "deprecated = 改用 g\n[field.g]\ntype = string\n", &r);
    assert_string_equal(buf_text(&r.text), "");
    const struct field *f = c->fields.items;
    assert_int_equal(f->alias_count, 3);
    assert_string_equal(f->aliases[0], "resTitle");
    assert_string_equal(f->aliases[1], "T-1.x");
    assert_string_equal(f->aliases[2], "y");
    assert_true(f->personal && !f[1].personal && f->format != NULL && f[1].deprecated == NULL);
    assert_string_equal(f->deprecated, "改用 g");
    category_free(c);
    report_free(&r);
}

static void every_fault_names_file_and_line(void **state)
{
    for (size_t i = 0; i < COUNT(faults); i++) {
        struct report r;
        struct category *c = load(*state, faults[i].text, &r);
        EXPECT_ROW(faults[i].fault, r.count > 0 && strstr(buf_text(&r.text), faults[i].fault) != NULL);
        category_free(c);
        report_free(&r);
    }
}

static void a_member_has_at_most_four_parts(void **state)
{
    struct report r;
    static const char four[] = HEAD "[field.a]\ntype = object\n[field.a.b]\ntype = object\n[field.a.b.c]\ntype = object\n"
                               "[field.a.b.c.d]\ntype = object\n";
    struct category *c = load(*state, four, &r);
    assert_int_equal(r.count, 0);
    category_free(c);
    report_free(&r);
    char five[400];
    (void)snprintf(five, sizeof(five), "%s[field.a.b.c.d.e]\ntype = string\n", four);
    c = load(*state, five, &r);
    assert_int_equal(r.count, 1);
    expect_has(buf_text(&r.text), "a.ini:12: [field.a.b.c.d.e] must follow");
    category_free(c);
    report_free(&r);
}

static void all_faults_of_a_file_are_named_at_once(void **state)
{
    struct report r;
    struct category *c = load(*state, "[category]\ncode = a\nname = n\nx = 1\n[field.f]\ntype = string\nmin = 1\nlabel =\n"
                              "colour = red\n[field.g]\n[what]\n", &r);
    static const char *const lines[] = {"a.ini:4: ", "a.ini:7: ", "a.ini:8: ", "a.ini:9: ", "a.ini:10: ", "a.ini:11: "};
    for (size_t i = 0; i < COUNT(lines); i++)
        EXPECT_ROW(lines[i], report_lines(&r, lines[i]) == 1);
    assert_int_equal(r.count, COUNT(lines));
    category_free(c);
    report_free(&r);
}

/* Run under LeakSanitizer: what a faulty file made is given back. */
static void sections_and_attributes_that_stand_twice_leak_nothing(void **state)
{
    static const char *const texts[] = {
        HEAD "[category]\ncode = b\nname = 乙\n",
        HEAD "[resource.r]\nname = n\n[resource.r]\nname = m\n",
        HEAD "[field.f]\ntype = string\npattern = a\npattern = b\nlabel = x\nlabel = y\n",
        HEAD "[field.f]\ntype = object\n[field.f.g]\ntype = string\n[field.f.g]\ntype = string\n",
        HEAD "name = 乙\nextends = x\nextends = y\n",
        HEAD "[field.f]\ntype = string\nalias = a, b\nalias = c\ndeprecated = x\ndeprecated = y\n",
        "[category]\namends = a\namends = b\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct report r;
        struct category *c = load(*state, texts[i], &r);
        EXPECT_ROW(texts[i], r.count > 0);
        category_free(c);
        report_free(&r);
    }
    category_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_good_file_is_read_whole),
        WITH_FOLDER(formats_and_offset_are_read),
        WITH_FOLDER(aliases_and_marks_are_read),
        WITH_FOLDER(every_fault_names_file_and_line),
        WITH_FOLDER(a_member_has_at_most_four_parts),
        WITH_FOLDER(all_faults_of_a_file_are_named_at_once),
        WITH_FOLDER(sections_and_attributes_that_stand_twice_leak_nothing),
    };
    return cmocka_run_group_tests_name("category", tests, NULL, NULL);
}
