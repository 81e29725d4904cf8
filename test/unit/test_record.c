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
#include <sys/stat.h>

#include "canon.h"
#include "catalog.h"
#include "fault.h"
#include "helper.h"
#include "record.h"
#include "report.h"
#include "words.h"

static const char category_text[] =
    "[category]\ncode = a\nname = 甲\n"
    "[field.title]\ntype = string\nrequired = yes\nmax_length = 600\n[field.pub_date]\ntype = datetime\ninput = lenient\n"
    "[field.n]\ntype = integer\nmax = 9007199254740993\n[field.d]\ntype = decimal\n[field.b]\ntype = boolean\n"
    "[field.form]\ntype = code\ncodelist = kinds\ndefault = w\n[field.note]\ntype = text\ndefault = 一 \"二\" \\三\n"
    "[field.tags]\ntype = string\nmultiple = yes\nmax_length = 3\n"
    "[field.files]\ntype = object\nmultiple = yes\n[field.files.url]\ntype = url\nrequired = yes\n"
    "[field.files.size]\ntype = integer\nmin = 0\n[field.files.day]\ntype = date\ninput = lenient\n"
    "[field.files.id]\ntype = string\n[field.files.lang]\ntype = string\ndefault = zh\n";
static const char codelist_text[] = "[codelist]\ncode = kinds\nname = 种类\n[codes]\nw = W\nx = X\n";

/* What checking a record needs. */
struct bench {
    struct catalog *catalog;
    struct faults faults;
    struct record_checker checker;
    struct row row;
    size_t used;
};

static void bench_open(struct bench *b, const char *folder, const char *category)
{
    b->catalog = catalog_of(folder, category, codelist_text);
    faults_init(&b->faults, MSG_EN);
    assert_int_equal(crypt_init(), 0);
    assert_int_equal(record_checker_init(&b->checker, catalog_find(b->catalog, "a"), CRYPT_SM3, &b->faults), 0);
}

static void bench_close(struct bench *b)
{
    record_checker_free(&b->checker);
    faults_free(&b->faults);
    catalog_free(b->catalog);
}

static enum record_outcome check(struct bench *b, const char *json)
{
    return record_check(&b->checker, json, strlen(json), true, 0, 7, &b->row, &b->used);
}

/* The faults as "pointer code" lines. */
static const char *faults_text(const struct faults *f)
{
    static char text[4000];
    size_t at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < f->kept && at < sizeof(text); i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s %s", i > 0 ? "; " : "", f->text.data + f->items[i].pointer,
                               f->items[i].code);
    return text;
}

#define REST ",\"form\":\"x\",\"note\":\"n\"}"

static void a_good_record_is_stored_byte_for_byte(void **state)
{
    static const char *const records[] = {
        "{\"id\":\"a-1\",\"title\":\"标题\"" REST,
        "{ \"t\\u0069tle\" : \"\\u6807\\n😀\" ,\r\n\t\"\\u0069d\":\"a\\/1\", \"n\" : 9007199254740993 ,\"d\":-0.10,\"b\":false" REST,
        "{\"id\":\"1\",\"title\":\"t\",\"d\":\"12345678901234567890.123456789\",\"tags\":[],\"files\":[]" REST,
        "{\"id\":\"1\",\"title\":\"t\",\"n\":null,\"tags\":null,\"files\":[{\"url\":\"http://h/\",\"id\":\"\",\"lang\":\"en\"} ]" REST,
        "{\"id\":\"1\",\"title\":\"t\",\"pub_date\":\"2024-10-09T15:30:00.123Z\"" REST,
    };
    struct bench b;
    bench_open(&b, *state, category_text);
    for (size_t i = 0; i < COUNT(records); i++) {
        EXPECT_ROW(records[i], check(&b, records[i]) == RECORD_GOOD);
        expect_bytes(b.row.fields, b.row.fields_len, records[i]);
        EXPECT_ROW(records[i], b.used == strlen(records[i]));
    }
    assert_int_equal(check(&b, records[1]), RECORD_GOOD);
    expect_bytes(b.row.id, b.row.id_len, "a/1");
    expect_bytes(b.row.title, b.row.title_len, "标\n😀");
    bench_close(&b);
}

static const struct {
    const char *json, *faults;
} faulty[] = {
    {"{}", "/title missing; /id id_missing"},
    {"{\"id\":\"1\",\"title\":null}", "/title missing"}, {"{\"id\":\"1\",\"title\":\"\"}", "/title empty"},
    {"{\"id\":\"\",\"title\":\"t\"}", "/id id_bad"}, {"{\"id\":1,\"title\":\"t\"}", "/id id_bad"},
    {"{\"id\":{\"a\":[1]},\"title\":\"t\"}", "/id id_bad"}, {"{\"id\":\"a\\nb\",\"title\":\"t\"}", "/id id_bad"},
    {"{\"id\":\"a\x7F\",\"title\":\"t\"}", "/id id_bad"},
    {"{\"ID\":\"1\",\"id\":\"1\",\"Title\":\"t\"}", "/ID unknown_field; /Title unknown_field; /title missing"},
    {"{\"id\":\"1\",\"title\":1,\"n\":\"x\",\"d\":1e3,\"b\":1,\"form\":\"zz\",\"extra\":{\"deep\":[1,{}]}}",
     "/title wrong_type; /n wrong_type; /d bad_decimal; /b wrong_type; /form not_in_codelist; /extra unknown_field"},
    {"{\"id\":\"1\",\"title\":\"t\",\"n\":9007199254740994}", "/n too_large"},
    {"{\"id\":\"1\",\"title\":\"t\",\"tags\":\"x\"}", "/tags wrong_type"},
    {"{\"id\":\"1\",\"title\":\"t\",\"tags\":[\"abc\",\"abcd\",5,null,[\"a\"],\"中文字😀\"]}",
     "/tags/1 too_long; /tags/2 wrong_type; /tags/3 wrong_type; /tags/4 wrong_type; /tags/5 too_long"},
    {"{\"id\":\"1\",\"title\":[\"t\"]}", "/title wrong_type"}, {"{\"id\":\"1\",\"title\":{\"t\":1}}", "/title wrong_type"},
    {"{\"id\":\"1\",\"title\":\"t\",\"files\":{\"url\":\"http://h/\"}}", "/files wrong_type"},
    {"{\"id\":\"1\",\"title\":\"t\",\"files\":[{},{\"url\":\"x\",\"size\":-1,\"name\":1},null,\"s\"]}",
     "/files/0/url missing; /files/1/url bad_url; /files/1/size too_small; /files/1/name unknown_field; "
     "/files/2 wrong_type; /files/3 wrong_type"},
    {"{\"id\":\"1\",\"title\":\"t\",\"a/b~c\":1}", "/a~1b~0c unknown_field"},
    {"{\"id\":\"1\",\"title\":\"t\",\"pub_date\":\"2024-02-30\"}", "/pub_date bad_datetime"},
    {"[{\"id\":\"1\"}]", " not_an_object"}, {"\"text\"", " not_an_object"}, {"null", " not_an_object"}, {"12", " not_an_object"},
};

