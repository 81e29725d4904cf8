/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf.h"
#include "err.h"
#include "handlers.h"
#include "helper.h"
#include "idempotency.h"
#include "inflight.h"
#include "request.h"

static int start_library(void **state)
{
    (void)state;
    return crypt_init();
}

/* A caller, and what a worker has that a key needs. */
struct bench {
    struct conf conf;
    struct worker_state state;
    struct context ctx;
};

static void bench_open(struct bench *b)
{
    *b = (struct bench){.conf = {.hash = CRYPT_SM3}};
    b->state = (struct worker_state){.conf = &b->conf, .inflight = inflight_new()};
    b->ctx = (struct context){.state = &b->state, .caller = {.client = 5}};
    assert_true(b->state.inflight >= 0);
}

static struct request request_of(const char *key)
{
    struct request r = {.facts = {.method = "POST", .idempotency_key = key}, .path = "/v1/policy", .path_len = 10};
    return r;
}

static void a_key_is_a_string_in_quotes_or_bare(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        const char *key; /* NULL: malformed */
    } rows[] = {
        {"abc", "abc"}, {"\"abc\"", "abc"}, {"8e03978e-40d5-43e8-bc93-6894a57f9324", "8e03978e-40d5-43e8-bc93-6894a57f9324"},
        {"\"8e03978e\"", "8e03978e"}, {"x", "x"}, {"\"x\"", "x"}, {"!#$%&'()*+-./:;<=>?@[]^_`{|}~", "!#$%&'()*+-./:;<=>?@[]^_`{|}~"},
        {"\"a b\"", "a b"}, {"\"a\\\"b\"", "a\"b"}, {"\"a\\\\b\"", "a\\b"}, {"\"\\\\\"", "\\"}, {"\"\\\"\"", "\""}, {"\" \"", " "},
        {"", NULL}, {"\"\"", NULL}, {"a b", NULL}, {" ", NULL}, {"a\tb", NULL}, {"\"a\tb\"", NULL}, {"a\r\nb", NULL}, {"\x7F", NULL},
        {"\"\x7F\"", NULL}, {"政府", NULL}, {"\"政府\"", NULL}, {"\x80", NULL}, {"\xFF", NULL}, {"a\x01", NULL},
    };
    struct bench b;
    bench_open(&b);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request r = request_of(rows[i].header);
        struct idempotency key;
        struct err e = ERR_NONE;
        bool has_key = false;
        EXPECT_ROW(rows[i].header, idempotency_begin(&key, &b.ctx, &r, &has_key, &e) == (rows[i].key == NULL ? -1 : 0));
        EXPECT_ROW(rows[i].header, has_key);
        if (rows[i].key == NULL)
            EXPECT_ROW(rows[i].header, e.msg.id == MSG_BAD_KEY && err_class(&e) == CLASS_INPUT && !key.claimed);
        else
            EXPECT_ROW(rows[i].header, strcmp(key.text, rows[i].key) == 0 && key.claimed && key.hash != NULL);
        idempotency_end(&key, &b.ctx);
    }
    (void)close(b.state.inflight);
}

static void a_key_has_1_to_255_characters(void **state)
{
    (void)state;
    struct bench b;
    bench_open(&b);
    for (size_t len = 250; len < 600; len += len < 260 ? 1 : 97) {
        for (int form = 0; form < 3; form++) {
            struct idempotency key;
            struct err e = ERR_NONE;
            struct buf header;
            bool has_key;
            buf_init(&header, 2000);
            buf_add_text(&header, form == 0 ? "" : "\"");
            for (size_t i = 0; i < len; i++)
                buf_add_text(&header, form == 2 ? "\\\\" : "k");
            buf_add_text(&header, form == 0 ? "" : "\"");
            struct request r = request_of(buf_text(&header));
            assert_int_equal(idempotency_begin(&key, &b.ctx, &r, &has_key, &e), len <= 255 ? 0 : -1);
            assert_true(len > 255 ? e.msg.id == MSG_BAD_KEY : strlen(key.text) == len);
            assert_true(len <= 255 || strcmp(msg_value(&e.msg, "limit"), "255") == 0);
            idempotency_end(&key, &b.ctx);
            buf_free(&header);
        }
    }
    (void)close(b.state.inflight);
}

/* RFC 9651 section 4.2.5: a quote within ends the string, and a backslash stands before a quote or a backslash alone. */
static void a_string_that_is_no_structured_field_is_refused(void **state)
{
    (void)state;
    static const char *const headers[] = {"\"a\"b\"", "\"a\\b\"", "\"a\\\"", "\"", "\"abc", "\"\"\""};
    struct bench b;
    bench_open(&b);
    for (size_t i = 0; i < COUNT(headers); i++) {
        struct request r = request_of(headers[i]);
        struct idempotency key;
        struct err e = ERR_NONE;
        bool has_key;
        EXPECT_ROW(headers[i], idempotency_begin(&key, &b.ctx, &r, &has_key, &e) == -1 && e.msg.id == MSG_BAD_KEY);
        idempotency_end(&key, &b.ctx);
    }
    (void)close(b.state.inflight);
}

