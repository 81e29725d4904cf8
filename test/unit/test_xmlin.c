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
#include "catalog.h"
#include "err.h"
#include "helper.h"
#include "xml.h"
#include "xmlin.h"

#define BODY_MAX ((int64_t)1000 * 1000)
#define RECORD_MAX ((size_t)100 * 1000)

static const char category_text[] =
    "[category]\ncode = a\nname = 甲\n"
    "[field.s]\ntype = text\nalias = z\n"
    "[field.n]\ntype = integer\n"
    "[field.d]\ntype = decimal\n"
    "[field.b]\ntype = boolean\n"
    "[field.l]\ntype = text\nmultiple = yes\n"
    "[field.m]\ntype = integer\nmultiple = yes\n"
    "[field.o]\ntype = object\n[field.o.s]\ntype = text\n[field.o.n]\ntype = integer\n"
    "[field.ol]\ntype = object\nmultiple = yes\n[field.ol.s]\ntype = text\n[field.ol.l]\ntype = text\nmultiple = yes\n";

/* Makes JSON of XML that comes `step` bytes at a time. Returns 0, or -1 with what had come in `to`. */
static int convert(const struct catalog *catalog, const char *xml, size_t len, size_t step, struct buf *to, struct err *e)
{
    struct byte_source from = byte_source(xml, len, step);
    struct xmlin *x = xmlin_new(&from.source, catalog_find(catalog, "a"), BODY_MAX, RECORD_MAX);
    long n = 1;
    assert_non_null(x);
    buf_clear(to);
    *e = ERR_NONE;
    while (n > 0) {
        char room[7];
        n = xmlin_source(x)->read(xmlin_source(x), room, sizeof(room), e);
        buf_add(to, room, n > 0 ? (size_t)n : 0);
    }
    assert_true(n < 0 || from.at == len);
    xmlin_free(x);
    return (int)n;
}

static void elements_become_members(void **state)
{
    static const char *const cases[][2] = {
        {"<records/>", "[]"},
        {"<?xml version=\"1.0\" encoding=\"utf-8\"?><records>\n <record/>\n</records>\n", "[{}]"},
        {"\xEF\xBB\xBF<record></record>", "{}"},
        {"<record><id>1</id><s>a</s></record>", "{\"id\":\"1\",\"s\":\"a\"}"},
        {"<records><record><id>1</id></record><record><id>2</id></record></records>", "[{\"id\":\"1\"},{\"id\":\"2\"}]"},
        {"<record><version>7</version><n> -3\n</n><d>0.10</d></record>", "{\"version\":7,\"n\":-3,\"d\":0.10}"},
        {"<record><n>+3</n><d>1.</d><version>x</version></record>", "{\"n\":\"+3\",\"d\":\"1.\",\"version\":\"x\"}"},
        {"<record><n></n><n/></record>", "{\"n\":\"\",\"n\":\"\"}"},
        {"<record><b>true</b></record>", "{\"b\":true}"},
        {"<record><b> 0 </b></record>", "{\"b\":false}"},
        {"<record><b>yes</b></record>", "{\"b\":\"yes\"}"},
        {"<record><s> a\tb\r\nc\r </s></record>", "{\"s\":\" a\\tb\\nc\\n \"}"},
        {"<record><s>&lt;p&gt;&amp;&quot;&#13;&#x4E2D;</s></record>", "{\"s\":\"<p>&\\\"\\r中\"}"},
        {"<record><s><![CDATA[<p class=\"x\">]]>中</s></record>", "{\"s\":\"<p class=\\\"x\\\">中\"}"},
        {"<record><s>a<!-- b -->c<?d e?>f</s></record>", "{\"s\":\"acf\"}"},
        {"<record><z>1</z></record>", "{\"z\":\"1\"}"},
        {"<record xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"a.xsd\">"
         "<s xsi:nil=\" true \"/><n xsi:nil=\"1\"> </n><l xsi:nil=\"true\"/><s xsi:nil=\"true\">x</s></record>",
         "{\"s\":null,\"n\":null,\"l\":null,\"s\":\"x\"}"},
        {"<record><l><item>a</item><item/></l><m><item>1</item><item>x</item></m></record>", "{\"l\":[\"a\",\"\"],\"m\":[1,\"x\"]}"},
        {"<record><l/><l> </l></record>", "{\"l\":[],\"l\":[]}"},
        {"<record><o><n>1</n><s>a</s></o></record>", "{\"o\":{\"n\":1,\"s\":\"a\"}}"},
        {"<record><ol><item><s>a</s><l><item>b</item></l></item><item/></ol></record>", "{\"ol\":[{\"s\":\"a\",\"l\":[\"b\"]},{}]}"},
        {"<record xml:lang=\"zh\"><s xml:space=\"preserve\"> </s></record>", "{\"s\":\" \"}"},
    };
    struct catalog *catalog = catalog_of(*state, category_text, NULL);
    struct buf json;
    struct err e;
    buf_init(&json, 1 << 20);
    for (size_t i = 0; i < COUNT(cases); i++)
        for (size_t step = 0; step < 9; step++) {
            EXPECT_ROW(cases[i][0], convert(catalog, cases[i][0], strlen(cases[i][0]), step, &json, &e) == 0);
            EXPECT_ROW(cases[i][0], strcmp(buf_text(&json), cases[i][1]) == 0);
        }
    buf_free(&json);
    catalog_free(catalog);
}

