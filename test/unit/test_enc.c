/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "enc.h"
#include "helper.h"
#include "scan.h"
#include "utf8.h"

/* The vectors of RFC 4648 section 10, and what is not base64. */
static void base64_is_that_of_rfc_4648(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *bytes; /* NULL: not base64 */
    } rows[] = {
        {"", ""}, {"Zg==", "f"}, {"Zm8=", "fo"}, {"Zm9v", "foo"}, {"Zm9vYg==", "foob"}, {"Zm9vYmE=", "fooba"},
        {"Zm9vYmFy", "foobar"}, {"Zg", "f"}, {"Zm8", "fo"}, {"+/+/", "\xFB\xFF\xBF"}, {"5Lit", "中"},
        {"Z", NULL}, {"Zm9vY", NULL}, {"Zg=", NULL}, {"Zg===", NULL}, {"====", NULL}, {"=", NULL}, {"Z===", NULL},
        {"Zm=v", NULL}, {"Zg==Zg==", NULL}, {"Zm9v\n", NULL}, {"Zm 9v", NULL}, {"-_-_", NULL}, {"Zm9v!", NULL},
        {"Zh==", NULL}, {"Zm9=", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf to;
        buf_init(&to, 100);
        bool good = enc_base64_decode(&to, rows[i].text, strlen(rows[i].text));
        EXPECT_ROW(rows[i].text, good == (rows[i].bytes != NULL));
        EXPECT_ROW(rows[i].text, !good || strcmp(buf_text(&to), rows[i].bytes) == 0);
        bool padded = good && strlen(rows[i].text) % 4 == 0;
        buf_clear(&to);
        if (padded)
            enc_base64(&to, rows[i].bytes, strlen(rows[i].bytes));
        EXPECT_ROW(rows[i].text, !padded || strcmp(buf_text(&to), rows[i].text) == 0);
        buf_free(&to);
    }
    struct buf to;
    buf_init(&to, 100);
    assert_false(enc_base64_decode(&to, "Zm9\0", 4));
    buf_free(&to);
}

static void a_broken_percent_escape_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool plus;
        const char *want; /* NULL: broken */
    } rows[] = {
        {"", true, ""}, {"abc", true, "abc"}, {"a+b", true, "a b"}, {"a+b", false, "a+b"}, {"a%20b", false, "a b"},
        {"%2B", true, "+"}, {"%e4%B8%ad", false, "中"}, {"%25", false, "%"}, {"100%2525", false, "100%25"},
        {"%", false, NULL}, {"%2", false, NULL}, {"a%", false, NULL}, {"%g0", false, NULL}, {"%0g", false, NULL},
        {"%%20", false, NULL}, {"%+1", true, NULL}, {"% 1", true, NULL}, {"%u4e2d", false, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf to;
        buf_init(&to, 100);
        bool good = enc_percent_decode(&to, rows[i].text, strlen(rows[i].text), rows[i].plus);
        EXPECT_ROW(rows[i].text, good == (rows[i].want != NULL));
        EXPECT_ROW(rows[i].text, !good || strcmp(buf_text(&to), rows[i].want) == 0);
        buf_free(&to);
    }
}

static void an_escape_is_not_read_beyond_the_given_length(void **state)
{
    (void)state;
    struct buf to;
    buf_init(&to, 100);
    assert_false(enc_percent_decode(&to, "%41", 2, false));
    assert_false(enc_percent_decode(&to, "%41", 1, false));
    buf_free(&to);
}

static void every_byte_can_be_escaped(void **state)
{
    (void)state;
    char all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    struct buf text, back;
    buf_init(&text, 4096);
    buf_init(&back, 4096);
    for (unsigned i = 0; i < 256; i++)
        buf_printf(&text, i % 2 == 0 ? "%%%02X" : "%%%02x", i);
    assert_true(enc_percent_decode(&back, buf_text(&text), text.len, true));
    assert_int_equal(back.len, sizeof(all));
    assert_memory_equal(back.data, all, sizeof(all));
    buf_free(&text);
    buf_free(&back);
}

static void a_json_string_has_the_fewest_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", "\"\""}, {"plain", "\"plain\""}, {"政府😀", "\"政府😀\""}, {"a\"b\\c", "\"a\\\"b\\\\c\""}, {"a/b", "\"a/b\""},
        {"\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\""}, {"\x01\x0B\x1F", "\"\\u0001\\u000b\\u001f\""}, {"\x7F", "\"\x7F\""},
        {"\xC2\x85\xE2\x80\xA8", "\"\xC2\x85\xE2\x80\xA8\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf to;
        buf_init(&to, 100);
        enc_json(&to, rows[i].text, strlen(rows[i].text));
        EXPECT_ROW(rows[i].text, strcmp(buf_text(&to), rows[i].want) == 0);
        buf_free(&to);
    }
    struct buf to;
    buf_init(&to, 100);
    enc_json(&to, "a\0b", 3);
    assert_string_equal(buf_text(&to), "\"a\\u0000b\"");
    enc_json(&to, "more", 2);
    assert_string_equal(buf_text(&to), "\"a\\u0000b\"\"mo\"");
    buf_free(&to);
}

