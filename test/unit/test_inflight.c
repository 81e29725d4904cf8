/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypt.h"
#include "helper.h"
#include "inflight.h"

static int start_library(void **state)
{
    (void)state;
    return crypt_init();
}

/* A process that claims a key, says what came of it, and keeps it until it is ended. */
struct holder {
    pid_t pid;
    int got;
};

static struct holder hold(int table, int64_t client, const char *key)
{
    struct holder h;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    h.pid = fork();
    assert_true(h.pid >= 0);
    if (h.pid == 0) {
        int got = inflight_claim(table, client, key);
        if (write(ends[1], &got, sizeof(got)) != sizeof(got))
            _exit(1);
        for (;;)
            (void)pause();
    }
    (void)close(ends[1]);
    assert_int_equal(read(ends[0], &h.got, sizeof(h.got)), sizeof(h.got));
    (void)close(ends[0]);
    return h;
}

static void end(struct holder h)
{
    assert_int_equal(kill(h.pid, SIGKILL), 0);
    assert_int_equal(waitpid(h.pid, NULL, 0), h.pid);
}

static void a_key_that_another_process_has_is_in_use_until_that_is_killed(void **state)
{
    (void)state;
    int table = inflight_new();
    assert_true(table >= 0);
    struct holder h = hold(table, 1, "key");
    int while_held = inflight_claim(table, 1, "key");
    struct holder third = hold(table, 1, "key");
    end(third);
    int still = inflight_claim(table, 1, "key");
    end(h);
    assert_int_equal(h.got, 1);
    assert_int_equal(while_held, 0);
    assert_int_equal(third.got, 0);
    assert_int_equal(still, 0);
    assert_int_equal(inflight_claim(table, 1, "key"), 1);
    inflight_release(table);
    (void)close(table);
}

static void another_key_and_another_client_are_free(void **state)
{
    (void)state;
    static const struct {
        int64_t client;
        const char *key;
        int got;
    } rows[] = {{1, "key", 0}, {1, "keY", 1}, {1, "key ", 1}, {1, "", 1}, {2, "key", 1}, {INT64_MAX, "key", 1}, {-1, "key", 1},
                {11, "key", 1}, {1, "1 key", 1}};
    int table = inflight_new();
    assert_true(table >= 0);
    struct holder h = hold(table, 1, "key");
    int got[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        got[i] = inflight_claim(table, rows[i].client, rows[i].key);
        inflight_release(table);
    }
    end(h);
    (void)close(table);
    for (size_t i = 0; i < COUNT(rows); i++)
        EXPECT_ROW(rows[i].key, got[i] == rows[i].got);
}

static void what_is_released_is_free_at_once(void **state)
{
    (void)state;
    int table = inflight_new();
    assert_true(table >= 0);
    for (int round = 0; round < 3; round++) {
        assert_int_equal(inflight_claim(table, 1, "key"), 1);
        struct holder refused = hold(table, 1, "key");
        end(refused);
        inflight_release(table);
        struct holder taken = hold(table, 1, "key");
        end(taken);
        assert_int_equal(refused.got, 0);
        assert_int_equal(taken.got, 1);
    }
    inflight_release(table);
    (void)close(table);
}

/* A worker forks nothing, but a claim must not be had by two processes even if one comes of the other. */
static void a_child_does_not_inherit_the_claim(void **state)
{
    (void)state;
    int table = inflight_new();
    assert_true(table >= 0);
    assert_int_equal(inflight_claim(table, 5, "key"), 1);
    struct holder child = hold(table, 5, "key");
    end(child);
    assert_int_equal(child.got, 0);
    child = hold(table, 5, "other");
    end(child);
    assert_int_equal(child.got, 1);
    inflight_release(table);
    (void)close(table);
}

static void a_table_that_is_none_is_an_error_and_not_a_claim(void **state)
{
    (void)state;
    assert_int_equal(inflight_claim(-1, 1, "key"), -1);
    inflight_release(-1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_that_another_process_has_is_in_use_until_that_is_killed),
        cmocka_unit_test(another_key_and_another_client_are_free),
        cmocka_unit_test(what_is_released_is_free_at_once),
        cmocka_unit_test(a_child_does_not_inherit_the_claim),
        cmocka_unit_test(a_table_that_is_none_is_an_error_and_not_a_claim),
    };
    return cmocka_run_group_tests_name("inflight", tests, start_library, NULL);
}
