/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "component.h"

#include <json.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "reply.h"

#include "poison.h"

/* Schemas, as JSON. */
#define TEXT "{\"type\":\"string\"}"
#define TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
#define WORDS(list) "{\"type\":\"string\",\"enum\":[" list "]}"
#define TIME "{\"type\":\"string\",\"format\":\"date-time\"}"
#define DAY "{\"type\":\"string\",\"format\":\"date\"}"
#define NUMBER "{\"type\":\"integer\",\"minimum\":0}"
#define REVISION "{\"type\":\"integer\",\"minimum\":1}"
#define YES_NO "{\"type\":\"boolean\"}"
#define OBJECT "{\"type\":\"object\"}"
#define REF(name) "{\"$ref\":\"" COMPONENT_SCHEMAS name "\"}"
#define LIST(of) "{\"type\":\"array\",\"items\":" of "}"
#define OPTIONAL true

struct member {
    const char *name, *schema;
    const char *text; /* NULL: the name says it */
    bool optional;
};

#define MEMBERS_MAX 16

/* The schema of an object in an answer. */
struct shape {
    const char *name, *base; /* base: the shape whose members it has too, or NULL */
    struct member members[MEMBERS_MAX];
};

#define REQUEST_ID {"request_id", TEXT, N_("tell it to the administrator when you ask"), false}

