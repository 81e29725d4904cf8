/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "credential.h"
#include "helper.h"
#include "keyring.h"
#include "report.h"
#include "scope.h"
#include "secretfile.h"

static int start(void **state)
{
    (void)state;
    return crypt_init();
}

static void what_is_made_has_its_form(void **state)
{
    (void)state;
    char token[CREDENTIAL_SIZE], secret[CREDENTIAL_SIZE];
    for (int i = 0; i < 1000; i++) {
        credential_make(CREDENTIAL_TOKEN, token);
        credential_make(CREDENTIAL_SECRET, secret);
        assert_true(credential_is(CREDENTIAL_TOKEN, token, strlen(token)));
        assert_true(credential_is(CREDENTIAL_SECRET, secret, strlen(secret)));
        assert_false(credential_is(CREDENTIAL_SECRET, token, strlen(token)));
        assert_int_equal(strlen(token), 58);
        assert_int_equal(strlen(secret), 59);
        assert_int_equal(strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"), 58);
    }
}

static void a_slip_of_the_pen_is_told(void **state)
{
    (void)state;
    char token[CREDENTIAL_SIZE];
    credential_make(CREDENTIAL_TOKEN, token);
    for (size_t i = 0; i < strlen(token); i++) {
        char kept = token[i];
        token[i] = kept == 'x' ? 'y' : 'x';
        assert_false(credential_is(CREDENTIAL_TOKEN, token, strlen(token)));
        token[i] = kept;
    }
    for (size_t len = 0; len < strlen(token); len++)
        assert_false(credential_is(CREDENTIAL_TOKEN, token, len));
}

static void a_scope_is_a_list_of_pairs(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good, news_government, news_county;
    } rows[] = {
        {"news/government", true, true, false}, {"news/*", true, true, true}, {"*/*", true, true, true},
        {"policy/a news/county", true, false, true}, {"news/govern news/governments", true, false, false}, {"*/government", true, true, false},
        {"", false, false, false}, {"news", false, false, false}, {"news/", false, false, false}, {"/government", false, false, false},
        {" news/government", false, false, false}, {"news/county ", false, false, true}, {"a/b  news/county", false, false, false},
        {"a/b/c", false, false, false}, {"a/b\tc/d", false, false, false}, {"a\"/b", false, false, false}, {"**/b", false, false, false},
    };
    char long_code[200];
    for (size_t i = 0; i < COUNT(rows); i++) {
        EXPECT_ROW(rows[i].text, scope_is_good(rows[i].text) == rows[i].good);
        if (rows[i].good) {
            EXPECT_ROW(rows[i].text, scope_allows(rows[i].text, "news", "government") == rows[i].news_government);
            EXPECT_ROW(rows[i].text, scope_allows(rows[i].text, "news", "county") == rows[i].news_county);
        }
    }
    (void)snprintf(long_code, sizeof(long_code), "a/%0*d", SCOPE_CODE_MAX, 1);
    assert_true(scope_is_good(long_code));
    (void)snprintf(long_code, sizeof(long_code), "a/%0*d", SCOPE_CODE_MAX + 1, 1);
    assert_false(scope_is_good(long_code));
}

#define KEY_A "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define KEY_B "FF112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"

static struct keyring *load(void *folder, const char *text, mode_t mode, struct report *r)
{
    const char *path = folder_write(folder, "keys", text);
    assert_int_equal(chmod(path, mode), 0);
    report_init(r);
    struct keyring *k = keyring_load(path, r);
    assert_int_equal(k == NULL, r->count > 0);
    assert_int_equal(remove(path), 0);
    return k;
}

static void keys_are_read_in_their_order(void **state)
{
    struct report r;
    struct keyring *k = load(*state, "# a comment\nb2 " KEY_B "\r\n\na1 " KEY_A "\n", 0600, &r);
    assert_int_equal(k->count, 2);
    assert_string_equal(keyring_current(k)->id, "b2");
    assert_ptr_equal(keyring_find(k, "a1"), &k->keys[1]);
    assert_null(keyring_find(k, "a"));
    assert_null(keyring_find(k, ""));
    assert_memory_not_equal(k->keys[0].derived[KEYRING_SECRETS], k->keys[1].derived[KEYRING_SECRETS], CRYPT_KEY_SIZE);
    keyring_free(k);
    report_free(&r);
}

