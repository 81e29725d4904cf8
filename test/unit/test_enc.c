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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_is_that_of_rfc_4648),
        cmocka_unit_test(a_broken_percent_escape_is_refused),
        cmocka_unit_test(an_escape_is_not_read_beyond_the_given_length),
        cmocka_unit_test(every_byte_can_be_escaped),
    };
    return cmocka_run_group_tests_name("enc", tests, NULL, NULL);
}
