/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <json.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "crypt.h"
#include "err.h"
#include "helper.h"
#include "reply.h"
#include "request.h"
#include "words.h"

static const struct conf conf = {.base_path = "", .public_url = "https://g.example/api", .realm = "ruku"};

static struct request make_request(const char *language)
{
    struct request r;
    struct request_facts facts = {.method = "POST", .uri = "/v1/x", .accept_language = language};
    assert_int_equal(crypt_init(), 0);
    request_init(&r, &facts, NULL, &conf);
    return r;
}

static void every_class_has_its_status(void **state)
{
    (void)state;
    static const struct {
        enum msg_class class;
        int status;
    } rows[] = {
        {CLASS_INPUT, 400}, {CLASS_AUTH, 401}, {CLASS_DENIED, 403}, {CLASS_MISSING, 404}, {CLASS_METHOD, 405}, {CLASS_UNKNOWN, 501},
        {CLASS_CONFLICT, 409}, {CLASS_PRECONDITION, 412}, {CLASS_TOO_LARGE, 413}, {CLASS_UNSUPPORTED, 415}, {CLASS_INVALID, 422}, {CLASS_LIMITED, 429},
        {CLASS_BUSY, 503}, {CLASS_UNSURE, 503}, {CLASS_CONFIG, 500}, {CLASS_INTERNAL, 500}, {CLASS_GONE, 400},
    };
    assert_int_equal(COUNT(rows), CLASS_N);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(reply_status(rows[i].class), rows[i].status);
}

