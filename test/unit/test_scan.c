/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helper.h"
#include "scan.h"

/* Scans one value from a copy that ends exactly where the bytes do, so that a read beyond them is seen. */
static enum scan_stop scan_bytes(const char *bytes, size_t len, bool final, enum msg_id *why_out, size_t *at_out)
{
    struct scan s;
    char *exact = malloc(len == 0 ? 1 : len);
    assert_non_null(exact);
    if (len > 0)
        memcpy(exact, bytes, len);
    assert_int_equal(scan_init(&s), 0);
    scan_begin(&s, exact, len, final, 0);
    char next;
    bool whole = scan_skip(&s);
    assert_int_equal(whole, s.stop == SCAN_OK);
    if (whole && scan_peek(&s, &next)) /* whatever stands behind it is no part of it */
        (void)scan_fail(&s, MSG_JSON_TRAILING, s.p);
    else if (whole)
        s.stop = SCAN_OK;
    *why_out = s.why;
    *at_out = s.at == NULL ? 0 : (size_t)(s.at - exact);
    enum scan_stop stop = s.stop;
    scan_free(&s);
    free(exact);
    return stop;
}

static void what_json_allows_is_taken(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}", "[]", "\"\"", "0", "-0", "1", "-1", "10", "0.5", "1e5", "1E+5", "1e-5", "-0.0e-0", "123456789012345678901234567890",
        "true", "false", "null", " \t\r\n1\n", "[1,2]", "[ 1 , 2 ]", "{\"a\":1}", "{ \"a\" : 1 , \"b\" : 2 }", "{\"\":0}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0041\\u4e2d\\uD83D\\uDE00\"", "\"\\u0001\"", "\"\x7F\"", "\"政府😀\"",
        "\"\\uFFFD\"", "\"\xEF\xBF\xBD\"", "\"\\u2028\"", "{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":2}]}",
        "{\"a\":1,\"A\":2,\"á\":3,\"a\xCC\x81\":4}", "\"\\uD7FF\\uE000\"", "\"\\ud834\\udd1e\"", "[[],{},[{}]]", "\"/\"",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        enum msg_id why;
        size_t at;
        EXPECT_ROW(texts[i], scan_bytes(texts[i], strlen(texts[i]), true, &why, &at) == SCAN_OK);
    }
}