/* The check says what is wrong with these, and in which field. */
static void what_is_no_value_is_left_to_the_check(void **state)
{
    static const char *const cases[][2] = {
        {"<record><x>1</x><s>a</s></record>", "{\"x\":null,\"s\":\"a\"}"},
        {"<record><x><y><z/>t</y></x><o><q>1</q></o></record>", "{\"x\":null,\"o\":{\"q\":null}}"},
        {"<record><s>a<b>c</b>d</s><n>1</n></record>", "{\"s\":{},\"n\":1}"},
        {"<record><id><x/></id></record>", "{\"id\":{}}"},
        {"<record><l>a</l><m>1</m><o>a</o></record>", "{\"l\":\"a\",\"m\":1,\"o\":\"a\"}"},
        {"<record><l><x>a</x><x>b</x></l><n>1</n></record>", "{\"l\":{},\"n\":1}"},
        {"<record><l><x>a</x>t<item>b</item></l></record>", "{\"l\":{}}"},
        {"<record><l><item><b/></item></l></record>", "{\"l\":[{}]}"},
    };
    struct catalog *catalog = catalog_of(*state, category_text, NULL);
    struct buf json;
    struct err e;
    buf_init(&json, 1 << 20);
    for (size_t i = 0; i < COUNT(cases); i++) {
        EXPECT_ROW(cases[i][0], convert(catalog, cases[i][0], strlen(cases[i][0]), i, &json, &e) == 0);
        EXPECT_ROW(cases[i][0], strcmp(buf_text(&json), cases[i][1]) == 0);
    }
    buf_free(&json);
    catalog_free(catalog);
}

