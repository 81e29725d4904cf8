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
#include "conf.h"
#include "contentdigest.h"
#include "enc.h"
#include "err.h"
#include "helper.h"
#include "request.h"
#include "signature.h"

#define KEY "rukusignAKeyOfThisTest"
#define COVERS "(\"@method\" \"@path\" \"@query\" \"content-digest\" \"content-type\")"
#define SAYS ";created=1700000000;nonce=\"0123456789abcdef\";keyid=\"main\";alg=\"hmac-sm3\";tag=\"ruku\""

static int start(void **state)
{
    (void)state;
    return crypt_init();
}

static struct request request_of(const char *input, const char *mac)
{
    static const struct conf conf = {.base_path = "/ruku"};
    struct request r;
    const struct request_facts facts = {.method = "POST", .uri = "/ruku/v1/records/a/b?x=1&y=%20", .content_type = " application/json ",
                                        .content_digest = "sm3=:YQ==:", .signature_input = input, .signature = mac};
    request_init(&r, &facts, NULL, &conf);
    return r;
}

/* Signs a base as a client would. */
static void sign(enum crypt_hash hash, const char *base, struct buf *to)
{
    unsigned char mac[CRYPT_DIGEST_SIZE];
    assert_int_equal(crypt_hmac(hash, KEY, strlen(KEY), base, strlen(base), mac), 0);
    buf_clear(to);
    buf_add_text(to, "x=:AA==:, mine=:");
    enc_base64(to, mac, sizeof(mac));
    buf_add_text(to, ":");
}

static void what_is_signed_is_what_the_rfc_says(void **state)
{
    (void)state;
    static const char base[] = "\"@method\": POST\n\"@path\": /ruku/v1/records/a/b\n\"@query\": ?x=1&y=%20\n\"content-digest\": sm3=:YQ==:\n"
                               "\"content-type\": application/json\n\"@signature-params\": " COVERS SAYS;
    struct signature s;
    struct err e;
    struct buf mac, got;
    buf_init(&mac, 1000);
    buf_init(&got, 4000);
    sign(CRYPT_SM3, base, &mac);
    struct request r = request_of("x=(\"@status\");tag=\"other\", mine=" COVERS SAYS, buf_text(&mac));
    assert_int_equal(signature_read(&s, &r, &e), 1);
    signature_base(&s, &r, false, &got);
    assert_string_equal(buf_text(&got), base);
    assert_true(signature_fits(&s, &got, KEY));
    assert_false(signature_fits(&s, &got, KEY "x"));
    assert_true(sfield_is(&s.keyid, "main") && sfield_is(&s.nonce, "0123456789abcdef"));
    r.facts.method = "PUT";
    buf_clear(&got);
    signature_base(&s, &r, false, &got);
    assert_false(signature_fits(&s, &got, KEY));
    buf_free(&mac);
    buf_free(&got);
    request_clear(&r);
}

static void a_token_is_signed_and_not_shown(void **state)
{
    (void)state;
    struct signature s;
    struct err e;
    struct buf got;
    buf_init(&got, 4000);
    struct request r = request_of("m=(\"@method\" \"@path\" \"@query\" \"content-digest\" \"content-type\" \"authorization\")" SAYS,
                                  "m=:" "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:");
    r.facts.authorization = "Bearer rukutokenX";
    assert_int_equal(signature_read(&s, &r, &e), 1);
    signature_base(&s, &r, false, &got);
    expect_has(buf_text(&got), "\"authorization\": Bearer rukutokenX\n");
    buf_clear(&got);
    signature_base(&s, &r, true, &got);
    expect_has(buf_text(&got), "\"authorization\": ***\n");
    expect_has_not(buf_text(&got), "rukutokenX");
    buf_free(&got);
    request_clear(&r);
}

