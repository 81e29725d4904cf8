/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "accept.h"
#include "conf.h"
#include "crypt.h"
#include "err.h"
#include "form.h"
#include "helper.h"
#include "request.h"

static int start_library(void **state)
{
    (void)state;
    return crypt_init();
}

static void the_language_is_chinese_unless_english_is_preferred(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        enum msg_lang lang;
    } rows[] = {
        {"", MSG_ZH}, {"*", MSG_ZH}, {"fr", MSG_ZH}, {"en", MSG_EN}, {"EN-us", MSG_EN}, {"zh", MSG_ZH}, {"zh-CN", MSG_ZH},
        {"zh-CN,zh;q=0.9,en;q=0.8", MSG_ZH}, {"en-US,en;q=0.9,zh-CN;q=0.8", MSG_EN}, {"zh;q=0.5, en;q=0.9", MSG_EN},
        {"en;q=0.5,zh;q=0.9", MSG_ZH}, {"en,zh", MSG_ZH}, {"zh;q=0,en;q=0.1", MSG_EN}, {"en;q=0", MSG_ZH}, {"en;q=0.000", MSG_ZH},
        {"en;q=0.001", MSG_EN}, {"zh;q=0.75,en;q=0.8", MSG_EN}, {"zh;q=0.8,en;q=0.75", MSG_ZH}, {"en ; q=0.9", MSG_EN},
        {"en;Q=0.9,zh;Q=0.1", MSG_EN}, {"zh;q=0.999,en;q=1", MSG_EN}, {"zh;q=0.999,en;q=1.000", MSG_EN}, {"eng", MSG_ZH},
        {"english", MSG_ZH}, {",,,en", MSG_EN}, {"fr,de;q=0.9,en;q=0.1", MSG_EN}, {"zh;q=", MSG_ZH}, {"en;q=abc", MSG_ZH},
        {";", MSG_ZH}, {"e", MSG_ZH}, {"\xD6\xD0", MSG_ZH}, {"en\t;\tq=0.3", MSG_EN}, {"zh-TW;q=0.2,en-GB;q=0.3,fr", MSG_EN},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        EXPECT_ROW(rows[i].header, accept_language(rows[i].header) == rows[i].lang);
    assert_int_equal(accept_language(NULL), MSG_ZH);
}

static void a_media_type_is_told_with_case_blanks_and_charset_in_mind(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool is;
    } rows[] = {
        {"application/json", true}, {"Application/JSON", true}, {"application/json; charset=utf-8", true},
        {"application/json;charset=UTF-8", true}, {"application/json; charset=\"utf-8\"", true}, {"application/json ; CHARSET=Utf-8", true},
        {" application/json ", true}, {"application/json;", true}, {"application/json; version=1", true},
        {"application/json; a=\"x;y\"; charset=utf-8", true}, {"application/json; charset=gbk", false},
        {"application/json; charset=\"gbk\"", false}, {"application/json; charset=utf-16", false}, {"application/json; charset=", false},
        {"application/json; charset=utf-8-x", false}, {"application/json; a=b; charset=gbk", false},
        {"application/json; charset=utf-8; charset=gbk", false}, {"application/jsonp", false}, {"application/json-seq", false},
        {"application/jso", false}, {"text/json", false}, {"text/plain", false}, {"", false}, {"json", false},
        {"application/json, text/html", false}, {"application/json, application/json", false}, {"application/json x", false},
        {"application/json; charset=utf-8, text/html", false}, {"*/*", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        EXPECT_ROW(rows[i].header, request_is_type(rows[i].header, "application/json") == rows[i].is);
    assert_false(request_is_type(NULL, "application/json"));
    assert_true(request_is_type("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"));
}

static struct request make(const struct request_facts *facts, const char *base_path)
{
    struct request r;
    struct conf conf = {.base_path = base_path, .public_url = ""};
    request_init(&r, facts, NULL, &conf);
    return r;
}

/* RFC 9110 section 8.6: a recipient must anticipate large decimal numerals. */
static void a_length_is_digits_alone_of_any_size(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t length;
    } rows[] = {
        {"0", 0}, {"5", 5}, {"005", 5}, {"9223372036854775807", INT64_MAX}, {"9223372036854775808", INT64_MAX},
        {"99999999999999999999999999999999", INT64_MAX}, {"", REQUEST_BODY_UNKNOWN}, {NULL, REQUEST_BODY_UNKNOWN},
        {"-1", REQUEST_BODY_BAD}, {"-0", REQUEST_BODY_BAD}, {"+5", REQUEST_BODY_BAD}, {" 5", REQUEST_BODY_BAD},
        {"5 ", REQUEST_BODY_BAD}, {"5,5", REQUEST_BODY_BAD}, {"5, 5", REQUEST_BODY_BAD}, {"0x5", REQUEST_BODY_BAD},
        {"5.0", REQUEST_BODY_BAD}, {"1e3", REQUEST_BODY_BAD}, {"five", REQUEST_BODY_BAD}, {"５", REQUEST_BODY_BAD},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request_facts facts = {.method = "POST", .uri = "/", .content_length = rows[i].text};
        struct request r = make(&facts, "");
        EXPECT_ROW(rows[i].text == NULL ? "none" : rows[i].text, r.body_length == rows[i].length);
        request_clear(&r);
    }
}

