/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "helper.h"

static void an_empty_buffer_reads_as_empty_text(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 0);
    assert_string_equal(buf_text(&b), "");
    assert_false(buf_failed(&b));
    buf_add(&b, "", 0);
    assert_false(buf_failed(&b));
    buf_free(&b);
    struct buf zeroed = {0};
    buf_free(&zeroed);
}

static void content_is_kept_through_growth_and_ends_in_nul(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < 20000; i++) {
        buf_printf(&b, "%04d,", i % 10000);
        assert_int_equal(b.data[b.len], '\0');
    }
    assert_false(buf_failed(&b));
    assert_int_equal(b.len, 100000);
    assert_memory_equal(b.data + 5 * 9999, "9999,", 5);
    assert_memory_equal(b.data + 5 * 10000, "0000,", 5);
    buf_free(&b);
}

static void bytes_with_nul_are_kept(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    buf_add(&b, "a\0b", 3);
    assert_int_equal(b.len, 3);
    assert_memory_equal(b.data, "a\0b", 4);
    buf_free(&b);
}

static void the_maximum_itself_is_allowed_and_one_more_is_not(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 5);
    buf_add_text(&b, "12345");
    assert_false(buf_failed(&b));
    buf_add_char(&b, '6');
    assert_true(buf_failed(&b));
    assert_string_equal(buf_text(&b), "12345");
    buf_free(&b);
}

static void a_failure_sticks_until_clear(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 3);
    buf_printf(&b, "%s", "1234");
    assert_true(buf_failed(&b));
    buf_add_char(&b, 'x');
    buf_add(&b, "", 0);
    assert_null(buf_reserve(&b, 0));
    assert_true(buf_failed(&b));
    assert_int_equal(b.len, 0);
    buf_clear(&b);
    assert_false(buf_failed(&b));
    buf_add_text(&b, "ok");
    assert_string_equal(buf_text(&b), "ok");
    buf_free(&b);
}

static void a_size_that_would_overflow_is_refused(void **state)
{
    (void)state;
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1, 4097};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct buf b;
        buf_init(&b, 4096);
        buf_add_char(&b, 'a');
        assert_null(buf_reserve(&b, sizes[i]));
        assert_true(buf_failed(&b));
        assert_string_equal(buf_text(&b), "a");
        buf_free(&b);
    }
}

static void clear_keeps_the_memory_and_free_gives_it_back(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4096);
    buf_add_text(&b, "some text");
    char *data = b.data;
    buf_clear(&b);
    assert_ptr_equal(b.data, data);
    assert_string_equal(buf_text(&b), "");
    buf_free(&b);
    assert_null(b.data);
    assert_int_equal(b.size, 0);
    buf_add_text(&b, "again");
    assert_string_equal(buf_text(&b), "again");
    buf_free(&b);
}

static void reserved_room_is_as_large_as_asked_for(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100000);
    buf_add_text(&b, "head");
    char *to = buf_reserve(&b, 70000);
    assert_non_null(to);
    assert_ptr_equal(to, b.data + 4);
    memset(to, 'x', 70000);
    b.len += 70000;
    buf_add_char(&b, '!');
    assert_false(buf_failed(&b));
    assert_memory_equal(b.data, "headxx", 6);
    assert_string_equal(b.data + 70003, "x!");
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_reads_as_empty_text),
        cmocka_unit_test(content_is_kept_through_growth_and_ends_in_nul),
        cmocka_unit_test(bytes_with_nul_are_kept),
        cmocka_unit_test(the_maximum_itself_is_allowed_and_one_more_is_not),
        cmocka_unit_test(a_failure_sticks_until_clear),
        cmocka_unit_test(a_size_that_would_overflow_is_refused),
        cmocka_unit_test(clear_keeps_the_memory_and_free_gives_it_back),
        cmocka_unit_test(reserved_room_is_as_large_as_asked_for),
    };
    return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
