/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "catalog.h"
#include "category.h"
#include "codelist.h"
#include "helper.h"
#include "regex.h"
#include "report.h"

#define HEAD "[category]\ncode = a\nname = 甲\n"
#define LIST "[codelist]\ncode = kinds\nname = 种类\n[codes]\nx = X\n"

static void write_schema(const char *folder, const char *category, const char *other)
{
    (void)folder_write(folder, "s/codelist/kinds.ini", LIST);
    (void)folder_write(folder, "s/category/a.ini", category);
    if (other != NULL)
        (void)folder_write(folder, "s/category/b.ini", other);
    else
        (void)remove(folder_path(folder, "s/category/b.ini"));
}

static struct catalog *load(const char *folder, const char *extra, struct report *r)
{
    report_init(r);
    return catalog_load(folder_path(folder, "s"), extra, r);
}

static const struct field *field_of(const struct catalog *c, const char *category, const char *name)
{
    const struct category *found = catalog_find(c, category);
    assert_non_null(found);
    long i = fields_find(&found->fields, name, strlen(name));
    return i < 0 ? NULL : &found->fields.items[i];
}

static void a_chain_of_categories_hands_its_fields_down(void **state)
{
    struct report r;
    (void)folder_write(*state, "s/category/c.ini", "[category]\ncode = c\nname = 丙\n[resource.r]\nname = n\n"
                       "[field.title]\ntype = string\nrequired = yes\npattern = ^t\n[field.old]\ntype = text\nmax_length = 5\n"
                       "[field.box]\ntype = object\n[field.box.in]\ntype = code\ncodelist = kinds\n");
    write_schema(*state, "[category]\ncode = a\nname = 甲\nextends = b\n[field.own]\ntype = integer\n",
                 "[category]\ncode = b\nname = 乙\nextends = c\n[field.old]\ntype = date\n[field.mid]\ntype = url\n");
    struct catalog *c = load(*state, "", &r);
    assert_string_equal(buf_text(&r.text), "");
    assert_non_null(c);
    static const char *const order[] = {"title", "box", "old", "mid", "own"};
    const struct category *a = catalog_find(c, "a");
    assert_int_equal(a->fields.count, COUNT(order));
    for (size_t i = 0; i < COUNT(order); i++)
        assert_string_equal(a->fields.items[i].name, order[i]);
    assert_int_equal(regex_match(field_of(c, "a", "title")->regex, "t", 1), 1);
    assert_true(field_of(c, "a", "title")->required);
    assert_int_equal(field_of(c, "a", "old")->type, FIELD_DATE);
    assert_int_equal(field_of(c, "a", "old")->max_length, -1);
    assert_int_equal(field_of(c, "c", "old")->type, FIELD_TEXT);
    assert_non_null(codelist_find(field_of(c, "a", "box")->members.items[0].codelist, "x", 1));
    assert_int_equal(a->resource_count, 0);
    assert_int_equal(a->title, 0);
    catalog_free(c);
    report_free(&r);
}

static void a_field_of_its_own_replaces_the_inherited_one_with_its_members(void **state)
{
    struct report r;
    write_schema(*state, "[category]\ncode = a\nname = 甲\nextends = b\n[field.o]\ntype = object\n[field.o.z]\ntype = string\n",
                 "[category]\ncode = b\nname = 乙\n[field.o]\ntype = object\nmultiple = yes\n[field.o.m]\ntype = string\n");
    struct catalog *c = load(*state, "", &r);
    assert_non_null(c);
    const struct field *o = field_of(c, "a", "o");
    assert_false(o->multiple);
    assert_int_equal(o->members.count, 1);
    assert_string_equal(o->members.items[0].name, "z");
    catalog_free(c);
    report_free(&r);
}

