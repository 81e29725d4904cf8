/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "fault.h"

#include <string.h>

#include "enc.h"

#include "poison.h"

#define TEXT_MAX_BYTES ((size_t)1024 * 1024)

void faults_init(struct faults *f, enum msg_lang lang)
{
    f->lang = lang;
    buf_init(&f->id, TEXT_MAX_BYTES);
    buf_init(&f->text, TEXT_MAX_BYTES);
    faults_begin(f, 0);
}

void faults_free(struct faults *f)
{
    buf_free(&f->id);
    buf_free(&f->text);
}

void faults_begin(struct faults *f, size_t index)
{
    f->kept = 0;
    f->total = 0;
    f->index = index;
    buf_clear(&f->id);
    buf_clear(&f->text);
}

void faults_add(struct faults *f, const char *pointer, const struct msg *m)
{
    f->total++;
    if (f->kept == FAULTS_KEPT || buf_failed(&f->text))
        return;
    struct fault fault = {.code = msg_code(m->id), .pointer = f->text.len};
    buf_add(&f->text, pointer, strlen(pointer) + 1);
    fault.message = f->text.len;
    msg_render(m, f->lang, &f->text);
    buf_add_char(&f->text, '\0');
    if (!buf_failed(&f->text))
        f->items[f->kept++] = fault;
}

void faults_name(struct faults *f, const char *id, size_t len)
{
    buf_clear(&f->id);
    buf_add(&f->id, id, len);
}

static void add_member(struct buf *to, const char *name, const char *value)
{
    buf_printf(to, "\"%s\":", name);
    enc_json_plain(to, value, strlen(value));
}

size_t faults_write(const struct faults *f, bool named, size_t most, struct buf *to)
{
    const char *text = buf_text(&f->text);
    size_t count = f->kept < most ? f->kept : most;
    for (size_t i = 0; i < count; i++) {
        buf_add_text(to, i == 0 ? "{" : ",{");
        if (named) {
            buf_printf(to, "\"index\":%zu,\"id\":", f->index);
            if (f->id.len > 0)
                enc_json_plain(to, buf_text(&f->id), f->id.len);
            else
                buf_add_text(to, "null");
            buf_add_char(to, ',');
        }
        add_member(to, "pointer", text + f->items[i].pointer);
        buf_add_char(to, ',');
        add_member(to, "code", f->items[i].code);
        buf_add_char(to, ',');
        add_member(to, "message", text + f->items[i].message);
        buf_add_char(to, '}');
    }
    return count;
}
