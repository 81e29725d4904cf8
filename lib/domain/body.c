/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "body.h"

#include "crypt.h"
#include "err.h"

#include "poison.h"

static int too_large(const struct body *b, struct err *e)
{
    (void)err_set(e, MSG_BODY_TOO_LARGE, "%s", "");
    msg_arg(&e->msg, "limit", "%lld", (long long)b->max);
    return -1;
}

static int check_announced(const struct body *b, struct err *e)
{
    if (b->announced < 0 || b->got == b->announced)
        return 0;
    (void)err_set(e, b->got < b->announced ? MSG_BODY_SHORT : MSG_BODY_LONG, "announced %lld, got %lld",
                  (long long)b->announced, (long long)b->got);
    msg_arg(&e->msg, "announced", "%lld", (long long)b->announced);
    msg_arg(&e->msg, "got", "%lld", (long long)b->got);
    return -1;
}

static long read_counted(struct source *self, char *to, size_t room, struct err *e)
{
    struct body *b = (struct body *)(void *)self;
    long n = b->from->read(b->from, to, room, e);
    if (n < 0)
        return -1;
    if (n == 0)
        return check_announced(b, e);
    b->got += n;
    if (b->got > b->max)
        return too_large(b, e);
    if (b->hash != NULL)
        crypt_stream_add(b->hash, to, (size_t)n);
    return n;
}

void body_init(struct body *b, struct source *from, int64_t announced, int64_t max, struct crypt_stream *hash)
{
    *b = (struct body){.source.read = read_counted, .from = from, .announced = announced, .max = max, .hash = hash};
}
