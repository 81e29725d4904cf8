/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "err.h"
#include "helper.h"
#include "words.h"

static void setting_an_error_returns_minus_one_and_replaces_what_was_there(void **state)
{
    (void)state;
    struct err e = ERR_NONE;
    assert_int_equal(err_set(&e, MSG_TOO_LONG, "first %d", 1), -1);
    msg_arg(&e.msg, "limit", "%d", 3);
    e.retry_after = 7;
    assert_int_equal(err_set(&e, MSG_DATABASE_AWAY, "second %s", "fault"), -1);
    assert_int_equal(e.msg.id, MSG_DATABASE_AWAY);
    assert_int_equal(e.msg.arg_count, 0);
    assert_int_equal(e.retry_after, 0);
    assert_string_equal(e.detail, "second fault");
}

static const char *rendered(const struct err *e, enum msg_lang lang)
{
    static char text[1000];
    struct buf b;
    buf_init(&b, sizeof(text) - 1);
    err_render(e, lang, &b);
    assert_false(buf_failed(&b));
    memcpy(text, buf_text(&b), b.len + 1);
    buf_free(&b);
    return text;
}

static void notes_follow_the_message_and_english_puts_a_blank_between(void **state)
{
    (void)state;
    struct err e;
    (void)err_set(&e, MSG_JSON_ENDS, "%s", "");
    msg_arg(&e.msg, "offset", "%d", 7);
    struct buf alone;
    buf_init(&alone, 1000);
    msg_render(&e.msg, MSG_EN, &alone);
    assert_string_equal(rendered(&e, MSG_EN), buf_text(&alone));
    msg_arg(err_note(&e, MSG_AT_LINE), "line", "%d", 3);
    (void)err_note(&e, MSG_NOTHING_STORED);
    assert_memory_equal(rendered(&e, MSG_EN), buf_text(&alone), alone.len);
    assert_string_equal(rendered(&e, MSG_EN) + alone.len, " (line 3) Nothing was stored.");
    expect_has(rendered(&e, MSG_ZH), "。（第 3 行）没有入库。");
    assert_int_equal(e.msg.id, MSG_JSON_ENDS);
    assert_int_equal(e.msg.arg_count, 1);
    buf_free(&alone);
}

static void a_note_too_many_takes_the_place_of_the_last(void **state)
{
    (void)state;
    struct err e;
    (void)err_set(&e, MSG_JSON_ENDS, "%s", "");
    (void)err_note(&e, MSG_AT_LINE);
    for (int i = 0; i < 5; i++)
        msg_arg(err_note(&e, MSG_PARTLY_STORED), "stored", "%d", i);
    (void)err_note(&e, MSG_HINT_LINES);
    assert_int_equal(e.note_count, ERR_NOTES_MAX);
    assert_int_equal(e.notes[0].id, MSG_AT_LINE);
    assert_int_equal(e.notes[1].id, MSG_HINT_LINES);
    assert_int_equal(e.notes[1].arg_count, 0);
}

static void setting_an_error_forgets_the_notes_of_the_one_before(void **state)
{
    (void)state;
    struct err e = ERR_NONE;
    (void)err_set(&e, MSG_JSON_ENDS, "%s", "");
    (void)err_note(&e, MSG_AT_LINE);
    (void)err_set(&e, MSG_BODY_EMPTY, "%s", "");
    assert_int_equal(e.note_count, 0);
    expect_has_not(rendered(&e, MSG_EN), "line");
}

static void no_error_has_no_message(void **state)
{
    (void)state;
    struct err e = ERR_NONE;
    assert_int_equal(e.msg.id, MSG_NONE);
    assert_int_equal(e.retry_after, 0);
    assert_int_equal(e.note_count, 0);
    assert_string_equal(e.detail, "");
}

static void the_class_is_that_of_the_message(void **state)
{
    (void)state;
    struct err e;
    for (int id = MSG_NONE; id < MSG_ID_N; id++) {
        (void)err_set(&e, (enum msg_id)id, "%s", "");
        assert_int_equal(err_class(&e), msg_class((enum msg_id)id));
    }
}

static void a_prefix_stands_before_the_detail(void **state)
{
    (void)state;
    struct err e;
    (void)err_set(&e, MSG_INTERNAL, "%s", "inner");
    err_prefix(&e, "chunk %d", 3);
    err_prefix(&e, "%s", "batch");
    assert_string_equal(e.detail, "batch: chunk 3: inner");
    assert_int_equal(e.msg.id, MSG_INTERNAL);
}

static void details_and_prefixes_of_any_length_fit(void **state)
{
    (void)state;
    char text[3 * ERR_DETAIL_SIZE];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    struct err e;
    (void)err_set(&e, MSG_INTERNAL, "%s", text);
    assert_int_equal(strlen(e.detail), ERR_DETAIL_SIZE - 1);
    err_prefix(&e, "%s", "head");
    assert_int_equal(strlen(e.detail), ERR_DETAIL_SIZE - 1);
    assert_memory_equal(e.detail, "head: xxx", 9);
    err_prefix(&e, "%s", text);
    assert_int_equal(strlen(e.detail), ERR_DETAIL_SIZE - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_an_error_returns_minus_one_and_replaces_what_was_there),
        cmocka_unit_test(notes_follow_the_message_and_english_puts_a_blank_between),
        cmocka_unit_test(a_note_too_many_takes_the_place_of_the_last),
        cmocka_unit_test(setting_an_error_forgets_the_notes_of_the_one_before),
        cmocka_unit_test(no_error_has_no_message),
        cmocka_unit_test(the_class_is_that_of_the_message),
        cmocka_unit_test(a_prefix_stands_before_the_detail),
        cmocka_unit_test(details_and_prefixes_of_any_length_fit),
    };
    words_init();
    return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
