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
    const char *text[MSG_LANG_N]; /* NULL: the name says it */
    bool optional;
};

#define MEMBERS_MAX 16

/* The schema of an object in an answer. */
struct shape {
    const char *name, *base; /* base: the shape whose members it has too, or NULL */
    struct member members[MEMBERS_MAX];
};

#define REQUEST_ID {"request_id", TEXT, {"询问管理员时请告知", "tell it to the administrator when you ask"}, false}

static const struct shape shapes[] = {
    {"Token", NULL, {{"access_token", TEXT, {NULL, NULL}, false}, {"token_type", WORDS("\"Bearer\""), {NULL, NULL}, false},
        {"expires_in", NUMBER, {"秒", "seconds"}, false}, {"scope", TEXT, {NULL, NULL}, OPTIONAL}, REQUEST_ID}},
    {"TokenRefusal", NULL, {
        {"error", WORDS("\"invalid_request\",\"invalid_client\",\"unsupported_grant_type\",\"invalid_scope\""), {NULL, NULL}, false},
        {"error_description", TEXT, {NULL, NULL}, false}, {"message", TEXT, {NULL, NULL}, OPTIONAL}, REQUEST_ID}},
    {"ResourceSummary", NULL, {{"code", TEXT, {NULL, NULL}, false}, {"name", TEXT, {NULL, NULL}, false},
        {"name_en", TEXT, {NULL, NULL}, OPTIONAL}, {"description", TEXT, {NULL, NULL}, OPTIONAL}}},
    {"CategorySummary", "ResourceSummary", {{"version", TEXT, {"定义的版本", "the definition's version"}, OPTIONAL},
        {"standard", TEXT, {"所依据的标准", "the standard it follows"}, OPTIONAL},
        {"resources", LIST(REF("ResourceSummary")), {NULL, NULL}, false}}},
    {"Categories", NULL, {{"categories", LIST(REF("CategorySummary")), {NULL, NULL}, false}, REQUEST_ID}},
    {"Category", "CategorySummary", {{"schema", OBJECT, {"一条记录的 JSON Schema（2020-12）", "the JSON Schema (2020-12) of one record"}, false},
        REQUEST_ID}},
    {"Counts", NULL, {{"batch", TEXT_OR_NULL, {"批次号（回执）；只校验时为 null", "the receipt's number; null where nothing is stored"}, false},
        {"category", TEXT, {NULL, NULL}, false}, {"resource", TEXT, {NULL, NULL}, false},
        {"received", NUMBER, {"收到的记录数", "records in the push"}, false},
        {"created", NUMBER, {"新增", "that were new"}, false}, {"updated", NUMBER, {"更新", "that were there with other content"}, false},
        {"unchanged", NUMBER, {"无须改动", "for which nothing had to be stored"}, false},
        {"superseded", NUMBER, {"其中被同次推送中后一条同 id 记录取代的", "of these: a later one of the same push has the same id"}, false},
        {"stale", NUMBER, {"其中版本早于已存记录的", "of these: its version is older than the stored one"}, false},
        {"rejected", NUMBER, {"不合规定，未入库", "that break the rules and are not stored"}, false}}},
    {"Fault", NULL, {{"index", NUMBER, {"记录的序号，从 0 起", "which record, counted from 0"}, false}, {"id", TEXT_OR_NULL, {NULL, NULL}, false},
        {"pointer", TEXT, {"出错之处，JSON Pointer（RFC 6901）", "where, as a JSON Pointer (RFC 6901)"}, false},
        {"code", TEXT, {"见 x-errors", "see x-errors"}, false}, {"message", TEXT, {NULL, NULL}, false}}},
    {"Result", NULL, {{"index", NUMBER, {NULL, NULL}, false}, {"id", TEXT_OR_NULL, {NULL, NULL}, false},
        {"result", WORDS("\"created\",\"updated\",\"unchanged\",\"stale\",\"superseded\",\"rejected\""), {NULL, NULL}, false},
        {"revision", REVISION, {NULL, NULL}, OPTIONAL}}},
    {"Push", "Counts", {{"errors_total", NUMBER, {"错误总数；errors 只列前 100 个", "all faults; errors lists the first 100"}, false},
        {"errors", LIST(REF("Fault")), {NULL, NULL}, false},
        {"results", LIST(REF("Result")), {"Prefer: return=representation 时逐条列出", "with Prefer: return=representation"}, OPTIONAL},
        {"revision", REVISION, {"仅用于 PUT", "of a PUT"}, OPTIONAL}, REQUEST_ID}},
    {"StoredRecord", NULL, {{"id", TEXT, {NULL, NULL}, false}, {"category", TEXT, {NULL, NULL}, false}, {"resource", TEXT, {NULL, NULL}, false},
        {"revision", REVISION, {"新增为 1，每次改动加 1", "1 where it is new, one more for each push that changed it"}, false},
        {"state", WORDS("\"live\",\"withdrawn\""), {NULL, NULL}, false}, {"batch", TEXT, {NULL, NULL}, false},
        {"created_at", TIME, {NULL, NULL}, false}, {"updated_at", TIME, {NULL, NULL}, false},
        {"version", NUMBER, {"发送方自己的版本", "the sender's own version"}, OPTIONAL}, {"category_version", TEXT, {"校验所存内容时分类定义的版本", "of the category's definition that checked what is stored"}, OPTIONAL},
        {"sent", OBJECT, {"发送方原来的写法：以规范写法存储的日期和时间，按其在记录中的位置（JSON Pointer）列出",
            "what the sender wrote for times that are stored in another form, by their place in the record (JSON Pointer)"}, OPTIONAL},
        {"request_id", TEXT, {NULL, NULL}, OPTIONAL},
        {"record", OBJECT, {"所存的记录", "the record as it is stored"}, false}}},
    {"RecordPage", NULL, {{"category", TEXT, {NULL, NULL}, false}, {"resource", TEXT, {NULL, NULL}, false},
        {"records", LIST(REF("StoredRecord")), {NULL, NULL}, false},
        {"next", TEXT_OR_NULL, {"下一页的 after", "after of the next page"}, false}, REQUEST_ID}},
    {"DayDigest", NULL, {{"day", DAY, {NULL, NULL}, false}, {"count", NUMBER, {NULL, NULL}, false}, {"digest", TEXT, {NULL, NULL}, false}}},
    {"DigestAnswer", NULL, {{"category", TEXT, {NULL, NULL}, false}, {"resource", TEXT, {NULL, NULL}, false},
        {"by", WORDS("\"updated\",\"created\",\"published\""), {NULL, NULL}, false}, {"from", DAY, {NULL, NULL}, false}, {"to", DAY, {NULL, NULL}, false},
        {"hash", WORDS("\"sm3\",\"sha256\""), {NULL, NULL}, false}, {"days", LIST(REF("DayDigest")), {NULL, NULL}, false},
        {"count", NUMBER, {NULL, NULL}, false}, {"digest", TEXT, {NULL, NULL}, false}, REQUEST_ID}},
    {"ReceiptSummary", "Counts", {{"handling", WORDS("\"strict\",\"lenient\""), {NULL, NULL}, false},
        {"complete", YES_NO, {"推送已读到末尾", "the push came to its end"}, false},
        {"created_at", TIME, {NULL, NULL}, false}, {"updated_at", TIME, {NULL, NULL}, false}}},
    {"ReceiptPage", NULL, {{"batches", LIST(REF("ReceiptSummary")), {NULL, NULL}, false},
        {"next", TEXT_OR_NULL, {NULL, NULL}, false}, REQUEST_ID}},
    {"KeptFault", NULL, {{"pointer", TEXT, {NULL, NULL}, false}, {"code", TEXT, {NULL, NULL}, false}, {"message", TEXT, {NULL, NULL}, false}}},
    {"Reject", NULL, {{"index", NUMBER, {NULL, NULL}, false}, {"id", TEXT_OR_NULL, {NULL, NULL}, false},
        {"faults", LIST(REF("KeptFault")), {NULL, NULL}, false}}},
    {"ReceiptAnswer", "ReceiptSummary", {{"rejects", LIST(REF("Reject")), {"未入库的记录", "the records that were refused"}, false},
        {"rejects_next", "{\"type\":[\"integer\",\"null\"]}", {NULL, NULL}, false}, REQUEST_ID}},
    {"ClassicAnswer", NULL, {{"code", NUMBER, {"0 成功；207 部分未入库；其余同 HTTP 状态码", "0 all is well; 207 some were refused; else as the HTTP status"}, false},
        {"msg", TEXT, {NULL, NULL}, false}, {"data", "{\"type\":[\"object\",\"null\"]}", {NULL, NULL}, false}, REQUEST_ID}},
    {"ServiceState", NULL, {{"status", WORDS("\"ok\",\"ready\""), {NULL, NULL}, false}, REQUEST_ID}},
    {"ErrorExplained", NULL, {{"code", TEXT, {NULL, NULL}, false}, {"status", NUMBER, {NULL, NULL}, false}, {"zh", TEXT, {NULL, NULL}, false},
        {"en", TEXT, {NULL, NULL}, false}, REQUEST_ID}},
    {"ProblemDetails", NULL, {{"type", "{\"type\":\"string\",\"format\":\"uri\"}", {"该错误说明的地址", "where the error is explained"}, false},
        {"title", TEXT, {NULL, NULL}, false}, {"status", NUMBER, {NULL, NULL}, false},
        {"detail", TEXT, {"给人看的说明", "for people"}, false}, {"code", TEXT, {"给程序看的代码，不会改变；见 x-errors", "for programs; it does not change; see x-errors"}, false},
        {"received", NUMBER, {NULL, NULL}, OPTIONAL}, {"rejected", NUMBER, {NULL, NULL}, OPTIONAL}, {"errors_total", NUMBER, {NULL, NULL}, OPTIONAL},
        {"errors", LIST(REF("Fault")), {NULL, NULL}, OPTIONAL}, REQUEST_ID}},
};