static const struct shape shapes[] = {
    {"Token", NULL, {{"access_token", TEXT, NULL, false}, {"token_type", WORDS("\"Bearer\""), NULL, false},
        {"expires_in", NUMBER, N_("seconds"), false}, {"scope", TEXT, NULL, OPTIONAL}, REQUEST_ID}},
    {"TokenRefusal", NULL, {
        {"error", WORDS("\"invalid_request\",\"invalid_client\",\"unsupported_grant_type\",\"invalid_scope\",\"unauthorized_client\""), NULL, false},
        {"error_description", TEXT, NULL, false}, {"message", TEXT, NULL, OPTIONAL}, REQUEST_ID}},
    {"IntrospectionAnswer", NULL, {{"active", YES_NO, NULL, false}, {"scope", TEXT, NULL, OPTIONAL},
        {"client_id", TEXT, NULL, OPTIONAL}, {"token_type", WORDS("\"Bearer\""), NULL, OPTIONAL},
        {"exp", NUMBER, N_("seconds since 1970"), OPTIONAL}, {"iat", NUMBER, N_("seconds since 1970"), OPTIONAL}}},
    {"OAuthMetadataAnswer", NULL, {{"issuer", TEXT, NULL, false}, {"token_endpoint", TEXT, NULL, false},
        {"revocation_endpoint", TEXT, NULL, false}, {"introspection_endpoint", TEXT, NULL, false},
        {"service_documentation", TEXT, NULL, false}, {"grant_types_supported", LIST(TEXT), NULL, false},
        {"response_types_supported", LIST(TEXT), NULL, false},
        {"token_endpoint_auth_methods_supported", LIST(TEXT), NULL, false},
        {"revocation_endpoint_auth_methods_supported", LIST(TEXT), NULL, false},
        {"introspection_endpoint_auth_methods_supported", LIST(TEXT), NULL, false}}},
    {"ResourceSummary", NULL, {{"code", TEXT, NULL, false}, {"name", TEXT, NULL, false},
        {"name_en", TEXT, NULL, OPTIONAL}, {"description", TEXT, NULL, OPTIONAL}}},
    {"CategorySummary", "ResourceSummary", {{"version", TEXT, N_("the definition's version"), OPTIONAL},
        {"standard", TEXT, N_("the standard it follows"), OPTIONAL},
        {"resources", LIST(REF("ResourceSummary")), NULL, false}}},
    {"Categories", NULL, {{"categories", LIST(REF("CategorySummary")), NULL, false}, REQUEST_ID}},
    {"Category", "CategorySummary", {{"schema", OBJECT, N_("the JSON Schema (2020-12) of one record"), false},
        REQUEST_ID}},
    {"Counts", NULL, {{"batch", TEXT_OR_NULL, N_("the receipt's number; null where nothing is stored"), false},
        {"category", TEXT, NULL, false}, {"resource", TEXT, NULL, false},
        {"received", NUMBER, N_("records in the push"), false},
        {"created", NUMBER, N_("that were new"), false}, {"updated", NUMBER, N_("that were there with other content"), false},
        {"unchanged", NUMBER, N_("for which nothing had to be stored"), false},
        {"superseded", NUMBER, N_("of these: a later one of the same push has the same id"), false},
        {"stale", NUMBER, N_("of these: its version is older than the stored one"), false},
        {"rejected", NUMBER, N_("that break the rules and are not stored"), false}}},
    {"Fault", NULL, {{"index", NUMBER, N_("which record, counted from 0"), false}, {"id", TEXT_OR_NULL, NULL, false},
        {"pointer", TEXT, N_("where, as a JSON Pointer (RFC 6901)"), false},
        {"code", TEXT, N_("see x-errors"), false}, {"message", TEXT, NULL, false}}},
    {"Result", NULL, {{"index", NUMBER, NULL, false}, {"id", TEXT_OR_NULL, NULL, false},
        {"result", WORDS("\"created\",\"updated\",\"unchanged\",\"stale\",\"superseded\",\"rejected\""), NULL, false},
        {"revision", REVISION, NULL, OPTIONAL}}},
    {"Push", "Counts", {{"errors_total", NUMBER, N_("all faults; errors lists the first 100"), false},
        {"errors", LIST(REF("Fault")), NULL, false},
        {"results", LIST(REF("Result")), N_("with Prefer: return=representation"), OPTIONAL},
        {"revision", REVISION, N_("of a PUT"), OPTIONAL}, REQUEST_ID}},
    {"StoredRecord", NULL, {{"id", TEXT, NULL, false}, {"category", TEXT, NULL, false}, {"resource", TEXT, NULL, false},
        {"revision", REVISION, N_("1 where it is new, one more for each push that changed it"), false},
        {"state", WORDS("\"live\",\"withdrawn\""), NULL, false}, {"batch", TEXT, NULL, false},
        {"created_at", TIME, NULL, false}, {"updated_at", TIME, NULL, false},
        {"version", NUMBER, N_("the sender's own version"), OPTIONAL},
        {"category_version", TEXT, N_("of the category's definition that checked what is stored"), OPTIONAL},
        {"sent", OBJECT, N_("what the sender wrote for times that are stored in another form, by their place in the record (JSON Pointer)"), OPTIONAL},
        {"request_id", TEXT, NULL, OPTIONAL},
        {"record", OBJECT, N_("the record as it is stored"), false}}},
    {"RecordPage", NULL, {{"category", TEXT, NULL, false}, {"resource", TEXT, NULL, false},
        {"records", LIST(REF("StoredRecord")), NULL, false},
        {"next", TEXT_OR_NULL, N_("after of the next page"), false}, REQUEST_ID}},
    {"DayDigest", NULL, {{"day", DAY, NULL, false}, {"count", NUMBER, NULL, false}, {"digest", TEXT, NULL, false}}},
    {"DigestAnswer", NULL, {{"category", TEXT, NULL, false}, {"resource", TEXT, NULL, false},
        {"by", WORDS("\"updated\",\"created\",\"published\""), NULL, false}, {"from", DAY, NULL, false}, {"to", DAY, NULL, false},
        {"hash", WORDS("\"sm3\",\"sha256\""), NULL, false}, {"days", LIST(REF("DayDigest")), NULL, false},
        {"count", NUMBER, NULL, false}, {"digest", TEXT, NULL, false}, REQUEST_ID}},
    {"ReceiptSummary", "Counts", {{"handling", WORDS("\"strict\",\"lenient\""), NULL, false},
        {"complete", YES_NO, N_("the push came to its end"), false},
        {"created_at", TIME, NULL, false}, {"updated_at", TIME, NULL, false}}},
    {"ReceiptPage", NULL, {{"batches", LIST(REF("ReceiptSummary")), NULL, false},
        {"next", TEXT_OR_NULL, NULL, false}, REQUEST_ID}},
    {"KeptFault", NULL, {{"pointer", TEXT, NULL, false}, {"code", TEXT, NULL, false}, {"message", TEXT, NULL, false}}},
    {"Reject", NULL, {{"index", NUMBER, NULL, false}, {"id", TEXT_OR_NULL, NULL, false},
        {"faults", LIST(REF("KeptFault")), NULL, false}}},
    {"ReceiptAnswer", "ReceiptSummary", {{"rejects", LIST(REF("Reject")), N_("the records that were refused"), false},
        {"rejects_next", "{\"type\":[\"integer\",\"null\"]}", NULL, false}, REQUEST_ID}},
    {"ClassicAnswer", NULL, {{"code", NUMBER, N_("0 all is well; 207 some were refused; else as the HTTP status"), false},
        {"msg", TEXT, NULL, false}, {"data", "{\"type\":[\"object\",\"null\"]}", NULL, false}, REQUEST_ID}},
    {"ServiceState", NULL, {{"status", WORDS("\"ok\",\"ready\""), NULL, false}, REQUEST_ID}},
    {"ErrorExplained", NULL, {{"code", TEXT, NULL, false}, {"status", NUMBER, NULL, false}, {"zh", TEXT, NULL, false},
        {"en", TEXT, NULL, false}, REQUEST_ID}},
    {"ProblemDetails", NULL, {{"type", "{\"type\":\"string\",\"format\":\"uri\"}", N_("where the error is explained"), false},
        {"title", TEXT, NULL, false}, {"status", NUMBER, NULL, false},
        {"detail", TEXT, N_("for people"), false}, {"code", TEXT, N_("for programs; it does not change; see x-errors"), false},
        {"received", NUMBER, NULL, OPTIONAL}, {"rejected", NUMBER, NULL, OPTIONAL}, {"errors_total", NUMBER, NULL, OPTIONAL},
        {"errors", LIST(REF("Fault")), NULL, OPTIONAL}, REQUEST_ID}},
};

