/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "helper.h"
#include "idcode.h"
#include "regex.h"
#include "utf8.h"
#include "words.h"

/* Numbers that were published, by companies and in the standards themselves; those that say so were computed by another
 * program. */
static const struct {
    const char *format, *text;
    enum idcode_reason why;
} rows[] = {
    {"uscc", "91330100799655058B", IDCODE_OK}, /* Alibaba (China) */
    {"uscc", "9144030071526726XG", IDCODE_OK}, /* Tencent Computer Systems */
    {"uscc", "914403001922038216", IDCODE_OK}, /* Huawei Technologies */
    {"uscc", "91110000802100433B", IDCODE_OK}, /* Baidu Netcom */
    {"uscc", "91110108551385082Q", IDCODE_OK}, /* Xiaomi */
    {"uscc", "91350100M000100Y43", IDCODE_OK}, /* the example of GB 32100-2015 */
    {"uscc", "11000000EXAMPLE036", IDCODE_OK}, /* computed */
    {"uscc", "91000000EXAMPLE01P", IDCODE_OK}, /* computed */
    {"uscc", "91330100799655058C", IDCODE_CHECK}, {"uscc", "91330100799655085B", IDCODE_CHECK},
    {"uscc", "91330100799655058b", IDCODE_ALPHABET}, {"uscc", "9133010079965505B", IDCODE_LENGTH},
    {"uscc", "91330100799655058BB", IDCODE_LENGTH}, {"uscc", "9133010079965505OB", IDCODE_ALPHABET},
    {"uscc", "913301A0799655058B", IDCODE_ALPHABET}, {"uscc", "91330100 99655058B", IDCODE_ALPHABET},
    {"uscc", "统一社会信用代", IDCODE_LENGTH}, {"uscc", "统一社会信用", IDCODE_ALPHABET},
    {"org_code", "D2143569X", IDCODE_OK}, /* the example of GB 11714 */
    {"org_code", "01527918X", IDCODE_OK}, /* in an index number of Nujiang */
    {"org_code", "71526726X", IDCODE_OK}, /* Tencent */
    {"org_code", "799655058", IDCODE_OK}, /* Alibaba */
    {"org_code", "D21436510", IDCODE_OK}, /* computed: 11 is written 0 */
    {"org_code", "D21435690", IDCODE_CHECK}, {"org_code", "12D43569X", IDCODE_CHECK},
    {"org_code", "D2143569-X", IDCODE_LENGTH}, {"org_code", "D2143569A", IDCODE_ALPHABET}, {"org_code", "d2143569X", IDCODE_ALPHABET},
    {"region", "411700", IDCODE_OK}, {"region", "411702", IDCODE_OK}, {"region", "410000", IDCODE_OK}, {"region", "820000", IDCODE_OK},
    {"region", "110101", IDCODE_OK}, {"region", "710000", IDCODE_OK}, {"region", "429004", IDCODE_OK},
    {"region", "410001", IDCODE_NESTING}, {"region", "000000", IDCODE_PROVINCE}, {"region", "161700", IDCODE_PROVINCE},
    {"region", "910000", IDCODE_PROVINCE}, {"region", "41170", IDCODE_LENGTH}, {"region", "4117000", IDCODE_LENGTH},
    {"region", "41170A", IDCODE_ALPHABET}, {"region", "４１", IDCODE_ALPHABET},
    {"site_id", "bm01000001", IDCODE_OK}, {"site_id", "3100000087", IDCODE_OK}, {"site_id", "4117000012", IDCODE_OK},
    {"site_id", "0000000000", IDCODE_PROVINCE}, {"site_id", "BM01000001", IDCODE_ALPHABET}, {"site_id", "b101000001", IDCODE_ALPHABET},
    {"site_id", "310000008", IDCODE_LENGTH}, {"site_id", "31000000a7", IDCODE_ALPHABET},
    {"id_card", "11010519491231002X", IDCODE_OK}, /* the examples of GB 11643-1999 */
    {"id_card", "440524188001010014", IDCODE_OK},
    {"id_card", "53010219200508011X", IDCODE_OK},
    {"id_card", "830000199001010004", IDCODE_OK}, /* computed: a residence permit */
    {"id_card", "110105194912310021", IDCODE_CHECK}, {"id_card", "11010519491213002X", IDCODE_CHECK},
    {"id_card", "11010519490231002X", IDCODE_DATE}, {"id_card", "110105990231002X11", IDCODE_ALPHABET},
    {"id_card", "11010530490101002X", IDCODE_DATE}, {"id_card", "11010519491231002x", IDCODE_ALPHABET},
    {"id_card", "110105491231002", IDCODE_LENGTH},
};

