/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "msg.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

#include "poison.h"

static const struct row {
    const char *code;
    enum msg_class class;
    const char *text[MSG_LANG_N];
} rows[MSG_ID_N] = {
    [MSG_NONE] = {"none", CLASS_INTERNAL, {"", ""}},
    [MSG_NO_TOKEN] = {"no_token", CLASS_AUTH,
        {"请求没有携带令牌；请先调用 /oauth2/token 取得令牌，再放入 Authorization: Bearer 请求头。",
         "The request carries no token: get one from /oauth2/token and send it as Authorization: Bearer."}},
    [MSG_INVALID_TOKEN] = {"invalid_token", CLASS_AUTH,
        {"令牌无效、已过期或已撤销；请重新申请令牌。",
         "The token is unknown, expired or revoked: ask for a new one."}},
    [MSG_BAD_AUTHORIZATION] = {"bad_authorization", CLASS_INPUT,
        {"Authorization 请求头格式不正确，或出现了不止一个。",
         "The Authorization header is malformed, or there is more than one."}},
    [MSG_NOT_GRANTED] = {"not_granted", CLASS_DENIED,
        {"应用未获授权访问 {category}/{resource}；请联系平台管理员授权。",
         "The client is not granted {category}/{resource}: ask the platform's administrator for it."}},
    [MSG_ADDRESS_NOT_ALLOWED] = {"address_not_allowed", CLASS_DENIED,
        {"应用不允许从地址 {address} 调用；请联系平台管理员登记该地址。",
         "The client may not call from {address}: ask the platform's administrator to add this address."}},
    [MSG_CLIENT_DISABLED] = {"client_disabled", CLASS_DENIED,
        {"应用已停用；请联系平台管理员。",
         "The client is disabled: ask the platform's administrator."}},
    [MSG_NO_SUCH_PATH] = {"no_such_path", CLASS_MISSING,
        {"没有这个接口路径。",
         "There is nothing at this path."}},
    [MSG_BAD_PATH] = {"bad_path", CLASS_INPUT,
        {"路径中有一段不是百分号编码的 UTF-8 文本。", "A part of the path is not percent-encoded UTF-8 text."}},
    [MSG_NO_SUCH_CATEGORY] = {"no_such_category", CLASS_MISSING,
        {"没有分类“{category}”；GET /v1/categories 可列出全部分类。",
         "There is no category \"{category}\": GET /v1/categories lists them."}},
    [MSG_NO_SUCH_RESOURCE] = {"no_such_resource", CLASS_MISSING,
        {"分类“{category}”下没有资源“{resource}”；GET /v1/categories/{category} 可列出其资源。",
         "Category \"{category}\" has no resource \"{resource}\": GET /v1/categories/{category} lists them."}},
    [MSG_NO_SUCH_RECORD] = {"no_such_record", CLASS_MISSING,
        {"本应用在该资源下没有 id 为“{id}”的记录。",
         "This client has no record with the id \"{id}\" in this resource."}},
    [MSG_NO_SUCH_PROBLEM] = {"no_such_problem", CLASS_MISSING,
        {"没有代码为“{code}”的问题说明。",
         "There is no problem with the code \"{code}\"."}},
    [MSG_METHOD_NOT_ALLOWED] = {"method_not_allowed", CLASS_METHOD,
        {"该路径不支持 {method} 方法；允许的方法：{allow}。",
         "This path does not take {method}; it takes {allow}."}},
    [MSG_METHOD_UNKNOWN] = {"method_unknown", CLASS_UNKNOWN,
        {"不认识的请求方法 {method}。",
         "The method {method} is not known here."}},
    [MSG_JSON_SYNTAX] = {"json_syntax", CLASS_INPUT,
        {"请求体不是合法的 JSON：第 {offset} 字节处有语法错误。",
         "The body is not JSON: syntax error at byte {offset}."}},
    [MSG_JSON_ENDS] = {"json_ends", CLASS_INPUT,
        {"请求体不是完整的 JSON：在第 {offset} 字节处就结束了。",
         "The body is not complete JSON: it ends at byte {offset}."}},
    [MSG_JSON_UTF8] = {"json_utf8", CLASS_INPUT,
        {"请求体不是合法的 UTF-8：第 {offset} 字节处；请以 UTF-8 编码发送。",
         "The body is not UTF-8 at byte {offset}: send it encoded as UTF-8."}},
    [MSG_JSON_CONTROL] = {"json_control", CLASS_INPUT,
        {"JSON 字符串中第 {offset} 字节处有未转义的控制字符。",
         "A JSON string holds a bare control character at byte {offset}: escape it."}},
    [MSG_JSON_ESCAPE] = {"json_escape", CLASS_INPUT,
        {"JSON 字符串中第 {offset} 字节处的转义不合法。",
         "A JSON string holds an escape that JSON does not know at byte {offset}."}},
    [MSG_JSON_SURROGATE] = {"json_surrogate", CLASS_INPUT,
        {"JSON 字符串中第 {offset} 字节处有不成对的代理项。",
         "A JSON string holds a lone surrogate at byte {offset}."}},
    [MSG_JSON_NONCHARACTER] = {"json_noncharacter", CLASS_INPUT,
        {"JSON 字符串中第 {offset} 字节处有 Unicode 非字符。",
         "A JSON string holds a Unicode noncharacter at byte {offset}."}},
    [MSG_JSON_NUL] = {"json_nul", CLASS_INPUT,
        {"JSON 字符串中第 {offset} 字节处有 NUL（\\u0000），不能入库。",
         "A JSON string holds NUL (\\u0000) at byte {offset}, which is not stored."}},
    [MSG_JSON_NUMBER] = {"json_number", CLASS_INPUT,
        {"第 {offset} 字节处的数字不合 JSON 语法。",
         "The number at byte {offset} is not a JSON number."}},
    [MSG_JSON_DUPLICATE] = {"json_duplicate", CLASS_INPUT,
        {"第 {offset} 字节处的成员名“{name}”在同一对象中重复出现。",
         "The member name \"{name}\" at byte {offset} stands twice in one object."}},
    [MSG_JSON_DEPTH] = {"json_depth", CLASS_INPUT,
        {"第 {offset} 字节处的 JSON 嵌套超过 {limit} 层。",
         "The JSON at byte {offset} is nested deeper than {limit} levels."}},
    [MSG_JSON_MEMBERS] = {"json_members", CLASS_INPUT,
        {"第 {offset} 字节处：一条记录的成员超过 {limit} 个。",
         "A record has more than {limit} members at byte {offset}."}},
    [MSG_JSON_TRAILING] = {"json_trailing", CLASS_INPUT,
        {"JSON 在第 {offset} 字节处已经结束，其后还有内容。",
         "The JSON is complete at byte {offset}, yet more bytes follow."}},
    [MSG_BODY_EMPTY] = {"body_empty", CLASS_INPUT,
        {"请求体为空；请发送一个 JSON 对象或数组。",
         "The body is empty: send a JSON object or an array."}},
    [MSG_GZIP_BROKEN] = {"gzip_broken", CLASS_INPUT,
        {"请求体不是完整的 gzip：压缩数据在第 {offset} 字节处出错或中断。",
         "The body is not complete gzip: the compressed bytes are wrong or end at byte {offset}."}},
    [MSG_GZIP_RATIO] = {"gzip_ratio", CLASS_TOO_LARGE,
        {"gzip 解压后超过压缩数据的 {limit} 倍，不予接受；请不压缩发送。",
         "The gzip expands to more than {limit} times its size, which is not taken: send the body uncompressed."}},
    [MSG_BODY_SHORT] = {"body_short", CLASS_INPUT,
        {"请求体声明 {announced} 字节，只收到 {got} 字节；请重发。",
         "The body was announced with {announced} bytes and ended after {got}: send it again."}},
    [MSG_BODY_LONG] = {"body_long", CLASS_INPUT,
        {"请求体声明 {announced} 字节，收到的却更多；请重发。",
         "The body was announced with {announced} bytes and has more: send it again."}},
    [MSG_BODY_CUT] = {"body_cut", CLASS_GONE,
        {"连接在收到 {got} 字节后中断；请重发。",
         "The connection was cut after {got} bytes of the body: send it again."}},
    [MSG_BAD_LENGTH] = {"bad_length", CLASS_INPUT,
        {"Content-Length 不是一个合法的长度。",
         "Content-Length is not a length."}},
    [MSG_BODY_TOO_LARGE] = {"body_too_large", CLASS_TOO_LARGE,
        {"请求体超过 {limit} 字节的上限；请分批推送。",
         "The body is over the limit of {limit} bytes: push it in parts."}},
    [MSG_RECORD_TOO_LARGE] = {"record_too_large", CLASS_TOO_LARGE,
        {"第 {index} 条记录（从 0 起）超过单条 {limit} 字节的上限。",
         "Record {index} (counted from 0) is over the limit of {limit} bytes a record."}},
    [MSG_MEDIA_TYPE] = {"media_type", CLASS_UNSUPPORTED,
        {"不接受内容类型“{type}”；请使用 {accept}（UTF-8）。",
         "The content type \"{type}\" is not taken: send {accept} in UTF-8."}},
    [MSG_CONTENT_CODING] = {"content_coding", CLASS_UNSUPPORTED,
        {"不接受内容编码“{coding}”；请用 gzip 或不压缩发送。",
         "The content coding \"{coding}\" is not taken: send the body with gzip or uncompressed."}},
    [MSG_INVALID_RECORDS] = {"invalid_records", CLASS_INVALID,
        {"收到 {received} 条记录，其中 {rejected} 条不合分类“{category}”的规定；没有入库。请按 errors 逐条改正后重发。",
         "Of {received} records, {rejected} break the rules of category \"{category}\": nothing was stored. "
         "Correct what errors lists and send the push again."}},
    [MSG_BAD_QUERY] = {"bad_query", CLASS_INPUT,
        {"查询参数重复、过长，或不是百分号编码的 UTF-8。",
         "A query parameter stands twice, is too long or is not percent-encoded UTF-8."}},
    [MSG_BAD_CURSOR] = {"bad_cursor", CLASS_INPUT,
        {"查询参数 after 应为上一页给出的 {want}；第一页不要带该参数。",
         "The query parameter after takes the {want} of the page before; leave it out for the first page."}},
    [MSG_CLASSIC_OBJECT] = {"classic_not_object", CLASS_INPUT,
        {"请求体应为一个 JSON 对象，依次含 category、resource、data。",
         "The body is one JSON object with category, resource and then data."}},
    [MSG_CLASSIC_TEXT] = {"classic_bad_member", CLASS_INPUT,
        {"成员 {name} 应为 1 至 {limit} 字节的文本（字节 {offset} 处）；batch_id 也可以是数字。",
         "The member {name} is a text of 1 to {limit} bytes (at byte {offset}); batch_id may be a number."}},
    [MSG_CLASSIC_MEMBER] = {"classic_unknown_member", CLASS_INPUT,
        {"不认识成员“{name}”（字节 {offset} 处）；应为 category、resource、batch_id、data。",
         "The member \"{name}\" at byte {offset} is not known: the body has category, resource, batch_id and data."}},
    [MSG_CLASSIC_MISSING] = {"classic_missing_member", CLASS_INPUT,
        {"在字节 {offset} 之前缺少成员 {name}；category 和 resource 应放在 data 之前，data 之前不超过 8 KiB。",
         "The member {name} is missing before byte {offset}: category and resource come before data, within 8 KiB."}},
    [MSG_CLASSIC_AFTER_DATA] = {"classic_after_data", CLASS_INPUT,
        {"data 应为最后一个成员（字节 {offset} 处）；请把其他成员移到它之前。",
         "data is the last member (byte {offset}): put the others before it."}},
    [MSG_BAD_PRECONDITION] = {"bad_precondition", CLASS_INPUT,
        {"{name} 请求头应为记录的修订号，如 \"2\"，或 *。",
         "The header {name} takes a record's revision, such as \"2\", or *."}},
    [MSG_PRECONDITION_ON_PUSH] = {"precondition_on_push", CLASS_INPUT,
        {"{name} 请求头只用于单条记录；推送多条记录时请去掉它，需要防止旧数据覆盖新数据时在记录中带 version。",
         "The header {name} is for one record at its own path: leave it out of a push. A record's version keeps older data from replacing newer."}},
    [MSG_BAD_PARAMETER] = {"bad_parameter", CLASS_INPUT,
        {"查询参数 {name} 的值“{got}”不正确；应为 {want}。",
         "The query parameter {name} cannot be \"{got}\": it takes {want}."}},
    [MSG_BAD_KEY] = {"bad_idempotency_key", CLASS_INPUT,
        {"Idempotency-Key 应为 1 至 {limit} 个可见 ASCII 字符，可加双引号。",
         "Idempotency-Key is 1 to {limit} visible ASCII characters, in quotes or not."}},
    [MSG_KEY_IN_USE] = {"idempotency_key_in_use", CLASS_CONFLICT,
        {"携带同一 Idempotency-Key 的请求仍在处理；请在 {seconds} 秒后重试。",
         "A request with this Idempotency-Key is still under way: try again in {seconds} seconds."}},
    [MSG_KEY_REUSED] = {"idempotency_key_reused", CLASS_INVALID,
        {"该 Idempotency-Key 已用于另一个内容不同的请求（批次 {batch}）；请换用新的值。",
         "This Idempotency-Key was used for another request with other content (batch {batch}): take a new key."}},
    [MSG_NO_SUCH_BATCH] = {"no_such_batch", CLASS_MISSING,
        {"本应用没有批次“{batch}”，或其回执已过保存期。",
         "This client has no batch \"{batch}\", or its receipt is past the time that receipts are kept."}},
    [MSG_PRECONDITION] = {"precondition_failed", CLASS_PRECONDITION,
        {"记录“{id}”的现状（{state}）不满足请求的前提条件；请重新读取后再试。",
         "The record \"{id}\" as it is ({state}) is not what the request demands: read it again first."}},
    [MSG_TOO_MANY_REQUESTS] = {"too_many_requests", CLASS_LIMITED,
        {"请求过于频繁：每分钟最多 {limit} 次；请在 {seconds} 秒后重试。",
         "Too many requests: at most {limit} a minute. Try again in {seconds} seconds."}},
    [MSG_TOO_MANY_LOGINS] = {"too_many_logins", CLASS_LIMITED,
        {"认证失败次数过多；请在 {seconds} 秒后重试。",
         "Too many failed logins. Try again in {seconds} seconds."}},
    [MSG_DATABASE_AWAY] = {"database_away", CLASS_BUSY,
        {"数据库暂时不可用；请稍后重试。",
         "The database cannot be reached at the moment: try again later."}},
    [MSG_DATABASE_BUSY] = {"database_busy", CLASS_BUSY,
        {"数据库繁忙，重试后仍未成功；请稍后重试。",
         "The database is busy and retries did not help: try again later."}},
    [MSG_DATABASE_SCHEMA] = {"database_schema", CLASS_BUSY,
        {"数据库结构与程序版本不一致；请联系平台管理员。",
         "The database's tables do not fit this version of the program: tell the platform's administrator."}},
    [MSG_COMMIT_UNSURE] = {"commit_unsure", CLASS_UNSURE,
        {"提交时与数据库的连接中断，结果未知；重发同一批数据是安全的。",
         "The database connection was lost during the commit and the result is not known: "
         "sending the same push again is safe."}},
    [MSG_SPOOL_FULL] = {"spool_full", CLASS_BUSY,
        {"服务器暂存空间不足；请稍后重试。",
         "The server has no room to hold the push: try again later."}},
    [MSG_CONFIG] = {"config", CLASS_CONFIG,
        {"配置有误。",
         "The configuration is wrong."}},
    [MSG_EXISTS] = {"exists", CLASS_CONFLICT,
        {"“{name}”已经存在。",
         "\"{name}\" exists already."}},
    [MSG_NO_SUCH_CLIENT] = {"no_such_client", CLASS_MISSING,
        {"没有应用“{client}”。",
         "There is no client \"{client}\"."}},
    [MSG_OUTPUT] = {"output", CLASS_GONE,
        {"输出无法写出。",
         "The output cannot be written."}},
    [MSG_INTERRUPTED] = {"interrupted", CLASS_BUSY,
        {"已中断。",
         "It was interrupted."}},
    [MSG_INTERNAL] = {"internal", CLASS_INTERNAL,
        {"服务器内部错误；请把 request_id 告知平台管理员。",
         "Something failed inside the server: tell the administrator the request_id."}},
    [MSG_NOTHING_STORED] = {"nothing_stored", CLASS_INTERNAL,
        {"没有入库。",
         "Nothing was stored."}},
    [MSG_PARTLY_STORED] = {"partly_stored", CLASS_INTERNAL,
        {"已读取 {received} 条，其中 {stored} 条已处理入库（批次 {batch}）；排除上述问题后重发整个请求即可补全，不会重复。",
         "Of {received} records that were read, {stored} were taken in (batch {batch}): with that put right, sending "
         "the whole push again completes it and stores nothing twice."}},
    [MSG_IMPORT_PARTLY] = {"import_partly", CLASS_INTERNAL,
        {"已读取 {received} 条，其中 {stored} 条已处理入库（批次 {batch}）；再次执行同一命令即可补全，不会重复。",
         "Of {received} records that were read, {stored} are stored (batch {batch}): the same command again completes "
         "it and stores nothing twice."}},
    [MSG_AT_LINE] = {"at_line", CLASS_INTERNAL,
        {"（第 {line} 行）",
         "(line {line})"}},
    [MSG_HINT_LINES] = {"hint_lines", CLASS_INTERNAL,
        {"一行一条记录时，请使用 Content-Type: application/x-ndjson。",
         "Where it is one record a line, send it as Content-Type: application/x-ndjson."}},
    [MSG_HINT_NAME] = {"hint_name", CLASS_INTERNAL,
        {"（是否应为 {name}？）",
         " (did you mean {name}?)"}},
    [MSG_NOT_AN_OBJECT] = {"not_an_object", CLASS_INVALID,
        {"记录必须是 JSON 对象，收到的是{got}。",
         "A record is a JSON object; this is {got}."}},
    [MSG_ID_MISSING] = {"id_missing", CLASS_INVALID,
        {"缺少 id；每条记录须有发送方自己的 id（1 至 {limit} 个字符）。",
         "The id is missing: every record carries the sender's own id of 1 to {limit} characters."}},
    [MSG_ID_BAD] = {"id_bad", CLASS_INVALID,
        {"id 须为 1 至 {limit} 个字符的字符串，且不含控制字符。",
         "The id must be a string of 1 to {limit} characters without control characters."}},
    [MSG_ID_DIFFERS] = {"id_differs", CLASS_INVALID,
        {"记录的 id 与请求路径中的不同。",
         "The record's id is not the one in the path."}},
    [MSG_VERSION_BAD] = {"version_bad", CLASS_INVALID,
        {"version 应为 0 至 {limit} 的整数。",
         "version is an integer from 0 to {limit}."}},
    [MSG_MISSING] = {"missing", CLASS_INVALID,
        {"缺少必填字段{field}；请补充。",
         "Field {field} is required and missing: add it."}},
    [MSG_EMPTY] = {"empty", CLASS_INVALID,
        {"必填字段{field}为空；请填写。",
         "Field {field} is required and empty: fill it in."}},
    [MSG_EMPTY_VALUE] = {"empty_value", CLASS_INVALID,
        {"字段{field}的值为空；没有值时请省略该字段或传 null。",
         "Field {field} is empty: where there is no value, leave the field out or send null."}},
    [MSG_UNKNOWN_FIELD] = {"unknown_field", CLASS_INVALID,
        {"分类中没有名为“{name}”的字段{hint}；请删去或改正字段名。",
         "The category has no field \"{name}\"{hint}: remove it or correct its name."}},
    [MSG_TOO_MUCH_REPLACED] = {"too_much_replaced", CLASS_INVALID,
        {"记录中不是规范写法的日期和时间过多，其原文合计超过 {limit} 字节；请按规范写法发送，例如 2024-10-09T15:30:00+08:00。",
         "So many dates and times of the record are not in their canonical form that their texts are over {limit} bytes: send the canonical form, such as 2024-10-09T15:30:00+08:00."}},
    [MSG_FIELD_TWICE] = {"field_twice", CLASS_INVALID,
        {"字段{field}以不同的名称出现了不止一次；请只保留一个。",
         "Field {field} comes more than once, under different names: keep one."}},
    [MSG_WRONG_TYPE] = {"wrong_type", CLASS_INVALID,
        {"字段{field}应为{expected}，收到的是{got}。",
         "Field {field} must be {expected}; this is {got}."}},
    [MSG_TOO_LONG] = {"too_long", CLASS_INVALID,
        {"字段{field}最多 {limit} 个字符，收到 {got} 个；请缩短。",
         "Field {field} may have at most {limit} characters and has {got}: shorten it."}},
    [MSG_TOO_SHORT] = {"too_short", CLASS_INVALID,
        {"字段{field}至少 {limit} 个字符，收到 {got} 个。",
         "Field {field} must have at least {limit} characters and has {got}."}},
    [MSG_TOO_SMALL] = {"too_small", CLASS_INVALID,
        {"字段{field}不得小于 {limit}，收到 {got}。",
         "Field {field} must not be less than {limit}; this is {got}."}},
    [MSG_TOO_LARGE] = {"too_large", CLASS_INVALID,
        {"字段{field}不得大于 {limit}，收到 {got}。",
         "Field {field} must not be more than {limit}; this is {got}."}},
    [MSG_PATTERN_MISMATCH] = {"pattern_mismatch", CLASS_INVALID,
        {"字段{field}的值“{got}”不符合格式 {limit}。",
         "The value \"{got}\" of field {field} does not match the pattern {limit}."}},
    [MSG_BAD_FORMAT] = {"bad_format", CLASS_INVALID,
        {"字段{field}的值“{got}”不是有效的{format}：{why}。请对照原件改正。",
         "The value \"{got}\" of field {field} is no valid {format}: {why}. Correct it by the original document."}},
    [MSG_NOT_IN_CODELIST] = {"not_in_codelist", CLASS_INVALID,
        {"字段{field}的值“{got}”不在代码表 {limit} 中。",
         "The value \"{got}\" of field {field} is not in the code list {limit}."}},
    [MSG_BAD_DATE] = {"bad_date", CLASS_INVALID,
        {"字段{field}的值“{got}”不是可接受的 GB/T 7408.1-2023 日期：{why}。应写作 {example}。",
         "The value \"{got}\" of field {field} is not an accepted date of GB/T 7408.1-2023: {why}. Write {example}."}},
    [MSG_BAD_DATETIME] = {"bad_datetime", CLASS_INVALID,
        {"字段{field}的值“{got}”不是可接受的 GB/T 7408.1-2023 日期时间：{why}。应写作 {example}。",
         "The value \"{got}\" of field {field} is not an accepted date and time of GB/T 7408.1-2023: {why}. Write {example}."}},
    [MSG_BAD_TIME] = {"bad_time", CLASS_INVALID,
        {"字段{field}的值“{got}”不是可接受的 GB/T 7408.1-2023 时间：{why}。应写作 {example}。",
         "The value \"{got}\" of field {field} is not an accepted time of day of GB/T 7408.1-2023: {why}. Write {example}."}},
    [MSG_BAD_DURATION] = {"bad_duration", CLASS_INVALID,
        {"字段{field}的值“{got}”不是可接受的 GB/T 7408.1-2023 时长：{why}。应写作 {example}。",
         "The value \"{got}\" of field {field} is not an accepted duration of GB/T 7408.1-2023: {why}. Write {example}."}},
    [MSG_BAD_INTERVAL] = {"bad_interval", CLASS_INVALID,
        {"字段{field}的值“{got}”不是可接受的 GB/T 7408.1-2023 时间间隔：{why}。应写作 {example}。",
         "The value \"{got}\" of field {field} is not an accepted interval of GB/T 7408.1-2023: {why}. Write {example}."}},
    [MSG_BAD_RECURRENCE] = {"bad_recurrence", CLASS_INVALID,
        {"字段{field}的值“{got}”不是可接受的 GB/T 7408.1-2023 重复时间间隔：{why}。应写作 {example}。",
         "The value \"{got}\" of field {field} is not an accepted recurrence of GB/T 7408.1-2023: {why}. Write {example}."}},
    [MSG_BAD_URL] = {"bad_url", CLASS_INVALID,
        {"字段{field}的值“{got}”不是完整的网址；应以 http:// 或 https:// 开头，且不含空格。",
         "The value \"{got}\" of field {field} is not an absolute URL: "
         "begin with http:// or https:// and leave no spaces in it."}},
    [MSG_BAD_DECIMAL] = {"bad_decimal", CLASS_INVALID,
        {"字段{field}的值“{got}”不是普通写法的小数（最多 {limit} 位数字，不用指数）。",
         "The value \"{got}\" of field {field} is not a plain decimal of at most {limit} digits without exponent."}},
};

