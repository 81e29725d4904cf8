/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "gbwords.h"

#include <stdio.h>
#include <string.h>

#include "poison.h"

const struct gbwords_form gbwords_forms[GBTIME_FORM_N + 1] = {
    {"calendar", GBTIME_CALENDAR},
    {"ordinal", GBTIME_ORDINAL},
    {"week", GBTIME_WEEK},
    {"month", GBTIME_MONTH},
    {"year", GBTIME_YEAR},
    {"whole_week", GBTIME_WHOLE_WEEK},
    {"seconds", GBTIME_SECONDS},
    {"minutes", GBTIME_MINUTES},
    {"hours", GBTIME_HOURS},
    {"fraction", GBTIME_FRACTION},
    {"basic", GBTIME_BASIC},
    {"hour24", GBTIME_HOUR24},
};

#define NOT_ALLOWED(bit) [GBTIME_NOT_ALLOWED + (bit)]

static const char *const reasons[GBTIME_REASON_N] = {
    [GBTIME_OK] = "",
    [GBTIME_NOT_ASCII] = N_("it has characters beyond ASCII"),
    [GBTIME_SPACE] = N_("it has a space; between date and time stands the letter T"),
    [GBTIME_LOWER_CASE] = N_("letters such as T, Z, W, P and R are capitals"),
    [GBTIME_NOT_A_DATE] = N_("it has none of the forms of a date"),
    [GBTIME_NOT_A_TIME] = N_("it has none of the forms of a time of day"),
    [GBTIME_SLASHES] = N_("a hyphen stands between year, month and day, not a slash"),
    [GBTIME_EPOCH] = N_("a count of seconds or milliseconds is not a date"),
    [GBTIME_NUMBER] = N_("a number is milliseconds since 1970, of at least 12 digits"),
    [GBTIME_SHORT_YEAR] = N_("a year has four digits"),
    [GBTIME_EXPANDED_YEAR] = N_("a year has no sign and no more than four digits"),
    [GBTIME_TRUNCATED] = N_("the year and other leading parts may not be left out"),
    [GBTIME_BASIC_MONTH] = N_("a month has a hyphen: 2024-10, not 202410"),
    [GBTIME_MIXED_FORMATS] = N_("basic and extended format are mixed"),
    [GBTIME_YEAR_ZERO] = N_("there is no year 0000 here"),
    [GBTIME_YEAR_RANGE] = N_("it is not within the years 0001 to 9999"),
    [GBTIME_NO_SUCH_MONTH] = N_("months go from 01 to 12"),
    [GBTIME_NO_SUCH_DAY] = N_("the month has no such day"),
    [GBTIME_NO_SUCH_DAY_OF_YEAR] = N_("the year has no such day: 001 to 365, or 366 in a leap year"),
    [GBTIME_NO_SUCH_WEEK] = N_("the year has no such week: 01 to 52, or 53 in some years"),
    [GBTIME_NO_SUCH_WEEKDAY] = N_("weekdays go from 1, Monday, to 7, Sunday"),
    [GBTIME_DATE_NOT_COMPLETE] = N_("a date with a time goes to the day"),
    [GBTIME_NO_TIME] = N_("it has no time of day"),
    [GBTIME_TIME_TOO_MANY] = N_("the field takes a date without a time"),
    [GBTIME_HOUR_24] = N_("24:00 is not taken: write 00:00 of the next day"),
    [GBTIME_NO_SUCH_HOUR] = N_("hours go from 00 to 23"),
    [GBTIME_NO_SUCH_MINUTE] = N_("minutes go from 00 to 59"),
    [GBTIME_NO_SUCH_SECOND] = N_("seconds go from 00 to 59, or 60 in a leap second"),
    [GBTIME_LEAP_SECOND] = N_("a leap second is 23:59:60 of UTC and nothing else"),
    [GBTIME_BAD_FRACTION] = N_("no digit follows the decimal sign"),
    [GBTIME_LONG_FRACTION] = N_("a fraction has at most 9 digits here"),
    [GBTIME_NO_OFFSET] = N_("it has no offset such as +08:00"),
    [GBTIME_BAD_OFFSET] = N_("an offset is Z, +08:00 or +08"),
    [GBTIME_NO_SUCH_OFFSET] = N_("an offset goes to 23:59"),
    [GBTIME_NEGATIVE_ZERO] = N_("an offset is not -00:00: write Z or +00:00"),
    [GBTIME_NOT_A_DURATION] = N_("a duration is the letter P, then numbers, each with its unit"),
    [GBTIME_DURATION_SIGN] = N_("a duration has no sign"),
    [GBTIME_DURATION_EMPTY] = N_("nothing follows the P or the T"),
    [GBTIME_DURATION_ORDER] = N_("the units are Y, M, D and after a T H, M, S, each once and in this order"),
    [GBTIME_DURATION_FRACTION] = N_("only the last part may have a fraction"),
    [GBTIME_DURATION_WEEKS] = N_("weeks stand alone"),
    [GBTIME_DURATION_ALTERNATIVE] = N_("a duration has units, and not the form of a date"),
    [GBTIME_NOT_AN_INTERVAL] = N_("an interval has two parts and one slash between them"),
    [GBTIME_TWO_DURATIONS] = N_("the two parts of an interval are not both durations"),
    [GBTIME_ENDS_DIFFER] = N_("start and end are both dates or both date-times, and of one precision"),
    [GBTIME_END_BEFORE_START] = N_("the end is before the start"),
    [GBTIME_NOT_A_RECURRENCE] = N_("a recurrence is R, a number, a slash and an interval"),
    [GBTIME_RECURRENCE_COUNT] = N_("the number is 1 to 999999999 without sign and leading zeros, or left out for no limit"),
    [GBTIME_TOO_LONG] = N_("a duration in it is too long to write"),
    NOT_ALLOWED(0) = N_("the field takes no complete calendar dates"),
    NOT_ALLOWED(1) = N_("the field takes no ordinal dates such as 2024-283"),
    NOT_ALLOWED(2) = N_("the field takes no week dates such as 2024-W41-3"),
    NOT_ALLOWED(3) = N_("the field takes no dates that stop at the month"),
    NOT_ALLOWED(4) = N_("the field takes no dates that stop at the year"),
    NOT_ALLOWED(5) = N_("the field takes no dates that stop at the week"),
    NOT_ALLOWED(6) = N_("the field takes no times with seconds"),
    NOT_ALLOWED(7) = N_("the field takes no times that stop at the minute"),
    NOT_ALLOWED(8) = N_("the field takes no times that stop at the hour"),
    NOT_ALLOWED(9) = N_("the field takes no fraction of a time"),
    NOT_ALLOWED(10) = N_("the field takes no basic format, which has no hyphens and colons"),
    NOT_ALLOWED(11) = N_("24:00 is not taken: write 00:00 of the next day"),
};

