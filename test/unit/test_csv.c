/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "buf.h"
#include "catalog.h"
#include "category.h"
#include "csv.h"
#include "helper.h"

static const char schema[] =
    "[category]\ncode = a\nname = A\n[resource.x]\nname = X\n"
    "[field.title]\ntype = string\n[field.count]\ntype = integer\n[field.price]\ntype = decimal\n"
    "[field.open]\ntype = boolean\n[field.tags]\ntype = string\nmultiple = yes\n"
    "[field.place]\ntype = object\n[field.place.town]\ntype = string\n";

/* Fails unless each record becomes the row beside it. */
static void expect_rows(const char *folder, const char *const rows[][2], size_t count)
{
    struct catalog *catalog = catalog_of(folder, schema, NULL);
    struct csv *c = csv_new(&catalog_find(catalog, "a")->fields);
    struct buf out;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < count; i++) {
        const char *json = rows[i][0];
        buf_clear(&out);
        EXPECT_ROW(json, csv_values(c, &out, json, strlen(json)) == 0);
        csv_end(c, &out);
        EXPECT_ROW(json, !buf_failed(&out) && strcmp(buf_text(&out), rows[i][1]) == 0);
    }
    buf_free(&out);
    csv_free(c);
    catalog_free(catalog);
}

static void records_become_rows_in_the_order_of_the_fields(void **state)
{
    static const char *const rows[][2] = {
        {"{}", ",,,,,\r\n"},
        {"{\"count\":5,\"title\":\"a\"}", "a,5,,,,\r\n"},
        {" { \"title\" : null , \"open\" : true } ", ",,,true,,\r\n"},
        {"{\"open\":false,\"price\":\"1.50\"}", ",,1.50,false,,\r\n"},
        {"{\"none\":[{}],\"id\":\"1\",\"title\":\"\"}", ",,,,,\r\n"},
        {"{\"title\":\"政策\\u6587\\ud83d\\ude00\"}", "政策文😀,,,,,\r\n"},
        {"{\"t\\u0069tle\":\"a\"}", "a,,,,,\r\n"},
        {"{\"tags\":[\"a\",\"b\"],\"place\":{\"town\":\"郑州\"}}",
         ",,,,\"[\"\"a\"\",\"\"b\"\"]\",\"{\"\"town\"\":\"\"郑州\"\"}\"\r\n"},
    };
    expect_rows(*state, rows, COUNT(rows));
}

static void cells_are_quoted_as_rfc_4180_asks(void **state)
{
    static const char *const rows[][2] = {
        {"{\"title\":\"a,b\"}", "\"a,b\",,,,,\r\n"},
        {"{\"title\":\"say \\\"a\\\"\"}", "\"say \"\"a\"\"\",,,,,\r\n"},
        {"{\"title\":\"\\\"\"}", "\"\"\"\",,,,,\r\n"},
        {"{\"title\":\"a\\nb\"}", "\"a\nb\",,,,,\r\n"},
        {"{\"title\":\"a\\rb\"}", "\"a\rb\",,,,,\r\n"},
        {"{\"title\":\" a\"}", "\" a\",,,,,\r\n"},
        {"{\"title\":\"a;b'c\"}", "a;b'c,,,,,\r\n"},
    };
    expect_rows(*state, rows, COUNT(rows));
}

static void a_text_is_never_a_formula(void **state)
{
    static const char *const rows[][2] = {
        {"{\"title\":\"=1+1\"}", "'=1+1,,,,,\r\n"},
        {"{\"title\":\"+86\"}", "'+86,,,,,\r\n"},
        {"{\"title\":\"-5\"}", "'-5,,,,,\r\n"},
        {"{\"title\":\"@a\"}", "'@a,,,,,\r\n"},
        {"{\"title\":\"\\ta\"}", "'\ta,,,,,\r\n"},
        {"{\"title\":\"\\ra\"}", "\"'\ra\",,,,,\r\n"},
        {"{\"title\":\"\\n=a\"}", "\"'\n=a\",,,,,\r\n"},
        {"{\"title\":\"＝a\"}", "'＝a,,,,,\r\n"},
        {"{\"title\":\"\\u003da,b\"}", "\"'=a,b\",,,,,\r\n"},
        {"{\"title\":\"a=b\"}", "a=b,,,,,\r\n"},
        {"{\"title\":\"'=b\"}", "'=b,,,,,\r\n"},
        /* numbers of number fields stay, other texts there do not */
        {"{\"count\":-5,\"price\":-1.5}", ",-5,-1.5,,,\r\n"},
        {"{\"price\":\"-1.5\"}", ",,-1.5,,,\r\n"},
        {"{\"price\":\"-1+A1\"}", ",,'-1+A1,,,\r\n"},
        {"{\"price\":\"+1\"}", ",,'+1,,,\r\n"},
    };
    expect_rows(*state, rows, COUNT(rows));
}

static void a_row_begins_with_what_is_put_first_and_empty_cells_count(void **state)
{
    struct catalog *catalog = catalog_of(*state, schema, NULL);
    struct csv *c = csv_new(&catalog_find(catalog, "a")->fields);
    struct buf out;
    buf_init(&out, 4096);
    csv_text(c, &out, "", 0);
    csv_text(c, &out, "", 0);
    csv_text(c, &out, "b", 1);
    csv_end(c, &out);
    csv_text(c, &out, "id", 2);
    csv_names(c, &out);
    csv_end(c, &out);
    assert_string_equal(buf_text(&out), ",,b\r\nid,title,count,price,open,tags,place\r\n");
    buf_free(&out);
    csv_free(c);
    catalog_free(catalog);
}

static void what_is_no_object_is_refused(void **state)
{
    static const char *const texts[] = {
        "", "[]", "1", "\"a\"", "{", "{\"title\"}", "{\"title\":}", "null", "{\"title\":\"a",
    };
    struct catalog *catalog = catalog_of(*state, schema, NULL);
    struct csv *c = csv_new(&catalog_find(catalog, "a")->fields);
    struct buf out;
    buf_init(&out, 4096);
    for (size_t i = 0; i < COUNT(texts); i++)
        EXPECT_ROW(texts[i], csv_values(c, &out, texts[i], strlen(texts[i])) == -1);
    buf_free(&out);
    csv_free(c);
    catalog_free(catalog);
}

static void a_buffer_that_is_full_is_told(void **state)
{
    struct catalog *catalog = catalog_of(*state, schema, NULL);
    struct csv *c = csv_new(&catalog_find(catalog, "a")->fields);
    static const char json[] = "{\"title\":\"=12345678\"}";
    struct buf out;
    buf_init(&out, 8);
    assert_int_equal(csv_values(c, &out, json, strlen(json)), 0);
    assert_true(buf_failed(&out));
    buf_free(&out);
    csv_free(c);
    csv_free(NULL);
    catalog_free(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(records_become_rows_in_the_order_of_the_fields),
        WITH_FOLDER(cells_are_quoted_as_rfc_4180_asks),
        WITH_FOLDER(a_text_is_never_a_formula),
        WITH_FOLDER(a_row_begins_with_what_is_put_first_and_empty_cells_count),
        WITH_FOLDER(what_is_no_object_is_refused),
        WITH_FOLDER(a_buffer_that_is_full_is_told),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
