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

#include "helper.h"
#include "ini.h"
#include "report.h"

/* A file's faults: the lines that each row expects, as ":line: part"; NULL where the file is good. */
static const struct trap {
    const char *what, *text, *fault;
} traps[] = {
    {"a good file", "; comment\n# another\n\n[a]\nkey = value\n", NULL},
    {"an empty file", "", NULL},
    {"key twice", "[a]\nk = 1\nother = 2\nk = 3\n", ":4: key k stands twice in [a]; it is first on line 2"},
    {"key twice by case", "[a]\nKey = 1\nkEY = 3\n", ":3: key key stands twice"},
    {"the same key in two sections", "[a]\nk = 1\n[b]\nk = 2\n", NULL},
    {"section twice", "[a]\nk = 1\n[b]\n[a]\nm = 2\n", ":4: section [a] stands twice; it is first on line 1"},
    {"section twice by case", "[a]\nk = 1\n[A]\nm = 2\n", ":3: section [a] stands twice"},
    {"section with a colon", "[a:b]\nk = 1\n", ":1: "},
    {"section without a name", "[ ]\nk = 1\n", ":1: "},
    {"section without its end", "[a\nk = 1\n", ":1: the section's name has no closing ]"},
    {"text behind a section", "[a] b\nk = 1\n", ":1: unexpected text"},
    {"key with a colon", "[a]\nx:y = 1\n", ":2: a key"},
    {"key with a comment sign", "[a]\nx;y = 1\n", ":2: a key"},
    {"no key", "[a]\n = 1\n", ":2: a key"},
    {"key before a section", "k = 1\n[a]\nm = 1\n", ":1: key k stands before the first [section]"},
    {"neither section nor entry", "[a]\nnonsense\n", ":2: this is neither"},
    {"value cut at #", "[a]\npattern = ^[^#]+$\n", ":2: the value has an unquoted #"},
    {"value cut at ;", "[a]\nk = first;second\n", ":2: the value has an unquoted ;"},
    {"comment behind a value", "[a]\nk = v ; comment\nm = w # comment\n", NULL},
    {"quoted value with signs", "[a]\nk = \"a;b#c\" ; comment\n", NULL},
    {"missing double quote", "[a]\nk = \"abc\n", ":2: the value's closing \" is missing"},
    {"missing single quote", "[a]\nk = 'abc\n", ":2: the value's closing ' is missing"},
    {"text behind the closing quote", "[a]\nk = \"abc\" def\n", ":2: text after the value's closing"},
    {"escaped quote", "[a]\nk = \"a\\\"b\"\n", ":2: text after the value's closing"},
    {"byte order mark", "\xEF\xBB\xBF[a]\nk = 1\n", ":1: the file starts with a byte order mark"},
    {"not UTF-8", "[a]\nk = \xD6\xD0\xCE\xC4\n", ":2: the line is not UTF-8 text"},
    {"not UTF-8 in a comment", "[a]\n; \xD6\xD0\n", ":2: the line is not UTF-8 text"},
    {"CR LF line ends", "[a]\r\nk = v\r\n\r\n; c\r\n", NULL},
    {"CR line ends", "[a]\rk = v\rm = w\r", ":1: unexpected text"},
    {"backslash at a line's end", "[a]\nk = v\\\nm = w\n", ":2: a line may not end in a backslash"},
    {"no newline at the end", "[a]\nk = v", NULL},
    {"a value of its own =", "[a]\nk = a=b\n", NULL},
};

static void what_nobody_meant_is_a_fault_with_its_line(void **state)
{
    for (size_t i = 0; i < COUNT(traps); i++) {
        struct report r;
        report_init(&r);
        const char *path = folder_write(*state, "a.ini", traps[i].text);
        struct ini *ini = ini_load(path, &r);
        EXPECT_ROW(traps[i].what, (r.count == 0) == (traps[i].fault == NULL));
        EXPECT_ROW(traps[i].what, traps[i].fault == NULL || strstr(buf_text(&r.text), traps[i].fault) != NULL);
        EXPECT_ROW(traps[i].what, traps[i].fault != NULL || ini != NULL);
        EXPECT_ROW(traps[i].what, report_lines(&r, path) == r.count);
        ini_free(ini);
        report_free(&r);
    }
}

