/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "helper.h"

static void add(struct faults *f, size_t index, const char *pointer)
{
    struct msg m;
    msg_set(&m, MSG_UNKNOWN_FIELD);
    msg_arg_text(&m, "name", pointer, strlen(pointer));
    faults_add(f, index, pointer, &m);
}

static void a_fault_keeps_index_pointer_code_and_sentence(void **state)
{
    (void)state;
    struct faults f;
    for (int lang = 0; lang < MSG_LANG_N; lang++) {
        faults_init(&f, (enum msg_lang)lang);
        struct faults_mark mark = faults_mark(&f);
        add(&f, 2, "/标题");
        assert_int_equal(f.items[0].index, 2);
        assert_string_equal(f.items[0].code, "unknown_field");
        assert_string_equal(f.text.data + f.items[0].pointer, "/标题");
        expect_has(f.text.data + f.items[0].message, lang == MSG_ZH ? "分类中没有名为“/标题”的字段" : "has no field \"/标题\"");
        assert_string_equal(f.text.data + f.items[0].id, "");
        faults_name(&f, mark, "a-3", 3);
        assert_string_equal(f.text.data + f.items[0].id, "a-3");
        faults_free(&f);
    }
}

static void a_hundred_are_kept_and_all_are_counted(void **state)
{
    (void)state;
    struct faults f;
    faults_init(&f, MSG_EN);
    for (size_t i = 0; i < 100000; i++) {
        add(&f, i, "/x");
        assert_int_equal(f.total, i + 1);
        assert_int_equal(f.kept, i < FAULTS_KEPT ? i + 1 : FAULTS_KEPT);
    }
    assert_int_equal(FAULTS_KEPT, 100);
    assert_int_equal(f.items[0].index, 0);
    assert_int_equal(f.items[99].index, 99);
    assert_true(f.text.len < 100000);
    faults_free(&f);
}

static void going_back_forgets_what_came_since_the_mark(void **state)
{
    (void)state;
    struct faults f;
    faults_init(&f, MSG_EN);
    add(&f, 0, "/a");
    struct faults_mark mark = faults_mark(&f);
    for (int round = 0; round < 1000; round++) {
        faults_rewind(&f, mark);
        for (size_t i = 0; i < 150; i++)
            add(&f, 1, "/longer/pointer");
        faults_name(&f, mark, "id", 2);
    }
    faults_rewind(&f, mark);
    assert_int_equal(f.total, 1);
    assert_int_equal(f.kept, 1);
    add(&f, 2, "/b");
    assert_string_equal(f.text.data + f.items[0].pointer, "/a");
    assert_string_equal(f.text.data + f.items[1].pointer, "/b");
    assert_int_equal(f.items[1].index, 2);
    assert_string_equal(f.text.data + f.items[1].id, "");
    assert_false(buf_failed(&f.text));
    faults_free(&f);
}

static void a_name_is_given_to_the_faults_since_the_mark_alone(void **state)
{
    (void)state;
    struct faults f;
    faults_init(&f, MSG_EN);
    struct faults_mark first = faults_mark(&f);
    add(&f, 0, "/a");
    faults_name(&f, first, "one", 3);
    struct faults_mark second = faults_mark(&f);
    add(&f, 1, "/a");
    add(&f, 1, "/b");
    faults_name(&f, second, "two", 3);
    struct faults_mark third = faults_mark(&f);
    add(&f, 2, "/c");
    faults_name(&f, third, "", 0);
    static const char *const ids[] = {"one", "two", "two", ""};
    for (size_t i = 0; i < COUNT(ids); i++)
        assert_string_equal(f.text.data + f.items[i].id, ids[i]);
    faults_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_keeps_index_pointer_code_and_sentence),
        cmocka_unit_test(a_hundred_are_kept_and_all_are_counted),
        cmocka_unit_test(going_back_forgets_what_came_since_the_mark),
        cmocka_unit_test(a_name_is_given_to_the_faults_since_the_mark_alone),
    };
    return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