static void a_file_that_is_not_as_it_should_be_is_refused(void **state)
{
    static const struct {
        const char *text;
        mode_t mode;
        const char *fault;
    } rows[] = {
        {"a " KEY_A "\n", 0400, NULL}, {"a " KEY_A, 0600, NULL}, {"a " KEY_A "\n", 0640, "open to others: chmod 0600"},
        {"a " KEY_A "\n", 0604, "open to others"}, {"a " KEY_A "\n", 0601, "open to others"}, {"", 0600, "there is no key"},
        {"# only a comment\n", 0600, "there is no key"}, {"a " KEY_A "0\n", 0600, ":1: a key is 64"}, {"a " KEY_A "00\n", 0600, ":1: a key is 64"},
        {"a \n", 0600, "a key is 64"}, {KEY_A "\n", 0600, ":1: a line is an id"}, {"a-b " KEY_A "\n", 0600, "a line is an id"},
        {"12345678901234567 " KEY_A "\n", 0600, "a line is an id"}, {"a " KEY_A "\na " KEY_B "\n", 0600, ":2: the id of this key stands twice"},
        {"a  " KEY_A "\n", 0600, "a key is 64"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct report r;
        struct keyring *k = load(*state, rows[i].text, rows[i].mode, &r);
        EXPECT_ROW(rows[i].text, (k != NULL) == (rows[i].fault == NULL));
        if (rows[i].fault != NULL)
            expect_has(buf_text(&r.text), rows[i].fault);
        assert_null(strstr(buf_text(&r.text), "aabbcc"));
        keyring_free(k);
        report_free(&r);
    }
}

static void keys_that_are_made_at_once_have_ids_of_their_own(void **state)
{
    (void)state;
    struct buf one, other;
    buf_init(&one, 200);
    buf_init(&other, 200);
    int same = 0;
    for (int i = 0; i < 20; i++) {
        buf_clear(&one);
        buf_clear(&other);
        keyring_make_line(&one);
        keyring_make_line(&other);
        assert_int_equal(strcspn(buf_text(&one), " "), KEYRING_ID_MAX);
        same += memcmp(one.data, other.data, KEYRING_ID_MAX) == 0;
    }
    assert_true(same < 3);
    crypt_wipe_buf(&one);
    crypt_wipe_buf(&other);
}

static void a_file_is_made_once_and_changed_by_one_at_a_time(void **state)
{
    struct stat st;
    struct report r;
    struct buf text;
    char path[300], line[4096];
    const char *other = folder_write(*state, "other", "x");
    (void)snprintf(path, sizeof(path), "%.*s/made", (int)(strrchr(other, '/') - other), other);
    assert_int_equal(secretfile_create(path, "one\n"), 0);
    assert_int_equal(secretfile_create(path, "two\n"), -1);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    int change = secretfile_begin(path);
    assert_true(change >= 0);
    assert_int_equal(secretfile_begin(path), -1);
    assert_int_equal(errno, EEXIST);
    secretfile_abandon(change, path);
    (void)snprintf(line, sizeof(line), "%s.new", path);
    change = secretfile_begin(path);
    assert_true(change >= 0);
    assert_int_equal(remove(line), 0); /* taken for left over */
    int later = secretfile_begin(path);
    assert_true(later >= 0);
    assert_int_equal(secretfile_commit(change, path, "late\n"), -1);
    assert_int_equal(errno, ESTALE);
    assert_int_equal(secretfile_commit(later, path, "three\n"), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    report_init(&r);
    buf_init(&text, 100);
    assert_int_equal(secretfile_read("it", path, 0600, &text, &r), 0);
    assert_string_equal(buf_text(&text), "three\n");
    buf_free(&text);
    buf_init(&text, 3);
    assert_int_equal(secretfile_read("it", path, 0600, &text, &r), -1);
    expect_has(buf_text(&r.text), "is no text of at most 3 bytes");
    buf_free(&text);
    report_free(&r);
    (void)snprintf(line, sizeof(line), "%s.new", path);
    assert_int_equal(access(line, F_OK), -1);
    assert_int_equal(remove(path), 0);
    assert_int_equal(remove(other), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_made_has_its_form),
        cmocka_unit_test(a_slip_of_the_pen_is_told),
        cmocka_unit_test(a_scope_is_a_list_of_pairs),
        WITH_FOLDER(keys_are_read_in_their_order),
        WITH_FOLDER(a_file_that_is_not_as_it_should_be_is_refused),
        cmocka_unit_test(keys_that_are_made_at_once_have_ids_of_their_own),
        WITH_FOLDER(a_file_is_made_once_and_changed_by_one_at_a_time),
    };
    return cmocka_run_group_tests_name("credential", tests, start, NULL);
}
