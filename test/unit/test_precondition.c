/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "err.h"
#include "helper.h"
#include "ingest.h"
#include "precondition.h"
#include "request.h"

static const int64_t BAD = INT64_MIN;

static void a_change_demands_a_revision_or_that_there_is_one_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *match, *none;
        int64_t expect;  /* BAD: refused */
        const char *bad; /* the header that is told */
    } rows[] = {
        {NULL, NULL, INGEST_EXPECT_NOTHING, NULL}, {"*", NULL, INGEST_EXPECT_STORED, NULL}, {NULL, "*", INGEST_EXPECT_NEW, NULL},
        {"\"1\"", NULL, 1, NULL}, {"\"2\"", NULL, 2, NULL}, {"2", NULL, 2, NULL}, {"\"9223372036854775807\"", NULL, INT64_MAX, NULL},
        {"\"9223372036854775808\"", NULL, INT64_MIN, "If-Match"}, {"\"0\"", NULL, INT64_MIN, "If-Match"}, {"0", NULL, INT64_MIN, "If-Match"},
        {"\"-1\"", NULL, INT64_MIN, "If-Match"}, {"-2", NULL, INT64_MIN, "If-Match"}, {"\"\"", NULL, INT64_MIN, "If-Match"},
        {"", NULL, INT64_MIN, "If-Match"}, {"\"", NULL, INT64_MIN, "If-Match"}, {"\"2", NULL, INT64_MIN, "If-Match"},
        {"2\"", NULL, INT64_MIN, "If-Match"}, {"\"*\"", NULL, INT64_MIN, "If-Match"}, {"**", NULL, INT64_MIN, "If-Match"},
        {"\"x\"", NULL, INT64_MIN, "If-Match"}, {"\" 2\"", NULL, INT64_MIN, "If-Match"}, {"\"1\", \"2\"", NULL, INT64_MIN, "If-Match"},
        {"1, 2", NULL, INT64_MIN, "If-Match"}, {"\"\"2\"\"", NULL, INT64_MIN, "If-Match"},
        /* A weak tag never matches in If-Match (RFC 9110 section 13.1.1). */
        {"W/\"2\"", NULL, INT64_MIN, "If-Match"}, {NULL, "\"2\"", INT64_MIN, "If-None-Match"}, {NULL, "2", INT64_MIN, "If-None-Match"},
        {NULL, "", INT64_MIN, "If-None-Match"}, {NULL, "\"*\"", INT64_MIN, "If-None-Match"}, {"*", "*", INT64_MIN, "If-None-Match"},
        {"\"2\"", "*", INT64_MIN, "If-None-Match"}, {"x", "x", INT64_MIN, "If-None-Match"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request r = {.facts = {.if_match = rows[i].match, .if_none_match = rows[i].none}};
        const char *row = rows[i].match != NULL ? rows[i].match : rows[i].none != NULL ? rows[i].none : "none";
        struct err e = ERR_NONE;
        int64_t expect = 77;
        EXPECT_ROW(row, precondition_read(&r, &expect, &e) == (rows[i].expect == BAD ? -1 : 0));
        if (rows[i].expect == BAD) {
            EXPECT_ROW(row, e.msg.id == MSG_BAD_PRECONDITION && err_class(&e) == CLASS_INPUT);
            EXPECT_ROW(row, strcmp(msg_value(&e.msg, "name"), rows[i].bad) == 0);
        } else {
            EXPECT_ROW(row, expect == rows[i].expect);
        }
    }
}

/* No revision that is stored, from 1 on, is taken for one of the words. */
static void what_is_expected_beside_a_revision_is_below_one(void **state)
{
    (void)state;
    assert_true(INGEST_EXPECT_NOTHING < 1 && INGEST_EXPECT_STORED < 1 && INGEST_EXPECT_NEW < 1);
}

static void a_record_is_not_modified_where_its_revision_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *none;
        bool same;
    } rows[] = {
        {NULL, false}, {"\"7\"", true}, {"7", true}, {"W/\"7\"", true}, {"*", true}, {"\"6\"", false}, {"\"77\"", false}, {"\"07x\"", false},
        {"", false}, {"\"\"", false}, {"W/", false}, {"W/\"\"", false}, {"w/\"7\"", false}, {"\"*\"", false}, {"x", false}, {"\"-7\"", false},
        {"\"7", false}, {"\"5\", \"6\"", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request r = {.facts = {.if_none_match = rows[i].none}};
        EXPECT_ROW(rows[i].none == NULL ? "none" : rows[i].none, precondition_not_modified(&r, 7) == rows[i].same);
    }
}

/* RFC 9110 section 13.1.2: the header is a list, as a cache sends it that holds several. */
static void one_of_several_tags_that_is_known_will_do(void **state)
{
    (void)state;
    static const char *const lists[] = {"\"6\", \"7\"", "\"7\",\"8\"", "\"a,b\", W/\"7\" , \"c\""};
    for (size_t i = 0; i < COUNT(lists); i++) {
        struct request r = {.facts = {.if_none_match = lists[i]}};
        EXPECT_ROW(lists[i], precondition_not_modified(&r, 7));
    }
}

static void what_has_a_tag_of_its_own_is_known_by_it(void **state)
{
    (void)state;
    static const struct {
        const char *none;
        bool known;
    } rows[] = {
        {NULL, false}, {"*", true}, {"\"ab\"", true}, {"W/\"ab\"", true}, {"\"x\", \"ab\"", true}, {"ab", false}, {"\"a\"", false},
        {"\"abc\"", false}, {"\"ab", false}, {"", false}, {"W/", false}, {"\"a,b\"", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request r = {.facts = {.if_none_match = rows[i].none}};
        EXPECT_ROW(rows[i].none == NULL ? "none" : rows[i].none, precondition_has_tag(&r, "\"ab\"") == rows[i].known);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_demands_a_revision_or_that_there_is_one_or_none),
        cmocka_unit_test(what_is_expected_beside_a_revision_is_below_one),
        cmocka_unit_test(a_record_is_not_modified_where_its_revision_is_known),
        cmocka_unit_test(one_of_several_tags_that_is_known_will_do),
        cmocka_unit_test(what_has_a_tag_of_its_own_is_known_by_it),
    };
    return cmocka_run_group_tests_name("precondition", tests, NULL, NULL);
}