static void without_the_header_there_is_no_key(void **state)
{
    (void)state;
    struct bench b;
    struct request r = request_of(NULL);
    struct idempotency key;
    struct err e = ERR_NONE;
    bool has_key = true;
    bench_open(&b);
    assert_int_equal(idempotency_begin(&key, &b.ctx, &r, &has_key, &e), 0);
    assert_false(has_key);
    assert_false(key.claimed);
    assert_null(key.hash);
    idempotency_end(&key, &b.ctx);
    (void)close(b.state.inflight);
}

/* Begins in a process of its own and ends there: 0, or the message that refuses it. */
static enum msg_id begin_elsewhere(const struct bench *b, const char *header)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct request r = request_of(header);
        struct idempotency key;
        struct err e = ERR_NONE;
        bool has_key;
        (void)!idempotency_begin(&key, &b->ctx, &r, &has_key, &e);
        if (e.msg.id == MSG_KEY_IN_USE && (e.retry_after <= 0 || err_class(&e) != CLASS_CONFLICT))
            _exit(255);
        _exit((int)e.msg.id);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 255);
    return (enum msg_id)WEXITSTATUS(status);
}

static void a_key_is_in_use_until_its_request_ends(void **state)
{
    (void)state;
    struct bench b;
    struct request r = request_of("\"key\"");
    struct idempotency key;
    struct err e = ERR_NONE;
    bool has_key;
    bench_open(&b);
    assert_true(MSG_KEY_IN_USE < 255);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(begin_elsewhere(&b, "key"), MSG_NONE);
        assert_int_equal(idempotency_begin(&key, &b.ctx, &r, &has_key, &e), 0);
        assert_int_equal(begin_elsewhere(&b, "key"), MSG_KEY_IN_USE);
        assert_int_equal(begin_elsewhere(&b, "other"), MSG_NONE);
        b.ctx.caller.client = 6;
        assert_int_equal(begin_elsewhere(&b, "key"), MSG_NONE);
        b.ctx.caller.client = 5;
        idempotency_end(&key, &b.ctx);
    }
    (void)close(b.state.inflight);
}

static void digest_of(const struct bench *b, const struct request *r, const char *body, unsigned char to[CRYPT_DIGEST_SIZE])
{
    struct idempotency key;
    struct err e = ERR_NONE;
    bool has_key;
    assert_int_equal(idempotency_begin(&key, &b->ctx, r, &has_key, &e), 0);
    crypt_stream_add(key.hash, body, strlen(body));
    crypt_stream_digest(key.hash, to);
    idempotency_end(&key, &b->ctx);
}

static void a_request_is_the_same_where_method_path_preferences_and_body_are(void **state)
{
    (void)state;
    const struct request_facts base = {.method = "POST", .idempotency_key = "k", .content_type = "application/json"};
    struct request same = {.facts = base, .path = "/v1/a", .path_len = 5};
    struct request others[10];
    const char *bodies[COUNT(others)];
    unsigned char want[CRYPT_DIGEST_SIZE], digests[COUNT(others)][CRYPT_DIGEST_SIZE];
    struct bench b;
    bench_open(&b);
    digest_of(&b, &same, "{}", want);
    for (size_t i = 0; i < COUNT(others); i++) {
        others[i] = same;
        bodies[i] = "{}";
    }
    others[0].facts.method = "PUT";
    others[1].facts.prefer = "handling=lenient";
    others[2].facts.content_type = "application/x-ndjson";
    others[3].facts.content_encoding = "gzip";
    others[4].facts.if_match = "\"1\"";
    others[5].facts.if_none_match = "\"1\"";
    others[6].path_len = 4;
    others[7].path = "/v1/b";
    bodies[8] = "{} ";
    others[9].path_len = 4; /* what the path lacks cannot be made up by the body */
    bodies[9] = "a{}";
    for (size_t i = 0; i < COUNT(others); i++)
        digest_of(&b, &others[i], bodies[i], digests[i]);
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_memory_not_equal(digests[i], want, sizeof(want));
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(digests[i], digests[k], sizeof(want));
    }
    /* Who asks in another language, or takes another form of answer, repeats it all the same. */
    same.facts.accept_language = "en";
    same.facts.authorization = "Bearer other";
    same.facts.idempotency_key = "\"k\"";
    digest_of(&b, &same, "{}", digests[0]);
    assert_memory_equal(digests[0], want, sizeof(want));
    (void)close(b.state.inflight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_a_string_in_quotes_or_bare),
        cmocka_unit_test(a_key_has_1_to_255_characters),
        cmocka_unit_test(a_string_that_is_no_structured_field_is_refused),
        cmocka_unit_test(without_the_header_there_is_no_key),
        cmocka_unit_test(a_key_is_in_use_until_its_request_ends),
        cmocka_unit_test(a_request_is_the_same_where_method_path_preferences_and_body_are),
    };
    return cmocka_run_group_tests_name("idempotency", tests, start_library, NULL);
}
