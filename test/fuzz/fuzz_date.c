/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a date, a time, a date-time, a duration, an interval or a recurrence, under rules that the first three bytes choose; a
 * NUL parts two of them that are compared.
 */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "gbtime.h"
#include "gbwords.h"
#include "utf8.h"

enum { HEAD = 3, ALL_FORMS = (1 << GBTIME_FORM_N) - 1 };
enum kind { DATE, TIME, DATETIME, LENIENT, INTERVAL, RECURRENCE, KIND_N };

static enum gbtime_reason read_moment(const char *text, size_t len, const struct gbtime_rules *rules, enum kind kind, struct gbtime *t)
{
    switch (kind) {
    case DATE:
        return gbtime_read_date(text, len, rules, t);
    case TIME:
        return gbtime_read_time(text, len, rules, t);
    case DATETIME:
        return gbtime_read_datetime(text, len, rules, t);
    default:
        return gbtime_read_lenient(text, len, rules, t);
    }
}

/* Reads, and writes the canonical form. */
static enum gbtime_reason read_any(const char *text, size_t len, const struct gbtime_rules *rules, enum kind kind, char to[GBTIME_SPAN_SIZE])
{
    struct gbtime t;
    if (kind == INTERVAL)
        return gbtime_read_interval(text, len, rules, to);
    if (kind == RECURRENCE)
        return gbtime_read_recurrence(text, len, rules, to);
    enum gbtime_reason why = read_moment(text, len, rules, kind, &t);
    if (why == GBTIME_OK)
        gbtime_write(to, &t);
    return why;
}

/* What is taken has a canonical form, which is taken and is its own; and so it is where more forms are allowed. What is not taken has a
 * reason that can be told. */
static void try_kind(const char *text, size_t len, const struct gbtime_rules *rules, enum kind kind)
{
    char to[GBTIME_SPAN_SIZE], again[GBTIME_SPAN_SIZE];
    struct gbtime_rules all = *rules;
    all.forms = ALL_FORMS;
    enum gbtime_reason why = read_any(text, len, rules, kind, to);
    fuzz_expect(why < GBTIME_REASON_N);
    if (why != GBTIME_OK) {
        fuzz_expect(gbwords_why(why, MSG_EN)[0] != '\0' && gbwords_why(why, MSG_ZH)[0] != '\0');
        fuzz_expect(why < GBTIME_NOT_ALLOWED || kind == LENIENT || (rules->forms & 1U << (why - GBTIME_NOT_ALLOWED)) == 0);
        return;
    }
    fuzz_expect(strlen(to) < (kind < INTERVAL ? GBTIME_TEXT_SIZE : GBTIME_SPAN_SIZE) && !utf8_has_control(to, strlen(to)));
    fuzz_expect(read_any(text, len, &all, kind, again) == GBTIME_OK && strcmp(to, again) == 0);
    fuzz_expect(read_any(to, strlen(to), &all, kind, again) == GBTIME_OK && strcmp(to, again) == 0);
}

/* The other ways to write a moment tell the same one. */
static void try_writing(const struct gbtime *t)
{
    char text[GBTIME_TEXT_SIZE], sql[GBTIME_SQL_SIZE], again[GBTIME_SQL_SIZE];
    struct gbtime back;
    bool has_sql = gbtime_sql(sql, t);
    gbtime_format(text, t, true);
    fuzz_expect(gbtime_datetime(text, strlen(text), &back) || t->second == 60);
    if (!has_sql)
        return;
    fuzz_expect(strlen(sql) == GBTIME_SQL_SIZE - 1);
    if (t->time_form == GBTIME_SECONDS && t->second < 60) {
        fuzz_expect(gbtime_sql(again, &back) && strcmp(sql, again) == 0);
        fuzz_expect(gbtime_lenient(sql, strlen(sql), &back) && gbtime_sql(again, &back) && strcmp(sql, again) == 0);
    }
    gbtime_format(text, t, false);
    fuzz_expect(gbtime_date(text, strlen(text), &back));
}

/* The order of moments is that of their texts in the database, where neither has a leap second. */
static void try_order(const struct gbtime *a, const struct gbtime *b)
{
    char a_sql[GBTIME_SQL_SIZE], b_sql[GBTIME_SQL_SIZE];
    int order = gbtime_compare(a, b);
    fuzz_expect(gbtime_compare(b, a) == -order && gbtime_compare(a, a) == 0);
    bool seconds = a->time_form == GBTIME_SECONDS && b->time_form == GBTIME_SECONDS;
    if (!seconds || a->second == 60 || b->second == 60 || !gbtime_sql(a_sql, a) || !gbtime_sql(b_sql, b))
        return;
    int texts = strcmp(a_sql, b_sql);
    fuzz_expect(texts == 0 || (texts < 0) == (order < 0));
}

static void try_pair(const char *text, size_t len, const char *other, size_t other_len, const struct gbtime_rules *rules)
{
    struct gbtime a, b;
    if (gbtime_read_datetime(text, len, rules, &a) != GBTIME_OK && gbtime_read_lenient(text, len, rules, &a) != GBTIME_OK)
        return;
    try_writing(&a);
    if (gbtime_read_datetime(other, other_len, rules, &b) == GBTIME_OK)
        try_order(&a, &b);
}

/* A duration is an interval by itself, and one that may be repeated. */
static void try_duration(const char *text, size_t len, const struct gbtime_rules *rules)
{
    char to[GBTIME_SPAN_SIZE], repeated[GBTIME_SPAN_SIZE];
    enum gbtime_reason why = gbtime_read_duration(text, len);
    fuzz_expect(why < GBTIME_REASON_N && gbtime_is_duration(text, len) == (why == GBTIME_OK));
    if (why != GBTIME_OK || gbtime_read_interval(text, len, rules, to) != GBTIME_OK || strlen(to) + 4 > GBTIME_SPAN_SIZE)
        return;
    fuzz_expect(gbtime_read_duration(to, strlen(to)) == GBTIME_OK);
    memcpy(repeated, "R2/", 3);
    memcpy(repeated + 3, to, strlen(to) + 1);
    fuzz_expect(gbtime_read_recurrence(repeated, strlen(repeated), rules, to) == GBTIME_OK && strcmp(repeated, to) == 0);
}

static void try_shift(const char *text, size_t len)
{
    int shift;
    if (gbtime_read_shift(text, len, &shift) == GBTIME_OK)
        fuzz_expect(shift > -1440 && shift < 1440);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int shifts[] = {GBTIME_CHINA_SHIFT, 0, -720, 840, 345, -210, 1439, -1439};
    if (size < HEAD)
        return 0;
    /* The high bits of the second byte: whether a shift is assumed. */
    const struct gbtime_rules rules = {.forms = data[0] | (data[1] & 0xFU) << 8, .assume = (data[1] & 0x10) != 0,
                                       .shift = shifts[data[2] % 8]};
    size_t len = size - HEAD;
    char *text = malloc(len + 1);
    fuzz_expect(text != NULL);
    memcpy(text, data + HEAD, len);
    text[len] = '\0';
    size_t first = strlen(text);
    const char *other = first < len ? text + first + 1 : text;
    for (enum kind kind = DATE; kind < KIND_N; kind++)
        try_kind(text, len, &rules, kind);
    try_pair(text, first, other, first < len ? len - first - 1 : first, &rules);
    try_duration(text, len, &rules);
    try_shift(text, len);
    free(text);
    return 0;
}