static void all_faults_of_a_record_are_told_with_their_pointers(void **state)
{
    struct bench b;
    bench_open(&b, *state, category_text);
    for (size_t i = 0; i < COUNT(faulty); i++) {
        EXPECT_ROW(faulty[i].json, check(&b, faulty[i].json) == RECORD_FAULTY);
        if (strcmp(faults_text(&b.faults), faulty[i].faults) != 0)
            fail_msg("%s gives [%s], want [%s]", faulty[i].json, faults_text(&b.faults), faulty[i].faults);
        assert_int_equal(b.faults.index, 7);
    }
    bench_close(&b);
}

static void a_fault_carries_the_id_wherever_the_id_stands(void **state)
{
    struct bench b;
    bench_open(&b, *state, category_text);
    assert_int_equal(check(&b, "{\"n\":\"x\",\"title\":1,\"id\":\"\\u0061-1\"}"), RECORD_FAULTY);
    assert_int_equal(b.faults.total, 2);
    assert_string_equal(buf_text(&b.faults.id), "a-1");
    assert_int_equal(check(&b, "{\"n\":\"x\"}"), RECORD_FAULTY);
    assert_string_equal(buf_text(&b.faults.id), "");
    bench_close(&b);
}

static void an_id_has_1_to_128_characters(void **state)
{
    struct bench b;
    bench_open(&b, *state, category_text);
    for (int wide = 0; wide < 2; wide++) {
        for (int count = 127; count <= 129; count++) {
            struct buf json;
            buf_init(&json, 10000);
            buf_add_text(&json, "{\"title\":\"t\",\"id\":\"");
            for (int i = 0; i < count; i++)
                buf_add_text(&json, wide ? "😀" : "x");
            buf_add_text(&json, "\"}");
            assert_int_equal(check(&b, buf_text(&json)), count <= 128 ? RECORD_GOOD : RECORD_FAULTY);
            buf_free(&json);
        }
    }
    bench_close(&b);
}

/* U+0080 to U+009F are control characters as well (Unicode category Cc). */
static void an_id_has_no_control_characters_beyond_ascii_either(void **state)
{
    struct bench b;
    bench_open(&b, *state, category_text);
    enum record_outcome raw = check(&b, "{\"title\":\"t\",\"id\":\"a\xC2\x85\"}");
    enum record_outcome escaped = check(&b, "{\"title\":\"t\",\"id\":\"a\\u009b\"}");
    bench_close(&b);
    assert_int_equal(raw, RECORD_FAULTY);
    assert_int_equal(escaped, RECORD_FAULTY);
}

static void defaults_and_strict_times_are_put_in_and_nothing_else_changes(void **state)
{
    static const struct {
        const char *json, *stored;
    } rows[] = {
        {"{\"id\":\"1\",\"title\":\"t\"}", "{\"id\":\"1\",\"title\":\"t\",\"form\":\"w\",\"note\":\"一 \\\"二\\\" \\\\三\"}"},
        {"{\"id\":\"1\",\"form\":null, \"title\":\"t\",\"note\":\"\" }", "{\"id\":\"1\",\"form\":\"w\", \"title\":\"t\",\"note\":\"\" }"},
        {"{\"id\":\"1\",\"title\":\"t\",\"pub_date\" : 1728459000000 " REST,
         "{\"id\":\"1\",\"title\":\"t\",\"pub_date\" : \"2024-10-09T15:30:00+08:00\" " REST},
        {"{\"id\":\"1\",\"pub_date\":\"2024\\/10\\/09 15:30\",\"title\":\"\\u0074\"" REST,
         "{\"id\":\"1\",\"pub_date\":\"2024-10-09T15:30:00+08:00\",\"title\":\"\\u0074\"" REST},
        {"{\"id\":\"1\",\"title\":\"t\",\"files\":[{\"url\":\"http://h/\",\"day\":\"2024/10/09\"},{\"lang\":null,\"url\":\"http://i\" }],\"n\":1" REST,
         "{\"id\":\"1\",\"title\":\"t\",\"files\":[{\"url\":\"http://h/\",\"day\":\"2024-10-09\",\"lang\":\"zh\"},"
         "{\"lang\":\"zh\",\"url\":\"http://i\" }],\"n\":1" REST},
    };
    struct bench b;
    bench_open(&b, *state, category_text);
    for (size_t i = 0; i < COUNT(rows); i++) {
        EXPECT_ROW(rows[i].json, check(&b, rows[i].json) == RECORD_GOOD);
        expect_bytes(b.row.fields, b.row.fields_len, rows[i].stored);
    }
    bench_close(&b);
}

