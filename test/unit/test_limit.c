/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "helper.h"
#include "limit.h"

#define LONG_WINDOW (INT64_C(1) << 30) /* no window ends while the tests run */

static void events_are_counted_by_kind_name_and_address(void **state)
{
    (void)state;
    int left;
    struct limits *l = limits_new();
    assert_non_null(l);
    for (uint32_t i = 1; i <= 5; i++)
        assert_int_equal(limits_count(l, "login", "client", "10.0.0.1", LONG_WINDOW), i);
    assert_int_equal(limits_count(l, "login", "client", "10.0.0.2", LONG_WINDOW), 1);
    assert_int_equal(limits_count(l, "login", "other", "10.0.0.1", LONG_WINDOW), 1);
    assert_int_equal(limits_count(l, "request", "client", "10.0.0.1", LONG_WINDOW), 1);
    assert_int_equal(limits_peek(l, "login", "client", "10.0.0.1", LONG_WINDOW, &left), 5);
    assert_int_equal(limits_peek(l, "login", "client", "10.0.0.3", LONG_WINDOW, &left), 0);
}

static void parts_of_a_name_do_not_run_together(void **state)
{
    (void)state;
    int left;
    struct limits *l = limits_new();
    (void)limits_count(l, "ab", "c", "d", LONG_WINDOW);
    assert_int_equal(limits_peek(l, "a", "bc", "d", LONG_WINDOW, &left), 0);
    assert_int_equal(limits_peek(l, "abc", "", "d", LONG_WINDOW, &left), 0);
    assert_int_equal(limits_peek(l, "ab", "cd", "", LONG_WINDOW, &left), 0);
    assert_int_equal(limits_peek(l, "ab", "c", "d", LONG_WINDOW, &left), 1);
}

static void looking_does_not_count(void **state)
{
    (void)state;
    int left = -1;
    struct limits *l = limits_new();
    for (int i = 0; i < 3; i++)
        assert_int_equal(limits_peek(l, "k", "n", "a", 60, &left), 0);
    assert_in_range(left, 1, 60);
    assert_int_equal(limits_count(l, "k", "n", "a", LONG_WINDOW), 1);
}

static void a_new_window_starts_from_nothing(void **state)
{
    (void)state;
    int left;
    struct limits *l = limits_new();
    (void)limits_count(l, "k", "n", "a", 1);
    (void)limits_count(l, "k", "n", "a", 1);
    int64_t then = clock_now();
    (void)limits_peek(l, "k", "n", "a", 1, &left);
    assert_int_equal(left, 1);
    while (clock_now() < then + 2)
        (void)usleep(50000);
    assert_int_equal(limits_peek(l, "k", "n", "a", 1, &left), 0);
    assert_int_equal(limits_count(l, "k", "n", "a", 1), 1);
}

static void all_workers_share_the_counters(void **state)
{
    (void)state;
    enum { WORKERS = 4, EVENTS = 5000 };
    struct limits *l = limits_new();
    int left;
    pid_t children[WORKERS];
    (void)limits_count(l, "k", "n", "a", LONG_WINDOW);
    for (int c = 0; c < WORKERS; c++) {
        children[c] = fork();
        assert_true(children[c] >= 0);
        if (children[c] == 0) {
            for (int i = 0; i < EVENTS; i++)
                (void)limits_count(l, "k", "n", "a", LONG_WINDOW);
            _exit(0);
        }
    }
    for (int c = 0; c < WORKERS; c++)
        assert_int_equal(waitpid(children[c], NULL, 0), children[c]);
    assert_int_equal(limits_peek(l, "k", "n", "a", LONG_WINDOW, &left), 1 + WORKERS * EVENTS);
}

/* A flood of names must not wipe out the counter of one that is over its limit. */
static void a_flood_of_other_names_does_not_free_the_one_that_is_counted(void **state)
{
    (void)state;
    int left;
    char name[32];
    struct limits *l = limits_new();
    for (int i = 0; i < 20; i++)
        (void)limits_count(l, "login", "guesser", "10.0.0.1", LONG_WINDOW);
    for (int i = 0; i < 100000; i++) {
        (void)snprintf(name, sizeof(name), "name-%d", i);
        assert_true(limits_count(l, "login", name, "10.0.0.2", LONG_WINDOW) >= 1);
    }
    assert_int_equal(limits_peek(l, "login", "guesser", "10.0.0.1", LONG_WINDOW, &left), 20);
}

/* Whatever strangers do, and for however short a time it is counted. */
static void strangers_push_out_no_client_and_nobody_who_is_counted_higher(void **state)
{
    (void)state;
    struct limits *l = limits_new();
    int left;
    char address[24];
    for (int i = 0; i < 5; i++) {
        (void)limits_count(l, "day", "client", NULL, LONG_WINDOW);
        (void)limits_count(l, "login", "guesser", "10.0.0.1", LONG_WINDOW);
    }
    (void)limits_count(l, "day", "quiet", NULL, LONG_WINDOW);
    for (int i = 0; i < 100000; i++) {
        (void)snprintf(address, sizeof(address), "2001:db8:%x:%x::", (unsigned)i >> 16, (unsigned)i & 0xFFFF);
        (void)limits_count(l, "stranger", "", address, LONG_WINDOW / 2);
    }
    assert_int_equal(limits_peek(l, "day", "client", NULL, LONG_WINDOW, &left), 5);
    assert_int_equal(limits_peek(l, "day", "quiet", NULL, LONG_WINDOW, &left), 1);
    assert_int_equal(limits_peek(l, "login", "guesser", "10.0.0.1", LONG_WINDOW, &left), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_counted_by_kind_name_and_address),
        cmocka_unit_test(parts_of_a_name_do_not_run_together),
        cmocka_unit_test(looking_does_not_count),
        cmocka_unit_test(a_new_window_starts_from_nothing),
        cmocka_unit_test(all_workers_share_the_counters),
        cmocka_unit_test(a_flood_of_other_names_does_not_free_the_one_that_is_counted),
        cmocka_unit_test(strangers_push_out_no_client_and_nobody_who_is_counted_higher),
    };
    return cmocka_run_group_tests_name("limit", tests, NULL, NULL);
}
