/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"
#include "regex.h"

static void patterns_see_characters_and_end_at_the_very_end(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        int found;
    } rows[] = {
        {"^.{3}$", "政府网", 1}, {"^.{3}$", "政府", 0}, {"^.$", "😀", 1}, {"^[一-龥]+$", "政府网站", 1},
        {"^[一-龥]+$", "政府a", 0}, {"^.+〔[0-9]{4}〕[0-9]+号$", "驻政办〔2024〕12号", 1},
        {"^.+〔[0-9]{4}〕[0-9]+号$", "驻政办(2024)12号", 0}, {"b", "abc", 1}, {"^b", "abc", 0}, {"a$", "a", 1},
        {"a$", "a\n", 0}, {"^a$", "a\n", 0}, {"^a$", "b\na", 0}, {"^a$", "a\nb", 0}, {"^$", "", 1}, {"^.*$", "a\nb", 0},
        {"\\d", "٣", 0}, {"\\d", "3", 1}, {"^\\w+$", "é", 0}, {"[^a]", "a", 0}, {"é", "e\xCC\x81", 0},
        {"(?i)^É$", "é", 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char why[200];
        struct regex *re = regex_new(rows[i].pattern, why, sizeof(why));
        EXPECT_ROW(rows[i].pattern, re != NULL);
        EXPECT_ROW(rows[i].pattern, regex_match(re, rows[i].text, strlen(rows[i].text)) == rows[i].found);
        regex_free(re);
    }
}

static void a_bad_pattern_is_refused_with_a_reason(void **state)
{
    (void)state;
    static const char *const patterns[] = {"(", "[a", "a{2,1}", "*a", "(?<n>a)(?<n>b)", "\\", "\\C", "\xD6\xD0", "[z-a]"};
    for (size_t i = 0; i < COUNT(patterns); i++) {
        char why[200] = "";
        EXPECT_ROW(patterns[i], regex_new(patterns[i], why, sizeof(why)) == NULL);
        EXPECT_ROW(patterns[i], why[0] != '\0');
    }
    char small[8];
    assert_null(regex_new("(", small, sizeof(small)));
    assert_true(strlen(small) < sizeof(small));
}

/* Runs the match in a child that is ended after two seconds; returns its result, or -2 where it had to be. */
static int match_in_time(const char *pattern, const char *text, size_t len)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char why[200];
        (void)alarm(2);
        struct regex *re = regex_new(pattern, why, sizeof(why));
        int found = re == NULL ? 9 : regex_match(re, text, len);
        regex_free(re);
        _exit(found + 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) - 1 : -2;
}

static void a_catastrophic_pattern_is_given_up_quickly(void **state)
{
    (void)state;
    static const char *const patterns[] = {"^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(.*)*\\d$", "^(([a-z])+.)+[A-Z]([a-z])+$"};
    char text[61];
    memset(text, 'a', 59);
    text[59] = '!';
    text[60] = '\0';
    for (size_t i = 0; i < COUNT(patterns); i++) {
        int found = match_in_time(patterns[i], text, 60);
        EXPECT_ROW(patterns[i], found == -1 || found == 0);
    }
}

/* The library counts its work anew at each place where a match may start: no place has too much, all together have. */
static void an_unanchored_pattern_over_a_long_text_is_given_up_quickly_too(void **state)
{
    (void)state;
    static const char *const patterns[] = {"a.*[bc]", "[a-z]+[0-9]", "(a+)+[bc]"};
    enum { LEN = 190000 };
    char *text = malloc(LEN);
    assert_non_null(text);
    memset(text, 'a', LEN);
    for (size_t i = 0; i < COUNT(patterns); i++) {
        int found = match_in_time(patterns[i], text, LEN);
        EXPECT_ROW(patterns[i], found == -1 || found == 0);
    }
    free(text);
}

static void a_pattern_is_used_again_and_again(void **state)
{
    (void)state;
    char why[100];
    struct regex *re = regex_new("^(a+)+$", why, sizeof(why));
    assert_non_null(re);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(regex_match(re, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", 49), -1);
        assert_int_equal(regex_match(re, "aaaa", 4), 1);
        assert_int_equal(regex_match(re, "aaab", 4), 0);
        assert_int_equal(regex_match(re, "aaab", 3), 1);
    }
    regex_free(re);
    regex_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_see_characters_and_end_at_the_very_end),
        cmocka_unit_test(a_bad_pattern_is_refused_with_a_reason),
        cmocka_unit_test(a_catastrophic_pattern_is_given_up_quickly),
        cmocka_unit_test(an_unanchored_pattern_over_a_long_text_is_given_up_quickly_too),
        cmocka_unit_test(a_pattern_is_used_again_and_again),
    };
    return cmocka_run_group_tests_name("regex", tests, NULL, NULL);
}