/* A control character may stand in a value of the file, but not bare in a JSON string: refused, or escaped. */
static void what_is_stored_is_json_whatever_the_default(void **state)
{
    static const char *const defaults[] = {"a\tb", "a\x01" "b", "a\xEF\xBF\xBE" "b"};
    for (size_t i = 0; i < COUNT(defaults); i++) {
        struct report report;
        char text[200];
        report_init(&report);
        (void)snprintf(text, sizeof(text), "[category]\ncode = a\nname = 甲\n[field.s]\ntype = string\ndefault = %s\n", defaults[i]);
        (void)folder_write(*state, "category/a.ini", text);
        (void)mkdir(folder_path(*state, "codelist"), 0700);
        struct catalog *catalog = catalog_load(*state, "", &report);
        report_free(&report);
        if (catalog == NULL)
            continue;
        catalog_free(catalog);
        struct bench b;
        struct scan s;
        bench_open(&b, *state, text);
        assert_int_equal(check(&b, "{\"id\":\"1\"}"), RECORD_GOOD);
        assert_int_equal(scan_init(&s), 0);
        scan_begin(&s, b.row.fields, b.row.fields_len, true, 0);
        bool json = scan_skip(&s);
        scan_free(&s);
        bench_close(&b);
        EXPECT_ROW(defaults[i], json);
    }
}

static void title_and_time_are_kept_for_listings(void **state)
{
    struct bench b;
    struct buf json;
    bench_open(&b, *state, category_text);
    assert_int_equal(check(&b, "{\"id\":\"1\",\"title\":\"t\",\"pub_date\":\"2024-10-09T20:00:00Z\"}"), RECORD_GOOD);
    assert_string_equal(b.row.published, "2024-10-10 04:00:00");
    assert_int_equal(check(&b, "{\"id\":\"1\",\"title\":\"t\"}"), RECORD_GOOD);
    assert_null(b.row.published);
    assert_int_equal(check(&b, "{\"id\":\"1\",\"title\":\"t\",\"pub_date\":\"0001-01-01T00:00:00+12:00\"}"), RECORD_GOOD);
    assert_null(b.row.published);
    buf_init(&json, 10000);
    buf_add_text(&json, "{\"id\":\"1\",\"title\":\"");
    for (int i = 0; i < 510; i++)
        buf_add_text(&json, "😀");
    buf_add_text(&json, "\"" REST);
    assert_int_equal(check(&b, buf_text(&json)), RECORD_GOOD);
    assert_int_equal(b.row.title_len, 4 * RECORD_TITLE_MAX_CHARS);
    expect_bytes(b.row.fields, b.row.fields_len, buf_text(&json));
    buf_free(&json);
    bench_close(&b);
}

static void the_canonical_form_of_a_time_is_stored_in_the_place_of_the_sent_one(void **state)
{
    struct bench b;
    bench_open(&b, *state, "[category]\ncode = a\nname = 甲\n[field.pub_date]\ntype = date\nformats = ordinal, month\n"
               "[field.valid]\ntype = interval\nformats = basic\nmultiple = yes\n[field.at]\ntype = datetime\nassume_offset = +09:00\n");
    assert_int_equal(check(&b, "{\"id\":\"1\", \"pub_date\" : \"2024-\\u0032\\u0038\\u0033\",\"valid\":[\"20241009/P1D\", \"2024-10-09/P1D\"],"
                               "\"at\":\"2024-10-09T15:30:00\"}"), RECORD_GOOD);
    expect_bytes(b.row.fields, b.row.fields_len, "{\"id\":\"1\", \"pub_date\" : \"2024-10-09\",\"valid\":[\"2024-10-09/P1D\", "
                 "\"2024-10-09/P1D\"],\"at\":\"2024-10-09T15:30:00+09:00\"}");
    assert_string_equal(b.row.published, "2024-10-09 00:00:00");
    assert_int_equal(check(&b, "{\"id\":\"1\",\"pub_date\":\"2024-10\"}"), RECORD_GOOD);
    expect_bytes(b.row.fields, b.row.fields_len, "{\"id\":\"1\",\"pub_date\":\"2024-10\"}");
    assert_string_equal(b.row.published, "2024-10-01 00:00:00");
    assert_int_equal(check(&b, "{\"id\":\"1\",\"pub_date\":\"2024-367\",\"valid\":[\"x\"]}"), RECORD_FAULTY);
    assert_string_equal(faults_text(&b.faults), "/pub_date bad_date; /valid/0 bad_interval");
    bench_close(&b);
}

/* The stored record has the title and the time; so listings and views have them too. */
static void a_default_serves_as_title_and_time_of_publication(void **state)
{
    struct bench b;
    bench_open(&b, *state, "[category]\ncode = a\nname = 甲\n[field.title]\ntype = string\ndefault = untitled\n"
               "[field.pub_date]\ntype = date\ndefault = 2024-10-09\n");
    assert_int_equal(check(&b, "{\"id\":\"1\"}"), RECORD_GOOD);
    bool has_title = b.row.title != NULL && b.row.title_len == 8;
    bool has_time = b.row.published != NULL && strcmp(b.row.published, "2024-10-09 00:00:00") == 0;
    bench_close(&b);
    assert_true(has_title);
    assert_true(has_time);
}

static void the_digest_is_that_of_the_canonical_form_of_what_is_stored(void **state)
{
    static const char *const same[] = {
        "{\"id\":\"1\",\"title\":\"标\",\"pub_date\":\"2024/10/09\"}",
        " { \"pub_date\" : \"2024-10-09 00:00\" ,\r\n\"t\\u0069tle\":\"\\u6807\",\"form\":\"w\",\"id\":\"\\u0031\"}",
        "{\"note\":null,\"title\":\"标\",\"form\":null,\"id\":\"1\",\"pub_date\":\"2024-10-09T00:00:00+08:00\"}",
    };
    unsigned char first[CRYPT_DIGEST_SIZE], digest[CRYPT_DIGEST_SIZE];
    struct bench b;
    struct buf canonical;
    bench_open(&b, *state, category_text);
    buf_init(&canonical, 10000);
    for (size_t i = 0; i < COUNT(same); i++) {
        assert_int_equal(check(&b, same[i]), RECORD_GOOD);
        buf_clear(&canonical);
        canon_write(&canonical, b.row.fields, b.row.fields_len);
        crypt_digest(CRYPT_SM3, buf_text(&canonical), canonical.len, digest);
        assert_memory_equal(b.row.digest, digest, sizeof(digest));
        if (i == 0)
            memcpy(first, digest, sizeof(first));
        EXPECT_ROW(same[i], memcmp(first, digest, sizeof(first)) == 0);
    }
    assert_int_equal(check(&b, "{\"id\":\"1\",\"title\":\"标 \",\"pub_date\":\"2024/10/09\"}"), RECORD_GOOD);
    assert_memory_not_equal(b.row.digest, first, sizeof(first));
    buf_free(&canonical);
    bench_close(&b);
}

