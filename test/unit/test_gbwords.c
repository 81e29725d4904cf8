/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "gbwords.h"
#include "helper.h"
#include "utf8.h"

static void a_list_names_forms_that_are_allowed(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned forms;
    } rows[] = {
        {"calendar", GBTIME_CALENDAR}, {"month, year", GBTIME_MONTH | GBTIME_YEAR}, {"month,year", GBTIME_MONTH | GBTIME_YEAR},
        {"  week ,basic  ", GBTIME_WEEK | GBTIME_BASIC}, {"week, week", GBTIME_WEEK}, {"whole_week", GBTIME_WHOLE_WEEK}, {"", 0},
        {",", 0}, {"month,", 0}, {",month", 0}, {"month year", 0}, {"mont", 0}, {"months", 0}, {"Month", 0}, {"minutes", 0},
        {"month, minutes", 0}, {"月", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        EXPECT_ROW(rows[i].text, gbwords_read(rows[i].text, GBTIME_DATE_FORMS | GBTIME_BASIC) == rows[i].forms);
}

static void every_form_has_a_word_and_a_list_is_read_back(void **state)
{
    (void)state;
    char text[200], cut[10];
    const unsigned all = (1u << GBTIME_FORM_N) - 1;
    unsigned seen = 0;
    for (size_t i = 0; i < GBTIME_FORM_N; i++)
        seen |= gbwords_forms[i].form;
    assert_int_equal(seen, all);
    assert_null(gbwords_forms[GBTIME_FORM_N].word);
    for (unsigned forms = 1; forms <= all; forms++)
        assert_int_equal(gbwords_read(gbwords_list(text, sizeof(text), forms), all), forms);
    assert_string_equal(gbwords_list(text, sizeof(text), 0), "");
    assert_string_equal(gbwords_list(cut, sizeof(cut), all), "calendar,");
}

/* It stands in a message as an argument, behind a colon and before a full stop. */
static void every_reason_is_told_in_both_languages_and_fits_into_a_message(void **state)
{
    (void)state;
    for (int why = GBTIME_OK + 1; why < GBTIME_REASON_N; why++) {
        const char *zh = gbwords_why((enum gbtime_reason)why, MSG_ZH);
        const char *en = gbwords_why((enum gbtime_reason)why, MSG_EN);
        if (zh == NULL || en == NULL)
            fail_msg("reason %d has no text", why);
        EXPECT_ROW(en, zh[0] != '\0' && strlen(zh) < MSG_VALUE_SIZE && utf8_is_valid(zh, strlen(zh)));
        EXPECT_ROW(en, en[0] != '\0' && strlen(en) < MSG_VALUE_SIZE && en[strlen(en) - 1] != '.');
        EXPECT_ROW(en, strstr(zh, "。") == NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_names_forms_that_are_allowed),
        cmocka_unit_test(every_form_has_a_word_and_a_list_is_read_back),
        cmocka_unit_test(every_reason_is_told_in_both_languages_and_fits_into_a_message),
    };
    words_init();
    return cmocka_run_group_tests_name("gbwords", tests, NULL, NULL);
}
