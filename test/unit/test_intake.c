/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "err.h"
#include "fault.h"
#include "helper.h"
#include "intake.h"
#include "record.h"
#include "spool.h"

static const char category_text[] = "[category]\ncode = a\nname = 甲\n[field.s]\ntype = text\n[field.n]\ntype = integer\n";

/* Bytes that come in pieces of a size, and end or break off. */
struct byte_source {
    struct source source;
    const char *bytes;
    size_t len, at, step;
    bool breaks;
};

static long read_bytes(struct source *self, char *to, size_t room)
{
    struct byte_source *s = (struct byte_source *)(void *)self;
    size_t n = s->len - s->at;
    n = n > room ? room : n;
    n = s->step > 0 && n > s->step ? s->step : n;
    if (n == 0)
        return s->breaks ? -1 : 0;
    memcpy(to, s->bytes + s->at, n);
    s->at += n;
    return (long)n;
}

struct bench {
    struct catalog *catalog;
    struct faults faults;
    struct record_checker checker;
    struct spool spool;
    struct buf window;
    struct intake_limits limits;
    struct intake_result result;
    struct err e;
    size_t step;
    bool breaks;
};

static void bench_open(struct bench *b, const char *folder)
{
    *b = (struct bench){.limits = {.announced = -1, .max_body = 64 << 20, .max_record = 2 << 20}};
    b->catalog = catalog_of(folder, category_text, NULL);
    faults_init(&b->faults, MSG_EN);
    assert_int_equal(crypt_init(), 0);
    assert_int_equal(record_checker_init(&b->checker, catalog_find(b->catalog, "a"), CRYPT_SM3, &b->faults), 0);
    spool_init(&b->spool, 1 << 20, folder);
    buf_init(&b->window, 64 << 20);
}

static void bench_close(struct bench *b)
{
    buf_free(&b->window);
    spool_free(&b->spool);
    record_checker_free(&b->checker);
    faults_free(&b->faults);
    catalog_free(b->catalog);
}

static int run(struct bench *b, const char *bytes, size_t len)
{
    struct byte_source s = {.source.read = read_bytes, .bytes = bytes, .len = len, .step = b->step, .breaks = b->breaks};
    spool_clear(&b->spool);
    faults_free(&b->faults);
    faults_init(&b->faults, MSG_EN);
    b->e = ERR_NONE;
    return intake_run(&s.source, &b->limits, &b->checker, &b->spool, &b->window, &b->result, &b->e);
}

static const struct {
    const char *body;
    int received, rejected;
} good[] = {
    {"{\"id\":\"1\"}", 1, 0}, {" \r\n\t{\"id\":\"1\"} \n", 1, 0}, {"[]", 0, 0}, {" [ ] ", 0, 0}, {"[{\"id\":\"1\"}]", 1, 0},
    {"[{\"id\":\"1\",\"s\":\"x\"} , {\"id\":\"2\",\"n\":5},\n{\"id\":\"1\"}]\r\n", 3, 0},
    {"\xEF\xBB\xBF{\"id\":\"1\"}", 1, 0}, {"\xEF\xBB\xBF[{\"id\":\"1\"},{\"id\":\"2\"}]", 2, 0}, {"\xEF\xBB\xBF []", 0, 0},
    {"{}", 1, 1}, {"[{\"id\":\"1\"},{\"id\":2},{\"id\":\"3\"}]", 3, 1}, {"12", 1, 1}, {"null", 1, 1}, {"\"x\"", 1, 1},
    {"[1,[],\"x\",{\"id\":\"1\",\"z\":0}]", 4, 4},
};