/* iniparser joins the lines before it looks for comments: the section behind such a comment would be lost. */
static void a_comment_that_ends_in_a_backslash_swallows_no_line(void **state)
{
    static const char *const texts[] = {
        "[a]\nk = 1\n; a comment \\\nm = 2\n",
        "[a]\nk = 1\n# a comment \\\n[b]\nm = 2\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct report r;
        report_init(&r);
        ini_free(ini_load(folder_write(*state, "a.ini", texts[i]), &r));
        EXPECT_ROW(texts[i], r.count > 0);
        EXPECT_ROW(texts[i], strstr(buf_text(&r.text), ":3: a line may not end in a backslash") != NULL);
        report_free(&r);
    }
}

/* Either the comment is taken, and the section is there, or it is a fault with its line. */
static void a_comment_behind_a_section_is_taken_or_told(void **state)
{
    static const char *const texts[] = {"[a] ; comment\nk = 1\n", "[b]\nx = 1\n[a] ; with k = v\nk = 1\n", "[a]#x\nk = 1\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct report r;
        report_init(&r);
        struct ini *ini = ini_load(folder_write(*state, "a.ini", texts[i]), &r);
        char line[8];
        (void)snprintf(line, sizeof(line), ":%d: ", i == 1 ? 3 : 1);
        if (r.count == 0) {
            assert_non_null(ini);
            const struct ini_entry *e = ini_find(ini, (size_t)ini_find_section(ini, "a"), "k");
            EXPECT_ROW(texts[i], e != NULL && strcmp(e->value, "1") == 0);
        } else {
            EXPECT_ROW(texts[i], strstr(buf_text(&r.text), line) != NULL);
        }
        ini_free(ini);
        report_free(&r);
    }
}

