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

/* An intake with a sink that keeps the good records and writes down the bad ones as "index pointer code id" lines. */
struct bench {
    struct intake_sink sink;
    struct catalog *catalog;
    struct faults faults;
    struct record_checker checker;
    struct spool spool;
    struct buf window, bad;
    struct intake_options options;
    struct intake_result result;
    struct err e;
    size_t step, handed;
    size_t stop_at; /* the sink refuses this record; 0: none */
    bool breaks;
};

static int take(struct bench *b, size_t index, struct err *e)
{
    assert_int_equal(index, b->handed);
    assert_int_equal(index, b->result.received);
    b->handed++;
    return b->handed == b->stop_at ? err_set(e, MSG_DATABASE_BUSY, "%s", "the sink is full") : 0;
}

static int take_good(struct intake_sink *self, const struct row *row, struct err *e)
{
    struct bench *b = (struct bench *)(void *)self;
    return take(b, row->index, e) != 0 ? -1 : spool_add(&b->spool, row, e);
}

static int take_bad(struct intake_sink *self, const struct faults *faults, struct err *e)
{
    struct bench *b = (struct bench *)(void *)self;
    assert_true(faults->total > 0);
    buf_printf(&b->bad, "%zu %s %s %s\n", faults->index, faults->text.data + faults->items[0].pointer, faults->items[0].code,
               buf_text(&faults->id));
    return take(b, faults->index, e);
}

static void bench_open(struct bench *b, const char *folder)
{
    *b = (struct bench){.sink = {.good = take_good, .bad = take_bad}, .options = {.max_body = 64 << 20, .max_record = 2 << 20}};
    b->catalog = catalog_of(folder, category_text, NULL);
    faults_init(&b->faults, MSG_EN);
    assert_int_equal(crypt_init(), 0);
    assert_int_equal(record_checker_init(&b->checker, catalog_find(b->catalog, "a"), CRYPT_SM3, &b->faults), 0);
    spool_init(&b->spool, 1 << 20, folder);
    buf_init(&b->window, 64 << 20);
    buf_init(&b->bad, 1 << 20);
}

static void bench_close(struct bench *b)
{
    buf_free(&b->bad);
    buf_free(&b->window);
    spool_free(&b->spool);
    record_checker_free(&b->checker);
    faults_free(&b->faults);
    catalog_free(b->catalog);
}

static int run(struct bench *b, const char *bytes, size_t len)
{
    struct byte_source s = byte_source(bytes, len, b->step);
    s.breaks = b->breaks;
    spool_clear(&b->spool);
    buf_clear(&b->bad);
    b->handed = 0;
    b->e = ERR_NONE;
    return intake_run(&s.source, &b->options, &b->checker, &b->sink, &b->window, &b->result, &b->e);
}

static int run_text(struct bench *b, const char *text)
{
    return run(b, text, strlen(text));
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
            EXPECT_ROW(good[i].body, run(&b, good[i].body, strlen(good[i].body)) == 0);
            EXPECT_ROW(good[i].body, b.result.received == (size_t)good[i].received);
            EXPECT_ROW(good[i].body, b.result.rejected == (size_t)good[i].rejected);
            EXPECT_ROW(good[i].body, b.result.bytes == (int64_t)strlen(good[i].body));
            EXPECT_ROW(good[i].body, b.spool.count == (size_t)(good[i].received - good[i].rejected));
        }
    }
    bench_close(&b);
}

