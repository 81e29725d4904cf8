/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "helper.h"
#include "report.h"

static void a_fault_names_file_and_line(void **state)
{
    (void)state;
    struct report r;
    report_init(&r);
    assert_int_equal(r.count, 0);
    report_add(&r, "a/b.ini", 12, "key %s is odd", "x");
    report_add(&r, "c.ini", 0, "%s", "is missing");
    assert_int_equal(r.count, 2);
    assert_string_equal(buf_text(&r.text), "a/b.ini:12: key x is odd\nc.ini: is missing\n");
    report_free(&r);
}

static void a_long_sentence_is_one_line(void **state)
{
    (void)state;
    char text[5000];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    struct report r;
    report_init(&r);
    report_add(&r, "f", 1, "%s", text);
    assert_int_equal(report_lines(&r, "f:1: xxx"), 1);
    assert_int_equal(r.text.data[r.text.len - 1], '\n');
    report_free(&r);
}

static void faults_are_counted_even_where_their_text_has_no_room(void **state)
{
    (void)state;
    struct report r;
    report_init(&r);
    for (int i = 0; i < 100000; i++)
        report_add(&r, "some/file.ini", i + 1, "%s", "a sentence of some length");
    assert_int_equal(r.count, 100000);
    assert_int_equal(r.text.data[r.text.len - 1], '\n');
    assert_int_equal(report_lines(&r, "some/file.ini:1: "), 1);
    report_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_names_file_and_line),
        cmocka_unit_test(a_long_sentence_is_one_line),
        cmocka_unit_test(faults_are_counted_even_where_their_text_has_no_room),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
