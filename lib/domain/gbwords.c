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

static const char *const reasons[GBTIME_REASON_N][MSG_LANG_N] = {
    [GBTIME_OK] = {"", ""},
    [GBTIME_NOT_ASCII] = {"含有全角字符或其他非 ASCII 字符", "it has characters beyond ASCII"},
    [GBTIME_SPACE] = {"含有空格；日期与时间之间应为字母 T", "it has a space; between date and time stands the letter T"},
    [GBTIME_LOWER_CASE] = {"标志符（T、Z、W、P、R 等）应为大写字母", "letters such as T, Z, W, P and R are capitals"},
    [GBTIME_NOT_A_DATE] = {"不是任何一种日期表示法", "it has none of the forms of a date"},
    [GBTIME_NOT_A_TIME] = {"不是任何一种时间表示法", "it has none of the forms of a time of day"},
    [GBTIME_SLASHES] = {"年、月、日之间应为“-”，而非“/”", "a hyphen stands between year, month and day, not a slash"},
    [GBTIME_EPOCH] = {"秒数或毫秒数不是日期", "a count of seconds or milliseconds is not a date"},
    [GBTIME_NUMBER] = {"数字只能是至少 12 位的毫秒数", "a number is milliseconds since 1970, of at least 12 digits"},
    [GBTIME_SHORT_YEAR] = {"年份应为四位数字", "a year has four digits"},
    [GBTIME_EXPANDED_YEAR] = {"年份不能带正负号或多于四位", "a year has no sign and no more than four digits"},
    [GBTIME_TRUNCATED] = {"不能省略年份或其他高位部分", "the year and other leading parts may not be left out"},
    [GBTIME_BASIC_MONTH] = {"年月之间须有“-”，不能写作 202410", "a month has a hyphen: 2024-10, not 202410"},
    [GBTIME_MIXED_FORMATS] = {"基本格式与扩展格式不能混用", "basic and extended format are mixed"},
    [GBTIME_YEAR_ZERO] = {"不接受 0000 年", "there is no year 0000 here"},
    [GBTIME_YEAR_RANGE] = {"超出 0001 至 9999 年", "it is not within the years 0001 to 9999"},
    [GBTIME_NO_SUCH_MONTH] = {"月份应为 01 至 12", "months go from 01 to 12"},
    [GBTIME_NO_SUCH_DAY] = {"该月没有这一天", "the month has no such day"},
    [GBTIME_NO_SUCH_DAY_OF_YEAR] = {"该年没有这一天（平年 365 天，闰年 366 天）",
                                    "the year has no such day: 001 to 365, or 366 in a leap year"},
    [GBTIME_NO_SUCH_WEEK] = {"该年没有这一周（52 周或 53 周）", "the year has no such week: 01 to 52, or 53 in some years"},
    [GBTIME_NO_SUCH_WEEKDAY] = {"星期应为 1（星期一）至 7（星期日）", "weekdays go from 1, Monday, to 7, Sunday"},
    [GBTIME_DATE_NOT_COMPLETE] = {"带时间的日期应精确到日", "a date with a time goes to the day"},
    [GBTIME_NO_TIME] = {"缺少时间部分", "it has no time of day"},
    [GBTIME_TIME_TOO_MANY] = {"该字段只要日期，不带时间", "the field takes a date without a time"},
    [GBTIME_HOUR_24] = {"不接受 24:00；应写作次日 00:00", "24:00 is not taken: write 00:00 of the next day"},
    [GBTIME_NO_SUCH_HOUR] = {"小时应为 00 至 23", "hours go from 00 to 23"},
    [GBTIME_NO_SUCH_MINUTE] = {"分钟应为 00 至 59", "minutes go from 00 to 59"},
    [GBTIME_NO_SUCH_SECOND] = {"秒应为 00 至 59（闰秒为 60）", "seconds go from 00 to 59, or 60 in a leap second"},
    [GBTIME_LEAP_SECOND] = {"闰秒 60 只能是 UTC 的 23:59:60", "a leap second is 23:59:60 of UTC and nothing else"},
    [GBTIME_BAD_FRACTION] = {"小数点或逗号之后没有数字", "no digit follows the decimal sign"},
    [GBTIME_LONG_FRACTION] = {"小数多于 9 位", "a fraction has at most 9 digits here"},
    [GBTIME_NO_OFFSET] = {"缺少时差（如 +08:00）", "it has no offset such as +08:00"},
    [GBTIME_BAD_OFFSET] = {"时差应为 Z、+08:00 或 +08", "an offset is Z, +08:00 or +08"},
    [GBTIME_NO_SUCH_OFFSET] = {"时差应在 23:59 以内", "an offset goes to 23:59"},
    [GBTIME_NEGATIVE_ZERO] = {"时差不能为 -00:00；应写作 Z 或 +00:00", "an offset is not -00:00: write Z or +00:00"},
    [GBTIME_NOT_A_DURATION] = {"时长应为字母 P，其后是数字和单位", "a duration is the letter P, then numbers, each with its unit"},
    [GBTIME_DURATION_SIGN] = {"时长不能带正负号", "a duration has no sign"},
    [GBTIME_DURATION_EMPTY] = {"P 或 T 之后没有内容", "nothing follows the P or the T"},
    [GBTIME_DURATION_ORDER] = {"单位应依次为 Y、M、D，T 之后为 H、M、S",
                               "the units are Y, M, D and after a T H, M, S, each once and in this order"},
    [GBTIME_DURATION_FRACTION] = {"只有最后一个单位可以有小数", "only the last part may have a fraction"},
    [GBTIME_DURATION_WEEKS] = {"周数（W）不能与其他单位并用", "weeks stand alone"},
    [GBTIME_DURATION_ALTERNATIVE] = {"时长应使用带单位的写法，不能写成日期的形式", "a duration has units, and not the form of a date"},
    [GBTIME_NOT_AN_INTERVAL] = {"时间间隔应为两部分，中间以“/”分隔", "an interval has two parts and one slash between them"},
    [GBTIME_TWO_DURATIONS] = {"时间间隔的两部分不能都是时长", "the two parts of an interval are not both durations"},
    [GBTIME_ENDS_DIFFER] = {"起止应同为日期或同为日期时间，且精度相同",
                            "start and end are both dates or both date-times, and of one precision"},
    [GBTIME_END_BEFORE_START] = {"结束早于开始", "the end is before the start"},
    [GBTIME_NOT_A_RECURRENCE] = {"重复时间间隔应为 R、次数、“/”及时间间隔", "a recurrence is R, a number, a slash and an interval"},
    [GBTIME_RECURRENCE_COUNT] = {"重复次数应为 1 至 999999999，不带正负号和前置零；不限次数时省略",
                                 "the number is 1 to 999999999 without sign and leading zeros, or left out for no limit"},
    [GBTIME_TOO_LONG] = {"时长的写法过长", "a duration in it is too long to write"},
    NOT_ALLOWED(0) = {"该字段不接受完整的日历日期", "the field takes no complete calendar dates"},
    NOT_ALLOWED(1) = {"该字段不接受年日日期（如 2024-283）", "the field takes no ordinal dates such as 2024-283"},
    NOT_ALLOWED(2) = {"该字段不接受星期日期（如 2024-W41-3）", "the field takes no week dates such as 2024-W41-3"},
    NOT_ALLOWED(3) = {"该字段不接受只到月的日期", "the field takes no dates that stop at the month"},
    NOT_ALLOWED(4) = {"该字段不接受只到年的日期", "the field takes no dates that stop at the year"},
    NOT_ALLOWED(5) = {"该字段不接受只到周的日期", "the field takes no dates that stop at the week"},
    NOT_ALLOWED(6) = {"该字段的时间不到秒", "the field takes no times with seconds"},
    NOT_ALLOWED(7) = {"该字段的时间不能只到分", "the field takes no times that stop at the minute"},
    NOT_ALLOWED(8) = {"该字段的时间不能只到时", "the field takes no times that stop at the hour"},
    NOT_ALLOWED(9) = {"该字段的时间不能有小数", "the field takes no fraction of a time"},
    NOT_ALLOWED(10) = {"该字段不接受基本格式（不带“-”和“:”）", "the field takes no basic format, which has no hyphens and colons"},
    NOT_ALLOWED(11) = {"不接受 24:00；应写作次日 00:00", "24:00 is not taken: write 00:00 of the next day"},
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
    return reasons[why][lang];
}
