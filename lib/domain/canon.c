/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "canon.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "scan.h"

#include "poison.h"

/* A member of an object that is being put in order. Names with escapes are decoded into memory of their own. */
struct member {
    const char *name; /* the text that orders it */
    size_t name_len;
    char *decoded; /* owned, or NULL */
    const char *raw_name;
    size_t raw_name_len;
    const char *value, *value_end;
};

struct members {
    struct member *items;
    size_t count, size;
};

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    return p;
}

/* Where the string that starts at p (its quote) ends, quote included. */
static const char *string_end(const char *p, const char *end)
{
    for (p++; p < end; p++) {
        p = memchr(p, '"', (size_t)(end - p));
        if (p == NULL)
            return end;
        size_t backslashes = 0;
        while (p[-1 - (long)backslashes] == '\\')
            backslashes++;
        if (backslashes % 2 == 0)
            return p + 1;
    }
    return end;
}

static const char *value_end(const char *p, const char *end)
{
    int depth = 0;
    while (p < end) {
        if (*p == '"') {
            p = string_end(p, end);
        } else if (*p == '{' || *p == '[') {
            depth++;
            p++;
        } else if (*p == '}' || *p == ']') {
            if (depth == 0)
                return p;
            depth--;
            p++;
        } else if (depth == 0 && (*p == ',' || *p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) {
            return p;
        } else {
            p++;
            continue;
        }
        if (depth == 0)
            return p;
    }
    return end;
}

/* Where the canonical form is written: into room for as many bytes as were read, since it is never longer. Each escape that goes
 * gives at least as many bytes as the character takes, and one that stays was written at least as long. */
struct out {
    char *p;
    bool failed; /* memory was short */
};

static void put_char(struct out *out, char c)
{
    *out->p++ = c;
}

static void put(struct out *out, const char *bytes, size_t len)
{
    memcpy(out->p, bytes, len);
    out->p += len;
}

static void write_text(struct out *out, const char *text, size_t len)
{
    static const char letters[] = "\b\f\n\r\t\"\\";
    static const char escapes[] = "bfnrt\"\\";
    static const char digits[] = "0123456789abcdef";
    for (const char *end = text + len; text < end; text++) {
        unsigned char c = (unsigned char)*text;
        const char *letter = c == '\0' ? NULL : strchr(letters, *text);
        if (letter != NULL) {
            put_char(out, '\\');
            put_char(out, escapes[letter - letters]);
        } else if (c < 0x20) {
            put(out, "\\u00", 4);
            put_char(out, digits[c >> 4]);
            put_char(out, digits[c & 15]);
        } else {
            put_char(out, *text);
        }
    }
}

/* Writes a string given by what stands between its quotes. */
static void write_string(struct out *out, const char *raw, size_t len)
{
    put_char(out, '"');
    if (memchr(raw, '\\', len) == NULL) {
        put(out, raw, len);
    } else {
        struct buf text;
        buf_init(&text, len);
        scan_decode(&text, raw, len);
        out->failed = out->failed || buf_failed(&text);
        if (!out->failed)
            write_text(out, buf_text(&text), text.len);
        buf_free(&text);
    }
    put_char(out, '"');
}

static struct member *add_member(struct members *m)
{
    if (m->count == m->size) {
        size_t size = m->size == 0 ? 32 : m->size * 2;
        struct member *items = realloc(m->items, size * sizeof(*items));
        if (items == NULL)
            return NULL;
        m->items = items;
        m->size = size;
    }
    m->items[m->count] = (struct member){0};
    return &m->items[m->count++];
}

static bool set_name(struct member *m, const char *raw, size_t len)
{
    m->name = m->raw_name = raw;
    m->name_len = m->raw_name_len = len;
    if (memchr(raw, '\\', len) == NULL)
        return true;
    struct buf text;
    buf_init(&text, len);
    scan_decode(&text, raw, len);
    m->name_len = text.len;
    m->name = m->decoded = text.data; /* ownership moves to the member */
    return !buf_failed(&text) && text.data != NULL;
}

static int compare_members(const void *a, const void *b)
{
    const struct member *left = a;
    const struct member *right = b;
    size_t shared = left->name_len < right->name_len ? left->name_len : right->name_len;
    int order = memcmp(left->name, right->name, shared);
    return order != 0 ? order : (left->name_len > shared) - (right->name_len > shared);
}

/* Collects the members of the object that opens at p. */
static const char *read_members(struct out *out, struct members *m, const char *p, const char *end)
{
    p = skip_space(p + 1, end);
    while (p < end && *p != '}') {
        struct member *member = add_member(m);
        const char *name_end = string_end(p, end);
        if (member == NULL || !set_name(member, p + 1, (size_t)(name_end - p) - 2)) {
            out->failed = true;
            return end;
        }
        p = skip_space(name_end, end);   /* at the colon */
        p = skip_space(p + 1, end);      /* at the value */
        member->value = p;
        member->value_end = p = value_end(p, end);
        p = skip_space(p, end);
        if (p < end && *p == ',')
            p = skip_space(p + 1, end);
    }
    return p + 1;
}

static const char *write_container(struct out *out, const char *p, const char *end);

/* Writes the value that goes from p to stop. */
static void write_value(struct out *out, const char *p, const char *stop)
{
    if (*p == '{' || *p == '[')
        (void)write_container(out, p, stop);
    else if (*p == '"')
        write_string(out, p + 1, (size_t)(stop - p) - 2);
    else
        put(out, p, (size_t)(stop - p));
}

static const char *write_object(struct out *out, const char *p, const char *end)
{
    struct members m = {0};
    p = read_members(out, &m, p, end);
    if (m.count > 1)
        qsort(m.items, m.count, sizeof(*m.items), compare_members);
    put_char(out, '{');
    for (size_t i = 0; i < m.count && !out->failed; i++) {
        if (i > 0)
            put_char(out, ',');
        write_string(out, m.items[i].raw_name, m.items[i].raw_name_len);
        put_char(out, ':');
        write_value(out, m.items[i].value, m.items[i].value_end);
    }
    put_char(out, '}');
    for (size_t i = 0; i < m.count; i++)
        free(m.items[i].decoded);
    free(m.items);
    return p;
}

static const char *write_array(struct out *out, const char *p, const char *end)
{
    put_char(out, '[');
    p = skip_space(p + 1, end);
    while (p < end && *p != ']' && !out->failed) {
        const char *stop = value_end(p, end);
        write_value(out, p, stop);
        p = skip_space(stop, end);
        if (p < end && *p == ',') {
            put_char(out, ',');
            p = skip_space(p + 1, end);
        }
    }
    put_char(out, ']');
    return p + 1;
}

static const char *write_container(struct out *out, const char *p, const char *end)
{
    return *p == '{' ? write_object(out, p, end) : write_array(out, p, end);
}

void canon_write(struct buf *to, const char *json, size_t len)
{
    const char *end = json + len;
    const char *p = skip_space(json, end);
    struct out out = {.p = buf_reserve(to, len)};
    if (p == end || out.p == NULL)
        return;
    write_value(&out, p, value_end(p, end));
    to->len = (size_t)(out.p - to->data);
    to->data[to->len] = '\0';
    to->failed = to->failed || out.failed;
}
