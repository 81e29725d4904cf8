/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "sfield.h"

#include <string.h>

#include "buf.h"
#include "enc.h"
#include "num.h"

#include "poison.h"

#define INTEGER_DIGITS 15
#define DECIMAL_DIGITS 12
#define FRACTION_DIGITS 3

static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
static const char digits[] = "0123456789";
static const char key_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789_-.*";
static const char token_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~:/";
static const char base64_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

static bool is_in(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static bool at_end(const struct sfield *s)
{
    return s->p == s->end;
}

static bool next_is(const struct sfield *s, char c)
{
    return s->p < s->end && *s->p == c;
}

static void skip(struct sfield *s, const char *set)
{
    while (s->p < s->end && is_in(*s->p, set))
        s->p++;
}

void sfield_begin(struct sfield *s, const char *text, size_t len)
{
    *s = (struct sfield){.p = text, .end = text + len};
    skip(s, " ");
}

bool sfield_is(const struct sfield_text *piece, const char *text)
{
    return piece->len == strlen(text) && memcmp(piece->text, text, piece->len) == 0;
}

static int read_key(struct sfield *s, struct sfield_text *out)
{
    const char *start = s->p;
    if (at_end(s) || (!is_in(*s->p, lower) && *s->p != '*'))
        return -1;
    skip(s, key_chars);
    *out = (struct sfield_text){start, (size_t)(s->p - start)};
    return 1;
}

static int read_string(struct sfield *s, struct sfield_item *out)
{
    const char *start = ++s->p;
    out->kind = SFIELD_STRING;
    for (; !at_end(s) && *s->p != '"'; s->p++) {
        if (*s->p < ' ' || *s->p > '~')
            return -1;
        if (*s->p != '\\')
            continue;
        out->escaped = true;
        s->p++;
        if (at_end(s) || (*s->p != '"' && *s->p != '\\'))
            return -1;
    }
    if (at_end(s))
        return -1;
    out->text = (struct sfield_text){start, (size_t)(s->p - start)};
    s->p++;
    return 1;
}

static int read_bytes(struct sfield *s, struct sfield_item *out)
{
    const char *start = ++s->p;
    out->kind = SFIELD_BYTES;
    skip(s, base64_chars);
    out->text = (struct sfield_text){start, (size_t)(s->p - start)};
    if (!next_is(s, ':'))
        return -1;
    s->p++;
    return 1;
}

static int read_boolean(struct sfield *s, struct sfield_item *out)
{
    const char *start = s->p++;
    out->kind = SFIELD_BOOLEAN;
    if (!next_is(s, '0') && !next_is(s, '1'))
        return -1;
    out->number = *s->p++ - '0';
    out->text = (struct sfield_text){start, 2};
    return 1;
}

static int read_number(struct sfield *s, struct sfield_item *out)
{
    const char *start = s->p;
    if (*s->p == '-')
        s->p++;
    const char *first = s->p;
    skip(s, digits);
    size_t whole = (size_t)(s->p - first);
    bool decimal = next_is(s, '.');
    size_t fraction = 0;
    if (decimal) {
        const char *point = s->p++;
        skip(s, digits);
        fraction = (size_t)(s->p - point) - 1;
    }
    out->kind = decimal ? SFIELD_DECIMAL : SFIELD_INTEGER;
    out->text = (struct sfield_text){start, (size_t)(s->p - start)};
    if (decimal)
        return whole > 0 && whole <= DECIMAL_DIGITS && fraction > 0 && fraction <= FRACTION_DIGITS ? 1 : -1;
    return whole <= INTEGER_DIGITS && num_parse(start, out->text.len, INT64_MIN, INT64_MAX, &out->number) ? 1 : -1;
}

int sfield_bare_item(struct sfield *s, struct sfield_item *out)
{
    *out = (struct sfield_item){.kind = SFIELD_TOKEN};
    if (at_end(s))
        return -1;
    char c = *s->p;
    if (c == '"')
        return read_string(s, out);
    if (c == ':')
        return read_bytes(s, out);
    if (c == '?')
        return read_boolean(s, out);
    if (c == '-' || is_in(c, digits))
        return read_number(s, out);
    if ((c < 'A' || c > 'Z') && !is_in(c, lower) && c != '*')
        return -1;
    const char *start = s->p;
    skip(s, token_chars);
    out->text = (struct sfield_text){start, (size_t)(s->p - start)};
    return 1;
}

bool sfield_bytes(const struct sfield_text *value, unsigned char *to, size_t size)
{
    struct sfield s;
    struct sfield_item item;
    struct buf bytes;
    sfield_begin(&s, value->text, value->len);
    if (sfield_bare_item(&s, &item) != 1 || item.kind != SFIELD_BYTES)
        return false;
    buf_init(&bytes, size);
    bool good = enc_base64_decode(&bytes, item.text.text, item.text.len) && !buf_failed(&bytes) && bytes.len == size;
    if (good)
        memcpy(to, bytes.data, size);
    buf_free(&bytes);
    return good;
}

int sfield_parameter(struct sfield *s, struct sfield_text *key_out, struct sfield_item *value_out)
{
    if (!next_is(s, ';'))
        return 0;
    s->p++;
    skip(s, " ");
    *value_out = (struct sfield_item){.kind = SFIELD_BOOLEAN, .text = {"?1", 2}, .number = 1};
    if (read_key(s, key_out) < 0)
        return -1;
    if (!next_is(s, '='))
        return 1;
    s->p++;
    return sfield_bare_item(s, value_out);
}

static int skip_parameters(struct sfield *s)
{
    struct sfield_text key;
    struct sfield_item value;
    int got;
    while ((got = sfield_parameter(s, &key, &value)) == 1)
        continue;
    return got;
}

int sfield_inner_item(struct sfield *s, bool first, struct sfield_item *out)
{
    if (first && !next_is(s, '('))
        return -1;
    const char *before = s->p;
    s->p += first ? 1 : 0;
    skip(s, " ");
    if (next_is(s, ')')) {
        s->p++;
        return 0;
    }
    if (!first && s->p == before) /* two items with nothing between them */
        return -1;
    return sfield_bare_item(s, out);
}

static int skip_inner_list(struct sfield *s)
{
    struct sfield_item item;
    int got = sfield_inner_item(s, true, &item);
    while (got == 1)
        got = skip_parameters(s) == 0 ? sfield_inner_item(s, false, &item) : -1;
    return got;
}

/* Between members: a comma with white space around it, and something behind it. */
static int skip_comma(struct sfield *s)
{
    skip(s, " \t");
    if (at_end(s))
        return 0;
    if (*s->p != ',')
        return -1;
    s->p++;
    skip(s, " \t");
    return at_end(s) ? -1 : 0;
}

int sfield_member(struct sfield *s, struct sfield_member *out)
{
    struct sfield_item item;
    if (at_end(s))
        return 0;
    if (read_key(s, &out->key) < 0)
        return -1;
    int got = 0;
    bool has_value = next_is(s, '=');
    s->p += has_value ? 1 : 0;
    const char *start = s->p;
    if (has_value)
        got = next_is(s, '(') ? skip_inner_list(s) : sfield_bare_item(s, &item);
    if (got < 0 || skip_parameters(s) < 0)
        return -1;
    out->value = (struct sfield_text){start, (size_t)(s->p - start)};
    return skip_comma(s) < 0 ? -1 : 1;
}
