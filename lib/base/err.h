/* SPDX-License-Identifier: Apache-2.0
 *
 * The error value: what a client may read (msg) and what only the log may hold (detail). It lives on the caller's
 * stack and is the last parameter of whatever may fail; setting it cannot fail. Whoever finds a fault fills it;
 * only the worker and rukuctl's main print it.
 */
#ifndef RUKU_ERR_H
#define RUKU_ERR_H

#include "attr.h"
#include "msg.h"

#define ERR_DETAIL_SIZE 512
#define ERR_NOTES_MAX 2

struct err {
    struct msg msg;               /* MSG_NONE: no error */
    struct msg notes[ERR_NOTES_MAX]; /* sentences that follow it: where it was, what became of the push */
    int note_count;
    int retry_after;              /* seconds a client should wait; 0: nothing to say */
    char detail[ERR_DETAIL_SIZE]; /* for the log; may be empty */
};

#define ERR_NONE ((struct err){.msg.id = MSG_NONE})

/* Sets the message and the detail, in the program's own language, without notes; returns -1, so that `return err_set(…)` reads well. */
int err_set(struct err *e, enum msg_id id, const char *detail, ...) RUKU_PRINTF(3, 4);

/* Adds a sentence behind the message, and returns it to be given arguments. One too many takes the place of the last. */
struct msg *err_note(struct err *e, enum msg_id id);

/* Appends message and notes in a language. */
void err_render(const struct err *e, enum msg_lang lang, struct buf *to);

/* The same with the detail in place of the message. */
void err_render_detail(const struct err *e, enum msg_lang lang, struct buf *to);

/* Puts "prefix: " before the detail. */
void err_prefix(struct err *e, const char *prefix, ...) RUKU_PRINTF(2, 3);

enum msg_class err_class(const struct err *e);

#endif
