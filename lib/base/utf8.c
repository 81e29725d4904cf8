/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "utf8.h"

#include "poison.h"

/* The forms of Unicode's table 3-7: range of the lead byte, range of the second byte, length. */
static const struct form {
    uint8_t lead_min, lead_max, second_min, second_max;
    uint8_t len;
} forms[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2},
    {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3},
    {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4},
    {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static bool is_tail(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

static size_t match_form(const struct form *f, const uint8_t *p, size_t room, bool *partial_out)
{
    if (room < 2) {
        *partial_out = true;
        return 0;
    }
    if (p[1] < f->second_min || p[1] > f->second_max)
        return 0;
    for (size_t i = 2; i < f->len; i++) {
        if (i >= room) {
            *partial_out = true;
            return 0;
        }
        if (!is_tail(p[i]))
            return 0;
    }
    return f->len;
}

size_t utf8_char(const char *p, const char *end, bool *partial_out)
{
    const uint8_t *u = (const uint8_t *)p;
    size_t room = (size_t)(end - p);
    *partial_out = false;
    if (u[0] < 0x80)
        return 1;
    /* CJK text is made of these leads: try them before the table. */
    if (u[0] >= 0xE1 && u[0] <= 0xEC && room >= 3)
        return is_tail(u[1]) && is_tail(u[2]) ? 3 : 0;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        if (u[0] >= forms[i].lead_min && u[0] <= forms[i].lead_max)
            return match_form(&forms[i], u, room, partial_out);
    return 0;
}

uint32_t utf8_point(const char *p, size_t char_len)
{
    const uint8_t *u = (const uint8_t *)p;
    static const uint8_t lead_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t point = u[0] & lead_mask[char_len];
    for (size_t i = 1; i < char_len; i++)
        point = point << 6 | (u[i] & 0x3Fu);
    return point;
}

size_t utf8_put(char *to, uint32_t point)
{
    uint8_t *u = (uint8_t *)to;
    if (point < 0x80) {
        u[0] = (uint8_t)point;
        return 1;
    }
    size_t len = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const uint8_t lead_bits[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = len - 1; i > 0; i--) {
        u[i] = (uint8_t)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    u[0] = (uint8_t)(lead_bits[len] | point);
    return len;
}

bool utf8_is_noncharacter(uint32_t point)
{
    return (point >= 0xFDD0 && point <= 0xFDEF) || (point & 0xFFFE) == 0xFFFE;
}

bool utf8_is_control(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0, 0x1F}, {0x7F, 0x9F}, {0x061C, 0x061C}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}};
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

bool utf8_has_control(const char *text, size_t len)
{
    bool partial;
    size_t n;
    for (const char *end = text + len; text < end; text += n) {
        n = utf8_char(text, end, &partial);
        if (n == 0 || utf8_is_control(utf8_point(text, n)))
            return true;
    }
    return false;
}

bool utf8_is_valid(const char *text, size_t len)
{
    const char *end = text + len;
    for (const char *p = text; p < end;) {
        bool partial;
        size_t n = utf8_char(p, end, &partial);
        if (n == 0)
            return false;
        p += n;
    }
    return true;
}

size_t utf8_count(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        count += !is_tail((uint8_t)text[i]);
    return count;
}

size_t utf8_prefix(const char *text, size_t len, size_t max_chars)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++)
        if (!is_tail((uint8_t)text[i]) && count++ == max_chars)
            return i;
    return len;
}