static const char alias_text[] =
    "[category]\ncode = a\nname = 甲\n[field.title]\ntype = string\nrequired = yes\nalias = resTitle, Title-2\n"
    "[field.former]\ntype = string\ndeprecated = use title\n"
    "[field.pub_date]\ntype = datetime\ninput = lenient\nalias = pubDate\n[field.kind]\ntype = string\ndefault = k\nalias = Kind\n"
    "[field.provider]\ntype = object\nmultiple = yes\nalias = IdPoC\n[field.provider.name]\ntype = string\nrequired = yes\n"
    "alias = rpOrgNam\n[field.provider.address]\ntype = string\nalias = cntAdd\n";

static void a_field_that_comes_under_an_alias_is_stored_under_its_own_name(void **state)
{
    static const struct {
        const char *json, *stored;
    } rows[] = {
        {"{\"id\":\"1\",\"title\":\"t\",\"kind\":\"x\"}", "{\"id\":\"1\",\"title\":\"t\",\"kind\":\"x\"}"},
        {"{\"id\":\"1\", \"resTitle\" : \"t\",\"kind\":\"x\"}", "{\"id\":\"1\", \"title\" : \"t\",\"kind\":\"x\"}"},
        {"{\"id\":\"1\",\"Title-2\":\"t\",\"Kind\":null}", "{\"id\":\"1\",\"title\":\"t\",\"kind\":\"k\"}"},
        {"{\"id\":\"1\",\"r\\u0065sTitle\":\"t\",\"pubDate\":\"2024/10/09\",\"Kind\":\"x\"}",
         "{\"id\":\"1\",\"title\":\"t\",\"pub_date\":\"2024-10-09T00:00:00+08:00\",\"kind\":\"x\"}"},
        {"{\"id\":\"1\",\"resTitle\":\"t\",\"IdPoC\":[{\"rpOrgNam\":\"n\",\"cntAdd\":\"a\"},{\"name\":\"m\"}],\"kind\":\"x\"}",
         "{\"id\":\"1\",\"title\":\"t\",\"provider\":[{\"name\":\"n\",\"address\":\"a\"},{\"name\":\"m\"}],\"kind\":\"x\"}"},
        {"{\"id\":\"1\",\"resTitle\":\"t\"}", "{\"id\":\"1\",\"title\":\"t\",\"kind\":\"k\"}"},
    };
    unsigned char first[CRYPT_DIGEST_SIZE];
    struct bench b;
    bench_open(&b, *state, alias_text);
    for (size_t i = 0; i < COUNT(rows); i++) {
        EXPECT_ROW(rows[i].json, check(&b, rows[i].json) == RECORD_GOOD);
        expect_bytes(b.row.fields, b.row.fields_len, rows[i].stored);
        expect_bytes(b.row.title, b.row.title_len, "t");
        if (i == 0)
            memcpy(first, b.row.digest, sizeof(first));
        EXPECT_ROW(rows[i].json, i > 1 || memcmp(first, b.row.digest, sizeof(first)) == 0);
    }
    bench_close(&b);
}

/* By the places that the values have in what is stored; what is stored as it was sent is not told. */
static void what_the_sender_wrote_for_times_is_kept(void **state)
{
    static const struct {
        const char *json, *sent;
    } rows[] = {
        {"{\"id\":\"1\",\"title\":\"t\",\"pub_date\":\"2024-10-09T00:00:00+08:00\"}", NULL},
        {"{\"id\":\"1\",\"title\":\"t\",\"pub_date\":null}", NULL},
        {"{\"id\":\"1\",\"title\":\"t\",\"pubDate\" : \"2024\\/10\\/09\" }", "{\"/pub_date\":\"2024\\/10\\/09\"}"},
        {"{\"id\":\"1\",\"title\":\"t\",\"pub_date\":1728459000000}", "{\"/pub_date\":1728459000000}"},
        {"{\"id\":\"1\",\"title\":\"t\",\"Spans\":[\"20241009/P1D\",\"2024-10-09/P1D\",\"20241010/P1D\"],"
         "\"Places\":[{},{\"Day\":\"2024/01/02\"}]}",
         "{\"/spans/0\":\"20241009/P1D\",\"/spans/2\":\"20241010/P1D\",\"/places/1/day\":\"2024/01/02\"}"},
        {"{\"id\":\"1\",\"title\":\"t\"}", NULL},
    };
    struct bench b;
    bench_open(&b, *state,
               "[category]\ncode = a\nname = 甲\n[field.title]\ntype = string\n[field.pub_date]\ntype = datetime\ninput = lenient\n"
               "alias = pubDate\n[field.spans]\ntype = interval\nmultiple = yes\nalias = Spans\nformats = basic\n"
               "[field.places]\ntype = object\nmultiple = yes\nalias = Places\n[field.places.day]\ntype = date\ninput = lenient\nalias = Day\n");
    for (size_t i = 0; i < COUNT(rows); i++) {
        EXPECT_ROW(rows[i].json, check(&b, rows[i].json) == RECORD_GOOD);
        EXPECT_ROW(rows[i].json, (b.row.sent == NULL) == (rows[i].sent == NULL));
        if (rows[i].sent != NULL)
            expect_bytes(b.row.sent, b.row.sent_len, rows[i].sent);
    }
    bench_close(&b);
}

