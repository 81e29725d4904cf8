/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "crypt.h"
#include "err.h"
#include "helper.h"
#include "page.h"

static void a_file_is_read_once_and_named_by_its_content(void **state)
{
    struct page *page = page_new(), *other = page_new();
    const struct page_file *file, *again;
    struct err e = ERR_NONE;
    (void)folder_write(*state, "index.html", "<p>");
    assert_int_equal(page_find(page, *state, "", &file, &e), 1);
    expect_bytes(file->text, file->len, "<p>");
    assert_string_equal(file->type, "text/html; charset=utf-8");
    (void)folder_write(*state, "index.html", "<b>");
    assert_int_equal(page_find(page, *state, "", &again, &e), 1);
    expect_bytes(again->text, again->len, "<p>");
    assert_int_equal(page_find(other, *state, "", &again, &e), 1);
    assert_string_not_equal(file->tag, again->tag);
    assert_true(file->tag[0] == '"' && strlen(file->tag) == PAGE_TAG_SIZE - 2);
    page_free(page);
    page_free(other);
}

static void only_files_of_the_list_are_there(void **state)
{
    static const char *const names[] = {"index.html", "../index.html", "x", "docs.css ", "DOCS.CSS", "."};
    struct page *page = page_new();
    const struct page_file *file;
    struct err e = ERR_NONE;
    (void)folder_write(*state, "x", "x");
    for (size_t i = 0; i < COUNT(names); i++)
        EXPECT_ROW(names[i], page_find(page, *state, names[i], &file, &e) == 0);
    page_free(page);
}

static void one_that_cannot_be_read_is_an_error_that_names_it(void **state)
{
    struct page *page = page_new();
    const struct page_file *file;
    struct err e = ERR_NONE;
    assert_int_equal(page_find(page, *state, "docs.js", &file, &e), -1);
    assert_int_equal(err_class(&e), CLASS_INTERNAL);
    expect_has(e.detail, "docs.js");
    (void)folder_write(*state, "docs.js", "");
    assert_int_equal(page_find(page, *state, "docs.js", &file, &e), -1);
    (void)folder_write(*state, "docs.js", "1");
    assert_int_equal(page_find(page, *state, "docs.js", &file, &e), 1); /* as soon as it is there */
    page_free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_file_is_read_once_and_named_by_its_content),
        WITH_FOLDER(only_files_of_the_list_are_there),
        WITH_FOLDER(one_that_cannot_be_read_is_an_error_that_names_it),
    };
    return crypt_init() != 0 ? 1 : cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
