/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "openapi.h"

#include <json.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apibody.h"
#include "buf.h"
#include "catalog.h"
#include "category.h"
#include "codelist.h"
#include "component.h"
#include "conf.h"
#include "crypt.h"
#include "enc.h"
#include "err.h"
#include "jsonschema.h"
#include "operation.h"
#include "reply.h"
#include "route.h"
#include "sample.h"

#include "poison.h"

/* Stands in the kept text for the mount point's address, which each request may know by another name. */
#define BASE_MARK "https://base.invalid"

#define NAME_SIZE 160
#define SAMPLES 2

struct document {
    char *text; /* NULL: not made yet */
    size_t len;
    unsigned char digest[CRYPT_DIGEST_SIZE];
};

struct openapi {
    struct document documents[MSG_LANG_N];
};

/* A document while it is being made. */
struct maker {
    const struct conf *conf;
    const struct catalog *catalog;
    enum msg_lang lang;
    json_object *tags, *paths;
    json_object *schemas, *parameters, *answers, *bodies; /* among the components */
};

static void add(json_object *to, const char *name, json_object *value)
{
    (void)json_object_object_add(to, name, value);
}

static const char *name_in(const struct maker *m, const char *name, const char *name_en)
{
    return m->lang == MSG_EN && name_en != NULL ? name_en : name;
}

static void add_tag(struct maker *m, const char *name, const char *text)
{
    json_object *tag = json_object_new_object();
    reply_add_text(tag, "name", name);
    reply_add_text(tag, "description", text);
    (void)json_object_array_add(m->tags, tag);
}

/* "prefix.code": what belongs to a category among the components. */
static const char *own(char name[NAME_SIZE], const char *prefix, const char *code)
{
    (void)snprintf(name, NAME_SIZE, "%s.%s", prefix, code);
    return name;
}

/* Calls `use` with each word of a text that has a space between them. */
static void each_word(const char *words, void (*use)(void *context, const char *word), void *context)
{
    char word[NAME_SIZE];
    for (; *words != '\0'; words += strspn(words, " ")) {
        size_t len = strcspn(words, " ");
        (void)snprintf(word, sizeof(word), "%.*s", (int)len, words);
        use(context, word);
        words += len;
    }
}

static void add_problem(void *answers, const char *status)
{
    char name[sizeof(COMPONENT_PROBLEM) + NAME_SIZE];
    (void)snprintf(name, sizeof(name), COMPONENT_PROBLEM "%s", status);
    add(answers, status, component_ref(COMPONENT_ANSWERS, name));
}

/* What may go wrong follows from what the route demands. */
static json_object *make_answers(const struct operation *op, const struct route_facts *route, const struct category *c)
{
    char name[NAME_SIZE];
    json_object *out = json_object_new_object();
    for (size_t i = 0; i < OPERATION_ANSWERS_MAX && op->answers[i].status != NULL; i++) {
        bool typed = c != NULL && strcmp(op->answers[i].name, "Record") == 0;
        add(out, op->answers[i].status,
            component_ref(COMPONENT_ANSWERS, typed ? own(name, "record", c->code) : op->answers[i].name));
    }
    if (op->tag == TAG_CLASSIC)
        return out;
    each_word(op->problems, add_problem, out);
    if (route->media_types != NULL)
        each_word("400 413 415 422", add_problem, out);
    if (route->category)
        add_problem(out, "404");
    if (route->token)
        each_word("401 403 429 500 503", add_problem, out);
    return out;
}

static void add_parameter(void *list, const char *name)
{
    (void)json_object_array_add(list, component_ref(COMPONENT_PARAMETERS, name));
}

/* Those of the path, then the others, then what signs: whatever asks for a token or gives one may be signed. */
static json_object *make_parameters(const struct operation *op, const struct route_facts *route, const struct category *c)
{
    char name[NAME_SIZE];
    json_object *out = json_object_new_array();
    for (const char *p = strchr(op->path, '{'); p != NULL; p = strchr(p + 1, '{')) {
        (void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(p + 1, "}"), p + 1);
        if (c != NULL && strcmp(name, "category") == 0)
            continue;
        if (c != NULL && strcmp(name, "resource") == 0)
            (void)own(name, "resource", c->code);
        add_parameter(out, name);
    }
    each_word(op->parameters, add_parameter, out);
    bool gives_token = op->body == BODY_TOKEN || op->body == BODY_TOKEN_OWN || op->body == BODY_CLASSIC_TOKEN;
    if (route->token || gives_token)
        each_word(op->body == BODY_NONE ? "Signature-Input Signature" : "Content-Digest Signature-Input Signature", add_parameter, out);
    return out;
}

