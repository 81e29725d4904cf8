/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "busy.h"
#include "conf.h"
#include "err.h"
#include "helper.h"
#include "limit.h"
#include "quota.h"

static void each_rule_counts_by_itself(void **state)
{
    (void)state;
    struct conf conf = {.requests_per_day = 3, .bytes_per_day = 10 * 1024};
    struct quota_source s = {.conf = &conf, .limits = limits_new(), .busy = busy_new()};
    struct quota q;
    struct err e;
    struct buf text;
    s.place = busy_claim(s.busy, 1);
    assert_true(quota_is_on(&conf));
    assert_int_equal(quota_take(&s, "a", 1, 4 * 1024, &q, &e), 0);
    assert_int_equal(quota_take(&s, "a", 1, 1, &q, &e), 0);
    assert_int_equal(q.count, 2);
    assert_int_equal(q.rules[0].left, 1);
    assert_int_equal(q.rules[1].left, 5 * 1024); /* a byte counts as a KiB */
    buf_init(&text, 1000);
    quota_write_policy(&q, &text);
    assert_string_equal(buf_text(&text), "\"day\";q=3;w=86400, \"bytes-day\";q=10240;qu=\"content-bytes\";w=86400");
    buf_free(&text);
    assert_int_equal(quota_take(&s, "b", 2, 100 * 1024, &q, &e), 0); /* goes over, once */
    assert_int_equal(quota_take(&s, "b", 2, 0, &q, &e), -1);
    assert_int_equal(e.msg.id, MSG_TOO_MANY_BYTES);
    assert_int_equal(quota_take(&s, "a", 1, 0, &q, &e), 0);
    assert_int_equal(quota_take(&s, "a", 1, 0, &q, &e), -1);
    assert_int_equal(e.msg.id, MSG_TOO_MANY_REQUESTS);
    assert_in_range(e.retry_after, 1, 86400);
    assert_string_equal(msg_value(&e.msg, "limit"), "3");
    quota_add_bytes(&s, "c", 20 * 1024);
    assert_int_equal(quota_take(&s, "c", 3, 0, &q, &e), -1);
}

/* Bodies whose length nobody knew before they had come: all of them count, not only the first. */
static void what_has_passed_is_waited_for(void **state)
{
    (void)state;
    struct conf conf = {.bytes_per_second = 1000};
    struct quota_source s = {.conf = &conf, .limits = limits_new(), .busy = busy_new(), .place = -1};
    struct quota q;
    struct err e;
    for (int i = 0; i < 3; i++)
        quota_add_bytes(&s, "a", 10000);
    assert_int_equal(quota_count(&s, "a", 1, &q, &e), -1);
    assert_int_equal(e.msg.id, MSG_TOO_MANY_BYTES);
    assert_in_range(e.retry_after, 28, 30);
}

static void a_look_counts_nothing_and_refuses_who_has_nothing_left(void **state)
{
    (void)state;
    struct conf conf = {.requests_per_day = 1, .bytes_per_second = 1000};
    struct quota_source s = {.conf = &conf, .limits = limits_new(), .busy = busy_new(), .place = -1};
    struct quota q;
    struct err e;
    for (int i = 0; i < 3; i++)
        assert_int_equal(quota_look(&s, "a", &q, &e), 0);
    assert_int_equal(q.rules[0].left, 1);
    assert_int_equal(quota_count(&s, "a", 1, &q, &e), 0);
    assert_int_equal(quota_look(&s, "a", &q, &e), -1);
    assert_int_equal(e.msg.id, MSG_TOO_MANY_REQUESTS);
    quota_add_bytes(&s, "b", 10000);
    assert_int_equal(quota_look(&s, "b", &q, &e), -1);
    assert_int_equal(e.msg.id, MSG_TOO_MANY_BYTES);
}

static void nothing_is_limited_where_nothing_says_so(void **state)
{
    (void)state;
    struct conf conf = {.requests_per_day = 0};
    struct quota_source s = {.conf = &conf, .limits = limits_new(), .busy = busy_new(), .place = -1};
    struct quota q;
    struct err e;
    assert_false(quota_is_on(&conf));
    for (int i = 0; i < 1000; i++)
        assert_int_equal(quota_take(&s, "a", 1, INT64_MAX, &q, &e), 0);
    assert_int_equal(q.count, 0);
}

static void who_is_busy_is_counted_by_client(void **state)
{
    (void)state;
    struct busy *b = busy_new();
    int one = busy_claim(b, 11), two = busy_claim(b, 12), three = busy_claim(b, 13);
    assert_int_equal(busy_enter(b, one, 5), 1);
    assert_int_equal(busy_enter(b, two, 5), 2);
    assert_int_equal(busy_enter(b, three, 6), 1);
    busy_leave(b, one);
    assert_int_equal(busy_enter(b, one, 5), 2);
    busy_release(b, 12); /* killed */
    assert_int_equal(busy_enter(b, one, 5), 1);
    assert_int_equal(busy_claim(b, 14), two);
    assert_int_equal(busy_enter(b, -1, 5), 1);
    busy_leave(b, -1);
    for (int pid = 100; busy_claim(b, pid) >= 0; pid++)
        assert_true(pid < 5000);
}

/* The clock is the machine's: what is asked for is far from the edges. */
static void a_gate_lets_through_what_its_rate_says(void **state)
{
    (void)state;
    struct limits *l = limits_new();
    assert_int_equal(limits_gate(l, "k", "a", 1000, 1000), 0); /* a second's worth */
    assert_int_equal(limits_gate(l, "k", "a", 1000 * 1000, 1000), 0); /* up to the burst, all passes */
    assert_in_range(limits_gate(l, "k", "a", 1, 1000), 998, 1001);
    assert_in_range(limits_gate(l, "k", "a", 1, 1000), 998, 1001); /* what was refused has not passed */
    assert_int_equal(limits_gate(l, "k", "b", 1, 1000), 0);
    assert_int_equal(limits_gate(l, "other", "a", 1, 1000), 0);
    for (int i = 0; i < 100; i++)
        assert_int_equal(limits_gate(l, "k", "c", 0, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_counts_by_itself),
        cmocka_unit_test(what_has_passed_is_waited_for),
        cmocka_unit_test(a_look_counts_nothing_and_refuses_who_has_nothing_left),
        cmocka_unit_test(nothing_is_limited_where_nothing_says_so),
        cmocka_unit_test(who_is_busy_is_counted_by_client),
        cmocka_unit_test(a_gate_lets_through_what_its_rate_says),
    };
    return cmocka_run_group_tests_name("quota", tests, NULL, NULL);
}
