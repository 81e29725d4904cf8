/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "buf.h"
#include "helper.h"
#include "xsd.h"

static void patterns_are_said_in_the_words_of_xml_schema(void **state)
{
    static const char *const cases[][2] = {
        {"^[0-9]{4}$", "[0-9]{4}"},
        {"^.+〔[0-9]{4}〕[0-9]+号$", "[^\\n]+〔[0-9]{4}〕[0-9]+号"},
        {"^(?:a|b)?$", "(a|b)?"},
        {"^[^/\\s]+/[^@ ]*$", "[^/\\s]+/[^@ ]*"},
        {"^[0-9]+\\.\\/\\$x$", "[0-9]+\\./$x"},
        {"^\\w+\\d[\\w\\d-][-\\w]$", "[A-Za-z0-9_]+[0-9][A-Za-z0-9_0-9-][-A-Za-z0-9_]"},
        {"^a{2}b{3,}c{4,5}$", "a{2}b{3,}c{4,5}"},
        {"^a\\]\\{$", "a\\]\\{"},
        {"^[[a]$", "[\\[a]"},
        {"^[*＊某]{0,2}$", "[*＊某]{0,2}"},
    };
    static const char *const unsaid[] = {
        "", "a", "^a", "a$", "^a\\$", "^a|b$", "^(?=a)b$", "^(?i)a$", "^a*?$", "^a++$", "^\\ba$", "^a^b$", "^a$b$", "^(a$", "^[[:alpha:]]$",
        "^[a$", "^[]a]$", "^\\p{Han}$", "^\\", "^[\\b]$",
        "^[\\w-a]$", "^[!-\\d]$", "^a]$", "^a{,3}$", "^a{$", "^a}$", "^a{b}$", "^a)$", "^a)(b$", "^a{2}?$", "^a{2}+$",
    };
    struct buf said;
    (void)state;
    buf_init(&said, 4096);
    for (size_t i = 0; i < COUNT(cases); i++) {
        buf_clear(&said);
        EXPECT_ROW(cases[i][0], xsd_pattern(&said, cases[i][0]));
        EXPECT_ROW(buf_text(&said), strcmp(buf_text(&said), cases[i][1]) == 0);
    }
    for (size_t i = 0; i < COUNT(unsaid); i++)
        EXPECT_ROW(unsaid[i], !xsd_pattern(&said, unsaid[i]));
    buf_free(&said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(patterns_are_said_in_the_words_of_xml_schema)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
