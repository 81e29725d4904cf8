/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "gunzip.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#include "err.h"

#include "poison.h"

#define INPUT_BYTES 65536
#define RATIO_FROM_BYTES (1024 * 1024) /* below this no ratio does harm */
#define GZIP_ONLY (15 + 16)            /* inflateInit2's words for the largest window and a gzip header */

struct gunzip {
    struct source source; /* first, so that the source's self is the gunzip */
    struct source *from;
    int64_t max_ratio;
    int64_t in, out;  /* bytes read and given */
    bool in_member;   /* a member has begun and not ended */
    bool from_ended;
    z_stream stream;
    unsigned char input[INPUT_BYTES];
};

static int broken(const struct gunzip *g, struct err *e)
{
    int64_t offset = g->in - (int64_t)g->stream.avail_in;
    (void)err_set(e, MSG_GZIP_BROKEN, "byte %lld: %s", (long long)offset, g->stream.msg == NULL ? "" : g->stream.msg);
    msg_arg(&e->msg, "offset", "%lld", (long long)offset);
    return -1;
}

static int check_ratio(const struct gunzip *g, struct err *e)
{
    int64_t used = g->in - (int64_t)g->stream.avail_in;
    if (g->out <= RATIO_FROM_BYTES || used > INT64_MAX / g->max_ratio || g->out <= g->max_ratio * used)
        return 0;
    (void)err_set(e, MSG_GZIP_RATIO, "%lld bytes out of %lld", (long long)g->out, (long long)g->in);
    msg_arg(&e->msg, "limit", "%lld", (long long)g->max_ratio);
    return -1;
}

static int refill(struct gunzip *g, struct err *e)
{
    if (g->stream.avail_in > 0 || g->from_ended)
        return 0;
    long n = g->from->read(g->from, (char *)g->input, sizeof(g->input), e);
    if (n < 0)
        return -1;
    g->from_ended = n == 0;
    g->in += n;
    g->stream.next_in = g->input;
    g->stream.avail_in = (unsigned)n;
    return 0;
}

/* Goes on expanding. The stream's room may stay empty: at the end of a member, or where more input is needed. */
static int expand(struct gunzip *g, struct err *e)
{
    g->in_member = true;
    int rc = inflate(&g->stream, Z_NO_FLUSH);
    if (rc == Z_STREAM_END) {
        g->in_member = false;
        return inflateReset(&g->stream) == Z_OK ? 0 : broken(g, e);
    }
    if (rc == Z_MEM_ERROR)
        return err_set(e, MSG_SPOOL_FULL, "out of memory for gzip");
    return rc == Z_OK || rc == Z_BUF_ERROR ? 0 : broken(g, e);
}

static long read_expanded(struct source *self, char *to, size_t room, struct err *e)
{
    struct gunzip *g = (struct gunzip *)(void *)self;
    unsigned given = room > INT_MAX ? INT_MAX : (unsigned)room;
    g->stream.next_out = (unsigned char *)to;
    g->stream.avail_out = given;
    while (g->stream.avail_out == given) {
        if (refill(g, e) != 0)
            return -1;
        bool starved = g->stream.avail_in == 0;
        if (starved && !g->in_member)
            return g->in > 0 ? 0 : broken(g, e);
        if (expand(g, e) != 0)
            return -1;
        if (starved && g->in_member && g->stream.avail_out == given)
            return broken(g, e);
    }
    long n = (long)(given - g->stream.avail_out);
    g->out += n;
    return check_ratio(g, e) == 0 ? n : -1;
}

struct gunzip *gunzip_new(struct source *from, int64_t max_ratio)
{
    struct gunzip *g = calloc(1, sizeof(*g));
    if (g == NULL)
        return NULL;
    g->source.read = read_expanded;
    g->from = from;
    g->max_ratio = max_ratio;
    if (inflateInit2(&g->stream, GZIP_ONLY) == Z_OK)
        return g;
    free(g);
    return NULL;
}

struct source *gunzip_source(struct gunzip *g)
{
    return &g->source;
}

void gunzip_free(struct gunzip *g)
{
    if (g == NULL)
        return;
    (void)inflateEnd(&g->stream);
    free(g);
}
