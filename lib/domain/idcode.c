/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "idcode.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "gbtime.h"

#include "poison.h"

/* Where a character's index is its value for the check character, the standard orders them so. */
static const char uscc_characters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
static const char capitals_characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* The letters that the places of a format are written with. */
static const struct {
    char letter;
    const char *characters;
} classes[] = {
    {'9', "0123456789"},
    {'X', "0123456789X"},
    {'C', capitals_characters},
    {'U', uscc_characters},
    {'s', "0123456789abcdefghijklmnopqrstuvwxyz"},
};

static int value_of(const char *characters, char c)
{
    return (int)(strchr(characters, c) - characters);
}

/* GB/T 2260: the first two digits of every region below the first level, and of that level itself. */
static bool is_province(const char *text)
{
    static const char provinces[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
                                    "61 62 63 64 65 71 81 82 ";
    for (const char *p = provinces; *p != '\0'; p += 3)
        if (p[0] == text[0] && p[1] == text[1])
            return true;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* GB 32100-2015: weights are the powers of 3 modulo 31. The places 9 to 17 are a code of GB 11714 with a check
 * character of its own, which is not looked at: there are codes in force where it does not fit. */
static enum idcode_reason check_uscc(const char *text)
{
    int sum = 0;
    int weight = 1;
    for (int i = 0; i < 17; i++) {
        sum += value_of(uscc_characters, text[i]) * weight;
        weight = weight * 3 % 31;
    }
    return uscc_characters[(31 - sum % 31) % 31] == text[17] ? IDCODE_OK : IDCODE_CHECK;
}

static enum idcode_reason check_org_code(const char *text)
{
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "0123456789X0"; /* of 11 - sum % 11 */
    int sum = 0;
    for (size_t i = 0; i < sizeof(weights) / sizeof(weights[0]); i++)
        sum += value_of(capitals_characters, text[i]) * weights[i];
    return checks[11 - sum % 11] == text[8] ? IDCODE_OK : IDCODE_CHECK;
}

/* GB/T 2260: a pair of digits each for province, city and county; 00 stands for all that the pair before names. */
static enum idcode_reason check_region(const char *text)
{
    if (!is_province(text))
        return IDCODE_PROVINCE;
    return memcmp(text + 2, "00", 2) == 0 && memcmp(text + 4, "00", 2) != 0 ? IDCODE_NESTING : IDCODE_OK;
}

/* Two letters, such as bm for a ministry, or a region's digits; then a number. */
static enum idcode_reason check_site_id(const char *text)
{
    if (is_digit(text[0]) != is_digit(text[1]))
        return IDCODE_ALPHABET;
    return is_digit(text[0]) && !is_province(text) ? IDCODE_PROVINCE : IDCODE_OK;
}

/* GB 11643-1999: region, date of birth, number, and a check character of ISO 7064 MOD 11-2, whose weights are the
 * powers of 2. Residence permits of Taiwan, which has 83 there, and of foreigners, 9, are built alike: so the region is
 * not looked at. */
static enum idcode_reason check_id_card(const char *text)
{
    const struct gbtime_rules rules = {.forms = GBTIME_CALENDAR | GBTIME_BASIC};
    struct gbtime born;
    int sum = 0;
    if (text[6] < '1' || text[6] > '2' || gbtime_read_date(text + 6, 8, &rules, &born) != GBTIME_OK)
        return IDCODE_DATE;
    for (int i = 0; i < 17; i++)
        sum = (sum + text[i] - '0') * 2 % 11;
    return "10X98765432"[sum] == text[17] ? IDCODE_OK : IDCODE_CHECK;
}

const struct idcode_format idcode_formats[] = {
    {"uscc", "UU999999UUUUUUUUUU", "^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$", check_uscc,
     N_("unified social credit code (GB 32100-2015)"),
     N_("it must have digits and capitals other than I, O, S, V and Z, and only digits in places 3 to 8")},
    {"org_code", "CCCCCCCCX", "^[0-9A-Z]{8}[0-9X]$", check_org_code,
     N_("organization code (GB 11714)"),
     N_("it must have digits and capitals without a hyphen, and end in a digit or X")},
    {"region", "999999", "^[1-8][0-9]{5}$", check_region,
     N_("code of an administrative division (GB/T 2260)"),
     N_("it must have digits only")},
    {"site_id", "ss99999999", "^([0-9]{2}|[a-z]{2})[0-9]{8}$", check_site_id,
     N_("identification code of a government website"),
     N_("it must have ten digits, or two small letters such as bm and eight digits")},
    {"id_card", "99999999999999999X", "^[0-9]{6}[12][0-9]{10}[0-9X]$", check_id_card,
     N_("citizen identification number (GB 11643-1999)"),
     N_("it must have 17 digits, then a digit or a capital X")},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

const struct idcode_format *idcode_find(const char *name)
{
    for (const struct idcode_format *row = idcode_formats; row->name != NULL; row++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

static bool may_stand(char letter, char c)
{
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (classes[i].letter == letter)
            return c != '\0' && strchr(classes[i].characters, c) != NULL;
    return false;
}

enum idcode_reason idcode_check(const struct idcode_format *f, const char *text, size_t len)
{
    if (len != strlen(f->places))
        return IDCODE_LENGTH;
    for (size_t i = 0; i < len; i++)
        if (!may_stand(f->places[i], text[i]))
            return IDCODE_ALPHABET;
    return f->rule(text);
}

void idcode_why(const struct idcode_format *f, enum idcode_reason why, enum msg_lang lang, char *to, size_t size)
{
    static const char *const reasons[IDCODE_REASON_N] = {
        [IDCODE_OK] = "",
        [IDCODE_PROVINCE] = N_("its first two digits are of no province"),
        [IDCODE_NESTING] = N_("after 00 in places 3 and 4 stands 00 in places 5 and 6"),
        [IDCODE_DATE] = N_("its places 7 to 14 are no date that exists"),
        [IDCODE_CHECK] = N_("its last character, the check, does not fit: one may be mistyped, or two exchanged"),
    };
    if (why == IDCODE_LENGTH)
        (void)snprintf(to, size, words_in(lang, N_("it must have %zu characters")), strlen(f->places));
    else
        (void)snprintf(to, size, "%s", words_in(lang, why == IDCODE_ALPHABET ? f->alphabet : reasons[why]));
}
