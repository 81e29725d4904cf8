/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "operation.h"

#include <string.h>

#include "poison.h"

const struct operation_tag_row operation_tags[TAG_N] = {
    [TAG_RECORDS] = {"records", {"记录：推送、读回、撤下、对账", "Records: push, read back, withdraw, reconcile"}},
    [TAG_TOKEN] = {"token", {"令牌", "Tokens"}},
    [TAG_CATEGORIES] = {"categories", {"分类及其字段", "Categories and their fields"}},
    [TAG_RECEIPTS] = {"receipts", {"回执", "Receipts"}},
    [TAG_CLASSIC] = {"classic", {"经典接口", "The classic profile"}},
    [TAG_SERVICE] = {"service", {"服务状态与说明", "State of the service, explanations"}},
};

static const struct operation rows[] = {
    {"POST", "/oauth2/token", "token", TAG_TOKEN, false, BODY_TOKEN, "",
     {{"200", "Token"}, {"400", "TokenRefused"}, {"401", "TokenRefused"}}, "429 503",
     {"取得令牌", "Get a token"},
     {"RFC 6749 第 4.4 节。应用标识和密钥放在 HTTP Basic 或表单中，二者取一，不得放在查询参数中。令牌在 `expires_in` 秒内可反复使用。",
      "RFC 6749 section 4.4. Client id and secret stand in HTTP Basic or in the form, not in both, and never in the query. "
      "A token is good for `expires_in` seconds: use it again."}},
    {"GET", "/v1/categories", "listCategories", TAG_CATEGORIES, false, BODY_NONE, "", {{"200", "Categories"}}, "",
     {"列出分类及其资源", "List the categories with their resources"}, {NULL, NULL}},
    {"GET", "/v1/categories/{category}", "getCategory", TAG_CATEGORIES, false, BODY_NONE, "", {{"200", "Category"}}, "",
     {"一个分类，含其记录的 JSON Schema", "One category, with the JSON Schema of its records"}, {NULL, NULL}},
    {"POST", "/v1/records/{category}/{resource}", "push", TAG_RECORDS, true, BODY_PUSH,
     "Prefer Idempotency-Key Content-Encoding Accept-Language", {{"200", "Pushed"}, {"207", "PushedPartly"}}, "409",
     {"推送记录", "Push records"},
     {"一条记录、一个数组，或每行一条记录（NDJSON）。默认全部入库或全部不入库；`Prefer: handling=lenient` 时合格的入库，不合格的逐条报告。"
      "重复推送是安全的。",
      "One record, an array, or one record a line (NDJSON). All is stored or nothing, unless `Prefer: handling=lenient` asks for what is "
      "good to be stored and the rest to be told. To push again is always safe."}},
    {"GET", "/v1/records/{category}/{resource}", "list", TAG_RECORDS, true, BODY_NONE, "after limit updated_since state",
     {{"200", "Page"}}, "400",
     {"分页列出本应用推送的记录", "List the records of this client, page by page"},
     {"`Accept: application/x-ndjson` 时每行一条记录，下一页的链接在 `Link` 响应头中。",
      "With `Accept: application/x-ndjson` one record a line; the link to the next page is in the header `Link`."}},
    {"PUT", "/v1/records/{category}/{resource}/{id}", "put", TAG_RECORDS, true, BODY_ONE,
     "If-Match If-None-Match Idempotency-Key Content-Encoding Accept-Language", {{"200", "Stored"}, {"201", "Stored"}}, "409 412",
     {"存入一条记录", "Store one record"}, {"请求体中可以省略 `id`。", "The body may leave `id` out."}},
    {"GET", "/v1/records/{category}/{resource}/{id}", "get", TAG_RECORDS, true, BODY_NONE, "If-None-Match",
     {{"200", "Record"}, {"304", "NotModified"}}, "",
     {"读回一条记录", "Read one record back"}, {NULL, NULL}},
    {"DELETE", "/v1/records/{category}/{resource}/{id}", "withdraw", TAG_RECORDS, true, BODY_NONE, "If-Match",
     {{"200", "Record"}}, "400 412",
     {"撤下一条记录", "Withdraw one record"},
     {"记录保留并标为已撤下，不再列出；再次推送即恢复。",
      "The record is kept and marked, and no longer listed. Pushing it again makes it live again."}},
    {"POST", "/v1/validate/{category}/{resource}", "validate", TAG_RECORDS, true, BODY_PUSH,
     "Prefer Content-Encoding Accept-Language", {{"200", "Pushed"}, {"207", "PushedPartly"}}, "",
     {"只校验，不入库", "Check only, store nothing"}, {NULL, NULL}},
    {"POST", "/api/token", "classicToken", TAG_CLASSIC, false, BODY_CLASSIC_TOKEN, "", {{"200", "Classic"}, {"default", "Classic"}}, "",
     {"经典接口：取得令牌", "The classic profile: get a token"},
     {"应答总为 `{\"code\":0,\"msg\":…,\"data\":…}`；HTTP 状态码是否固定为 200 由管理员决定。",
      "An answer is always `{\"code\":0,\"msg\":…,\"data\":…}`; whether its HTTP status is always 200 is up to the administrator."}},
    {"POST", "/api/push", "classicPush", TAG_CLASSIC, false, BODY_CLASSIC_PUSH, "Prefer Idempotency-Key Content-Encoding",
     {{"200", "Classic"}, {"default", "Classic"}}, "",
     {"经典接口：推送记录", "The classic profile: push records"},
     {"分类和资源写在请求体中，位于 `data` 之前；默认合格的入库，不合格的逐条报告。",
      "Category and resource stand in the body, before `data`. What is good is stored and the rest told."}},
    {"GET", "/v1/digest/{category}/{resource}", "digest", TAG_RECORDS, false, BODY_NONE, "from to by", {{"200", "Digest"}}, "400",
     {"对账：每日的记录数和摘要", "Reconcile: the number of records and a digest for each day"}, {NULL, NULL}},
    {"GET", "/v1/batches", "listBatches", TAG_RECEIPTS, false, BODY_NONE, "after limit", {{"200", "Receipts"}}, "400",
     {"分页列出本应用的回执", "List the receipts of this client, page by page"}, {NULL, NULL}},
    {"GET", "/v1/batches/{batch}", "getBatch", TAG_RECEIPTS, false, BODY_NONE, "after limit", {{"200", "Receipt"}}, "400 404",
     {"一次推送的回执，含未入库的记录及原因", "The receipt of a push, with the records that were refused and why"}, {NULL, NULL}},
    {"GET", "/healthz", "health", TAG_SERVICE, false, BODY_NONE, "", {{"200", "State"}}, "",
     {"工作进程在运行", "A worker answers"}, {NULL, NULL}},
    {"GET", "/readyz", "ready", TAG_SERVICE, false, BODY_NONE, "", {{"200", "State"}}, "503",
     {"可以入库", "It can store"}, {NULL, NULL}},
    {"GET", "/problems/{code}", "explainProblem", TAG_SERVICE, false, BODY_NONE, "", {{"200", "Explanation"}}, "400 404",
     {"某个错误代码的含义", "What the code of an error means"}, {NULL, NULL}},
    {"GET", "/openapi.json", "openapi", TAG_SERVICE, false, BODY_NONE, "Accept-Language If-None-Match",
     {{"200", "OpenApi"}, {"304", "NotModified"}}, "",
     {"本文档", "This document"}, {NULL, NULL}},
    {"GET", "/docs", "docs", TAG_SERVICE, false, BODY_NONE, "If-None-Match", {{"200", "Html"}, {"304", "NotModified"}}, "",
     {"供人阅读的本文档", "This document for people"}, {NULL, NULL}},
    {"GET", "/docs/{file}", "docsFile", TAG_SERVICE, false, BODY_NONE, "If-None-Match", {{"200", "File"}, {"304", "NotModified"}}, "404",
     {"该页面的样式和脚本", "Style and script of that page"}, {NULL, NULL}},
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* Compares a path with one whose parameters have no names. */
static bool is_path(const char *named, const char *path)
{
    for (; *named != '\0' && *path != '\0'; named++, path++) {
        if (*named != *path)
            return false;
        if (*named == '{') {
            named = strchr(named, '}');
            path++;
        }
    }
    return *named == *path;
}

const struct operation *operation_find(const char *method, const char *path)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (strcmp(rows[i].method, method) == 0 && is_path(rows[i].path, path))
            return &rows[i];
    return NULL;
}

const struct operation *operation_at(size_t i)
{
    return i < ROW_COUNT ? &rows[i] : NULL;
}
