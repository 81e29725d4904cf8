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

static void write_text(struct buf *to, const char *text, size_t len)
{
    static const char letters[] = "\b\f\n\r\t\"\\";
    static const char escapes[] = "bfnrt\"\\";
    for (const char *end = text + len; text < end; text++) {
        unsigned char c = (unsigned char)*text;
        const char *letter = c == '\0' ? NULL : strchr(letters, *text);
        if (letter != NULL) {
            buf_add_char(to, '\\');
            buf_add_char(to, escapes[letter - letters]);
        } else if (c < 0x20) {
            buf_printf(to, "\\u%04x", c);
        } else {
            buf_add_char(to, *text);
        }
    }
}

/* Writes a string given by what stands between its quotes. */
static void write_string(struct buf *to, const char *raw, size_t len)
{
    buf_add_char(to, '"');
    if (memchr(raw, '\\', len) == NULL) {
        buf_add(to, raw, len);
    } else {
        struct buf text;
        buf_init(&text, len);
        scan_decode(&text, raw, len);
        write_text(to, buf_text(&text), text.len);
        to->failed = to->failed || buf_failed(&text);
        buf_free(&text);
    }
    buf_add_char(to, '"');
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
static const char *read_members(struct buf *to, struct members *m, const char *p, const char *end)
{
    p = skip_space(p + 1, end);
    while (p < end && *p != '}') {
        struct member *member = add_member(m);
        const char *name_end = string_end(p, end);
        if (member == NULL || !set_name(member, p + 1, (size_t)(name_end - p) - 2)) {
            to->failed = true;
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

static const char *write_value(struct buf *to, const char *p, const char *end);

static const char *write_object(struct buf *to, const char *p, const char *end)
{
    struct members m = {0};
    p = read_members(to, &m, p, end);
    if (m.count > 1)
        qsort(m.items, m.count, sizeof(*m.items), compare_members);
    buf_add_char(to, '{');
    for (size_t i = 0; i < m.count && !to->failed; i++) {
        if (i > 0)
            buf_add_char(to, ',');
        write_string(to, m.items[i].raw_name, m.items[i].raw_name_len);
        buf_add_char(to, ':');
        (void)write_value(to, m.items[i].value, m.items[i].value_end);
    }
    buf_add_char(to, '}');
    for (size_t i = 0; i < m.count; i++)
        free(m.items[i].decoded);
    free(m.items);
    return p;
}

static const char *write_array(struct buf *to, const char *p, const char *end)
{
    buf_add_char(to, '[');
    p = skip_space(p + 1, end);
    while (p < end && *p != ']') {
        p = skip_space(write_value(to, p, end), end);
        if (p < end && *p == ',') {
            buf_add_char(to, ',');
            p = skip_space(p + 1, end);
        }
    }
    buf_add_char(to, ']');
    return p + 1;
}

static const char *write_value(struct buf *to, const char *p, const char *end)
{
    if (*p == '{')
        return write_object(to, p, end);
    if (*p == '[')
        return write_array(to, p, end);
    const char *stop = value_end(p, end);
    if (*p == '"')
        write_string(to, p + 1, (size_t)(stop - p) - 2);
    else
        buf_add(to, p, (size_t)(stop - p));
    return stop;
}

void canon_write(struct buf *to, const char *json, size_t len)
{
    const char *end = json + len;
    const char *p = skip_space(json, end);
    if (p < end)
        (void)write_value(to, p, end);
}