static const struct {
    const char *text;
    enum msg_id why;
    size_t at;
} traps[] = {
    {"", MSG_JSON_ENDS, 0}, {"  ", MSG_JSON_ENDS, 2}, {"{", MSG_JSON_ENDS, 1}, {"[1", MSG_JSON_ENDS, 2}, {"[1,", MSG_JSON_ENDS, 3},
    {"\"abc", MSG_JSON_ENDS, 4}, {"tru", MSG_JSON_ENDS, 3}, {"{\"a\"", MSG_JSON_ENDS, 4}, {"{\"a\":", MSG_JSON_ENDS, 5},
    {"nulL", MSG_JSON_SYNTAX, 0}, {"True", MSG_JSON_SYNTAX, 0}, {"undefined", MSG_JSON_SYNTAX, 0}, {"'a'", MSG_JSON_SYNTAX, 0},
    {"NaN", MSG_JSON_SYNTAX, 0}, {"Infinity", MSG_JSON_SYNTAX, 0}, {"-Infinity", MSG_JSON_NUMBER, 0}, {"+1", MSG_JSON_SYNTAX, 0},
    {".5", MSG_JSON_SYNTAX, 0}, {"01", MSG_JSON_NUMBER, 0}, {"-01", MSG_JSON_NUMBER, 0}, {"00", MSG_JSON_NUMBER, 0},
    {"[1.]", MSG_JSON_NUMBER, 1}, {"[1.e5]", MSG_JSON_NUMBER, 1}, {"[1e]", MSG_JSON_NUMBER, 1}, {"[1e+]", MSG_JSON_NUMBER, 1},
    {"[-]", MSG_JSON_NUMBER, 1}, {"[--1]", MSG_JSON_NUMBER, 1}, {"0x10", MSG_JSON_TRAILING, 1}, {"1 2", MSG_JSON_TRAILING, 2},
    {"[1_000]", MSG_JSON_SYNTAX, 2}, {"[1,]", MSG_JSON_SYNTAX, 3}, {"[,1]", MSG_JSON_SYNTAX, 1}, {"[1 2]", MSG_JSON_SYNTAX, 3},
    {"[1}", MSG_JSON_SYNTAX, 2}, {"{]", MSG_JSON_SYNTAX, 1}, {"{,}", MSG_JSON_SYNTAX, 1}, {"{\"a\":1,}", MSG_JSON_SYNTAX, 7},
    {"{a:1}", MSG_JSON_SYNTAX, 1}, {"{1:1}", MSG_JSON_SYNTAX, 1}, {"{\"a\" 1}", MSG_JSON_SYNTAX, 5}, {"{\"a\":}", MSG_JSON_SYNTAX, 5},
    {"{\"a\":1 \"b\":2}", MSG_JSON_SYNTAX, 7}, {"[1]]", MSG_JSON_TRAILING, 3}, {"{}{}", MSG_JSON_TRAILING, 2},
    {"/* c */1", MSG_JSON_SYNTAX, 0}, {"[1// c\n]", MSG_JSON_SYNTAX, 2}, {"\xEF\xBB\xBF{}", MSG_JSON_SYNTAX, 0},
    {"\x0B" "1", MSG_JSON_SYNTAX, 0}, {"\xC2\xA0" "1", MSG_JSON_SYNTAX, 0},
    {"\"a\nb\"", MSG_JSON_CONTROL, 2}, {"\"\t\"", MSG_JSON_CONTROL, 1}, {"\"\x1F\"", MSG_JSON_CONTROL, 1},
    {"\"\\x41\"", MSG_JSON_ESCAPE, 1}, {"\"\\'\"", MSG_JSON_ESCAPE, 1}, {"\"\\a\"", MSG_JSON_ESCAPE, 1}, {"\"\\U0041\"", MSG_JSON_ESCAPE, 1},
    {"\"\\u12G4\"", MSG_JSON_ESCAPE, 1}, {"\"\\u 041\"", MSG_JSON_ESCAPE, 1}, {"\"\\u+041\"", MSG_JSON_ESCAPE, 1},
    {"\"a\\u00\"", MSG_JSON_ESCAPE, 2}, {"\"\\u0000\"", MSG_JSON_NUL, 1}, {"\"\\u{41}\"", MSG_JSON_ESCAPE, 1},
    {"\"\\uD800\"", MSG_JSON_SURROGATE, 1}, {"\"\\uDC00\"", MSG_JSON_SURROGATE, 1}, {"\"\\uD800x\"", MSG_JSON_SURROGATE, 1},
    {"\"\\uD800\\n\"", MSG_JSON_SURROGATE, 1}, {"\"\\uD800\\u0041\"", MSG_JSON_SURROGATE, 1}, {"\"\\uD800\\uD800\"", MSG_JSON_SURROGATE, 1},
    {"\"\\uDC00\\uD800\"", MSG_JSON_SURROGATE, 1}, {"\"\\uDBFF\\uDFFD\\uD800\"", MSG_JSON_SURROGATE, 13},
    {"\"\\uFFFE\"", MSG_JSON_NONCHARACTER, 1}, {"\"\\uFFFF\"", MSG_JSON_NONCHARACTER, 1}, {"\"\\uFDD0\"", MSG_JSON_NONCHARACTER, 1},
    {"\"\\uFDEF\"", MSG_JSON_NONCHARACTER, 1}, {"\"\\uD83F\\uDFFE\"", MSG_JSON_NONCHARACTER, 1},
    {"\"\\uDBFF\\uDFFF\"", MSG_JSON_NONCHARACTER, 1}, {"\"\xEF\xBF\xBE\"", MSG_JSON_NONCHARACTER, 1},
    {"\"\xEF\xB7\x90\"", MSG_JSON_NONCHARACTER, 1}, {"\"\xF0\x9F\xBF\xBE\"", MSG_JSON_NONCHARACTER, 1},
    {"\"\xF4\x8F\xBF\xBF\"", MSG_JSON_NONCHARACTER, 1},
    {"\"\xC0\x80\"", MSG_JSON_UTF8, 1}, {"\"\xC0\xAF\"", MSG_JSON_UTF8, 1}, {"\"\xE0\x80\xAF\"", MSG_JSON_UTF8, 1},
    {"\"\xED\xA0\x80\"", MSG_JSON_UTF8, 1}, {"\"\xF4\x90\x80\x80\"", MSG_JSON_UTF8, 1}, {"\"\x80\"", MSG_JSON_UTF8, 1},
    {"\"\xFF\"", MSG_JSON_UTF8, 1}, {"\"a\xD6\xD0\"", MSG_JSON_UTF8, 2}, {"\"\xE4\xB8\"", MSG_JSON_UTF8, 1},
    {"\"中\xE4\xB8\"", MSG_JSON_UTF8, 4}, {"{\"\xC3\":1}", MSG_JSON_UTF8, 2},
    {"{\"a\":1,\"a\":2}", MSG_JSON_DUPLICATE, 8}, {"{\"a\":1,\"\\u0061\":2}", MSG_JSON_DUPLICATE, 8},
    {"{\"\\u0061\":1,\"a\":2}", MSG_JSON_DUPLICATE, 13}, {"{\"\\u0061\":1,\"\\u0061\":2}", MSG_JSON_DUPLICATE, 13},
    {"{\"/\":1,\"\\/\":2}", MSG_JSON_DUPLICATE, 8}, {"{\"\":1,\"\":2}", MSG_JSON_DUPLICATE, 7},
    {"{\"中\":1,\"\\u4E2D\":2}", MSG_JSON_DUPLICATE, 10}, {"{\"😀\":1,\"\\ud83d\\ude00\":2}", MSG_JSON_DUPLICATE, 11},
    {"{\"x\":{\"a\":1,\"b\":[],\"a\":2}}", MSG_JSON_DUPLICATE, 20}, {"[{\"a\":{},\"a\":1}]", MSG_JSON_DUPLICATE, 10},
    {"{\"a\":{\"b\":1},\"c\":2,\"a\":3}", MSG_JSON_DUPLICATE, 20},
};