static void add_security(json_object *to, const struct operation *op, const struct route_facts *route)
{
    if (op->body == BODY_TOKEN || op->body == BODY_TOKEN_OWN)
        add(to, "security", json_tokener_parse("[{\"client\":[]},{}]"));
    else if (!route->token)
        add(to, "security", json_object_new_array());
}

static json_object *make_operation(const struct maker *m, const struct operation *op, const struct route_facts *route,
                                   const struct category *c)
{
    char name[NAME_SIZE];
    json_object *out = json_object_new_object();
    json_object *tags = json_object_new_array();
    (void)snprintf(name, sizeof(name), "%s%s%s", op->id, c == NULL ? "" : "_", c == NULL ? "" : c->code);
    for (char *p = name; *p != '\0'; p++)
        *p = *p == '-' ? '_' : *p;
    reply_add_text(out, "operationId", name);
    (void)json_object_array_add(tags, json_object_new_string(c == NULL ? operation_tags[op->tag].name : c->code));
    add(out, "tags", tags);
    reply_add_text(out, "summary", words_in(m->lang, op->summary));
    if (op->text != NULL)
        reply_add_text(out, "description", words_in(m->lang, op->text));
    add(out, "parameters", make_parameters(op, route, c));
    if (op->body != BODY_NONE)
        add(out, "requestBody", component_ref(APIBODY_WHERE, own(name, apibody_names[op->body], c == NULL ? "any" : c->code)));
    add(out, "responses", make_answers(op, route, c));
    add_security(out, op, route);
    return out;
}

/* Puts an operation at its path, whose {category} is the category's code where there is one. */
static void add_operation(struct maker *m, const struct operation *op, const struct route_facts *route, const struct category *c)
{
    static const char parameter[] = "{category}";
    char path[NAME_SIZE], method[16];
    const char *at = c == NULL ? NULL : strstr(op->path, parameter);
    if (at == NULL)
        (void)snprintf(path, sizeof(path), "%s", op->path);
    else
        (void)snprintf(path, sizeof(path), "%.*s%s%s", (int)(at - op->path), op->path, c->code, at + sizeof(parameter) - 1);
    (void)snprintf(method, sizeof(method), "%s", op->method);
    for (char *p = method; *p != '\0'; p++)
        *p = (char)(*p | 0x20);
    json_object *item;
    if (!json_object_object_get_ex(m->paths, path, &item)) {
        item = json_object_new_object();
        add(m->paths, path, item);
    }
    add(item, method, make_operation(m, op, route, c));
}

static void add_paths(struct maker *m)
{
    struct route_facts route;
    for (size_t i = 0; route_facts(i, m->conf, &route); i++) {
        const struct operation *op = operation_find(route.method, route.path);
        if (op == NULL)
            continue;
        if (!op->typed)
            add_operation(m, op, &route, NULL);
        for (size_t k = 0; op->typed && k < m->catalog->category_count; k++)
            if (m->catalog->categories[k]->resource_count > 0)
                add_operation(m, op, &route, m->catalog->categories[k]);
    }
}

static void add_resource_parameter(struct maker *m, const struct category *c)
{
    char name[NAME_SIZE];
    json_object *out = json_object_new_object();
    json_object *schema = json_object_new_object();
    json_object *codes = json_object_new_array();
    json_object *names = json_object_new_object();
    for (size_t i = 0; i < c->resource_count; i++) {
        (void)json_object_array_add(codes, json_object_new_string(c->resources[i].code));
        reply_add_text(names, c->resources[i].code, name_in(m, c->resources[i].name, c->resources[i].name_en));
    }
    reply_add_text(out, "name", "resource");
    reply_add_text(out, "in", "path");
    add(out, "required", json_object_new_boolean(1));
    reply_add_text(schema, "type", "string");
    add(schema, "enum", codes);
    add(schema, "x-codes", names);
    add(out, "schema", schema);
    add(m->parameters, own(name, "resource", c->code), out);
}