static void what_is_not_seen_has_an_escape_in_plain_json(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"", "\"\""}, {"a\"b\\/", "\"a\\\"b\\\\/\""}, {"政府😀é", "\"政府😀é\""}, {"\n\x1B", "\"\\n\\u001b\""}, {"a\x7F" "b", "\"a\\u007fb\""},
        {"\xC2\x85\xC2\x9B" "2J", "\"\\u0085\\u009b2J\""}, {"\xE2\x80\xA8\xE2\x80\xAE", "\"\\u2028\\u202e\""},
        {"\xD8\x9C\xE2\x81\xA6x", "\"\\u061c\\u2066x\""}, {"\xE2\x80\xA6", "\"…\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf to;
        buf_init(&to, 100);
        enc_json_plain(&to, rows[i].text, strlen(rows[i].text));
        EXPECT_ROW(rows[i].text, strcmp(buf_text(&to), rows[i].want) == 0);
        buf_free(&to);
    }
}

/* Whatever the character below U+0800: the string is JSON, and says the same. */
static void a_json_string_is_read_back_as_it_was(void **state)
{
    (void)state;
    for (uint32_t point = 1; point < 0x800; point++) {
        struct buf json;
        struct scan s;
        struct scan_string string;
        char text[8] = "x";
        size_t len = 1 + utf8_put(text + 1, point), back_len;
        buf_init(&json, 100);
        enc_json(&json, text, len);
        assert_int_equal(scan_init(&s), 0);
        scan_begin(&s, buf_text(&json), json.len, true, 0);
        assert_true(scan_string(&s, &string) && s.p == s.end);
        const char *back = scan_text(&s, &string, &back_len);
        assert_int_equal(back_len, len);
        assert_memory_equal(back, text, len);
        scan_free(&s);
        buf_free(&json);
    }
}

static void every_byte_has_two_hexadecimal_digits_and_comes_back(void **state)
{
    (void)state;
    unsigned char all[256];
    struct buf text, back;
    buf_init(&text, 1000);
    buf_init(&back, 1000);
    for (unsigned i = 0; i < 256; i++)
        all[i] = (unsigned char)i;
    enc_hex(&text, all, sizeof(all));
    assert_int_equal(text.len, 512);
    assert_memory_equal(buf_text(&text), "000102", 6);
    assert_memory_equal(buf_text(&text) + 506, "fdfeff", 6);
    assert_int_equal(strspn(buf_text(&text), "0123456789abcdef"), 512);
    assert_true(enc_hex_decode(&back, buf_text(&text), text.len));
    assert_int_equal(back.len, 256);
    assert_memory_equal(back.data, all, 256);
    buf_free(&text);
    buf_free(&back);
}

static void what_is_not_pairs_of_hexadecimal_digits_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *want; /* NULL: refused */
    } rows[] = {
        {"", ""}, {"61", "a"}, {"6A6a4D4d", "jjMM"}, {"e4b8ad", "中"}, {"6", NULL}, {"616", NULL}, {"6g", NULL}, {"g6", NULL},
        {" 61", NULL}, {"61 ", NULL}, {"6 1", NULL}, {"0x61", NULL}, {"61:62", NULL}, {"-1", NULL}, {"6\n", NULL}, {"６１", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf to;
        buf_init(&to, 100);
        bool good = enc_hex_decode(&to, rows[i].text, strlen(rows[i].text));
        EXPECT_ROW(rows[i].text, good == (rows[i].want != NULL));
        EXPECT_ROW(rows[i].text, !good || strcmp(buf_text(&to), rows[i].want) == 0);
        buf_free(&to);
    }
    struct buf to;
    buf_init(&to, 100);
    assert_false(enc_hex_decode(&to, "61\0" "0", 4));
    assert_false(enc_hex_decode(&to, "6162", 3));
    buf_free(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_is_that_of_rfc_4648),
        cmocka_unit_test(a_broken_percent_escape_is_refused),
        cmocka_unit_test(an_escape_is_not_read_beyond_the_given_length),
        cmocka_unit_test(every_byte_can_be_escaped),
        cmocka_unit_test(a_json_string_has_the_fewest_escapes),
        cmocka_unit_test(what_is_not_seen_has_an_escape_in_plain_json),
        cmocka_unit_test(a_json_string_is_read_back_as_it_was),
        cmocka_unit_test(every_byte_has_two_hexadecimal_digits_and_comes_back),
        cmocka_unit_test(what_is_not_pairs_of_hexadecimal_digits_is_refused),
    };
    return cmocka_run_group_tests_name("enc", tests, NULL, NULL);
}
