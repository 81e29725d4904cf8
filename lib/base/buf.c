/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "poison.h"

#define FIRST_SIZE 256

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

void buf_free(struct buf *b)
{
    free(b->data);
    b->data = NULL;
    b->size = 0;
    buf_clear(b);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->data != NULL)
        b->data[0] = '\0';
}

char *buf_reserve(struct buf *b, size_t more)
{
    if (b->failed)
        return NULL;
    if (more > b->max || b->len > b->max - more) {
        b->failed = true;
        return NULL;
    }
    size_t need = b->len + more + 1;
    if (need > b->size) {
        size_t size = b->size == 0 ? FIRST_SIZE : b->size;
        while (size < need)
            size = size > SIZE_MAX / 2 ? need : size * 2;
        char *data = realloc(b->data, size);
        if (data == NULL) {
            b->failed = true;
            return NULL;
        }
        if (b->data == NULL)
            data[0] = '\0'; /* text, though nothing may come */
        b->data = data;
        b->size = size;
    }
    return b->data + b->len;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
    char *to = buf_reserve(b, len);
    if (to == NULL)
        return;
    if (len > 0)
        memcpy(to, bytes, len);
    to[len] = '\0';
    b->len += len;
}

void buf_add_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_add_text(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void buf_vprintf(struct buf *b, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *to = len < 0 ? NULL : buf_reserve(b, (size_t)len);
    if (to != NULL) {
        (void)vsnprintf(to, (size_t)len + 1, format, again);
        b->len += (size_t)len;
    } else {
        b->failed = true;
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(b, format, args);
    va_end(args);
}

bool buf_failed(const struct buf *b)
{
    return b->failed;
}

const char *buf_text(const struct buf *b)
{
    return b->data == NULL ? "" : b->data;
}