/* A stored record with the category's fields in it. */
static void add_record_answer(struct maker *m, const struct category *c)
{
    char name[NAME_SIZE];
    json_object *generic, *out = NULL;
    json_object *both = json_object_new_array();
    json_object *typed = json_object_new_object();
    json_object *properties = json_object_new_object();
    json_object *schema = json_object_new_object();
    (void)json_object_object_get_ex(m->answers, "Record", &generic);
    (void)json_object_deep_copy(generic, &out, NULL);
    add(properties, "record", component_ref(COMPONENT_SCHEMAS, own(name, "fields", c->code)));
    add(typed, "properties", properties);
    (void)json_object_array_add(both, component_ref(COMPONENT_SCHEMAS, "StoredRecord"));
    (void)json_object_array_add(both, typed);
    add(schema, "allOf", both);
    (void)json_pointer_set(&out, "/content/application~1json/schema", schema);
    add(m->answers, own(name, "record", c->code), out);
}

static void add_category(struct maker *m, const struct category *c)
{
    char name[NAME_SIZE];
    json_object *record = json_object_new_object();
    json_object *both = json_object_new_array();
    json_object *sample = sample_load(m->conf, c, SAMPLES);
    add(m->schemas, own(name, "fields", c->code), jsonschema_fields(c, m->lang));
    (void)json_object_array_add(both, component_ref(COMPONENT_SCHEMAS, own(name, "fields", c->code)));
    (void)json_object_array_add(both, json_tokener_parse("{\"required\":[\"id\"]}"));
    add(record, "allOf", both);
    add(m->schemas, own(name, "record", c->code), record);
    add_resource_parameter(m, c);
    add_record_answer(m, c);
    add(m->bodies, own(name, apibody_names[BODY_PUSH], c->code), apibody_push(c, sample));
    add(m->bodies, own(name, apibody_names[BODY_ONE], c->code), apibody_one(c, sample));
    add_tag(m, c->code, name_in(m, c->name, c->name_en));
    json_object_put(sample);
}

/* The first category that has a sample shows the push of the classic profile. */
static void add_bodies(struct maker *m)
{
    char name[NAME_SIZE];
    json_object *sample = NULL;
    const struct category *shown = NULL;
    for (size_t i = 0; sample == NULL && i < m->catalog->category_count; i++) {
        shown = m->catalog->categories[i];
        sample = shown->resource_count == 0 ? NULL : sample_load(m->conf, shown, 1);
    }
    add(m->bodies, own(name, apibody_names[BODY_TOKEN], "any"), apibody_token());
    add(m->bodies, own(name, apibody_names[BODY_TOKEN_OWN], "any"), apibody_own_token());
    add(m->bodies, own(name, apibody_names[BODY_CLASSIC_TOKEN], "any"), apibody_classic_token());
    add(m->bodies, own(name, apibody_names[BODY_CLASSIC_PUSH], "any"), apibody_classic_push(sample == NULL ? NULL : shown, sample));
    json_object_put(sample);
}

static json_object *make_info(enum msg_lang lang)
{
    static const char text[] =
        N_("Get a token with client id and secret, then push records of a category and resource. Errors are application/problem+json "
           "(RFC 9457); `x-errors` lists all their codes. Dates and times follow GB/T 7408.1-2023.");
    json_object *out = json_object_new_object();
    json_object *license = json_object_new_object();
    reply_add_text(out, "title", words_in(lang, N_("Ruku: data exchange interface")));
    reply_add_text(out, "version", PACKAGE_VERSION);
    reply_add_text(out, "description", words_in(lang, text));
    reply_add_text(license, "name", "Apache-2.0");
    reply_add_text(license, "identifier", "Apache-2.0");
    add(out, "license", license);
    return out;
}

static json_object *take_part(json_object *components, const char *name)
{
    json_object *out;
    if (!json_object_object_get_ex(components, name, &out)) {
        out = json_object_new_object();
        add(components, name, out);
    }
    return out;
}

