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
#include "helper.h"
#include "mask.h"
#include "scan.h"

static void a_text_keeps_its_ends_where_it_has_eight_characters(void **state)
{
    static const char *const rows[][2] = {
        {"", "***"}, {"王", "***"}, {"王小明", "***"}, {"1234567", "***"}, {"12345678", "1***8"}, {"13900000000", "1***0"},
        {"11010519491231002X", "1***X"}, {"示例市示例路八号", "示***号"}, {"示例市示例路八", "***"}, {"😀1234567😀", "😀***😀"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char masked[MASK_SIZE];
        mask_text(masked, rows[i][0], strlen(rows[i][0]));
        EXPECT_ROW(rows[i][0], strcmp(masked, rows[i][1]) == 0);
    }
}

static const char category_text[] =
    "[category]\ncode = a\nname = 甲\n[field.title]\ntype = string\n[field.name]\ntype = string\npersonal = yes\n"
    "[field.age]\ntype = integer\npersonal = yes\n[field.phones]\ntype = string\nmultiple = yes\npersonal = yes\n"
    "[field.who]\ntype = object\npersonal = yes\n[field.who.name]\ntype = string\n[field.who.at]\ntype = object\n"
    "[field.who.at.street]\ntype = string\n[field.list]\ntype = object\nmultiple = yes\n"
    "[field.list.card]\ntype = string\npersonal = yes\n[field.list.name]\ntype = string\n";

static const char *const records[][2] = {
    {"{}", "{}"},
    {" {\"id\":\"1\", \"title\" : \"王小明\"}\n", " {\"id\":\"1\", \"title\" : \"王小明\"}\n"},
    {"{\"name\":\"王小明\",\"title\":\"t\"}", "{\"name\":\"***\",\"title\":\"t\"}"},
    {"{\"n\\u0061me\" : \"\\u4e00\\\"234567\\\"\"}", "{\"n\\u0061me\" : \"一***\\\"\"}"},
    {"{\"age\":42,\"name\":null}", "{\"age\":\"***\",\"name\":null}"},
    {"{\"phones\":[\"13900000000\", null,\"\",[true]]}", "{\"phones\":[\"1***0\", null,\"***\",[\"***\"]]}"},
    {"{\"who\":{\"name\":\"王小明\",\"at\":{\"street\":\"示例路\",\"left\":[1]}}}", "{\"who\":{\"name\":\"***\",\"at\":{\"street\":\"***\",\"left\":[\"***\"]}}}"},
    {"{\"list\":[{\"card\":\"11010519491231002X\",\"name\":\"n\"},{\"name\":\"m\"}]}", "{\"list\":[{\"card\":\"1***X\",\"name\":\"n\"},{\"name\":\"m\"}]}"},
    /* What has another shape than today's category is masked by name all the same. */
    {"{\"list\":{\"card\":{\"x\":\"y\"}},\"title\":{\"name\":\"n\"}}", "{\"list\":{\"card\":{\"x\":\"***\"}},\"title\":{\"name\":\"n\"}}"},
};

static void every_value_of_a_personal_field_is_masked_and_nothing_else(void **state)
{
    struct catalog *catalog = catalog_of(*state, category_text, NULL);
    const struct fields *fields = &catalog_find(catalog, "a")->fields;
    struct scan scan;
    struct buf to;
    buf_init(&to, 10000);
    assert_int_equal(scan_init(&scan), 0);
    assert_true(fields->personal);
    for (size_t i = 0; i < COUNT(records); i++) {
        buf_clear(&to);
        EXPECT_ROW(records[i][0], mask_record(&scan, fields, records[i][0], strlen(records[i][0]), &to) == 0);
        if (strcmp(buf_text(&to), records[i][1]) != 0)
            fail_msg("%s gives %s", records[i][0], buf_text(&to));
    }
    assert_int_equal(mask_record(&scan, fields, "{\"name\":\"x", 10, &to), -1);
    buf_free(&to);
    scan_free(&scan);
    catalog_free(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_keeps_its_ends_where_it_has_eight_characters),
        WITH_FOLDER(every_value_of_a_personal_field_is_masked_and_nothing_else),
    };
    return cmocka_run_group_tests_name("mask", tests, NULL, NULL);
}
