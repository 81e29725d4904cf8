/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "turn.h"

#define SOON 5000 /* milliseconds within which a turn that is free has been taken */
#define A_WHILE 100

/* A process that takes a turn, says so, and keeps it until it is ended. */
struct taker {
    pid_t pid;
    int said;
};

static struct taker start(int table, int64_t count, bool gives_back)
{
    struct taker t;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    t.pid = fork();
    assert_true(t.pid >= 0);
    if (t.pid == 0) {
        turn_take(table, TURN_WRITE, count);
        if (gives_back)
            turn_end(table);
        if (write(ends[1], "t", 1) != 1)
            _exit(1);
        for (;;)
            (void)pause();
    }
    (void)close(ends[1]);
    t.said = ends[0];
    return t;
}

static bool has_turn(const struct taker *t, int millis)
{
    struct pollfd wait = {.fd = t->said, .events = POLLIN};
    return poll(&wait, 1, millis) == 1;
}

static void end(const struct taker *t)
{
    assert_int_equal(kill(t->pid, SIGKILL), 0);
    assert_int_equal(waitpid(t->pid, NULL, 0), t->pid);
    (void)close(t->said);
}

static void as_many_have_a_turn_as_there_are_and_the_next_waits_for_one_that_is_killed(void **state)
{
    (void)state;
    int table = turn_new();
    assert_true(table >= 0);
    struct taker takers[3];
    for (int i = 0; i < 2; i++) {
        takers[i] = start(table, 2, false);
        assert_true(has_turn(&takers[i], SOON));
    }
    takers[2] = start(table, 2, false);
    assert_false(has_turn(&takers[2], A_WHILE));
    end(&takers[0]);
    end(&takers[1]);
    assert_true(has_turn(&takers[2], SOON));
    end(&takers[2]);
    (void)close(table);
}

static void a_turn_that_is_given_back_is_free(void **state)
{
    (void)state;
    int table = turn_new();
    struct taker first = start(table, 1, true);
    assert_true(has_turn(&first, SOON));
    struct taker second = start(table, 1, false);
    assert_true(has_turn(&second, SOON));
    end(&first);
    end(&second);
    (void)close(table);
}

static void one_without_a_turn_may_end_it(void **state)
{
    (void)state;
    int table = turn_new();
    struct taker first = start(table, 1, false);
    assert_true(has_turn(&first, SOON));
    turn_end(table);
    struct taker second = start(table, 1, false);
    assert_false(has_turn(&second, A_WHILE));
    end(&first);
    end(&second);
    (void)close(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_have_a_turn_as_there_are_and_the_next_waits_for_one_that_is_killed),
        cmocka_unit_test(a_turn_that_is_given_back_is_free),
        cmocka_unit_test(one_without_a_turn_may_end_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