static void an_object_or_an_array_is_read_however_its_bytes_come(void **state)
{
    static const size_t steps[] = {0, 1, 2, 3, 7};
    struct bench b;
    bench_open(&b, *state);
    for (size_t i = 0; i < COUNT(good); i++) {
        for (size_t k = 0; k < COUNT(steps); k++) {
            b.step = steps[k];
            b.limits.announced = k % 2 == 0 ? -1 : (int64_t)strlen(good[i].body);
            EXPECT_ROW(good[i].body, run(&b, good[i].body, strlen(good[i].body)) == 0);
            EXPECT_ROW(good[i].body, b.result.received == (size_t)good[i].received);
            EXPECT_ROW(good[i].body, b.result.rejected == (size_t)good[i].rejected);
            EXPECT_ROW(good[i].body, b.result.bytes == (int64_t)strlen(good[i].body));
            EXPECT_ROW(good[i].body, b.spool.count == (size_t)(good[i].rejected > 0 ? 0 : good[i].received));
        }
    }
    bench_close(&b);
}

static const struct {
    const char *body;
    enum msg_id why;
    const char *offset;
} bad[] = {
    {"", MSG_JSON_ENDS, "0"}, {" \n", MSG_JSON_ENDS, "2"}, {"\xEF\xBB\xBF", MSG_JSON_ENDS, "3"}, {"\xEF\xBB", MSG_JSON_SYNTAX, "0"},
    {"\xEF\xBB\xBF\xEF\xBB\xBF{}", MSG_JSON_SYNTAX, "3"}, {"[\xEF\xBB\xBF]", MSG_JSON_SYNTAX, "1"},
    {"[", MSG_JSON_ENDS, "1"}, {"[{\"id\":\"1\"}", MSG_JSON_ENDS, "11"}, {"[{\"id\":\"1\"},", MSG_JSON_ENDS, "12"},
    {"{\"id\":\"1\"", MSG_JSON_ENDS, "9"}, {"[{\"id\":\"1\"},]", MSG_JSON_SYNTAX, "12"}, {"[,{\"id\":\"1\"}]", MSG_JSON_SYNTAX, "1"},
    {"[{\"id\":\"1\"} {\"id\":\"2\"}]", MSG_JSON_SYNTAX, "12"}, {"[{\"id\":\"1\"};", MSG_JSON_SYNTAX, "11"},
    {"[{\"id\":\"1\"}}", MSG_JSON_SYNTAX, "11"}, {"]", MSG_JSON_SYNTAX, "0"}, {"hello", MSG_JSON_SYNTAX, "0"},
    {"{\"id\":\"1\"}{\"id\":\"2\"}", MSG_JSON_TRAILING, "10"}, {"{\"id\":\"1\"}\n{\"id\":\"2\"}", MSG_JSON_TRAILING, "11"},
    {"[]]", MSG_JSON_TRAILING, "2"}, {"[] x", MSG_JSON_TRAILING, "3"}, {"{\"id\":\"1\"},", MSG_JSON_TRAILING, "10"},
    {"12 13", MSG_JSON_TRAILING, "3"}, {"[{\"id\":\"1\"},{\"id\":\"2\",\"id\":\"3\"}]", MSG_JSON_DUPLICATE, NULL},
    {"\xEF\xBB\xBF[{\"id\":\"1\"},{\"s\":\"\xFF\"}]", MSG_JSON_UTF8, "21"}, {"[1,{\"s\":01}]", MSG_JSON_NUMBER, "8"},
};

static void a_body_that_is_not_json_is_refused_at_its_byte(void **state)
{
    static const size_t steps[] = {0, 1, 5};
    struct bench b;
    bench_open(&b, *state);
    for (size_t i = 0; i < COUNT(bad); i++) {
        for (size_t k = 0; k < COUNT(steps); k++) {
            b.step = steps[k];
            EXPECT_ROW(bad[i].body, run(&b, bad[i].body, strlen(bad[i].body)) == -1);
            if (b.e.msg.id != bad[i].why)
                fail_msg("[%s]: %s, want %s", bad[i].body, msg_code(b.e.msg.id), msg_code(bad[i].why));
            EXPECT_ROW(bad[i].body, err_class(&b.e) == CLASS_INPUT && strcmp(b.e.msg.args[0].name, "offset") == 0);
            if (bad[i].offset != NULL && strcmp(b.e.msg.args[0].value, bad[i].offset) != 0)
                fail_msg("[%s]: byte %s, want %s", bad[i].body, b.e.msg.args[0].value, bad[i].offset);
        }
    }
    bench_close(&b);
}

