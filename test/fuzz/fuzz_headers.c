/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a header that is a list or a structured field: Accept, Accept-Language, Content-Type, Prefer, If-Match, If-None-Match,
 * Idempotency-Key; and as numbers, of which the fields RateLimit and RateLimit-Policy are made. What was understood is written anew, and
 * must be understood as the same.
 */
#include "config.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "accept.h"
#include "buf.h"
#include "busy.h"
#include "conf.h"
#include "crypt.h"
#include "cursor.h"
#include "err.h"
#include "form.h"
#include "fuzz.h"
#include "handlers.h"
#include "idempotency.h"
#include "inflight.h"
#include "ingest.h"
#include "limit.h"
#include "precondition.h"
#include "prefer.h"
#include "quota.h"
#include "request.h"

static const char *const json_ranges[] = {"application/json", "application/*", "*/*", NULL};
static const char *const xml_ranges[] = {"application/xml", "application/*", "*/*", NULL};

static void join(struct buf *to, const char *a, const char *b, const char *c)
{
    buf_clear(to);
    buf_add_text(to, a);
    buf_add_text(to, b);
    buf_add_text(to, c);
}

/* A list with no quote that is left open, to which more can be added. */
static bool is_closed(const char *text)
{
    size_t quotes = 0;
    for (; *text != '\0'; text++)
        quotes += *text == '"';
    return quotes % 2 == 0;
}

static void expect_same_accept(const char *a, const char *b)
{
    fuzz_expect(accept_language(a) == accept_language(b));
    fuzz_expect(accept_names(a, "application/xml") == accept_names(b, "application/xml"));
    fuzz_expect(accept_compare(a, json_ranges, xml_ranges) == accept_compare(b, json_ranges, xml_ranges));
}

/* Case, blanks and empty elements mean nothing; what is added at the end counts where it was not named before. */
static void try_accept(const char *text, struct buf *other)
{
    join(other, text, "", "");
    for (char *p = other->data; p != NULL && *p != '\0'; p++)
        *p = (char)toupper((unsigned char)*p);
    expect_same_accept(text, buf_text(other));
    join(other, ", ,\t", text, "");
    expect_same_accept(text, buf_text(other));
    int order = accept_compare(text, json_ranges, xml_ranges);
    fuzz_expect(accept_compare(text, xml_ranges, json_ranges) == -order && accept_compare(text, xml_ranges, xml_ranges) == 0);
    if (!is_closed(text))
        return;
    join(other, text, " , ", "");
    expect_same_accept(text, buf_text(other));
    join(other, text, ", zh-CN", "");
    fuzz_expect(accept_language(buf_text(other)) == MSG_ZH); /* nothing is above a weight of 1 */
    join(other, "application/xml;q=0.7, ", text, "");
    fuzz_expect(accept_names(buf_text(other), "application/xml"));
    join(other, "application/xml;q=0, ", text, "");
    fuzz_expect(!accept_names(buf_text(other), "application/xml"));
}

/* A parameter behind a media type does not change it, but for a charset that is not UTF-8. */
static void try_type(const char *text, struct buf *other)
{
    bool is = request_is_type(text, REQUEST_JSON);
    fuzz_expect(!is || (!request_is_type(text, REQUEST_XML) && strncasecmp(text + strspn(text, " \t"), REQUEST_JSON, strlen(REQUEST_JSON)) == 0));
    join(other, " ", text, "");
    fuzz_expect(request_is_type(buf_text(other), REQUEST_JSON) == is);
    if (strchr(text, '"') != NULL)
        return;
    join(other, text, ";charset=UTF-8", "");
    fuzz_expect(request_is_type(buf_text(other), REQUEST_JSON) == is);
    join(other, text, "; Charset=\"gbk\"", "");
    fuzz_expect(!request_is_type(buf_text(other), REQUEST_JSON));
}

static void expect_same_prefer(struct prefer a, struct prefer b)
{
    fuzz_expect(a.lenient == b.lenient && a.strict == b.strict && a.representation == b.representation);
}

