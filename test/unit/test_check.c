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
#include "category.h"
#include "check.h"
#include "codelist.h"
#include "helper.h"
#include "utf8.h"
#include "words.h"

static const char category_text[] =
    "[category]\ncode = a\nname = 甲\n"
    "[field.s]\ntype = string\n[field.req]\ntype = string\nrequired = yes\n"
    "[field.req0]\ntype = text\nrequired = yes\nmin_length = 0\n"
    "[field.len]\ntype = html\nmin_length = 2\nmax_length = 4\n"
    "[field.no]\ntype = string\npattern = ^.+〔[0-9]{4}〕[0-9]+号$\n[field.bad]\ntype = string\npattern = ^(a+)+$\n"
    "[field.both]\ntype = string\nmax_length = 2\npattern = ^x\n"
    "[field.i]\ntype = integer\n[field.ir]\ntype = integer\nmin = -3\nmax = 99\n"
    "[field.d]\ntype = decimal\n[field.dr]\ntype = decimal\nmin = 0\nmax = 12345678901234567890.05\n"
    "[field.b]\ntype = boolean\n[field.day]\ntype = date\n[field.t]\ntype = datetime\n"
    "[field.dayl]\ntype = date\ninput = lenient\n[field.tl]\ntype = datetime\ninput = lenient\n"
    "[field.p]\ntype = duration\n[field.u]\ntype = url\n[field.c]\ntype = code\ncodelist = kinds\n"
    "[field.o]\ntype = object\n[field.o.m]\ntype = string\n";
static const char codelist_text[] = "[codelist]\ncode = kinds\nname = 种类\n[codes]\nA1 = 甲\n2 = 乙\n";