/* A parameter or a header. */
struct named {
    const char *name, *in; /* in: "query", "header", "path"; NULL: a header of an answer */
    const char *schema;
    const char *text;
};

#define CODE_NAME "{\"type\":\"string\",\"pattern\":\"^[a-z][a-z0-9_-]{0,63}$\"}"

static const struct named parameters[] = {
    {"category", "path", CODE_NAME, N_("the code of a category")},
    {"resource", "path", CODE_NAME, N_("the code of a resource of the category")},
    {"id", "path", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":128}", N_("the sender's own id, percent-encoded")},
    {"batch", "path", TEXT, N_("the number of a receipt")},
    {"code", "path", TEXT, N_("the code of an error")},
    {"file", "path", WORDS("\"docs.css\",\"docs.js\""), N_("the name of a file")},
    {"after", "query", TEXT, N_("what next of the page before says (rejects_next within one receipt)")},
    {"limit", "query", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,\"default\":100}", N_("how many on a page")},
    {"updated_since", "query", TIME, N_("what changed since then, oldest change first")},
    {"state", "query", "{\"type\":\"string\",\"enum\":[\"live\",\"withdrawn\",\"all\"],\"default\":\"live\"}", N_("the state of the records")},
    {"from", "query", DAY, N_("the first day (of +08:00)")},
    {"to", "query", DAY, N_("the last day")},
    {"by", "query", "{\"type\":\"string\",\"enum\":[\"updated\",\"created\",\"published\"],\"default\":\"updated\"}",
     N_("which day a record belongs to: of its last change, first push or publication")},
    {"Prefer", "header", TEXT, N_("RFC 7240: `handling=lenient` stores what is good; `return=representation` lists each record")},
    {"Idempotency-Key", "header", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":257}",
     N_("a name of the push of your own (visible ASCII, in quotes or not): "
      "a repeat under it gets the first answer")},
    {"Content-Encoding", "header", WORDS("\"gzip\",\"identity\""), N_("the body may be compressed with gzip")},
    {"Accept-Language", "header", TEXT, N_("the language of the answer's words: `zh` (where it is not sent) or `en`")},
    {"If-Match", "header", TEXT, N_("the record's revision, such as `\"2\"`, or `*`; else 412")},
    {"If-None-Match", "header", TEXT, N_("an ETag that you have: 304 where nothing changed. With PUT `*`: 412 where there is one already")},
    {"Content-Digest", "header", TEXT, N_("RFC 9530: the body's digest, `sm3` or `sha-256`; a signed request with a body has one")},
    {"Signature-Input", "header", TEXT, N_("RFC 9421: what is signed, with the tag `ruku`; for clients that sign")},
    {"Signature", "header", TEXT, N_("RFC 9421: the signature, HMAC-SM3 or HMAC-SHA256")},
};

