/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "mask.h"

#include <stdbool.h>
#include <string.h>

#include "buf.h"
#include "enc.h"
#include "field.h"
#include "scan.h"
#include "utf8.h"

#include "poison.h"

#define SHOWN_FROM 8 /* characters: of fewer, two would tell too much */

static const char asterisks[] = "***";

void mask_text(char to[MASK_SIZE], const char *text, size_t len)
{
    size_t at = 0;
    size_t chars = utf8_count(text, len);
    size_t first = chars < SHOWN_FROM ? 0 : utf8_prefix(text, len, 1);
    size_t last = chars < SHOWN_FROM ? len : utf8_prefix(text, len, chars - 1);
    memcpy(to, text, first);
    at += first;
    memcpy(to + at, asterisks, sizeof(asterisks) - 1);
    at += sizeof(asterisks) - 1;
    memcpy(to + at, text + last, len - last);
    to[at + len - last] = '\0';
}

/* A record on its way: what lies before upto is written. */
struct mask {
    struct scan *scan;
    struct buf *to;
    const char *upto;
};

static void write_upto(struct mask *m, const char *end)
{
    buf_add(m->to, m->upto, (size_t)(end - m->upto));
    m->upto = end;
}

static bool hide_scalar(struct mask *m, enum scan_kind kind)
{
    struct scan *s = m->scan;
    struct scan_string string;
    char masked[MASK_SIZE];
    size_t len = 0;
    const char *text = "";
    write_upto(m, s->p);
    if (kind != SCAN_STRING) {
        if (!scan_skip(s))
            return false;
    } else if (!scan_string(s, &string) || (text = scan_text(s, &string, &len)) == NULL) {
        return false;
    }
    mask_text(masked, text, len);
    enc_json(m->to, masked, strlen(masked));
    m->upto = s->p;
    return true;
}

static bool walk_value(struct mask *m, const struct fields *members, bool hidden);

static bool walk_object(struct mask *m, const struct fields *fields, bool hidden)
{
    size_t mark;
    if (!scan_open(m->scan, &mark))
        return false;
    for (bool first = true;; first = false) {
        struct scan_string raw;
        size_t len;
        bool done;
        if (!scan_member(m->scan, mark, first, &raw, &done))
            return false;
        if (done)
            return true;
        const char *name = scan_text(m->scan, &raw, &len);
        if (name == NULL)
            return false;
        long i = fields == NULL ? -1 : fields_find(fields, name, len);
        const struct field *f = i < 0 ? NULL : &fields->items[i];
        if (!walk_value(m, f == NULL ? NULL : &f->members, hidden || (f != NULL && f->personal)))
            return false;
    }
}

static bool walk_array(struct mask *m, const struct fields *members, bool hidden)
{
    size_t mark;
    if (!scan_open(m->scan, &mark))
        return false;
    for (bool first = true;; first = false) {
        bool done;
        if (!scan_item(m->scan, first, &done))
            return false;
        if (done)
            return true;
        if (!walk_value(m, members, hidden))
            return false;
    }
}

static bool walk_value(struct mask *m, const struct fields *members, bool hidden)
{
    enum scan_kind kind;
    if (!scan_kind(m->scan, &kind))
        return false;
    if (!hidden && (members == NULL || !members->personal))
        return scan_skip(m->scan);
    if (kind == SCAN_OBJECT)
        return walk_object(m, members, hidden);
    if (kind == SCAN_ARRAY)
        return walk_array(m, members, hidden);
    return hidden && kind != SCAN_NULL ? hide_scalar(m, kind) : scan_skip(m->scan);
}

int mask_record(struct scan *scan, const struct fields *fields, const char *json, size_t len, struct buf *to)
{
    struct mask m = {.scan = scan, .to = to, .upto = json};
    scan_begin(scan, json, len, true, 0);
    if (!walk_value(&m, fields, false))
        return -1;
    write_upto(&m, json + len);
    return 0;
}