static void one_that_is_not_as_it_should_be_is_told(void **state)
{
    (void)state;
    static const char good[] = "m=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:";
    static const struct {
        const char *input, *mac;
        int rc;
        const char *part; /* that the message names */
    } rows[] = {
        {NULL, NULL, 0, NULL}, {"", NULL, 0, NULL}, {"m=" COVERS ";created=1;tag=\"other\"", NULL, 0, NULL}, {"m=" COVERS ";created=1", NULL, 0, NULL},
        {"m=?1;tag=\"ruku\"", good, 0, NULL}, {"m=" COVERS SAYS, good, 1, NULL},
        {"m=" COVERS SAYS ",", good, -1, "Signature-Input"}, {"m=(" SAYS, good, -1, "Signature-Input"}, {"=", good, -1, "Signature-Input"},
        {"m=" COVERS SAYS, NULL, -1, "Signature"}, {"m=" COVERS SAYS, "n=:AA==:", -1, "Signature"}, {"m=" COVERS SAYS, "m=:AA==:", -1, "Signature"},
        {"m=" COVERS SAYS, "m=\"AA\"", -1, "Signature"}, {"m=(\"@method\" \"@path\" \"content-digest\" \"content-type\")" SAYS, good, -1, "@query"},
        {"m=(\"@method\" \"@path\" \"@query\" \"content-type\")" SAYS, good, -1, "content-digest"},
        {"m=(\"@method\" \"@path\" \"@query\" \"content-digest\")" SAYS, good, -1, "content-type"},
        {"m=(\"@method\" \"@path\" \"@query\" \"content-digest\" \"content-type\" \"if-match\")" SAYS, good, -1, "if-match"},
        {"m=(\"@method\" \"@path\" \"@query\" \"content-digest\" \"content-type\" \"@authority\")" SAYS, good, -1, "@authority"},
        {"m=(\"@method\";req \"@path\" \"@query\" \"content-digest\" \"content-type\")" SAYS, good, -1, "@method"},
        {"m=(\"@method\" \"@method\" \"@path\" \"@query\" \"content-digest\" \"content-type\")" SAYS, good, -1, "Signature-Input"},
        {"m=" COVERS ";nonce=\"0123456789abcdef\";keyid=\"main\";alg=\"hmac-sm3\";tag=\"ruku\"", good, -1, "created"},
        {"m=" COVERS ";created=\"1\";nonce=\"0123456789abcdef\";keyid=\"main\";alg=\"hmac-sm3\";tag=\"ruku\"", good, -1, "created"},
        {"m=" COVERS ";created=-5;nonce=\"0123456789abcdef\";keyid=\"main\";alg=\"hmac-sm3\";tag=\"ruku\"", good, -1, "created"},
        {"m=" COVERS ";created=1;nonce=\"0123456789abcde\";keyid=\"main\";alg=\"hmac-sm3\";tag=\"ruku\"", good, -1, "nonce"},
        {"m=" COVERS ";created=1;nonce=\"0123456789abcdef\\\"\";keyid=\"main\";alg=\"hmac-sm3\";tag=\"ruku\"", good, -1, "nonce"},
        {"m=" COVERS ";created=1;nonce=\"0123456789abcdef\";alg=\"hmac-sm3\";tag=\"ruku\"", good, -1, "keyid"},
        {"m=" COVERS ";created=1;nonce=\"0123456789abcdef\";keyid=\"main\";tag=\"ruku\"", good, -1, "alg"},
        {"m=" COVERS ";created=1;nonce=\"0123456789abcdef\";keyid=\"main\";alg=\"rsa-pss-sha512\";tag=\"ruku\"", good, -1, "alg"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct signature s;
        struct err e = ERR_NONE;
        struct request r = request_of(rows[i].input, rows[i].mac);
        const char *row = rows[i].input == NULL ? "none" : rows[i].input;
        int rc = signature_read(&s, &r, &e);
        EXPECT_ROW(row, rc == rows[i].rc);
        EXPECT_ROW(row, rc >= 0 || (err_class(&e) == CLASS_INPUT && strcmp(msg_value(&e.msg, "part"), rows[i].part) == 0));
        request_clear(&r);
    }
}

static void it_is_good_for_five_minutes_both_ways(void **state)
{
    (void)state;
    static const struct {
        int64_t created, expires, now;
        bool good;
    } rows[] = {
        {1000, 0, 1000, true}, {1000, 0, 1300, true}, {1000, 0, 1301, false}, {1300, 0, 1000, true}, {1301, 0, 1000, false},
        {1000, 1010, 1010, true}, {1000, 1010, 1011, false}, {1000, 9999, 1301, false}, {INT64_C(999999999999999), 0, 1000, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e;
        const struct signature s = {.created = rows[i].created, .expires = rows[i].expires};
        int rc = signature_check_time(&s, rows[i].now, &e);
        assert_int_equal(rc, rows[i].good ? 0 : -1);
        assert_true(rc == 0 || err_class(&e) == CLASS_AUTH);
    }
}

static void a_digest_of_a_body_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int rc;
        enum crypt_hash hash;
    } rows[] = {
        {NULL, 0, CRYPT_SM3}, {"", 0, CRYPT_SM3}, {"md5=:YQ==:", 0, CRYPT_SM3}, {"sm3=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:", 1, CRYPT_SM3},
        {"md5=:YQ==:, sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:", 1, CRYPT_SHA256},
        {"sm3=:YQ==:", -1, CRYPT_SM3}, {"sm3=YQ", -1, CRYPT_SM3}, {"sm3", -1, CRYPT_SM3}, {"sm3=:", -1, CRYPT_SM3}, {"sha-256=\"x\"", -1, CRYPT_SM3},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned char digest[CRYPT_DIGEST_SIZE];
        enum crypt_hash hash = CRYPT_SM3;
        struct err e;
        EXPECT_ROW(rows[i].text, contentdigest_read(rows[i].text, &hash, digest, &e) == rows[i].rc && hash == rows[i].hash);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_signed_is_what_the_rfc_says),
        cmocka_unit_test(a_token_is_signed_and_not_shown),
        cmocka_unit_test(one_that_is_not_as_it_should_be_is_told),
        cmocka_unit_test(it_is_good_for_five_minutes_both_ways),
        cmocka_unit_test(a_digest_of_a_body_is_read),
    };
    return cmocka_run_group_tests_name("signature", tests, start, NULL);
}