static const struct {
    const char *category, *other, *fault;
} faults[] = {
    {"[category]\ncode = a\nname = n\nextends = nope\n", NULL, "a.ini:1: extends = nope: there is no such category"},
    {"[category]\ncode = a\nname = n\nextends = a\n", NULL, "a.ini:1: category a extends itself"},
    {"[category]\ncode = a\nname = n\nextends = b\n", "[category]\ncode = b\nname = n\nextends = a\n", ":1: category a extends itself"},
    {"[category]\ncode = a\nname = n\nextends = b\n[field.f]\ntype = html\n",
     "[category]\ncode = b\nname = n\nextends = b\n[field.g]\ntype = html\n", "b.ini:1: category b extends itself"},
    {HEAD "[field.f]\ntype = code\ncodelist = nope\n", NULL, "a.ini:4: field f: there is no code list nope"},
    {HEAD "[field.f]\ntype = string\ncolour = red\n", NULL, "a.ini:6: unknown attribute colour"},
    {HEAD "[field.f]\ntype = colour\n", NULL, "a.ini:5: unknown type colour"},
    {HEAD "[field.f]\ntype = object\n", NULL, "a.ini:4: object field f has no members"},
    {HEAD "[field.f]\ntype = integer\ndefault = abc\n", NULL, "a.ini:4: default = abc: "},
    {HEAD "[field.f]\ntype = integer\ndefault = 1.0\n", NULL, "a.ini:4: default = 1.0: "},
    {HEAD "[field.f]\ntype = integer\nmax = 5\ndefault = 6\n", NULL, "a.ini:4: default = 6: "},
    {HEAD "[field.f]\ntype = integer\ndefault = 9223372036854775808\n", NULL, "a.ini:4: default = 9"},
    {HEAD "[field.f]\ntype = decimal\ndefault = 1e3\n", NULL, "a.ini:4: default = 1e3: "},
    {HEAD "[field.f]\ntype = decimal\ndefault = 007\n", NULL, "a.ini:4: default = 007: "},
    {HEAD "[field.f]\ntype = boolean\ndefault = yes\n", NULL, "a.ini:4: default = yes: "},
    {HEAD "[field.f]\ntype = string\nmax_length = 2\ndefault = 一二三\n", NULL, "a.ini:4: default = 一二三: "},
    {HEAD "[field.f]\ntype = string\npattern = ^a$\ndefault = b\n", NULL, "a.ini:4: default = b: "},
    {HEAD "[field.f]\ntype = code\ncodelist = kinds\ndefault = X\n", NULL, "a.ini:4: default = X: "},
    {HEAD "[field.f]\ntype = date\ndefault = 2024-02-30\n", NULL, "a.ini:4: default = 2024-02-30: "},
    {HEAD "[field.f]\ntype = date\ninput = lenient\ndefault = 2024/10/09\n", NULL, "write the strict form 2024-10-09"},
    {HEAD "[field.f]\ntype = date\nformats = week\ndefault = 2024-W41-3\n", NULL, "write the strict form 2024-10-09"},
    {HEAD "[field.f]\ntype = interval\ndefault = 2024-10-12/2024-10-09\n", NULL, "the end is before the start"},
    {HEAD "[field.f]\ntype = url\ndefault = example.org\n", NULL, "a.ini:4: default = example.org: "},
    {HEAD "[field.f]\ntype = duration\ndefault = 3D\n", NULL, "a.ini:4: default = 3D: "},
    {HEAD "[field.o]\ntype = object\n[field.o.m]\ntype = date\ndefault = x\n", NULL, "a.ini:6: default = x: "},
    {HEAD "[field.o]\ntype = object\n[field.o.m]\ntype = code\ncodelist = no\n", NULL, "a.ini:6: field m: there is no code list no"},
    {HEAD "[field.f]\ntype = string\nalias = g\n[field.g]\ntype = string\n", NULL, "a.ini:4: alias g of field f is a name of field g too"},
    {HEAD "[field.f]\ntype = string\nalias = x\n[field.g]\ntype = string\nalias = x\n", NULL, "a.ini:7: alias x of field g is a name of field f too"},
    {HEAD "[field.f]\ntype = string\nalias = x, x\n", NULL, "a.ini:4: alias x of field f stands twice"},
    {HEAD "[field.f]\ntype = string\nalias = f\n", NULL, "a.ini:4: alias f of field f is its own name"},
    {HEAD "[field.f]\ntype = string\nalias = version\n", NULL, "a.ini:4: alias version of field f is a member of every record"},
    {HEAD "title = t\n[field.t]\ntype = string\npersonal = yes\n", NULL, "a.ini:1: [category] title = t: "},
    {HEAD "[field.f]\ntype = string\nformat = region\ndefault = 410001\n", NULL, "a.ini:4: default = 410001: "},
    {HEAD, "[category]\namends = nope\n[field.f]\ntype = string\n", "b.ini:1: amends = nope: there is no such category"},
    {HEAD "[field.f]\ntype = string\n", "[category]\namends = a\n[field.f]\ntype = text\n", "b.ini:4: type = text: field f has type string"},
    {HEAD "[field.f]\ntype = string\n", "[category]\namends = a\n[field.f]\nmin = 1\n", "b.ini:4: attribute min does not go with type string"},
    {HEAD "[field.f]\ntype = string\n", "[category]\namends = a\n[field.g]\npattern = x\n", "b.ini:3: [field.g] has no type"},
    {HEAD "[field.f]\ntype = string\ndefault = x\n", "[category]\namends = a\n[field.f]\npattern = ^y\n", "b.ini:3: default = x: "},
    {HEAD "[field.f]\ntype = string\n", "[category]\namends = a\n[resource.r]\n", "b.ini:3: [resource.r] name is missing"},
    {HEAD "version = 1 b\n", NULL, "a.ini:1: [category] version = 1 b: letters, digits, full stop, _ and -, 32 at most"},
    {HEAD "version = 1+2\n", NULL, "a.ini:1: [category] version = 1+2: "},
    {HEAD "version = 123456789012345678901234567890123\n", NULL, "a.ini:1: [category] version = 1234"},
    {HEAD, "[category]\namends = a\nversion = 一\n", "b.ini:1: [category] version = 一: "},
    {HEAD "title = t\n", NULL, "a.ini:1: [category] title = t: there is no such field"},
    {HEAD "title = t\n[field.t]\ntype = date\n", NULL, "a.ini:1: [category] title = t: "},
    {HEAD "published = t\n[field.t]\ntype = date\nmultiple = yes\n", NULL, "a.ini:1: [category] published = t: "},
    {HEAD, HEAD, "b.ini: code a is taken by "},
    {"nonsense\n", NULL, "a.ini:1: this is neither"},
};