static void every_trap_of_json_is_refused_with_its_reason_and_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(traps); i++) {
        enum msg_id why;
        size_t at;
        enum scan_stop stop = scan_bytes(traps[i].text, strlen(traps[i].text), true, &why, &at);
        if (stop != SCAN_BAD || why != traps[i].why || at != traps[i].at)
            fail_msg("[%s]: stop %d, %s at %zu, want %s at %zu", traps[i].text, (int)stop, msg_code(why), at,
                     msg_code(traps[i].why), traps[i].at);
    }
}

static void a_nul_byte_is_refused_wherever_it_stands(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        enum msg_id why;
    } rows[] = {
        {"\0", 1, MSG_JSON_SYNTAX}, {"\"a\0\"", 4, MSG_JSON_CONTROL}, {"\"\\\0\"", 4, MSG_JSON_ESCAPE}, {"[1\0]", 4, MSG_JSON_SYNTAX},
        {"{}\0", 3, MSG_JSON_TRAILING}, {"\"\\u00\0" "0\"", 8, MSG_JSON_ESCAPE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum msg_id why;
        size_t at;
        assert_int_equal(scan_bytes(rows[i].bytes, rows[i].len, true, &why, &at), SCAN_BAD);
        assert_int_equal(why, rows[i].why);
    }
}

