/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "operation.h"

#include <string.h>

#include "poison.h"

const struct operation_tag_row operation_tags[TAG_N] = {
    [TAG_RECORDS] = {"records", N_("Records: push, read back, withdraw, reconcile")},
    [TAG_TOKEN] = {"token", N_("Tokens")},
    [TAG_CATEGORIES] = {"categories", N_("Categories and their fields")},
    [TAG_RECEIPTS] = {"receipts", N_("Receipts")},
    [TAG_CLASSIC] = {"classic", N_("The classic profile")},
    [TAG_SERVICE] = {"service", N_("State of the service, explanations")},
};

static const struct operation rows[] = {
    {"POST", "/oauth2/token", "token", TAG_TOKEN, false, BODY_TOKEN, "",
     {{"200", "Token"}, {"400", "TokenRefused"}, {"401", "TokenRefused"}}, "429 503",
     N_("Get a token"),
     N_("RFC 6749 section 4.4. Client id and secret stand in HTTP Basic or in the form, not in both, and never in the query. "
      "A token is good for `expires_in` seconds: use it again.")},
    {"POST", "/oauth2/revoke", "revokeToken", TAG_TOKEN, false, BODY_TOKEN_OWN, "",
     {{"200", "Nothing"}, {"400", "TokenRefused"}, {"401", "TokenRefused"}}, "429 503",
     N_("End a token"),
     N_("RFC 7009. The token fails on the very next request. One that is not there is no error; one of another client is refused.")},
    {"POST", "/oauth2/introspect", "introspectToken", TAG_TOKEN, false, BODY_TOKEN_OWN, "",
     {{"200", "Introspection"}, {"400", "TokenRefused"}, {"401", "TokenRefused"}}, "429 503",
     N_("Ask whether a token is good"),
     N_("RFC 7662. A client sees its own tokens; any other is `{\"active\":false}`.")},
    {"GET", "/.well-known/oauth-authorization-server", "oauthMetadata", TAG_TOKEN, false, BODY_NONE, "", {{"200", "OAuthMetadata"}}, "",
     N_("Where the endpoints of OAuth are"), N_("RFC 8414.")},
    {"GET", "/v1/categories", "listCategories", TAG_CATEGORIES, false, BODY_NONE, "", {{"200", "Categories"}}, "",
     N_("List the categories with their resources"), NULL},
    {"GET", "/v1/categories/{category}", "getCategory", TAG_CATEGORIES, false, BODY_NONE, "", {{"200", "Category"}}, "",
     N_("One category, with the JSON Schema of its records"), NULL},
    {"POST", "/v1/records/{category}/{resource}", "push", TAG_RECORDS, true, BODY_PUSH,
     "Prefer Idempotency-Key Content-Encoding Accept-Language", {{"200", "Pushed"}, {"207", "PushedPartly"}}, "409",
     N_("Push records"),
     N_("One record, an array, or one record a line (NDJSON). All is stored or nothing, unless `Prefer: handling=lenient` asks for what is "
      "good to be stored and the rest to be told. To push again is always safe.")},
    {"GET", "/v1/records/{category}/{resource}", "list", TAG_RECORDS, true, BODY_NONE, "after limit updated_since state",
     {{"200", "Page"}}, "400",
     N_("List the records of this client, page by page"),
     N_("With `Accept: application/x-ndjson` one record a line; the link to the next page is in the header `Link`.")},
    {"PUT", "/v1/records/{category}/{resource}/{id}", "put", TAG_RECORDS, true, BODY_ONE,
     "If-Match If-None-Match Idempotency-Key Content-Encoding Accept-Language", {{"200", "Stored"}, {"201", "Stored"}}, "409 412",
     N_("Store one record"), N_("The body may leave `id` out.")},
    {"GET", "/v1/records/{category}/{resource}/{id}", "get", TAG_RECORDS, true, BODY_NONE, "If-None-Match",
     {{"200", "Record"}, {"304", "NotModified"}}, "",
     N_("Read one record back"), NULL},
    {"DELETE", "/v1/records/{category}/{resource}/{id}", "withdraw", TAG_RECORDS, true, BODY_NONE, "If-Match",
     {{"200", "Record"}}, "400 412",
     N_("Withdraw one record"),
     N_("The record is kept and marked, and no longer listed. Pushing it again makes it live again.")},
    {"POST", "/v1/validate/{category}/{resource}", "validate", TAG_RECORDS, true, BODY_PUSH,
     "Prefer Content-Encoding Accept-Language", {{"200", "Pushed"}, {"207", "PushedPartly"}}, "",
     N_("Check only, store nothing"), NULL},
    {"POST", "/api/token", "classicToken", TAG_CLASSIC, false, BODY_CLASSIC_TOKEN, "", {{"200", "Classic"}, {"default", "Classic"}}, "",
     N_("The classic profile: get a token"),
     N_("An answer is always `{\"code\":0,\"msg\":…,\"data\":…}`; whether its HTTP status is always 200 is up to the administrator.")},
    {"POST", "/api/push", "classicPush", TAG_CLASSIC, false, BODY_CLASSIC_PUSH, "Prefer Idempotency-Key Content-Encoding",
     {{"200", "Classic"}, {"default", "Classic"}}, "",
     N_("The classic profile: push records"),
     N_("Category and resource stand in the body, before `data`. What is good is stored and the rest told.")},
    {"GET", "/v1/digest/{category}/{resource}", "digest", TAG_RECORDS, false, BODY_NONE, "from to by", {{"200", "Digest"}}, "400",
     N_("Reconcile: the number of records and a digest for each day"), NULL},
    {"GET", "/v1/batches", "listBatches", TAG_RECEIPTS, false, BODY_NONE, "after limit", {{"200", "Receipts"}}, "400",
     N_("List the receipts of this client, page by page"), NULL},
    {"GET", "/v1/batches/{batch}", "getBatch", TAG_RECEIPTS, false, BODY_NONE, "after limit", {{"200", "Receipt"}}, "400 404",
     N_("The receipt of a push, with the records that were refused and why"), NULL},
    {"GET", "/healthz", "health", TAG_SERVICE, false, BODY_NONE, "", {{"200", "State"}}, "",
     N_("Ask whether a worker answers"), NULL},
    {"GET", "/readyz", "ready", TAG_SERVICE, false, BODY_NONE, "", {{"200", "State"}}, "503",
     N_("Ask whether records can be stored"), NULL},
    {"GET", "/problems/{code}", "explainProblem", TAG_SERVICE, false, BODY_NONE, "", {{"200", "Explanation"}}, "400 404",
     N_("What the code of an error means"), NULL},
    {"GET", "/openapi.json", "openapi", TAG_SERVICE, false, BODY_NONE, "Accept-Language If-None-Match",
     {{"200", "OpenApi"}, {"304", "NotModified"}}, "",
     N_("This document"), NULL},
    {"GET", "/docs", "docs", TAG_SERVICE, false, BODY_NONE, "If-None-Match", {{"200", "Html"}, {"304", "NotModified"}}, "",
     N_("This document for people"), NULL},
    {"GET", "/docs/{file}", "docsFile", TAG_SERVICE, false, BODY_NONE, "If-None-Match", {{"200", "File"}, {"304", "NotModified"}}, "404",
     N_("Style and script of that page"), NULL},
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
