/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "helper.h"
#include "prefer.h"

struct row {
    const char *header;
    const char *want; /* l: lenient, s: strict, r: representation */
};

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct prefer p = prefer_parse(rows[i].header);
        const char *want = rows[i].want;
        EXPECT_ROW(rows[i].header, p.lenient == (strchr(want, 'l') != NULL));
        EXPECT_ROW(rows[i].header, p.strict == (strchr(want, 's') != NULL));
        EXPECT_ROW(rows[i].header, p.representation == (strchr(want, 'r') != NULL));
    }
}

static void preferences_are_read_by_the_grammar_of_rfc_7240(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", ""}, {"handling=lenient", "l"}, {"handling=strict", "s"}, {"return=representation", "r"}, {"return=minimal", ""},
        {"handling=lenient, return=representation", "lr"}, {"return=representation,handling=strict", "sr"},
        {"handling=lenient,,return=representation", "lr"}, {" , ,handling=lenient , ", "l"}, {"\thandling=lenient\t", "l"},
        {"handling = lenient", "l"}, {"handling\t=\tlenient", "l"}, {"handling=\"lenient\"", "l"}, {"return=\"representation\"", "r"},
        {"respond-async, wait=100, handling=lenient", "l"}, {"foo; bar, handling=lenient", "l"}, {"foo=; bar=\"\", handling=lenient", "l"},
        {"handling=lenient; foo=bar, return=representation", "lr"}, {"handling=lenient;foo;bar=\"a,b\", return=representation", "lr"},
        {"handling=lenient ; foo = \"x\" ; y", "l"}, {"handling=lenient;", "l"}, {"handling=lenient;;", "l"},
    };
    check_rows(rows, COUNT(rows));
    struct prefer none = prefer_parse(NULL);
    assert_false(none.lenient || none.strict || none.representation);
}

static void names_are_told_without_regard_to_case(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"Handling=lenient", "l"}, {"HANDLING=strict", "s"}, {"Return=representation", "r"}, {"hANDLING=lenient, RETURN=representation", "lr"},
    };
    check_rows(rows, COUNT(rows));
}

static void of_a_preference_that_stands_twice_the_first_counts(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"handling=lenient, handling=strict", "l"}, {"handling=strict, handling=lenient", "s"}, {"handling=lenient, handling=lenient", "l"},
        {"handling=other, handling=lenient", ""}, {"handling, handling=lenient", ""}, {"handling=\"\", handling=lenient", ""},
        {"return=minimal, return=representation", ""}, {"return=representation, return=minimal", "r"},
        {"handling=lenient, return=representation, Handling=strict, Return=minimal", "lr"},
    };
    check_rows(rows, COUNT(rows));
}

static void what_is_not_known_is_passed_over(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"handling", ""}, {"handling=", ""}, {"handling=\"\"", ""}, {"handling=lenientx", ""}, {"handling=len", ""}, {"xhandling=lenient", ""},
        {"handlingx=lenient", ""}, {"lenient", ""}, {"representation", ""}, {"return", ""}, {"handling=return=representation", ""},
        {"foo;handling=lenient", ""}, {"foo=bar;handling=lenient;return=representation", ""}, {"foo=handling=lenient", ""},
    };
    check_rows(rows, COUNT(rows));
}

static void a_comma_within_quotes_ends_no_preference(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"foo=\"a, handling=lenient\"", ""}, {"foo=\"a, handling=lenient", ""}, {"foo=\"\", handling=lenient", "l"},
        {"foo; bar=\"x, handling=lenient, y\"", ""}, {"foo=\"a,b\", handling=lenient", "l"}, {"foo;x=\"a,b\";y=\"c,d\", handling=lenient", "l"},
    };
    check_rows(rows, COUNT(rows));
}

/* RFC 9110 section 5.6.4: a backslash takes the next character as it stands. */
static void a_quote_behind_a_backslash_ends_no_quotes(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"foo=\"a\\\", handling=lenient, \\\"b\"", ""}, {"foo;x=\"a\\\", handling=lenient, \\\"b\"", ""},
        {"foo=\"a\\\\\", handling=lenient", "l"}, {"foo=\"\\\"\", handling=lenient", "l"}, {"foo=\"\\", ""},
    };
    check_rows(rows, COUNT(rows));
}

static void what_is_malformed_is_passed_over(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"=lenient, handling=lenient", "l"}, {"=, return=representation", "r"}, {";, handling=lenient", "l"}, {"\", handling=lenient", ""},
        {"handling lenient", ""}, {"handling==lenient", ""}, {"handling:lenient", ""}, {"\xD6\xD0, handling=lenient", "l"}, {"=", ""}, {",", ""},
        {";", ""}, {"\"", ""}, {"\\", ""}, {"foo bar, handling=lenient", "l"},
    };
    check_rows(rows, COUNT(rows));
}

/* A name is a token, and what stands behind a value can only be parameters. */
static void what_only_resembles_a_preference_is_none(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"\"handling\"=lenient", ""}, {"\"return\"=representation", ""}, {"handling=lenient x", ""}, {"handling=lenient=strict", ""},
        {"handling=\"lenient\"x", ""}, {"handling=\"lenient", ""},
    };
    check_rows(rows, COUNT(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(preferences_are_read_by_the_grammar_of_rfc_7240),
        cmocka_unit_test(names_are_told_without_regard_to_case),
        cmocka_unit_test(of_a_preference_that_stands_twice_the_first_counts),
        cmocka_unit_test(what_is_not_known_is_passed_over),
        cmocka_unit_test(a_comma_within_quotes_ends_no_preference),
        cmocka_unit_test(a_quote_behind_a_backslash_ends_no_quotes),
        cmocka_unit_test(what_is_malformed_is_passed_over),
        cmocka_unit_test(what_only_resembles_a_preference_is_none),
    };
    return cmocka_run_group_tests_name("prefer", tests, NULL, NULL);
}
