/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "form.h"

#include <string.h>

#include "crypt.h"
#include "enc.h"
#include "msg.h"
#include "scan.h"
#include "utf8.h"

#include "poison.h"

#define NAME_MAX_BYTES 256

static bool is_text(const struct buf *b)
{
    return !buf_failed(b) && strlen(buf_text(b)) == b->len && utf8_is_valid(buf_text(b), b->len);
}

static struct form_field *find_field(struct form_field *fields, size_t count, const char *name, size_t len)
{
    for (size_t i = 0; i < count; i++) {
        const char *const names[] = {fields[i].name, fields[i].aliases[0], fields[i].aliases[1]};
        for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
            if (names[k] != NULL && strlen(names[k]) == len && memcmp(names[k], name, len) == 0)
                return &fields[i];
    }
    return NULL;
}

static enum form_fault parse_pair(const char *pair, size_t len, struct form_field *fields, size_t count)
{
    const char *equals = memchr(pair, '=', len);
    size_t name_len = equals == NULL ? len : (size_t)(equals - pair);
    struct buf name;
    buf_init(&name, NAME_MAX_BYTES);
    bool good = enc_percent_decode(&name, pair, name_len, true);
    /* A name that is too long is none of ours. */
    struct form_field *field = buf_failed(&name) ? NULL : find_field(fields, count, buf_text(&name), name.len);
    good = good && strlen(buf_text(&name)) == name.len;
    buf_free(&name);
    if (!good)
        return FORM_BROKEN;
    if (field == NULL)
        return FORM_OK;
    if (field->seen)
        return FORM_REPEATED;
    field->seen = true;
    if (equals != NULL && !enc_percent_decode(&field->value, equals + 1, len - name_len - 1, true))
        return FORM_BROKEN;
    return is_text(&field->value) ? FORM_OK : FORM_BROKEN;
}

enum form_fault form_parse(const char *text, size_t len, struct form_field *fields, size_t count)
{
    const char *end = text + len;
    while (text < end) {
        const char *amp = memchr(text, '&', (size_t)(end - text));
        const char *stop = amp == NULL ? end : amp;
        enum form_fault fault = parse_pair(text, (size_t)(stop - text), fields, count);
        if (fault != FORM_OK)
            return fault;
        text = amp == NULL ? end : amp + 1;
    }
    return FORM_OK;
}

static enum form_fault take_member(struct scan *s, struct form_field *field)
{
    struct scan_string value;
    enum scan_kind kind;
    const char *text;
    size_t len;
    if (field == NULL)
        return scan_skip(s) ? FORM_OK : FORM_BROKEN;
    if (field->seen)
        return FORM_REPEATED;
    field->seen = true;
    if (!scan_kind(s, &kind) || kind != SCAN_STRING || !scan_string(s, &value) || (text = scan_text(s, &value, &len)) == NULL)
        return FORM_BROKEN;
    buf_add(&field->value, text, len);
    return is_text(&field->value) ? FORM_OK : FORM_BROKEN;
}

static enum form_fault read_object(struct scan *s, struct form_field *fields, size_t count)
{
    struct scan_string raw;
    size_t mark, len;
    bool done;
    char next;
    if (!scan_peek(s, &next) || next != '{' || !scan_open(s, &mark))
        return FORM_BROKEN;
    for (bool first = true;; first = false) {
        if (!scan_member(s, mark, first, &raw, &done))
            return s->why == MSG_JSON_DUPLICATE ? FORM_REPEATED : FORM_BROKEN;
        if (done)
            return scan_peek(s, &next) ? FORM_BROKEN : FORM_OK;
        const char *name = scan_text(s, &raw, &len);
        enum form_fault fault = name == NULL ? FORM_BROKEN : take_member(s, find_field(fields, count, name, len));
        if (fault != FORM_OK)
            return fault;
    }
}

enum form_fault form_parse_json(const char *text, size_t len, struct form_field *fields, size_t count)
{
    struct scan scan;
    if (scan_init(&scan) != 0)
        return FORM_BROKEN;
    scan_begin(&scan, text, len, true, 0);
    enum form_fault fault = read_object(&scan, fields, count);
    /* A secret may have been decoded there. */
    if (scan.decoded.data != NULL)
        crypt_wipe(scan.decoded.data, scan.decoded.size);
    scan_free(&scan);
    return fault;
}