static void every_fault_refuses_the_catalog_and_names_file_and_line(void **state)
{
    for (size_t i = 0; i < COUNT(faults); i++) {
        struct report r;
        write_schema(*state, faults[i].category, faults[i].other);
        struct catalog *c = load(*state, "", &r);
        EXPECT_ROW(faults[i].fault, c == NULL && r.count > 0);
        EXPECT_ROW(faults[i].fault, strstr(buf_text(&r.text), faults[i].fault) != NULL);
        report_free(&r);
    }
}

/* JSON has no number 007: it would be stored as it stands in the file. */
static void the_default_of_a_number_is_a_json_number(void **state)
{
    static const char *const defaults[] = {"007", "-01", "00"};
    for (size_t i = 0; i < COUNT(defaults); i++) {
        struct report r;
        char text[100];
        (void)snprintf(text, sizeof(text), HEAD "[field.f]\ntype = integer\ndefault = %s\n", defaults[i]);
        write_schema(*state, text, NULL);
        struct catalog *c = load(*state, "", &r);
        bool refused = c == NULL;
        catalog_free(c);
        report_free(&r);
        EXPECT_ROW(defaults[i], refused);
    }
}

static void good_defaults_are_taken(void **state)
{
    struct report r;
    write_schema(*state, HEAD "[field.i]\ntype = integer\ndefault = -7\n[field.d]\ntype = decimal\ndefault = 0.50\n"
                 "[field.b]\ntype = boolean\ndefault = false\n[field.t]\ntype = datetime\ndefault = 2024-10-09T00:00:00+08:00\n"
                 "[field.c]\ntype = code\ncodelist = kinds\ndefault = x\n[field.s]\ntype = string\ndefault = 一 \"二\" \\三\n", NULL);
    struct catalog *c = load(*state, "", &r);
    assert_string_equal(buf_text(&r.text), "");
    assert_non_null(c);
    catalog_free(c);
    report_free(&r);
}

