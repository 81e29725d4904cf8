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
#include "helper.h"
#include "sfield.h"

/* Writes what a dictionary holds, "!" where it is not one. */
static const char *told(struct buf *to, const char *text)
{
    struct sfield s;
    struct sfield_member m;
    int got;
    buf_clear(to);
    sfield_begin(&s, text, strlen(text));
    while ((got = sfield_member(&s, &m)) == 1)
        buf_printf(to, "%.*s<%.*s>", (int)m.key.len, m.key.text, (int)m.value.len, m.value.text);
    if (got < 0)
        buf_add_char(to, '!');
    return buf_text(to);
}

/* RFC 9651 section 3.2, and what it refuses. */
static void a_dictionary_is_read_member_by_member(void **state)
{
    (void)state;
    static const struct {
        const char *text, *told;
    } rows[] = {
        {"", ""}, {"  ", ""}, {"a=1", "a<1>"}, {"  a=1  ", "a<1>"}, {"a=1, b=2", "a<1>b<2>"}, {"a=1 \t,\t b=2", "a<1>b<2>"},
        {"en=\"Applepie\", da=:w4ZibGV0w6ZydGU=:", "en<\"Applepie\">da<:w4ZibGV0w6ZydGU=:>"},
        {"a=?0, b, c; foo=bar", "a<?0>b<>c<; foo=bar>"}, {"rating=1.5, feelings=(joy sadness)", "rating<1.5>feelings<(joy sadness)>"},
        {"a=(1 2), b=3, c=4;aa=bb, d=(5 6);valid", "a<(1 2)>b<3>c<4;aa=bb>d<(5 6);valid>"}, {"*x-1.y_z=tok:en/*", "*x-1.y_z<tok:en/*>"},
        {"a=()", "a<()>"}, {"a=( )", "a<( )>"}, {"a=(  \"x\"   \"y\";p  );q=1", "a<(  \"x\"   \"y\";p  );q=1>"}, {"a=\"q\\\"\\\\\"", "a<\"q\\\"\\\\\">"},
        {"a=-999999999999999", "a<-999999999999999>"}, {"a=999999999999.999", "a<999999999999.999>"},
        {"a=1,", "!"}, {"a=1,,b=2", "!"}, {"a=1 b=2", "!"}, {",a=1", "!"}, {"A=1", "!"}, {"1=1", "!"}, {"a=", "!"}, {"a=1;", "!"}, {"a=1;P", "!"},
        {"a=1 ;p", "!"}, {"a=(1", "!"}, {"a=(1 2", "!"}, {"a=1)", "!"}, {"a=(\"x\"\"y\")", "!"}, {"a=(1,2)", "!"}, {"a=((1))", "!"}, {"a=\"x", "!"},
        {"a=\"\\x\"", "!"}, {"a=\"\\", "!"}, {"a=\"\t\"", "!"}, {"a=\"\xc3\xa9\"", "!"}, {"a=:YQ==", "!"}, {"a=:Y-Q:", "!"}, {"a=?2", "!"}, {"a=?", "!"},
        {"a=1000000000000000", "!"}, {"a=1.", "!"}, {"a=1.1234", "!"}, {"a=1234567890123.1", "!"}, {"a=-", "!"}, {"a=--1", "!"}, {"a=.5", "!"},
    };
    struct buf text;
    buf_init(&text, 1000);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *got = told(&text, rows[i].text);
        const char *end = strchr(rows[i].told, '!');
        EXPECT_ROW(rows[i].text, end == NULL ? strcmp(got, rows[i].told) == 0 : strchr(got, '!') != NULL);
    }
    buf_free(&text);
}

static void an_inner_list_is_read_item_by_item(void **state)
{
    (void)state;
    struct sfield s;
    struct sfield_item item, value;
    struct sfield_text key;
    static const char text[] = "(\"a\";p;q=7 tok 12 ?1);created=1618884473;nonce=\"x\\\"y\";f=:AQI=:";
    sfield_begin(&s, text, strlen(text));
    assert_int_equal(sfield_inner_item(&s, true, &item), 1);
    assert_true(item.kind == SFIELD_STRING && sfield_is(&item.text, "a") && !item.escaped);
    assert_int_equal(sfield_parameter(&s, &key, &value), 1);
    assert_true(sfield_is(&key, "p") && value.kind == SFIELD_BOOLEAN && value.number == 1);
    assert_int_equal(sfield_parameter(&s, &key, &value), 1);
    assert_true(sfield_is(&key, "q") && value.kind == SFIELD_INTEGER && value.number == 7);
    assert_int_equal(sfield_parameter(&s, &key, &value), 0);
    assert_int_equal(sfield_inner_item(&s, false, &item), 1);
    assert_true(item.kind == SFIELD_TOKEN && sfield_is(&item.text, "tok"));
    assert_int_equal(sfield_inner_item(&s, false, &item), 1);
    assert_true(item.kind == SFIELD_INTEGER && item.number == 12);
    assert_int_equal(sfield_inner_item(&s, false, &item), 1);
    assert_true(item.kind == SFIELD_BOOLEAN && item.number == 1);
    assert_int_equal(sfield_inner_item(&s, false, &item), 0);
    assert_int_equal(sfield_parameter(&s, &key, &value), 1);
    assert_true(sfield_is(&key, "created") && value.number == 1618884473);
    assert_int_equal(sfield_parameter(&s, &key, &value), 1);
    assert_true(sfield_is(&key, "nonce") && value.escaped);
    assert_int_equal(sfield_parameter(&s, &key, &value), 1);
    assert_true(value.kind == SFIELD_BYTES && sfield_is(&value.text, "AQI="));
    assert_int_equal(sfield_parameter(&s, &key, &value), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dictionary_is_read_member_by_member),
        cmocka_unit_test(an_inner_list_is_read_item_by_item),
    };
    return cmocka_run_group_tests_name("sfield", tests, NULL, NULL);
}
