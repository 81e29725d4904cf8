/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "fault.h"
#include "helper.h"
#include "words.h"

static void add(struct faults *f, const char *pointer)
{
    struct msg m;
    msg_set(&m, MSG_UNKNOWN_FIELD);
    msg_arg_text(&m, "name", pointer, strlen(pointer));
    faults_add(f, pointer, &m);
}

static void a_fault_keeps_index_pointer_code_and_sentence(void **state)
{
    (void)state;
    struct faults f;
    for (int lang = 0; lang < MSG_LANG_N; lang++) {
        faults_init(&f, (enum msg_lang)lang);
        faults_begin(&f, 2);
        add(&f, "/标题");
        assert_int_equal(f.index, 2);
        assert_string_equal(f.items[0].code, "unknown_field");
        assert_string_equal(f.text.data + f.items[0].pointer, "/标题");
        expect_has(f.text.data + f.items[0].message, lang == MSG_ZH ? "分类中没有名为“/标题”的字段" : "has no field \"/标题\"");
        assert_string_equal(buf_text(&f.id), "");
        faults_name(&f, "a-3", 3);
        assert_string_equal(buf_text(&f.id), "a-3");
        faults_free(&f);
    }
}

/* An answer shows what was sent to whoever reads it, and must not be one that shows something else. */
static void a_name_that_is_not_seen_is_escaped_in_a_pointer(void **state)
{
    (void)state;
    struct faults f;
    struct buf to;
    buf_init(&to, 1000);
    faults_init(&f, MSG_EN);
    faults_begin(&f, 0);
    add(&f, "/a\xE2\x80\xAE\xC2\x9B" "b");
    faults_name(&f, "\xE2\x80\xA8", 3);
    assert_int_equal(faults_write(&f, true, 1, &to), 1);
    expect_has(buf_text(&to), "\"id\":\"\\u2028\",\"pointer\":\"/a\\u202e\\u009bb\"");
    expect_has(buf_text(&to), "has no field \\\"/a??b\\\"");
    faults_free(&f);
    buf_free(&to);
}

static void a_hundred_are_kept_and_all_are_counted(void **state)
{
    (void)state;
    struct faults f;
    faults_init(&f, MSG_EN);
    for (size_t i = 0; i < 100000; i++) {
        char pointer[24];
        (void)snprintf(pointer, sizeof(pointer), "/%zu", i);
        add(&f, pointer);
        assert_int_equal(f.total, i + 1);
        assert_int_equal(f.kept, i < FAULTS_KEPT ? i + 1 : FAULTS_KEPT);
    }
    assert_int_equal(FAULTS_KEPT, 100);
    assert_string_equal(f.text.data + f.items[0].pointer, "/0");
    assert_string_equal(f.text.data + f.items[99].pointer, "/99");
    assert_true(f.text.len < 100000);
    faults_free(&f);
}

static void beginning_forgets_the_record_before(void **state)
{
    (void)state;
    struct faults f;
    faults_init(&f, MSG_EN);
    for (size_t round = 0; round < 1000; round++) {
        faults_begin(&f, round);
        assert_int_equal(f.total, 0);
        assert_int_equal(f.kept, 0);
        assert_int_equal(f.index, round);
        assert_string_equal(buf_text(&f.id), "");
        for (size_t i = 0; i < 150; i++)
            add(&f, "/longer/pointer");
        faults_name(&f, "id", 2);
    }
    faults_begin(&f, 7);
    add(&f, "/b");
    assert_int_equal(f.total, 1);
    assert_string_equal(f.text.data + f.items[0].pointer, "/b");
    assert_false(buf_failed(&f.text));
    faults_free(&f);
}

static const char *written(const struct faults *f, bool named, size_t most, size_t *count_out)
{
    static char text[2000];
    struct buf to;
    buf_init(&to, sizeof(text) - 1);
    *count_out = faults_write(f, named, most, &to);
    assert_false(buf_failed(&to));
    memcpy(text, buf_text(&to), to.len + 1);
    buf_free(&to);
    return text;
}

#define FAULT(pointer) "\"pointer\":\"" pointer "\",\"code\":\"unknown_field\",\"message\":"

static void faults_are_written_as_json_with_index_and_id_where_that_is_asked_for(void **state)
{
    (void)state;
    struct faults f;
    size_t count;
    faults_init(&f, MSG_EN);
    faults_begin(&f, 3);
    assert_string_equal(written(&f, true, 10, &count), "");
    assert_int_equal(count, 0);
    add(&f, "/a\"\\b");
    const char *text = written(&f, true, 10, &count);
    assert_int_equal(count, 1);
    assert_ptr_equal(strstr(text, "{\"index\":3,\"id\":null," FAULT("/a\\\"\\\\b")), text);
    faults_name(&f, "i\"d\\", 4);
    text = written(&f, true, 10, &count);
    assert_ptr_equal(strstr(text, "{\"index\":3,\"id\":\"i\\\"d\\\\\"," FAULT("/a\\\"\\\\b")), text);
    text = written(&f, false, 10, &count);
    assert_ptr_equal(strstr(text, "{" FAULT("/a\\\"\\\\b")), text);
    assert_int_equal(text[strlen(text) - 1], '}');
    faults_free(&f);
}

static void no_more_are_written_than_asked_for_and_commas_stand_between(void **state)
{
    (void)state;
    struct faults f;
    size_t count;
    faults_init(&f, MSG_EN);
    for (int i = 0; i < 5; i++)
        add(&f, "/x");
    for (size_t most = 0; most < 8; most++) {
        const char *text = written(&f, false, most, &count);
        size_t commas = 0;
        for (const char *p = strstr(text, "},{"); p != NULL; p = strstr(p + 1, "},{"))
            commas++;
        assert_int_equal(count, most < 5 ? most : 5);
        assert_int_equal(commas, count == 0 ? 0 : count - 1);
        assert_true(count == 0 ? text[0] == '\0' : text[0] == '{');
    }
    faults_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_keeps_index_pointer_code_and_sentence),
        cmocka_unit_test(a_name_that_is_not_seen_is_escaped_in_a_pointer),
        cmocka_unit_test(a_hundred_are_kept_and_all_are_counted),
        cmocka_unit_test(beginning_forgets_the_record_before),
        cmocka_unit_test(faults_are_written_as_json_with_index_and_id_where_that_is_asked_for),
        cmocka_unit_test(no_more_are_written_than_asked_for_and_commas_stand_between),
    };
    words_init();
    return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