static void faults_of_several_files_are_told_together(void **state)
{
    struct report r;
    write_schema(*state, HEAD "[field.f]\ntype = nope\n[field.g]\ntype = code\ncodelist = gone\n", "[category]\ncode = b\n");
    (void)folder_write(*state, "s/codelist/bad.ini", "[codelist]\ncode = bad\nname = n\n");
    assert_null(load(*state, "", &r));
    expect_has(buf_text(&r.text), "a.ini:5: unknown type nope");
    expect_has(buf_text(&r.text), "a.ini:6: field g: there is no code list gone");
    expect_has(buf_text(&r.text), "b.ini:1: [category] name is missing");
    expect_has(buf_text(&r.text), "bad.ini: [codes] is missing or empty");
    report_free(&r);
}

/* A site narrows what it must, and an upgrade of the shipped file still reaches it. */
static void an_amendment_changes_what_it_names_and_nothing_else(void **state)
{
    struct report r;
    write_schema(*state, HEAD "extends = b\n[resource.r]\nname = 一\n[field.own]\ntype = string\nmax_length = 9\n",
                 "[category]\ncode = b\nname = 乙\n[field.index_no]\nlabel = 索引号\ntype = string\nmax_length = 50\nindex = yes\n"
                 "[field.when]\ntype = date\n[field.o]\ntype = object\n[field.o.m]\ntype = string\n");
    (void)folder_write(*state, "x/category/1.ini", "[category]\namends = a\n[field.index_no]\npattern = ^A[0-9]+$\n"
                       "[field.o.m]\nmax_length = 3\n[field.o.n]\ntype = integer\n[field.new]\ntype = date\n"
                       "[resource.r]\nname = 改\n[resource.s]\nname = 二\n");
    (void)folder_write(*state, "x/category/2.ini", "[category]\namends = a\n[field.index_no]\nrequired = yes\ntype = string\n"
                       "[field.when]\nlabel = 日期\n");
    struct catalog *c = load(*state, folder_path(*state, "x"), &r);
    assert_string_equal(buf_text(&r.text), "");
    assert_non_null(c);
    assert_int_equal(c->category_count, 2);
    assert_int_equal(c->amendment_count, 2);
    const struct field *f = field_of(c, "a", "index_no");
    assert_string_equal(f->pattern, "^A[0-9]+$");
    assert_string_equal(f->label, "索引号");
    assert_true(f->required && f->index && f->max_length == 50);
    assert_int_equal(regex_match(f->regex, "B1", 2), 0);
    assert_null(field_of(c, "b", "index_no")->pattern);
    assert_false(field_of(c, "a", "when")->canonical); /* read twice, settled alike */
    assert_int_equal(field_of(c, "a", "o")->members.count, 2);
    assert_int_equal(field_of(c, "a", "o")->members.items[0].max_length, 3);
    assert_non_null(field_of(c, "a", "new"));
    assert_string_equal(category_find_resource(catalog_find(c, "a"), "r")->name, "改");
    assert_non_null(category_find_resource(catalog_find(c, "a"), "s"));
    assert_string_equal(catalog_find(c, "a")->name, "甲");
    catalog_free(c);
    report_free(&r);
}

static void an_amendment_of_a_base_reaches_those_who_extend_it(void **state)
{
    struct report r;
    write_schema(*state, HEAD "extends = b\n", "[category]\ncode = b\nname = 乙\n[field.index_no]\ntype = string\n");
    (void)folder_write(*state, "x/category/b-here.ini", "[category]\namends = b\n[field.index_no]\npattern = ^A\n");
    struct catalog *c = load(*state, folder_path(*state, "x"), &r);
    assert_string_equal(buf_text(&r.text), "");
    assert_string_equal(field_of(c, "a", "index_no")->pattern, "^A");
    assert_string_equal(field_of(c, "b", "index_no")->pattern, "^A");
    catalog_free(c);
    report_free(&r);
}

