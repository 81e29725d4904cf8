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
#include "utf8.h"

static const struct {
    const char *what;
    const char *bytes;
    bool valid;
} texts[] = {
    {"empty", "", true},
    {"ascii", "abc\x7F", true},
    {"two bytes, least and greatest", "\xC2\x80\xDF\xBF", true},
    {"three bytes, least and greatest", "\xE0\xA0\x80\xEF\xBF\xBF", true},
    {"around the surrogates", "\xED\x9F\xBF\xEE\x80\x80", true},
    {"four bytes, least and greatest", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", true},
    {"Chinese", "政府网站〔2024〕", true},
    {"overlong in two bytes", "\xC0\x80", false},
    {"overlong slash", "\xC1\xAF", false},
    {"overlong in three bytes", "\xE0\x9F\xBF", false},
    {"overlong in four bytes", "\xF0\x8F\xBF\xBF", false},
    {"high surrogate", "\xED\xA0\x80", false},
    {"low surrogate", "\xED\xBF\xBF", false},
    {"CESU-8 pair", "\xED\xA0\xBD\xED\xB8\x80", false},
    {"above U+10FFFF", "\xF4\x90\x80\x80", false},
    {"lead byte F5", "\xF5\x80\x80\x80", false},
    {"five bytes", "\xF8\x88\x80\x80\x80", false},
    {"bytes FE and FF", "\xFE\xFF", false},
    {"bare continuation", "\x80", false},
    {"continuation too many", "\xC3\xA9\x80", false},
    {"cut two", "\xC3", false},
    {"cut three after one", "\xE4", false},
    {"cut three after two", "\xE4\xB8", false},
    {"cut four", "\xF0\x9F\x98", false},
    {"lead then ascii", "\xE4\xB8" "a", false},
    {"GBK for 中文", "\xD6\xD0\xCE\xC4", false},
};

static void only_rfc_3629_is_well_formed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        EXPECT_ROW(texts[i].what, utf8_is_valid(texts[i].bytes, strlen(texts[i].bytes)) == texts[i].valid);
}

static void nul_is_a_character_of_its_own(void **state)
{
    (void)state;
    assert_true(utf8_is_valid("a\0b", 3));
    assert_int_equal(utf8_count("a\0b", 3), 3);
}

/* Every scalar value there and back; every surrogate and what lies beyond is refused. */
static void every_code_point_survives_and_no_other(void **state)
{
    (void)state;
    char bytes[8];
    for (uint32_t point = 0; point < 0x110000; point++) {
        bool partial;
        size_t len = utf8_put(bytes, point);
        size_t want = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        if (len != want || utf8_char(bytes, bytes + len, &partial) != (surrogate ? 0 : len) || partial ||
            (!surrogate && utf8_point(bytes, len) != point))
            fail_msg("U+%04X", (unsigned)point);
    }
}

static void a_character_that_is_cut_off_is_partial_and_a_wrong_one_is_not(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        bool partial;
    } rows[] = {
        {"\xC3", 1, true},         {"\xE4", 1, true},         {"\xE4\xB8", 2, true},     {"\xF0", 1, true},
        {"\xF0\x9F\x98", 3, true}, {"\xE0\xA0", 2, true},     {"\xE0\x80", 2, false},    {"\xED\xA0", 2, false},
        {"\xF4\x90", 2, false},    {"\xF0\x80", 2, false},    {"\xE4\x41", 2, false},    {"\x80", 1, false},
        {"\xFF", 1, false},        {"\xC0", 1, false},        {"\xF0\x9F\x41", 3, false}, {"\xE4\xB8\x41", 3, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool partial = !rows[i].partial;
        char name[16];
        (void)snprintf(name, sizeof(name), "row %zu", i);
        EXPECT_ROW(name, utf8_char(rows[i].bytes, rows[i].bytes + rows[i].len, &partial) == 0);
        EXPECT_ROW(name, partial == rows[i].partial);
    }
}

static void characters_are_counted_not_bytes(void **state)
{
    (void)state;
    static const char text[] = "a中😀é";
    assert_int_equal(utf8_count(text, strlen(text)), 4);
    assert_int_equal(utf8_count("", 0), 0);
}

static void a_prefix_never_splits_a_character(void **state)
{
    (void)state;
    static const char text[] = "a中😀é";
    static const size_t bytes[] = {0, 1, 4, 8, 10, 10, 10};
    for (size_t chars = 0; chars < COUNT(bytes); chars++)
        assert_int_equal(utf8_prefix(text, strlen(text), chars), bytes[chars]);
}

static void the_sixty_six_noncharacters_are_known(void **state)
{
    (void)state;
    int count = 0;
    for (uint32_t point = 0; point < 0x110000; point++)
        count += utf8_is_noncharacter(point);
    assert_int_equal(count, 66);
    assert_true(utf8_is_noncharacter(0xFDD0) && utf8_is_noncharacter(0xFDEF) && utf8_is_noncharacter(0xFFFE));
    assert_true(utf8_is_noncharacter(0x1FFFF) && utf8_is_noncharacter(0x10FFFE));
    assert_false(utf8_is_noncharacter(0xFDCF) || utf8_is_noncharacter(0xFDF0) || utf8_is_noncharacter(0xFFFD));
}

static void a_chinese_character_takes_two_columns_of_a_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t width;
    } rows[] = {
        {"", 0}, {"abc", 3}, {"政策", 4}, {"a政b", 4}, {"é", 1}, {"e\xCC\x81", 1}, {"（）", 4}, {"“”", 2}, {"…", 1},
        {"한국", 4}, {"かな", 4}, {"😀", 2}, {"𠮷", 2}, {"ｱ", 1}, {"█", 1}, {"Ａ", 2}, {"〇", 2}, {"\xE2\x80\x8B", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        EXPECT_ROW(rows[i].text, utf8_width(rows[i].text, strlen(rows[i].text)) == rows[i].width);
}

static void a_fit_fills_the_columns_without_splitting_a_character(void **state)
{
    (void)state;
    static const char text[] = "a中文b";
    static const size_t bytes[] = {0, 1, 1, 4, 4, 7, 8, 8};
    for (size_t width = 0; width < COUNT(bytes); width++)
        assert_int_equal(utf8_fit(text, strlen(text), width), bytes[width]);
    assert_int_equal(utf8_fit("e\xCC\x81x", 4, 1), 3); /* the mark stays with its letter */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_rfc_3629_is_well_formed),
        cmocka_unit_test(nul_is_a_character_of_its_own),
        cmocka_unit_test(every_code_point_survives_and_no_other),
        cmocka_unit_test(a_character_that_is_cut_off_is_partial_and_a_wrong_one_is_not),
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(a_prefix_never_splits_a_character),
        cmocka_unit_test(the_sixty_six_noncharacters_are_known),
        cmocka_unit_test(a_chinese_character_takes_two_columns_of_a_terminal),
        cmocka_unit_test(a_fit_fills_the_columns_without_splitting_a_character),
    };
    return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
