/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "catalog.h"
#include "err.h"
#include "helper.h"
#include "push.h"

static const char category_text[] = "[category]\ncode = a\nname = 甲\n[field.s]\ntype = text\n";

/* A push that never comes to the database: a check alone, or one that is refused. */
struct bench {
    struct catalog *catalog;
    struct push_room room;
    struct push_options options;
    struct push push;
    struct err e;
    int replies;
};

static bool make_reply(void *context, struct push *push, struct ingest_reply *out)
{
    struct bench *b = context;
    (void)push;
    (void)out;
    b->replies++;
    return true;
}

static void bench_open(struct bench *b, const char *folder)
{
    *b = (struct bench){.catalog = catalog_of(folder, category_text, NULL)};
    b->options = (struct push_options){.client = 1, .category = catalog_find(b->catalog, "a"), .resource = "r", .hash = CRYPT_SM3,
                                       .lang = MSG_EN, .max_body = 1 << 24, .max_record = 1 << 16, .max_results = 1000,
                                       .kept_rejects = 1000, .reply = make_reply, .context = b};
    assert_int_equal(crypt_init(), 0);
    assert_int_equal(push_room_init(&b->room, 100, 1 << 20, folder, 1 << 16), 0);
}

static void bench_close(struct bench *b)
{
    push_room_free(&b->room);
    catalog_free(b->catalog);
}

static int run(struct bench *b, const char *bytes, size_t len)
{
    struct byte_source s = byte_source(bytes, len, 0);
    b->e = ERR_NONE;
    b->replies = 0;
    return push_run(&b->push, &b->options, &b->room, NULL, &s.source, &b->e);
}

static void put_records(struct buf *body, size_t count, size_t bad_from)
{
    for (size_t i = 0; i < count; i++)
        buf_printf(body, "%c{\"id\":\"%zu\"%s}", i == 0 ? '[' : ',', i, i >= bad_from && i % 2 == 1 ? ",\"x\":1,\"y\":2" : "");
    buf_add_char(body, ']');
}

static void no_row_is_kept_once_one_record_was_rejected(void **state)
{
    struct bench b;
    struct buf body;
    bench_open(&b, *state);
    buf_init(&body, 1 << 20);
    put_records(&body, 500, 400);
    assert_int_equal(run(&b, buf_text(&body), body.len), 0);
    assert_int_equal(b.replies, 1);
    assert_int_equal(b.push.ingest.received, 500);
    assert_int_equal(b.push.ingest.rejected, 50);
    assert_int_equal(b.push.errors_total, 100);
    assert_int_equal(b.room.spool.count, 0);
    assert_false(b.push.ingest.begun);
    push_free(&b.push);
    buf_free(&body);
    bench_close(&b);
}

static void the_first_hundred_faults_are_told_and_all_are_counted(void **state)
{
    struct bench b;
    struct buf body;
    bench_open(&b, *state);
    buf_init(&body, 1 << 20);
    put_records(&body, 500, 0);
    for (int lenient = 0; lenient < 2; lenient++) {
        size_t objects = 0;
        b.options.validate = b.options.lenient = lenient == 1;
        assert_int_equal(run(&b, buf_text(&body), body.len), 0);
        assert_int_equal(b.push.errors_total, 500);
        assert_int_equal(b.push.errors_told, 100);
        for (const char *p = buf_text(&b.push.errors); (p = strstr(p, "{\"index\":")) != NULL; p++)
            objects++;
        assert_int_equal(objects, 100);
        expect_has(buf_text(&b.push.errors), "{\"index\":99,\"id\":\"99\",\"pointer\":\"/y\"");
        expect_has_not(buf_text(&b.push.errors), "\"index\":101");
        expect_has_not(buf_text(&b.push.errors), "}{");
        expect_has_not(buf_text(&b.push.errors), ",,");
        push_free(&b.push);
    }
    buf_free(&body);
    bench_close(&b);
}

static void a_check_alone_keeps_nothing_and_begins_nothing(void **state)
{
    static const char *const bodies[] = {"[{\"id\":\"1\"},{\"id\":\"2\"}]", "{\"id\":\"1\"}\n{\"id\":2}\n{\"id\":\n"};
    struct bench b;
    bench_open(&b, *state);
    b.options.validate = true;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        b.options.lines = b.options.lenient = i == 1;
        assert_int_equal(run(&b, bodies[i], strlen(bodies[i])), 0);
        assert_int_equal(b.replies, 1);
        assert_int_equal(b.push.ingest.received, i == 0 ? 2 : 3);
        assert_int_equal(b.push.ingest.rejected, i == 0 ? 0 : 2);
        assert_int_equal(b.room.spool.count, 0);
        assert_int_equal(b.push.refusals.count, 0);
        assert_false(b.push.ingest.begun);
        push_free(&b.push);
    }
    bench_close(&b);
}

static void a_body_that_is_not_json_makes_no_reply_and_begins_nothing(void **state)
{
    static const char body[] = "[{\"id\":\"1\"},{\"id\":\"2\"},";
    struct bench b;
    bench_open(&b, *state);
    assert_int_equal(run(&b, body, strlen(body)), -1);
    assert_int_equal(b.e.msg.id, MSG_JSON_ENDS);
    assert_int_equal(b.replies, 0);
    assert_false(b.push.ingest.begun);
    push_free(&b.push);
    assert_int_equal(b.room.spool.count, 0);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(no_row_is_kept_once_one_record_was_rejected),
        WITH_FOLDER(the_first_hundred_faults_are_told_and_all_are_counted),
        WITH_FOLDER(a_check_alone_keeps_nothing_and_begins_nothing),
        WITH_FOLDER(a_body_that_is_not_json_makes_no_reply_and_begins_nothing),
    };
    return cmocka_run_group_tests_name("push", tests, NULL, NULL);
}