static const struct named headers[] = {
    {"ETag", NULL, TEXT, N_("the record's revision, or what names this version of a document")},
    {"Retry-After", NULL, NUMBER, N_("seconds to wait before sending again")},
    {"RateLimit-Policy", NULL, TEXT, N_("what the client may ask for, where the platform limits that")},
    {"RateLimit", NULL, TEXT, N_("what is left of it")},
    {"X-Request-Id", NULL, TEXT, N_("the same as request_id")},
    {"Preference-Applied", NULL, TEXT, N_("the preferences that were followed")},
    {"Idempotent-Replayed", NULL, WORDS("\"true\""), N_("this is the first answer, which was kept")},
    {"Link", NULL, TEXT, N_("the link to the next page (RFC 8288)")},
    {"WWW-Authenticate", NULL, TEXT, N_("RFC 6750 section 3")},
};

/* An answer that is no problem. */
static const struct answer {
    const char *name, *media, *schema; /* schema: the name of a shape, or JSON; NULL: no body */
    const char *headers;
    const char *text;
} answers[] = {
    {"Token", "application/json", "Token", "", N_("The token")},
    {"TokenRefused", "application/json", "TokenRefusal", "", N_("A refusal of RFC 6749 section 5.2")},
    {"Nothing", NULL, NULL, "", N_("It is done; there is nothing to say")},
    {"Introspection", "application/json", "IntrospectionAnswer", "", N_("What the token is")},
    {"OAuthMetadata", "application/json", "OAuthMetadataAnswer", "", N_("Where the endpoints are")},
    {"Categories", "application/json", "Categories", "", N_("All categories")},
    {"Category", "application/json", "Category", "", N_("The category")},
    {"Pushed", "application/json", "Push", "Preference-Applied Idempotent-Replayed", N_("All records were good")},
    {"PushedPartly", "application/json", "Push", "Preference-Applied Idempotent-Replayed",
     N_("Lenient: some records were refused, see errors")},
    {"Stored", "application/json", "Push", "ETag Idempotent-Replayed", N_("It is stored; 201 where it is new")},
    {"Record", "application/json", "StoredRecord", "ETag", N_("The record")},
    {"Page", "application/json", "RecordPage", "Link", N_("One page of records")},
    {"Digest", "application/json", "DigestAnswer", "", N_("The digest of each day")},
    {"Receipts", "application/json", "ReceiptPage", "", N_("One page of receipts")},
    {"Receipt", "application/json", "ReceiptAnswer", "", N_("The receipt")},
    {"Classic", "application/json", "ClassicAnswer", "", N_("An answer of the classic profile")},
    {"State", "application/json", "ServiceState", "", N_("All is well")},
    {"Explanation", "application/json", "ErrorExplained", "", N_("What the error means")},
    {"OpenApi", "application/json", OBJECT, "ETag", N_("An OpenAPI 3.1 document")},
    {"Html", "text/html", TEXT, "ETag", N_("The page")},
    {"File", "*/*", TEXT, "ETag", N_("The file")},
    {"NotModified", NULL, NULL, "ETag", N_("Nothing changed")},
};