/* One value and the code of its fault, "" for none, "a b" for two. A kind's first letter: s n t f 0 o a. */
static const struct {
    const char *field;
    char kind;
    const char *text, *codes;
} rows[] = {
    {"s", 's', "", ""}, {"s", 's', "text", ""}, {"s", 'n', "1", "wrong_type"}, {"s", 't', "", "wrong_type"},
    {"s", 'o', "", "wrong_type"}, {"s", 'a', "", "wrong_type"}, {"s", '0', "", "wrong_type"},
    {"req", 's', "", "empty"}, {"req", 's', " ", ""}, {"req0", 's', "", ""},
    {"len", 's', "", "too_short"}, {"len", 's', "一", "too_short"}, {"len", 's', "一二", ""}, {"len", 's', "😀😀😀😀", ""},
    {"len", 's', "一二三四五", "too_long"},
    {"no", 's', "驻政〔2024〕1号", ""}, {"no", 's', "驻政〔24〕1号", "pattern_mismatch"}, {"no", 's', "", ""},
    {"bad", 's', "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "pattern_mismatch"},
    {"both", 's', "abc", "too_long pattern_mismatch"},
    {"i", 'n', "0", ""}, {"i", 'n', "-0", ""}, {"i", 'n', "9223372036854775807", ""}, {"i", 'n', "-9223372036854775808", ""},
    {"i", 'n', "9223372036854775808", "too_large"}, {"i", 'n', "-9223372036854775809", "too_small"},
    {"i", 'n', "1.0", "wrong_type"}, {"i", 'n', "1e3", "wrong_type"}, {"i", 's', "1", "wrong_type"}, {"i", 't', "", "wrong_type"},
    {"ir", 'n', "-3", ""}, {"ir", 'n', "99", ""}, {"ir", 'n', "-4", "too_small"}, {"ir", 'n', "100", "too_large"},
    {"d", 'n', "12.50", ""}, {"d", 's', "12.50", ""}, {"d", 'n', "1e3", "bad_decimal"}, {"d", 's', "1e3", "bad_decimal"},
    {"d", 's', "", "empty_value"}, {"d", 's', "+1", "bad_decimal"}, {"d", 's', "01", "bad_decimal"}, {"d", 's', "1,5", "bad_decimal"},
    {"d", 's', "NaN", "bad_decimal"}, {"d", 't', "", "wrong_type"},
    {"d", 's', "12345678901234567890123456789012345678901234567890123456789012345", ""},
    {"d", 'n', "123456789012345678901234567890123456789012345678901234567890123456", "bad_decimal"},
    {"dr", 'n', "12345678901234567890.05", ""}, {"dr", 'n', "12345678901234567890.051", "too_large"},
    {"dr", 's', "-0.001", "too_small"}, {"dr", 'n', "-0.0", ""},
    {"b", 't', "", ""}, {"b", 'f', "", ""}, {"b", 's', "true", "wrong_type"}, {"b", 'n', "1", "wrong_type"},
    {"b", '0', "", "wrong_type"},
    {"day", 's', "2024-10-09", ""}, {"day", 's', "2024-10-09T00:00:00Z", "bad_date"}, {"day", 's', "2024/10/09", "bad_date"},
    {"day", 's', "2023-02-29", "bad_date"}, {"day", 's', "", "empty_value"}, {"day", 'n', "20241009", "wrong_type"},
    {"t", 's', "2024-10-09T15:30:00+08:00", ""}, {"t", 's', "2024-10-09", "bad_datetime"},
    {"t", 's', "2024-10-09 15:30:00", "bad_datetime"}, {"t", 'n', "1728459000000", "wrong_type"},
    {"dayl", 's', "2024/10/09", ""}, {"tl", 'n', "1728459000000", ""}, {"tl", 'n', "1.5", "bad_datetime"},
    {"tl", 's', "soon", "bad_datetime"}, {"tl", 't', "", "wrong_type"}, {"dayl", 's', "2024-02-30", "bad_date"},
    {"p", 's', "PT1H30M", ""}, {"p", 's', "1h", "bad_duration"}, {"p", 's', "", "empty_value"}, {"p", 'n', "3", "wrong_type"},
    {"c", 's', "A1", ""}, {"c", 's', "2", ""}, {"c", 's', "a1", "not_in_codelist"}, {"c", 's', "", "empty_value"},
    {"c", 's', "A1 ", "not_in_codelist"}, {"c", 'n', "2", "wrong_type"},
    {"o", 's', "x", "wrong_type"}, {"o", '0', "", "wrong_type"},
    {"u", 's', "http://www.zhumadian.gov.cn/a?b=c#d", ""}, {"u", 's', "HTTPS://例子.中国/文件.pdf", ""},
    {"u", 's', "ftp://h/x", ""}, {"u", 's', "ftps://h", ""}, {"u", 's', "http://[2001:db8::1]:8080/", ""},
    {"u", 's', "http://user@host/", ""}, {"u", 's', "", "empty_value"}, {"u", 's', "www.example.org", "bad_url"},
    {"u", 's', "/path", "bad_url"}, {"u", 's', "http://", "bad_url"}, {"u", 's', "http:///path", "bad_url"},
    {"u", 's', "http://?q", "bad_url"}, {"u", 's', "http://:80/", "bad_url"}, {"u", 's', "http:/host", "bad_url"},
    {"u", 's', "javascript:alert(1)", "bad_url"}, {"u", 's', "file:///etc/passwd", "bad_url"}, {"u", 's', "http://a b/", "bad_url"},
    {"u", 's', "http://a/\"onload=x", "bad_url"}, {"u", 's', "http://a/<b>", "bad_url"}, {"u", 's', "http://a\\b", "bad_url"},
    {"u", 's', " http://a/", "bad_url"}, {"u", 's', "http://a/\n", "bad_url"}, {"u", 's', "http://a/{id}", "bad_url"},
    {"u", 'n', "1", "wrong_type"},
};

/* Fields that ask for more of GB/T 7408.1 than the usual forms. */
static const char times_text[] =
    "[category]\ncode = a\nname = 甲\n"
    "[field.day]\ntype = date\nformats = ordinal, week, basic\n[field.mo]\ntype = date\nformats = month, year\n"
    "[field.mol]\ntype = date\nformats = month, basic\ninput = lenient\n[field.tm]\ntype = time\n"
    "[field.hm]\ntype = time\nformats = minutes, basic\nassume_offset = +08:00\n"
    "[field.at]\ntype = datetime\nassume_offset = -05:00\n[field.atl]\ntype = datetime\nassume_offset = Z\ninput = lenient\n"
    "[field.mi]\ntype = datetime\nformats = minutes, hour24, basic\n[field.iv]\ntype = interval\n"
    "[field.rc]\ntype = recurrence\nformats = calendar, basic\nassume_offset = +08:00\n";

/* What is stored; NULL: what was sent. Where it is refused, "code: why". */
static const struct {
    const char *field;
    char kind;
    const char *text, *stored, *fault;
} moments[] = {
    {"day", 's', "2024-10-09", NULL, NULL}, {"day", 's', "20241009", "2024-10-09", NULL}, {"day", 's', "2024-283", "2024-10-09", NULL},
    {"day", 's', "2024W413", "2024-10-09", NULL}, {"day", 's', "2024-10", NULL, "bad_date: the field takes no dates that stop at the month"},
    {"day", 's', "2023-366", NULL, "bad_date: the year has no such day: 001 to 365, or 366 in a leap year"},
    {"day", 'n', "20241009", NULL, "wrong_type"}, {"day", 's', "", NULL, "empty_value"},
    {"mo", 's', "2024-10", NULL, NULL}, {"mo", 's', "2024", NULL, NULL},
    {"mo", 's', "2024-10-09", NULL, "bad_date: the field takes no complete calendar dates"},
    {"mo", 's', "202410", NULL, "bad_date: a month has a hyphen: 2024-10, not 202410"},
    {"mol", 's', "2024-10", NULL, NULL}, {"mol", 's', "2024/10/09", "2024-10-09", NULL}, {"mol", 'n', "1728459000000", "2024-10-09", NULL},
    {"mol", 's', "20241009", "2024-10-09", NULL}, {"mol", 's', "2024-10-09 15:30", "2024-10-09", NULL},
    {"mol", 'n', "20241009", NULL, "bad_date: a number is milliseconds since 1970, of at least 12 digits"},
    {"tm", 's', "15:30:00", NULL, NULL}, {"tm", 's', "T15:30:00,5Z", "15:30:00.5Z", NULL},
    {"tm", 's', "15:30", NULL, "bad_time: the field takes no times that stop at the minute"},
    {"tm", 's', "24:00:00", NULL, "bad_time: 24:00 is not taken: write 00:00 of the next day"},
    {"tm", 's', "15:30:00.1234567890", NULL, "bad_time: a fraction has at most 9 digits here"},
    {"hm", 's', "1530", "15:30+08:00", NULL}, {"hm", 's', "15:30Z", NULL, NULL},
    {"at", 's', "2024-10-09T15:30:00", "2024-10-09T15:30:00-05:00", NULL}, {"at", 's', "2024-10-09T15:30:00+08:00", NULL, NULL},
    {"at", 's', "2024-10-09T15:30:00+08", "2024-10-09T15:30:00+08:00", NULL},
    {"at", 's', "2024-10-09 15:30:00", NULL, "bad_datetime: it has a space; between date and time stands the letter T"},
    {"atl", 's', "2024-10-09 15:30", "2024-10-09T15:30:00+00:00", NULL}, {"atl", 'n', "1728459000000", "2024-10-09T07:30:00+00:00", NULL},
    {"atl", 's', "2024-10-09", "2024-10-09T00:00:00+00:00", NULL}, {"atl", 's', "2024-10-09T15:30:00Z", NULL, NULL},
    {"mi", 's', "2024-10-09T15:30+08:00", NULL, NULL}, {"mi", 's', "20241009T2400Z", "2024-10-10T00:00Z", NULL},
    {"mi", 's', "2024-10-09T15:30", NULL, "bad_datetime: it has no offset such as +08:00"},
    {"iv", 's', "2024-10-09/P3D", NULL, NULL}, {"iv", 's', "2024-10-09T15:30:00+08/PT1,5H", "2024-10-09T15:30:00+08:00/PT1.5H", NULL},
    {"iv", 's', "2024-10-12/2024-10-09", NULL, "bad_interval: the end is before the start"}, {"iv", 'n', "1", NULL, "wrong_type"},
    {"iv", 's', "", NULL, "empty_value"},
    {"rc", 's', "R12/20241009T153000/P1M", "R12/2024-10-09T15:30:00+08:00/P1M", NULL}, {"rc", 's', "R/2024-10-09/P1W", NULL, NULL},
    {"rc", 's', "R0/2024-10-09/P1W", NULL,
     "bad_recurrence: the number is 1 to 999999999 without sign and leading zeros, or left out for no limit"},
};

static enum scan_kind kind_of(char letter)
{
    static const char letters[] = "sntf0oa";
    return (enum scan_kind)(strchr(letters, letter) - letters);
}

static void check_one(const struct catalog *catalog, const char *field, char kind, const char *text, struct checked *out)
{
    const struct category *c = catalog_find(catalog, "a");
    long i = fields_find(&c->fields, field, strlen(field));
    assert_true(i >= 0);
    struct value v = {.kind = kind_of(kind), .text = text, .len = strlen(text), .chars = utf8_count(text, strlen(text)),
                      .integer = strpbrk(text, ".eE") == NULL};
    check_value(&c->fields.items[i], &v, MSG_EN, out);
}

static void every_type_takes_what_it_says_and_nothing_else(void **state)
{
    struct catalog *catalog = catalog_of(*state, category_text, codelist_text);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct checked out;
        char codes[100] = "";
        check_one(catalog, rows[i].field, rows[i].kind, rows[i].text, &out);
        for (int f = 0; f < out.fault_count; f++) {
            (void)strcat(codes, f > 0 ? " " : "");
            (void)strcat(codes, msg_code(out.faults[f].id));
        }
        if (strcmp(codes, rows[i].codes) != 0)
            fail_msg("%s: [%s] gives [%s], want [%s]", rows[i].field, rows[i].text, codes, rows[i].codes);
    }
    catalog_free(catalog);
}