static void the_length_that_was_announced_must_come(void **state)
{
    static const struct {
        const char *body;
        int64_t announced;
        enum msg_id why;
    } rows[] = {
        {"{\"id\":\"1\"}", 10, MSG_NONE}, {"{\"id\":\"1\"}", 11, MSG_BODY_SHORT}, {"{\"id\":\"1\"}", 9, MSG_BODY_LONG},
        {"{\"id\":\"1\"}", 0, MSG_BODY_LONG}, {"{\"id\":\"1\"} \n", 10, MSG_BODY_LONG}, {"[{\"id\":\"1\"},{\"id", 30, MSG_BODY_SHORT},
        {"", 5, MSG_BODY_SHORT}, {"[{\"id\":\"1\"}]", 1000, MSG_BODY_SHORT},
    };
    struct bench b;
    bench_open(&b, *state);
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (b.step = 0; b.step < 3; b.step++) {
            b.limits.announced = rows[i].announced;
            EXPECT_ROW(rows[i].body, run(&b, rows[i].body, strlen(rows[i].body)) == (rows[i].why == MSG_NONE ? 0 : -1));
            EXPECT_ROW(rows[i].body, b.e.msg.id == rows[i].why);
        }
    }
    bench_close(&b);
}

static void a_body_that_breaks_off_is_cut_even_where_its_json_is_whole(void **state)
{
    static const char *const bodies[] = {"", "{\"id\"", "{\"id\":\"1\"}", "[{\"id\":\"1\"}]", "[{\"id\":\"1\"},", "\xEF", "   "};
    struct bench b;
    bench_open(&b, *state);
    b.breaks = true;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        EXPECT_ROW(bodies[i], run(&b, bodies[i], strlen(bodies[i])) == -1);
        EXPECT_ROW(bodies[i], b.e.msg.id == MSG_BODY_CUT && err_class(&b.e) == CLASS_GONE);
    }
    bench_close(&b);
}

/* Records whose sizes lie around that of one reading, so that every seam falls everywhere. */
static void records_around_the_size_of_a_reading_are_read_whole(void **state)
{
    struct bench b;
    bench_open(&b, *state);
    for (size_t len = 65536 - 20; len < 65536 + 20; len++) {
        struct buf body;
        struct row rows[3];
        size_t got;
        buf_init(&body, 1 << 20);
        buf_add_text(&body, "[{\"id\":\"1\",\"s\":\"");
        while (body.len < len)
            buf_add_char(&body, 'x');
        buf_add_text(&body, "😀\"},{\"id\":\"2\"} , {\"id\":\"3\"}]");
        b.step = len % 3 == 0 ? 8192 : 0;
        assert_int_equal(run(&b, buf_text(&body), body.len), 0);
        assert_int_equal(b.result.received, 3);
        assert_int_equal(spool_rewind(&b.spool, &b.e), 0);
        assert_int_equal(spool_next(&b.spool, rows, 3, 1 << 20, &got, &b.e), 0);
        assert_int_equal(got, 3);
        assert_int_equal(rows[0].fields_len, len - 1 + strlen("😀\"}"));
        assert_memory_equal(rows[0].fields, buf_text(&body) + 1, rows[0].fields_len);
        expect_bytes(rows[2].fields, rows[2].fields_len, "{\"id\":\"3\"}");
        buf_free(&body);
    }
    bench_close(&b);
}

