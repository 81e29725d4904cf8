/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "buf.h"
#include "helper.h"
#include "xmlout.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<r xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"

static const struct xmlout_names names = {.root = "r", .item = "item"};

static void members_become_elements(void **state)
{
    static const char *const cases[][2] = {
        {"{}", ""},
        {"{\"a\":\"b\",\"c-d.e_1\":0.10}", "<a>b</a><c-d.e_1>0.10</c-d.e_1>"},
        {"{\"a\":true,\"b\":null,\"c\":12345678901234567890}", "<a>true</a><b xsi:nil=\"true\"/><c>12345678901234567890</c>"},
        {"{\"a\":[1,{\"b\":[]},[\"x\"],null]}", "<a><item>1</item><item><b></b></item><item><item>x</item></item><item xsi:nil=\"true\"/></a>"},
        {"{\"/when\":\"x\",\"$schema\":1,\"1\":2,\"\":3,\"a\\\"<\\n\":4}",
         "<member name=\"/when\">x</member><member name=\"$schema\">1</member><member name=\"1\">2</member><member name=\"\">3</member>"
         "<member name=\"a&quot;&lt;&#10;\">4</member>"},
        {"{\"a\":\"<&>\\\"\\r\\n\\t]]>\\u4e2d\\b\"}", "<a>&lt;&amp;&gt;\"&#13;\n\t]]&gt;中\xEF\xBF\xBD</a>"},
        {"{\"a\":\"<\\/b>\"}", "<a>&lt;/b&gt;</a>"},
        {"{\"a\":\"\\u007f\\u0085\\u202e\\u2028\xD8\x9C©…\"}", "<a>&#127;&#133;&#8238;&#8232;&#1564;©…</a>"},
    };
    struct buf xml;
    (void)state;
    buf_init(&xml, 4096);
    for (size_t i = 0; i < COUNT(cases); i++) {
        buf_clear(&xml);
        EXPECT_ROW(cases[i][0], xmlout_write(&xml, &names, cases[i][0], strlen(cases[i][0])) == 0);
        EXPECT_ROW(cases[i][0], strncmp(buf_text(&xml), HEAD, strlen(HEAD)) == 0);
        const char *rest = buf_text(&xml) + strlen(HEAD);
        EXPECT_ROW(rest, strncmp(rest, cases[i][1], strlen(cases[i][1])) == 0);
        EXPECT_ROW(rest, strcmp(rest + strlen(cases[i][1]), "</r>\n") == 0);
    }
    buf_free(&xml);
}

static void what_is_not_json_is_told(void **state)
{
    static const char *const cases[] = {"", "{", "{\"a\":}", "[1", "\"a", "{\"a\":1,\"a\":2}"};
    struct buf xml;
    (void)state;
    buf_init(&xml, 4096);
    for (size_t i = 0; i < COUNT(cases); i++)
        EXPECT_ROW(cases[i], xmlout_write(&xml, &names, cases[i], strlen(cases[i])) == -1);
    buf_free(&xml);
    buf_init(&xml, 130);
    assert_int_equal(xmlout_write(&xml, &names, "{\"a\":\"it does not fit into so few bytes\"}", 41), -1);
    buf_free(&xml);
}

static void an_answer_may_be_around_the_deepest_record(void **state)
{
    struct buf json, xml;
    (void)state;
    buf_init(&json, 4096);
    buf_init(&xml, 4096);
    for (int i = 0; i < 36; i++)
        buf_add_char(&json, '[');
    for (int i = 0; i < 36; i++)
        buf_add_char(&json, ']');
    assert_int_equal(xmlout_write(&xml, &names, buf_text(&json), json.len), 0);
    buf_free(&json);
    buf_free(&xml);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_become_elements),
        cmocka_unit_test(what_is_not_json_is_told),
        cmocka_unit_test(an_answer_may_be_around_the_deepest_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