/* Userinfo is not a host. */
static void a_url_has_a_host(void **state)
{
    struct catalog *catalog = catalog_of(*state, category_text, codelist_text);
    static const char *const texts[] = {"http://user@", "http://user@/path", "http://user:pw@:80/"};
    bool refused = true;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct checked out;
        check_one(catalog, "u", 's', texts[i], &out);
        refused = refused && out.fault_count == 1;
    }
    catalog_free(catalog);
    assert_true(refused);
}

static void lenient_times_give_their_strict_form_and_strict_ones_stay(void **state)
{
    static const struct {
        const char *field;
        char kind;
        const char *text, *strict; /* NULL: stays */
    } times[] = {
        {"tl", 's', "2024/10/09 15:30", "2024-10-09T15:30:00+08:00"}, {"tl", 's', "2024-10-09", "2024-10-09T00:00:00+08:00"},
        {"tl", 'n', "1728459000123", "2024-10-09T15:30:00+08:00"}, {"tl", 's', "2024-10-09T15:30:00.25Z", NULL},
        {"tl", 's', "2024-10-09T15:30:00,5+08", NULL}, {"dayl", 's', "2024-10-09", NULL}, {"dayl", 's', "2024/10/09", "2024-10-09"},
        {"dayl", 's', "2024-10-09 15:30", "2024-10-09"}, {"dayl", 'n', "1728459000000", "2024-10-09"},
        {"day", 's', "2024-10-09", NULL}, {"t", 's', "2024-10-09T15:30:00Z", NULL},
    };
    struct catalog *catalog = catalog_of(*state, category_text, codelist_text);
    for (size_t i = 0; i < COUNT(times); i++) {
        struct checked out;
        check_one(catalog, times[i].field, times[i].kind, times[i].text, &out);
        EXPECT_ROW(times[i].text, out.fault_count == 0 && out.has_time);
        EXPECT_ROW(times[i].text, out.replaced == (times[i].strict != NULL));
        EXPECT_ROW(times[i].text, !out.replaced || strcmp(out.strict, times[i].strict) == 0);
    }
    catalog_free(catalog);
}