/* What checks a record is the file and all that amends it or what it inherits from. */
static void the_version_tells_of_amendments_too(void **state)
{
    struct report r;
    write_schema(*state, HEAD "extends = b\nversion = 2.1\n", "[category]\ncode = b\nname = 乙\nversion = 7\n");
    (void)folder_write(*state, "s/category/c.ini", "[category]\ncode = c\nname = 丙\nextends = a\n");
    (void)folder_write(*state, "x/category/1.ini", "[category]\namends = b\nversion = base-1\n");
    (void)folder_write(*state, "x/category/2.ini", "[category]\namends = a\nversion = zz\n");
    (void)folder_write(*state, "x/category/3.ini", "[category]\namends = a\n");
    struct catalog *c = load(*state, "", &r);
    assert_string_equal(catalog_find(c, "a")->version, "2.1");
    assert_string_equal(catalog_find(c, "b")->version, "7");
    assert_null(catalog_find(c, "c")->version);
    catalog_free(c);
    c = load(*state, folder_path(*state, "x"), &r);
    assert_string_equal(buf_text(&r.text), "");
    assert_string_equal(catalog_find(c, "a")->version, "2.1+base-1+zz");
    assert_string_equal(catalog_find(c, "b")->version, "7+base-1");
    assert_string_equal(catalog_find(c, "c")->version, "+base-1+zz");
    catalog_free(c);
    report_free(&r);
}

static void versions_of_amendments_have_an_end(void **state)
{
    struct report r;
    char name[40];
    write_schema(*state, HEAD "version = 1\n", "[category]\ncode = b\nname = 乙\n");
    for (int i = 0; i < 4; i++) {
        (void)snprintf(name, sizeof(name), "x/category/%d.ini", i);
        (void)folder_write(*state, name, "[category]\namends = a\nversion = 12345678901234567890\n");
    }
    struct catalog *c = load(*state, folder_path(*state, "x"), &r);
    assert_null(c);
    expect_has(buf_text(&r.text), "a.ini:1: category a: the versions of its file and of what amends it have more than 80 characters");
    report_free(&r);
}

/* So a new alias in a shipped base breaks no category of a site. */
static void an_inherited_alias_gives_way_to_a_name_of_the_category_itself(void **state)
{
    struct report r;
    const char *alias;
    write_schema(*state, HEAD "extends = b\n[field.keyword]\ntype = string\n[field.z]\ntype = string\nalias = other\n",
                 "[category]\ncode = b\nname = 乙\n[field.keywords]\ntype = string\nalias = other, keyword, kept\n");
    struct catalog *c = load(*state, "", &r);
    assert_string_equal(buf_text(&r.text), "");
    const struct field *f = field_of(c, "a", "keywords");
    assert_int_equal(f->alias_count, 1);
    assert_string_equal(f->aliases[0], "kept");
    assert_int_equal(field_of(c, "b", "keywords")->alias_count, 3);
    const struct fields *fields = &catalog_find(c, "a")->fields;
    assert_true(fields->aliased && fields_find_alias(fields, "kept", 4, &alias) == 0 && alias == f->aliases[0]);
    assert_int_equal(fields_find_alias(fields, "keyword", 7, &alias), -1);
    assert_int_equal(fields_find_alias(fields, "Kept", 4, &alias), -1);
    catalog_free(c);
    report_free(&r);
}

static void members_of_a_personal_object_are_personal(void **state)
{
    struct report r;
    write_schema(*state, HEAD "[field.o]\ntype = object\npersonal = yes\n[field.o.p]\ntype = object\n[field.o.p.q]\ntype = string\n"
                 "[field.n]\ntype = string\n[field.title]\ntype = string\npersonal = yes\n", NULL);
    struct catalog *c = load(*state, "", &r);
    assert_string_equal(buf_text(&r.text), "");
    const struct field *o = field_of(c, "a", "o");
    assert_true(o->members.items[0].personal && o->members.items[0].members.items[0].personal);
    assert_false(field_of(c, "a", "n")->personal);
    assert_true(catalog_find(c, "a")->fields.personal && o->members.personal);
    assert_int_equal(catalog_find(c, "a")->title, -1); /* it would stand in listings */
    catalog_free(c);
    report_free(&r);
}

