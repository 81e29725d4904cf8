/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <json.h>
#include <stdio.h>
#include <string.h>

#include "catalog.h"
#include "category.h"
#include "helper.h"
#include "jsonschema.h"

static const char category_text[] =
    "[category]\ncode = a\nname = 甲\nname_en = A\nstandard = GB/T 1\n[resource.r]\nname = 资源\nname_en = R\n[resource.s]\nname = 二\n"
    "[field.title]\ntype = string\nrequired = yes\nmax_length = 500\nlabel = 标题\nlabel_en = Title\ndescription = d\nindex = yes\n"
    "[field.free]\ntype = text\nrequired = yes\nmin_length = 0\n[field.opt]\ntype = html\nmin_length = 2\n"
    "[field.pat]\ntype = string\npattern = ^.+〔[0-9]{4}〕$\n[field.n]\ntype = integer\nmin = -5\nmax = 9007199254740993\ndefault = 3\n"
    "[field.d]\ntype = decimal\nmin = 0.10\ndefault = 12345678901234567890.50\n[field.b]\ntype = boolean\ndefault = false\n"
    "[field.c]\ntype = code\ncodelist = kinds\n[field.rc]\ntype = code\ncodelist = kinds\nrequired = yes\ndefault = x\n"
    "[field.day]\ntype = date\nrequired = yes\n[field.tl]\ntype = datetime\ninput = lenient\n[field.u]\ntype = url\n"
    "[field.mo]\ntype = date\nformats = month, calendar\n[field.at]\ntype = datetime\nassume_offset = -05:30\n"
    "[field.tm]\ntype = time\nrequired = yes\ndefault = 08:30:00\n[field.iv]\ntype = interval\nmultiple = yes\n"
    "[field.tags]\ntype = string\nmultiple = yes\nrequired = yes\n[field.o]\ntype = object\nmultiple = yes\n"
    "[field.o.m]\ntype = string\nrequired = yes\n[field.one]\ntype = object\n[field.one.k]\ntype = boolean\n";
static const char codelist_text[] = "[codelist]\ncode = kinds\nname = 种类\n[codes]\nx = X\ny = 乙\n";

/* The value at a path of names, "/" between them; NULL where there is none. */
static json_object *at(json_object *from, const char *path)
{
    json_object *value = NULL;
    char pointer[200];
    (void)snprintf(pointer, sizeof(pointer), "/%s", path);
    return json_pointer_get(from, pointer, &value) == 0 ? value : NULL;
}

static void expect_json(json_object *schema, const char *path, const char *want)
{
    json_object *value = at(schema, path);
    const char *got = value == NULL ? "nothing" : json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN |
                                                                                     JSON_C_TO_STRING_NOSLASHESCAPE);
    if (strcmp(got, want) != 0)
        fail_msg("%s is %s, want %s", path, got, want);
}

/* Every object schema names its properties, forbids others, and requires only what it has. */
static void check_object_schema(json_object *schema)
{
    json_object *properties = at(schema, "properties");
    json_object *required = at(schema, "required");
    assert_true(json_object_is_type(properties, json_type_object));
    assert_true(json_object_is_type(required, json_type_array));
    expect_json(schema, "additionalProperties", "false");
    for (size_t i = 0; i < json_object_array_length(required); i++)
        assert_true(json_object_object_get_ex(properties, json_object_get_string(json_object_array_get_idx(required, i)), NULL));
    json_object_object_foreach(properties, name, property) {
        json_object *items = at(property, "items");
        assert_true(strlen(name) > 0 && at(property, "type") != NULL);
        if (at(property, "properties") != NULL)
            check_object_schema(property);
        if (items != NULL && at(items, "properties") != NULL)
            check_object_schema(items);
    }
}

static void the_schema_is_well_formed_json_that_forbids_other_members(void **state)
{
    struct catalog *catalog = catalog_of(*state, category_text, codelist_text);
    json_object *schema = jsonschema_record(catalog_find(catalog, "a"));
    assert_non_null(schema);
    check_object_schema(schema);
    const char *text = json_object_to_json_string_ext(schema, JSON_C_TO_STRING_PLAIN);
    enum json_tokener_error error;
    json_object *again = json_tokener_parse_verbose(text, &error);
    assert_int_equal(error, json_tokener_success);
    json_object_put(again);
    expect_json(schema, "$schema", "\"https://json-schema.org/draft/2020-12/schema\"");
    expect_json(schema, "type", "\"object\"");
    json_object_put(schema);
    catalog_free(catalog);
}

