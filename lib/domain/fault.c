/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "fault.h"

#include <string.h>

#include "poison.h"

#define TEXT_MAX_BYTES ((size_t)1024 * 1024)

void faults_init(struct faults *f, enum msg_lang lang)
{
    f->kept = 0;
    f->total = 0;
    f->lang = lang;
    buf_init(&f->text, TEXT_MAX_BYTES);
    buf_add_char(&f->text, '\0');
}

void faults_free(struct faults *f)
{
    buf_free(&f->text);
}

static size_t keep_text(struct faults *f, const char *text, size_t len)
{
    size_t at = f->text.len;
    buf_add(&f->text, text, len);
    buf_add_char(&f->text, '\0');
    return buf_failed(&f->text) ? 0 : at;
}

void faults_add(struct faults *f, size_t index, const char *pointer, const struct msg *m)
{
    f->total++;
    if (f->kept == FAULTS_KEPT || buf_failed(&f->text))
        return;
    struct fault *fault = &f->items[f->kept++];
    *fault = (struct fault){.index = index, .code = msg_code(m->id)};
    fault->pointer = keep_text(f, pointer, strlen(pointer));
    size_t message = f->text.len;
    msg_render(m, f->lang, &f->text);
    buf_add_char(&f->text, '\0');
    fault->message = buf_failed(&f->text) ? 0 : message;
}

struct faults_mark faults_mark(const struct faults *f)
{
    return (struct faults_mark){.kept = f->kept, .total = f->total, .text = f->text.len};
}

void faults_rewind(struct faults *f, struct faults_mark mark)
{
    f->kept = mark.kept;
    f->total = mark.total;
    f->text.len = mark.text;
}

void faults_name(struct faults *f, struct faults_mark mark, const char *id, size_t len)
{
    if (mark.kept == f->kept || len == 0)
        return;
    size_t at = keep_text(f, id, len);
    for (size_t i = mark.kept; i < f->kept; i++)
        f->items[i].id = at;
}