static void more_of_it_than_can_be_kept_is_a_fault_of_the_record(void **state)
{
    struct bench b;
    struct buf json;
    buf_init(&json, (size_t)64 * 1024 * 1024);
    bench_open(&b, *state, "[category]\ncode = a\nname = 甲\n[field.days]\ntype = date\nmultiple = yes\ninput = lenient\n");
    buf_add_text(&json, "{\"id\":\"1\",\"days\":[\"2024/10/09\"");
    for (size_t i = 0; i < RECORD_SENT_MAX_BYTES / 20; i++)
        buf_add_text(&json, ",\"2024/10/09\"");
    buf_add_text(&json, "]}");
    assert_int_equal(check(&b, buf_text(&json)), RECORD_FAULTY);
    assert_string_equal(faults_text(&b.faults), " too_much_replaced");
    assert_int_equal(check(&b, "{\"id\":\"1\",\"days\":[\"2024/10/09\"]}"), RECORD_GOOD);
    expect_bytes(b.row.sent, b.row.sent_len, "{\"/days/0\":\"2024/10/09\"}");
    buf_free(&json);
    bench_close(&b);
}

static void two_names_of_one_field_are_one_too_many(void **state)
{
    static const struct {
        const char *json, *faults;
    } rows[] = {
        {"{\"id\":\"1\",\"title\":\"t\",\"resTitle\":\"t\"}", "/resTitle field_twice"},
        {"{\"id\":\"1\",\"resTitle\":\"t\",\"title\":null}", "/title field_twice"},
        {"{\"id\":\"1\",\"title\":null,\"resTitle\":\"t\"}", "/resTitle field_twice"},
        {"{\"id\":\"1\",\"resTitle\":\"t\",\"Title-2\":1}", "/Title-2 field_twice; /Title-2 wrong_type"},
        {"{\"id\":\"1\",\"title\":\"t\",\"IdPoC\":[{\"rpOrgNam\":\"n\",\"name\":\"n\"},{\"rpOrgNam\":\"n\"},{\"cntAdd\":1}]}",
         "/IdPoC/0/name field_twice; /IdPoC/2/cntAdd wrong_type; /IdPoC/2/name missing"},
        {"{\"id\":\"1\",\"restitle\":\"t\",\"rpOrgNam\":\"n\"}", "/restitle unknown_field; /rpOrgNam unknown_field; /title missing"},
    };
    struct bench b;
    bench_open(&b, *state, alias_text);
    for (size_t i = 0; i < COUNT(rows); i++) {
        EXPECT_ROW(rows[i].json, check(&b, rows[i].json) == RECORD_FAULTY);
        if (strcmp(faults_text(&b.faults), rows[i].faults) != 0)
            fail_msg("%s gives [%s], want [%s]", rows[i].json, faults_text(&b.faults), rows[i].faults);
    }
    bench_close(&b);
}

static void a_name_that_is_nearly_known_is_answered_with_the_known_one(void **state)
{
    static const struct {
        const char *json, *zh, *en;
    } rows[] = {
        {"{\"id\":\"1\",\"title\":\"t\",\"pubdate\":1}", "的字段（是否应为 pub_date？）；请删去", "\"pubdate\" (did you mean pub_date?): remove it"},
        {"{\"id\":\"1\",\"title\":\"t\",\"RESTITLE\":1}", "是否应为 resTitle？", "did you mean resTitle?"},
        {"{\"id\":\"1\",\"title\":\"t\",\"verison\":1}", "是否应为 version？", "did you mean version?"},
        {"{\"id\":\"1\",\"title\":\"t\",\"provider\":[{\"name\":\"n\",\"adress\":1}]}", "是否应为 address？", "did you mean address?"},
    };
    struct bench b;
    bench_open(&b, *state, alias_text);
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int lang = 0; lang < MSG_LANG_N; lang++) {
            b.faults.lang = (enum msg_lang)lang;
            EXPECT_ROW(rows[i].json, check(&b, rows[i].json) == RECORD_FAULTY);
            expect_has(b.faults.text.data + b.faults.items[0].message, lang == MSG_ZH ? rows[i].zh : rows[i].en);
        }
    }
    assert_int_equal(check(&b, "{\"id\":\"1\",\"title\":\"t\",\"something\":1}"), RECORD_FAULTY);
    assert_string_equal(b.faults.text.data + b.faults.items[0].message,
                        "The category has no field \"something\": remove it or correct its name.");
    assert_int_equal(check(&b, "{\"id\":\"1\",\"title\":\"t\",\"fomer\":1}"), RECORD_FAULTY);
    expect_has_not(b.faults.text.data + b.faults.items[0].message, "did you mean");
    assert_int_equal(check(&b, "{\"id\":\"1\",\"title\":\"t\",\"former\":\"x\",\"kind\":\"x\"}"), RECORD_GOOD);
    /* Who has twenty faults has enough to do, and who has thousands does not make the search run thousands of times. */
    struct buf many;
    buf_init(&many, 10000);
    buf_add_text(&many, "{\"id\":\"1\",\"title\":\"t\"");
    for (int i = 0; i < 30; i++)
        buf_printf(&many, ",\"%.*skind\":1", i + 1, "------------------------------");
    buf_add_char(&many, '}');
    assert_int_equal(check(&b, buf_text(&many)), RECORD_FAULTY);
    assert_int_equal(b.faults.kept, 30);
    for (size_t i = 0; i < b.faults.kept; i++)
        assert_int_equal(strstr(b.faults.text.data + b.faults.items[i].message, "did you mean kind?") != NULL, i < 20);
    buf_free(&many);
    /* An object's members are not known at the top, nor id within an object. */
    assert_int_equal(check(&b, "{\"id\":\"1\",\"title\":\"t\",\"provider\":[{\"name\":\"n\",\"ID\":1}]}"), RECORD_FAULTY);
    expect_has_not(b.faults.text.data + b.faults.items[0].message, "did you mean");
    bench_close(&b);
}

