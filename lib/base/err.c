/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "err.h"

#include <stdarg.h>
#include <stdio.h>

#include "words.h"

#include "poison.h"

int err_set(struct err *e, enum msg_id id, const char *detail, ...)
{
    msg_set(&e->msg, id);
    e->retry_after = 0;
    e->note_count = 0;
    va_list args;
    va_start(args, detail);
    (void)vsnprintf(e->detail, sizeof(e->detail), words_own(detail), args);
    va_end(args);
    return -1;
}

struct msg *err_note(struct err *e, enum msg_id id)
{
    if (e->note_count < ERR_NOTES_MAX)
        e->note_count++;
    struct msg *note = &e->notes[e->note_count - 1];
    msg_set(note, id);
    return note;
}

static void render_notes(const struct err *e, enum msg_lang lang, struct buf *to)
{
    for (int i = 0; i < e->note_count; i++) {
        if (lang == MSG_EN)
            buf_add_char(to, ' ');
        msg_render(&e->notes[i], lang, to);
    }
}

void err_render(const struct err *e, enum msg_lang lang, struct buf *to)
{
    msg_render(&e->msg, lang, to);
    render_notes(e, lang, to);
}

void err_render_detail(const struct err *e, enum msg_lang lang, struct buf *to)
{
    buf_printf(to, e->note_count > 0 ? words_in(lang, N_("%s.")) : "%s", e->detail);
    render_notes(e, lang, to);
}

void err_prefix(struct err *e, const char *prefix, ...)
{
    char head[ERR_DETAIL_SIZE];
    va_list args;
    va_start(args, prefix);
    (void)vsnprintf(head, sizeof(head), words_own(prefix), args);
    va_end(args);
    struct buf joined;
    buf_init(&joined, sizeof(head) + sizeof(e->detail));
    buf_printf(&joined, _("%s: %s"), head, e->detail);
    (void)snprintf(e->detail, sizeof(e->detail), "%s", buf_text(&joined));
    buf_free(&joined);
}

enum msg_class err_class(const struct err *e)
{
    return msg_class(e->msg.id);
}