static void what_is_not_such_xml_is_refused(void **state)
{
    static const struct {
        const char *xml, *code, *line;
    } cases[] = {
        {"", "xml_ends", "1"},
        {" \n", "xml_ends", "2"},
        {"{}", "xml_token", "1"},
        {"<record>", "xml_ends", "1"},
        {"<record>\n<s>", "xml_ends", "2"},
        {"<record><s", "xml_ends", "1"},
        {"<record>\n</recor>", "xml_mismatch", "2"},
        {"<record/><record/>", "xml_syntax", "1"},
        {"<record/>x", "xml_syntax", "1"},
        {"<record><s>&nbsp;</s></record>", "xml_entity", "1"},
        {"<record><s>a & b</s></record>", "xml_token", "1"},
        {"<record><s>\x01</s></record>", "xml_token", "1"},
        {"<record><s>\xD6\xD0</s></record>", "xml_token", "1"},
        {"<record><s>&#0;</s></record>", "xml_token", "1"},
        {"<!DOCTYPE record><record/>", "xml_doctype", "1"},
        {"<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<record><s>&b;</s></record>", "xml_doctype", "1"},
        {"<!DOCTYPE r SYSTEM \"file:///etc/passwd\">\n<record/>", "xml_doctype", "1"},
        {"<?xml version=\"1.0\" encoding=\"GBK\"?><record/>", "xml_encoding", "1"},
        {"<?xml version=\"1.0\" encoding=\"US-ASCII\"?><record><s>中</s></record>", "xml_encoding", "1"},
        {"<?xml version=\"2.0\"?><record/>", "xml_syntax", "1"},
        {"<?xml version=\"1.x\"?><record/>", "xml_syntax", "1"},
        {"<?xml version=\"1.\"?><record/>", "xml_syntax", "1"},
        {"\xFE\xFF<record/>", "xml_encoding", "1"},
        {"\xFF\xFE<record/>", "xml_encoding", "1"},
        {"<record xmlns=\"urn:x\"/>", "xml_namespace", "1"},
        {"<record>\n<a:s xmlns:a=\"urn:x\">1</a:s></record>", "xml_namespace", "2"},
        {"<record id=\"1\"/>", "xml_attribute", "1"},
        {"<row/>", "xml_root", "1"},
        {"<records>\n<row/></records>", "xml_record", "2"},
        {"<records>a</records>", "xml_text", "1"},
        {"<record>a<s>b</s></record>", "xml_text", "1"},
        {"<record><o><s>b</s>\na</o></record>", "xml_text", "2"},
        {"<record><l>a<item>b</item></l></record>", "xml_text", "1"},
        {"<record><l><item>b</item>a</l></record>", "xml_text", "1"},
        {"<record><l><item>b</item><x>a</x></l></record>", "xml_item", "1"},
    };
    struct catalog *catalog = catalog_of(*state, category_text, NULL);
    struct buf json;
    struct err e;
    buf_init(&json, 1 << 20);
    for (size_t i = 0; i < COUNT(cases); i++)
        for (size_t step = 0; step < 5; step++) {
            EXPECT_ROW(cases[i].xml, convert(catalog, cases[i].xml, strlen(cases[i].xml), step, &json, &e) == -1);
            EXPECT_ROW(cases[i].xml, strcmp(msg_code(e.msg.id), cases[i].code) == 0);
            EXPECT_ROW(cases[i].xml, msg_value(&e.msg, "line") == NULL || strcmp(msg_value(&e.msg, "line"), cases[i].line) == 0);
        }
    buf_free(&json);
    catalog_free(catalog);
}

/* In UTF-16 a surrogate that stands alone would be read as part of a character that nobody sent. */
static void utf_16_is_refused_whatever_it_declares(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } cases[] = {
#define BYTES(text) {text, sizeof(text) - 1}
        BYTES("\xFF\xFE<\0r\0e\0c\0o\0r\0d\0/\0>\0"), BYTES("\xFE\xFF\0<\0r\0e\0c\0o\0r\0d\0/\0>"),
        BYTES("<\0r\0e\0c\0o\0r\0d\0/\0>\0"), BYTES("\0<\0r\0e\0c\0o\0r\0d\0/\0>"), BYTES("\0"), BYTES("<\0"),
#undef BYTES
    };
    struct catalog *catalog = catalog_of(*state, category_text, NULL);
    struct buf json;
    struct err e;
    buf_init(&json, 1 << 20);
    for (size_t i = 0; i < COUNT(cases); i++)
        for (size_t step = 0; step < 4; step++) {
            assert_int_equal(convert(catalog, cases[i].bytes, cases[i].len, step, &json, &e), -1);
            assert_int_equal(e.msg.id, MSG_XML_ENCODING);
            assert_string_equal(msg_value(&e.msg, "encoding"), "UTF-16");
        }
    buf_free(&json);
    catalog_free(catalog);
}

static void utf_8_may_be_declared_in_several_ways(void **state)
{
    static const char *const cases[] = {
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><record/>", "<?xml version='1.1' encoding='UTF8'?><record/>",
        "<?xml version='1.0' encoding='us-ascii'?><record><s>&#20013;</s></record>", "\xEF\xBB\xBF<record/>",
    };
    struct catalog *catalog = catalog_of(*state, category_text, NULL);
    struct buf json;
    struct err e;
    buf_init(&json, 1 << 20);
    for (size_t i = 0; i < COUNT(cases); i++)
        for (size_t step = 0; step < 4; step++)
            EXPECT_ROW(cases[i], convert(catalog, cases[i], strlen(cases[i]), step, &json, &e) == 0);
    buf_free(&json);
    catalog_free(catalog);
}

