/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "pointer.h"

#include <stdbool.h>
#include <string.h>

#include "buf.h"
#include "utf8.h"

#include "poison.h"

#define NAME_MAX_CHARS 128

static void add_name(struct buf *to, const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (name[i] == '~')
            buf_add_text(to, "~0");
        else if (name[i] == '/')
            buf_add_text(to, "~1");
        else
            buf_add_char(to, name[i]);
    }
}

static void write_steps(struct buf *to, const struct pointer_step *steps, size_t count, bool own)
{
    for (const struct pointer_step *s = steps; s < steps + count; s++) {
        buf_add_char(to, '/');
        if (s->name == NULL)
            buf_printf(to, "%zu", s->index);
        else if (own && s->own != NULL)
            add_name(to, s->own, strlen(s->own));
        else
            add_name(to, s->name, utf8_prefix(s->name, s->len, NAME_MAX_CHARS));
    }
}

void pointer_write(struct buf *to, const struct pointer_step *steps, size_t count)
{
    write_steps(to, steps, count, false);
}

void pointer_write_own(struct buf *to, const struct pointer_step *steps, size_t count)
{
    write_steps(to, steps, count, true);
}
