/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "helper.h"
#include "near.h"

static const char *const names[] = {"title", "doc_no", "pub_date", "publisher", "keywords", "url", "id", "resTitle", "content", NULL};

static void the_nearest_name_is_found_and_a_far_one_is_none(void **state)
{
    static const char *const rows[][2] = {
        {"doc_no", "doc_no"}, {"docNo", "doc_no"}, {"DOC-NO", "doc_no"}, {"docno", "doc_no"}, {"doc_on", "doc_no"}, {"dc_no", "doc_no"},
        {"tilte", "title"}, {"titel", "title"}, {"titl", "title"}, {"titles", "title"}, {"Title", "title"}, {"tt", ""},
        {"restitle", "resTitle"}, {"pubdate", "pub_date"}, {"publish_date", ""}, {"pub_dates", "pub_date"}, {"keyword", "keywords"},
        {"publsiher", "publisher"}, {"pblshr", ""}, {"contnet", "content"}, {"context", "content"}, {"ID", "id"}, {"i", ""}, {"uid", "id"},
        {"uri", "url"}, {"", ""}, {"_", ""}, {"标题", ""}, {"something_else", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct near near;
        near_begin(&near, rows[i][0], strlen(rows[i][0]));
        for (size_t k = 0; names[k] != NULL; k++)
            near_try(&near, names[k]);
        const char *best = near.best == NULL ? "" : near.best;
        if (strcmp(best, rows[i][1]) != 0)
            fail_msg("%s is near [%s], want [%s]", rows[i][0], best, rows[i][1]);
    }
}

static void a_name_that_is_too_long_is_near_nothing(void **state)
{
    char text[3 * NEAR_NAME_MAX];
    struct near near;
    (void)state;
    memset(text, 'a', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    near_begin(&near, text, sizeof(text) - 1);
    near_try(&near, text);
    assert_null(near.best);
    text[NEAR_NAME_MAX] = '\0';
    near_begin(&near, text, NEAR_NAME_MAX);
    near_try(&near, text);
    assert_ptr_equal(near.best, text);
}

static void the_first_of_two_that_are_as_near_is_taken(void **state)
{
    static const char *const both[] = {"name_a", "name_b"};
    struct near near;
    (void)state;
    near_begin(&near, "name_c", strlen("name_c"));
    near_try(&near, both[0]);
    near_try(&near, both[1]);
    assert_ptr_equal(near.best, both[0]);
    near_try(&near, "name_c");
    assert_string_equal(near.best, "name_c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_name_is_found_and_a_far_one_is_none),
        cmocka_unit_test(a_name_that_is_too_long_is_near_nothing),
        cmocka_unit_test(the_first_of_two_that_are_as_near_is_taken),
    };
    return cmocka_run_group_tests_name("near", tests, NULL, NULL);
}
