/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "audit.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "enc.h"
#include "utf8.h"

#include "poison.h"

#define CUT "..."
#define ENTRY_MAX_BYTES ((size_t)4096)

/* The members that a hash and a line hold, in their order. */
static const struct member {
    const char *name;
    size_t offset;
} members[] = {
    {"at", offsetof(struct audit_entry, at)},
    {"actor", offsetof(struct audit_entry, actor)},
    {"address", offsetof(struct audit_entry, address)},
    {"action", offsetof(struct audit_entry, action)},
    {"subject", offsetof(struct audit_entry, subject)},
    {"result", offsetof(struct audit_entry, result)},
    {"detail", offsetof(struct audit_entry, detail)},
    {"request_id", offsetof(struct audit_entry, request_id)},
};

#define MEMBER_COUNT (sizeof(members) / sizeof(members[0]))

void audit_begin(struct audit_chain *c)
{
    *c = (struct audit_chain){.seq = 0};
    crypt_nonce_text(c->writer, AUDIT_WRITER_CHARS);
}

void audit_set(char *to, size_t size, const char *text, size_t len)
{
    bool is_cut = len >= size;
    size_t n = utf8_clean(to, size - 1 - (is_cut ? strlen(CUT) : 0), text, len);
    (void)snprintf(to + n, size - n, "%s", is_cut ? CUT : "");
}

void audit_seal(struct audit_chain *c, struct audit_entry *e)
{
    (void)snprintf(e->writer, sizeof(e->writer), "%s", c->writer);
    e->seq = ++c->seq;
    clock_format_micros(e->at);
    memcpy(e->prev, c->last, sizeof(e->prev));
    audit_hash(e, e->hash);
    memcpy(c->last, e->hash, sizeof(c->last));
}

/* Each member with its length before it, so that no two entries have the same bytes. */
void audit_hash(const struct audit_entry *e, unsigned char to[CRYPT_DIGEST_SIZE])
{
    struct buf text;
    buf_init(&text, ENTRY_MAX_BYTES);
    buf_add(&text, e->prev, sizeof(e->prev));
    buf_printf(&text, "%s %lld", e->writer, (long long)e->seq);
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        const char *value = (const char *)e + members[i].offset;
        buf_printf(&text, " %zu:%s", strlen(value), value);
    }
    crypt_digest(CRYPT_SM3, buf_text(&text), text.len, to);
    buf_free(&text);
}

void audit_line(const struct audit_entry *e, struct buf *to)
{
    buf_add_char(to, '{');
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        const char *value = (const char *)e + members[i].offset;
        buf_printf(to, "\"%s\":", members[i].name);
        enc_json(to, value, strlen(value));
        buf_add_char(to, ',');
    }
    buf_printf(to, "\"writer\":\"%s\",\"seq\":%lld,\"prev\":\"", e->writer, (long long)e->seq);
    enc_hex(to, e->prev, sizeof(e->prev));
    buf_add_text(to, "\",\"hash\":\"");
    enc_hex(to, e->hash, sizeof(e->hash));
    buf_add_text(to, "\"}\n");
}
