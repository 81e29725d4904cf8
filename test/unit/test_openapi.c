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

#include "buf.h"
#include "catalog.h"
#include "conf.h"
#include "crypt.h"
#include "err.h"
#include "helper.h"
#include "openapi.h"
#include "operation.h"
#include "route.h"
#include "words.h"

static const char category_text[] =
    "[category]\ncode = a-b\nname = 甲\nname_en = A\n[resource.r]\nname = 资源\nname_en = R\n[resource.s]\nname = 二\n"
    "[field.title]\ntype = string\nrequired = yes\nmax_length = 5\n[field.c]\ntype = code\ncodelist = kinds\n";
static const char codelist_text[] = "[codelist]\ncode = kinds\nname = 种类\n[codes]\nx = X\n";

/* An installation in a folder: settings that matter here, and a catalog. */
struct installation {
    struct conf conf;
    struct catalog *catalog;
    struct openapi *openapi;
};

static struct installation install(const char *folder)
{
    return (struct installation){.conf = {.schema_dir = folder, .schema_extra_dir = "", .docs_public = CONF_YES},
                                 .catalog = catalog_of(folder, category_text, codelist_text), .openapi = openapi_new()};
}

static void uninstall(struct installation *i)
{
    openapi_free(i->openapi);
    catalog_free(i->catalog);
}

static struct openapi_want want_of(const struct installation *i, enum msg_lang lang, const char *base)
{
    return (struct openapi_want){.conf = &i->conf, .catalog = i->catalog, .lang = lang, .base = base};
}

static json_object *document_of(struct installation *i, enum msg_lang lang, const char *base)
{
    const struct openapi_want want = want_of(i, lang, base);
    char tag[OPENAPI_TAG_SIZE];
    struct err e = ERR_NONE;
    struct buf text;
    buf_init(&text, (size_t)8 * 1024 * 1024);
    assert_int_equal(openapi_tag(i->openapi, &want, tag, &e), 0);
    openapi_write(i->openapi, &want, &text);
    assert_false(buf_failed(&text));
    json_object *out = json_tokener_parse(buf_text(&text));
    assert_non_null(out);
    buf_free(&text);
    return out;
}

