/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "form.h"

#include <string.h>

#include "enc.h"
#include "utf8.h"

#include "poison.h"

#define NAME_MAX_BYTES 256

static bool is_text(const struct buf *b)
{
    return !buf_failed(b) && strlen(buf_text(b)) == b->len && utf8_is_valid(buf_text(b), b->len);
}

static struct form_field *find_field(struct form_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].name, name) == 0 || (fields[i].alias != NULL && strcmp(fields[i].alias, name) == 0))
            return &fields[i];
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
    struct form_field *field = buf_failed(&name) ? NULL : find_field(fields, count, buf_text(&name));
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
