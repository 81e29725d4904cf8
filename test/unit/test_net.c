/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "helper.h"
#include "net.h"

static void a_list_is_addresses_and_blocks_between_commas(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        bool good;
    } rows[] = {
        {"", true}, {"10.0.0.1", true}, {"10.0.0.0/8", true}, {"10.0.0.0/0", true}, {"10.0.0.1/32", true},
        {"::1", true}, {"2001:db8::/32", true}, {"::/0", true}, {"10.0.0.0/8,192.168.0.0/16,fd00::/8", true},
        {"10.0.0.0/33", false}, {"10.0.0.0/-1", false}, {"10.0.0.0/", false}, {"10.0.0.0/8/8", false},
        {"10.0.0.0/+8", false}, {"10.0.0.0/8 ", false}, {"10.0.0/8", false}, {"10.0.0.256", false}, {"010.0.0.1", false},
        {"::/129", false}, {":::", false}, {"fe80::1%eth0", false}, {"example.org", false}, {",", false},
        {",10.0.0.1", false}, {"10.0.0.1,,10.0.0.2", false}, {"10.0.0.1;10.0.0.2", false}, {"/8", false}, {"*", false},
        {"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd:eeee:ffff", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        EXPECT_ROW(rows[i].list, net_is_list(rows[i].list) == rows[i].good);
}

/* "/-0" would open the whole internet where a number of bits was meant. */
static void a_prefix_length_is_written_in_digits_alone(void **state)
{
    (void)state;
    assert_false(net_is_list("10.0.0.0/-0"));
    assert_false(net_list_has("10.0.0.0/-0", "192.0.2.1"));
}

static void a_list_does_not_end_in_a_comma(void **state)
{
    (void)state;
    assert_false(net_is_list("10.0.0.1,"));
}

static void an_address_is_in_the_blocks_that_hold_it(void **state)
{
    (void)state;
    static const struct {
        const char *list, *address;
        bool in;
    } rows[] = {
        {"", "203.0.113.9", true}, {"10.0.0.0/8", "10.255.255.255", true}, {"10.0.0.0/8", "11.0.0.0", false},
        {"10.1.2.3/8", "10.9.9.9", true}, {"192.168.1.0/25", "192.168.1.127", true},
        {"192.168.1.0/25", "192.168.1.128", false}, {"192.168.1.7", "192.168.1.7", true},
        {"192.168.1.7", "192.168.1.6", false}, {"192.168.1.6/31", "192.168.1.7", true}, {"0.0.0.0/0", "1.2.3.4", true},
        {"0.0.0.0/0", "2001:db8::1", false}, {"2001:db8::/33", "2001:db8:7fff::1", true},
        {"2001:db8::/33", "2001:db8:8000::1", false}, {"::1", "::1", true}, {"::1", "127.0.0.1", false},
        {"10.0.0.0/8", "::ffff:10.1.2.3", true}, {"::ffff:10.1.2.3", "10.1.2.3", true},
        {"::ffff:10.0.0.0/104", "10.1.2.3", true}, {"172.16.0.0/12,10.0.0.0/8", "10.0.0.1", true},
        {"172.16.0.0/12,10.0.0.0/8", "172.32.0.1", false}, {"10.0.0.0/8", "", false}, {"10.0.0.0/8", "unix:", false},
        {"10.0.0.0/8", "10.0.0.1:4711", false}, {"10.0.0.0/8", " 10.0.0.1", false}, {"0.0.0.0/0", "nonsense", false},
        {"10.0.0.0/8", "010.0.0.1", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        EXPECT_ROW(rows[i].address, net_list_has(rows[i].list, rows[i].address) == rows[i].in);
}

static void without_a_list_every_address_is_in(void **state)
{
    (void)state;
    assert_true(net_list_has(NULL, "203.0.113.9"));
    assert_true(net_list_has("", "not an address"));
}

static void who_has_one_address_of_ipv6_is_counted_with_his_whole_network(void **state)
{
    (void)state;
    static const struct {
        const char *address, *caller;
    } rows[] = {
        {"192.0.2.1", "192.0.2.1"}, {"::ffff:192.0.2.1", "192.0.2.1"}, {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"},
        {"2001:DB8:1:2::9", "2001:db8:1:2::"}, {"2001:db8:1:3::9", "2001:db8:1:3::"}, {"::1", "::"}, {"", ""}, {"a:b", "a:b"},
        {"0123456789012345678901234567890123456789012345678901234567890123456789", "012345678901234567890123456789012345678901234567890123456789012"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char caller[64];
        net_caller(rows[i].address, caller, sizeof(caller));
        assert_string_equal(caller, rows[i].caller);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_addresses_and_blocks_between_commas),
        cmocka_unit_test(a_prefix_length_is_written_in_digits_alone),
        cmocka_unit_test(a_list_does_not_end_in_a_comma),
        cmocka_unit_test(an_address_is_in_the_blocks_that_hold_it),
        cmocka_unit_test(without_a_list_every_address_is_in),
        cmocka_unit_test(who_has_one_address_of_ipv6_is_counted_with_his_whole_network),
    };
    return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
