/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "helper.h"
#include "record.h"
#include "tally.h"

static int start_library(void **state)
{
    (void)state;
    return crypt_init();
}

static const char *hex(const struct tally *t)
{
    static char text[2 * CRYPT_DIGEST_SIZE + 1];
    for (size_t i = 0; i < CRYPT_DIGEST_SIZE; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", (unsigned)t->sum[i]);
    return text;
}

/* What this gives, with hashlib of Python 3: the digests are bytes(range(32)), 32 times 0xFF, and the SM3 of "{}".
 *   s = (s + int.from_bytes(hashlib.new("sm3", id + b"\0" + digest).digest(), "big")) % 2**256 */
static void the_sum_is_the_known_one(void **state)
{
    (void)state;
    static const char *const ids[] = {"a-1", "政府/2", ""};
    static const char *const sums[CRYPT_HASH_N][3] = {
        {"ec060f296cd0a81ea8378b2eae873b7feefd8efecdd2f070adf1d9ad7a4695ec",
         "1d933f5deab335fbc4b2c5b36610dbe0a0513ec8c99dc485c4fb13a659efdc5f",
         "d311f637df3fcb2b705c06f42931211939a54dc5a6a66f7e7b53dd60ec78f963"},
        {"8bffccd1650d8ffdf07e90a15ed5ff1dd8cde4deb894f4f0aa5b041e98ccb384",
         "c8814e8c0e637de9452f136a4abad6d0a21c66a73621d8c67f33c4b162e2ed8a",
         "11925371321ed189c78e8cefead20252e02446b73aaf8c3e02d6c63699b0cece"},
    };
    unsigned char digests[3][CRYPT_DIGEST_SIZE];
    for (unsigned i = 0; i < CRYPT_DIGEST_SIZE; i++)
        digests[0][i] = (unsigned char)i;
    memset(digests[1], 0xFF, CRYPT_DIGEST_SIZE);
    crypt_digest(CRYPT_SM3, "{}", 2, digests[2]);
    for (int hash = 0; hash < CRYPT_HASH_N; hash++) {
        struct tally t = {0};
        for (size_t i = 0; i < 3; i++) {
            tally_add(&t, (enum crypt_hash)hash, ids[i], strlen(ids[i]), digests[i]);
            assert_string_equal(hex(&t), sums[hash][i]);
            assert_int_equal(t.count, i + 1);
        }
    }
}

static void add_numbered(struct tally *t, enum crypt_hash hash, unsigned number)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    char id[24];
    (void)snprintf(id, sizeof(id), "id-%u", number);
    memset(digest, (int)(number % 256), sizeof(digest));
    tally_add(t, hash, id, strlen(id), digest);
}

/* A thousand hashes overflow 256 bits about 500 times. */
static void a_thousand_records_in_any_order_have_the_known_sum(void **state)
{
    (void)state;
    static const char *const sums[CRYPT_HASH_N] = {"c9a04fd6bd76459d4e63ea9e3b4fed5f921221794ebcdd067b906f634412d5ae",
                                                   "027844d81e82c977df0bdda3e0ae65f8c87656049923bfe02540948d79cee541"};
    static const unsigned strides[] = {1, 3, 7, 333, 999};
    for (int hash = 0; hash < CRYPT_HASH_N; hash++) {
        for (size_t s = 0; s < COUNT(strides); s++) {
            struct tally t = {0};
            for (unsigned i = 0; i < 1000; i++)
                add_numbered(&t, (enum crypt_hash)hash, i * strides[s] % 1000);
            assert_string_equal(hex(&t), sums[hash]);
            assert_int_equal(t.count, 1000);
        }
    }
}

static void another_id_digest_or_number_of_times_is_another_sum(void **state)
{
    (void)state;
    unsigned char digest[CRYPT_DIGEST_SIZE] = {0}, other[CRYPT_DIGEST_SIZE] = {[31] = 1};
    struct tally sums[5] = {0};
    tally_add(&sums[0], CRYPT_SM3, "a", 1, digest);
    tally_add(&sums[1], CRYPT_SM3, "b", 1, digest);
    tally_add(&sums[2], CRYPT_SM3, "a", 1, other);
    tally_add(&sums[3], CRYPT_SM3, "a\0", 2, digest);
    for (int i = 0; i < 2; i++)
        tally_add(&sums[4], CRYPT_SM3, "a", 1, digest);
    for (size_t a = 0; a < COUNT(sums); a++)
        for (size_t b = 0; b < a; b++)
            assert_memory_not_equal(sums[a].sum, sums[b].sum, CRYPT_DIGEST_SIZE);
}

/* The longest id there is: 128 characters of four bytes. Its last byte counts. */
static void the_longest_id_counts_whole(void **state)
{
    (void)state;
    unsigned char digest[CRYPT_DIGEST_SIZE] = {0}, bytes[4 * RECORD_ID_MAX_CHARS + 1 + CRYPT_DIGEST_SIZE] = {0};
    unsigned char want[CRYPT_DIGEST_SIZE];
    char id[4 * RECORD_ID_MAX_CHARS];
    struct tally t = {0};
    memset(id, 'x', sizeof(id));
    memcpy(bytes, id, sizeof(id));
    crypt_digest(CRYPT_SM3, bytes, sizeof(bytes), want);
    tally_add(&t, CRYPT_SM3, id, sizeof(id), digest);
    assert_memory_equal(t.sum, want, sizeof(want));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sum_is_the_known_one),
        cmocka_unit_test(a_thousand_records_in_any_order_have_the_known_sum),
        cmocka_unit_test(another_id_digest_or_number_of_times_is_another_sum),
        cmocka_unit_test(the_longest_id_counts_whole),
    };
    return cmocka_run_group_tests_name("tally", tests, start_library, NULL);
}