static void try_prefer(const char *text, struct buf *other)
{
    struct prefer p = prefer_parse(text);
    for (int quoted = 0; quoted < 2; quoted++) {
        const char *quote = quoted != 0 ? "\"" : "";
        buf_clear(other);
        buf_printf(other, "wait=10; a=\"b, c\" , handling = %s%s%s", quote, p.lenient ? "lenient" : p.strict ? "strict" : "none", quote);
        buf_printf(other, ",return=%s%s%s;x", quote, p.representation ? "Representation" : "minimal", quote);
        expect_same_prefer(p, prefer_parse(buf_text(other)));
    }
}

/* A tag is found in every list that has it, weak or not, and a revision is written as it is read. */
static void try_tags(const char *text, struct buf *other)
{
    struct request match = {.facts.if_match = text}, none = {.facts.if_none_match = text};
    struct err e = ERR_NONE;
    int64_t revision, again;
    fuzz_expect(precondition_none(&match, &e) == -1 && precondition_none(&none, &e) == -1);
    if (precondition_read(&match, &revision, &e) == 0 && revision >= 1) {
        buf_clear(other);
        buf_printf(other, "\"%lld\"", (long long)revision);
        match.facts.if_match = buf_text(other);
        fuzz_expect(precondition_read(&match, &again, &e) == 0 && again == revision);
    }
    if (strchr(text, '"') != NULL || strcmp(text, "*") == 0)
        return;
    struct buf tag;
    buf_init(&tag, strlen(text) + 10);
    join(&tag, "\"", text, "\"");
    join(other, "\"a,b\", W/\"7\" ,, W/", buf_text(&tag), " , \"8\"");
    none.facts.if_none_match = buf_text(other);
    fuzz_expect(precondition_has_tag(&none, buf_text(&tag)) && precondition_has_tag(&none, "\"a,b\"") && precondition_has_tag(&none, "\"8\""));
    fuzz_expect(precondition_not_modified(&none, 7) && precondition_not_modified(&none, 8));
    fuzz_expect(precondition_has_tag(&none, "\"9\"") == (strcmp(text, "9") == 0));
    buf_free(&tag);
}

/* A key that can stand bare is the same in quotes. */
static void try_key(const char *text, struct buf *other)
{
    static const struct conf conf = {.hash = CRYPT_SM3};
    static struct worker_state state = {.conf = &conf, .inflight = -1};
    const struct context ctx = {.state = &state, .caller.client = 1};
    struct idempotency bare, quoted;
    struct err e = ERR_NONE;
    if (state.inflight < 0)
        fuzz_expect(crypt_init() == 0 && (state.inflight = inflight_new()) >= 0);
    if (strpbrk(text, "\"\\") != NULL)
        return;
    bare = quoted = (struct idempotency){.claimed = false};
    int rc = idempotency_claim(&bare, &ctx, text, &e);
    join(other, "\"", text, "\"");
    int other_rc = idempotency_claim(&quoted, &ctx, buf_text(other), &e);
    fuzz_expect(rc != 0 || (other_rc == 0 && strcmp(bare.text, quoted.text) == 0));
    fuzz_expect(other_rc != 0 || rc == 0 || strchr(text, ' ') != NULL); /* a space can stand in quotes only */
    idempotency_end(&bare, &ctx);
    idempotency_end(&quoted, &ctx);
}

/* A cursor is hexadecimal digits, and a limit is a number: each is read as it was written. */
static void try_page(const char *text, size_t len, struct buf *other)
{
    struct form_field field = {.name = "limit"};
    struct err e = ERR_NONE;
    int64_t limit, again;
    buf_init(&field.value, len + 100);
    buf_add(&field.value, text, len);
    if (cursor_limit(&field, &limit, &e) == 0) {
        buf_clear(&field.value);
        buf_printf(&field.value, "%lld", (long long)limit);
        fuzz_expect(limit >= 1 && limit <= CURSOR_LIMIT_MAX && cursor_limit(&field, &again, &e) == 0 && again == limit);
    }
    buf_clear(&field.value);
    buf_clear(other);
    for (size_t i = 0; i < len && i < 40; i++)
        buf_printf(&field.value, "%02X", (unsigned)(unsigned char)text[i]);
    fuzz_expect(cursor_read(&field, other, &e) == 0 && other->len == (len < 40 ? len : 40) && memcmp(buf_text(other), text, other->len) == 0);
    buf_free(&field.value);
}