static void every_attribute_of_a_field_is_in_the_schema(void **state)
{
    static const struct {
        const char *path, *want;
    } rows[] = {
        {"required", "[\"id\",\"title\",\"free\",\"day\",\"tags\"]"},
        {"properties/id", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":128}"},
        {"properties/title/type", "\"string\""}, {"properties/title/minLength", "1"}, {"properties/title/maxLength", "500"},
        {"properties/title/title", "\"标题\""}, {"properties/title/description", "\"d\""}, {"properties/title/x-label-en", "\"Title\""},
        {"properties/title/x-index", "true"}, {"properties/title/x-type", "\"string\""},
        {"properties/free/minLength", "nothing"}, {"properties/opt/minLength", "2"}, {"properties/opt/type", "[\"string\",\"null\"]"},
        {"properties/pat/pattern", "\"^.+〔[0-9]{4}〕$\""}, {"properties/n/type", "[\"integer\",\"null\"]"},
        {"properties/n/minimum", "-5"}, {"properties/n/maximum", "9007199254740993"}, {"properties/n/default", "3"},
        {"properties/d/type", "[\"string\",\"number\",\"null\"]"}, {"properties/d/minimum", "0.10"},
        {"properties/d/default", "12345678901234567890.50"}, {"properties/b/default", "false"},
        {"properties/c/enum", "[\"x\",\"y\",null]"}, {"properties/c/x-codes/y", "\"乙\""},
        {"properties/rc/enum", "[\"x\",\"y\",null]"}, {"properties/rc/default", "\"x\""},
        {"properties/day/type", "\"string\""}, {"properties/day/format", "\"date\""},
        {"properties/tl/type", "[\"string\",\"number\",\"null\"]"}, {"properties/tl/format", "nothing"},
        {"properties/day/x-formats", "nothing"}, {"properties/mo/format", "nothing"},
        {"properties/mo/x-formats", "[\"calendar\",\"month\"]"}, {"properties/mo/x-type", "\"date\""},
        {"properties/mo/x-assume-offset", "nothing"}, {"properties/at/x-formats", "[\"calendar\",\"seconds\",\"fraction\"]"},
        {"properties/at/x-assume-offset", "\"-05:30\""}, {"properties/at/format", "nothing"},
        {"properties/tm/x-formats", "[\"seconds\",\"fraction\"]"}, {"properties/tm/type", "[\"string\",\"null\"]"},
        {"properties/tm/default", "\"08:30:00\""}, {"properties/iv/type", "[\"array\",\"null\"]"},
        {"properties/iv/items/type", "\"string\""}, {"properties/u/format", "\"iri\""}, {"properties/tags/type", "\"array\""}, {"properties/tags/minItems", "1"},
        {"properties/tags/items/type", "\"string\""}, {"properties/o/type", "[\"array\",\"null\"]"},
        {"properties/o/items/type", "\"object\""}, {"properties/o/items/required", "[\"m\"]"},
        {"properties/o/items/additionalProperties", "false"}, {"properties/one/type", "[\"object\",\"null\"]"},
        {"properties/one/required", "[]"},
    };
    struct catalog *catalog = catalog_of(*state, category_text, codelist_text);
    json_object *schema = jsonschema_record(catalog_find(catalog, "a"));
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_json(schema, rows[i].path, rows[i].want);
    json_object_put(schema);
    catalog_free(catalog);
}

