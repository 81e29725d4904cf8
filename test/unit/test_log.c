/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helper.h"
#include "log.h"
#include "utf8.h"

/* The file's content after one line with this text was logged; to be freed. The log goes back to standard error. */
static char *logged(const char *folder, const char *text)
{
    const char *path = folder_path(folder, "log");
    (void)unlink(path);
    assert_int_equal(log_open(path, "test", LOG_LEVEL_INFO), 0);
    log_warn("text=%s end", text);
    assert_int_equal(log_open("stderr", "test", LOG_LEVEL_INFO), 0);
    return file_text(path);
}

static int count_char(const char *text, char c)
{
    int count = 0;
    for (; *text != '\0'; text++)
        count += *text == c;
    return count;
}

static void a_line_has_time_level_process_and_text(void **state)
{
    char want[64];
    char *text = logged(*state, "value");
    (void)snprintf(want, sizeof(want), " warn pid=%ld text=value end\n", (long)getpid());
    assert_string_equal(text + strcspn(text, " "), want);
    assert_int_equal(strcspn(text, " "), strlen("2024-10-09T15:30:00+08:00"));
    assert_memory_equal(text + 19, "+08:00", 6);
    free(text);
}

static void text_from_outside_cannot_forge_a_line(void **state)
{
    static const struct {
        const char *what, *text, *want;
    } rows[] = {
        {"LF", "a\n2024 error forged", "a\\x0a2024"}, {"CR", "a\rb", "a\\x0db"}, {"ESC", "\x1B[2J", "\\x1b[2J"},
        {"tab", "a\tb", "\\x09"}, {"backspace", "a\bb", "\\x08"}, {"DEL", "a\x7F", "\\x7f"},
        {"NEL", "a\xC2\x85" "b", "\\xc2\\x85"}, {"CSI of one byte", "\xC2\x9B" "2J", "\\xc2\\x9b2J"},
        {"RLO", "a\xE2\x80\xAE" "b", "\\xe2\\x80\\xae"}, {"LRE", "\xE2\x80\xAA", "\\xe2\\x80\\xaa"},
        {"RLI", "\xE2\x81\xA7", "\\xe2\\x81\\xa7"}, {"PDI", "\xE2\x81\xA9", "\\xe2\\x81\\xa9"},
        {"GBK", "\xD6\xD0", "\\xd6\\xd0"}, {"cut character", "\xE4\xB8", "\\xe4\\xb8"},
        {"overlong LF", "\xC0\x8A", "\\xc0\\x8a"}, {"Chinese stays", "政府网站😀", "text=政府网站😀 end"},
        {"no-break space stays", "a\xC2\xA0" "b", "a\xC2\xA0" "b"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = logged(*state, rows[i].text);
        EXPECT_ROW(rows[i].what, strstr(text, rows[i].want) != NULL);
        EXPECT_ROW(rows[i].what, count_char(text, '\n') == 1 && text[strlen(text) - 1] == '\n');
        EXPECT_ROW(rows[i].what, utf8_is_valid(text, strlen(text)));
        free(text);
    }
}

/* Viewers break lines at U+2028 and U+2029 as well. */
static void unicode_line_separators_cannot_forge_a_line(void **state)
{
    static const char *const separators[] = {"\xE2\x80\xA8", "\xE2\x80\xA9"};
    for (size_t i = 0; i < COUNT(separators); i++) {
        char *text = logged(*state, separators[i]);
        EXPECT_ROW("separator", strstr(text, separators[i]) == NULL);
        free(text);
    }
}

/* Unicode's Bidi_Control: the marks U+061C, U+200E and U+200F beside the embeddings and isolates. */
static void every_bidi_control_is_escaped(void **state)
{
    char control[4];
    for (uint32_t point = 0x80; point < 0x3000; point++) {
        if (point != 0x061C && point != 0x200E && point != 0x200F && (point < 0x202A || point > 0x202E) &&
            (point < 0x2066 || point > 0x2069))
            continue;
        size_t len = utf8_put(control, point);
        control[len] = '\0';
        char *text = logged(*state, control);
        EXPECT_ROW("bidi control", strstr(text, control) == NULL);
        free(text);
    }
}

static void a_long_text_still_makes_one_line(void **state)
{
    char *long_text = malloc(200001);
    assert_non_null(long_text);
    memset(long_text, '\n', 200000);
    long_text[200000] = '\0';
    char *text = logged(*state, long_text);
    assert_int_equal(count_char(text, '\n'), 1);
    assert_int_equal(text[strlen(text) - 1], '\n');
    free(text);
    free(long_text);
}

static void lines_are_added_to_what_the_file_has(void **state)
{
    const char *path = folder_write(*state, "log", "earlier\n");
    assert_int_equal(log_open(path, "test", LOG_LEVEL_INFO), 0);
    log_error("%s", "first");
    assert_int_equal(log_open(path, "test", LOG_LEVEL_INFO), 0);
    log_info("%s", "second");
    assert_int_equal(log_open("stderr", "test", LOG_LEVEL_INFO), 0);
    char *text = file_text(path);
    assert_int_equal(count_char(text, '\n'), 3);
    assert_memory_equal(text, "earlier\n", 8);
    expect_has(text, "first\n");
    expect_has(text, "second\n");
    free(text);
}

static void a_new_log_file_is_not_open_to_others(void **state)
{
    const char *path = folder_path(*state, "log");
    struct stat st;
    mode_t old = umask(0);
    assert_int_equal(log_open(path, "test", LOG_LEVEL_INFO), 0);
    assert_int_equal(log_open("stderr", "test", LOG_LEVEL_INFO), 0);
    (void)umask(old);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
}

static void the_level_decides_what_is_written(void **state)
{
    for (int level = 0; level < LOG_LEVEL_N; level++) {
        const char *path = folder_path(*state, log_level_names[level]);
        assert_int_equal(log_open(path, "test", (enum log_level)level), 0);
        log_error("%s", "an");
        log_warn("%s", "an");
        log_info("%s", "an");
        log_debug("%s", "an");
        assert_int_equal(log_open("stderr", "test", LOG_LEVEL_INFO), 0);
        char *text = file_text(path);
        assert_int_equal(count_char(text, '\n'), level + 1);
        free(text);
    }
}

static void a_file_that_cannot_be_opened_leaves_the_log_where_it_was(void **state)
{
    const char *path = folder_path(*state, "log");
    assert_int_equal(log_open(path, "test", LOG_LEVEL_INFO), 0);
    errno = 0;
    assert_int_equal(log_open(folder_path(*state, "no/such/folder"), "test", LOG_LEVEL_ERROR), -1);
    assert_int_equal(errno, ENOENT);
    log_info("%s", "still here");
    assert_int_equal(log_open("stderr", "test", LOG_LEVEL_INFO), 0);
    char *text = file_text(path);
    expect_has(text, "still here");
    free(text);
}

static void lines_of_several_processes_do_not_mix(void **state)
{
    const char *path = folder_path(*state, "log");
    assert_int_equal(log_open(path, "test", LOG_LEVEL_INFO), 0);
    pid_t children[4];
    for (size_t c = 0; c < COUNT(children); c++) {
        children[c] = fork();
        assert_true(children[c] >= 0);
        if (children[c] == 0) {
            for (int i = 0; i < 200; i++)
                log_info("%0600d;", i);
            _exit(0);
        }
    }
    for (size_t c = 0; c < COUNT(children); c++)
        assert_int_equal(waitpid(children[c], NULL, 0), children[c]);
    assert_int_equal(log_open("stderr", "test", LOG_LEVEL_INFO), 0);
    char *text = file_text(path);
    int lines = 0;
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, lines++)
        assert_true(end > line + 600 && end[-1] == ';' && memchr(line, ';', (size_t)(end - line - 1)) == NULL);
    assert_int_equal(lines, 800);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_line_has_time_level_process_and_text),
        WITH_FOLDER(text_from_outside_cannot_forge_a_line),
        WITH_FOLDER(unicode_line_separators_cannot_forge_a_line),
        WITH_FOLDER(every_bidi_control_is_escaped),
        WITH_FOLDER(a_long_text_still_makes_one_line),
        WITH_FOLDER(lines_are_added_to_what_the_file_has),
        WITH_FOLDER(a_new_log_file_is_not_open_to_others),
        WITH_FOLDER(the_level_decides_what_is_written),
        WITH_FOLDER(a_file_that_cannot_be_opened_leaves_the_log_where_it_was),
        WITH_FOLDER(lines_of_several_processes_do_not_mix),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