/* Passes over one member of a list of RFC 9651 that is a string with parameters which are integers, of at most 15 digits, or strings. */
static const char *skip_member(const char *p)
{
    fuzz_expect(*p == '"');
    p += 1 + strspn(p + 1, "abcdefghijklmnopqrstuvwxyz-");
    fuzz_expect(*p == '"');
    for (p++; *p == ';'; ) {
        size_t key = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz");
        fuzz_expect(key > 0 && p[1 + key] == '=');
        p += key + 2;
        size_t digits = strspn(p, "0123456789");
        size_t word = *p == '"' ? 1 + strcspn(p + 1, "\"") + 1 : 0;
        fuzz_expect((digits > 0 && digits <= 15) || word > 2);
        p += digits > 0 ? digits : word;
    }
    return p;
}

static void expect_list(const char *p, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        p = skip_member(p);
        fuzz_expect(i + 1 < count ? strncmp(p, ", ", 2) == 0 : *p == '\0');
        p += i + 1 < count ? 2 : 0;
    }
    fuzz_expect(*p == '\0');
}

/* A limit within what the configuration takes; 0: none. */
static int64_t take_limit(const uint8_t **p, const uint8_t *end, int64_t max)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 6 && *p < end; i++)
        value = value << 8 | *(*p)++;
    return (int64_t)(value % ((uint64_t)max + 1));
}

static void try_quota(const uint8_t *data, size_t size, struct buf *other)
{
    static struct quota_source source;
    const uint8_t *end = data + size;
    struct conf conf = {.base_path = ""};
    struct quota quota;
    struct err e = ERR_NONE;
    if (source.limits == NULL) {
        source = (struct quota_source){.limits = limits_new(), .busy = busy_new()};
        fuzz_expect(source.limits != NULL && source.busy != NULL);
        source.place = busy_claim(source.busy, 1);
    }
    conf.requests_per_second = take_limit(&data, end, INT32_MAX);
    conf.requests_per_minute = take_limit(&data, end, INT32_MAX);
    conf.requests_per_day = take_limit(&data, end, INT32_MAX);
    conf.bytes_per_second = take_limit(&data, end, INT64_C(1) << 40);
    conf.bytes_per_day = take_limit(&data, end, INT64_C(1) << 40);
    conf.concurrent_requests = take_limit(&data, end, 512);
    int64_t bytes = take_limit(&data, end, INT64_C(1) << 47) - 1;
    source.conf = &conf;
    int rc = quota_take(&source, data < end ? "a" : "b", 1, bytes, &quota, &e);
    fuzz_expect(rc == 0 || (e.retry_after >= 1 && e.retry_after <= 86400 * 366));
    for (size_t i = 0; i < quota.count; i++)
        fuzz_expect(quota.rules[i].left >= 0 && quota.rules[i].left <= quota.rules[i].limit && quota.rules[i].seconds >= 1);
    buf_clear(other);
    quota_write_policy(&quota, other);
    expect_list(buf_text(other), quota.count);
    buf_clear(other);
    quota_write_left(&quota, other);
    expect_list(buf_text(other), quota.count);
    quota_end(&source);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf other;
    char *text = malloc(size + 1);
    fuzz_expect(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    buf_init(&other, size + 1000);
    try_accept(text, &other);
    try_type(text, &other);
    try_prefer(text, &other);
    try_tags(text, &other);
    try_key(text, &other);
    try_page(text, size, &other);
    try_quota(data, size, &other);
    buf_free(&other);
    free(text);
    return 0;
}
