/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "gather.h"
#include "helper.h"

#define MANY 12
#define REFUSED_FROM 100 /* numbers from here on are refused */

struct row {
    int number;
    char filler[1000];
};

/* What the processes of a test tell each other. */
struct stage {
    _Atomic int storing[MANY]; /* how many rows the process stores just now */
    _Atomic bool go[MANY];     /* it may end */
    _Atomic int stored[REFUSED_FROM + MANY], calls;
};

struct cast {
    struct gather *g;
    struct stage *stage;
    pid_t pids[MANY];
};

/* A process in store(). */
struct actor {
    struct stage *stage;
    int number;
};

static void pause_a_bit(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

static void store(void *self, const void *bytes, size_t count, enum gather_result *results)
{
    struct actor *a = self;
    const struct row *rows = bytes;
    atomic_store(&a->stage->storing[a->number], (int)count);
    while (!atomic_load(&a->stage->go[a->number]))
        pause_a_bit();
    atomic_fetch_add(&a->stage->calls, 1);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].number < REFUSED_FROM)
            atomic_fetch_add(&a->stage->stored[rows[i].number], 1);
        results[i] = rows[i].number < REFUSED_FROM ? GATHER_STORED : GATHER_REFUSED;
    }
}

static struct cast begin(void)
{
    struct cast c = {.g = gather_new(sizeof(struct row))};
    assert_non_null(c.g);
    c.stage = mmap(NULL, sizeof(*c.stage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(c.stage != MAP_FAILED);
    return c;
}

/* Starts process i, which has one row stored and ends with what became of it as its status. */
static void put(struct cast *c, int i, int number)
{
    c->pids[i] = fork();
    assert_true(c->pids[i] >= 0);
    if (c->pids[i] > 0)
        return;
    struct actor a = {.stage = c->stage, .number = i};
    const struct row row = {.number = number};
    struct gather_seat *seat = gather_sit(c->g, getpid());
    int result = seat == NULL ? 99 : (int)gather_put(seat, &row, store, &a);
    gather_rise(seat);
    _exit(result);
}

static void until_storing(const struct cast *c, int i)
{
    for (int tries = 0; tries < 2500 && atomic_load(&c->stage->storing[i]) == 0; tries++)
        pause_a_bit();
    assert_true(atomic_load(&c->stage->storing[i]) > 0);
}

static int end(const struct cast *c, int i)
{
    int status;
    assert_int_equal(waitpid(c->pids[i], &status, 0), c->pids[i]);
    gather_release(c->g, c->pids[i]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Two lead, and the others wait: from..MANY-1. */
static void occupy(struct cast *c)
{
    for (int i = 0; i < 2; i++) {
        put(c, i, i);
        until_storing(c, i);
    }
}

/* Lets process 0 end, and finds who leads next. */
static int next_leader(struct cast *c, int last)
{
    for (int tries = 0; tries < 100; tries++) /* they have had time to come */
        pause_a_bit();
    atomic_store(&c->stage->go[0], true);
    for (int tries = 0; tries < 2500; tries++) {
        for (int i = 2; i <= last; i++)
            if (atomic_load(&c->stage->storing[i]) > 0)
                return i;
        pause_a_bit();
    }
    return -1;
}

static void who_is_alone_stores_his_row_himself(void **state)
{
    (void)state;
    struct cast c = begin();
    atomic_store(&c.stage->go[0], true);
    for (int round = 0; round < 3; round++) {
        put(&c, 0, round);
        assert_int_equal(end(&c, 0), GATHER_STORED);
        assert_int_equal(atomic_load(&c.stage->stored[round]), 1);
        assert_int_equal(atomic_load(&c.stage->storing[0]), 1);
    }
    put(&c, 0, REFUSED_FROM);
    assert_int_equal(end(&c, 0), GATHER_REFUSED);
}

static void who_waits_is_stored_with_all_who_wait_and_told_what_became_of_his_own(void **state)
{
    (void)state;
    struct cast c = begin();
    occupy(&c);
    for (int i = 2; i < MANY; i++)
        put(&c, i, i == 5 || i == 7 ? REFUSED_FROM + i : i);
    int leader = next_leader(&c, MANY - 1);
    assert_in_range(leader, 2, MANY - 1);
    assert_int_equal(atomic_load(&c.stage->storing[leader]), MANY - 2);
    atomic_store(&c.stage->go[leader], true);
    atomic_store(&c.stage->go[1], true);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(end(&c, i), i == 5 || i == 7 ? GATHER_REFUSED : GATHER_STORED);
        assert_int_equal(atomic_load(&c.stage->stored[i]), i == 5 || i == 7 ? 0 : 1);
    }
    assert_int_equal(atomic_load(&c.stage->calls), 3);
}

static void a_leader_that_is_killed_leaves_nobody_waiting(void **state)
{
    (void)state;
    struct cast c = begin();
    occupy(&c);
    for (int i = 2; i < 6; i++)
        put(&c, i, i);
    int leader = next_leader(&c, 5);
    assert_in_range(leader, 2, 5);
    assert_int_equal(kill(c.pids[leader], SIGKILL), 0);
    int64_t began = clock_micros();
    assert_int_equal(end(&c, leader), -1); /* tells the others, as its supervisor does */
    for (int i = 2; i < 6; i++)
        if (i != leader)
            assert_int_equal(end(&c, i), GATHER_UNKNOWN);
    assert_true(clock_micros() - began < 900000);
    put(&c, 6, 6); /* his place as a leader is free */
    atomic_store(&c.stage->go[6], true);
    assert_int_equal(end(&c, 6), GATHER_STORED);
    atomic_store(&c.stage->go[1], true);
    assert_int_equal(end(&c, 1), GATHER_STORED);
    assert_int_equal(end(&c, 0), GATHER_STORED);
}

static void nobody_waits_for_ever_where_no_one_tells_of_a_killed_leader(void **state)
{
    (void)state;
    struct cast c = begin();
    occupy(&c);
    put(&c, 2, 2);
    for (int i = 0; i < 2; i++)
        assert_int_equal(kill(c.pids[i], SIGKILL), 0);
    assert_int_equal(end(&c, 2), GATHER_UNKNOWN);
    assert_int_equal(end(&c, 0), -1);
    assert_int_equal(end(&c, 1), -1);
    put(&c, 3, 3);
    atomic_store(&c.stage->go[3], true);
    assert_int_equal(end(&c, 3), GATHER_STORED);
}

static void the_row_of_one_who_was_killed_while_he_waited_is_nobody_elses(void **state)
{
    (void)state;
    struct cast c = begin();
    occupy(&c);
    put(&c, 2, 2);
    put(&c, 3, 3);
    for (int tries = 0; tries < 100; tries++)
        pause_a_bit();
    assert_int_equal(kill(c.pids[2], SIGKILL), 0);
    assert_int_equal(end(&c, 2), -1);
    put(&c, 4, REFUSED_FROM); /* has the place that is free now */
    int leader = next_leader(&c, 4);
    assert_int_equal(atomic_load(&c.stage->storing[leader]), 2);
    atomic_store(&c.stage->go[leader], true);
    atomic_store(&c.stage->go[1], true);
    assert_int_equal(end(&c, 3), GATHER_STORED);
    assert_int_equal(end(&c, 4), GATHER_REFUSED);
    assert_int_equal(end(&c, 0), GATHER_STORED);
    assert_int_equal(end(&c, 1), GATHER_STORED);
    assert_int_equal(atomic_load(&c.stage->stored[2]), 0);
}

static void places_that_are_given_back_are_used_again(void **state)
{
    (void)state;
    struct gather *g = gather_new(10);
    assert_non_null(g);
    for (int i = 1; i < 10000; i++) {
        struct gather_seat *seat = gather_sit(g, i);
        assert_non_null(seat);
        gather_rise(seat);
    }
    gather_release(g, 1);
    gather_rise(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_alone_stores_his_row_himself),
        cmocka_unit_test(who_waits_is_stored_with_all_who_wait_and_told_what_became_of_his_own),
        cmocka_unit_test(a_leader_that_is_killed_leaves_nobody_waiting),
        cmocka_unit_test(nobody_waits_for_ever_where_no_one_tells_of_a_killed_leader),
        cmocka_unit_test(the_row_of_one_who_was_killed_while_he_waited_is_nobody_elses),
        cmocka_unit_test(places_that_are_given_back_are_used_again),
    };
    return cmocka_run_group_tests_name("gather", tests, NULL, NULL);
}