static void the_rule_that_is_broken_first_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct idcode_format *f = idcode_find(rows[i].format);
        assert_non_null(f);
        EXPECT_ROW(rows[i].text, idcode_check(f, rows[i].text, strlen(rows[i].text)) == rows[i].why);
    }
}

/* Whoever checks by the category's JSON Schema before sending loses no good code. */
static void the_pattern_takes_what_is_good_and_refuses_what_a_pattern_can(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char why[100];
        const struct idcode_format *f = idcode_find(rows[i].format);
        struct regex *pattern = regex_new(f->pattern, why, sizeof(why));
        assert_non_null(pattern);
        int matches = regex_match(pattern, rows[i].text, strlen(rows[i].text));
        if (rows[i].why == IDCODE_OK)
            EXPECT_ROW(rows[i].text, matches == 1);
        if (rows[i].why == IDCODE_LENGTH || rows[i].why == IDCODE_ALPHABET)
            EXPECT_ROW(rows[i].text, matches == 0);
        regex_free(pattern);
    }
}

/* One character mistyped, or two neighbours exchanged: what the check characters are for. */
static void a_slip_of_one_character_is_found(void **state)
{
    static const char *const good[][2] = {
        {"uscc", "91330100799655058B"}, {"uscc", "91350100M000100Y43"}, {"id_card", "11010519491231002X"}};
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        const struct idcode_format *f = idcode_find(good[i][0]);
        size_t len = strlen(good[i][1]);
        char text[32];
        memcpy(text, good[i][1], len + 1);
        for (size_t k = 0; k < len; k++) {
            for (const char *c = "0123456789ABCDEFGHJKLMNPQRTUWXY"; *c != '\0'; c++) {
                text[k] = *c;
                EXPECT_ROW(text, (idcode_check(f, text, len) == IDCODE_OK) == (*c == good[i][1][k]));
            }
            text[k] = good[i][1][k];
        }
        for (size_t k = 0; k + 1 < len; k++) {
            text[k] = good[i][1][k + 1];
            text[k + 1] = good[i][1][k];
            EXPECT_ROW(text, (idcode_check(f, text, len) == IDCODE_OK) == (text[k] == text[k + 1]));
            text[k] = good[i][1][k];
            text[k + 1] = good[i][1][k + 1];
        }
    }
}

static void a_byte_of_zero_is_no_character_of_a_code(void **state)
{
    (void)state;
    assert_int_equal(idcode_check(idcode_find("region"), "41\0" "700", 6), IDCODE_ALPHABET);
    assert_null(idcode_find(""));
    assert_null(idcode_find("USCC"));
}

/* It stands in a message as an argument, behind a colon and before a full stop. */
static void every_reason_is_told_in_both_languages_and_fits_into_a_message(void **state)
{
    (void)state;
    for (const struct idcode_format *f = idcode_formats; f->name != NULL; f++) {
        for (int why = IDCODE_OK + 1; why < IDCODE_REASON_N; why++) {
            char zh[2 * MSG_VALUE_SIZE];
            char en[2 * MSG_VALUE_SIZE];
            idcode_why(f, (enum idcode_reason)why, MSG_ZH, zh, sizeof(zh));
            idcode_why(f, (enum idcode_reason)why, MSG_EN, en, sizeof(en));
            EXPECT_ROW(zh, zh[0] != '\0' && strlen(zh) < MSG_VALUE_SIZE && utf8_is_valid(zh, strlen(zh)));
            EXPECT_ROW(zh, strstr(zh, "。") == NULL);
            EXPECT_ROW(en, en[0] != '\0' && strlen(en) < MSG_VALUE_SIZE && en[strlen(en) - 1] != '.');
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rule_that_is_broken_first_is_named),
        cmocka_unit_test(the_pattern_takes_what_is_good_and_refuses_what_a_pattern_can),
        cmocka_unit_test(a_slip_of_one_character_is_found),
        cmocka_unit_test(a_byte_of_zero_is_no_character_of_a_code),
        cmocka_unit_test(every_reason_is_told_in_both_languages_and_fits_into_a_message),
    };
    words_init();
    return cmocka_run_group_tests_name("idcode", tests, NULL, NULL);
}
