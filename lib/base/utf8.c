/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "utf8.h"

#include <string.h>

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

/* U+1000 to U+CFFF, and the full-width forms U+FF00 to U+FFBF. */
static bool is_cjk(const uint8_t *u)
{
    bool lead = (uint8_t)(u[0] - 0xE1) <= 0xEC - 0xE1 || (u[0] == 0xEF && (uint8_t)(u[1] - 0xBC) <= 0xBE - 0xBC);
    return lead && ((u[1] ^ 0x80) | (u[2] ^ 0x80)) < 0x40;
}

size_t utf8_cjk_run(const char *p, const char *end)
{
    const uint8_t *u = (const uint8_t *)p;
    size_t room = (size_t)(end - p);
    size_t len = 0;
    while (room - len >= 3 && is_cjk(u + len))
        len += 3;
    return len;
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

struct range {
    uint32_t first, last;
};

static bool is_within(const struct range *ranges, size_t count, uint32_t point)
{
    for (size_t i = 0; i < count; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

#define IS_WITHIN(ranges, point) is_within(ranges, sizeof(ranges) / sizeof((ranges)[0]), point)

bool utf8_is_control(uint32_t point)
{
    static const struct range controls[] = {{0, 0x1F},        {0x7F, 0x9F},     {0x061C, 0x061C},
                                            {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}};
    return IS_WITHIN(controls, point);
}

static bool has(const char *text, size_t len, bool (*is)(uint32_t point))
{
    bool partial;
    size_t n;
    for (const char *end = text + len; text < end; text += n) {
        n = utf8_char(text, end, &partial);
        if (n == 0 || is(utf8_point(text, n)))
            return true;
    }
    return false;
}

bool utf8_has_control(const char *text, size_t len)
{
    return has(text, len, utf8_is_control);
}

bool utf8_has_noncharacter(const char *text, size_t len)
{
    return has(text, len, utf8_is_noncharacter);
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

/* Of Unicode's EastAsianWidth.txt the ranges that are W or F, joined over gaps that are not assigned. */
static size_t point_width(uint32_t point)
{
    static const struct range marks[] = {{0x0300, 0x036F}, {0x200B, 0x200D}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}};
    static const struct range wide[] = {
        {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},
        {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},
        {0xFFE0, 0xFFE6},   {0x17000, 0x18CFF}, {0x1B000, 0x1B2FB}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
        {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
    };
    if (point < 0x0300)
        return 1;
    return IS_WITHIN(marks, point) ? 0 : IS_WITHIN(wide, point) ? 2 : 1;
}

/* Walks over the text until max_width columns are full. Returns the bytes and tells the columns. */
static size_t measure(const char *text, size_t len, size_t max_width, size_t *width_out)
{
    const char *end = text + len;
    const char *p = text;
    *width_out = 0;
    while (p < end) {
        bool partial;
        size_t n = utf8_char(p, end, &partial);
        size_t width = n == 0 ? 1 : point_width(utf8_point(p, n));
        if (width > max_width - *width_out)
            break;
        *width_out += width;
        p += n == 0 ? 1 : n;
    }
    return (size_t)(p - text);
}

size_t utf8_width(const char *text, size_t len)
{
    size_t width;
    (void)measure(text, len, SIZE_MAX, &width);
    return width;
}

size_t utf8_fit(const char *text, size_t len, size_t max_width)
{
    size_t width;
    return measure(text, len, max_width, &width);
}

size_t utf8_clean(char *to, size_t max, const char *text, size_t len)
{
    size_t at = 0;
    const char *end = text + len;
    while (text < end) {
        bool partial;
        size_t n = utf8_char(text, end, &partial);
        uint32_t point = n == 0 ? 0 : utf8_point(text, n);
        bool good = n > 0 && !utf8_is_control(point) && !utf8_is_noncharacter(point);
        size_t size = good ? n : 1;
        if (at + size > max)
            break;
        if (good)
            memcpy(to + at, text, n);
        else
            to[at] = '?';
        at += size;
        text += n == 0 ? 1 : n;
    }
    return at;
}
