/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "xmlout.h"

#include <stdbool.h>
#include <string.h>

#include "scan.h"
#include "utf8.h"

#include "poison.h"

#define AROUND_A_RECORD 4 /* containers of an answer around a record, which itself may be SCAN_DEPTH_MAX deep */

struct writer {
    struct buf *to;
    const struct xmlout_names *names;
    struct scan scan;
};

/* A name that an element may have, of those that are in ASCII. */
static bool is_name(const char *text, size_t len)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char others[] = "0123456789-.";
    if (len == 0 || memchr(letters, text[0], sizeof(letters) - 1) == NULL)
        return false;
    for (size_t i = 1; i < len; i++)
        if (memchr(letters, text[i], sizeof(letters) - 1) == NULL && memchr(others, text[i], sizeof(others) - 1) == NULL)
            return false;
    return true;
}

/* What stands for a byte that cannot stand for itself; NULL: it can. Line ends and tabs are written so that no reader changes them. */
static const char *reference_of(unsigned char c, bool attribute)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '\r': return "&#13;";
    case '"': return attribute ? "&quot;" : NULL;
    case '\n': return attribute ? "&#10;" : NULL;
    case '\t': return attribute ? "&#9;" : NULL;
    default: return c < ' ' ? "\xEF\xBF\xBD" : NULL;
    }
}

/* The bytes of a character that a reader does not see and that changes what is seen, which is written by its number; 0: another one. */
static size_t hidden_at(const char *p, const char *end)
{
    bool partial;
    if (strchr("\x7F\xC2\xD8\xE2", *p) == NULL) /* with these they begin, where they are none of XML's own */
        return 0;
    size_t n = utf8_char(p, end, &partial);
    return n > 0 && utf8_is_control(utf8_point(p, n)) ? n : 0;
}

void xmlout_text(struct buf *to, const char *text, size_t len, bool attribute)
{
    size_t from = 0;
    for (size_t i = 0, step = 1; i < len; i += step) {
        const char *instead = reference_of((unsigned char)text[i], attribute);
        size_t hidden = instead == NULL && text[i] != '\0' ? hidden_at(text + i, text + len) : 0;
        step = hidden > 0 ? hidden : 1;
        if (instead == NULL && hidden == 0)
            continue;
        buf_add(to, text + from, i - from);
        if (instead != NULL)
            buf_add_text(to, instead);
        else
            buf_printf(to, "&#%u;", (unsigned)utf8_point(text + i, hidden));
        from = i + step;
    }
    buf_add(to, text + from, len - from);
}

/* Opens an element, all but the bracket that ends the tag. */
static void open_tag(struct writer *w, const char *name, size_t len)
{
    buf_add_char(w->to, '<');
    if (is_name(name, len)) {
        buf_add(w->to, name, len);
        return;
    }
    buf_add_text(w->to, "member name=\"");
    xmlout_text(w->to, name, len, true);
    buf_add_char(w->to, '"');
}

static void close_tag(struct writer *w, const char *name, size_t len)
{
    buf_add_text(w->to, "</");
    if (is_name(name, len))
        buf_add(w->to, name, len);
    else
        buf_add_text(w->to, "member");
    buf_add_char(w->to, '>');
}

static bool write_element(struct writer *w, const char *name, size_t len);

static bool write_members(struct writer *w)
{
    struct scan_string raw;
    struct buf name;
    size_t mark;
    bool done = false;
    if (!scan_open(&w->scan, &mark))
        return false;
    buf_init(&name, w->to->max);
    bool good = true;
    for (bool first = true; good && !done; first = false) {
        good = scan_member(&w->scan, mark, first, &raw, &done);
        if (!good || done)
            break;
        buf_clear(&name);
        scan_decode(&name, raw.raw, raw.len);
        good = !buf_failed(&name) && write_element(w, buf_text(&name), name.len);
    }
    buf_free(&name);
    return good;
}

static bool write_items(struct writer *w, const char *name)
{
    size_t mark;
    bool done;
    if (!scan_open(&w->scan, &mark))
        return false;
    for (bool first = true;; first = false) {
        if (!scan_item(&w->scan, first, &done))
            return false;
        if (done)
            return true;
        if (!write_element(w, name, strlen(name)))
            return false;
    }
}

static bool write_string(struct writer *w)
{
    struct scan_string string;
    size_t len;
    if (!scan_string(&w->scan, &string))
        return false;
    const char *text = scan_text(&w->scan, &string, &len);
    if (text == NULL)
        return false;
    xmlout_text(w->to, text, len, false);
    return true;
}

/* What is inside of an element. */
static bool write_content(struct writer *w, enum scan_kind kind)
{
    const char *start = w->scan.p;
    switch (kind) {
    case SCAN_OBJECT: return write_members(w);
    case SCAN_ARRAY: return write_items(w, w->names->item);
    case SCAN_STRING: return write_string(w);
    default:
        if (!scan_skip(&w->scan))
            return false;
        buf_add(w->to, start, (size_t)(w->scan.p - start));
        return true;
    }
}

static bool write_element(struct writer *w, const char *name, size_t len)
{
    enum scan_kind kind;
    if (!scan_kind(&w->scan, &kind))
        return false;
    open_tag(w, name, len);
    if (kind == SCAN_NULL) {
        buf_add_text(w->to, " xsi:nil=\"true\"/>");
        return scan_literal(&w->scan, kind);
    }
    buf_add_char(w->to, '>');
    if (!write_content(w, kind))
        return false;
    close_tag(w, name, len);
    return true;
}

int xmlout_write(struct buf *to, const struct xmlout_names *names, const char *json, size_t len)
{
    struct writer w = {.to = to, .names = names};
    enum scan_kind kind;
    bool good = scan_init(&w.scan) == 0;
    scan_begin(&w.scan, json, len, true, -AROUND_A_RECORD);
    buf_printf(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<%s", names->root);
    if (names->space != NULL)
        buf_printf(to, " xmlns=\"%s\"", names->space);
    buf_add_text(to, " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">");
    good = good && scan_kind(&w.scan, &kind) &&
           (kind == SCAN_ARRAY && names->row != NULL ? write_items(&w, names->row) : write_content(&w, kind));
    buf_printf(to, "</%s>\n", names->root);
    scan_free(&w.scan);
    return good && !buf_failed(to) ? 0 : -1;
}
