/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "num.h"

#include <string.h>

#include "poison.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool num_parse(const char *text, size_t len, int64_t min, int64_t max, int64_t *value_out)
{
    bool negative = len > 0 && text[0] == '-';
    size_t i = negative ? 1 : 0;
    if (i == len)
        return false;
    int64_t value = 0; /* counted downwards, since INT64_MIN has no positive twin */
    for (; i < len; i++) {
        if (!is_digit(text[i]))
            return false;
        int digit = text[i] - '0';
        if (value < (INT64_MIN + digit) / 10)
            return false;
        value = value * 10 - digit;
    }
    if (!negative) {
        if (value == INT64_MIN)
            return false;
        value = -value;
    }
    if (value < min || value > max)
        return false;
    *value_out = value;
    return true;
}

bool num_digits(const char *p, size_t digits, int *value_out)
{
    int value = 0;
    for (size_t i = 0; i < digits; i++) {
        if (!is_digit(p[i]))
            return false;
        value = value * 10 + (p[i] - '0');
    }
    *value_out = value;
    return true;
}

void num_put(char *to, unsigned value, size_t digits)
{
    for (; digits > 0; value /= 10)
        to[--digits] = (char)('0' + value % 10);
}

bool num_is_decimal(const char *text, size_t len, size_t max_digits)
{
    size_t i = len > 0 && text[0] == '-' ? 1 : 0;
    size_t whole = 0;
    size_t fraction = 0;
    size_t first = i;
    while (i < len && is_digit(text[i])) {
        whole++;
        i++;
    }
    if (whole == 0 || (whole > 1 && text[first] == '0'))
        return false;
    if (i < len && text[i] == '.') {
        i++;
        while (i < len && is_digit(text[i])) {
            fraction++;
            i++;
        }
        if (fraction == 0)
            return false;
    }
    return i == len && whole + fraction <= max_digits;
}

/* A plain decimal in parts: sign, whole digits without leading zeros, fraction without trailing zeros. */
struct parts {
    bool negative;
    const char *whole, *fraction;
    size_t whole_len, fraction_len;
};

static struct parts split(const char *text, size_t len)
{
    struct parts p = {.negative = len > 0 && text[0] == '-'};
    const char *end = text + len;
    p.whole = text + (p.negative ? 1 : 0);
    const char *point = memchr(p.whole, '.', (size_t)(end - p.whole));
    const char *whole_end = point == NULL ? end : point;
    p.fraction = point == NULL ? end : point + 1;
    while (p.whole < whole_end && *p.whole == '0')
        p.whole++;
    while (end > p.fraction && end[-1] == '0')
        end--;
    p.whole_len = (size_t)(whole_end - p.whole);
    p.fraction_len = (size_t)(end - p.fraction);
    if (p.whole_len == 0 && p.fraction_len == 0)
        p.negative = false;
    return p;
}

static int compare_size(const struct parts *a, const struct parts *b)
{
    if (a->whole_len != b->whole_len)
        return a->whole_len < b->whole_len ? -1 : 1;
    int order = memcmp(a->whole, b->whole, a->whole_len);
    if (order != 0)
        return order;
    size_t shared = a->fraction_len < b->fraction_len ? a->fraction_len : b->fraction_len;
    order = memcmp(a->fraction, b->fraction, shared);
    if (order != 0)
        return order;
    return (a->fraction_len > shared) - (b->fraction_len > shared);
}

int num_compare(const char *a, size_t a_len, const char *b, size_t b_len)
{
    struct parts left = split(a, a_len);
    struct parts right = split(b, b_len);
    if (left.negative != right.negative)
        return left.negative ? -1 : 1;
    int order = compare_size(&left, &right);
    return left.negative ? -order : order;
}
