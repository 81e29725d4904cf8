/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "helper.h"
#include "keyring.h"
#include "seal.h"

#define KEY_A "a1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
#define KEY_B "b2 ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
#define KEY_FALSE "a1 01112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"

static int start(void **state)
{
    return crypt_init() != 0 ? -1 : folder_setup(state);
}

static void what_is_sealed_opens_with_its_key_and_about_the_same_only(void **state)
{
    static const struct {
        const char *keys, *about;
        bool opens;
    } rows[] = {
        {KEY_A, "phone of 1", true}, {KEY_B KEY_A, "phone of 1", true}, {KEY_B, "phone of 1", false},
        {KEY_FALSE, "phone of 1", false}, {KEY_A, "phone of 2", false}, {KEY_A, "", false},
    };
    struct err e;
    struct buf sealed, text;
    struct keyring *k = keyring_of(*state, KEY_A);
    buf_init(&sealed, 1000);
    buf_init(&text, 1000);
    assert_int_equal(seal_make(k, "phone of 1", "13800000000", 11, &sealed, &e), 0);
    expect_has_not(buf_text(&sealed), "138");
    keyring_free(k);
    for (size_t i = 0; i < COUNT(rows); i++) {
        k = keyring_of(*state, rows[i].keys);
        buf_clear(&text);
        int rc = seal_open(k, rows[i].about, sealed.data, sealed.len, &text, &e);
        EXPECT_ROW(rows[i].keys, rc == (rows[i].opens ? 0 : -1));
        EXPECT_ROW(rows[i].keys, strcmp(buf_text(&text), rows[i].opens ? "13800000000" : "") == 0);
        EXPECT_ROW(rows[i].keys, rows[i].opens || err_class(&e) == CLASS_INTERNAL);
        keyring_free(k);
    }
    buf_free(&sealed);
    buf_free(&text);
}

static void the_same_text_is_never_sealed_alike(void **state)
{
    struct err e;
    struct buf first, second;
    char id[KEYRING_ID_MAX + 1];
    struct keyring *k = keyring_of(*state, KEY_B KEY_A);
    buf_init(&first, 1000);
    buf_init(&second, 1000);
    assert_int_equal(seal_make(k, "", "", 0, &first, &e), 0);
    assert_int_equal(seal_make(k, "", "", 0, &second, &e), 0);
    assert_string_not_equal(buf_text(&first), buf_text(&second));
    seal_key_id(first.data, first.len, id);
    assert_string_equal(id, "b2"); /* the key in use */
    buf_free(&first);
    buf_free(&second);
    keyring_free(k);
}

/* Whatever byte of it is changed, it does not open. */
static void a_changed_one_does_not_open(void **state)
{
    struct err e;
    struct buf sealed, text;
    struct keyring *k = keyring_of(*state, KEY_A);
    buf_init(&sealed, 1000);
    buf_init(&text, 1000);
    assert_int_equal(seal_make(k, "x", "secrets!", 8, &sealed, &e), 0);
    for (size_t i = 0; i < sealed.len; i++) {
        char kept = sealed.data[i];
        sealed.data[i] = kept == 'A' ? 'B' : 'A';
        buf_clear(&text);
        assert_int_equal(seal_open(k, "x", sealed.data, sealed.len, &text, &e), -1);
        assert_int_equal(text.len, 0);
        sealed.data[i] = kept;
    }
    for (size_t len = 0; len < sealed.len; len++)
        assert_int_equal(seal_open(k, "x", sealed.data, len, &text, &e), -1);
    assert_int_equal(seal_open(k, "x", sealed.data, sealed.len, &text, &e), 0);
    buf_free(&sealed);
    buf_free(&text);
    keyring_free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens_with_its_key_and_about_the_same_only),
        cmocka_unit_test(the_same_text_is_never_sealed_alike),
        cmocka_unit_test(a_changed_one_does_not_open),
    };
    return cmocka_run_group_tests_name("seal", tests, start, folder_teardown);
}
