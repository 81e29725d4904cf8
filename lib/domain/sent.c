/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "sent.h"

#include "enc.h"
#include "pointer.h"

#include "poison.h"

#define POINTER_MAX_BYTES 4096

void sent_init(struct sent *s, size_t max_bytes)
{
    buf_init(&s->json, max_bytes);
}

void sent_free(struct sent *s)
{
    buf_free(&s->json);
}

void sent_begin(struct sent *s)
{
    buf_clear(&s->json);
}

void sent_add(struct sent *s, const struct pointer_step *steps, size_t count, const char *value, size_t len)
{
    struct buf pointer;
    buf_init(&pointer, POINTER_MAX_BYTES);
    pointer_write_own(&pointer, steps, count);
    buf_add_char(&s->json, s->json.len == 0 ? '{' : ',');
    enc_json(&s->json, buf_text(&pointer), pointer.len);
    buf_add_char(&s->json, ':');
    buf_add(&s->json, value, len);
    buf_free(&pointer);
}

const char *sent_end(struct sent *s, size_t *len_out)
{
    *len_out = 0;
    if (s->json.len == 0)
        return NULL;
    buf_add_char(&s->json, '}');
    *len_out = s->json.len;
    return buf_text(&s->json);
}

bool sent_failed(const struct sent *s)
{
    return buf_failed(&s->json);
}
