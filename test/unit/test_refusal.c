/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "helper.h"
#include "refusal.h"
#include "words.h"

static void fill(struct faults *f, size_t index, const char *id, size_t count)
{
    faults_begin(f, index);
    for (size_t i = 0; i < count; i++) {
        struct msg m;
        char pointer[24];
        msg_set(&m, MSG_UNKNOWN_FIELD);
        (void)snprintf(pointer, sizeof(pointer), "/f%zu", i);
        faults_add(f, pointer, &m);
    }
    faults_name(f, id, strlen(id));
}

/* How often a part stands in the text of an item. */
static size_t occurrences(const struct refusals *r, const struct refusal *item, const char *part)
{
    const char *text = buf_text(&r->text) + item->faults;
    size_t count = 0;
    for (size_t i = 0; i + strlen(part) <= item->faults_len; i++)
        count += memcmp(text + i, part, strlen(part)) == 0 ? 1 : 0;
    return count;
}

static void a_refused_record_is_kept_with_index_id_and_faults(void **state)
{
    (void)state;
    struct refusals r;
    struct faults f;
    faults_init(&f, MSG_EN);
    refusals_init(&r);
    fill(&f, 7, "a\"1", 2);
    assert_int_equal(refusals_add(&r, &f), 0);
    fill(&f, 9, "", 1);
    assert_int_equal(refusals_add(&r, &f), 0);
    assert_int_equal(r.count, 2);
    assert_int_equal(r.items[0].index, 7);
    expect_bytes(buf_text(&r.text) + r.items[0].id, r.items[0].id_len, "a\"1");
    const char *faults = buf_text(&r.text) + r.items[0].faults;
    static const char head[] = "[{\"pointer\":\"/f0\",\"code\":\"unknown_field\",\"message\":\"";
    assert_memory_equal(faults, head, strlen(head));
    assert_memory_equal(faults + r.items[0].faults_len - 3, "\"}]", 3);
    assert_int_equal(occurrences(&r, &r.items[0], "\"pointer\""), 2);
    assert_int_equal(r.items[1].index, 9);
    assert_int_equal(r.items[1].id_len, 0);
    assert_int_equal(occurrences(&r, &r.items[1], "\"pointer\""), 1);
    refusals_free(&r);
    faults_free(&f);
}

static void twenty_faults_of_a_record_are_written_down(void **state)
{
    (void)state;
    struct refusals r;
    struct faults f;
    faults_init(&f, MSG_ZH);
    refusals_init(&r);
    for (size_t count = 1; count < 40; count++) {
        fill(&f, count, "x", count);
        assert_int_equal(refusals_add(&r, &f), 0);
        assert_int_equal(occurrences(&r, &r.items[count - 1], "\"pointer\""), count < 20 ? count : 20);
    }
    refusals_free(&r);
    faults_free(&f);
}

static void thousands_are_kept_apart_and_forgotten_together(void **state)
{
    (void)state;
    struct refusals r;
    struct faults f;
    faults_init(&f, MSG_EN);
    refusals_init(&r);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 3000; i++) {
            char id[24];
            (void)snprintf(id, sizeof(id), "id-%zu", i);
            fill(&f, 10 * i, id, i % 3 + 1);
            assert_int_equal(refusals_add(&r, &f), 0);
        }
        assert_int_equal(r.count, 3000);
        for (size_t i = 0; i < 3000; i++) {
            char id[24];
            (void)snprintf(id, sizeof(id), "id-%zu", i);
            assert_int_equal(r.items[i].index, 10 * i);
            expect_bytes(buf_text(&r.text) + r.items[i].id, r.items[i].id_len, id);
            assert_int_equal(occurrences(&r, &r.items[i], "\"pointer\""), i % 3 + 1);
        }
        refusals_clear(&r);
        assert_int_equal(r.count, 0);
        assert_int_equal(r.text.len, 0);
    }
    refusals_free(&r);
    refusals_free(&r);
    faults_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refused_record_is_kept_with_index_id_and_faults),
        cmocka_unit_test(twenty_faults_of_a_record_are_written_down),
        cmocka_unit_test(thousands_are_kept_apart_and_forgotten_together),
    };
    words_init();
    return cmocka_run_group_tests_name("refusal", tests, NULL, NULL);
}
