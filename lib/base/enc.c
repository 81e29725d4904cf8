/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "enc.h"

#include <string.h>

#include "poison.h"

static int base64_value(char c)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(alphabet, c);
    return at == NULL ? -1 : (int)(at - alphabet);
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
