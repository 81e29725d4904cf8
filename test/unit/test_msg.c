/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "helper.h"
#include "msg.h"
#include "utf8.h"

static void every_message_has_a_code_and_both_texts(void **state)
{
    (void)state;
    for (int id = MSG_NONE + 1; id < MSG_ID_N; id++) {
        const char *code = msg_code((enum msg_id)id);
        char row[16];
        (void)snprintf(row, sizeof(row), "id %d", id);
        EXPECT_ROW(row, code != NULL && code[0] != '\0');
        EXPECT_ROW(code, strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(code));
        for (int lang = 0; lang < MSG_LANG_N; lang++) {
            const char *text = msg_template((enum msg_id)id, (enum msg_lang)lang);
            EXPECT_ROW(code, text != NULL && text[0] != '\0' && utf8_is_valid(text, strlen(text)));
        }
        EXPECT_ROW(code, msg_class((enum msg_id)id) < CLASS_N);
    }
}

static void codes_are_unique_and_lead_back_to_their_message(void **state)
{
    (void)state;
    for (int id = MSG_NONE + 1; id < MSG_ID_N; id++) {
        const char *code = msg_code((enum msg_id)id);
        EXPECT_ROW(code, msg_find(code, strlen(code)) == (enum msg_id)id);
    }
    assert_int_equal(msg_find("none", 4), MSG_NONE);
    assert_int_equal(msg_find("", 0), MSG_NONE);
    assert_int_equal(msg_find("too_lon", 7), MSG_NONE);
    assert_int_equal(msg_find("too_long_", 9), MSG_NONE);
}

/* True where every {argument} of one text stands in the other; braces stand in pairs. */
static bool arguments_are_in(const char *text, const char *other)
{
    for (const char *open = strchr(text, '{'); open != NULL; open = strchr(open + 1, '{')) {
        char part[64];
        const char *close = strchr(open, '}');
        if (close == NULL || (size_t)(close - open) + 2 > sizeof(part))
            return false;
        (void)snprintf(part, sizeof(part), "%.*s", (int)(close - open) + 1, open);
        if (strstr(other, part) == NULL)
            return false;
    }
    return true;
}

static void both_languages_have_the_same_arguments(void **state)
{
    (void)state;
    for (int id = MSG_NONE + 1; id < MSG_ID_N; id++) {
        const char *zh = msg_template((enum msg_id)id, MSG_ZH);
        const char *en = msg_template((enum msg_id)id, MSG_EN);
        EXPECT_ROW(msg_code((enum msg_id)id), arguments_are_in(zh, en) && arguments_are_in(en, zh));
    }
}

/* Only the place that follows another sentence is none itself: it stands in brackets. */
static void every_text_ends_as_a_sentence(void **state)
{
    (void)state;
    for (int id = MSG_NONE + 1; id < MSG_ID_N; id++) {
        const char *zh = msg_template((enum msg_id)id, MSG_ZH);
        const char *en = msg_template((enum msg_id)id, MSG_EN);
        bool aside = id == MSG_AT_LINE || id == MSG_HINT_NAME; /* stands in brackets within or behind a sentence */
        const char *zh_end = aside ? "）" : "。";
        EXPECT_ROW(zh, strcmp(zh + strlen(zh) - strlen(zh_end), zh_end) == 0);
        EXPECT_ROW(en, en[strlen(en) - 1] == (aside ? ')' : '.'));
        EXPECT_ROW(en, strspn(en, " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
                                  "abcdefghijklmnopqrstuvwxyz{|}~") == strlen(en));
    }
}

/* What a document of the interface lists. */
static void what_a_sender_may_be_told_is_known(void **state)
{
    (void)state;
    static const enum msg_id told[] = {MSG_NO_TOKEN, MSG_INTERNAL, MSG_BODY_CUT, MSG_SPOOL_FULL, MSG_NOT_AN_OBJECT, MSG_BAD_DECIMAL};
    static const enum msg_id untold[] = {MSG_NONE, MSG_CONFIG, MSG_EXISTS, MSG_INTERRUPTED, MSG_NOTHING_STORED, MSG_AT_LINE, MSG_HINT_NAME};
    for (size_t i = 0; i < COUNT(told); i++)
        EXPECT_ROW(msg_code(told[i]), msg_is_answer(told[i]));
    for (size_t i = 0; i < COUNT(untold); i++)
        EXPECT_ROW(msg_code(untold[i]), !msg_is_answer(untold[i]));
    assert_true(msg_is_fault(MSG_NOT_AN_OBJECT) && msg_is_fault(MSG_TOO_LONG));
    assert_false(msg_is_fault(MSG_INVALID_RECORDS) || msg_is_fault(MSG_HINT_NAME));
}

static void arguments_take_their_places(void **state)
{
    (void)state;
    struct msg m;
    struct buf text;
    buf_init(&text, 1000);
    msg_set(&m, MSG_TOO_LONG);
    msg_arg(&m, "got", "%d", 12);
    msg_arg(&m, "limit", "%d", 10);
    msg_arg_text(&m, "field", "{limit}", 7);
    msg_render(&m, MSG_EN, &text);
    assert_string_equal(buf_text(&text), "Field {limit} may have at most 10 characters and has 12: shorten it.");
    buf_clear(&text);
    msg_set(&m, MSG_TOO_LONG);
    msg_render(&m, MSG_EN, &text);
    expect_has(buf_text(&text), "{limit}");
    buf_free(&text);
}