static void a_message_shows_no_personal_value(void **state)
{
    static const char *const values[] = {"\"13900000000\"", "\"王小明\"", "13900000000", "\"139\\u00300000001\"",
                                         "[\"13900000000\"]", "{\"x\":\"王小明\"}"};
    static const char *const names[] = {"p", "n", "d", "c", "f", "t", "o", "u"};
    struct bench b;
    bench_open(&b, *state, "[category]\ncode = a\nname = 甲\n[field.p]\ntype = string\npersonal = yes\nmax_length = 2\npattern = ^x\n"
               "[field.n]\ntype = integer\npersonal = yes\nmax = 1\n[field.d]\ntype = decimal\npersonal = yes\nmax = 1\n"
               "[field.c]\ntype = code\ncodelist = kinds\npersonal = yes\n[field.f]\ntype = string\npersonal = yes\nformat = id_card\n"
               "[field.t]\ntype = date\npersonal = yes\ninput = lenient\n[field.u]\ntype = url\npersonal = yes\n"
               "[field.o]\ntype = object\npersonal = yes\n[field.o.x]\ntype = string\npattern = ^x\n");
    for (size_t i = 0; i < COUNT(values); i++) {
        for (size_t k = 0; k < COUNT(names); k++) {
            char json[200];
            (void)snprintf(json, sizeof(json), "{\"id\":\"1\",\"%s\":%s}", names[k], values[i]);
            EXPECT_ROW(json, check(&b, json) == RECORD_FAULTY);
            for (size_t m = 0; m < b.faults.kept; m++) {
                expect_has_not(b.faults.text.data + b.faults.items[m].message, "3900000");
                expect_has_not(b.faults.text.data + b.faults.items[m].message, "王");
            }
        }
    }
    assert_int_equal(check(&b, "{\"id\":\"1\",\"f\":\"110105194912310021\"}"), RECORD_FAULTY);
    expect_has(b.faults.text.data + b.faults.items[0].message, "The value \"1***1\" of field f is no valid citizen identification");
    bench_close(&b);
}

/* Whatever faults a part had, the next check begins without them: none is told twice, or of another record. */
static void a_part_of_a_record_asks_for_more_and_leaves_no_faults(void **state)
{
    static const char good[] = "{\"id\":\"1\",\"title\":\"t\"}";
    static const char json[] = "{\"n\":\"x\",\"title\":1,\"bad\":2,\"id\":\"a-1\",\"tags\":[1,2,3]}";
    struct bench b;
    bench_open(&b, *state, category_text);
    for (size_t len = 0; len < strlen(json); len++) {
        char *exact = malloc(len + 1);
        assert_non_null(exact);
        memcpy(exact, json, len);
        assert_int_equal(record_check(&b.checker, exact, len, false, 0, 0, &b.row, &b.used), RECORD_MORE);
        assert_int_equal(check(&b, json), RECORD_FAULTY);
        assert_int_equal(b.faults.total, 6);
        assert_int_equal(record_check(&b.checker, exact, len, true, 0, 0, &b.row, &b.used), RECORD_BROKEN);
        assert_int_equal(check(&b, good), RECORD_GOOD);
        assert_int_equal(b.faults.total, 0);
        assert_string_equal(buf_text(&b.faults.id), "");
        free(exact);
    }
    assert_int_equal(check(&b, json), RECORD_FAULTY);
    assert_int_equal(b.faults.total, 6);
    bench_close(&b);
}

static void a_version_is_an_integer_from_0_to_the_largest_of_64_bits(void **state)
{
    static const struct {
        const char *version; /* NULL: none */
        int64_t want;        /* -2: a fault */
    } rows[] = {
        {NULL, RECORD_NO_VERSION}, {"null", RECORD_NO_VERSION}, {"0", 0}, {"1", 1}, {"9223372036854775806", INT64_MAX - 1},
        {"9223372036854775807", INT64_MAX}, {"9223372036854775808", -2}, {"99999999999999999999999999", -2}, {"-1", -2},
        {"-9223372036854775808", -2}, {"1.0", -2}, {"1e3", -2}, {"1E0", -2}, {"0.5", -2}, {"\"5\"", -2}, {"\"\"", -2}, {"true", -2},
        {"[]", -2}, {"[1]", -2}, {"{}", -2}, {"{\"a\":{}}", -2},
    };
    struct bench b;
    bench_open(&b, *state, category_text);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char json[200];
        const char *row = rows[i].version == NULL ? "none" : rows[i].version;
        (void)snprintf(json, sizeof(json), "{\"id\":\"1\",\"title\":\"t\"%s%s" REST, rows[i].version == NULL ? "" : ",\"version\":",
                       rows[i].version == NULL ? "" : rows[i].version);
        EXPECT_ROW(row, check(&b, json) == (rows[i].want == -2 ? RECORD_FAULTY : RECORD_GOOD));
        if (rows[i].want == -2) {
            assert_string_equal(faults_text(&b.faults), "/version version_bad");
            expect_has(b.faults.text.data + b.faults.items[0].message, "9223372036854775807");
        } else {
            EXPECT_ROW(row, b.row.version == rows[i].want);
            expect_bytes(b.row.fields, b.row.fields_len, json);
        }
    }
    bench_close(&b);
}

static void a_version_is_not_carried_over_to_the_next_record(void **state)
{
    struct bench b;
    bench_open(&b, *state, category_text);
    assert_int_equal(check(&b, "{\"id\":\"1\",\"title\":\"t\",\"version\":5}"), RECORD_GOOD);
    assert_int_equal(check(&b, "{\"id\":\"1\",\"title\":\"t\"}"), RECORD_GOOD);
    assert_int_equal(b.row.version, RECORD_NO_VERSION);
    bench_close(&b);
}

/* It is a member of the record itself: within an object of a field the name means nothing. */
static void a_version_counts_at_the_top_alone(void **state)
{
    struct bench b;
    bench_open(&b, *state, category_text);
    assert_int_equal(check(&b, "{\"id\":\"1\",\"title\":\"t\",\"files\":[{\"url\":\"http://h/\",\"version\":5}]}"), RECORD_FAULTY);
    assert_string_equal(faults_text(&b.faults), "/files/0/version unknown_field");
    assert_int_equal(check(&b, "{\"id\":\"1\",\"title\":\"t\",\"version\":1,\"version\":2}"), RECORD_BROKEN);
    assert_int_equal(b.checker.scan.why, MSG_JSON_DUPLICATE);
    bench_close(&b);
}

