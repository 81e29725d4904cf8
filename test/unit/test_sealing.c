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
#include "catalog.h"
#include "category.h"
#include "err.h"
#include "helper.h"
#include "keyring.h"
#include "sealing.h"

#define KEY_A "a1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
#define KEY_B "b2 ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"

static const char definition[] = "[category]\ncode = a\nname = A\nversion = 1\n[resource.r]\nname = R\n[field.title]\ntype = string\n"
                                 "[field.phone]\ntype = string\nencrypt = yes\n[field.size]\ntype = integer\nencrypt = yes\n"
                                 "[field.list]\ntype = string\nmultiple = yes\nencrypt = yes\n";

static int start(void **state)
{
    (void)state;
    return crypt_init();
}

static const struct sealing_place here = {.client = 7, .category = "a", .resource = "r", .id = "1", .id_len = 1};

static void a_record_comes_back_byte_by_byte(void **state)
{
    static const struct {
        const char *json;
        const char *hidden; /* that is not in what is stored; NULL: it is stored as it is */
    } rows[] = {
        {"{}", NULL}, {"{\"title\":\"x\"}", NULL}, {"{\"phone\":null}", NULL}, {"{ \"phone\" : \"13800\" , \"title\" : \"x\" }", "13800"},
        {"{\"size\":31415,\"phone\":\"\"}", "31415"}, {"{\"list\":[\"secret\",\"b\"]}", "secret"}, {"{\"list\":[ ]}", "[ ]"},
        {"{\"ph\\u006fne\":\"13800\"}", "13800"}, {"{\"phone\":\"\\u007b\\\"sm4gcm\\\":\\\"x\\\"}\"}", "u007b"},
        {"{\"title\":\"{\\\"sm4gcm\\\":\\\"a1.AAAA\\\"}\"}", NULL}, {"{\"other\":{\"phone\":\"13800\"}}", NULL},
    };
    struct catalog *catalog = catalog_of(*state, definition, NULL);
    const struct category *category = catalog_find(catalog, "a");
    struct keyring *keys = keyring_of(*state, KEY_A), *both = keyring_of(*state, KEY_B KEY_A), *next = keyring_of(*state, KEY_B);
    struct sealing s, later, last;
    struct err e;
    struct buf stored;
    assert_true(category->fields.encrypted && category->fields.personal);
    assert_int_equal(sealing_init(&s, keys), 0);
    assert_int_equal(sealing_init(&later, both), 0);
    assert_int_equal(sealing_init(&last, next), 0);
    buf_init(&stored, 100000);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *json = rows[i].json;
        EXPECT_ROW(json, sealing_seal(&s, category, &here, json, strlen(json), &e) == 0);
        buf_clear(&stored);
        buf_add(&stored, s.record.data, s.record.len);
        EXPECT_ROW(json, sealing_has(buf_text(&stored), stored.len) == (rows[i].hidden != NULL));
        EXPECT_ROW(json, rows[i].hidden == NULL ? strcmp(buf_text(&stored), json) == 0 : strstr(buf_text(&stored), rows[i].hidden) == NULL);
        EXPECT_ROW(json, sealing_open(&s, &here, stored.data, stored.len, &e) == 0 && strcmp(buf_text(&s.record), json) == 0);
        EXPECT_ROW(json, sealing_is_current(keys, stored.data, stored.len));
        EXPECT_ROW(json, sealing_is_current(both, stored.data, stored.len) == (rows[i].hidden == NULL));
        EXPECT_ROW(json, sealing_renew(&later, &here, stored.data, stored.len, &e) == 0);
        EXPECT_ROW(json, sealing_is_current(both, later.record.data, later.record.len));
        EXPECT_ROW(json, sealing_open(&last, &here, later.record.data, later.record.len, &e) == 0 && strcmp(buf_text(&last.record), json) == 0);
    }
    buf_free(&stored);
    sealing_free(&s);
    sealing_free(&later);
    sealing_free(&last);
    keyring_free(keys);
    keyring_free(both);
    keyring_free(next);
    catalog_free(catalog);
}