static const struct {
    const char *body;
    enum msg_id why;
    const char *offset;
} bad[] = {
    {"", MSG_BODY_EMPTY, NULL}, {" \n", MSG_JSON_ENDS, "2"}, {"\xEF\xBB\xBF", MSG_JSON_ENDS, "3"}, {"\xEF\xBB", MSG_JSON_SYNTAX, "0"},
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
            EXPECT_ROW(bad[i].body, err_class(&b.e) == CLASS_INPUT);
            EXPECT_ROW(bad[i].body, b.e.msg.id == MSG_BODY_EMPTY || strcmp(b.e.msg.args[0].name, "offset") == 0);
            if (bad[i].offset != NULL && strcmp(b.e.msg.args[0].value, bad[i].offset) != 0)
                fail_msg("[%s]: byte %s, want %s", bad[i].body, b.e.msg.args[0].value, bad[i].offset);
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
    for (int mode = 0; mode < 4; mode++) {
        b.options.lines = mode % 2 == 1;
        b.options.lenient = mode >= 2;
        for (size_t i = 0; i < COUNT(bodies); i++) {
            EXPECT_ROW(bodies[i], run(&b, bodies[i], strlen(bodies[i])) == -1);
            EXPECT_ROW(bodies[i], b.e.msg.id == MSG_BODY_CUT && err_class(&b.e) == CLASS_GONE);
        }
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
            b.options.max_record = limits[i];
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
        b.options.max_body = (int64_t)strlen(body);
        assert_int_equal(run(&b, body, strlen(body)), 0);
        b.options.max_body--;
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
    b.options.max_record = 1024;
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

static void each_record_is_handed_on_in_order_with_its_index(void **state)
{
    struct bench b;
    struct row rows[64];
    size_t got, at = 0;
    struct buf body;
    bench_open(&b, *state);
    buf_init(&body, 1 << 20);
    for (b.options.lines = false;; b.options.lines = true) {
        buf_clear(&body);
        for (int i = 0; i < 500; i++)
            buf_printf(&body, "%c{\"id\":\"%d\"%s}", b.options.lines ? '\n' : i == 0 ? '[' : ',', i, i % 2 == 1 ? ",\"x\":1" : "");
        buf_add_char(&body, b.options.lines ? '\n' : ']');
        assert_int_equal(run(&b, buf_text(&body), body.len), 0);
        assert_int_equal(b.result.received, 500);
        assert_int_equal(b.result.rejected, 250);
        assert_int_equal(b.handed, 500);
        assert_memory_equal(buf_text(&b.bad), "1 /x unknown_field 1\n3 /x unknown_field 3\n", 42);
        assert_int_equal(b.spool.count, 250);
        assert_int_equal(spool_rewind(&b.spool, &b.e), 0);
        for (at = 0; spool_next(&b.spool, rows, COUNT(rows), 1 << 20, &got, &b.e) == 0 && got > 0;)
            for (size_t i = 0; i < got; i++, at += 2)
                assert_int_equal(rows[i].index, at);
        assert_int_equal(at, 500);
        if (b.options.lines)
            break;
    }
    buf_free(&body);
    bench_close(&b);
}

static void what_the_sink_refuses_ends_the_push_with_its_error(void **state)
{
    static const char *const bodies[] = {"[{\"id\":\"1\"},{\"id\":2},{\"id\":\"3\"},{\"id\":\"4\"}]",
                                         "{\"id\":\"1\"}\n{\"id\":2}\n{\"id\":\"3\"}\n{\"id\":\"4\"}\n"};
    struct bench b;
    bench_open(&b, *state);
    for (size_t i = 0; i < COUNT(bodies); i++) {
        b.options.lines = i == 1;
        for (b.stop_at = 1; b.stop_at <= 4; b.stop_at++) {
            assert_int_equal(run_text(&b, bodies[i]), -1);
            assert_int_equal(b.e.msg.id, MSG_DATABASE_BUSY);
            assert_string_equal(b.e.detail, "the sink is full");
            assert_int_equal(b.handed, b.stop_at);
            assert_int_equal(b.result.received, b.stop_at);
        }
        b.stop_at = 0;
    }
    bench_close(&b);
}

static void a_single_object_is_one_record_and_an_array_is_a_bad_one(void **state)
{
    static const struct {
        const char *body;
        enum msg_id why;
        size_t received;
        const char *bad;
    } rows[] = {
        {" {\"id\":\"1\"} ", MSG_NONE, 1, ""}, {"\xEF\xBB\xBF{\"id\":\"1\"}", MSG_NONE, 1, ""},
        {"[]", MSG_NONE, 1, "0  not_an_object \n"}, {"[{\"id\":\"1\"}]", MSG_NONE, 1, "0  not_an_object \n"},
        {"[{\"id\":\"1\"},{\"id\":\"2\"}]", MSG_NONE, 1, "0  not_an_object \n"}, {"5", MSG_NONE, 1, "0  not_an_object \n"},
        {"", MSG_BODY_EMPTY, 0, ""}, {"[{\"id\":\"1\"}", MSG_JSON_ENDS, 0, ""}, {"{\"id\":\"1\"}{}", MSG_JSON_TRAILING, 1, ""},
        {"{\"id\":\"1\"}\n{\"id\":\"2\"}", MSG_JSON_TRAILING, 1, ""}, {"{\"id\":\"1\"},", MSG_JSON_TRAILING, 1, ""},
    };
    struct bench b;
    bench_open(&b, *state);
    b.options.single = true;
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (b.step = 0; b.step < 6; b.step++) {
            EXPECT_ROW(rows[i].body, run_text(&b, rows[i].body) == (rows[i].why == MSG_NONE ? 0 : -1));
            EXPECT_ROW(rows[i].body, b.e.msg.id == rows[i].why && b.result.received == rows[i].received);
            EXPECT_ROW(rows[i].body, strcmp(buf_text(&b.bad), rows[i].bad) == 0);
        }
    }
    bench_close(&b);
}

static void objects_one_a_line_without_their_media_type_are_told_of_it(void **state)
{
    struct bench b;
    bench_open(&b, *state);
    assert_int_equal(run_text(&b, "{\"id\":\"1\"}\n{\"id\":\"2\"}\n"), -1);
    assert_int_equal(b.e.note_count, 1);
    assert_int_equal(b.e.notes[0].id, MSG_HINT_LINES);
    static const char *const others[] = {"{\"id\":\"1\"},", "[] x", "[\n", "{\"id\":\"1\"", "{\"id\":1,}"};
    for (size_t i = 0; i < COUNT(others); i++) {
        EXPECT_ROW(others[i], run_text(&b, others[i]) == -1);
        EXPECT_ROW(others[i], b.e.note_count == 0);
    }
    bench_close(&b);
}

static const struct {
    const char *body;
    size_t received;
    const char *bad;
} lines[] = {
    {"{\"id\":\"1\"}\n{\"id\":\"2\"}\n", 2, ""}, {"{\"id\":\"1\"}\r\n{\"id\":\"2\"}\r\n", 2, ""},
    {"{\"id\":\"1\"}\n{\"id\":\"2\"}", 2, ""}, {"{\"id\":\"1\"}\r\n{\"id\":\"2\"}\r", 2, ""}, {"{\"id\":\"1\"}", 1, ""},
    {"{\"id\":\"1\"}\n\n\n{\"id\":\"2\"}\n\n", 2, ""}, {"\n\n{\"id\":\"1\"}", 1, ""}, {"\r\n\r\n{\"id\":\"1\"}\r\n\r\n", 1, ""},
    {" \t \n{\"id\":\"1\"}\n\t\r\n \r \r\n   ", 1, ""}, {"  {\"id\" : \"1\"}\t \r\n\t{\"id\":\"2\"}", 2, ""},
    {"{\r\"id\":\"1\"}\n", 1, ""}, {"\xEF\xBB\xBF{\"id\":\"1\"}\n{\"id\":\"2\"}\n", 2, ""}, {"\xEF\xBB\xBF\n{\"id\":\"1\"}\n", 1, ""},
    {"\xEF\xBB\xBF", 0, ""}, {"\xEF\xBB\xBF \r\n", 0, ""}, {"", 0, ""}, {"\n", 0, ""}, {" ", 0, ""}, {"\r", 0, ""}, {"\r\n\n", 0, ""},
    {"[{\"id\":\"1\"}]\n{\"id\":\"2\"}\n", 2, "0  not_an_object \n"}, {"{\"id\":\"1\"}\n12\n", 2, "1  not_an_object \n"},
    {"\"x\"\nnull\n[]\ntrue", 4, "0  not_an_object \n1  not_an_object \n2  not_an_object \n3  not_an_object \n"},
    {"{\"id\":\"1\",\"z\":1}\n{\"id\":\"2\"}\n{}\n", 3, "0 /z unknown_field 1\n2 /id id_missing \n"},
};

static void every_line_that_is_not_blank_is_a_record_however_the_bytes_come(void **state)
{
    struct bench b;
    bench_open(&b, *state);
    b.options.lines = true;
    for (int lenient = 0; lenient < 2; lenient++) {
        b.options.lenient = lenient == 1;
        for (size_t i = 0; i < COUNT(lines); i++) {
            for (b.step = 0; b.step <= strlen(lines[i].body) + 1; b.step++) {
                EXPECT_ROW(lines[i].body, run_text(&b, lines[i].body) == 0);
                EXPECT_ROW(lines[i].body, b.result.received == lines[i].received);
                EXPECT_ROW(lines[i].body, strcmp(buf_text(&b.bad), lines[i].bad) == 0);
                EXPECT_ROW(lines[i].body, b.result.received - b.result.rejected == b.spool.count);
                EXPECT_ROW(lines[i].body, b.result.bytes == (int64_t)strlen(lines[i].body));
            }
        }
    }
    bench_close(&b);
}

#define DEEP "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["

static const struct {
    const char *body;
    enum msg_id why;
    const char *offset, *line;
    size_t received; /* where it is strict: before the line that is not JSON */
    size_t all;      /* where it is lenient */
    const char *bad;
} broken_lines[] = {
    {"{\"id\":\"1\"}\n{\"id\":\"2\"}{\"id\":\"3\"}\n{\"id\":\"4\"}\n", MSG_JSON_TRAILING, "21", "2", 1, 3, "1  json_trailing \n"},
    {"{\"id\":\"1\"}\n{\"id\":\"2\"}, \n", MSG_JSON_TRAILING, "21", "2", 1, 2, "1  json_trailing \n"},
    {"{\"id\":\"1\"} \r {\"id\":\"2\"}\n", MSG_JSON_TRAILING, "13", "1", 0, 1, "0  json_trailing \n"},
    {"{\"id\":\"1\"}\n{\"id\":\n{\"id\":\"3\"}", MSG_JSON_ENDS, "17", "2", 1, 3, "1  json_ends \n"},
    {"{\"id\":\"1\",\n\"s\":\"x\"}\n{\"id\":\"2\"}", MSG_JSON_ENDS, "10", "1", 0, 3, "0  json_ends \n1  json_trailing \n"},
    {"\n\n{\"id\":\"1\"}\r\n \nx\n", MSG_JSON_SYNTAX, "16", "5", 1, 2, "1  json_syntax \n"},
    {"\xEF\xBB\xBFx\n{\"id\":\"1\"}", MSG_JSON_SYNTAX, "3", "1", 0, 2, "0  json_syntax \n"},
    {"{\"id\":\"1\"}\n\xEF\xBB\xBF{\"id\":\"2\"}\n", MSG_JSON_SYNTAX, "11", "2", 1, 2, "1  json_syntax \n"},
    {"{\"id\":\"\xFF\"}\n{\"id\":\"1\"}", MSG_JSON_UTF8, "7", "1", 0, 2, "0  json_utf8 \n"},
    {"{\"id\":\"1\"}\n{\"id\":\"2\",\"s\":\"\t\"}", MSG_JSON_CONTROL, "26", "2", 1, 2, "1  json_control \n"},
    {"{\"id\":\"1\"}\n" DEEP "\n{\"id\":\"2\"}", MSG_JSON_DEPTH, "43", "2", 1, 3, "1  json_depth \n"},
    {"[{\"id\":\"1\"},\n{\"id\":\"2\"}]\n", MSG_JSON_ENDS, "12", "1", 0, 2, "0  json_ends \n1  json_trailing \n"},
    {"{\"id\":\"1\"}\n{\"id\":\"2\",\"id\":\"3\"}", MSG_JSON_DUPLICATE, NULL, "2", 1, 2, "1  json_duplicate \n"},
};

static void a_line_that_is_not_json_is_refused_with_its_number_and_byte(void **state)
{
    struct bench b;
    bench_open(&b, *state);
    b.options.lines = true;
    for (size_t i = 0; i < COUNT(broken_lines); i++) {
        const char *row = broken_lines[i].body;
        for (b.step = 0; b.step <= strlen(row) + 1; b.step++) {
            EXPECT_ROW(row, run_text(&b, row) == -1);
            if (b.e.msg.id != broken_lines[i].why)
                fail_msg("[%s]: %s, want %s", row, msg_code(b.e.msg.id), msg_code(broken_lines[i].why));
            const char *offset = msg_value(&b.e.msg, "offset");
            if (offset == NULL || (broken_lines[i].offset != NULL && strcmp(offset, broken_lines[i].offset) != 0))
                fail_msg("[%s]: byte %s, want %s", row, offset == NULL ? "none" : offset, broken_lines[i].offset);
            EXPECT_ROW(row, err_class(&b.e) == CLASS_INPUT && b.e.note_count == 1 && b.e.notes[0].id == MSG_AT_LINE);
            EXPECT_ROW(row, strcmp(msg_value(&b.e.notes[0], "line"), broken_lines[i].line) == 0);
            EXPECT_ROW(row, b.result.received == broken_lines[i].received && b.handed == broken_lines[i].received);
        }
    }
    bench_close(&b);
}

static void a_line_that_is_not_json_is_a_bad_record_of_a_lenient_push(void **state)
{
    struct bench b;
    bench_open(&b, *state);
    b.options.lines = b.options.lenient = true;
    for (size_t i = 0; i < COUNT(broken_lines); i++) {
        const char *row = broken_lines[i].body;
        for (b.step = 0; b.step <= strlen(row) + 1; b.step++) {
            EXPECT_ROW(row, run_text(&b, row) == 0);
            if (strcmp(buf_text(&b.bad), broken_lines[i].bad) != 0)
                fail_msg("[%s] gives [%s], want [%s]", row, buf_text(&b.bad), broken_lines[i].bad);
            EXPECT_ROW(row, b.result.received == broken_lines[i].all && b.handed == broken_lines[i].all);
            EXPECT_ROW(row, b.result.received - b.result.rejected == b.spool.count);
        }
    }
    bench_close(&b);
}

/* A body that is one JSON text has no next record to go on with. */
static void json_that_breaks_off_ends_a_lenient_push_too(void **state)
{
    struct bench b;
    bench_open(&b, *state);
    b.options.lenient = true;
    for (size_t i = 0; i < COUNT(bad); i++) {
        EXPECT_ROW(bad[i].body, run_text(&b, bad[i].body) == -1);
        EXPECT_ROW(bad[i].body, b.e.msg.id == bad[i].why);
    }
    bench_close(&b);
}

/* A line of exactly `len` bytes, between two small ones; the end of the body where `last`. */
static void put_lines(struct buf *body, size_t len, const char *newline, bool last)
{
    buf_clear(body);
    buf_printf(body, "{\"id\":\"0\"}%s", newline);
    size_t start = body->len;
    buf_add_text(body, "{\"id\":\"1\",\"s\":\"");
    while (body->len < start + len - 2)
        buf_add_char(body, 'x');
    buf_add_text(body, "\"}");
    if (!last)
        buf_printf(body, "%s{\"id\":\"2\"}%s", newline, newline);
}

static void a_line_over_the_limit_of_a_record_is_too_large_and_one_at_it_is_not(void **state)
{
    static const size_t limits[] = {64, 1024, 65536, 200000};
    static const char *const newlines[] = {"\n", "\r\n"};
    struct bench b;
    struct buf body;
    bench_open(&b, *state);
    buf_init(&body, 1 << 20);
    b.options.lines = true;
    for (size_t i = 0; i < COUNT(limits) * 2 * 2 * 2; i++) {
        size_t over = i & 1;
        bool last = (i & 4) != 0;
        b.options.max_record = limits[i / 8];
        put_lines(&body, b.options.max_record + over, newlines[i >> 1 & 1], last);
        for (b.step = 0; b.step <= 8192; b.step = b.step == 0 && body.len < 3000 ? 1 : b.step * 2 + (b.step == 0 ? 1024 : 0)) {
            b.options.lenient = false;
            assert_int_equal(run(&b, buf_text(&body), body.len), over == 0 ? 0 : -1);
            assert_int_equal(b.e.msg.id, over == 0 ? MSG_NONE : MSG_RECORD_TOO_LARGE);
            if (over > 0) {
                assert_string_equal(msg_value(&b.e.msg, "index"), "1");
                assert_string_equal(msg_value(&b.e.notes[0], "line"), "2");
                assert_int_equal(err_class(&b.e), CLASS_TOO_LARGE);
            }
            b.options.lenient = true;
            assert_int_equal(run(&b, buf_text(&body), body.len), 0);
            assert_int_equal(b.result.received, last ? 2 : 3);
            assert_string_equal(buf_text(&b.bad), over == 0 ? "" : "1  record_too_large \n");
        }
    }
    buf_free(&body);
    bench_close(&b);
}

static void a_line_of_megabytes_is_passed_over_in_constant_memory(void **state)
{
    enum { LONG = 20 << 20 };
    struct bench b;
    struct buf body;
    bench_open(&b, *state);
    b.options.lines = b.options.lenient = true;
    b.options.max_record = 1024;
    buf_init(&body, 64 << 20);
    for (int i = 0; i < 2; i++) {
        char *to = buf_reserve(&body, LONG);
        assert_non_null(to);
        memset(to, 'x', LONG);
        body.len += LONG;
        buf_add_text(&body, "\n{\"id\":\"1\"}\n");
    }
    assert_int_equal(run(&b, body.data, body.len), 0);
    assert_int_equal(b.result.received, 4);
    assert_int_equal(b.result.rejected, 2);
    assert_true(b.window.size < 1 << 20);
    buf_free(&body);
    bench_close(&b);
}

/* Lines of every kind in any order: each is told from its neighbours, wherever the pieces part. */
static void lenient_lines_are_judged_each_by_itself(void **state)
{
    static const struct {
        const char *line;
        int records, bad;
    } kinds[] = {
        {"", 0, 0}, {" \t", 0, 0}, {"{\"id\":\"1\"}", 1, 0}, {"  {\"id\":\"1\",\"s\":\"\\n😀\"} ", 1, 0}, {"{}", 1, 1}, {"[1]", 1, 1},
        {"{\"id\":", 1, 1}, {"{\"id\":\"1\"}{\"id\":\"2\"}", 1, 1}, {"\xFF", 1, 1}, {"\"", 1, 1}, {"]", 1, 1},
        {"{\"id\":\"1\",\"s\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}", 1, 1},
        {"                                                                                 {\"id\":\"1\"}", 1, 1},
    };
    uint32_t seed = 7464;
    struct bench b;
    struct buf body;
    bench_open(&b, *state);
    b.options.lines = b.options.lenient = true;
    b.options.max_record = 60;
    buf_init(&body, 1 << 20);
    for (int round = 0; round < 500; round++) {
        size_t received = 0, rejected = 0;
        buf_clear(&body);
        for (uint32_t n = next_random(&seed) % 30; n > 0; n--) {
            size_t kind = next_random(&seed) % COUNT(kinds);
            buf_printf(&body, "%s%s", kinds[kind].line, n == 1 ? "" : next_random(&seed) % 3 == 0 ? "\r\n" : "\n");
            received += (size_t)kinds[kind].records;
            rejected += (size_t)kinds[kind].bad;
        }
        b.step = next_random(&seed) % 40;
        assert_int_equal(run(&b, buf_text(&body), body.len), 0);
        if (b.result.received != received || b.result.rejected != rejected)
            fail_msg("[%s]: %zu and %zu, want %zu and %zu", buf_text(&body), b.result.received, b.result.rejected, received, rejected);
    }
    buf_free(&body);
    bench_close(&b);
}

static void lines_around_the_size_of_a_reading_are_read_whole(void **state)
{
    struct bench b;
    struct buf body;
    bench_open(&b, *state);
    buf_init(&body, 1 << 20);
    b.options.lines = true;
    for (size_t len = 65536 - 40; len < 65536 + 20; len++) {
        struct row rows[3];
        size_t got;
        put_lines(&body, len, "\r\n", false);
        b.step = len % 3 == 0 ? 8192 : 0;
        assert_int_equal(run(&b, buf_text(&body), body.len), 0);
        assert_int_equal(spool_rewind(&b.spool, &b.e), 0);
        assert_int_equal(spool_next(&b.spool, rows, 3, 1 << 20, &got, &b.e), 0);
        assert_int_equal(got, 3);
        assert_int_equal(rows[1].fields_len, len);
        assert_memory_equal(rows[1].fields, buf_text(&body) + 12, len);
        expect_bytes(rows[2].fields, rows[2].fields_len, "{\"id\":\"2\"}");
    }
    buf_free(&body);
    bench_close(&b);
}

static void a_body_of_lines_over_its_limit_is_too_large(void **state)
{
    static const char body[] = "{\"id\":\"1\"}\n{\"id\":\"2\"}\n\n\n";
    struct bench b;
    bench_open(&b, *state);
    b.options.lines = true;
    for (size_t i = 0; i < 2 * 30; i++) {
        b.options.lenient = i % 2 == 0;
        b.step = i / 2;
        b.options.max_body = (int64_t)strlen(body);
        assert_int_equal(run_text(&b, body), 0);
        b.options.max_body--;
        assert_int_equal(run_text(&b, body), -1);
        assert_int_equal(b.e.msg.id, MSG_BODY_TOO_LARGE);
    }
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(an_object_or_an_array_is_read_however_its_bytes_come),
        WITH_FOLDER(a_body_that_is_not_json_is_refused_at_its_byte),
        WITH_FOLDER(a_body_that_breaks_off_is_cut_even_where_its_json_is_whole),
        WITH_FOLDER(records_around_the_size_of_a_reading_are_read_whole),
        WITH_FOLDER(a_record_over_its_limit_is_too_large_and_one_at_it_is_not),
        WITH_FOLDER(a_body_over_its_limit_is_too_large_and_one_at_it_is_not),
        WITH_FOLDER(megabytes_of_white_space_need_no_memory),
        WITH_FOLDER(each_record_is_handed_on_in_order_with_its_index),
        WITH_FOLDER(what_the_sink_refuses_ends_the_push_with_its_error),
        WITH_FOLDER(a_single_object_is_one_record_and_an_array_is_a_bad_one),
        WITH_FOLDER(objects_one_a_line_without_their_media_type_are_told_of_it),
        WITH_FOLDER(every_line_that_is_not_blank_is_a_record_however_the_bytes_come),
        WITH_FOLDER(a_line_that_is_not_json_is_refused_with_its_number_and_byte),
        WITH_FOLDER(a_line_that_is_not_json_is_a_bad_record_of_a_lenient_push),
        WITH_FOLDER(json_that_breaks_off_ends_a_lenient_push_too),
        WITH_FOLDER(a_line_over_the_limit_of_a_record_is_too_large_and_one_at_it_is_not),
        WITH_FOLDER(a_line_of_megabytes_is_passed_over_in_constant_memory),
        WITH_FOLDER(lenient_lines_are_judged_each_by_itself),
        WITH_FOLDER(lines_around_the_size_of_a_reading_are_read_whole),
        WITH_FOLDER(a_body_of_lines_over_its_limit_is_too_large),
    };
    return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