static void a_record_over_its_limit_is_too_large_and_one_at_it_is_not(void **state)
{
    struct bench b;
    bench_open(&b, *state);
    static const size_t limits[] = {1024, 65536, 200000};
    for (size_t i = 0; i < COUNT(limits); i++) {
        for (size_t over = 0; over < 2; over++) {
            struct buf body;
            buf_init(&body, 1 << 20);
            buf_add_text(&body, "[{\"id\":\"0\"},{\"id\":\"1\",\"s\":\"");
            while (body.len < 12 + limits[i] + over - 2)
                buf_add_char(&body, 'x');
            buf_add_text(&body, "\"}]");
            b.limits.max_record = limits[i];
            for (b.step = 0; b.step <= 8192; b.step += 4096) {
                assert_int_equal(run(&b, buf_text(&body), body.len), over == 0 ? 0 : -1);
                assert_int_equal(b.e.msg.id, over == 0 ? MSG_NONE : MSG_RECORD_TOO_LARGE);
                assert_true(over == 0 || strcmp(b.e.msg.args[0].value, "1") == 0);
            }
            buf_free(&body);
        }
    }
    bench_close(&b);
}

static void a_body_over_its_limit_is_too_large_and_one_at_it_is_not(void **state)
{
    static const char body[] = "[{\"id\":\"1\"},{\"id\":\"2\"}]   ";
    struct bench b;
    bench_open(&b, *state);
    for (b.step = 0; b.step < 3; b.step++) {
        b.limits.max_body = (int64_t)strlen(body);
        assert_int_equal(run(&b, body, strlen(body)), 0);
        b.limits.max_body--;
        assert_int_equal(run(&b, body, strlen(body)), -1);
        assert_int_equal(b.e.msg.id, MSG_BODY_TOO_LARGE);
        assert_int_equal(err_class(&b.e), CLASS_TOO_LARGE);
    }
    bench_close(&b);
}

static void megabytes_of_white_space_need_no_memory(void **state)
{
    enum { SPACE = 5 << 20 };
    static const char *const parts[] = {"[", "{\"id\":\"1\"}", ",", "{\"id\":\"2\"}", "]", ""};
    struct bench b;
    struct buf body;
    bench_open(&b, *state);
    b.limits.max_record = 1024;
    buf_init(&body, 64 << 20);
    for (size_t i = 0; i < COUNT(parts); i++) {
        buf_add_text(&body, parts[i]);
        char *to = buf_reserve(&body, SPACE);
        assert_non_null(to);
        memset(to, " \n\r\t"[i % 4], SPACE);
        body.len += SPACE;
    }
    assert_int_equal(run(&b, body.data, body.len), 0);
    assert_int_equal(b.result.received, 2);
    assert_true(b.window.size < 1 << 20);
    buf_free(&body);
    bench_close(&b);
}

static void no_row_is_kept_once_one_record_was_rejected(void **state)
{
    struct bench b;
    bench_open(&b, *state);
    struct buf body;
    buf_init(&body, 1 << 20);
    for (int i = 0; i < 500; i++)
        buf_printf(&body, "%c{\"id\":\"%d\"%s}", i == 0 ? '[' : ',', i, i % 2 == 1 ? ",\"x\":1" : "");
    buf_add_char(&body, ']');
    assert_int_equal(run(&b, buf_text(&body), body.len), 0);
    assert_int_equal(b.result.received, 500);
    assert_int_equal(b.result.rejected, 250);
    assert_int_equal(b.faults.total, 250);
    assert_int_equal(b.faults.items[99].index, 199);
    assert_string_equal(b.faults.text.data + b.faults.items[99].id, "199");
    assert_int_equal(b.spool.count, 0);
    buf_free(&body);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(an_object_or_an_array_is_read_however_its_bytes_come),
        WITH_FOLDER(a_body_that_is_not_json_is_refused_at_its_byte),
        WITH_FOLDER(the_length_that_was_announced_must_come),
        WITH_FOLDER(a_body_that_breaks_off_is_cut_even_where_its_json_is_whole),
        WITH_FOLDER(records_around_the_size_of_a_reading_are_read_whole),
        WITH_FOLDER(a_record_over_its_limit_is_too_large_and_one_at_it_is_not),
        WITH_FOLDER(a_body_over_its_limit_is_too_large_and_one_at_it_is_not),
        WITH_FOLDER(megabytes_of_white_space_need_no_memory),
        WITH_FOLDER(no_row_is_kept_once_one_record_was_rejected),
    };
    return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