/* A parameter or a header. */
struct named {
    const char *name, *in; /* in: "query", "header", "path"; NULL: a header of an answer */
    const char *schema;
    const char *text[MSG_LANG_N];
};

#define CODE_NAME "{\"type\":\"string\",\"pattern\":\"^[a-z][a-z0-9_-]{0,63}$\"}"

static const struct named parameters[] = {
    {"category", "path", CODE_NAME, {"分类代码", "the code of a category"}},
    {"resource", "path", CODE_NAME, {"该分类下的资源代码", "the code of a resource of the category"}},
    {"id", "path", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":128}", {"发送方自己的 id，百分号编码", "the sender's own id, percent-encoded"}},
    {"batch", "path", TEXT, {"批次号", "the number of a receipt"}},
    {"code", "path", TEXT, {"错误代码", "the code of an error"}},
    {"file", "path", WORDS("\"docs.css\",\"docs.js\""), {"文件名", "the name of a file"}},
    {"after", "query", TEXT, {"上一页给出的 next（读单个回执时为 rejects_next）", "what next of the page before says (rejects_next within one receipt)"}},
    {"limit", "query", "{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000,\"default\":100}", {"每页条数", "how many on a page"}},
    {"updated_since", "query", TIME, {"自此时刻起有改动的记录，按改动时间排列", "what changed since then, oldest change first"}},
    {"state", "query", "{\"type\":\"string\",\"enum\":[\"live\",\"withdrawn\",\"all\"],\"default\":\"live\"}", {"记录状态", "the state of the records"}},
    {"from", "query", DAY, {"起始日（+08:00）", "the first day (of +08:00)"}},
    {"to", "query", DAY, {"截止日（含）", "the last day"}},
    {"by", "query", "{\"type\":\"string\",\"enum\":[\"updated\",\"created\",\"published\"],\"default\":\"updated\"}",
     {"按改动、首次推送还是发布时间归日", "which day a record belongs to: of its last change, first push or publication"}},
    {"Prefer", "header", TEXT, {"RFC 7240：`handling=lenient` 合格的入库；`return=representation` 逐条列出结果",
     "RFC 7240: `handling=lenient` stores what is good; `return=representation` lists each record"}},
    {"Idempotency-Key", "header", "{\"type\":\"string\",\"minLength\":1,\"maxLength\":257}",
     {"发送方自定的推送标识（可见 ASCII 字符，可加双引号）；以同一标识重发得到首次的应答", "a name of the push of your own (visible ASCII, in quotes or not): "
      "a repeat under it gets the first answer"}},
    {"Content-Encoding", "header", WORDS("\"gzip\",\"identity\""), {"请求体可用 gzip 压缩", "the body may be compressed with gzip"}},
    {"Accept-Language", "header", TEXT, {"应答文字的语言：`zh`（默认）或 `en`", "the language of the answer's words: `zh` (where it is not sent) or `en`"}},
    {"If-Match", "header", TEXT, {"记录的修订号，如 `\"2\"`，或 `*`：不符则 412", "the record's revision, such as `\"2\"`, or `*`; else 412"}},
    {"If-None-Match", "header", TEXT, {"已有的 ETag：未变则 304；PUT 时为 `*`：已有记录则 412",
     "an ETag that you have: 304 where nothing changed. With PUT `*`: 412 where there is one already"}},
};

