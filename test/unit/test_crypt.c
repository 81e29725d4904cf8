/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypt.h"
#include "helper.h"

static int start_library(void **state)
{
    (void)state;
    return crypt_init();
}

static const char *hex(const unsigned char digest[CRYPT_DIGEST_SIZE])
{
    static char text[2 * CRYPT_DIGEST_SIZE + 1];
    for (size_t i = 0; i < CRYPT_DIGEST_SIZE; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", (unsigned)digest[i]);
    return text;
}

/* GB/T 32905-2016 annex A for SM3, FIPS 180 for SHA-256. */
static void digests_are_the_published_ones(void **state)
{
    (void)state;
    static const struct {
        enum crypt_hash hash;
        const char *text, *digest;
    } rows[] = {
        {CRYPT_SM3, "abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
        {CRYPT_SM3, "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
         "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"},
        {CRYPT_SM3, "", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"},
        {CRYPT_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {CRYPT_SHA256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {CRYPT_SHA256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned char digest[CRYPT_DIGEST_SIZE];
        crypt_digest(rows[i].hash, rows[i].text, strlen(rows[i].text), digest);
        assert_string_equal(hex(digest), rows[i].digest);
    }
}

static void a_stream_in_pieces_has_the_digest_of_the_whole(void **state)
{
    (void)state;
    char bytes[300];
    unsigned char want[CRYPT_DIGEST_SIZE], digest[CRYPT_DIGEST_SIZE];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(i * 11);
    for (int hash = 0; hash < CRYPT_HASH_N; hash++) {
        for (size_t len = 0; len <= sizeof(bytes); len++) {
            struct crypt_stream *s = crypt_stream_new((enum crypt_hash)hash);
            assert_non_null(s);
            size_t piece = len % 70 + 1;
            for (size_t at = 0; at < len; at += piece)
                crypt_stream_add(s, bytes + at, len - at < piece ? len - at : piece);
            crypt_stream_add(s, bytes, 0);
            crypt_stream_digest(s, digest);
            crypt_digest((enum crypt_hash)hash, bytes, len, want);
            assert_memory_equal(digest, want, sizeof(want));
            crypt_stream_digest(s, digest); /* asked for twice, it is the same */
            assert_memory_equal(digest, want, sizeof(want));
            crypt_stream_free(s);
        }
    }
    crypt_stream_free(NULL);
}

static void streams_do_not_meet(void **state)
{
    (void)state;
    static const char *const words[] = {"abc", "abd", ""};
    struct crypt_stream *streams[COUNT(words)];
    for (size_t i = 0; i < COUNT(words); i++)
        assert_non_null(streams[i] = crypt_stream_new(CRYPT_SM3));
    for (size_t at = 0; at < 3; at++)
        for (size_t i = 0; i < COUNT(words); i++)
            if (at < strlen(words[i]))
                crypt_stream_add(streams[i], words[i] + at, 1);
    for (size_t i = 0; i < COUNT(words); i++) {
        unsigned char want[CRYPT_DIGEST_SIZE], digest[CRYPT_DIGEST_SIZE];
        crypt_stream_digest(streams[i], digest);
        crypt_digest(CRYPT_SM3, words[i], strlen(words[i]), want);
        assert_memory_equal(digest, want, sizeof(want));
        crypt_stream_free(streams[i]);
    }
}

/* RFC 4231 for SHA-256; for SM3 what OpenSSL gives. */
static void macs_are_the_published_ones(void **state)
{
    (void)state;
    static const char long_key[] =
        "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
        "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
        "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
        "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
        "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa";
    static const struct {
        enum crypt_hash hash;
        const char *key, *text, *mac;
    } rows[] = {
        {CRYPT_SHA256, "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b", "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {CRYPT_SHA256, "Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {CRYPT_SHA256, long_key, "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {CRYPT_SM3, "Jefe", "what do ya want for nothing?", "2e87f1d16862e6d964b50a5200bf2b10b764faa9680a296a2405f24bec39f882"},
        {CRYPT_SM3, long_key, "Test Using Larger Than Block-Size Key - Hash Key First", "b4fd844e13342002f0b2e0690ea7741f1497d993a70494cea601e657bedf67a0"},
        {CRYPT_SM3, "", "", "0d23f72ba15e9c189a879aefc70996b06091de6e64d31b7a84004356dd915261"},
    };
    assert_int_equal(strlen(long_key), 131);
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned char mac[CRYPT_DIGEST_SIZE];
        assert_int_equal(crypt_hmac(rows[i].hash, rows[i].key, strlen(rows[i].key), rows[i].text, strlen(rows[i].text),
                                    mac), 0);
        assert_string_equal(hex(mac), rows[i].mac);
    }
}

static void hashes_have_the_names_of_the_configuration(void **state)
{
    (void)state;
    assert_string_equal(crypt_hash_names[CRYPT_SM3], "sm3");
    assert_string_equal(crypt_hash_names[CRYPT_SHA256], "sha256");
}

/* 62 letters, evenly: each is expected 10,000 times in 620,000 with a deviation of 99; 700 is seven of them. */
static void random_text_is_letters_and_digits_evenly(void **state)
{
    (void)state;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    static char text[620001];
    int counts[256] = {0};
    crypt_random_text(text, sizeof(text) - 1);
    assert_int_equal(strlen(text), sizeof(text) - 1);
    assert_int_equal(strspn(text, alphabet), sizeof(text) - 1);
    for (size_t i = 0; i < sizeof(text) - 1; i++)
        counts[(unsigned char)text[i]]++;
    for (const char *p = alphabet; *p != '\0'; p++)
        assert_in_range(counts[(unsigned char)*p], 9300, 10700);
}

static void random_text_has_the_length_asked_for(void **state)
{
    (void)state;
    char text[140];
    for (size_t len = 0; len < 135; len++) {
        memset(text, '#', sizeof(text));
        crypt_random_text(text, len);
        assert_int_equal(strlen(text), len);
        assert_int_equal(text[len + 1], '#');
    }
    char other[CRYPT_SECRET_CHARS + 1];
    crypt_random_text(text, CRYPT_SECRET_CHARS);
    crypt_random_text(other, CRYPT_SECRET_CHARS);
    assert_string_not_equal(text, other);
}

/* Workers are forked from a supervisor that has the library running and may have used it. */
static void forked_children_give_different_random_text(void **state)
{
    (void)state;
    enum { CHILDREN = 3 };
    char texts[CHILDREN + 1][CRYPT_SECRET_CHARS + 1];
    crypt_random_text(texts[CHILDREN], CRYPT_SECRET_CHARS);
    for (int i = 0; i < CHILDREN; i++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            crypt_random_text(texts[i], CRYPT_SECRET_CHARS);
            _exit(write(ends[1], texts[i], sizeof(texts[i])) == sizeof(texts[i]) ? 0 : 1);
        }
        (void)close(ends[1]);
        assert_int_equal(read(ends[0], texts[i], sizeof(texts[i])), sizeof(texts[i]));
        (void)close(ends[0]);
        assert_int_equal(waitpid(child, NULL, 0), child);
    }
    crypt_random_text(texts[CHILDREN], CRYPT_SECRET_CHARS);
    for (int a = 0; a <= CHILDREN; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(texts[a], texts[b]);
}

static void bytes_are_equal_only_where_all_are(void **state)
{
    (void)state;
    unsigned char a[64], b[64];
    crypt_random(a, sizeof(a));
    for (size_t i = 0; i < sizeof(a); i++) {
        for (int bit = 0; bit < 8; bit++) {
            memcpy(b, a, sizeof(a));
            assert_true(crypt_equal(a, b, sizeof(a)));
            b[i] ^= (unsigned char)(1 << bit);
            assert_false(crypt_equal(a, b, sizeof(a)));
            assert_true(crypt_equal(a, b, i));
        }
    }
    assert_true(crypt_equal("", "x", 0));
}

static void wiped_memory_is_zero(void **state)
{
    (void)state;
    char secret[32] = "a secret";
    static const char zeros[32];
    crypt_wipe(secret, sizeof(secret));
    assert_memory_equal(secret, zeros, sizeof(secret));
}

/* RFC 8998 appendix A.1. */
static const unsigned char gcm_iv[] = {0x00, 0x00, 0x12, 0x34, 0x56, 0x78, 0x00, 0x00, 0x00, 0x00, 0xAB, 0xCD};
static const unsigned char gcm_key[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10};
static const char gcm_about[] = "\xFE\xED\xFA\xCE\xDE\xAD\xBE\xEF\xFE\xED\xFA\xCE\xDE\xAD\xBE\xEF\xAB\xAD\xDA\xD2";
static const char gcm_plain[] = "\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xBB\xBB\xBB\xBB\xBB\xBB\xBB\xBB\xCC\xCC\xCC\xCC\xCC\xCC\xCC\xCC"
                                "\xDD\xDD\xDD\xDD\xDD\xDD\xDD\xDD\xEE\xEE\xEE\xEE\xEE\xEE\xEE\xEE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
                                "\xEE\xEE\xEE\xEE\xEE\xEE\xEE\xEE\xAA\xAA\xAA\xAA\xAA\xAA\xAA\xAA";
static const char gcm_sealed[] = "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
                                 "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d";
static const char gcm_tag[] = "83de3541e4c2b58177e065a9bf7b62ec";

static void sm4_gcm_is_the_published_one(void **state)
{
    (void)state;
    unsigned char sealed[64], tag[CRYPT_TAG_SIZE], back[64], zeros[64] = {0};
    char text[2 * 64 + 1];
    struct crypt_sealed s = {.key = gcm_key, .iv = gcm_iv, .about = gcm_about, .from = gcm_plain, .len = sizeof(sealed)};
    assert_int_equal(crypt_seal(&s, sealed, tag), 0);
    for (size_t i = 0; i < sizeof(sealed); i++)
        (void)snprintf(text + 2 * i, 3, "%02x", (unsigned)sealed[i]);
    assert_string_equal(text, gcm_sealed);
    for (size_t i = 0; i < sizeof(tag); i++)
        (void)snprintf(text + 2 * i, 3, "%02x", (unsigned)tag[i]);
    assert_string_equal(text, gcm_tag);
    s.from = sealed;
    assert_int_equal(crypt_unseal(&s, back, tag), 0);
    assert_memory_equal(back, gcm_plain, sizeof(back));
    tag[15] ^= 1;
    assert_int_equal(crypt_unseal(&s, back, tag), -1);
    assert_memory_equal(back, zeros, sizeof(back)); /* nothing of what does not fit is left */
}

/* At 0 the kernel would still run a handler of core files, and hand it the memory. */
static void a_process_that_may_hold_secrets_leaves_no_core_file(void **state)
{
    (void)state;
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
    /* Who may not raise a limit of 0 stays there. */
    assert_in_range(limit.rlim_cur, 0, 1);
    assert_true(limit.rlim_cur == 1 || geteuid() != 0);
    assert_int_equal(limit.rlim_max, limit.rlim_cur);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_the_published_ones),
        cmocka_unit_test(a_stream_in_pieces_has_the_digest_of_the_whole),
        cmocka_unit_test(streams_do_not_meet),
        cmocka_unit_test(macs_are_the_published_ones),
        cmocka_unit_test(sm4_gcm_is_the_published_one),
        cmocka_unit_test(hashes_have_the_names_of_the_configuration),
        cmocka_unit_test(random_text_is_letters_and_digits_evenly),
        cmocka_unit_test(random_text_has_the_length_asked_for),
        cmocka_unit_test(forked_children_give_different_random_text),
        cmocka_unit_test(bytes_are_equal_only_where_all_are),
        cmocka_unit_test(wiped_memory_is_zero),
        cmocka_unit_test(a_process_that_may_hold_secrets_leaves_no_core_file),
    };
    return cmocka_run_group_tests_name("crypt", tests, start_library, NULL);
}