void msg_set(struct msg *m, enum msg_id id)
{
    m->id = id;
    m->arg_count = 0;
}

/* Ends a cut value at a character's edge, with an ellipsis that shows the cut. */
static void mark_cut(char value[MSG_VALUE_SIZE])
{
    static const char ellipsis[] = "…";
    size_t edge = MSG_VALUE_SIZE - sizeof(ellipsis);
    while (edge > 0 && ((unsigned char)value[edge] & 0xC0) == 0x80)
        edge--;
    memcpy(value + edge, ellipsis, sizeof(ellipsis));
}

void msg_arg(struct msg *m, const char *name, const char *format, ...)
{
    if (m->arg_count == MSG_ARGS_MAX)
        return;
    char *value = m->args[m->arg_count].value;
    m->args[m->arg_count++].name = name;
    va_list args;
    va_start(args, format);
    int len = vsnprintf(value, MSG_VALUE_SIZE, format, args);
    va_end(args);
    if (len >= MSG_VALUE_SIZE)
        mark_cut(value);
}

void msg_arg_text(struct msg *m, const char *name, const char *text, size_t len)
{
    char clean[MSG_VALUE_SIZE + 8];
    size_t at = 0;
    const char *end = text + len;
    while (text < end && at + 4 < sizeof(clean)) {
        bool partial;
        size_t n = utf8_char(text, end, &partial);
        if (n == 0 || utf8_is_control(utf8_point(text, n))) {
            clean[at++] = '?';
            text += n == 0 ? 1 : n;
            continue;
        }
        memcpy(clean + at, text, n);
        at += n;
        text += n;
    }
    clean[at] = '\0';
    msg_arg(m, name, "%s", clean);
}