static const struct named headers[] = {
    {"ETag", NULL, TEXT, {"记录的修订号，或文档的标识", "the record's revision, or what names this version of a document"}},
    {"Retry-After", NULL, NUMBER, {"等待多少秒后重发", "seconds to wait before sending again"}},
    {"X-Request-Id", NULL, TEXT, {"同 request_id", "the same as request_id"}},
    {"Preference-Applied", NULL, TEXT, {"所采用的 Prefer", "the preferences that were followed"}},
    {"Idempotent-Replayed", NULL, WORDS("\"true\""), {"这是所存的首次应答", "this is the first answer, which was kept"}},
    {"Link", NULL, TEXT, {"下一页的链接（RFC 8288）", "the link to the next page (RFC 8288)"}},
    {"WWW-Authenticate", NULL, TEXT, {"RFC 6750 第 3 节", "RFC 6750 section 3"}},
};

/* An answer that is no problem. */
static const struct answer {
    const char *name, *media, *schema; /* schema: the name of a shape, or JSON; NULL: no body */
    const char *headers;
    const char *text[MSG_LANG_N];
} answers[] = {
    {"Token", "application/json", "Token", "", {"令牌", "The token"}},
    {"TokenRefused", "application/json", "TokenRefusal", "", {"RFC 6749 第 5.2 节的拒绝", "A refusal of RFC 6749 section 5.2"}},
    {"Categories", "application/json", "Categories", "", {"全部分类", "All categories"}},
    {"Category", "application/json", "Category", "", {"该分类", "The category"}},
    {"Pushed", "application/json", "Push", "Preference-Applied Idempotent-Replayed", {"全部合格", "All records were good"}},
    {"PushedPartly", "application/json", "Push", "Preference-Applied Idempotent-Replayed",
     {"宽松方式：部分记录未入库，见 errors", "Lenient: some records were refused, see errors"}},
    {"Stored", "application/json", "Push", "ETag Idempotent-Replayed", {"已存入；201 为新增", "It is stored; 201 where it is new"}},
    {"Record", "application/json", "StoredRecord", "ETag", {"该记录", "The record"}},
    {"Page", "application/json", "RecordPage", "Link", {"一页记录", "One page"}},
    {"Digest", "application/json", "DigestAnswer", "", {"每日的摘要", "The digest of each day"}},
    {"Receipts", "application/json", "ReceiptPage", "", {"一页回执", "One page"}},
    {"Receipt", "application/json", "ReceiptAnswer", "", {"该回执", "The receipt"}},
    {"Classic", "application/json", "ClassicAnswer", "", {"经典接口的应答", "An answer of the classic profile"}},
    {"State", "application/json", "ServiceState", "", {"正常", "All is well"}},
    {"Explanation", "application/json", "ErrorExplained", "", {"该错误的含义", "What the error means"}},
    {"OpenApi", "application/json", OBJECT, "ETag", {"OpenAPI 3.1 文档", "An OpenAPI 3.1 document"}},
    {"Html", "text/html", TEXT, "ETag", {"网页", "The page"}},
    {"File", "*/*", TEXT, "ETag", {"文件", "The file"}},
    {"NotModified", NULL, NULL, "ETag", {"未变", "Nothing changed"}},
};

