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
#include "envelope.h"
#include "err.h"
#include "helper.h"

#define HEAD "{\"category\":\"news\",\"resource\":\"government\","

/* Reads a body that comes `step` bytes at a time. Returns 0 with the value of data in `to`, or -1. */
static int unwrap(const char *body, size_t step, struct envelope *v, struct buf *to, struct err *e)
{
    struct byte_source from = byte_source(body, strlen(body), step);
    buf_clear(to);
    *e = ERR_NONE;
    if (envelope_open(v, &from.source, e) != 0)
        return -1;
    for (;;) {
        char room[7];
        long n = v->source.read(&v->source, room, sizeof(room), e);
        if (n <= 0)
            return (int)n;
        buf_add(to, room, (size_t)n);
    }
}

static void data_is_given_on_as_it_stands(void **state)
{
    static const struct {
        const char *body, *data, *batch_id;
    } cases[] = {
        {HEAD "\"data\":[]}", "[]", ""},
        {HEAD "\"data\": [ {\"id\":\"a\"} , 1 ] \n}\n", "[ {\"id\":\"a\"} , 1 ]", ""},
        {" {\"batch_id\":\"b-1\", \"resource\" : \"government\",\"category\":\"news\", \"data\":{\"id\":\"]}\\\"\"}}", "{\"id\":\"]}\\\"\"}", "b-1"},
        {HEAD "\"batch_id\":20241009,\"data\":[\"\\\\\",\"{\",[[]]]}", "[\"\\\\\",\"{\",[[]]]", "20241009"},
        {"{\"categor\\u0079\":\"news\",\"resource\":\"govern\\u006dent\",\"data\":7}", "7", ""},
        {HEAD "\"data\":\"x\"}", "\"x\"", ""},
    };
    struct envelope v;
    struct buf data;
    struct err e;
    (void)state;
    buf_init(&data, 1024);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        for (size_t step = 1; step < 100; step += 7) {
            assert_int_equal(unwrap(cases[i].body, step, &v, &data, &e), 0);
            assert_string_equal(buf_text(&data), cases[i].data);
            assert_string_equal(v.category, "news");
            assert_string_equal(v.resource, "government");
            assert_string_equal(v.batch_id, cases[i].batch_id);
            assert_int_equal(strncmp(cases[i].body + v.offset, cases[i].data, strlen(cases[i].data)), 0);
        }
    buf_free(&data);
}

static void what_is_wrong_is_named(void **state)
{
    static const struct {
        const char *body;
        enum msg_id why;
        const char *offset;
    } cases[] = {
        {"", MSG_BODY_EMPTY, ""},
        {"[]", MSG_CLASSIC_OBJECT, "0"},
        {"{", MSG_JSON_ENDS, "1"},
        {"{\"category\":\"news\"", MSG_JSON_ENDS, "18"},
        {"{\"category\" \"news\"}", MSG_JSON_SYNTAX, "12"},
        {"{\"category\":\"news\",\"category\":\"x\"}", MSG_JSON_DUPLICATE, "20"},
        {"{\"category\":7}", MSG_CLASSIC_TEXT, "12"},
        {"{\"category\":\"\"}", MSG_CLASSIC_TEXT, "12"},
        {"{\"category\":\"a\\u0000\"}", MSG_JSON_NUL, "14"},
        {HEAD "\"batch_id\":null,\"data\":[]}", MSG_CLASSIC_TEXT, "54"},
        {HEAD "\"token\":\"x\",\"data\":[]}", MSG_CLASSIC_MEMBER, "44"},
        {HEAD "\"batch_id\":\"x\"}", MSG_CLASSIC_MISSING, "58"},
        {"{\"category\":\"news\",\"data\":[]}", MSG_CLASSIC_MISSING, "26"},
        {"{\"data\":[],\"category\":\"news\",\"resource\":\"government\"}", MSG_CLASSIC_MISSING, "8"},
        {HEAD "\"data\":[],\"batch_id\":\"x\"}", MSG_CLASSIC_AFTER_DATA, "52"},
        {HEAD "\"data\":[]", MSG_JSON_ENDS, "52"},
        {HEAD "\"data\":[]]", MSG_JSON_SYNTAX, "52"},
        {HEAD "\"data\":[]} {", MSG_JSON_TRAILING, "54"},
        {HEAD "\"data\":[]},", MSG_JSON_TRAILING, "53"},
    };
    struct envelope v;
    struct buf data;
    struct err e;
    (void)state;
    buf_init(&data, 1024);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        for (size_t step = 1; step < 100; step += 7) {
            assert_int_equal(unwrap(cases[i].body, step, &v, &data, &e), -1);
            const char *offset = msg_value(&e.msg, "offset");
            if (e.msg.id != cases[i].why || strcmp(offset == NULL ? "" : offset, cases[i].offset) != 0)
                fail_msg("%s: %s at %s", cases[i].body, msg_code(e.msg.id), offset);
        }
    buf_free(&data);
}

static void a_head_without_end_is_refused(void **state)
{
    static char body[3 * ENVELOPE_HEAD_BYTES];
    struct envelope v;
    struct buf data;
    struct err e;
    (void)state;
    buf_init(&data, 1024);
    memset(body, ' ', sizeof(body) - 1);
    memcpy(body, "{", 1);
    assert_int_equal(unwrap(body, 1000, &v, &data, &e), -1);
    assert_int_equal(e.msg.id, MSG_CLASSIC_MISSING);
    memset(body, 'x', sizeof(body) - 1);
    memcpy(body, "{\"category\":\"", strlen("{\"category\":\""));
    assert_int_equal(unwrap(body, 1000, &v, &data, &e), -1);
    assert_int_equal(e.msg.id, MSG_CLASSIC_MISSING);
    buf_free(&data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_is_given_on_as_it_stands),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(a_head_without_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