/* The member at a pointer as text, "nothing" where there is none; valid as long as the document. */
static const char *at(json_object *document, const char *pointer)
{
    json_object *value = NULL;
    return json_pointer_get(document, pointer, &value) != 0
               ? "nothing"
               : json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

static void expect_at(json_object *document, const char *pointer, const char *want)
{
    const char *got = at(document, pointer);
    if (strcmp(got, want) != 0)
        fail_msg("%s is %s, want %s", pointer, got, want);
}

/* Where the document has an operation, by JSON Pointer: that of the category a-b where it is told for each. */
static void point_to(const struct operation *op, char *to, size_t size)
{
    size_t len = (size_t)snprintf(to, size, "/paths/");
    for (const char *p = op->path; *p != '\0' && len + 4 < size; p++) {
        const char *category = op->typed && strncmp(p, "{category}", 10) == 0 ? "a-b" : NULL;
        len += (size_t)snprintf(to + len, size - len, "%s", category != NULL ? category : *p == '/' ? "~1" : (char[]){*p, '\0'});
        p += category != NULL ? strlen("{category}") - 1 : 0;
    }
    len += (size_t)snprintf(to + len, size - len, "/%s", op->method);
    for (char *p = to + len - strlen(op->method); *p != '\0'; p++)
        *p = (char)(*p | 0x20);
}

static void every_route_has_its_words_and_every_word_its_route(void **state)
{
    (void)state;
    static const struct conf conf = {.docs_public = CONF_YES};
    struct route_facts route;
    size_t routes = 0, operations = 0;
    for (; route_facts(routes, &conf, &route); routes++)
        EXPECT_ROW(route.path, operation_find(route.method, route.path) != NULL);
    for (const struct operation *op = operation_at(0); op != NULL; op = operation_at(++operations))
        EXPECT_ROW(op->id, op->summary != NULL && strcmp(words_in(MSG_ZH, op->summary), op->summary) != 0);
    assert_true(routes > 15);
    assert_int_equal(routes, operations);
}

static void every_route_is_in_the_document(void **state)
{
    struct installation i = install(*state);
    json_object *document = document_of(&i, MSG_ZH, "https://h");
    const struct operation *op;
    for (size_t k = 0; (op = operation_at(k)) != NULL; k++) {
        char pointer[200], responses[220];
        point_to(op, pointer, sizeof(pointer));
        (void)snprintf(responses, sizeof(responses), "%s/responses/%s", pointer, op->answers[0].status);
        EXPECT_ROW(pointer, strcmp(at(document, pointer), "nothing") != 0);
        EXPECT_ROW(responses, strcmp(at(document, responses), "nothing") != 0);
    }
    json_object_put(document);
    uninstall(&i);
}

static void what_may_go_wrong_follows_from_the_route(void **state)
{
    static const struct {
        const char *pointer, *want;
    } rows[] = {
        {"/paths/~1v1~1records~1a-b~1{resource}/post/responses/422/$ref", "\"#/components/responses/Problem422\""},
        {"/paths/~1v1~1records~1a-b~1{resource}/post/responses/404/$ref", "\"#/components/responses/Problem404\""},
        {"/paths/~1v1~1records~1a-b~1{resource}/post/operationId", "\"push_a_b\""},
        {"/paths/~1v1~1records~1a-b~1{resource}/post/requestBody/$ref", "\"#/components/requestBodies/push.a-b\""},
        {"/paths/~1v1~1records~1a-b~1{resource}/post/parameters/0/$ref", "\"#/components/parameters/resource.a-b\""},
        {"/paths/~1v1~1records~1a-b~1{resource}/get/responses/422", "nothing"},
        {"/paths/~1v1~1records~1a-b~1{resource}/get/security", "nothing"}, {"/security", "[{\"oauth2\":[]}]"},
        {"/paths/~1v1~1records~1{category}~1{resource}", "nothing"}, {"/paths/~1healthz/get/security", "[]"},
        {"/paths/~1healthz/get/responses/401", "nothing"}, {"/paths/~1openapi.json/get/security", "[]"},
        {"/components/parameters/resource.a-b/schema/enum", "[\"r\",\"s\"]"},
        {"/components/schemas/record.a-b/allOf", "[{\"$ref\":\"#/components/schemas/fields.a-b\"},{\"required\":[\"id\"]}]"},
        {"/components/schemas/codes.kinds/enum", "[\"x\"]"}, {"/openapi", "\"3.1.0\""}, {"/info/version", "\"" PACKAGE_VERSION "\""},
        {"/components/securitySchemes/oauth2/flows/clientCredentials/tokenUrl", "\"https://h/ruku/oauth2/token\""},
        {"/servers", "[{\"url\":\"https://h/ruku\"}]"},
        {"/components/responses/Problem409/content/application~1problem+json/example/type", "\"https://h/ruku/problems/idempotency_key_in_use\""},
        {"/components/responses/Problem429/headers/Retry-After/$ref", "\"#/components/headers/Retry-After\""},
        {"/components/responses/Problem429/headers/RateLimit/$ref", "\"#/components/headers/RateLimit\""},
        {"/paths/~1oauth2~1token/post/parameters", "[{\"$ref\":\"#/components/parameters/Content-Digest\"},{\"$ref\":\"#/components/parameters/"
                                                  "Signature-Input\"},{\"$ref\":\"#/components/parameters/Signature\"}]"},
        {"/paths/~1v1~1batches~1{batch}/get/parameters/3/$ref", "\"#/components/parameters/Signature-Input\""},
        {"/paths/~1healthz/get/parameters", "[]"},
        {"/x-errors/0", "{\"code\":\"no_token\",\"status\":401,\"message\":\"The request carries no token: get one from /oauth2/token and send it as "
                        "Authorization: Bearer.\",\"record\":false}"},
    };
    struct installation i = install(*state);
    json_object *document = document_of(&i, MSG_EN, "https://h/ruku");
    for (size_t k = 0; k < COUNT(rows); k++)
        expect_at(document, rows[k].pointer, rows[k].want);
    json_object_put(document);
    i.conf.docs_public = CONF_NO;
    struct openapi *kept = i.openapi;
    i.openapi = openapi_new();
    document = document_of(&i, MSG_EN, "https://h");
    expect_at(document, "/paths/~1openapi.json/get/security", "nothing");
    json_object_put(document);
    openapi_free(kept);
    uninstall(&i);
}

static void words_are_in_the_language_that_is_asked_for(void **state)
{
    struct installation i = install(*state);
    json_object *zh = document_of(&i, MSG_ZH, "https://h");
    json_object *en = document_of(&i, MSG_EN, "https://h");
    static const char summary[] = "/paths/~1v1~1records~1a-b~1{resource}/post/summary";
    expect_at(zh, summary, "\"推送记录\"");
    expect_at(en, summary, "\"Push records\"");
    expect_at(zh, "/components/schemas/fields.a-b/title", "\"甲\"");
    expect_at(en, "/components/schemas/fields.a-b/title", "\"A\"");
    expect_at(en, "/components/parameters/resource.a-b/schema/x-codes", "{\"r\":\"R\",\"s\":\"二\"}");
    json_object_put(zh);
    json_object_put(en);
    uninstall(&i);
}

/* Only what a push would take is shown: here the second record is too long, and the third is none. */
static void examples_are_records_that_are_good(void **state)
{
    struct installation i = install(*state);
    (void)folder_write(*state, "sample/a-b.json",
                       "[{\"id\":\"1\",\"title\":\"甲\",\"c\":\"x\"},{\"id\":\"2\",\"title\":\"六个字符以上\"},null,{\"id\":\"4\",\"title\":\"乙\"}]");
    json_object *document = document_of(&i, MSG_ZH, "https://h");
    expect_at(document, "/components/requestBodies/push.a-b/content/application~1json/example",
              "[{\"id\":\"1\",\"title\":\"甲\",\"c\":\"x\"},{\"id\":\"4\",\"title\":\"乙\"}]");
    expect_at(document, "/components/requestBodies/put.a-b/content/application~1json/example", "{\"id\":\"1\",\"title\":\"甲\",\"c\":\"x\"}");
    expect_at(document, "/components/requestBodies/push.a-b/content/application~1x-ndjson/example",
              "\"{\\\"id\\\":\\\"1\\\",\\\"title\\\":\\\"甲\\\",\\\"c\\\":\\\"x\\\"}\\n{\\\"id\\\":\\\"4\\\",\\\"title\\\":\\\"乙\\\"}\\n\"");
    expect_at(document, "/components/requestBodies/classicPush.any/content/application~1json/example/resource", "\"r\"");
    json_object_put(document);
    uninstall(&i);
    i = install(*state);
    (void)folder_write(*state, "sample/a-b.json", "{\"not\":\"a list\"}");
    document = document_of(&i, MSG_ZH, "https://h");
    expect_at(document, "/components/requestBodies/push.a-b/content/application~1json/example", "nothing");
    expect_at(document, "/components/requestBodies/classicPush.any/content/application~1json/example", "nothing");
    json_object_put(document);
    uninstall(&i);
}

static void the_tag_names_content_language_and_address(void **state)
{
    struct installation one = install(*state), other = install(*state);
    char tags[4][OPENAPI_TAG_SIZE];
    struct err e = ERR_NONE;
    const struct openapi_want zh = want_of(&one, MSG_ZH, "https://h"), en = want_of(&one, MSG_EN, "https://h"),
                              elsewhere = want_of(&one, MSG_ZH, "https://g"), again = want_of(&other, MSG_ZH, "https://h");
    assert_int_equal(openapi_tag(one.openapi, &zh, tags[0], &e), 0);
    assert_int_equal(openapi_tag(one.openapi, &en, tags[1], &e), 0);
    assert_int_equal(openapi_tag(one.openapi, &elsewhere, tags[2], &e), 0);
    assert_int_equal(openapi_tag(other.openapi, &again, tags[3], &e), 0);
    assert_true(tags[0][0] == '"' && strlen(tags[0]) == OPENAPI_TAG_SIZE - 2);
    assert_string_not_equal(tags[0], tags[1]);
    assert_string_not_equal(tags[0], tags[2]);
    assert_string_equal(tags[0], tags[3]); /* another worker of the same configuration */
    uninstall(&one);
    uninstall(&other);
}

/* The address comes from the configuration, or from the request's own host. */
static void an_address_cannot_break_the_document(void **state)
{
    struct installation i = install(*state);
    json_object *document = document_of(&i, MSG_ZH, "https://h/\"},{\"x\":\"");
    expect_at(document, "/servers", "[{\"url\":\"https://h/\\\"},{\\\"x\\\":\\\"\"}]");
    json_object_put(document);
    uninstall(&i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_has_its_words_and_every_word_its_route),
        WITH_FOLDER(every_route_is_in_the_document),
        WITH_FOLDER(what_may_go_wrong_follows_from_the_route),
        WITH_FOLDER(words_are_in_the_language_that_is_asked_for),
        WITH_FOLDER(examples_are_records_that_are_good),
        WITH_FOLDER(the_tag_names_content_language_and_address),
        WITH_FOLDER(an_address_cannot_break_the_document),
    };
    words_init();
    return crypt_init() != 0 ? 1 : cmocka_run_group_tests_name("openapi", tests, NULL, NULL);
}