static void values_are_read_as_they_are_meant(void **state)
{
    static const struct {
        const char *line, *value;
    } rows[] = {
        {"k = value", "value"}, {"k=value", "value"}, {"  k   =   a b  c   ", "a b  c"}, {"k =", ""}, {"k = ; none", ""},
        {"k = v ; comment", "v"}, {"k = \"a;b#c\" ; comment", "a;b#c"}, {"k = 'a\"b;c'", "a\"b;c"}, {"k = \"\"", ""},
        {"k = ''", ""}, {"k = \" padded \"", " padded "}, {"k = a=b", "a=b"}, {"k = Yes", "Yes"}, {"K = v", "v"},
        {"k = ^.+〔[0-9]{4}〕[0-9]+号$", "^.+〔[0-9]{4}〕[0-9]+号$"}, {"k = \\d+\\.\\d", "\\d+\\.\\d"},
        {"k = it's", "it's"}, {"k = a:b/c", "a:b/c"}, {"k\t=\tv\t", "v"}, {"k = 100%s%n", "100%s%n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct report r;
        char text[200];
        report_init(&r);
        (void)snprintf(text, sizeof(text), "[Sec.Tion]\r\n%s\r\n", rows[i].line);
        struct ini *ini = ini_load(folder_write(*state, "a.ini", text), &r);
        EXPECT_ROW(rows[i].line, r.count == 0 && ini != NULL && ini->entry_count == 1);
        EXPECT_ROW(rows[i].line, strcmp(ini->entries[0].value, rows[i].value) == 0);
        EXPECT_ROW(rows[i].line, strcmp(ini->entries[0].key, "k") == 0 && ini->entries[0].line == 2);
        assert_string_equal(ini->sections[0].name, "sec.tion");
        assert_string_equal(ini->sections[0].written, "Sec.Tion");
        ini_free(ini);
        report_free(&r);
    }
}

static void a_line_has_at_most_a_thousand_bytes_with_its_end(void **state)
{
    for (size_t len = 990; len < 1300; len += len < 1030 ? 1 : 97) {
        struct report r;
        char *text = malloc(len + 8);
        assert_non_null(text);
        memcpy(text, "[a]\nk = ", 8);
        memset(text + 8, 'v', len - 4);
        text[4 + len - 1] = '\n';
        report_init(&r);
        struct ini *ini = ini_load(folder_write_bytes(*state, "a.ini", text, 4 + len), &r);
        EXPECT_ROW("length", (r.count == 0) == (len <= 1000));
        if (len <= 1000)
            assert_int_equal(strlen(ini->entries[0].value), len - 5);
        else
            expect_has(buf_text(&r.text), "a.ini:2: the line has more than 1000 bytes");
        ini_free(ini);
        report_free(&r);
        free(text);
    }
}

static void a_nul_byte_is_not_text(void **state)
{
    struct report r;
    report_init(&r);
    ini_free(ini_load(folder_write_bytes(*state, "a.ini", "[a]\nk = a\0b\n", 12), &r));
    expect_has(buf_text(&r.text), "a.ini:2: the line is not UTF-8 text");
    report_free(&r);
}

static void all_faults_of_a_file_are_told(void **state)
{
    struct report r;
    report_init(&r);
    ini_free(ini_load(folder_write(*state, "a.ini", "x = 1\n[a]\nk = a;b\nk = 2\nnonsense\n[a]\nm = \"q\n"), &r));
    static const char *const lines[] = {"a.ini:1: ", "a.ini:3: ", "a.ini:4: ", "a.ini:5: ", "a.ini:6: ", "a.ini:7: "};
    for (size_t i = 0; i < COUNT(lines); i++)
        EXPECT_ROW(lines[i], report_lines(&r, lines[i]) == 1);
    assert_int_equal(r.count, COUNT(lines));
    report_free(&r);
}

static void a_file_that_cannot_be_read_is_a_fault(void **state)
{
    struct report r;
    report_init(&r);
    assert_null(ini_load(folder_path(*state, "none.ini"), &r));
    assert_null(ini_load(*state, &r));
    assert_int_equal(r.count, 2);
    expect_has(buf_text(&r.text), "none.ini: cannot be read: ");
    report_free(&r);
}

static void entries_and_sections_keep_the_order_of_the_file(void **state)
{
    struct report r;
    report_init(&r);
    struct ini *ini = ini_load(folder_write(*state, "a.ini", "[z]\nB = 1\na = 2\n[a]\nc = 3\n"), &r);
    assert_int_equal(r.count, 0);
    assert_int_equal(ini->section_count, 2);
    assert_int_equal(ini->entry_count, 3);
    assert_string_equal(ini->sections[0].name, "z");
    assert_string_equal(ini->entries[0].written, "B");
    assert_string_equal(ini->entries[2].key, "c");
    assert_int_equal(ini->entries[2].section, 1);
    assert_int_equal(ini_find_section(ini, "none"), -1);
    assert_null(ini_find(ini, 0, "c"));
    assert_ptr_equal(ini_find(ini, 1, "c"), &ini->entries[2]);
    ini_free(ini);
    report_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(what_nobody_meant_is_a_fault_with_its_line),
        WITH_FOLDER(a_comment_that_ends_in_a_backslash_swallows_no_line),
        WITH_FOLDER(a_comment_behind_a_section_is_taken_or_told),
        WITH_FOLDER(values_are_read_as_they_are_meant),
        WITH_FOLDER(a_line_has_at_most_a_thousand_bytes_with_its_end),
        WITH_FOLDER(a_nul_byte_is_not_text),
        WITH_FOLDER(all_faults_of_a_file_are_told),
        WITH_FOLDER(a_file_that_cannot_be_read_is_a_fault),
        WITH_FOLDER(entries_and_sections_keep_the_order_of_the_file),
    };
    return cmocka_run_group_tests_name("ini", tests, NULL, NULL);
}
