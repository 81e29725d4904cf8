/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "codelist.h"
#include "helper.h"
#include "report.h"

static struct codelist *load(const char *folder, const char *text, struct report *r)
{
    report_init(r);
    return codelist_load(folder_write(folder, "list.ini", text), r);
}

static void codes_are_found_in_the_case_of_the_file(void **state)
{
    struct report r;
    struct codelist *list = load(*state, "[codelist]\ncode = kinds\nname = 种类\nname_en = Kinds\nstandard = s\n"
                                 "description = d\n[codes]\nzz = Z\n10 = 十\nABC = 甲\n1 = 一\nb-1 = \n", &r);
    assert_non_null(list);
    assert_int_equal(r.count, 0);
    assert_int_equal(list->count, 5);
    assert_string_equal(codelist_find(list, "ABC", 3)->name, "甲");
    assert_string_equal(codelist_find(list, "1", 1)->name, "一");
    assert_string_equal(codelist_find(list, "10x", 2)->name, "十");
    static const char *const others[] = {"abc", "", "AB", "ABCD", "100", "0", "zzz"};
    for (size_t i = 0; i < COUNT(others); i++)
        EXPECT_ROW(others[i], codelist_find(list, others[i], strlen(others[i])) == NULL);
    assert_null(codelist_find(list, "1\0", 2));
    for (size_t i = 1; i < list->count; i++)
        assert_true(strcmp(list->items[i - 1].code, list->items[i].code) < 0);
    codelist_free(list);
    report_free(&r);
}

static void every_one_of_many_codes_is_found(void **state)
{
    struct report r;
    struct buf text;
    char code[16];
    buf_init(&text, 1 << 20);
    buf_add_text(&text, "[codelist]\ncode = many\nname = 多\n[codes]\n");
    for (int i = 0; i < 1000; i++)
        buf_printf(&text, "%d = n%d\n", i * 7919 % 1000, i * 7919 % 1000);
    struct codelist *list = load(*state, buf_text(&text), &r);
    assert_int_equal(r.count, 0);
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(code, sizeof(code), "%d", i);
        const struct codelist_item *item = codelist_find(list, code, strlen(code));
        assert_non_null(item);
        assert_string_equal(item->name + 1, code);
    }
    codelist_free(list);
    report_free(&r);
    buf_free(&text);
}

static void faults_name_file_and_line(void **state)
{
    static const struct {
        const char *text, *fault;
    } rows[] = {
        {"[codelist]\ncode = a\nname = b\n[codes]\nx = 1\n[other]\n", "list.ini:6: unknown section [other]"},
        {"[codelist]\ncode = a\nname = b\ncolour = c\n[codes]\nx = 1\n", "list.ini:4: unknown key colour"},
        {"[codelist]\ncode = a\n[codes]\nx = 1\n", "list.ini:1: [codelist] name is missing"},
        {"[codelist]\nname = a\n[codes]\nx = 1\n", "list.ini:1: [codelist] code is missing"},
        {"[codelist]\ncode =\nname = a\n[codes]\nx = 1\n", "list.ini:1: [codelist] code is missing"},
        {"[codes]\nx = 1\n", "list.ini: [codelist] code is missing"},
        {"[codelist]\ncode = a\nname = b\n", "list.ini: [codes] is missing or empty"},
        {"[codelist]\ncode = a\nname = b\n[codes]\n", "list.ini: [codes] is missing or empty"},
        {"[codelist]\ncode = A\nname = b\n[codes]\nx = 1\n", "code = A: a lower-case letter"},
        {"[codelist]\ncode = a\nname = b\n[codes]\nx = 1\nX = 2\n", "list.ini:6: key x stands twice in [codes]"},
        {"[codelist]\ncode = a\nname = b\n[codes]\nx = 1\nx = 1\n", "list.ini:6: key x stands twice in [codes]"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct report r;
        struct codelist *list = load(*state, rows[i].text, &r);
        EXPECT_ROW(rows[i].fault, r.count > 0 && strstr(buf_text(&r.text), rows[i].fault) != NULL);
        codelist_free(list);
        report_free(&r);
    }
    codelist_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(codes_are_found_in_the_case_of_the_file),
        WITH_FOLDER(every_one_of_many_codes_is_found),
        WITH_FOLDER(faults_name_file_and_line),
    };
    return cmocka_run_group_tests_name("codelist", tests, NULL, NULL);
}
