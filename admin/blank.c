/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "blank.h"

#include <stdbool.h>
#include <string.h>

#include "category.h"
#include "enc.h"
#include "field.h"

#include "poison.h"

static void new_line(struct buf *to, int indent)
{
    buf_printf(to, "\n%*s", 2 * indent, "");
}

/* The value of one that is not an object. */
static void write_scalar(struct buf *to, const struct field *f)
{
    bool text = field_types[f->type].quoted;
    if (f->fallback != NULL && text)
        enc_json(to, f->fallback, strlen(f->fallback));
    else if (f->fallback != NULL)
        buf_add_text(to, f->fallback);
    else if (!f->required && !f->multiple)
        buf_add_text(to, "null");
    else
        buf_add_text(to, text ? "\"\"" : f->type == FIELD_BOOLEAN ? "false" : "0");
}

static void write_members(struct buf *to, const struct fields *fields, bool follows, int indent);

static void write_value(struct buf *to, const struct field *f, int indent)
{
    if (f->multiple && !f->required && f->type != FIELD_OBJECT) {
        buf_add_text(to, "[]");
        return;
    }
    if (f->multiple)
        buf_add_char(to, '[');
    if (f->type == FIELD_OBJECT) {
        buf_add_char(to, '{');
        write_members(to, &f->members, false, indent + 1);
        new_line(to, indent);
        buf_add_char(to, '}');
    } else {
        write_scalar(to, f);
    }
    if (f->multiple)
        buf_add_char(to, ']');
}

static void write_members(struct buf *to, const struct fields *fields, bool follows, int indent)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        buf_add_text(to, follows || i > 0 ? "," : "");
        new_line(to, indent);
        buf_printf(to, "\"%s\": ", f->name);
        write_value(to, f, indent);
    }
}

void blank_write(struct buf *to, const struct category *c)
{
    buf_add_text(to, "{\n  \"id\": \"\"");
    write_members(to, &c->fields, true, 1);
    buf_add_text(to, "\n}\n");
}