/* Appends `count` times the text, and converts. */
static int convert_many(const struct catalog *catalog, const char *before, const char *text, size_t count, const char *after, struct err *e)
{
    struct buf xml, json;
    buf_init(&xml, 64 << 20);
    buf_init(&json, 64 << 20);
    buf_add_text(&xml, before);
    for (size_t i = 0; i < count; i++)
        buf_add_text(&xml, text);
    buf_add_text(&xml, after);
    int rc = convert(catalog, buf_text(&xml), xml.len, 0, &json, e);
    assert_false(buf_failed(&xml) || buf_failed(&json));
    buf_free(&json);
    buf_free(&xml);
    return rc;
}

static void limits_hold(void **state)
{
    static const struct {
        const char *before, *text;
        size_t count;
        const char *after, *code; /* NULL: it is good */
    } cases[] = {
        {"<record><s>", "abcdefghij", RECORD_MAX / 10, "</s></record>", NULL},
        {"<record><s>", "abcdefghij", RECORD_MAX / 10 + 1, "</s></record>", "record_too_large"},
        {"<record><s>", "<![CDATA[a]]>", RECORD_MAX / 2, "</s></record>", NULL},
        {"<records>", "<record><id>1</id></record>", 30000, "</records>", NULL},
        {"<records>", "<record><id>1</id></record>", 60000, "</records>", "body_too_large"},
        {"<record><x>", "<y>", XML_DEPTH_MAX - 2, "", "xml_ends"},
        {"<record><x>", "<y>", XML_DEPTH_MAX - 1, "", "xml_depth"},
        {"<record><s a=\"", "x", 2 * XML_TAG_MAX_BYTES, "\"/></record>", "xml_tag"},
        {"<record><!--", "-x", XML_TAG_MAX_BYTES, "--></record>", "xml_tag"},
        {"<record><?x ", "-x", XML_TAG_MAX_BYTES, "?></record>", "xml_tag"},
        {"<record><s>", "<!-- a comment -->", 10000, "</s></record>", NULL},
        {"<record><", "x", 2 * XML_TAG_MAX_BYTES, "/></record>", "xml_tag"},
        /* The white space before an element that is passed over is forgotten, and not looked at again before the next. */
        {"<record>", "                                        <u/>", RECORD_MAX / 30, "</record>", NULL},
    };
    struct catalog *catalog = catalog_of(*state, category_text, NULL);
    struct err e;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int rc = convert_many(catalog, cases[i].before, cases[i].text, cases[i].count, cases[i].after, &e);
        char row[32];
        (void)snprintf(row, sizeof(row), "case %zu: %s", i, msg_code(e.msg.id));
        EXPECT_ROW(row, rc == (cases[i].code == NULL ? 0 : -1));
        EXPECT_ROW(row, cases[i].code == NULL || strcmp(msg_code(e.msg.id), cases[i].code) == 0);
    }
    catalog_free(catalog);
}

static void a_body_that_breaks_off_is_none(void **state)
{
    static const char xml[] = "<record/>";
    struct catalog *catalog = catalog_of(*state, category_text, NULL);
    struct byte_source from = byte_source(xml, strlen(xml), 0);
    struct err e = ERR_NONE;
    char room[64];
    from.breaks = true;
    struct xmlin *x = xmlin_new(&from.source, catalog_find(catalog, "a"), BODY_MAX, RECORD_MAX);
    assert_non_null(x);
    assert_int_equal(xmlin_source(x)->read(xmlin_source(x), room, sizeof(room), &e), 2);
    assert_int_equal(xmlin_source(x)->read(xmlin_source(x), room, sizeof(room), &e), -1);
    assert_int_equal(e.msg.id, MSG_BODY_CUT);
    xmlin_free(x);
    xmlin_free(NULL);
    catalog_free(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(elements_become_members),  WITH_FOLDER(what_is_no_value_is_left_to_the_check),
        WITH_FOLDER(what_is_not_such_xml_is_refused), WITH_FOLDER(limits_hold),
        WITH_FOLDER(utf_16_is_refused_whatever_it_declares), WITH_FOLDER(limits_hold),
        WITH_FOLDER(utf_8_may_be_declared_in_several_ways), WITH_FOLDER(limits_hold),
        WITH_FOLDER(a_body_that_breaks_off_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