static json_object *make(const struct openapi_want *want)
{
    json_object *out = json_object_new_object();
    json_object *components = component_all(want->lang, BASE_MARK);
    struct maker m = {.conf = want->conf, .catalog = want->catalog, .lang = want->lang, .tags = json_object_new_array(),
                      .paths = json_object_new_object(), .schemas = take_part(components, "schemas"),
                      .parameters = take_part(components, "parameters"), .answers = take_part(components, "responses"),
                      .bodies = take_part(components, "requestBodies")};
    reply_add_text(out, "openapi", "3.1.0");
    add(out, "info", make_info(want->lang));
    add(out, "servers", json_tokener_parse("[{\"url\":\"" BASE_MARK "\"}]"));
    for (size_t i = 0; i < TAG_N; i++)
        add_tag(&m, operation_tags[i].name, words_in(want->lang, operation_tags[i].text));
    for (size_t i = 0; i < want->catalog->category_count; i++)
        if (want->catalog->categories[i]->resource_count > 0)
            add_category(&m, want->catalog->categories[i]);
    for (size_t i = 0; i < want->catalog->codelist_count; i++) {
        char name[NAME_SIZE];
        (void)snprintf(name, sizeof(name), JSONSCHEMA_CODES "%s", want->catalog->codelists[i]->code);
        add(m.schemas, name, jsonschema_codes(want->catalog->codelists[i], want->lang));
    }
    add_bodies(&m);
    add_paths(&m);
    add(components, "securitySchemes", json_tokener_parse(
        "{\"oauth2\":{\"type\":\"oauth2\",\"flows\":{\"clientCredentials\":{\"tokenUrl\":\"" BASE_MARK "/oauth2/token\",\"scopes\":{}}}},"
        "\"client\":{\"type\":\"http\",\"scheme\":\"basic\"}}"));
    add(out, "tags", m.tags);
    add(out, "security", json_tokener_parse("[{\"oauth2\":[]}]"));
    add(out, "paths", m.paths);
    add(out, "components", components);
    add(out, "x-errors", component_errors(want->lang));
    return out;
}

struct openapi *openapi_new(void)
{
    return calloc(1, sizeof(struct openapi));
}

void openapi_free(struct openapi *o)
{
    for (size_t i = 0; o != NULL && i < MSG_LANG_N; i++)
        free(o->documents[i].text);
    free(o);
}

static int need(struct document *d, const struct openapi_want *want, struct err *e)
{
    if (d->text != NULL)
        return 0;
    json_object *document = make(want);
    const char *text = json_object_to_json_string_ext(document, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
    d->text = text == NULL ? NULL : strdup(text);
    json_object_put(document);
    if (d->text == NULL)
        return err_set(e, MSG_INTERNAL, "out of memory for the document of the interface");
    d->len = strlen(d->text);
    crypt_digest(CRYPT_SHA256, d->text, d->len, d->digest);
    return 0;
}

int openapi_tag(struct openapi *o, const struct openapi_want *want, char tag_out[OPENAPI_TAG_SIZE], struct err *e)
{
    struct document *d = &o->documents[want->lang];
    unsigned char digest[CRYPT_DIGEST_SIZE];
    struct buf named, hex;
    if (need(d, want, e) != 0)
        return -1;
    buf_init(&named, (size_t)64 * 1024);
    buf_init(&hex, 2 * CRYPT_DIGEST_SIZE);
    buf_add(&named, d->digest, sizeof(d->digest));
    buf_add_text(&named, want->base);
    crypt_digest(CRYPT_SHA256, buf_text(&named), named.len, digest);
    enc_hex(&hex, digest, CRYPT_DIGEST_SIZE / 2);
    (void)snprintf(tag_out, OPENAPI_TAG_SIZE, "\"%s\"", buf_text(&hex));
    buf_free(&named);
    buf_free(&hex);
    return 0;
}

void openapi_write(const struct openapi *o, const struct openapi_want *want, struct buf *to)
{
    const struct document *d = &o->documents[want->lang];
    const char *at = d->text;
    struct buf base;
    buf_init(&base, (size_t)64 * 1024);
    enc_json(&base, want->base, strlen(want->base));
    for (const char *mark = strstr(at, BASE_MARK); mark != NULL; mark = strstr(at, BASE_MARK)) {
        buf_add(to, at, (size_t)(mark - at));
        buf_add(to, buf_text(&base) + 1, base.len - 2); /* without its quotes */
        at = mark + sizeof(BASE_MARK) - 1;
    }
    buf_add_text(to, at);
    buf_add_char(to, '\n');
    buf_free(&base);
}
