/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "hint.h"

#include "buf.h"
#include "field.h"
#include "near.h"

#include "poison.h"

static const char *find_near(const struct fields *fields, bool top, const char *name, size_t len)
{
    struct near near;
    near_begin(&near, name, len);
    for (size_t i = 0; i < fields->count; i++) {
        if (fields->items[i].deprecated != NULL)
            continue; /* nobody is led to a field that will go */
        near_try(&near, fields->items[i].name);
        for (size_t k = 0; k < fields->items[i].alias_count; k++)
            near_try(&near, fields->items[i].aliases[k]);
    }
    if (top) {
        near_try(&near, "id");
        near_try(&near, "version");
    }
    return near.best;
}

static void word(struct msg *out, const char *name, size_t len, const char *hint)
{
    msg_set(out, MSG_UNKNOWN_FIELD);
    msg_arg_text(out, "name", name, len);
    msg_arg(out, "hint", "%s", hint);
}

void hint_none(struct msg *out, const char *name, size_t len)
{
    word(out, name, len, "");
}

void hint_unknown(struct msg *out, const struct fields *fields, bool top, const char *name, size_t len,
                  enum msg_lang lang)
{
    const char *meant = find_near(fields, top, name, len);
    struct msg hint;
    struct buf text;
    buf_init(&text, MSG_VALUE_SIZE);
    if (meant != NULL) {
        msg_set(&hint, MSG_HINT_NAME);
        msg_arg(&hint, "name", "%s", meant);
        msg_render(&hint, lang, &text);
    }
    word(out, name, len, buf_text(&text));
    buf_free(&text);
}
