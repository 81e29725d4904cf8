/* SPDX-License-Identifier: Apache-2.0
 *
 * Growable bytes with a hard maximum. A failed append sticks: the caller appends as often as it
 * likes and asks once, at the end, with buf_failed(); so no truncation can be overlooked.
 */
#ifndef RUKU_BUF_H
#define RUKU_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "attr.h"

struct buf {
    char *data;   /* owned; NUL-terminated whenever it is not NULL */
    size_t len;   /* bytes in use, without the NUL */
    size_t size;  /* bytes allocated */
    size_t max;   /* most bytes that may be in use */
    bool failed;  /* an append was refused: over max, or out of memory */
};

/* Starts an empty buffer that may hold up to max bytes. Allocates nothing. */
void buf_init(struct buf *b, size_t max);

/* Gives the memory back; the buffer is empty and usable again. Takes a zeroed buffer too. */
void buf_free(struct buf *b);

/* Forgets content and failure, keeps the memory for the next use. */
void buf_clear(struct buf *b);

/* Makes room for more bytes after the content and returns their address, or NULL (failure sticks).
 * The caller writes there and then adds what it wrote to b->len. */
char *buf_reserve(struct buf *b, size_t more);

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_add_char(struct buf *b, char c);
void buf_add_text(struct buf *b, const char *text);
void buf_printf(struct buf *b, const char *format, ...) RUKU_PRINTF(2, 3);
void buf_vprintf(struct buf *b, const char *format, va_list args) RUKU_PRINTF(2, 0);

/* True where any append since init or clear was refused. */
bool buf_failed(const struct buf *b);

/* The content as NUL-terminated text: never NULL, "" where nothing was added. Valid until the next change. */
const char *buf_text(const struct buf *b);

#endif
