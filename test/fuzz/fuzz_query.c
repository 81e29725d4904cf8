/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a query string, and as the header fields Prefer, Idempotency-Key, If-Match and If-None-Match.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "crypt.h"
#include "cursor.h"
#include "enc.h"
#include "err.h"
#include "form.h"
#include "fuzz.h"
#include "handlers.h"
#include "idempotency.h"
#include "inflight.h"
#include "ingest.h"
#include "precondition.h"
#include "prefer.h"
#include "accept.h"
#include "request.h"
#include "utf8.h"

static void try_query(const struct request *r)
{
    struct form_field fields[] = {{.name = "limit"}, {.name = "after"}, {.name = "state"}};
    struct err e = ERR_NONE;
    struct buf cursor, again;
    int64_t limit;
    for (size_t i = 0; i < 3; i++)
        buf_init(&fields[i].value, CURSOR_MAX_BYTES);
    buf_init(&cursor, CURSOR_MAX_BYTES);
    buf_init(&again, 2 * CURSOR_MAX_BYTES);
    if (request_query(r, fields, 3, &e) != 0) {
        fuzz_expect(e.msg.id == MSG_BAD_QUERY);
    } else {
        for (size_t i = 0; i < 3; i++)
            fuzz_expect(strlen(buf_text(&fields[i].value)) == fields[i].value.len &&
                        utf8_is_valid(buf_text(&fields[i].value), fields[i].value.len));
        if (cursor_limit(&fields[0], &limit, &e) == 0)
            fuzz_expect(limit >= 1 && limit <= CURSOR_LIMIT_MAX);
        if (cursor_read(&fields[1], &cursor, &e) == 0) {
            enc_hex(&again, buf_text(&cursor), cursor.len);
            fuzz_expect(strcasecmp(buf_text(&again), buf_text(&fields[1].value)) == 0);
        }
        (void)cursor_bad_parameter(&fields[2], "a state", &e);
        fuzz_expect(!utf8_has_control(msg_value(&e.msg, "got"), strlen(msg_value(&e.msg, "got"))));
    }
    for (size_t i = 0; i < 3; i++)
        buf_free(&fields[i].value);
    buf_free(&cursor);
    buf_free(&again);
}

/* What stands before a preference does not change it, unless it is of the same name. */
static void try_prefer(const char *text, size_t len)
{
    struct prefer alone = prefer_parse(text);
    struct buf longer;
    fuzz_expect(!(alone.lenient && alone.strict));
    buf_init(&longer, len + 100);
    buf_add_text(&longer, "x;y=\"a, handling=lenient\", z , ");
    buf_add_text(&longer, text);
    struct prefer behind = prefer_parse(buf_text(&longer));
    fuzz_expect(behind.lenient == alone.lenient && behind.strict == alone.strict && behind.representation == alone.representation);
    buf_clear(&longer);
    buf_add_text(&longer, "handling=strict,return=minimal,");
    buf_add_text(&longer, text);
    behind = prefer_parse(buf_text(&longer));
    fuzz_expect(behind.strict && !behind.lenient && !behind.representation);
    buf_free(&longer);
}

/* A key that was read is one that can be written as a string, and reads the same. */
static void try_key(const struct context *ctx, struct request *r)
{
    struct idempotency first, second;
    struct err e = ERR_NONE;
    struct buf quoted;
    bool has_key;
    int rc = idempotency_begin(&first, ctx, r, &has_key, &e);
    fuzz_expect(has_key && (rc == 0 || e.msg.id == MSG_BAD_KEY) && first.claimed == (rc == 0));
    if (rc == 0) {
        fuzz_expect(strlen(first.text) >= 1 && strlen(first.text) <= IDEMPOTENCY_KEY_MAX);
        buf_init(&quoted, 2000);
        buf_add_char(&quoted, '"');
        for (const char *p = first.text; *p != '\0'; p++) {
            fuzz_expect(*p >= 0x20 && *p <= 0x7E);
            buf_add_text(&quoted, *p == '"' || *p == '\\' ? "\\" : "");
            buf_add_char(&quoted, *p);
        }
        buf_add_char(&quoted, '"');
        r->facts.idempotency_key = buf_text(&quoted);
        fuzz_expect(idempotency_begin(&second, ctx, r, &has_key, &e) == 0 && strcmp(first.text, second.text) == 0);
        idempotency_end(&second, ctx);
        buf_free(&quoted);
    }
    idempotency_end(&first, ctx);
}

static void try_preconditions(const char *text)
{
    struct request match = {.facts.if_match = text}, none = {.facts.if_none_match = text};
    struct request both = {.facts = {.if_match = text, .if_none_match = text}};
    struct err e = ERR_NONE;
    int64_t expect;
    if (precondition_read(&match, &expect, &e) == 0) {
        fuzz_expect(expect == INGEST_EXPECT_STORED || expect >= 1);
        fuzz_expect(precondition_not_modified(&none, expect)); /* what names a revision names it here too */
    } else {
        fuzz_expect(e.msg.id == MSG_BAD_PRECONDITION);
    }
    if (precondition_read(&none, &expect, &e) == 0)
        fuzz_expect(expect == INGEST_EXPECT_NEW && strcmp(text, "*") == 0);
    fuzz_expect(precondition_read(&both, &expect, &e) == -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct conf conf = {.base_path = "", .public_url = "", .hash = CRYPT_SM3};
    static struct worker_state state = {.conf = &conf, .inflight = -1};
    struct context ctx = {.state = &state, .caller.client = 1};
    struct buf uri;
    struct request r;
    char *text = malloc(size + 1);
    if (state.inflight < 0)
        fuzz_expect(crypt_init() == 0 && (state.inflight = inflight_new()) >= 0);
    fuzz_expect(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    buf_init(&uri, size + 10);
    buf_add_text(&uri, "/v1/x?");
    buf_add_text(&uri, text);
    const struct request_facts facts = {.method = "GET", .uri = buf_text(&uri), .idempotency_key = text, .accept = text,
                                        .content_encoding = text, .content_type = text, .content_length = text};
    request_init(&r, &facts, NULL, &conf);
    fuzz_expect(r.query_len <= strlen(text));
    try_query(&r);
    try_prefer(text, size);
    try_key(&ctx, &r);
    try_preconditions(text);
    (void)accept_names(r.facts.accept, REQUEST_LINES);
    (void)request_is_gzip(&r);
    (void)request_is_lines(&r);
    request_clear(&r);
    buf_free(&uri);
    free(text);
    return 0;
}