static void formats_aliases_and_marks_are_in_the_schema(void **state)
{
    static const struct {
        const char *path, *want;
    } rows[] = {
        {"required", "[\"id\"]"}, {"properties/code/pattern", "\"^[1-8][0-9]{5}$\""}, {"properties/code/x-format", "\"region\""},
        {"properties/both/pattern", "\"^41\""}, {"properties/both/allOf", "[{\"pattern\":\"^[1-8][0-9]{5}$\"}]"},
        {"properties/title/x-personal", "true"}, {"properties/code/x-personal", "nothing"}, {"properties/code/deprecated", "nothing"},
        {"properties/both/deprecated", "true"}, {"properties/both/x-deprecated", "\"改用 code\""},
        {"properties/resTitle/x-alias-of", "\"title\""}, {"properties/resTitle/maxLength", "9"}, {"properties/Code/x-alias-of", "\"code\""},
        {"allOf", "[{\"oneOf\":[{\"required\":[\"title\"]},{\"required\":[\"resTitle\"]}]},"
                  "{\"oneOf\":[{\"required\":[\"code\"]},{\"required\":[\"Code\"]},"
                  "{\"not\":{\"anyOf\":[{\"required\":[\"code\"]},{\"required\":[\"Code\"]}]}}]}]"},
    };
    struct catalog *catalog = catalog_of(*state, "[category]\ncode = a\nname = 甲\n"
        "[field.title]\ntype = string\nrequired = yes\nmax_length = 9\nalias = resTitle\npersonal = yes\n"
        "[field.code]\ntype = string\nformat = region\nalias = Code\n"
        "[field.both]\ntype = string\nformat = region\npattern = ^41\ndeprecated = 改用 code\n", NULL);
    json_object *schema = jsonschema_record(catalog_find(catalog, "a"));
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_json(schema, rows[i].path, rows[i].want);
    json_object_put(schema);
    catalog_free(catalog);
}

static void the_summary_names_the_resources(void **state)
{
    struct catalog *catalog = catalog_of(*state, category_text, codelist_text);
    json_object *summary = jsonschema_summary(catalog_find(catalog, "a"));
    expect_json(summary, "code", "\"a\"");
    expect_json(summary, "name", "\"甲\"");
    expect_json(summary, "standard", "\"GB/T 1\"");
    expect_json(summary, "description", "nothing");
    expect_json(summary, "resources", "[{\"code\":\"r\",\"name\":\"资源\",\"name_en\":\"R\"},{\"code\":\"s\",\"name\":\"二\"}]");
    json_object_put(summary);
    catalog_free(catalog);
}

static void a_part_of_a_document_refers_to_code_lists_and_is_titled_in_its_language(void **state)
{
    static const struct {
        const char *path, *want;
    } rows[] = {
        {"title", "\"A\""}, {"$schema", "nothing"}, {"x-standard", "\"GB/T 1\""}, {"properties/title/title", "\"Title\""}, {"properties/c/title", "nothing"},
        {"required", "[\"title\",\"free\",\"day\",\"tags\"]"}, {"properties/id/type", "\"string\""},
        {"properties/c/anyOf", "[{\"$ref\":\"#/components/schemas/codes.kinds\"},{\"type\":\"null\"}]"},
        {"properties/rc/default", "\"x\""}, {"properties/c/enum", "nothing"}, {"properties/c/x-type", "\"code\""},
    };
    struct catalog *catalog = catalog_of(*state, category_text, codelist_text);
    json_object *schema = jsonschema_fields(catalog_find(catalog, "a"), MSG_EN);
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_json(schema, rows[i].path, rows[i].want);
    json_object_put(schema);
    schema = jsonschema_fields(catalog_find(catalog, "a"), MSG_ZH);
    expect_json(schema, "title", "\"甲\"");
    json_object_put(schema);
    schema = jsonschema_codes(catalog->codelists[0], MSG_EN);
    expect_json(schema, "title", "\"种类\"");
    expect_json(schema, "enum", "[\"x\",\"y\"]");
    expect_json(schema, "x-codes", "{\"x\":\"X\",\"y\":\"乙\"}");
    json_object_put(schema);
    catalog_free(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(the_schema_is_well_formed_json_that_forbids_other_members),
        WITH_FOLDER(every_attribute_of_a_field_is_in_the_schema),
        WITH_FOLDER(formats_aliases_and_marks_are_in_the_schema),
        WITH_FOLDER(the_summary_names_the_resources),
        WITH_FOLDER(a_part_of_a_document_refers_to_code_lists_and_is_titled_in_its_language),
    };
    return cmocka_run_group_tests_name("jsonschema", tests, NULL, NULL);
}
