/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "spool.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "record.h"
#include "tempfile.h"

#include "poison.h"

#define WINDOW_MAX_BYTES ((size_t)1024 * 1024 * 1024)

/* What stands before the bytes of a row: id, title, fields, sent, in this order. */
struct entry {
    uint32_t id_len, title_len, fields_len, sent_len;
    int64_t version;
    size_t index;
    bool has_title, has_published, has_sent;
    char published[GBTIME_SQL_SIZE];
    unsigned char digest[CRYPT_DIGEST_SIZE];
};

static size_t length(const struct entry *entry)
{
    return sizeof(*entry) + entry->id_len + entry->title_len + entry->fields_len + entry->sent_len;
}

void spool_init(struct spool *s, size_t memory, const char *dir)
{
    *s = (struct spool){.memory = memory, .dir = dir, .fd = -1};
    buf_init(&s->window, WINDOW_MAX_BYTES);
}

void spool_clear(struct spool *s)
{
    if (s->window.size > 2 * s->memory)
        buf_free(&s->window);
    buf_clear(&s->window);
    if (s->fd >= 0)
        (void)close(s->fd);
    s->fd = -1;
    s->at = 0;
    s->reading = false;
    s->stored = s->read = 0;
    s->count = 0;
    s->bytes = 0;
}

void spool_free(struct spool *s)
{
    spool_clear(s);
    buf_free(&s->window);
}

static int flush(struct spool *s, struct err *e)
{
    if (s->fd < 0)
        s->fd = tempfile_open(s->dir, e);
    if (s->fd < 0 || tempfile_write(s->fd, s->dir, s->window.data, s->window.len, s->stored, e) != 0)
        return -1;
    s->stored += (off_t)s->window.len;
    buf_clear(&s->window);
    return 0;
}

int spool_add(struct spool *s, const struct row *row, struct err *e)
{
    struct entry entry = {.id_len = (uint32_t)row->id_len, .fields_len = (uint32_t)row->fields_len,
                          .has_title = row->title != NULL, .has_published = row->published != NULL,
                          .version = row->version, .index = row->index};
    entry.title_len = entry.has_title ? (uint32_t)row->title_len : 0;
    entry.has_sent = row->sent != NULL;
    entry.sent_len = entry.has_sent ? (uint32_t)row->sent_len : 0;
    if (entry.has_published)
        memcpy(entry.published, row->published, sizeof(entry.published));
    memcpy(entry.digest, row->digest, sizeof(entry.digest));
    size_t len = length(&entry);
    if (s->window.len > 0 && s->window.len + len > s->memory && flush(s, e) != 0)
        return -1;
    buf_add(&s->window, &entry, sizeof(entry));
    buf_add(&s->window, row->id, entry.id_len);
    if (entry.has_title)
        buf_add(&s->window, row->title, entry.title_len);
    buf_add(&s->window, row->fields, entry.fields_len);
    if (entry.has_sent)
        buf_add(&s->window, row->sent, entry.sent_len);
    if (buf_failed(&s->window))
        return err_set(e, MSG_SPOOL_FULL, "out of memory for a record of %zu bytes", len);
    s->count++;
    s->bytes += len;
    return 0;
}

int spool_rewind(struct spool *s, struct err *e)
{
    s->at = 0;
    s->read = 0;
    if (s->fd < 0)
        return 0;
    /* The first time, the window holds rows that the file lacks; later, it holds what was read back. */
    if (!s->reading && flush(s, e) != 0)
        return -1;
    s->reading = true;
    buf_clear(&s->window);
    return 0;
}

/* Moves what is unread to the window's start and reads on from the file. *more_out: bytes came. */
static int refill(struct spool *s, bool *more_out, struct err *e)
{
    *more_out = false;
    if (s->fd < 0 || s->read == s->stored)
        return 0;
    size_t rest = s->window.len - s->at;
    if (rest > 0)
        memmove(s->window.data, s->window.data + s->at, rest);
    s->window.len = rest;
    s->at = 0;
    size_t want = rest < s->memory / 2 ? s->memory - rest : rest;
    char *to = buf_reserve(&s->window, want);
    if (to == NULL)
        return err_set(e, MSG_SPOOL_FULL, "out of memory");
    ssize_t n = tempfile_read(s->fd, s->dir, to, want, s->read, e);
    if (n <= 0)
        return n < 0 ? -1 : err_set(e, MSG_INTERNAL, "[ingest] spool_dir %s: a temporary file was cut short", s->dir);
    s->read += n;
    s->window.len += (size_t)n;
    *more_out = true;
    return 0;
}

/* Takes the next row from the window; its length in bytes, or 0 where the window does not hold it whole. */
static size_t take(struct spool *s, struct row *row)
{
    size_t rest = s->window.len - s->at;
    struct entry entry;
    if (rest < sizeof(entry))
        return 0;
    const char *p = s->window.data + s->at;
    memcpy(&entry, p, sizeof(entry));
    size_t len = length(&entry);
    if (rest < len)
        return 0;
    const char *at = p + sizeof(entry);
    row->id = at;
    row->id_len = entry.id_len;
    row->title = entry.has_title ? at + entry.id_len : NULL;
    row->title_len = entry.title_len;
    row->fields = at + entry.id_len + entry.title_len;
    row->fields_len = entry.fields_len;
    row->sent = entry.has_sent ? row->fields + entry.fields_len : NULL;
    row->sent_len = entry.sent_len;
    row->version = entry.version;
    row->index = entry.index;
    row->published = entry.has_published ? p + offsetof(struct entry, published) : NULL;
    memcpy(row->digest, entry.digest, sizeof(row->digest));
    s->at += len;
    return len;
}

int spool_next(struct spool *s, struct row *rows, size_t max_rows, size_t max_bytes, size_t *count_out, struct err *e)
{
    size_t count = 0;
    size_t bytes = 0;
    while (count < max_rows && bytes < max_bytes) {
        size_t len = take(s, &rows[count]);
        if (len > 0) {
            bytes += len;
            count++;
            continue;
        }
        bool more = false;
        if (count == 0 && refill(s, &more, e) != 0)
            return -1;
        if (!more)
            break;
    }
    *count_out = count;
    return 0;
}