/* The problems, by status: an error whose sentence stands as the example, and the headers that come with it. */
static const struct problem {
    int status;
    enum msg_id example;
    const char *headers;
} problems[] = {
    {400, MSG_BODY_EMPTY, ""}, {401, MSG_NO_TOKEN, "WWW-Authenticate"}, {403, MSG_CLIENT_DISABLED, "WWW-Authenticate"},
    {404, MSG_NO_SUCH_PATH, ""}, {409, MSG_KEY_IN_USE, "Retry-After"}, {412, MSG_PRECONDITION, ""}, {413, MSG_BODY_TOO_LARGE, ""},
    {415, MSG_MEDIA_TYPE, ""}, {422, MSG_INVALID_RECORDS, ""}, {429, MSG_TOO_MANY_REQUESTS, "Retry-After RateLimit-Policy RateLimit"}, {500, MSG_INTERNAL, ""},
    {503, MSG_DATABASE_BUSY, "Retry-After"},
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

json_object *component_ref(const char *where, const char *name)
{
    char target[200];
    json_object *out = json_object_new_object();
    (void)snprintf(target, sizeof(target), "%s%s", where, name);
    reply_add_text(out, "$ref", target);
    return out;
}

static void add(json_object *to, const char *name, json_object *value)
{
    (void)json_object_object_add(to, name, value);
}

/* A schema with words beside it. */
static json_object *described(const char *schema, const char *text)
{
    json_object *out = json_tokener_parse(schema);
    if (text != NULL && out != NULL)
        reply_add_text(out, "description", text);
    return out;
}

static json_object *make_shape(const struct shape *shape, enum msg_lang lang)
{
    json_object *out = json_object_new_object();
    json_object *properties = json_object_new_object();
    json_object *required = json_object_new_array();
    reply_add_text(out, "type", "object");
    for (const struct member *m = shape->members; m < shape->members + MEMBERS_MAX && m->name != NULL; m++) {
        add(properties, m->name, described(m->schema, words_in(lang, m->text)));
        if (!m->optional)
            (void)json_object_array_add(required, json_object_new_string(m->name));
    }
    add(out, "properties", properties);
    add(out, "required", required);
    if (shape->base == NULL)
        return out;
    json_object *both = json_object_new_array();
    json_object *extended = json_object_new_object();
    (void)json_object_array_add(both, component_ref(COMPONENT_SCHEMAS, shape->base));
    (void)json_object_array_add(both, out);
    add(extended, "allOf", both);
    return extended;
}

static json_object *make_named(const struct named *row, enum msg_lang lang)
{
    json_object *out = json_object_new_object();
    if (row->in != NULL) {
        reply_add_text(out, "name", row->name);
        reply_add_text(out, "in", row->in);
        if (strcmp(row->in, "path") == 0)
            add(out, "required", json_object_new_boolean(1));
    }
    reply_add_text(out, "description", words_in(lang, row->text));
    add(out, "schema", json_tokener_parse(row->schema));
    return out;
}

/* Names with a space between them, as references. */
static void add_headers(json_object *to, const char *names)
{
    char name[64];
    json_object *out = json_object_new_object();
    add(out, "X-Request-Id", component_ref(COMPONENT_HEADERS, "X-Request-Id"));
    for (; *names != '\0'; names += strspn(names, " ")) {
        size_t len = strcspn(names, " ");
        (void)snprintf(name, sizeof(name), "%.*s", (int)len, names);
        add(out, name, component_ref(COMPONENT_HEADERS, name));
        names += len;
    }
    add(to, "headers", out);
}

/* The same in XML: a text, whose form follows from that in JSON. */
static void add_xml(json_object *content, const char *type)
{
    add(content, type, json_tokener_parse("{\"schema\":" TEXT "}"));
}

/* What OAuth, the classic profile and the document of the interface answer is JSON and nothing else. */
static bool has_xml(const struct answer *row)
{
    static const char *const without[] = {"Token", "TokenRefused", "Introspection", "OAuthMetadata", "Classic", "OpenApi"};
    for (size_t i = 0; i < COUNT_OF(without); i++)
        if (strcmp(row->name, without[i]) == 0)
            return false;
    return strcmp(row->media, "application/json") == 0;
}

static json_object *make_answer(const struct answer *row, enum msg_lang lang)
{
    json_object *out = json_object_new_object();
    reply_add_text(out, "description", words_in(lang, row->text));
    add_headers(out, row->headers);
    if (row->schema == NULL)
        return out;
    json_object *content = json_object_new_object();
    json_object *media = json_object_new_object();
    add(media, "schema", row->schema[0] == '{' ? json_tokener_parse(row->schema) : component_ref(COMPONENT_SCHEMAS, row->schema));
    add(content, row->media, media);
    if (has_xml(row))
        add_xml(content, "application/xml");
    if (strcmp(row->name, "Page") == 0)
        add(content, "application/x-ndjson", json_tokener_parse("{\"schema\":" TEXT "}"));
    add(out, "content", content);
    return out;
}

/* The codes that an error with this status may have, for its description. */
static void list_codes(int status, struct buf *to)
{
    for (int id = MSG_NONE + 1; id < MSG_ID_N; id++)
        if (msg_is_answer((enum msg_id)id) && !msg_is_fault((enum msg_id)id) && reply_status(msg_class((enum msg_id)id)) == status)
            buf_printf(to, "%s`%s`", to->len == 0 ? "" : ", ", msg_code((enum msg_id)id));
}

static json_object *problem_example(const struct problem *row, enum msg_lang lang, const char *base)
{
    json_object *out = json_object_new_object();
    char type[512];
    (void)snprintf(type, sizeof(type), "%s/problems/%s", base, msg_code(row->example));
    reply_add_text(out, "type", type);
    reply_add_text(out, "title", reply_title(row->status, lang));
    add(out, "status", json_object_new_int(row->status));
    reply_add_text(out, "detail", msg_template(row->example, lang));
    reply_add_text(out, "code", msg_code(row->example));
    reply_add_text(out, "request_id", "4udcrIZVPhg06TKoFjZt");
    return out;
}

static json_object *make_problem(const struct problem *row, enum msg_lang lang, const char *base)
{
    json_object *out = json_object_new_object();
    json_object *content = json_object_new_object();
    json_object *media = json_object_new_object();
    struct buf codes, text;
    buf_init(&codes, 4096);
    buf_init(&text, 4096);
    list_codes(row->status, &codes);
    buf_printf(&text, words_in(lang, N_("%s: %s")), reply_title(row->status, lang), buf_text(&codes));
    reply_add_text(out, "description", buf_text(&text));
    add_headers(out, row->headers);
    add(media, "schema", component_ref(COMPONENT_SCHEMAS, "ProblemDetails"));
    add(media, "example", problem_example(row, lang, base));
    add(content, "application/problem+json", media);
    add_xml(content, "application/problem+xml");
    add(out, "content", content);
    buf_free(&codes);
    buf_free(&text);
    return out;
}

json_object *component_all(enum msg_lang lang, const char *base)
{
    json_object *out = json_object_new_object();
    json_object *parts[4];
    static const char *const names[] = {"schemas", "parameters", "headers", "responses"};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        parts[i] = json_object_new_object();
        add(out, names[i], parts[i]);
    }
    for (size_t i = 0; i < COUNT_OF(shapes); i++)
        add(parts[0], shapes[i].name, make_shape(&shapes[i], lang));
    for (size_t i = 0; i < COUNT_OF(parameters); i++)
        add(parts[1], parameters[i].name, make_named(&parameters[i], lang));
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        add(parts[2], headers[i].name, make_named(&headers[i], lang));
    for (size_t i = 0; i < COUNT_OF(answers); i++)
        add(parts[3], answers[i].name, make_answer(&answers[i], lang));
    for (size_t i = 0; i < COUNT_OF(problems); i++) {
        char name[32];
        (void)snprintf(name, sizeof(name), COMPONENT_PROBLEM "%d", problems[i].status);
        add(parts[3], name, make_problem(&problems[i], lang, base));
    }
    return out;
}

json_object *component_errors(enum msg_lang lang)
{
    json_object *out = json_object_new_array();
    for (int id = MSG_NONE + 1; id < MSG_ID_N; id++) {
        if (!msg_is_answer((enum msg_id)id))
            continue;
        json_object *error = json_object_new_object();
        reply_add_text(error, "code", msg_code((enum msg_id)id));
        add(error, "status", json_object_new_int(reply_status(msg_class((enum msg_id)id))));
        reply_add_text(error, "message", msg_template((enum msg_id)id, lang));
        add(error, "record", json_object_new_boolean(msg_is_fault((enum msg_id)id)));
        (void)json_object_array_add(out, error);
    }
    return out;
}
