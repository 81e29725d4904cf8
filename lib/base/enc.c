/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "enc.h"

#include <string.h>

#include "utf8.h"

#include "poison.h"

static const char base64_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int base64_value(char c)
{
    const char *at = c == '\0' ? NULL : strchr(base64_letters, c);
    return at == NULL ? -1 : (int)(at - base64_letters);
}

void enc_base64(struct buf *to, const void *bytes, size_t len)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < len; i += 3) {
        unsigned three = (unsigned)p[i] << 16 | (i + 1 < len ? (unsigned)p[i + 1] << 8 : 0) | (i + 2 < len ? p[i + 2] : 0);
        buf_add_char(to, base64_letters[three >> 18]);
        buf_add_char(to, base64_letters[three >> 12 & 63]);
        buf_add_char(to, i + 1 < len ? base64_letters[three >> 6 & 63] : '=');
        buf_add_char(to, i + 2 < len ? base64_letters[three & 63] : '=');
    }
}

bool enc_base64_decode(struct buf *to, const char *text, size_t len)
{
    if (len % 4 == 0)
        for (int i = 0; i < 2 && len > 0 && text[len - 1] == '='; i++)
            len--;
    if (len % 4 == 1)
        return false;
    unsigned bits = 0;
    int held = 0;
    for (size_t i = 0; i < len; i++) {
        int value = base64_value(text[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (unsigned)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            buf_add_char(to, (char)(bits >> held & 0xFF));
        }
    }
    return (bits & ((1u << held) - 1)) == 0;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool enc_percent_decode(struct buf *to, const char *text, size_t len, bool plus_is_space)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '+' && plus_is_space) {
            buf_add_char(to, ' ');
        } else if (text[i] == '%') {
            int high = i + 2 < len ? hex_value(text[i + 1]) : -1;
            int low = i + 2 < len ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            buf_add_char(to, (char)(high << 4 | low));
            i += 2;
        } else {
            buf_add_char(to, text[i]);
        }
    }
    return true;
}

bool enc_hex_decode(struct buf *to, const char *text, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2) {
        int high = hex_value(text[i]);
        int low = hex_value(text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        buf_add_char(to, (char)(high << 4 | low));
    }
    return len % 2 == 0;
}

void enc_hex(struct buf *to, const void *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = bytes;
    for (size_t i = 0; i < len; i++) {
        buf_add_char(to, digits[p[i] >> 4]);
        buf_add_char(to, digits[p[i] & 15]);
    }
}

static void add_json_byte(struct buf *to, unsigned char c)
{
    static const char names[] = "btnvfr"; /* of 8 to 13; JSON has no \v */
    if (c == '"' || c == '\\')
        buf_printf(to, "\\%c", c);
    else if (c >= 8 && c <= 13 && c != 11)
        buf_printf(to, "\\%c", names[c - 8]);
    else if (c < 0x20)
        buf_printf(to, "\\u%04x", c);
    else
        buf_add_char(to, (char)c);
}

void enc_json(struct buf *to, const char *text, size_t len)
{
    buf_add_char(to, '"');
    for (size_t i = 0; i < len; i++)
        add_json_byte(to, (unsigned char)text[i]);
    buf_add_char(to, '"');
}

void enc_json_plain(struct buf *to, const char *text, size_t len)
{
    buf_add_char(to, '"');
    for (const char *end = text + len; text < end;) {
        bool partial;
        size_t n = utf8_char(text, end, &partial);
        uint32_t point = n > 1 || *text == 0x7F ? utf8_point(text, n) : 0;
        if (point != 0 && utf8_is_control(point)) { /* all of them have four digits at most */
            buf_printf(to, "\\u%04x", (unsigned)point);
        } else if (n > 1) {
            buf_add(to, text, n);
        } else {
            add_json_byte(to, (unsigned char)*text);
        }
        text += n > 1 ? n : 1;
    }
    buf_add_char(to, '"');
}