static void an_extra_folder_replaces_files_of_the_same_code_and_adds_others(void **state)
{
    struct report r;
    write_schema(*state, HEAD "[field.f]\ntype = string\n", "[category]\ncode = b\nname = 乙\nextends = a\n");
    (void)folder_write(*state, "x/category/another-name.ini", "[category]\ncode = a\nname = 新\n[field.g]\ntype = code\ncodelist = more\n");
    (void)folder_write(*state, "x/category/c.ini", "[category]\ncode = c\nname = 丙\n");
    (void)folder_write(*state, "x/codelist/more.ini", "[codelist]\ncode = more\nname = 多\n[codes]\nm = M\n");
    struct catalog *c = load(*state, folder_path(*state, "x"), &r);
    assert_string_equal(buf_text(&r.text), "");
    assert_non_null(c);
    assert_string_equal(catalog_find(c, "a")->name, "新");
    assert_null(field_of(c, "a", "f"));
    assert_non_null(field_of(c, "b", "g"));
    assert_non_null(catalog_find(c, "c"));
    assert_int_equal(c->category_count, 3);
    assert_int_equal(c->codelist_count, 2);
    for (size_t i = 1; i < c->category_count; i++)
        assert_true(strcmp(c->categories[i - 1]->code, c->categories[i]->code) < 0);
    catalog_free(c);
    report_free(&r);
}

static void one_code_in_two_files_of_the_extra_folder_is_a_fault(void **state)
{
    static const char *const codes[] = {"a", "new"};
    for (size_t i = 0; i < COUNT(codes); i++) {
        struct report r;
        char text[100];
        write_schema(*state, HEAD, NULL);
        (void)snprintf(text, sizeof(text), "[category]\ncode = %s\nname = n\n", codes[i]);
        (void)folder_write(*state, "x/category/1.ini", text);
        (void)folder_write(*state, "x/category/2.ini", text);
        EXPECT_ROW(codes[i], load(*state, folder_path(*state, "x"), &r) == NULL);
        expect_has(buf_text(&r.text), "2.ini: code ");
        assert_int_equal(r.count, 1);
        report_free(&r);
    }
}

static void a_folder_that_is_not_there_is_a_fault(void **state)
{
    struct report r;
    report_init(&r);
    assert_null(catalog_load(folder_path(*state, "none"), "", &r));
    expect_has(buf_text(&r.text), "none/category: cannot be read");
    report_free(&r);
    write_schema(*state, HEAD, NULL);
    assert_null(load(*state, folder_path(*state, "none"), &r));
    assert_int_equal(r.count, 1);
    report_free(&r);
    (void)folder_write(*state, "x/codelist/more.ini", "[codelist]\ncode = more\nname = 多\n[codes]\nm = M\n");
    struct catalog *c = load(*state, folder_path(*state, "x"), &r);
    assert_non_null(c);
    catalog_free(c);
    report_free(&r);
}

static void files_that_are_hidden_or_not_ini_are_passed_over(void **state)
{
    struct report r;
    write_schema(*state, HEAD, NULL);
    static const char *const names[] = {"s/category/.hidden.ini", "s/category/a.ini~", "s/category/a.ini.orig", "s/category/.ini"};
    for (size_t i = 0; i < COUNT(names); i++)
        (void)folder_write(*state, names[i], "nonsense");
    struct catalog *c = load(*state, "", &r);
    assert_non_null(c);
    assert_int_equal(c->category_count, 1);
    assert_null(catalog_find(c, "A"));
    catalog_free(c);
    report_free(&r);
    catalog_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_chain_of_categories_hands_its_fields_down),
        WITH_FOLDER(a_field_of_its_own_replaces_the_inherited_one_with_its_members),
        WITH_FOLDER(every_fault_refuses_the_catalog_and_names_file_and_line),
        WITH_FOLDER(the_default_of_a_number_is_a_json_number),
        WITH_FOLDER(good_defaults_are_taken),
        WITH_FOLDER(faults_of_several_files_are_told_together),
        WITH_FOLDER(an_amendment_changes_what_it_names_and_nothing_else),
        WITH_FOLDER(an_amendment_of_a_base_reaches_those_who_extend_it),
        WITH_FOLDER(the_version_tells_of_amendments_too),
        WITH_FOLDER(versions_of_amendments_have_an_end),
        WITH_FOLDER(an_inherited_alias_gives_way_to_a_name_of_the_category_itself),
        WITH_FOLDER(members_of_a_personal_object_are_personal),
        WITH_FOLDER(an_extra_folder_replaces_files_of_the_same_code_and_adds_others),
        WITH_FOLDER(one_code_in_two_files_of_the_extra_folder_is_a_fault),
        WITH_FOLDER(a_folder_that_is_not_there_is_a_fault),
        WITH_FOLDER(files_that_are_hidden_or_not_ini_are_passed_over),
    };
    return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