static void a_value_opens_in_its_place_only(void **state)
{
    static const struct sealing_place places[] = {
        {8, "a", "r", "1", 1}, {7, "b", "r", "1", 1}, {7, "a", "s", "1", 1}, {7, "a", "r", "2", 1}, {7, "a", "r", "12", 2}, {7, "a", "r", "", 0},
    };
    static const char json[] = "{\"phone\":\"13800\",\"list\":[\"x\"]}";
    struct catalog *catalog = catalog_of(*state, definition, NULL);
    struct keyring *keys = keyring_of(*state, KEY_A);
    struct sealing s;
    struct err e;
    char stored[1000];
    assert_int_equal(sealing_init(&s, keys), 0);
    assert_int_equal(sealing_seal(&s, catalog_find(catalog, "a"), &here, json, strlen(json), &e), 0);
    (void)snprintf(stored, sizeof(stored), "%s", buf_text(&s.record));
    for (size_t i = 0; i < COUNT(places); i++)
        assert_int_equal(sealing_open(&s, &places[i], stored, strlen(stored), &e), -1);
    assert_int_equal(sealing_open(&s, &here, stored, strlen(stored), &e), 0);
    memcpy(strstr(stored, "phone"), "fhone", 5); /* as another field */
    assert_int_equal(sealing_open(&s, &here, stored, strlen(stored), &e), -1);
    assert_int_equal(err_class(&e), CLASS_INTERNAL);
    sealing_free(&s);
    keyring_free(keys);
    catalog_free(catalog);
}

static void a_keyed_digest_is_another_one_with_each_key(void **state)
{
    unsigned char first[CRYPT_DIGEST_SIZE], second[CRYPT_DIGEST_SIZE], plain[CRYPT_DIGEST_SIZE];
    struct keyring *a = keyring_of(*state, KEY_A), *b = keyring_of(*state, KEY_B);
    struct sealing with_a = {.keys = a}, with_b = {.keys = b};
    struct err e;
    crypt_digest(CRYPT_SM3, "x", 1, plain);
    memcpy(first, plain, sizeof(first));
    memcpy(second, plain, sizeof(second));
    assert_int_equal(sealing_digest(&with_a, first, &e), 0);
    assert_int_equal(sealing_digest(&with_b, second, &e), 0);
    assert_memory_not_equal(first, plain, sizeof(first));
    assert_memory_not_equal(first, second, sizeof(first));
    memcpy(second, plain, sizeof(second));
    with_a.which[3] = 1; /* other fields are sealed */
    assert_int_equal(sealing_digest(&with_a, second, &e), 0);
    assert_memory_not_equal(first, second, sizeof(first));
    keyring_free(a);
    keyring_free(b);
}

static void what_is_stored_does_not_tell_its_length(void **state)
{
    static const char *const alike[] = {"{\"size\":1}", "{\"size\":123456789}", "{\"phone\":\"\"}", "{\"phone\":\"13800138000\"}"};
    struct catalog *catalog = catalog_of(*state, definition, NULL);
    struct keyring *keys = keyring_of(*state, KEY_A);
    struct sealing s;
    struct err e;
    size_t len[2];
    assert_int_equal(sealing_init(&s, keys), 0);
    for (size_t i = 0; i < COUNT(alike); i++) {
        assert_int_equal(sealing_seal(&s, catalog_find(catalog, "a"), &here, alike[i], strlen(alike[i]), &e), 0);
        len[i % 2] = s.record.len;
        if (i % 2 == 1)
            assert_int_equal(len[0], len[1]);
    }
    sealing_free(&s);
    keyring_free(keys);
    catalog_free(catalog);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_record_comes_back_byte_by_byte),
        WITH_FOLDER(a_value_opens_in_its_place_only),
        WITH_FOLDER(a_keyed_digest_is_another_one_with_each_key),
        WITH_FOLDER(what_is_stored_does_not_tell_its_length),
    };
    return cmocka_run_group_tests_name("sealing", tests, start, NULL);
}
