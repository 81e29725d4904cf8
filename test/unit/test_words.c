/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "helper.h"
#include "words.h"

static const char english[] = "The configuration is wrong.";
static const char chinese[] = "配置有误。";

struct environment {
    const char *lc_all, *lc_messages, *lang, *language; /* NULL: not set */
    enum msg_lang own;
};

static void set_or_not(const char *name, const char *value)
{
    assert_int_equal(value == NULL ? unsetenv(name) : setenv(name, value, 1), 0);
}

static void begin_in(const struct environment *env)
{
    set_or_not("LC_ALL", env->lc_all);
    set_or_not("LC_MESSAGES", env->lc_messages);
    set_or_not("LANG", env->lang);
    set_or_not("LANGUAGE", env->language);
    words_init();
}

static const struct environment environments[] = {
    {NULL, NULL, NULL, NULL, MSG_EN},
    {NULL, NULL, "C", NULL, MSG_EN},
    {NULL, NULL, "POSIX", "zh_CN", MSG_EN},
    {NULL, NULL, "C.UTF-8", NULL, MSG_EN},
    {NULL, NULL, "en_US.UTF-8", NULL, MSG_EN},
    {NULL, NULL, "de_DE.UTF-8", NULL, MSG_EN},
    {NULL, NULL, "zh_CN.UTF-8", NULL, MSG_ZH},
    {NULL, NULL, "zh_CN.GB18030", NULL, MSG_ZH},
    {NULL, NULL, "zh_CN", NULL, MSG_ZH},
    {NULL, NULL, "zh", NULL, MSG_ZH},
    {NULL, NULL, "zha_XX", NULL, MSG_EN},
    {NULL, "zh_CN.UTF-8", "C", NULL, MSG_ZH},
    {NULL, "C", "zh_CN.UTF-8", NULL, MSG_EN},
    {"C", "zh_CN.UTF-8", "zh_CN.UTF-8", "zh_CN", MSG_EN},
    {"zh_CN.UTF-8", "C", "C", NULL, MSG_ZH},
    {"", "", "zh_CN.UTF-8", "", MSG_ZH},
    {NULL, NULL, "zh_CN.UTF-8", "en", MSG_EN},
    {NULL, NULL, "zh_CN.UTF-8", "en:zh_CN", MSG_EN},
    {NULL, NULL, "en_US.UTF-8", "zh_CN:en", MSG_ZH},
    {NULL, NULL, "en_US.UTF-8", "zh:en", MSG_ZH},
};

static void the_locale_chooses_the_language_of_the_program(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(environments); i++) {
        char row[16];
        (void)snprintf(row, sizeof(row), "row %zu", i);
        begin_in(&environments[i]);
        bool zh = environments[i].own == MSG_ZH;
        EXPECT_ROW(row, words_language() == environments[i].own);
        EXPECT_ROW(row, strcmp(_("The configuration is wrong."), zh ? chinese : english) == 0);
    }
}

static void clients_are_answered_in_both_languages_whatever_the_locale(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(environments); i++) {
        char row[16];
        (void)snprintf(row, sizeof(row), "row %zu", i);
        begin_in(&environments[i]);
        EXPECT_ROW(row, words_fault() == NULL);
        EXPECT_ROW(row, strcmp(words_in(MSG_ZH, english), chinese) == 0);
        EXPECT_ROW(row, words_in(MSG_EN, english) == english);
    }
}

static void what_has_no_translation_is_itself(void **state)
{
    (void)state;
    static const char unknown[] = "words that nobody wrote";
    assert_ptr_equal(words_in(MSG_ZH, unknown), unknown);
    assert_ptr_equal(words_in(MSG_ZH, NULL), NULL);
    assert_string_equal(words_in(MSG_ZH, ""), "");
}

static void english_has_a_form_for_one(void **state)
{
    (void)state;
    char text[100];
    for (unsigned count = 0; count < 3; count++) {
        words_set_language(MSG_EN);
        (void)snprintf(text, sizeof(text), words_count("%s: the schema has %d fault\n", "%s: the schema has %d faults\n", count), "p", (int)count);
        assert_int_equal(strstr(text, "faults") != NULL, count != 1);
        words_set_language(MSG_ZH);
        (void)snprintf(text, sizeof(text), words_count("%s: the schema has %d fault\n", "%s: the schema has %d faults\n", count), "p", (int)count);
        expect_has(text, "处错误");
    }
}

static void nothing_else_in_the_process_changes(void **state)
{
    (void)state;
    char number[16];
    char before[64];
    (void)snprintf(before, sizeof(before), "%s", strerror(ENOENT));
    locale_t locale = uselocale((locale_t)0);
    assert_string_equal(words_in(MSG_ZH, english), chinese);
    (void)snprintf(number, sizeof(number), "%.1f", 1.5);
    assert_string_equal(number, "1.5");
    assert_string_equal(strerror(ENOENT), before);
    assert_string_equal(setlocale(LC_ALL, NULL), "C");
    assert_true(uselocale((locale_t)0) == locale);
}

static void errors_are_in_the_language_of_the_program(void **state)
{
    (void)state;
    struct err e;
    words_set_language(MSG_ZH);
    assert_int_equal(err_set(&e, MSG_CONFIG, "%s: cannot be read", "/a"), -1);
    assert_string_equal(e.detail, "/a：无法读取");
    err_prefix(&e, "view v_%s", "b");
    assert_string_equal(e.detail, "视图 v_b：/a：无法读取");
    words_set_language(MSG_EN);
    assert_int_equal(err_set(&e, MSG_CONFIG, "%s: cannot be read", "/a"), -1);
    assert_string_equal(e.detail, "/a: cannot be read");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_locale_chooses_the_language_of_the_program),
        cmocka_unit_test(clients_are_answered_in_both_languages_whatever_the_locale),
        cmocka_unit_test(what_has_no_translation_is_itself),
        cmocka_unit_test(english_has_a_form_for_one),
        cmocka_unit_test(nothing_else_in_the_process_changes),
        cmocka_unit_test(errors_are_in_the_language_of_the_program),
    };
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