static void a_row_knows_its_place_in_the_push(void **state)
{
    static const size_t indices[] = {0, 7, 1000000, SIZE_MAX};
    static const char json[] = "{\"id\":\"1\",\"title\":\"t\"}";
    struct bench b;
    bench_open(&b, *state, category_text);
    for (size_t i = 0; i < COUNT(indices); i++) {
        assert_int_equal(record_check(&b.checker, json, strlen(json), true, 0, indices[i], &b.row, &b.used), RECORD_GOOD);
        assert_int_equal(b.row.index, indices[i]);
    }
    bench_close(&b);
}

static void give_id(struct bench *b, const char *id)
{
    b->checker.given_id = id;
    b->checker.given_id_len = strlen(id);
}

static void a_record_without_an_id_gets_the_one_that_is_given(void **state)
{
    static const struct {
        const char *id, *json, *stored;
    } rows[] = {
        {"a-1", "{\"title\":\"t\"" REST, "{\"title\":\"t\",\"form\":\"x\",\"note\":\"n\",\"id\":\"a-1\"}"},
        {"政府/1 😀", "{\"title\":\"t\"" REST, "{\"title\":\"t\",\"form\":\"x\",\"note\":\"n\",\"id\":\"政府/1 😀\"}"},
        {"q\"\\", "{\"title\":\"t\"" REST " ", "{\"title\":\"t\",\"form\":\"x\",\"note\":\"n\",\"id\":\"q\\\"\\\\\"}"},
        {"a", "{\"title\":\"t\" }", "{\"title\":\"t\" ,\"id\":\"a\",\"form\":\"w\",\"note\":\"一 \\\"二\\\" \\\\三\"}"},
        {"a-1", "{\"id\":\"a-1\",\"title\":\"t\"" REST, "{\"id\":\"a-1\",\"title\":\"t\"" REST},
        {"a-1", "{\"title\":\"t\",\"\\u0069d\":\"\\u0061-1\"" REST, "{\"title\":\"t\",\"\\u0069d\":\"\\u0061-1\"" REST},
    };
    struct bench b;
    bench_open(&b, *state, category_text);
    for (size_t i = 0; i < COUNT(rows); i++) {
        give_id(&b, rows[i].id);
        EXPECT_ROW(rows[i].json, check(&b, rows[i].json) == RECORD_GOOD);
        expect_bytes(b.row.fields, b.row.fields_len, rows[i].stored);
        expect_bytes(b.row.id, b.row.id_len, rows[i].id);
    }
    bench_close(&b);
}

/* The very same record comes of both, so its digest is the same. */
static void an_id_that_is_given_and_one_that_is_sent_make_the_same_record(void **state)
{
    unsigned char sent[CRYPT_DIGEST_SIZE];
    struct bench b;
    bench_open(&b, *state, category_text);
    assert_int_equal(check(&b, "{\"id\":\"q\\\"\\\\\",\"title\":\"t\"}"), RECORD_GOOD);
    memcpy(sent, b.row.digest, sizeof(sent));
    give_id(&b, "q\"\\");
    assert_int_equal(check(&b, "{\"title\":\"t\"}"), RECORD_GOOD);
    assert_memory_equal(b.row.digest, sent, sizeof(sent));
    bench_close(&b);
}

static void an_empty_object_with_a_given_id_is_json_and_has_it_once(void **state)
{
    struct bench b;
    bench_open(&b, *state, "[category]\ncode = a\nname = 甲\n[field.s]\ntype = text\n[field.o]\ntype = object\n[field.o.id]\ntype = string\n");
    give_id(&b, "a");
    assert_int_equal(check(&b, " { } "), RECORD_GOOD);
    expect_bytes(b.row.fields, b.row.fields_len, "{ \"id\":\"a\"}");
    assert_int_equal(check(&b, "{\"o\":{}}"), RECORD_GOOD);
    expect_bytes(b.row.fields, b.row.fields_len, "{\"o\":{},\"id\":\"a\"}");
    assert_int_equal(check(&b, "{\"o\":{\"id\":\"other\"}}"), RECORD_GOOD);
    expect_bytes(b.row.fields, b.row.fields_len, "{\"o\":{\"id\":\"other\"},\"id\":\"a\"}");
    bench_close(&b);
}

static void a_record_with_another_id_than_the_given_one_is_faulty(void **state)
{
    static const struct {
        const char *json, *faults;
    } rows[] = {
        {"{\"id\":\"a-2\",\"title\":\"t\"}", "/id id_differs"}, {"{\"id\":\"A-1\",\"title\":\"t\"}", "/id id_differs"},
        {"{\"id\":\"a-\",\"title\":\"t\"}", "/id id_differs"}, {"{\"id\":\"a-1 \",\"title\":\"t\"}", "/id id_differs"},
        {"{\"id\":\"\\u0061-10\",\"title\":\"t\"}", "/id id_differs"}, {"{\"id\":\"\",\"title\":\"t\"}", "/id id_bad; /id id_differs"},
        {"{\"id\":null,\"title\":\"t\"}", "/id id_bad"}, {"{\"id\":1,\"title\":\"t\"}", "/id id_bad"},
        {"[{\"id\":\"a-1\",\"title\":\"t\"}]", " not_an_object"},
    };
    struct bench b;
    bench_open(&b, *state, category_text);
    give_id(&b, "a-1");
    for (size_t i = 0; i < COUNT(rows); i++) {
        EXPECT_ROW(rows[i].json, check(&b, rows[i].json) == RECORD_FAULTY);
        if (strcmp(faults_text(&b.faults), rows[i].faults) != 0)
            fail_msg("%s gives [%s], want [%s]", rows[i].json, faults_text(&b.faults), rows[i].faults);
    }
    bench_close(&b);
}