static void a_field_takes_the_formats_that_it_names_and_stores_the_canonical_one(void **state)
{
    struct catalog *catalog = catalog_of(*state, times_text, codelist_text);
    for (size_t i = 0; i < COUNT(moments); i++) {
        struct checked out;
        char fault[300] = "";
        check_one(catalog, moments[i].field, moments[i].kind, moments[i].text, &out);
        if (out.fault_count > 0) {
            const char *why = msg_value(&out.faults[0], "why");
            bool has_why = why != NULL && out.faults[0].id != MSG_EMPTY_VALUE;
            (void)snprintf(fault, sizeof(fault), "%s%s%s", msg_code(out.faults[0].id), has_why ? ": " : "", has_why ? why : "");
        }
        if (strcmp(fault, moments[i].fault == NULL ? "" : moments[i].fault) != 0)
            fail_msg("%s: [%s] gives [%s]", moments[i].field, moments[i].text, fault);
        EXPECT_ROW(moments[i].text, out.replaced == (moments[i].stored != NULL));
        EXPECT_ROW(moments[i].text, !out.replaced || strcmp(out.strict, moments[i].stored) == 0);
    }
    catalog_free(catalog);
}

/* The example of a refusal is one that the field takes as it stands. */
static void a_refused_time_is_answered_with_a_rule_and_an_example(void **state)
{
    static const char *const examples[][2] = {
        {"day", "2024-10-09"}, {"mo", "2024-10"}, {"tm", "15:30:00"}, {"hm", "15:30"}, {"at", "2024-10-09T15:30:00+08:00"},
        {"mi", "2024-10-09T15:30+08:00"}, {"iv", "2024-10-09/P1M"}, {"rc", "R12/2024-10-09/P1M"},
    };
    struct catalog *catalog = catalog_of(*state, times_text, codelist_text);
    for (size_t i = 0; i < COUNT(examples); i++) {
        struct checked out;
        check_one(catalog, examples[i][0], 's', "?", &out);
        assert_int_equal(out.fault_count, 1);
        EXPECT_ROW(examples[i][0], strcmp(msg_value(&out.faults[0], "example"), examples[i][1]) == 0);
        check_one(catalog, examples[i][0], 's', examples[i][1], &out);
        EXPECT_ROW(examples[i][0], out.fault_count == 0);
    }
    catalog_free(catalog);
}