/* The problems, by status: an error whose sentence stands as the example, and the headers that come with it. */
static const struct problem {
    int status;
    enum msg_id example;
    const char *headers;
} problems[] = {
    {400, MSG_BODY_EMPTY, ""}, {401, MSG_NO_TOKEN, "WWW-Authenticate"}, {403, MSG_CLIENT_DISABLED, "WWW-Authenticate"},
    {404, MSG_NO_SUCH_PATH, ""}, {409, MSG_KEY_IN_USE, "Retry-After"}, {412, MSG_PRECONDITION, ""}, {413, MSG_BODY_TOO_LARGE, ""},
    {415, MSG_MEDIA_TYPE, ""}, {422, MSG_INVALID_RECORDS, ""}, {429, MSG_TOO_MANY_REQUESTS, "Retry-After"}, {500, MSG_INTERNAL, ""},
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
        add(properties, m->name, described(m->schema, m->text[lang]));
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
    reply_add_text(out, "description", row->text[lang]);
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

static json_object *make_answer(const struct answer *row, enum msg_lang lang)
{
    json_object *out = json_object_new_object();
    reply_add_text(out, "description", row->text[lang]);
    add_headers(out, row->headers);
    if (row->schema == NULL)
        return out;
    json_object *content = json_object_new_object();
    json_object *media = json_object_new_object();
    add(media, "schema", row->schema[0] == '{' ? json_tokener_parse(row->schema) : component_ref(COMPONENT_SCHEMAS, row->schema));
    add(content, row->media, media);
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
    buf_printf(&text, "%s: %s", reply_title(row->status, lang), buf_text(&codes));
    reply_add_text(out, "description", buf_text(&text));
    add_headers(out, row->headers);
    add(media, "schema", component_ref(COMPONENT_SCHEMAS, "ProblemDetails"));
    add(media, "example", problem_example(row, lang, base));
    add(content, "application/problem+json", media);
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
