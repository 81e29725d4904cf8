/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "verified.h"

#include <string.h>
#include <unistd.h>

#include "err.h"
#include "tempfile.h"

#include "poison.h"

#define PIECE_BYTES ((size_t)64 * 1024)

static int flush(struct verified *v, struct err *e)
{
    const char *dir = v->options.dir;
    if (v->fd < 0)
        v->fd = tempfile_open(dir, e);
    if (v->fd < 0 || tempfile_write(v->fd, dir, v->held.data, v->held.len, v->stored, e) != 0)
        return -1;
    v->stored += (off_t)v->held.len;
    buf_clear(&v->held);
    return 0;
}

static int check_digest(struct verified *v, struct err *e)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    crypt_stream_digest(v->stream, digest);
    if (crypt_equal(digest, v->options.digest, sizeof(digest)))
        return 0;
    (void)err_set(e, MSG_DIGEST_MISMATCH, "%s", "");
    msg_arg(&e->msg, "bytes", "%lld", (long long)v->body.got);
    msg_arg(&e->msg, "hash", "%s", v->options.hash == CRYPT_SM3 ? "sm3" : "sha-256");
    return -1;
}

/* Takes the whole body in. */
static int take_all(struct verified *v, struct err *e)
{
    for (;;) {
        if (v->held.len > v->options.memory && flush(v, e) != 0)
            return -1;
        char *room = buf_reserve(&v->held, PIECE_BYTES);
        if (room == NULL)
            return err_set(e, MSG_SPOOL_FULL, "out of memory");
        long n = v->body.source.read(&v->body.source, room, PIECE_BYTES, e);
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        v->held.len += (size_t)n;
    }
    v->complete = check_digest(v, e) == 0;
    return v->complete ? 0 : -1;
}

static long read_verified(struct source *self, char *to, size_t room, struct err *e)
{
    struct verified *v = (struct verified *)(void *)self;
    if (!v->complete && take_all(v, e) != 0)
        return -1;
    if (v->read < v->stored) {
        ssize_t n = tempfile_read(v->fd, v->options.dir, to, room, v->read, e);
        if (n == 0)
            return err_set(e, MSG_INTERNAL, "[ingest] spool_dir %s: a temporary file was cut short", v->options.dir);
        v->read += n > 0 ? n : 0;
        return n;
    }
    size_t rest = v->held.len - v->at;
    size_t n = rest < room ? rest : room;
    if (n > 0)
        memcpy(to, v->held.data + v->at, n);
    v->at += n;
    return (long)n;
}

int verified_begin(struct verified *v, struct source *from, const struct verified_options *options, struct err *e)
{
    *v = (struct verified){.source = {.read = read_verified}, .options = *options, .fd = -1};
    buf_init(&v->held, options->memory + 2 * PIECE_BYTES);
    v->stream = crypt_stream_new(options->hash);
    if (v->stream == NULL)
        return err_set(e, MSG_SPOOL_FULL, "out of memory");
    body_init(&v->body, from, options->announced, options->max, v->stream);
    return 0;
}

void verified_end(struct verified *v)
{
    if (v->fd >= 0)
        (void)close(v->fd);
    crypt_stream_free(v->stream);
    crypt_wipe_buf(&v->held); /* it may be a form with a secret */
}