static void a_fault_says_field_limit_and_what_came(void **state)
{
    struct catalog *catalog = catalog_of(*state, category_text, codelist_text);
    static const struct {
        const char *field;
        char kind;
        const char *text, *sentence;
    } told[] = {
        {"len", 's', "12345", "Field len may have at most 4 characters and has 5: shorten it."},
        {"ir", 'n', "100", "Field ir must not be more than 99; this is 100: correct it."},
        {"i", 's', "1", "Field i must be an integer; this is a string: correct it."},
        {"c", 's', "x\n", "The value \"x?\" of field c is not in the code list kinds: send one of its codes."},
        {"day", 's', "2024-02-30", "The value \"2024-02-30\" of field day is not an accepted date of GB/T 7408.1-2023: "
         "the month has no such day. Write 2024-10-09."},
        {"t", 's', "2024-10-09T15:30:00-00:00", "The value \"2024-10-09T15:30:00-00:00\" of field t is not an accepted date and "
         "time of GB/T 7408.1-2023: an offset is not -00:00: write Z or +00:00. Write 2024-10-09T15:30:00+08:00."},
        {"p", 's', "P1H", "The value \"P1H\" of field p is not an accepted duration of GB/T 7408.1-2023: the units are Y, M, D and "
         "after a T H, M, S, each once and in this order. Write PT1H30M."},
        {"both", 's', "yy", "The value \"yy\" of field both does not match the pattern ^x: write it so."},
    };
    for (size_t i = 0; i < COUNT(told); i++) {
        struct checked out;
        struct buf text;
        buf_init(&text, 1000);
        check_one(catalog, told[i].field, told[i].kind, told[i].text, &out);
        assert_int_equal(out.fault_count, 1);
        msg_render(&out.faults[0], MSG_EN, &text);
        assert_string_equal(buf_text(&text), told[i].sentence);
        buf_free(&text);
    }
    catalog_free(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(every_type_takes_what_it_says_and_nothing_else),
        WITH_FOLDER(a_url_has_a_host),
        WITH_FOLDER(lenient_times_give_their_strict_form_and_strict_ones_stay),
        WITH_FOLDER(a_field_takes_the_formats_that_it_names_and_stores_the_canonical_one),
        WITH_FOLDER(a_refused_time_is_answered_with_a_rule_and_an_example),
        WITH_FOLDER(a_fault_says_field_limit_and_what_came),
    };
    words_init();
    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