const char *msg_code(enum msg_id id)
{
    return rows[id].code;
}

enum msg_id msg_find(const char *code, size_t len)
{
    for (int id = MSG_NONE + 1; id < MSG_ID_N; id++)
        if (strlen(rows[id].code) == len && memcmp(rows[id].code, code, len) == 0)
            return (enum msg_id)id;
    return MSG_NONE;
}

enum msg_class msg_class(enum msg_id id)
{
    return rows[id].class;
}

bool msg_is_fault(enum msg_id id)
{
    return id >= MSG_NOT_AN_OBJECT;
}

bool msg_is_answer(enum msg_id id)
{
    bool of_tool = id >= MSG_CONFIG && id <= MSG_INTERRUPTED;
    bool note = id >= MSG_NOTHING_STORED && id <= MSG_HINT_NAME;
    return id != MSG_NONE && !of_tool && !note;
}

static const char *find_arg(const struct msg *m, const char *name, size_t len)
{
    for (int i = 0; i < m->arg_count; i++)
        if (strlen(m->args[i].name) == len && memcmp(m->args[i].name, name, len) == 0)
            return m->args[i].value;
    return NULL;
}

const char *msg_value(const struct msg *m, const char *name)
{
    return find_arg(m, name, strlen(name));
}

void msg_render(const struct msg *m, enum msg_lang lang, struct buf *to)
{
    for (const char *p = rows[m->id].text[lang]; *p != '\0';) {
        size_t plain = strcspn(p, "{");
        buf_add(to, p, plain);
        p += plain;
        if (*p == '\0')
            break;
        size_t len = strcspn(p, "}");
        const char *value = find_arg(m, p + 1, len - 1);
        if (value != NULL)
            buf_add_text(to, value);
        else
            buf_add(to, p, len + 1);
        p += len + 1;
    }
}

const char *msg_lang_tag(enum msg_lang lang)
{
    return lang == MSG_ZH ? "zh-CN" : "en";
}

const char *msg_template(enum msg_id id, enum msg_lang lang)
{
    return rows[id].text[lang];
}