static void an_argument_that_is_too_long_is_cut_at_a_character_and_shows_it(void **state)
{
    (void)state;
    char value[600];
    for (size_t shift = 0; shift < 4; shift++) {
        struct msg m;
        size_t len = shift;
        memset(value, 'a', sizeof(value));
        for (; len + 3 <= 400; len += 3)
            memcpy(value + len, "中", 3);
        msg_set(&m, MSG_BAD_URL);
        msg_arg_text(&m, "got", value, len);
        msg_arg(&m, "field", "%.*s", (int)len, value);
        for (int i = 0; i < 2; i++) {
            const char *kept = m.args[i].value;
            assert_in_range(strlen(kept), 150, MSG_VALUE_SIZE - 1);
            assert_true(utf8_is_valid(kept, strlen(kept)));
            assert_string_equal(kept + strlen(kept) - 3, "…");
            assert_memory_equal(kept, value, strlen(kept) - 3);
        }
    }
}

static void an_argument_that_fits_is_kept_whole(void **state)
{
    (void)state;
    char value[MSG_VALUE_SIZE + 1];
    memset(value, 'v', sizeof(value));
    for (size_t len = 0; len < sizeof(value); len++) {
        struct msg m;
        msg_set(&m, MSG_BAD_URL);
        msg_arg_text(&m, "got", value, len);
        if (len < MSG_VALUE_SIZE)
            expect_bytes(value, len, m.args[0].value);
        else
            expect_has(m.args[0].value, "…");
    }
}

static void text_from_outside_holds_no_control_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"plain 中文😀", "plain 中文😀"}, {"a\r\nb", "a??b"}, {"\x1B[31m", "?[31m"}, {"\x7F", "?"},
        {"\xD6\xD0", "??"}, {"\xE4\xB8", "??"}, {"\xED\xA0\x80", "???"}, {"\tx", "?x"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct msg m;
        msg_set(&m, MSG_BAD_URL);
        msg_arg_text(&m, "got", rows[i].text, strlen(rows[i].text));
        assert_string_equal(m.args[0].value, rows[i].want);
    }
    struct msg m;
    msg_set(&m, MSG_BAD_URL);
    msg_arg_text(&m, "got", "a\0b", 3);
    assert_string_equal(m.args[0].value, "a?b");
}

static void the_control_characters_beyond_ascii_are_control_characters_too(void **state)
{
    (void)state;
    struct msg m;
    msg_set(&m, MSG_BAD_URL);
    msg_arg_text(&m, "got", "a\xC2\x85" "b\xC2\x9B" "c", 7);
    expect_has_not(m.args[0].value, "\xC2\x85");
    expect_has_not(m.args[0].value, "\xC2\x9B");
}

static void an_argument_is_found_by_its_whole_name(void **state)
{
    (void)state;
    struct msg m;
    msg_set(&m, MSG_TOO_LONG);
    assert_null(msg_value(&m, "got"));
    msg_arg(&m, "got", "%d", 12);
    msg_arg(&m, "limit", "%d", 10);
    assert_string_equal(msg_value(&m, "got"), "12");
    assert_string_equal(msg_value(&m, "limit"), "10");
    assert_null(msg_value(&m, "lim"));
    assert_null(msg_value(&m, "limits"));
    assert_null(msg_value(&m, ""));
}

/* Whether anything was stored is said by a note, since a push may be stored in part: no other sentence may say it of its own accord,
 * but where it cannot be otherwise. */
static void what_became_of_the_push_is_said_by_notes(void **state)
{
    (void)state;
    for (int id = MSG_NONE + 1; id < MSG_ID_N; id++) {
        if (id == MSG_NOTHING_STORED || id == MSG_INVALID_RECORDS)
            continue;
        EXPECT_ROW(msg_code((enum msg_id)id), strstr(msg_template((enum msg_id)id, MSG_EN), "othing was stored") == NULL);
        EXPECT_ROW(msg_code((enum msg_id)id), strstr(msg_template((enum msg_id)id, MSG_ZH), "没有入库") == NULL);
    }
}

static void arguments_beyond_the_last_are_dropped(void **state)
{
    (void)state;
    struct msg m;
    msg_set(&m, MSG_BAD_URL);
    for (int i = 0; i < MSG_ARGS_MAX + 3; i++)
        msg_arg(&m, "got", "%d", i);
    assert_int_equal(m.arg_count, MSG_ARGS_MAX);
    msg_set(&m, MSG_BAD_URL);
    assert_int_equal(m.arg_count, 0);
}

static void languages_have_their_tags(void **state)
{
    (void)state;
    assert_string_equal(msg_lang_tag(MSG_ZH), "zh-CN");
    assert_string_equal(msg_lang_tag(MSG_EN), "en");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_has_a_code_and_both_texts),
        cmocka_unit_test(codes_are_unique_and_lead_back_to_their_message),
        cmocka_unit_test(both_languages_have_the_same_arguments),
        cmocka_unit_test(every_text_ends_as_a_sentence),
        cmocka_unit_test(what_a_sender_may_be_told_is_known),
        cmocka_unit_test(arguments_take_their_places),
        cmocka_unit_test(an_argument_that_is_too_long_is_cut_at_a_character_and_shows_it),
        cmocka_unit_test(an_argument_that_fits_is_kept_whole),
        cmocka_unit_test(text_from_outside_holds_no_control_characters),
        cmocka_unit_test(the_control_characters_beyond_ascii_are_control_characters_too),
        cmocka_unit_test(an_argument_is_found_by_its_whole_name),
        cmocka_unit_test(what_became_of_the_push_is_said_by_notes),
        cmocka_unit_test(arguments_beyond_the_last_are_dropped),
        cmocka_unit_test(languages_have_their_tags),
    };
    words_init();
    return cmocka_run_group_tests_name("msg", tests, NULL, NULL);
}
