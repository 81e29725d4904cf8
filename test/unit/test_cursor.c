/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cursor.h"
#include "err.h"
#include "form.h"
#include "helper.h"

static struct form_field field_of(const char *name, const char *value)
{
    struct form_field field = {.name = name};
    buf_init(&field.value, CURSOR_MAX_BYTES);
    buf_add_text(&field.value, value);
    return field;
}

static void a_limit_is_a_number_from_1_to_1000_and_100_where_it_is_not_given(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int64_t limit; /* 0: refused */
    } rows[] = {
        {"", CURSOR_LIMIT_DEFAULT}, {"1", 1}, {"2", 2}, {"100", 100}, {"999", 999}, {"1000", 1000}, {"0010", 10}, {"0", 0}, {"1001", 0},
        {"-1", 0}, {"+1", 0}, {" 1", 0}, {"1 ", 0}, {"1.0", 0}, {"1e2", 0}, {"0x10", 0}, {"ten", 0}, {"18446744073709551617", 0}, {"一", 0},
        {"9999999999999999999999999", 0},
    };
    assert_int_equal(CURSOR_LIMIT_DEFAULT, 100);
    assert_int_equal(CURSOR_LIMIT_MAX, 1000);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct form_field field = field_of("limit", rows[i].value);
        struct err e = ERR_NONE;
        int64_t limit = -1;
        EXPECT_ROW(rows[i].value, cursor_limit(&field, &limit, &e) == (rows[i].limit > 0 ? 0 : -1));
        if (rows[i].limit > 0) {
            EXPECT_ROW(rows[i].value, limit == rows[i].limit);
        } else {
            EXPECT_ROW(rows[i].value, e.msg.id == MSG_BAD_PARAMETER && err_class(&e) == CLASS_INPUT);
            EXPECT_ROW(rows[i].value, strcmp(msg_value(&e.msg, "name"), "limit") == 0);
            EXPECT_ROW(rows[i].value, strcmp(msg_value(&e.msg, "got"), rows[i].value) == 0);
            expect_has(msg_value(&e.msg, "want"), "1000");
        }
        buf_free(&field.value);
    }
}

static void a_cursor_gives_what_it_carries(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *carries; /* NULL: refused */
    } rows[] = {
        {"", ""}, {"61", "a"}, {"3132333420612d31", "1234 a-1"}, {"E694BFE5BA9C", "政府"}, {"6", NULL}, {"61 ", NULL}, {"zz", NULL}, {"616g", NULL},
        {"%36%31", NULL}, {"61-62", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct form_field field = field_of("after", rows[i].value);
        struct err e = ERR_NONE;
        struct buf to;
        buf_init(&to, CURSOR_MAX_BYTES);
        EXPECT_ROW(rows[i].value, cursor_read(&field, &to, &e) == (rows[i].carries != NULL ? 0 : -1));
        if (rows[i].carries != NULL)
            expect_bytes(buf_text(&to), to.len, rows[i].carries);
        else
            EXPECT_ROW(rows[i].value, e.msg.id == MSG_BAD_CURSOR && err_class(&e) == CLASS_INPUT);
        buf_free(&to);
        buf_free(&field.value);
    }
}

static void a_cursor_that_finds_no_room_is_refused(void **state)
{
    (void)state;
    struct form_field field = field_of("after", "616263");
    for (size_t max = 0; max < 5; max++) {
        struct err e = ERR_NONE;
        struct buf to;
        buf_init(&to, max);
        assert_int_equal(cursor_read(&field, &to, &e), max < 3 ? -1 : 0);
        buf_free(&to);
    }
    buf_free(&field.value);
}

static void a_bad_cursor_names_the_member_that_it_is_taken_from(void **state)
{
    (void)state;
    struct err e = ERR_NONE;
    assert_int_equal(cursor_bad("next", &e), -1);
    assert_int_equal(e.msg.id, MSG_BAD_CURSOR);
    assert_string_equal(msg_value(&e.msg, "want"), "next");
}

static void a_bad_parameter_is_told_without_its_control_characters(void **state)
{
    (void)state;
    struct err e = ERR_NONE;
    struct form_field field = field_of("state", "a\r\nb\x1B[31m");
    assert_int_equal(cursor_bad_parameter(&field, "active", &e), -1);
    assert_string_equal(msg_value(&e.msg, "got"), "a??b?[31m");
    assert_string_equal(msg_value(&e.msg, "want"), "active");
    buf_free(&field.value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_is_a_number_from_1_to_1000_and_100_where_it_is_not_given),
        cmocka_unit_test(a_cursor_gives_what_it_carries),
        cmocka_unit_test(a_cursor_that_finds_no_room_is_refused),
        cmocka_unit_test(a_bad_cursor_names_the_member_that_it_is_taken_from),
        cmocka_unit_test(a_bad_parameter_is_told_without_its_control_characters),
    };
    return cmocka_run_group_tests_name("cursor", tests, NULL, NULL);
}
