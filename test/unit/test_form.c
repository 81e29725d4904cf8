/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "form.h"
#include "helper.h"

/* Parses into client_id (also client-id) and scope, values of at most 16 bytes. */
static enum form_fault parse(const char *text, size_t len, char id[32], char scope[32])
{
    struct form_field fields[] = {{.name = "client_id", .aliases = {"client-id"}}, {.name = "scope"}};
    for (size_t i = 0; i < COUNT(fields); i++)
        buf_init(&fields[i].value, 16);
    enum form_fault fault = form_parse(text, len, fields, COUNT(fields));
    memcpy(id, buf_text(&fields[0].value), fields[0].value.len + 1);
    memcpy(scope, buf_text(&fields[1].value), fields[1].value.len + 1);
    for (size_t i = 0; i < COUNT(fields); i++)
        buf_free(&fields[i].value);
    return fault;
}

static void known_parameters_are_read_and_others_passed_over(void **state)
{
    (void)state;
    static const struct {
        const char *text, *id, *scope;
    } rows[] = {
        {"", "", ""}, {"client_id=abc", "abc", ""}, {"client-id=abc", "abc", ""}, {"client_id=abc&scope=a+b", "abc", "a b"},
        {"x=1&scope=s&y=2&&client%5Fid=i&", "i", "s"}, {"client_id=", "", ""}, {"client_id", "", ""}, {"scope=&client_id=a", "a", ""},
        {"client_id=a%3Db%26c", "a=b&c", ""}, {"client_id=a=b", "a=b", ""}, {"client_id=%E4%B8%AD", "中", ""},
        {"x=1&x=2&client_id=a", "a", ""}, {"CLIENT_ID=a", "", ""}, {"client_id=1234567890123456", "1234567890123456", ""},
        {"=v&client_id=a", "a", ""}, {"client+id=a", "", ""}, {"client_ids=b&client_i=c", "", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char id[32], scope[32];
        EXPECT_ROW(rows[i].text, parse(rows[i].text, strlen(rows[i].text), id, scope) == FORM_OK);
        EXPECT_ROW(rows[i].text, strcmp(id, rows[i].id) == 0 && strcmp(scope, rows[i].scope) == 0);
    }
}

/* RFC 6749 section 3.2. */
static void a_parameter_that_stands_twice_is_a_fault(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "client_id=a&client_id=b", "client_id=a&client_id=a", "client_id=a&client-id=a", "client-id=a&x=1&client_id=b",
        "scope=a&scope=b", "client_id=a&client%5fid=b", "client_id&client_id",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        char id[32], scope[32];
        EXPECT_ROW(texts[i], parse(texts[i], strlen(texts[i]), id, scope) == FORM_REPEATED);
    }
}

static void what_cannot_be_read_is_broken(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "client_id=%", "client_id=%4", "client_id=%zz", "client_id=a%", "client%_id=a", "%=1", "client_id=%00", "client_id=a%00b",
        "client_id=%D6%D0", "client_id=%C0%80", "client_id=%ED%A0%80", "client_id=12345678901234567", "client_id=\xFF",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        char id[32], scope[32];
        EXPECT_ROW(texts[i], parse(texts[i], strlen(texts[i]), id, scope) == FORM_BROKEN);
    }
    char id[32], scope[32];
    assert_int_equal(parse("client_id=a\0b", 13, id, scope), FORM_BROKEN);
}

/* Else a name that other readers see as another one is taken for ours. */
static void a_nul_in_a_name_is_broken_and_ends_no_name(void **state)
{
    (void)state;
    char id[32], scope[32];
    assert_int_equal(parse("client_id%00x=a", 15, id, scope), FORM_BROKEN);
    assert_int_equal(parse("client_id\0x=a", 13, id, scope), FORM_BROKEN);
}

static void a_name_of_any_length_is_passed_over(void **state)
{
    (void)state;
    static char text[5000];
    char id[32], scope[32];
    memset(text, 'n', sizeof(text));
    memcpy(text + 4000, "=v&client_id=a", 14);
    assert_int_equal(parse(text, 4014, id, scope), FORM_OK);
    assert_string_equal(id, "a");
    memcpy(text, "client_id", 9);
    assert_int_equal(parse(text, 4002, id, scope), FORM_OK);
    assert_string_equal(id, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_parameters_are_read_and_others_passed_over),
        cmocka_unit_test(a_parameter_that_stands_twice_is_a_fault),
        cmocka_unit_test(what_cannot_be_read_is_broken),
        cmocka_unit_test(a_nul_in_a_name_is_broken_and_ends_no_name),
        cmocka_unit_test(a_name_of_any_length_is_passed_over),
    };
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
