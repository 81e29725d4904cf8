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

#include "buf.h"
#include "canon.h"
#include "helper.h"

/* Each second text is what Python's json.dumps(json.loads(first), ensure_ascii=False, sort_keys=True,
 * separators=(",", ":")) gives, numbers with fraction or exponent aside. */
static const struct {
    const char *json, *canonical;
} rows[] = {
    {"{}", "{}"},
    {"[]", "[]"},
    {"\"\"", "\"\""},
    {"null", "null"},
    {" { \"b\" : 1 , \"a\" : 2 } ", "{\"a\":2,\"b\":1}"},
    {"{\"a\":{\"d\":1,\"c\":{\"f\":[],\"e\":{}}},\"B\":[3,2,1]}",
     "{\"B\":[3,2,1],\"a\":{\"c\":{\"e\":{},\"f\":[]},\"d\":1}}"},
    {"[ {\"b\":true,\"a\":false} , null , [ ] ]", "[{\"a\":false,\"b\":true},null,[]]"},
    {"{\"title\":\"\\u6807\\u9898\",\"id\":\"a\\/b\"}", "{\"id\":\"a/b\",\"title\":\"标题\"}"},
    {"{\"\\u0061\":1,\"A\":2,\"\":3,\"aa\":4}", "{\"\":3,\"A\":2,\"a\":1,\"aa\":4}"},
    {"{\"é\":1,\"z\":2,\"中\":3,\"😀\":4,\"\\uFFFD\":5,\"\\uD83D\\uDE01\":6}",
     "{\"z\":2,\"é\":1,\"中\":3,\"�\":5,\"😀\":4,\"😁\":6}"},
    {"\"\\u0001\\u001f\\u007f\\u0080\\u2028\\b\\f\\n\\r\\t\\\"\\\\\\/\"",
     "\"\\u0001\\u001f\177 \\b\\f\\n\\r\\t\\\"\\\\/\""},
    {"{\"\\\"q\\\"\":\"\\\\\",\"\\\\\":\"\\\"\"}", "{\"\\\"q\\\"\":\"\\\\\",\"\\\\\":\"\\\"\"}"},
    {"[\"a\\\\\",\"\\\\\\\"b\",\"c\"]", "[\"a\\\\\",\"\\\\\\\"b\",\"c\"]"},
    {"{\"x\":\"}],{[\",\"y\":\"\\\"}\"}", "{\"x\":\"}],{[\",\"y\":\"\\\"}\"}"},
    {"{\t\"a\"\r\n:\n[ 1\t,\r2 ]\n}", "{\"a\":[1,2]}"},
    {"{\"a\\tb\":1,\"a b\":2,\"a\\u0009c\":3}", "{\"a\\tb\":1,\"a\\tc\":3,\"a b\":2}"},
    {"{\"ab\":1,\"a\":2,\"abc\":{\"y\":\"\",\"x\":\" \"}}", "{\"a\":2,\"ab\":1,\"abc\":{\"x\":\" \",\"y\":\"\"}}"},
    {"\"\\\\\\\\\\\\\"", "\"\\\\\\\\\\\\\""},
    {"[[[[1]],{\"a\":[{\"b\":{}}]}]]", "[[[[1]],{\"a\":[{\"b\":{}}]}]]"},
    {"[-5,0,12345678901234567890]", "[-5,0,12345678901234567890]"},
};

/* Numbers keep their text: nothing goes through a double. */
static const struct {
    const char *json, *canonical;
} numbers[] = {
    {"{\"n\": 9007199254740993 }", "{\"n\":9007199254740993}"}, {"[ 1.10 , -0.0,1E+2 ]", "[1.10,-0.0,1E+2]"},
    {"{\"n\":123456789012345678901234567890.5}", "{\"n\":123456789012345678901234567890.5}"}, {"-0", "-0"},
};

static void check_row(const char *json, const char *want)
{
    struct buf b;
    size_t len = strlen(json);
    char *exact = malloc(len);
    assert_non_null(exact);
    memcpy(exact, json, len);
    buf_init(&b, 1 << 20);
    canon_write(&b, exact, len);
    assert_false(buf_failed(&b));
    expect_bytes(buf_text(&b), b.len, want);
    buf_clear(&b);
    canon_write(&b, want, strlen(want));
    expect_bytes(buf_text(&b), b.len, want);
    buf_free(&b);
    free(exact);
}

static void order_space_and_escapes_are_those_of_python(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(rows[i].json, rows[i].canonical);
}

static void numbers_keep_their_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++)
        check_row(numbers[i].json, numbers[i].canonical);
}

static void a_buffer_that_is_too_small_fails_and_does_not_cut(void **state)
{
    (void)state;
    static const char json[] = "{\"b\":[1,2,{\"x\":\"\\u4e2d\"}],\"a\":\"text\"}";
    for (size_t max = 0; max < 40; max++) {
        struct buf b;
        buf_init(&b, max);
        canon_write(&b, json, strlen(json));
        assert_int_equal(buf_failed(&b), max < strlen(json));
        buf_free(&b);
    }
}

static void thousands_of_members_are_ordered(void **state)
{
    (void)state;
    struct buf json, got;
    buf_init(&json, 1 << 20);
    buf_init(&got, 1 << 20);
    for (int i = 0; i < 1000; i++)
        buf_printf(&json, "%s\"k%03d\" : \"v\"", i == 0 ? "{" : " , ", i * 7919 % 1000);
    buf_add_text(&json, " }");
    canon_write(&got, buf_text(&json), json.len);
    for (int i = 0; i < 1000; i++) {
        char part[16];
        (void)snprintf(part, sizeof(part), "%c\"k%03d\":\"v\"", i == 0 ? '{' : ',', i);
        assert_memory_equal(buf_text(&got) + 11 * i, part, 11);
    }
    buf_free(&json);
    buf_free(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_space_and_escapes_are_those_of_python),
        cmocka_unit_test(numbers_keep_their_text),
        cmocka_unit_test(a_buffer_that_is_too_small_fails_and_does_not_cut),
        cmocka_unit_test(thousands_of_members_are_ordered),
    };
    return cmocka_run_group_tests_name("canon", tests, NULL, NULL);
}
