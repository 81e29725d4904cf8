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
    const char *text; /* English; its Chinese is in po/zh_CN.po */
} rows[MSG_ID_N] = {
    [MSG_NONE] = {"none", CLASS_INTERNAL, ""},
    [MSG_NO_TOKEN] = {"no_token", CLASS_AUTH,
        N_("The request carries no token: get one from /oauth2/token and send it as Authorization: Bearer.")},
    [MSG_INVALID_TOKEN] = {"invalid_token", CLASS_AUTH,
        N_("The token is unknown, expired or revoked: ask for a new one.")},
    [MSG_BAD_AUTHORIZATION] = {"bad_authorization", CLASS_INPUT,
        N_("The Authorization header is malformed, or there is more than one: send one, with Bearer and the token.")},
    [MSG_SIGNATURE_REQUIRED] = {"signature_required", CLASS_AUTH,
        N_("The requests of this client have to be signed: send Content-Digest, Signature-Input and Signature, as the integrator's guide tells.")},
    [MSG_SIGNATURE_MALFORMED] = {"signature_malformed", CLASS_INPUT,
        N_("The signature is missing or malformed at {part}: the integrator's guide shows its form.")},
    [MSG_SIGNATURE_COVERS] = {"signature_covers", CLASS_INPUT,
        N_("The signature does not cover {part}, or may not: cover @method, @path, @query, with a body content-digest, and whichever of content-type, content-encoding, authorization, idempotency-key, if-match, if-none-match and prefer the request has.")},
    [MSG_SIGNATURE_TIME] = {"signature_time", CLASS_AUTH,
        N_("The signature was made at {created} and the time is {now}: sign each request anew, with a clock that is less than {limit} seconds off.")},
    [MSG_SIGNATURE_INVALID] = {"signature_invalid", CLASS_AUTH,
        N_("The signature is not right: compare signature_base, which it should be of, with what was signed, and check keyid and key.")},
    [MSG_SIGNATURE_REPLAYED] = {"signature_replayed", CLASS_AUTH,
        N_("A request with this nonce was here before: sign each request anew, with a nonce of its own.")},
    [MSG_NOT_GRANTED] = {"not_granted", CLASS_DENIED,
        N_("The client is not granted {category}/{resource}: ask the platform's administrator for it.")},
    [MSG_OUT_OF_SCOPE] = {"insufficient_scope", CLASS_DENIED,
        N_("The scope of the token does not hold {category}/{resource}: get a token whose scope does, or one without a scope.")},
    [MSG_HTTPS_REQUIRED] = {"https_required", CLASS_DENIED,
        N_("This interface is to be used by HTTPS only: call its https address, and replace the secret or token that was sent in the clear.")},
    [MSG_NETWORK_NOT_ALLOWED] = {"network_not_allowed", CLASS_DENIED,
        N_("This interface may not be called from {address}: call it from the government network, or ask the platform's administrator.")},
    [MSG_ADDRESS_NOT_ALLOWED] = {"address_not_allowed", CLASS_DENIED,
        N_("The client may not call from {address}: ask the platform's administrator to add this address.")},
    [MSG_CLIENT_DISABLED] = {"client_disabled", CLASS_DENIED,
        N_("The client is disabled: ask the platform's administrator.")},
    [MSG_NO_SUCH_PATH] = {"no_such_path", CLASS_MISSING,
        N_("There is nothing at this path: /openapi.json lists the paths.")},
    [MSG_BAD_PATH] = {"bad_path", CLASS_INPUT,
        N_("A part of the path is not percent-encoded UTF-8 text: encode it so.")},
    [MSG_NO_SUCH_CATEGORY] = {"no_such_category", CLASS_MISSING,
        N_("There is no category \"{category}\": GET /v1/categories lists them.")},
    [MSG_NO_SUCH_RESOURCE] = {"no_such_resource", CLASS_MISSING,
        N_("Category \"{category}\" has no resource \"{resource}\": GET /v1/categories/{category} lists them.")},
    [MSG_NO_SUCH_RECORD] = {"no_such_record", CLASS_MISSING,
        N_("This client has no record with the id \"{id}\" in this resource: check the id.")},
    [MSG_NO_SUCH_PROBLEM] = {"no_such_problem", CLASS_MISSING,
        N_("There is no problem with the code \"{code}\": x-errors in /openapi.json lists the codes.")},
    [MSG_METHOD_NOT_ALLOWED] = {"method_not_allowed", CLASS_METHOD,
        N_("This path does not take {method}; it takes {allow}.")},
    [MSG_METHOD_UNKNOWN] = {"method_unknown", CLASS_UNKNOWN,
        N_("The method {method} is not known here: use GET, POST, PUT or DELETE.")},
    [MSG_JSON_SYNTAX] = {"json_syntax", CLASS_INPUT,
        N_("The body is not JSON: there is a syntax error at byte {offset}. Correct it and send the body again.")},
    [MSG_JSON_ENDS] = {"json_ends", CLASS_INPUT,
        N_("The body is not complete JSON: it ends at byte {offset}. Send it whole.")},
    [MSG_JSON_UTF8] = {"json_utf8", CLASS_INPUT,
        N_("The body is not UTF-8 at byte {offset}: send it encoded as UTF-8.")},
    [MSG_JSON_CONTROL] = {"json_control", CLASS_INPUT,
        N_("A JSON string holds a bare control character at byte {offset}: escape it.")},
    [MSG_JSON_ESCAPE] = {"json_escape", CLASS_INPUT,
        N_("A JSON string holds an escape that JSON does not know at byte {offset}: write it as RFC 8259 says.")},
    [MSG_JSON_SURROGATE] = {"json_surrogate", CLASS_INPUT,
        N_("A JSON string holds a lone surrogate at byte {offset}: complete the pair or remove it.")},
    [MSG_JSON_NONCHARACTER] = {"json_noncharacter", CLASS_INPUT,
        N_("A JSON string holds a Unicode noncharacter at byte {offset}: remove it.")},
    [MSG_JSON_NUL] = {"json_nul", CLASS_INPUT,
        N_("A JSON string holds NUL (\\u0000) at byte {offset}, which is not stored: remove it.")},
    [MSG_JSON_NUMBER] = {"json_number", CLASS_INPUT,
        N_("The number at byte {offset} is not a JSON number: write it like 0.5, -1 or 1e3.")},
    [MSG_JSON_DUPLICATE] = {"json_duplicate", CLASS_INPUT,
        N_("The member name \"{name}\" at byte {offset} stands twice in one object: keep one.")},
    [MSG_JSON_DEPTH] = {"json_depth", CLASS_INPUT,
        N_("The JSON at byte {offset} is nested deeper than {limit} levels: make it flatter.")},
    [MSG_JSON_MEMBERS] = {"json_members", CLASS_INPUT,
        N_("A record has more than {limit} members at byte {offset}: send those only that the category has.")},
    [MSG_JSON_TRAILING] = {"json_trailing", CLASS_INPUT,
        N_("The JSON is complete at byte {offset}, yet more bytes follow: remove them, or send several records as an array.")},
    [MSG_BODY_EMPTY] = {"body_empty", CLASS_INPUT,
        N_("The body is empty: send a JSON object or an array.")},
    [MSG_GZIP_BROKEN] = {"gzip_broken", CLASS_INPUT,
        N_("The body is not complete gzip: the compressed bytes are wrong or end at byte {offset}. Compress it anew and send it again.")},
    [MSG_GZIP_RATIO] = {"gzip_ratio", CLASS_TOO_LARGE,
        N_("The gzip expands to more than {limit} times its size, which is not taken: send the body uncompressed.")},
    [MSG_XML_SYNTAX] = {"xml_syntax", CLASS_INPUT,
        N_("The body is not well-formed XML at line {line}. Correct it and send the body again.")},
    [MSG_XML_ENDS] = {"xml_ends", CLASS_INPUT,
        N_("The body is not complete XML: it ends at line {line}. Send it whole.")},
    [MSG_XML_MISMATCH] = {"xml_mismatch", CLASS_INPUT,
        N_("The tag at line {line} closes another element than the one that is open: close each element by its own name.")},
    [MSG_XML_ENTITY] = {"xml_entity", CLASS_INPUT,
        N_("The entity at line {line} is not one of XML: write the character itself, or a reference such as &#160;.")},
    [MSG_XML_TOKEN] = {"xml_token", CLASS_INPUT,
        N_("Line {line} has a character that cannot stand there in XML, or is not UTF-8: write & as &amp;, < as &lt; and ]]> as ]]&gt;, "
         "leave -- out of comments, and send UTF-8.")},
    [MSG_XML_DOCTYPE] = {"xml_doctype", CLASS_INPUT,
        N_("Line {line} has a document type declaration, which is not taken: remove <!DOCTYPE> and the entities that it defines.")},
    [MSG_XML_ENCODING] = {"xml_encoding", CLASS_INPUT,
        N_("The XML is in the encoding {encoding}, or declares it: send it in UTF-8 and declare that.")},
    [MSG_XML_TAG] = {"xml_tag", CLASS_INPUT,
        N_("A tag or comment at line {line} is longer than {limit} bytes: make it shorter.")},
    [MSG_XML_DEPTH] = {"xml_depth", CLASS_INPUT,
        N_("The elements at line {line} are nested deeper than {limit} levels: make them flatter.")},
    [MSG_XML_NAMESPACE] = {"xml_namespace", CLASS_INPUT,
        N_("The element {name} at line {line} is in a namespace: send it without one.")},
    [MSG_XML_ATTRIBUTE] = {"xml_attribute", CLASS_INPUT,
        N_("The element {name} at line {line} has the attribute {attribute}: send its value as an element.")},
    [MSG_XML_ROOT] = {"xml_root", CLASS_INPUT,
        N_("The document element is {name}: send <records> with a <record> for each, or one <record>.")},
    [MSG_XML_RECORD] = {"xml_record", CLASS_INPUT,
        N_("The element {name} at line {line} stands where a record should: send each record as <record>.")},
    [MSG_XML_ITEM] = {"xml_item", CLASS_INPUT,
        N_("The element {name} at line {line} stands in a list: send each value of a list as <item>.")},
    [MSG_XML_TEXT] = {"xml_text", CLASS_INPUT,
        N_("There is text between elements at line {line}: remove it, or send it as an element.")},
    [MSG_XML_TWICE] = {"xml_twice", CLASS_INPUT,
        N_("Record {index} (counted from 0) has the element {name} twice in one place: keep one, or send a list with <item>.")},
    [MSG_XML_MEMBERS] = {"xml_members", CLASS_INPUT,
        N_("Record {index} (counted from 0) has more than {limit} elements: send those only that the category has.")},
    [MSG_XML_NONCHARACTER] = {"xml_noncharacter", CLASS_INPUT,
        N_("Record {index} (counted from 0) holds a Unicode noncharacter: remove it.")},
    [MSG_DIGEST_MALFORMED] = {"digest_malformed", CLASS_INPUT,
        N_("Content-Digest is malformed, or a signed request has one that is not known here: send sm3=:base64: or sha-256=:base64:.")},
    [MSG_DIGEST_MISMATCH] = {"digest_mismatch", CLASS_INPUT,
        N_("The body of {bytes} bytes does not have the {hash} that Content-Digest says: it was changed on the way, or the digest is not of the body as it is sent.")},
    [MSG_BODY_SHORT] = {"body_short", CLASS_INPUT,
        N_("The body was announced with {announced} bytes and ended after {got}: send it again.")},
    [MSG_BODY_LONG] = {"body_long", CLASS_INPUT,
        N_("The body was announced with {announced} bytes and has more: send it again.")},
    [MSG_BODY_CUT] = {"body_cut", CLASS_GONE,
        N_("The connection was cut after {got} bytes of the body: send it again.")},
    [MSG_BAD_LENGTH] = {"bad_length", CLASS_INPUT,
        N_("Content-Length is not a length: it is the number of bytes in the body.")},
    [MSG_BODY_TOO_LARGE] = {"body_too_large", CLASS_TOO_LARGE,
        N_("The body is over the limit of {limit} bytes: push it in parts.")},
    [MSG_RECORD_TOO_LARGE] = {"record_too_large", CLASS_TOO_LARGE,
        N_("Record {index} (counted from 0) is over the limit of {limit} bytes a record: make it smaller.")},
    [MSG_MEDIA_TYPE] = {"media_type", CLASS_UNSUPPORTED,
        N_("The content type \"{type}\" is not taken: send {accept} in UTF-8.")},
    [MSG_CONTENT_CODING] = {"content_coding", CLASS_UNSUPPORTED,
        N_("The content coding \"{coding}\" is not taken: send the body with gzip or uncompressed.")},
    [MSG_INVALID_RECORDS] = {"invalid_records", CLASS_INVALID,
        N_("Of {received} records, {rejected} break the rules of category \"{category}\": nothing was stored. "
         "Correct what errors lists and send the push again.")},
    [MSG_BAD_QUERY] = {"bad_query", CLASS_INPUT,
        N_("A query parameter stands twice, is too long or is not percent-encoded UTF-8: send each once, encoded so.")},
    [MSG_BAD_CURSOR] = {"bad_cursor", CLASS_INPUT,
        N_("The query parameter after takes the {want} of the page before; leave it out for the first page.")},
    [MSG_CLASSIC_OBJECT] = {"classic_not_object", CLASS_INPUT,
        N_("The body is one JSON object with category, resource and then data.")},
    [MSG_CLASSIC_TEXT] = {"classic_bad_member", CLASS_INPUT,
        N_("The member {name} is a text of 1 to {limit} bytes (at byte {offset}); batch_id may be a number.")},
    [MSG_CLASSIC_MEMBER] = {"classic_unknown_member", CLASS_INPUT,
        N_("The member \"{name}\" at byte {offset} is not known: the body has category, resource, batch_id and data.")},
    [MSG_CLASSIC_MISSING] = {"classic_missing_member", CLASS_INPUT,
        N_("The member {name} is missing before byte {offset}: category and resource come before data, within 8 KiB.")},
    [MSG_CLASSIC_AFTER_DATA] = {"classic_after_data", CLASS_INPUT,
        N_("data is the last member (byte {offset}): put the others before it.")},
    [MSG_BAD_PRECONDITION] = {"bad_precondition", CLASS_INPUT,
        N_("The header {name} takes a record's revision, such as \"2\", or *.")},
    [MSG_PRECONDITION_ON_PUSH] = {"precondition_on_push", CLASS_INPUT,
        N_("The header {name} is for one record at its own path: leave it out of a push. A record's version keeps older data from replacing newer.")},
    [MSG_BAD_PARAMETER] = {"bad_parameter", CLASS_INPUT,
        N_("The query parameter {name} cannot be \"{got}\": it takes {want}.")},
    [MSG_BAD_KEY] = {"bad_idempotency_key", CLASS_INPUT,
        N_("Idempotency-Key is 1 to {limit} visible ASCII characters, in quotes or not.")},
    [MSG_KEY_IN_USE] = {"idempotency_key_in_use", CLASS_CONFLICT,
        N_("A request with this Idempotency-Key is still under way: try again in {seconds} seconds.")},
    [MSG_KEY_REUSED] = {"idempotency_key_reused", CLASS_INVALID,
        N_("This Idempotency-Key was used for another request with other content (batch {batch}): take a new key.")},
    [MSG_NO_SUCH_BATCH] = {"no_such_batch", CLASS_MISSING,
        N_("This client has no batch \"{batch}\", or its receipt is past the time that receipts are kept: GET /v1/batches lists those that are there.")},
    [MSG_PRECONDITION] = {"precondition_failed", CLASS_PRECONDITION,
        N_("The record \"{id}\" as it is ({state}) is not what the request demands: read it again first.")},
    [MSG_TOO_MANY_REQUESTS] = {"too_many_requests", CLASS_LIMITED,
        N_("Too many requests: at most {limit} in {window} seconds. Try again in {seconds} seconds.")},
    [MSG_TOO_MANY_BYTES] = {"too_many_bytes", CLASS_LIMITED,
        N_("Too much data: at most {limit} bytes in {window} seconds. Try again in {seconds} seconds.")},
    [MSG_TOO_MANY_AT_ONCE] = {"too_many_at_once", CLASS_LIMITED,
        N_("Too many requests at the same time: at most {limit}. Wait for an answer before you send the next.")},
    [MSG_TOO_MANY_LOGINS] = {"too_many_logins", CLASS_LIMITED,
        N_("Too many failed logins: check client id and secret, and try again in {seconds} seconds.")},
    [MSG_DATABASE_AWAY] = {"database_away", CLASS_BUSY,
        N_("The database cannot be reached at the moment: try again later.")},
    [MSG_DATABASE_BUSY] = {"database_busy", CLASS_BUSY,
        N_("The database is busy and retries did not help: try again later.")},
    [MSG_DATABASE_SCHEMA] = {"database_schema", CLASS_BUSY,
        N_("The database's tables do not fit this version of the program: tell the platform's administrator.")},
    [MSG_COMMIT_UNSURE] = {"commit_unsure", CLASS_UNSURE,
        N_("The database connection was lost during the commit and the result is not known: "
         "sending the same push again is safe.")},
    [MSG_SPOOL_FULL] = {"spool_full", CLASS_BUSY,
        N_("The server has no room to hold the push: try again later.")},
    [MSG_AUDIT_AWAY] = {"audit_unavailable", CLASS_BUSY,
        N_("The audit cannot be written, and nothing is done without it: try again later.")},
    [MSG_CONFIG] = {"config", CLASS_CONFIG,
        N_("The configuration is wrong.")},
    [MSG_EXISTS] = {"exists", CLASS_CONFLICT,
        N_("\"{name}\" exists already: take another.")},
    [MSG_NO_SUCH_CLIENT] = {"no_such_client", CLASS_MISSING,
        N_("There is no client \"{client}\": rukuctl client list shows them.")},
    [MSG_OUTPUT] = {"output", CLASS_GONE,
        N_("The output cannot be written.")},
    [MSG_INTERRUPTED] = {"interrupted", CLASS_BUSY,
        N_("It was interrupted.")},
    [MSG_INTERNAL] = {"internal", CLASS_INTERNAL,
        N_("Something failed inside the server: tell the administrator the request_id.")},
    [MSG_NOTHING_STORED] = {"nothing_stored", CLASS_INTERNAL,
        N_("Nothing was stored.")},
    [MSG_PARTLY_STORED] = {"partly_stored", CLASS_INTERNAL,
        N_("Of {received} records that were read, {stored} were taken in (batch {batch}): with that put right, sending "
         "the whole push again completes it and stores nothing twice.")},
    [MSG_IMPORT_PARTLY] = {"import_partly", CLASS_INTERNAL,
        N_("Of {received} records that were read, {stored} are stored (batch {batch}): the same command again completes "
         "it and stores nothing twice.")},
    [MSG_AT_LINE] = {"at_line", CLASS_INTERNAL,
        N_("(line {line})")},
    [MSG_HINT_LINES] = {"hint_lines", CLASS_INTERNAL,
        N_("Where it is one record a line, send it as Content-Type: application/x-ndjson.")},
    [MSG_HINT_NAME] = {"hint_name", CLASS_INTERNAL,
        N_(" (did you mean {name}?)")},
    [MSG_NOT_AN_OBJECT] = {"not_an_object", CLASS_INVALID,
        N_("A record is one JSON object, or in XML one <record>; this is {got}: correct it.")},
    [MSG_ID_MISSING] = {"id_missing", CLASS_INVALID,
        N_("The id is missing: every record carries the sender's own id of 1 to {limit} characters.")},
    [MSG_ID_BAD] = {"id_bad", CLASS_INVALID,
        N_("The id must be a string of 1 to {limit} characters without control characters.")},
    [MSG_ID_DIFFERS] = {"id_differs", CLASS_INVALID,
        N_("The record's id is not the one in the path: make them the same, or leave it out of the record.")},
    [MSG_VERSION_BAD] = {"version_bad", CLASS_INVALID,
        N_("version is an integer from 0 to {limit}.")},
    [MSG_MISSING] = {"missing", CLASS_INVALID,
        N_("Field {field} is required and missing: add it.")},
    [MSG_EMPTY] = {"empty", CLASS_INVALID,
        N_("Field {field} is required and empty: fill it in.")},
    [MSG_EMPTY_VALUE] = {"empty_value", CLASS_INVALID,
        N_("Field {field} is empty: where there is no value, leave the field out or send null.")},
    [MSG_UNKNOWN_FIELD] = {"unknown_field", CLASS_INVALID,
        N_("The category has no field \"{name}\"{hint}: remove it or correct its name.")},
    [MSG_TOO_MUCH_REPLACED] = {"too_much_replaced", CLASS_INVALID,
        N_("So many dates and times of the record are not in their canonical form that their texts are over {limit} bytes: "
           "send the canonical form, such as 2024-10-09T15:30:00+08:00.")},
    [MSG_FIELD_TWICE] = {"field_twice", CLASS_INVALID,
        N_("Field {field} comes more than once, under different names: keep one.")},
    [MSG_WRONG_TYPE] = {"wrong_type", CLASS_INVALID,
        N_("Field {field} must be {expected}; this is {got}: correct it.")},
    [MSG_TOO_LONG] = {"too_long", CLASS_INVALID,
        N_("Field {field} may have at most {limit} characters and has {got}: shorten it.")},
    [MSG_TOO_SHORT] = {"too_short", CLASS_INVALID,
        N_("Field {field} must have at least {limit} characters and has {got}: write more.")},
    [MSG_TOO_SMALL] = {"too_small", CLASS_INVALID,
        N_("Field {field} must not be less than {limit}; this is {got}: correct it.")},
    [MSG_TOO_LARGE] = {"too_large", CLASS_INVALID,
        N_("Field {field} must not be more than {limit}; this is {got}: correct it.")},
    [MSG_PATTERN_MISMATCH] = {"pattern_mismatch", CLASS_INVALID,
        N_("The value \"{got}\" of field {field} does not match the pattern {limit}: write it so.")},
    [MSG_BAD_FORMAT] = {"bad_format", CLASS_INVALID,
        N_("The value \"{got}\" of field {field} is no valid {format}: {why}. Correct it by the original document.")},
    [MSG_NOT_IN_CODELIST] = {"not_in_codelist", CLASS_INVALID,
        N_("The value \"{got}\" of field {field} is not in the code list {limit}: send one of its codes.")},
    [MSG_BAD_DATE] = {"bad_date", CLASS_INVALID,
        N_("The value \"{got}\" of field {field} is not an accepted date of GB/T 7408.1-2023: {why}. Write {example}.")},
    [MSG_BAD_DATETIME] = {"bad_datetime", CLASS_INVALID,
        N_("The value \"{got}\" of field {field} is not an accepted date and time of GB/T 7408.1-2023: {why}. Write {example}.")},
    [MSG_BAD_TIME] = {"bad_time", CLASS_INVALID,
        N_("The value \"{got}\" of field {field} is not an accepted time of day of GB/T 7408.1-2023: {why}. Write {example}.")},
    [MSG_BAD_DURATION] = {"bad_duration", CLASS_INVALID,
        N_("The value \"{got}\" of field {field} is not an accepted duration of GB/T 7408.1-2023: {why}. Write {example}.")},
    [MSG_BAD_INTERVAL] = {"bad_interval", CLASS_INVALID,
        N_("The value \"{got}\" of field {field} is not an accepted interval of GB/T 7408.1-2023: {why}. Write {example}.")},
    [MSG_BAD_RECURRENCE] = {"bad_recurrence", CLASS_INVALID,
        N_("The value \"{got}\" of field {field} is not an accepted recurrence of GB/T 7408.1-2023: {why}. Write {example}.")},
    [MSG_BAD_URL] = {"bad_url", CLASS_INVALID,
        N_("The value \"{got}\" of field {field} is not an absolute URL: "
         "begin with http:// or https:// and leave no spaces in it.")},
    [MSG_BAD_DECIMAL] = {"bad_decimal", CLASS_INVALID,
        N_("The value \"{got}\" of field {field} is not a plain decimal of at most {limit} digits without exponent.")},
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
    clean[utf8_clean(clean, sizeof(clean) - 1, text, len)] = '\0';
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
    for (const char *p = msg_template(m->id, lang); *p != '\0';) {
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
    return words_in(lang, rows[id].text);
}