static void statuses_have_the_reasons_of_rfc_9110(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *reason;
    } rows[] = {
        {200, "OK"}, {204, "No Content"}, {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"},
        {405, "Method Not Allowed"}, {409, "Conflict"}, {412, "Precondition Failed"}, {413, "Content Too Large"}, {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"}, {429, "Too Many Requests"}, {500, "Internal Server Error"}, {501, "Not Implemented"},
        {503, "Service Unavailable"}, {799, "Internal Server Error"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(reply_reason(rows[i].status), rows[i].reason);
}

static const char *member(json_object *object, const char *name)
{
    json_object *value;
    return json_object_object_get_ex(object, name, &value) ? json_object_get_string(value) : "";
}

/* RFC 9457: type, title, status and detail; and what design.md adds, for every message in both languages. */
static void every_message_makes_a_whole_problem_in_both_languages(void **state)
{
    (void)state;
    for (int id = MSG_NONE + 1; id < MSG_ID_N; id++) {
        for (int lang = 0; lang < MSG_LANG_N; lang++) {
            struct request request = make_request(lang == MSG_EN ? "en" : "zh-CN");
            struct reply r;
            struct err e;
            struct buf text;
            char url[200];
            reply_init(&r, 100000);
            buf_init(&text, 4096);
            (void)err_set(&e, (enum msg_id)id, "%s", "secret detail of the log");
            reply_problem(&r, &request, &conf, &e, NULL);
            assert_int_equal(r.status, reply_status(msg_class((enum msg_id)id)));
            json_object *problem = json_tokener_parse(buf_text(&r.body));
            EXPECT_ROW(msg_code(e.msg.id), problem != NULL);
            (void)snprintf(url, sizeof(url), "https://g.example/api/problems/%s", msg_code(e.msg.id));
            assert_string_equal(member(problem, "type"), url);
            assert_string_equal(member(problem, "code"), msg_code(e.msg.id));
            assert_string_equal(member(problem, "request_id"), request.id);
            assert_int_equal(json_object_get_int(json_object_object_get(problem, "status")), r.status);
            msg_render(&e.msg, (enum msg_lang)lang, &text);
            assert_string_equal(member(problem, "detail"), buf_text(&text));
            EXPECT_ROW(msg_code(e.msg.id), member(problem, "title")[0] != '\0');
            EXPECT_ROW(msg_code(e.msg.id), ((unsigned char)member(problem, "title")[0] < 0x80) == (lang == MSG_EN));
            expect_has(buf_text(&r.headers), lang == MSG_EN ? "Content-Language: en\r\n" : "Content-Language: zh-CN\r\n");
            expect_has(buf_text(&r.headers), "Content-Type: application/problem+json\r\n");
            expect_has_not(buf_text(&r.body), "secret detail");
            json_object_put(problem);
            buf_free(&text);
            reply_free(&r);
            request_clear(&request);
        }
    }
}

/* RFC 9110 section 15.5.2; RFC 6750 section 3.1 for the codes. */
static void a_401_says_how_to_authenticate_and_only_a_token_that_came_is_invalid(void **state)
{
    (void)state;
    static const struct {
        enum msg_id id;
        const char *header; /* NULL: none */
    } rows[] = {
        {MSG_NO_TOKEN, "WWW-Authenticate: Bearer realm=\"ruku\"\r\n"},
        {MSG_INVALID_TOKEN, "WWW-Authenticate: Bearer realm=\"ruku\", error=\"invalid_token\""},
        {MSG_BAD_AUTHORIZATION, "WWW-Authenticate: Bearer realm=\"ruku\", error=\"invalid_request\"\r\n"},
        {MSG_NOT_GRANTED, "WWW-Authenticate: Bearer realm=\"ruku\", error=\"insufficient_scope\"\r\n"},
        {MSG_JSON_SYNTAX, NULL}, {MSG_INTERNAL, NULL}, {MSG_TOO_MANY_REQUESTS, NULL},
    };
    struct request request = make_request("en");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct reply r;
        struct err e;
        reply_init(&r, 100000);
        (void)err_set(&e, rows[i].id, "%s", "");
        reply_problem(&r, &request, &conf, &e, NULL);
        if (rows[i].header != NULL)
            expect_has(buf_text(&r.headers), rows[i].header);
        else
            expect_has_not(buf_text(&r.headers), "WWW-Authenticate");
        reply_free(&r);
    }
    request_clear(&request);
}

static void a_problem_replaces_what_was_there_and_takes_further_members(void **state)
{
    (void)state;
    struct request request = make_request("en");
    struct reply r;
    struct err e;
    reply_init(&r, 100000);
    reply_header(&r, "X-Earlier", "%d", 1);
    buf_add_text(&r.body, "half a reply");
    (void)err_set(&e, MSG_DATABASE_AWAY, "%s", "");
    e.retry_after = 5;
    json_object *extra = json_object_new_object();
    (void)json_object_object_add(extra, "errors_total", json_object_new_int(250));
    (void)json_object_object_add(extra, "errors", json_object_new_array());
    reply_problem(&r, &request, &conf, &e, extra);
    expect_has_not(buf_text(&r.headers), "X-Earlier");
    expect_has_not(buf_text(&r.body), "half");
    expect_has(buf_text(&r.headers), "Retry-After: 5\r\n");
    expect_has(buf_text(&r.body), "\"errors_total\":250,\"errors\":[]");
    e.retry_after = 0;
    reply_problem(&r, &request, &conf, &e, NULL);
    expect_has_not(buf_text(&r.headers), "Retry-After");
    reply_free(&r);
    request_clear(&request);
}

static void a_success_is_json_with_the_request_id(void **state)
{
    (void)state;
    struct request request = make_request(NULL);
    struct reply r;
    char want[100];
    reply_init(&r, 1000);
    json_object *object = json_object_new_object();
    (void)json_object_object_add(object, "name", json_object_new_string("政策/\"x\""));
    reply_json(&r, 200, &request, object);
    (void)snprintf(want, sizeof(want), "{\"name\":\"政策/\\\"x\\\"\",\"request_id\":\"%s\"}\n", request.id);
    assert_string_equal(buf_text(&r.body), want);
    assert_string_equal(buf_text(&r.headers), "Content-Type: application/json\r\n");
    assert_int_equal(r.status, 200);
    reply_clear(&r);
    reply_json(&r, 200, NULL, json_object_new_object());
    expect_has_not(buf_text(&r.body), "request_id");
    reply_free(&r);
    request_clear(&request);
}

static void a_body_over_its_maximum_is_a_failure_that_can_be_seen(void **state)
{
    (void)state;
    struct reply r;
    reply_init(&r, 10);
    json_object *object = json_object_new_object();
    (void)json_object_object_add(object, "name", json_object_new_string("more than ten bytes"));
    reply_json(&r, 200, NULL, object);
    assert_true(buf_failed(&r.body));
    reply_clear(&r);
    assert_false(buf_failed(&r.body));
    reply_free(&r);
}

/* A realm may have nearly a thousand bytes. */
static void a_header_is_sent_whole_or_fails_but_is_not_cut(void **state)
{
    (void)state;
    char value[1501];
    memset(value, 'v', sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    struct reply r;
    reply_init(&r, 100);
    reply_header(&r, "X-Long", "%s", value);
    bool whole = strstr(buf_text(&r.headers), value) != NULL;
    bool failed = buf_failed(&r.headers);
    reply_free(&r);
    assert_true(whole || failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_class_has_its_status),
        cmocka_unit_test(statuses_have_the_reasons_of_rfc_9110),
        cmocka_unit_test(every_message_makes_a_whole_problem_in_both_languages),
        cmocka_unit_test(a_401_says_how_to_authenticate_and_only_a_token_that_came_is_invalid),
        cmocka_unit_test(a_problem_replaces_what_was_there_and_takes_further_members),
        cmocka_unit_test(a_success_is_json_with_the_request_id),
        cmocka_unit_test(a_body_over_its_maximum_is_a_failure_that_can_be_seen),
        cmocka_unit_test(a_header_is_sent_whole_or_fails_but_is_not_cut),
    };
    words_init();
    return cmocka_run_group_tests_name("reply", tests, NULL, NULL);
}