static void thirty_two_levels_are_taken_and_thirty_three_are_not(void **state)
{
    (void)state;
    for (int objects = 0; objects < 2; objects++) {
        for (int depth = 31; depth <= 33; depth++) {
            struct buf b;
            enum msg_id why;
            size_t at;
            buf_init(&b, 1000);
            for (int i = 0; i < depth; i++)
                buf_add_text(&b, objects && i < depth - 1 ? "{\"a\":" : objects ? "{" : "[");
            for (int i = 0; i < depth; i++)
                buf_add_char(&b, objects ? '}' : ']');
            enum scan_stop stop = scan_bytes(buf_text(&b), b.len, true, &why, &at);
            assert_int_equal(stop, depth <= 32 ? SCAN_OK : SCAN_BAD);
            assert_int_equal(why, depth <= 32 ? MSG_JSON_ENDS : MSG_JSON_DEPTH);
            assert_int_equal(at, depth <= 32 ? b.len : objects ? 32 * 5 : 32);
            buf_free(&b);
        }
    }
}

static void a_million_brackets_do_not_exhaust_the_stack(void **state)
{
    (void)state;
    enum { LEN = 1000000 };
    char *deep = malloc(LEN);
    assert_non_null(deep);
    memset(deep, '[', LEN);
    enum msg_id why;
    size_t at;
    assert_int_equal(scan_bytes(deep, LEN, true, &why, &at), SCAN_BAD);
    assert_int_equal(why, MSG_JSON_DEPTH);
    free(deep);
}

static const char rich[] = " {\"id\": \"a-1\", \"t\\u0069tle\":\"标题\\uD83D\\uDE00😀\\n\", \"n\":[-1.5e+10, 0, 12],\r\n\t\"o\":{\"b\":true,"
                           "\"c\":[false,null,{}]},\"empty\":\"\",\"\":[[ ]]}";

static void every_proper_prefix_asks_for_more_and_is_cut_off_where_nothing_follows(void **state)
{
    (void)state;
    for (size_t len = 0; len < strlen(rich); len++) {
        enum msg_id why;
        size_t at;
        char row[16];
        (void)snprintf(row, sizeof(row), "%zu", len);
        EXPECT_ROW(row, scan_bytes(rich, len, false, &why, &at) == SCAN_MORE);
        EXPECT_ROW(row, scan_bytes(rich, len, true, &why, &at) == SCAN_BAD);
        EXPECT_ROW(row, why == MSG_JSON_ENDS || why == MSG_JSON_UTF8);
    }
    enum msg_id why;
    size_t at;
    assert_int_equal(scan_bytes(rich, strlen(rich), true, &why, &at), SCAN_OK);
}

/* What is bad stays bad when more comes, and a scan of a part never says otherwise than "more" before. */
static void a_part_is_judged_as_the_whole_or_asks_for_more(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(traps); i++) {
        size_t whole_at, at;
        enum msg_id whole, why;
        size_t all = strlen(traps[i].text);
        (void)scan_bytes(traps[i].text, all, true, &whole, &whole_at);
        for (size_t len = 0; len < all; len++) {
            enum scan_stop stop = scan_bytes(traps[i].text, len, false, &why, &at);
            if (stop == SCAN_BAD && (why != whole || at != whole_at))
                fail_msg("[%s] cut at %zu: %s", traps[i].text, len, msg_code(why));
        }
    }
}

static void no_mutation_of_a_record_crashes_the_scan(void **state)
{
    (void)state;
    uint32_t seed = 8259;
    char bytes[sizeof(rich)];
    for (int round = 0; round < 20000; round++) {
        size_t len = strlen(rich);
        memcpy(bytes, rich, sizeof(rich));
        for (uint32_t n = next_random(&seed) % 4 + 1; n > 0; n--)
            bytes[next_random(&seed) % len] = (char)next_random(&seed);
        enum msg_id why;
        size_t at;
        len -= next_random(&seed) % 20;
        enum scan_stop stop = scan_bytes(bytes, len, round % 2 == 0, &why, &at);
        assert_true(at <= len && (stop != SCAN_BAD || why != MSG_NONE));
    }
}