static void the_path_begins_below_the_mount_point(void **state)
{
    (void)state;
    static const struct {
        const char *base, *uri, *mount, *path;
    } rows[] = {
        {"", "/v1/records", "", "/v1/records"}, {"", "/v1/x?after=/a", "", "/v1/x"}, {"", "/v1/x#f", "", "/v1/x"},
        {"/ruku", "/ruku/v1/x", "/ruku", "/v1/x"}, {"/ruku", "/ruku/?q", "/ruku", "/"}, {"/ruku", "/rukus/v1", "", "/rukus/v1"},
        {"/ruku", "/v1/x", "", "/v1/x"}, {"/a/b", "/a/b/c", "/a/b", "/c"}, {"/a/b", "/a/c", "", "/a/c"},
        {"/ruku", "/other?x=/ruku/v1", "", "/other"}, {"", NULL, "", "/"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request_facts facts = {.method = "GET", .uri = rows[i].uri};
        struct request r = make(&facts, rows[i].base);
        expect_bytes(r.mount, r.mount_len, rows[i].mount);
        expect_bytes(r.path, r.path_len, rows[i].path);
        request_clear(&r);
    }
}

static void the_scripts_name_is_the_mount_point_where_the_server_splits_the_path(void **state)
{
    (void)state;
    static const struct {
        const char *base, *script, *info, *uri;
        bool cut;
        const char *path;
    } rows[] = {
        {"", "/fcgi/ruku", "/v1/x", "/fcgi/ruku/v1/x", true, "/v1/x"}, {"", "/fcgi/ruku", NULL, "/fcgi/ruku/v1/x", false, "/fcgi/ruku/v1/x"},
        {"", NULL, "/v1/x", "/v1/x", false, "/v1/x"}, {"", "", "/v1/x", "/v1/x", false, "/v1/x"},
        {"/ruku", "/ruku", "/v1", "/ruku/v1", false, "/v1"}, {"", "/other", "/v1/x", "/v1/x", false, "/v1/x"},
        {"", "/a~%20(b)", "/v1/x", "/a~%20(b)/v1/x", true, "/v1/x"}, /* and what could end a URL, or the header that it stands in */
        {"", "/a\r\nX: y", "/v1/x", "/a\r\nX: y/v1/x", false, "/a\r\nX: y/v1/x"}, {"", "/a>b", "/v1/x", "/a>b/v1/x", false, "/a>b/v1/x"},
        {"", "/\xE2\x80\xAE", "/v1/x", "/\xE2\x80\xAE/v1/x", false, "/\xE2\x80\xAE/v1/x"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request_facts facts = {.method = "GET", .uri = rows[i].uri, .script_name = rows[i].script, .path_info = rows[i].info};
        struct request r = make(&facts, rows[i].base);
        EXPECT_ROW(rows[i].uri, request_cut_script(&r) == rows[i].cut);
        expect_bytes(r.path, r.path_len, rows[i].path);
        request_clear(&r);
    }
}

static void methods_are_told_by_their_exact_name(void **state)
{
    (void)state;
    for (int m = 0; m < METHOD_N; m++) {
        struct request_facts facts = {.method = request_methods[m], .uri = "/"};
        struct request r = make(&facts, "");
        assert_int_equal(r.method, m);
        request_clear(&r);
    }
    static const char *const unknown[] = {"get", "BREW", "", "GETS", NULL};
    for (size_t i = 0; i < COUNT(unknown); i++) {
        struct request_facts facts = {.method = unknown[i], .uri = "/"};
        struct request r = make(&facts, "");
        assert_int_equal(r.method, METHOD_N);
        request_clear(&r);
    }
}

static void every_request_has_an_id_of_its_own(void **state)
{
    (void)state;
    struct request_facts facts = {.method = "GET", .uri = "/"};
    struct request a = make(&facts, ""), b = make(&facts, "");
    assert_int_equal(strlen(a.id), REQUEST_ID_CHARS);
    assert_string_not_equal(a.id, b.id);
    request_clear(&a);
    request_clear(&b);
}

static void the_base_url_takes_no_hostile_host(void **state)
{
    (void)state;
    static const struct {
        const char *public_url, *scheme, *host, *uri, *want;
    } rows[] = {
        {"", "https", "www.example.org", "/ruku/v1", "https://www.example.org/ruku"}, {"", "http", "h:8080", "/ruku/v1", "http://h:8080/ruku"},
        {"", NULL, "[2001:db8::1]:80", "/x", "http://[2001:db8::1]:80"}, {"", NULL, NULL, "/x", "http://localhost"},
        {"", NULL, "", "/x", "http://localhost"}, {"", NULL, "a/b", "/x", "http://localhost"}, {"", NULL, "a\"b", "/x", "http://localhost"},
        {"", NULL, "user@h", "/x", "http://localhost"}, {"", NULL, "h\r\nX: y", "/x", "http://localhost"},
        {"", "javascript", "h", "/x", "http://h"}, {"https://pub/api", NULL, "other", "/ruku/v1", "https://pub/api"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct conf conf = {.base_path = "/ruku", .public_url = rows[i].public_url};
        struct request_facts facts = {.method = "GET", .uri = rows[i].uri, .scheme = rows[i].scheme, .host = rows[i].host};
        struct request r;
        struct buf url;
        buf_init(&url, 1000);
        request_init(&r, &facts, NULL, &conf);
        request_base_url(&r, &conf, &url);
        assert_string_equal(buf_text(&url), rows[i].want);
        buf_free(&url);
        request_clear(&r);
    }
}

static void one_record_a_line_is_told_by_its_media_type(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        bool lines;
    } rows[] = {
        {"application/x-ndjson", true}, {"application/ndjson", true}, {"Application/X-NDJSON; charset=utf-8", true},
        {"application/x-ndjson; charset=gbk", false}, {"application/json", false}, {"application/x-ndjsonx", false}, {"", false}, {NULL, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request r = {.facts = {.content_type = rows[i].type}};
        EXPECT_ROW(rows[i].type == NULL ? "none" : rows[i].type, request_is_lines(&r) == rows[i].lines);
    }
}

static void gzip_is_told_by_the_content_coding_alone(void **state)
{
    (void)state;
    static const struct {
        const char *coding;
        bool gzip;
    } rows[] = {
        {"gzip", true}, {"GZip", true}, {"x-gzip", true}, {"X-Gzip", true}, {"gzip, gzip", false}, {"deflate", false}, {"br", false},
        {"identity", false}, {"", false}, {"gzipx", false}, {NULL, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request r = {.facts = {.content_encoding = rows[i].coding}};
        EXPECT_ROW(rows[i].coding == NULL ? "none" : rows[i].coding, request_is_gzip(&r) == rows[i].gzip);
    }
}

static void a_media_type_is_accepted_where_it_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *accept;
        bool accepts;
    } rows[] = {
        {"application/x-ndjson", true}, {"Application/X-NDJSON", true}, {"application/json, application/x-ndjson", true},
        {"application/x-ndjson;q=0.9, */*", true}, {"text/html,application/x-ndjson ; q=1", true}, {" application/x-ndjson ", true},
        {"*/*", false}, {"application/*", false}, {"application/json", false}, {"application/x-ndjson2", false}, {"", false},
        {"text/html;x=application/x-ndjson", false}, {NULL, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request r = {.facts = {.accept = rows[i].accept}};
        EXPECT_ROW(rows[i].accept == NULL ? "none" : rows[i].accept, accept_names(r.facts.accept, REQUEST_LINES) == rows[i].accepts);
    }
}

/* RFC 9110 section 12.4.2: a weight of 0 means "not acceptable". */
static void a_media_type_with_a_weight_of_zero_is_not_accepted(void **state)
{
    (void)state;
    static const char *const headers[] = {"application/x-ndjson;q=0", "application/json, application/x-ndjson; q=0.000", "application/x-ndjson;Q=0"};
    for (size_t i = 0; i < COUNT(headers); i++) {
        struct request r = {.facts = {.accept = headers[i]}};
        EXPECT_ROW(headers[i], !accept_names(r.facts.accept, REQUEST_LINES));
    }
}

static void query_parameters_are_decoded_and_unknown_ones_passed_over(void **state)
{
    (void)state;
    static const struct {
        const char *uri;
        const char *limit, *after; /* NULL: refused */
    } rows[] = {
        {"/v1/x", "", ""}, {"/v1/x?", "", ""}, {"/v1/x?limit=5", "5", ""}, {"/v1/x?after=a%20b+c&limit=5", "5", "a b c"},
        {"/v1/x?&&limit=5&", "5", ""}, {"/v1/x?other=1&Limit=6", "", ""}, {"/v1/x?limit", "", ""}, {"/v1/x?limit=", "", ""},
        {"/v1/x?l%69mit=5", "5", ""}, {"/v1/x?limit=5#after=1", "5", ""}, {"/v1/x?after=a=b?c", "", "a=b?c"}, {"/v1/x?after=%E6%94%BF", "", "政"},
        {"/v1/x?limit=5&limit=6", NULL, NULL}, {"/v1/x?limit=%", NULL, NULL}, {"/v1/x?limit=%zz", NULL, NULL}, {"/v1/x?after=%FF", NULL, NULL},
        {"/v1/x?after=%00", NULL, NULL}, {"/v1/x?limit=12345678901234567", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request_facts facts = {.method = "GET", .uri = rows[i].uri};
        struct form_field fields[] = {{.name = "limit"}, {.name = "after"}};
        struct err e = ERR_NONE;
        struct request r = make(&facts, "");
        for (size_t k = 0; k < COUNT(fields); k++)
            buf_init(&fields[k].value, 16);
        EXPECT_ROW(rows[i].uri, request_query(&r, fields, COUNT(fields), &e) == (rows[i].limit == NULL ? -1 : 0));
        if (rows[i].limit == NULL) {
            EXPECT_ROW(rows[i].uri, e.msg.id == MSG_BAD_QUERY && err_class(&e) == CLASS_INPUT);
        } else {
            EXPECT_ROW(rows[i].uri, strcmp(buf_text(&fields[0].value), rows[i].limit) == 0);
            EXPECT_ROW(rows[i].uri, strcmp(buf_text(&fields[1].value), rows[i].after) == 0);
        }
        for (size_t k = 0; k < COUNT(fields); k++)
            buf_free(&fields[k].value);
        request_clear(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_language_is_chinese_unless_english_is_preferred),
        cmocka_unit_test(a_media_type_is_told_with_case_blanks_and_charset_in_mind),
        cmocka_unit_test(a_length_is_digits_alone_of_any_size),
        cmocka_unit_test(the_path_begins_below_the_mount_point),
        cmocka_unit_test(the_scripts_name_is_the_mount_point_where_the_server_splits_the_path),
        cmocka_unit_test(methods_are_told_by_their_exact_name),
        cmocka_unit_test(every_request_has_an_id_of_its_own),
        cmocka_unit_test(one_record_a_line_is_told_by_its_media_type),
        cmocka_unit_test(gzip_is_told_by_the_content_coding_alone),
        cmocka_unit_test(a_media_type_is_accepted_where_it_is_named),
        cmocka_unit_test(a_media_type_with_a_weight_of_zero_is_not_accepted),
        cmocka_unit_test(query_parameters_are_decoded_and_unknown_ones_passed_over),
        cmocka_unit_test(the_base_url_takes_no_hostile_host),
    };
    return cmocka_run_group_tests_name("request", tests, start_library, NULL);
}