/* What a sender may not write, a path may not name either. */
static void a_given_id_keeps_the_rules_of_an_id(void **state)
{
    static const char *const bad[] = {"", "a\nb", "a\x7F", "a\xC2\x85", "\t"};
    struct bench b;
    bench_open(&b, *state, category_text);
    for (size_t i = 0; i < COUNT(bad); i++) {
        give_id(&b, bad[i]);
        EXPECT_ROW(bad[i], check(&b, "{\"title\":\"t\"}") == RECORD_FAULTY);
        assert_string_equal(faults_text(&b.faults), "/id id_bad");
    }
    for (int wide = 0; wide < 2; wide++) {
        for (int count = 127; count <= 129; count++) {
            struct buf id;
            buf_init(&id, 1000);
            for (int i = 0; i < count; i++)
                buf_add_text(&id, wide ? "😀" : "x");
            give_id(&b, buf_text(&id));
            assert_int_equal(check(&b, "{\"title\":\"t\"}"), count <= 128 ? RECORD_GOOD : RECORD_FAULTY);
            assert_string_equal(faults_text(&b.faults), count <= 128 ? "" : "/id id_bad");
            buf_free(&id);
        }
    }
    bench_close(&b);
}

static void what_is_not_json_is_broken_even_behind_faults(void **state)
{
    static const struct {
        const char *json;
        enum msg_id why;
    } rows[] = {
        {"{\"n\":\"x\",\"n\":1}", MSG_JSON_DUPLICATE}, {"{\"id\":\"1\",\"\\u0069d\":\"2\"}", MSG_JSON_DUPLICATE},
        {"{\"x\":{\"a\":1,\"a\":2}}", MSG_JSON_DUPLICATE}, {"{\"files\":[{\"url\":\"u\",\"url\":\"v\"}]}", MSG_JSON_DUPLICATE},
        {"{\"title\":\"\xD6\xD0\"}", MSG_JSON_UTF8}, {"{\"id\":\"1\",}", MSG_JSON_SYNTAX}, {"{\"n\":01}", MSG_JSON_NUMBER},
        {"{\"title\":\"\\u0000\"}", MSG_JSON_NUL}, {"{\"title\":\"a\tb\"}", MSG_JSON_CONTROL},
    };
    struct bench b;
    bench_open(&b, *state, category_text);
    for (size_t i = 0; i < COUNT(rows); i++) {
        EXPECT_ROW(rows[i].json, check(&b, rows[i].json) == RECORD_BROKEN);
        EXPECT_ROW(rows[i].json, b.checker.scan.why == rows[i].why);
        EXPECT_ROW(rows[i].json, check(&b, "{\"id\":\"1\",\"title\":\"t\"}") == RECORD_GOOD && b.faults.total == 0);
    }
    bench_close(&b);
}

static void containers_around_a_record_count_towards_its_depth(void **state)
{
    struct bench b;
    struct buf json;
    bench_open(&b, *state, category_text);
    buf_init(&json, 1000);
    buf_add_text(&json, "{\"id\":\"1\",\"title\":\"t\",\"x\":");
    for (int i = 0; i < 31; i++)
        buf_add_char(&json, '[');
    for (int i = 0; i < 31; i++)
        buf_add_char(&json, ']');
    buf_add_char(&json, '}');
    assert_int_equal(record_check(&b.checker, buf_text(&json), json.len, true, 0, 0, &b.row, &b.used), RECORD_FAULTY);
    assert_int_equal(record_check(&b.checker, buf_text(&json), json.len, true, 1, 0, &b.row, &b.used), RECORD_BROKEN);
    assert_int_equal(b.checker.scan.why, MSG_JSON_DEPTH);
    buf_free(&json);
    bench_close(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_good_record_is_stored_byte_for_byte),
        WITH_FOLDER(all_faults_of_a_record_are_told_with_their_pointers),
        WITH_FOLDER(a_fault_carries_the_id_wherever_the_id_stands),
        WITH_FOLDER(an_id_has_1_to_128_characters),
        WITH_FOLDER(an_id_has_no_control_characters_beyond_ascii_either),
        WITH_FOLDER(defaults_and_strict_times_are_put_in_and_nothing_else_changes),
        WITH_FOLDER(what_is_stored_is_json_whatever_the_default),
        WITH_FOLDER(title_and_time_are_kept_for_listings),
        WITH_FOLDER(the_canonical_form_of_a_time_is_stored_in_the_place_of_the_sent_one),
        WITH_FOLDER(a_default_serves_as_title_and_time_of_publication),
        WITH_FOLDER(the_digest_is_that_of_the_canonical_form_of_what_is_stored),
        WITH_FOLDER(a_field_that_comes_under_an_alias_is_stored_under_its_own_name),
        WITH_FOLDER(what_the_sender_wrote_for_times_is_kept),
        WITH_FOLDER(more_of_it_than_can_be_kept_is_a_fault_of_the_record),
        WITH_FOLDER(two_names_of_one_field_are_one_too_many),
        WITH_FOLDER(a_name_that_is_nearly_known_is_answered_with_the_known_one),
        WITH_FOLDER(a_message_shows_no_personal_value),
        WITH_FOLDER(a_part_of_a_record_asks_for_more_and_leaves_no_faults),
        WITH_FOLDER(a_version_is_an_integer_from_0_to_the_largest_of_64_bits),
        WITH_FOLDER(a_version_is_not_carried_over_to_the_next_record),
        WITH_FOLDER(a_version_counts_at_the_top_alone),
        WITH_FOLDER(a_row_knows_its_place_in_the_push),
        WITH_FOLDER(a_record_without_an_id_gets_the_one_that_is_given),
        WITH_FOLDER(an_id_that_is_given_and_one_that_is_sent_make_the_same_record),
        WITH_FOLDER(an_empty_object_with_a_given_id_is_json_and_has_it_once),
        WITH_FOLDER(a_record_with_another_id_than_the_given_one_is_faulty),
        WITH_FOLDER(a_given_id_keeps_the_rules_of_an_id),
        WITH_FOLDER(what_is_not_json_is_broken_even_behind_faults),
        WITH_FOLDER(containers_around_a_record_count_towards_its_depth),
    };
    words_init();
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
