/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "scan.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "utf8.h"

#include "poison.h"

#define TEXT_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* A member name that has been seen, decoded where it had escapes. */
struct scan_name {
    uint32_t hash;
    uint32_t len;
    const char *raw;  /* in the bytes being scanned */
    uint32_t raw_len; /* of the raw form */
    bool escaped;
};

int scan_init(struct scan *s)
{
    *s = (struct scan){0};
    buf_init(&s->decoded, TEXT_MAX_BYTES);
    buf_init(&s->name_text, TEXT_MAX_BYTES);
    s->names = calloc(SCAN_NAMES_MAX, sizeof(*s->names));
    return s->names == NULL ? -1 : 0;
}

void scan_free(struct scan *s)
{
    buf_free(&s->decoded);
    buf_free(&s->name_text);
    free(s->names);
    s->names = NULL;
}

void scan_begin(struct scan *s, const char *bytes, size_t len, bool final, int depth)
{
    s->p = bytes;
    s->end = bytes + len;
    s->final = final;
    s->depth = depth;
    s->stop = SCAN_OK;
    s->why = MSG_NONE;
    s->at = bytes;
    s->name_count = 0;
}

bool scan_fail(struct scan *s, enum msg_id why, const char *at)
{
    s->stop = SCAN_BAD;
    s->why = why;
    s->at = at;
    return false;
}