static void names_are_limited_in_number_and_told_apart_up_to_it(void **state)
{
    (void)state;
    for (int count = SCAN_NAMES_MAX - 1; count <= SCAN_NAMES_MAX + 1; count++) {
        struct buf b;
        enum msg_id why;
        size_t at;
        buf_init(&b, 1 << 20);
        for (int i = 0; i < count; i++)
            buf_printf(&b, "%c\"n%d\":%d", i == 0 ? '{' : ',', i, i);
        buf_add_char(&b, '}');
        assert_int_equal(scan_bytes(buf_text(&b), b.len, true, &why, &at), count <= SCAN_NAMES_MAX ? SCAN_OK : SCAN_BAD);
        assert_int_equal(why, count <= SCAN_NAMES_MAX ? MSG_JSON_ENDS : MSG_JSON_MEMBERS);
        buf_free(&b);
    }
}

static void a_string_is_counted_in_characters_and_decoded(void **state)
{
    (void)state;
    static const struct {
        const char *json, *text;
        size_t chars;
        bool escaped;
    } rows[] = {
        {"\"\"", "", 0, false}, {"\"abc\"", "abc", 3, false}, {"\"中😀\"", "中😀", 2, false},
        {"\"\\u4e2D\\uD83d\\uDe00\"", "中😀", 2, true}, {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8, true},
        {"\"\\u0001\\u007f\\u0080\\u07ff\\u0800\"", "\x01\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80", 5, true}, {"\"a\\\\\"", "a\\", 2, true},
        {"\"\\uDBFF\\uDFFD\"", "\xF4\x8F\xBF\xBD", 1, true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scan s;
        struct scan_string string;
        size_t len;
        assert_int_equal(scan_init(&s), 0);
        scan_begin(&s, rows[i].json, strlen(rows[i].json), true, 0);
        EXPECT_ROW(rows[i].json, scan_string(&s, &string) && s.p == s.end);
        EXPECT_ROW(rows[i].json, string.chars == rows[i].chars && string.escaped == rows[i].escaped);
        const char *text = scan_text(&s, &string, &len);
        expect_bytes(text, len, rows[i].text);
        scan_free(&s);
    }
}

static void a_number_says_whether_it_is_an_integer(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool integer;
    } rows[] = {{"0", true}, {"-12", true}, {"99999999999999999999", true}, {"1.0", false}, {"1e2", false}, {"1E0", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scan s;
        bool integer = !rows[i].integer;
        assert_int_equal(scan_init(&s), 0);
        scan_begin(&s, rows[i].text, strlen(rows[i].text), true, 0);
        EXPECT_ROW(rows[i].text, scan_number(&s, &integer) && integer == rows[i].integer && s.p == s.end);
        scan_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_json_allows_is_taken),
        cmocka_unit_test(every_trap_of_json_is_refused_with_its_reason_and_place),
        cmocka_unit_test(a_nul_byte_is_refused_wherever_it_stands),
        cmocka_unit_test(thirty_two_levels_are_taken_and_thirty_three_are_not),
        cmocka_unit_test(a_million_brackets_do_not_exhaust_the_stack),
        cmocka_unit_test(every_proper_prefix_asks_for_more_and_is_cut_off_where_nothing_follows),
        cmocka_unit_test(a_part_is_judged_as_the_whole_or_asks_for_more),
        cmocka_unit_test(no_mutation_of_a_record_crashes_the_scan),
        cmocka_unit_test(names_are_limited_in_number_and_told_apart_up_to_it),
        cmocka_unit_test(a_string_is_counted_in_characters_and_decoded),
        cmocka_unit_test(a_number_says_whether_it_is_an_integer),
    };
    return cmocka_run_group_tests_name("scan", tests, NULL, NULL);
}