static const struct gbwords_form *find_word(const char *word, size_t len)
{
    for (const struct gbwords_form *row = gbwords_forms; row->word != NULL; row++)
        if (strlen(row->word) == len && memcmp(row->word, word, len) == 0)
            return row;
    return NULL;
}

unsigned gbwords_read(const char *text, unsigned allowed)
{
    unsigned forms = 0;
    for (;;) {
        text += strspn(text, " ");
        size_t len = strcspn(text, ",");
        size_t word = len;
        while (word > 0 && text[word - 1] == ' ')
            word--;
        const struct gbwords_form *row = find_word(text, word);
        if (row == NULL || (row->form & allowed) == 0)
            return 0;
        forms |= row->form;
        if (text[len] == '\0')
            return forms;
        text += len + 1;
    }
}

const char *gbwords_list(char *to, size_t size, unsigned forms)
{
    size_t used = 0;
    to[0] = '\0';
    for (const struct gbwords_form *row = gbwords_forms; row->word != NULL && used < size; row++)
        if ((row->form & forms) != 0)
            used += (size_t)snprintf(to + used, size - used, "%s%s", used > 0 ? ", " : "", row->word);
    return to;
}

const char *gbwords_why(enum gbtime_reason why, enum msg_lang lang)
{
    return words_in(lang, reasons[why]);
}
