/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "apibody.h"

#include <json.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "category.h"
#include "component.h"
#include "reply.h"
#include "request.h"
#include "xmlout.h"

#include "poison.h"

#define FORM "application/x-www-form-urlencoded"
#define LINES_MAX_BYTES ((size_t)16 * 1024 * 1024)

const char *const apibody_names[BODY_N] = {[BODY_NONE] = "none", [BODY_PUSH] = "push", [BODY_ONE] = "put", [BODY_TOKEN] = "token", [BODY_TOKEN_OWN] = "ownToken",
                                           [BODY_CLASSIC_TOKEN] = "classicToken", [BODY_CLASSIC_PUSH] = "classicPush"};

static void add(json_object *to, const char *name, json_object *value)
{
    (void)json_object_object_add(to, name, value);
}

/* Adds a media type to the content of a body. The example is given up here; NULL: there is none. */
static void add_media(json_object *content, const char *type, json_object *schema, json_object *example)
{
    json_object *media = json_object_new_object();
    add(media, "schema", schema);
    if (example != NULL)
        add(media, "example", example);
    add(content, type, media);
}

static json_object *body_of(json_object *content)
{
    json_object *out = json_object_new_object();
    add(out, "required", json_object_new_boolean(1));
    add(out, "content", content);
    return out;
}

static json_object *category_ref(const char *prefix, const struct category *c)
{
    char name[160];
    (void)snprintf(name, sizeof(name), "%s.%s", prefix, c->code);
    return component_ref(COMPONENT_SCHEMAS, name);
}

/* One record a line. */
static json_object *lines_of(json_object *sample)
{
    struct buf lines;
    if (sample == NULL)
        return NULL;
    buf_init(&lines, LINES_MAX_BYTES);
    for (size_t i = 0; i < json_object_array_length(sample); i++) {
        buf_add_text(&lines, json_object_to_json_string_ext(json_object_array_get_idx(sample, i),
                                                            JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
        buf_add_char(&lines, '\n');
    }
    json_object *out = json_object_new_string(buf_text(&lines));
    buf_free(&lines);
    return out;
}

/* Records as they are pushed in XML; NULL where there are none. */
static json_object *xml_of(json_object *sample, const char *root)
{
    const struct xmlout_names names = {.root = root, .item = "item", .row = "record"};
    struct buf xml;
    size_t len;
    if (sample == NULL)
        return NULL;
    const char *json = json_object_to_json_string_length(sample, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &len);
    buf_init(&xml, LINES_MAX_BYTES);
    json_object *out = json != NULL && xmlout_write(&xml, &names, json, len) == 0 ? json_object_new_string(buf_text(&xml)) : NULL;
    buf_free(&xml);
    return out;
}

json_object *apibody_push(const struct category *c, json_object *sample)
{
    json_object *content = json_object_new_object();
    json_object *schema = json_object_new_object();
    json_object *either = json_object_new_array();
    json_object *list = json_object_new_object();
    reply_add_text(list, "type", "array");
    add(list, "items", category_ref("record", c));
    (void)json_object_array_add(either, list);
    (void)json_object_array_add(either, category_ref("record", c));
    add(schema, "anyOf", either);
    add_media(content, REQUEST_JSON, schema, json_object_get(sample));
    add_media(content, REQUEST_LINES, json_tokener_parse("{\"type\":\"string\"}"), lines_of(sample));
    add_media(content, REQUEST_XML, json_tokener_parse("{\"type\":\"string\"}"), xml_of(sample, "records"));
    return body_of(content);
}

json_object *apibody_one(const struct category *c, json_object *sample)
{
    json_object *content = json_object_new_object();
    json_object *one = sample == NULL ? NULL : json_object_array_get_idx(sample, 0);
    add_media(content, REQUEST_JSON, category_ref("fields", c), json_object_get(one));
    add_media(content, REQUEST_XML, json_tokener_parse("{\"type\":\"string\"}"), xml_of(one, "record"));
    return body_of(content);
}

json_object *apibody_token(void)
{
    json_object *content = json_object_new_object();
    add_media(content, FORM, json_tokener_parse(
        "{\"type\":\"object\",\"properties\":{\"grant_type\":{\"type\":\"string\",\"enum\":[\"client_credentials\"]},"
        "\"client_id\":{\"type\":\"string\"},\"client_secret\":{\"type\":\"string\",\"format\":\"password\"},"
        "\"scope\":{\"type\":\"string\"}},\"required\":[\"grant_type\"]}"),
        json_tokener_parse("{\"grant_type\":\"client_credentials\"}"));
    return body_of(content);
}

json_object *apibody_own_token(void)
{
    json_object *content = json_object_new_object();
    add_media(content, FORM, json_tokener_parse(
        "{\"type\":\"object\",\"properties\":{\"token\":{\"type\":\"string\"},\"token_type_hint\":{\"type\":\"string\"},"
        "\"client_id\":{\"type\":\"string\"},\"client_secret\":{\"type\":\"string\",\"format\":\"password\"}},"
        "\"required\":[\"token\"]}"), NULL);
    return body_of(content);
}

json_object *apibody_classic_token(void)
{
    static const char schema[] =
        "{\"type\":\"object\",\"properties\":{\"client_id\":{\"type\":\"string\"},\"client_secret\":{\"type\":\"string\","
        "\"format\":\"password\"}},\"required\":[\"client_id\",\"client_secret\"]}";
    json_object *content = json_object_new_object();
    add_media(content, REQUEST_JSON, json_tokener_parse(schema), NULL);
    add_media(content, FORM, json_tokener_parse(schema), NULL);
    return body_of(content);
}

json_object *apibody_classic_push(const struct category *c, json_object *sample)
{
    json_object *content = json_object_new_object();
    json_object *example = NULL;
    if (sample != NULL) {
        example = json_object_new_object();
        reply_add_text(example, "category", c->code);
        reply_add_text(example, "resource", c->resources[0].code);
        add(example, "data", json_object_get(sample));
    }
    add_media(content, REQUEST_JSON, json_tokener_parse(
        "{\"type\":\"object\",\"properties\":{\"category\":{\"type\":\"string\"},\"resource\":{\"type\":\"string\"},"
        "\"batch_id\":{\"type\":[\"string\",\"integer\"]},\"data\":{\"type\":[\"array\",\"object\"]}},"
        "\"required\":[\"category\",\"resource\",\"data\"]}"), example);
    return body_of(content);
}