/* The bytes are used up: more may come, or the JSON is cut off. */
static bool out_of_bytes(struct scan *s)
{
    if (s->final)
        return scan_fail(s, MSG_JSON_ENDS, s->end);
    s->stop = SCAN_MORE;
    s->at = s->end;
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool scan_peek(struct scan *s, char *next_out)
{
    while (s->p < s->end && is_space(*s->p))
        s->p++;
    if (s->p == s->end)
        return out_of_bytes(s);
    *next_out = *s->p;
    return true;
}

bool scan_kind(struct scan *s, enum scan_kind *kind_out)
{
    char next;
    if (!scan_peek(s, &next))
        return false;
    switch (next) {
    case '"': *kind_out = SCAN_STRING; return true;
    case '{': *kind_out = SCAN_OBJECT; return true;
    case '[': *kind_out = SCAN_ARRAY; return true;
    case 't': *kind_out = SCAN_TRUE; return true;
    case 'f': *kind_out = SCAN_FALSE; return true;
    case 'n': *kind_out = SCAN_NULL; return true;
    default:
        if (next != '-' && !is_digit(next))
            return scan_fail(s, MSG_JSON_SYNTAX, s->p);
        *kind_out = SCAN_NUMBER;
        return true;
    }
}

/* Reads the four digits of a \u escape at p. 1 read, 0 not there yet, -1 not hexadecimal. */
static int read_hex4(const char *p, const char *end, uint32_t *value_out)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        if (p + i == end)
            return 0;
        char c = p[i];
        uint32_t digit;
        if (is_digit(c))
            digit = (uint32_t)(c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            digit = (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return -1;
        value = value << 4 | digit;
    }
    *value_out = value;
    return 1;
}

static bool is_high_surrogate(uint32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low_surrogate(uint32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

static uint32_t join_surrogates(uint32_t high, uint32_t low)
{
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

/* Checks a \uXXXX escape (or a pair of them) whose backslash is at *p and moves *p behind it. */
static bool check_unicode_escape(struct scan *s, const char **p)
{
    const char *start = *p;
    uint32_t unit;
    int got = read_hex4(start + 2, s->end, &unit);
    if (got <= 0)
        return got == 0 ? out_of_bytes(s) : scan_fail(s, MSG_JSON_ESCAPE, start);
    *p = start + 6;
    if (unit == 0)
        return scan_fail(s, MSG_JSON_NUL, start);
    if (is_low_surrogate(unit))
        return scan_fail(s, MSG_JSON_SURROGATE, start);
    if (is_high_surrogate(unit)) {
        uint32_t low;
        for (int i = 0; i < 2; i++) {
            if (*p + i == s->end)
                return out_of_bytes(s);
            if ((*p)[i] != "\\u"[i])
                return scan_fail(s, MSG_JSON_SURROGATE, start);
        }
        got = read_hex4(*p + 2, s->end, &low);
        if (got <= 0)
            return got == 0 ? out_of_bytes(s) : scan_fail(s, MSG_JSON_ESCAPE, *p);
        if (!is_low_surrogate(low))
            return scan_fail(s, MSG_JSON_SURROGATE, start);
        *p += 6;
        unit = join_surrogates(unit, low);
    }
    return utf8_is_noncharacter(unit) ? scan_fail(s, MSG_JSON_NONCHARACTER, start) : true;
}

static bool check_escape(struct scan *s, const char **p)
{
    if (*p + 1 == s->end)
        return out_of_bytes(s);
    char c = (*p)[1];
    if (c == 'u')
        return check_unicode_escape(s, p);
    if (c == '\0' || strchr("\"\\/bfnrt", c) == NULL)
        return scan_fail(s, MSG_JSON_ESCAPE, *p);
    *p += 2;
    return true;
}

/* Moves over well-formed characters above ASCII; returns how many, or 0 with the scan stopped. */
static size_t skip_wide(struct scan *s, const char **p)
{
    size_t count = 0;
    const char *at = *p;
    while (at < s->end && (unsigned char)*at >= 0x80) {
        bool partial;
        size_t run = utf8_cjk_run(at, s->end);
        at += run;
        count += run / 3;
        if (run > 0)
            continue;
        size_t n = utf8_char(at, s->end, &partial);
        if (n == 0) {
            (void)(partial && !s->final ? out_of_bytes(s) : scan_fail(s, MSG_JSON_UTF8, at));
            return 0;
        }
        /* Noncharacters begin with EF (U+FDD0.., U+FFFE, U+FFFF) or take four bytes. */
        if ((unsigned char)*at >= 0xEF && utf8_is_noncharacter(utf8_point(at, n))) {
            (void)scan_fail(s, MSG_JSON_NONCHARACTER, at);
            return 0;
        }
        at += n;
        count++;
    }
    *p = at;
    return count;
}

bool scan_string(struct scan *s, struct scan_string *string_out)
{
    const char *start = s->p + 1;
    const char *p = start;
    size_t chars = 0;
    bool escaped = false;
    while (p < s->end) {
        unsigned char c = (unsigned char)*p;
        if (c == '"') {
            *string_out = (struct scan_string){
                .raw = start, .len = (size_t)(p - start), .chars = chars, .escaped = escaped};
            s->p = p + 1;
            return true;
        }
        if (c >= 0x80) {
            size_t wide = skip_wide(s, &p);
            if (wide == 0)
                return false;
            chars += wide;
        } else if (c == '\\') {
            escaped = true;
            if (!check_escape(s, &p))
                return false;
            chars++;
        } else if (c < 0x20) {
            return scan_fail(s, MSG_JSON_CONTROL, p);
        } else {
            p++;
            chars++;
        }
    }
    return out_of_bytes(s);
}

static bool skip_digits(struct scan *s, const char **p)
{
    const char *start = *p;
    while (*p < s->end && is_digit(**p))
        (*p)++;
    if (*p == s->end && !s->final)
        return out_of_bytes(s);
    return *p > start ? true : scan_fail(s, *p == s->end ? MSG_JSON_ENDS : MSG_JSON_NUMBER, s->p);
}

bool scan_number(struct scan *s, bool *integer_out)
{
    const char *p = s->p;
    *integer_out = true;
    if (*p == '-')
        p++;
    const char *whole = p;
    if (!skip_digits(s, &p))
        return false;
    if (*whole == '0' && p - whole > 1)
        return scan_fail(s, MSG_JSON_NUMBER, s->p);
    if (p < s->end && *p == '.') {
        *integer_out = false;
        p++;
        if (!skip_digits(s, &p))
            return false;
    }
    if (p < s->end && (*p == 'e' || *p == 'E')) {
        *integer_out = false;
        p++;
        if (p < s->end && (*p == '+' || *p == '-'))
            p++;
        if (!skip_digits(s, &p))
            return false;
    }
    s->p = p;
    return true;
}

bool scan_literal(struct scan *s, enum scan_kind kind)
{
    static const char *const words[SCAN_KIND_N] = {[SCAN_TRUE] = "true", [SCAN_FALSE] = "false", [SCAN_NULL] = "null"};
    const char *word = words[kind];
    const char *p = s->p;
    for (; *word != '\0'; word++, p++) {
        if (p == s->end)
            return out_of_bytes(s);
        if (*p != *word)
            return scan_fail(s, MSG_JSON_SYNTAX, s->p);
    }
    s->p = p;
    return true;
}

bool scan_open(struct scan *s, size_t *mark_out)
{
    if (s->depth == SCAN_DEPTH_MAX)
        return scan_fail(s, MSG_JSON_DEPTH, s->p);
    s->depth++;
    s->p++;
    *mark_out = s->name_count;
    return true;
}

static bool same_name(struct scan *s, const struct scan_name *seen, const char *text, size_t len)
{
    if (!seen->escaped)
        return seen->len == len && memcmp(seen->raw, text, len) == 0;
    buf_clear(&s->name_text);
    scan_decode(&s->name_text, seen->raw, seen->raw_len);
    return s->name_text.len == len && memcmp(buf_text(&s->name_text), text, len) == 0;
}

/* Remembers a name among those of its object (from mark on), or stops the scan where it stood there before. */
static bool remember_name(struct scan *s, size_t mark, const struct scan_string *name)
{
    size_t len;
    const char *text = scan_text(s, name, &len);
    if (text == NULL || s->name_count == SCAN_NAMES_MAX)
        return scan_fail(s, MSG_JSON_MEMBERS, name->raw);
    uint32_t hash = hash_bytes(text, len);
    for (size_t i = mark; i < s->name_count; i++)
        if (s->names[i].hash == hash && same_name(s, &s->names[i], text, len))
            return scan_fail(s, MSG_JSON_DUPLICATE, name->raw);
    s->names[s->name_count++] = (struct scan_name){.hash = hash, .len = (uint32_t)len, .raw = name->raw,
                                                   .raw_len = (uint32_t)name->len, .escaped = name->escaped};
    return true;
}

/* Handles what separates the parts of a container: a comma before all but the first, or its end. */
static bool step(struct scan *s, bool first, char close, bool *done_out)
{
    char next;
    if (!scan_peek(s, &next))
        return false;
    *done_out = next == close;
    if (*done_out) {
        s->p++;
        s->depth--;
        return true;
    }
    if (first)
        return true;
    if (next != ',')
        return scan_fail(s, MSG_JSON_SYNTAX, s->p);
    s->p++;
    return scan_peek(s, &next);
}

bool scan_member(struct scan *s, size_t mark, bool first, struct scan_string *name_out, bool *done_out)
{
    if (!step(s, first, '}', done_out))
        return false;
    if (*done_out) {
        s->name_count = mark;
        return true;
    }
    if (*s->p != '"')
        return scan_fail(s, MSG_JSON_SYNTAX, s->p);
    char next;
    if (!scan_string(s, name_out) || !remember_name(s, mark, name_out) || !scan_peek(s, &next))
        return false;
    if (next != ':')
        return scan_fail(s, MSG_JSON_SYNTAX, s->p);
    s->p++;
    return true;
}

bool scan_item(struct scan *s, bool first, bool *done_out)
{
    return step(s, first, ']', done_out);
}

static bool skip_container(struct scan *s, enum scan_kind kind)
{
    size_t mark;
    if (!scan_open(s, &mark))
        return false;
    for (bool first = true;; first = false) {
        struct scan_string name;
        bool done;
        if (!(kind == SCAN_OBJECT ? scan_member(s, mark, first, &name, &done) : scan_item(s, first, &done)))
            return false;
        if (done)
            return true;
        if (!scan_skip(s))
            return false;
    }
}

bool scan_skip(struct scan *s)
{
    enum scan_kind kind;
    struct scan_string string;
    bool integer;
    if (!scan_kind(s, &kind))
        return false;
    switch (kind) {
    case SCAN_STRING:
        return scan_string(s, &string);
    case SCAN_NUMBER:
        return scan_number(s, &integer);
    case SCAN_OBJECT:
    case SCAN_ARRAY:
        return skip_container(s, kind);
    case SCAN_TRUE:
    case SCAN_FALSE:
    case SCAN_NULL:
    case SCAN_KIND_N:
        break;
    }
    return scan_literal(s, kind);
}

/* Appends what the escape at p stands for; returns where it ends. */
static const char *decode_escape(struct buf *to, const char *p)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    if (p[1] != 'u') {
        buf_add_char(to, values[strchr(letters, p[1]) - letters]);
        return p + 2;
    }
    uint32_t point = 0;
    (void)read_hex4(p + 2, p + 6, &point);
    p += 6;
    if (is_high_surrogate(point)) {
        uint32_t low = 0;
        (void)read_hex4(p + 2, p + 6, &low);
        point = join_surrogates(point, low);
        p += 6;
    }
    char utf8[4];
    buf_add(to, utf8, utf8_put(utf8, point));
    return p;
}

void scan_decode(struct buf *to, const char *raw, size_t len)
{
    const char *end = raw + len;
    while (raw < end) {
        const char *escape = memchr(raw, '\\', (size_t)(end - raw));
        const char *plain_end = escape == NULL ? end : escape;
        buf_add(to, raw, (size_t)(plain_end - raw));
        raw = escape == NULL ? end : decode_escape(to, escape);
    }
}

const char *scan_text(struct scan *s, const struct scan_string *string, size_t *len_out)
{
    if (!string->escaped) {
        *len_out = string->len;
        return string->raw;
    }
    buf_clear(&s->decoded);
    scan_decode(&s->decoded, string->raw, string->len);
    *len_out = s->decoded.len;
    return buf_failed(&s->decoded) ? NULL : buf_text(&s->decoded);
}
