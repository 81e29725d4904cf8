/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "gateway.h"

#include <fastcgi.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "crypt.h"
#include "err.h"
#include "reply.h"
#include "source.h"

#include "poison.h"

#define SENT_AT_ONCE ((size_t)8192) /* what any socket has room for, whether its peer reads or not */
#define MIN_RATE 500 /* bytes a second, below which a body is given up */

struct gateway {
    struct source body; /* first, so that the source's self is the gateway */
    FCGX_Request request;
    char token_variable[80]; /* "": no header but Authorization has a token */
    int connection;
    bool is_whole; /* the request had come when the connection was taken: no read of it waits */
    int timeout;        /* seconds */
    int64_t began;      /* clock_micros */
    int64_t body_bytes; /* that have come */
    bool body_done; /* it was read to its end, or broke off: nothing more is to come */
};

/* A body may take `timeout` seconds, and one more for every MIN_RATE bytes that have come. */
static bool is_late(const struct gateway *g)
{
    return clock_micros() - g->began > (g->timeout + g->body_bytes / MIN_RATE) * 1000000;
}

/* Gives up to room bytes that the library has at hand; waits for the first of them where it has none. */
static int read_piece(struct gateway *g, char *to, size_t room)
{
    FCGX_Stream *in = g->request.in;
    int first = 0;
    if (in->stop == in->rdNext) {
        int c = is_late(g) ? -1 : FCGX_GetChar(in);
        if (c < 0)
            return 0;
        *to++ = (char)c;
        room--;
        first = 1;
    }
    size_t at_hand = (size_t)(in->stop - in->rdNext);
    int more = (int)(at_hand < room ? at_hand : room);
    return first + (more > 0 ? FCGX_GetStr(to, more, in) : 0);
}

static long read_body(struct source *self, char *to, size_t room, struct err *e)
{
    struct gateway *g = (struct gateway *)(void *)self;
    size_t got = 0;
    while (got < room && !g->body_done) {
        int n = read_piece(g, to + got, room - got);
        g->body_done = n <= 0;
        got += n > 0 ? (size_t)n : 0;
        g->body_bytes += n > 0 ? n : 0;
    }
    /* The library ends a body that broke off like one that is complete, but for its error. One that came too slowly broke off. */
    bool whole = FCGX_GetError(g->request.in) == 0 && FCGX_HasSeenEOF(g->request.in) != 0;
    if (got > 0 || whole)
        return (long)got;
    (void)err_set(e, MSG_BODY_CUT, "the body broke off after %lld bytes", (long long)g->body_bytes);
    msg_arg(&e->msg, "got", "%lld", (long long)g->body_bytes);
    return -1;
}

/* The CGI name of a header (RFC 3875 section 4.1.18), or "" of none. */
static void name_variable(char *to, size_t size, const char *header)
{
    (void)snprintf(to, size, "%s%s", *header == '\0' ? "" : "HTTP_", header);
    for (char *p = to; *p != '\0'; p++)
        *p = *p == '-' ? '_' : *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
}

struct gateway *gateway_new(const char *token_header)
{
    struct gateway *g = calloc(1, sizeof(*g));
    if (g == NULL)
        return NULL;
    name_variable(g->token_variable, sizeof(g->token_variable), token_header);
    /* The library is given no listening socket: it gets connections that are already accepted, and where one breaks
     * before a request has come, it finds nothing to accept from and returns. */
    if (FCGX_Init() == 0 && FCGX_InitRequest(&g->request, -1, 0) == 0) {
        g->body.read = read_body;
        return g;
    }
    free(g);
    return NULL;
}

void gateway_free(struct gateway *g)
{
    if (g == NULL)
        return;
    FCGX_Free(&g->request, 1);
    free(g);
}

static const char *fact(const struct gateway *g, const char *name)
{
    return FCGX_GetParam(name, g->request.envp);
}

static void take_facts(const struct gateway *g, struct request_facts *out)
{
    *out = (struct request_facts){
        .method = fact(g, "REQUEST_METHOD"),
        .uri = fact(g, "REQUEST_URI"),
        .script_name = fact(g, "SCRIPT_NAME"),
        .path_info = fact(g, "PATH_INFO"),
        .content_type = fact(g, "CONTENT_TYPE"),
        .content_length = fact(g, "CONTENT_LENGTH"),
        .content_encoding = fact(g, "HTTP_CONTENT_ENCODING"),
        .authorization = fact(g, "HTTP_AUTHORIZATION"),
        .accept_language = fact(g, "HTTP_ACCEPT_LANGUAGE"),
        .host = fact(g, "HTTP_HOST"),
        .scheme = fact(g, "REQUEST_SCHEME"),
        .remote_address = fact(g, "REMOTE_ADDR"),
        .https = fact(g, "HTTPS"),
        .forwarded_for = fact(g, "HTTP_X_FORWARDED_FOR"),
        .forwarded_proto = fact(g, "HTTP_X_FORWARDED_PROTO"),
        .accept = fact(g, "HTTP_ACCEPT"),
        .prefer = fact(g, "HTTP_PREFER"),
        .idempotency_key = fact(g, "HTTP_IDEMPOTENCY_KEY"),
        .if_match = fact(g, "HTTP_IF_MATCH"),
        .if_none_match = fact(g, "HTTP_IF_NONE_MATCH"),
        .content_digest = fact(g, "HTTP_CONTENT_DIGEST"),
        .signature_input = fact(g, "HTTP_SIGNATURE_INPUT"),
        .signature = fact(g, "HTTP_SIGNATURE"),
        .token = g->token_variable[0] == '\0' ? NULL : fact(g, g->token_variable),
    };
}

/* A body that is not wanted is read all the same, unless the library has all of it: a socket closed with bytes unread would take the reply with
 * it. The peer has `timeout` seconds to see the reply and to close. */
static void linger(int connection, int timeout)
{
    char trash[65536];
    int64_t end = clock_micros() + (int64_t)timeout * 1000000;
    struct pollfd waiting = {.fd = connection, .events = POLLIN};
    (void)shutdown(connection, SHUT_WR);
    for (;;) {
        int64_t left = (end - clock_micros()) / 1000;
        if (left <= 0 || poll(&waiting, 1, (int)left) <= 0 || recv(connection, trash, sizeof(trash), 0) <= 0)
            return;
    }
}

void gateway_end(struct gateway *g)
{
    int connection = g->request.ipcFd;
    /* The library is told to keep the connection, and made to forget errors after which it would not, since in closing one it
     * waits two seconds, again and again, for a peer that does not close or goes on sending. It is closed here. */
    g->request.keepConnection = 1;
    if (FCGX_GetError(g->request.out) != 0) { /* a peer that does not read: no use in more tries */
        (void)shutdown(connection, SHUT_RDWR);
        g->body_done = true;
    }
    (void)FCGX_FClose(g->request.err);
    (void)FCGX_FClose(g->request.out);
    FCGX_ClearError(g->request.err);
    FCGX_ClearError(g->request.out);
    FCGX_ClearError(g->request.in);
    FCGX_Finish_r(&g->request);
    g->request.ipcFd = -1;
    if (!g->body_done && !g->is_whole)
        linger(connection, g->timeout);
    (void)close(connection);
}

static void limit_waiting(const struct gateway *g)
{
    struct timeval limit = {.tv_sec = g->timeout};
    (void)setsockopt(g->connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    (void)setsockopt(g->connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

/* The records of one request in their order, the last of them too: then the library has no reason to ask for more. */
static bool is_whole(const unsigned char *bytes, long got)
{
    static const unsigned char types[] = {FCGI_BEGIN_REQUEST, FCGI_PARAMS, FCGI_STDIN};
    const FCGI_Header *first = (const FCGI_Header *)bytes;
    size_t type = 0;
    for (long at = 0; type < sizeof(types) && at + FCGI_HEADER_LEN <= got;) {
        const FCGI_Header *header = (const FCGI_Header *)&bytes[at];
        long length = header->contentLengthB1 << 8 | header->contentLengthB0;
        at += FCGI_HEADER_LEN + length + header->paddingLength;
        bool ends = type == 0 || length == 0; /* a beginning is one record, a stream ends with an empty one */
        /* Behind those the library looks for the next record at once, padding or not. */
        if (at > got || (ends && header->paddingLength > 0) || header->type != types[type] || header->requestIdB1 != first->requestIdB1 ||
            header->requestIdB0 != first->requestIdB0)
            return false;
        type += ends ? 1 : 0;
    }
    return type == sizeof(types);
}

static void look(struct gateway *g)
{
    unsigned char bytes[8192];
    long got = (long)recv(g->connection, bytes, sizeof(bytes), MSG_PEEK | MSG_DONTWAIT);
    g->is_whole = is_whole(bytes, got);
    crypt_wipe(bytes, got > 0 ? (size_t)got : 0);
}

bool gateway_take(struct gateway *g, int connection)
{
    g->connection = connection;
    look(g);
    return g->is_whole;
}

bool gateway_is_whole(const struct gateway *g)
{
    return g->is_whole;
}

/* Waits until the peer sends, and looks again: it may have been a moment late only. */
static bool has_come(struct gateway *g)
{
    struct pollfd waiting = {.fd = g->connection, .events = POLLIN};
    if (poll(&waiting, 1, g->timeout * 1000) <= 0)
        return false;
    look(g);
    if (!g->is_whole)
        limit_waiting(g);
    return true;
}

int gateway_begin(struct gateway *g, int timeout, struct request_facts *facts_out,
                  struct source **body_out)
{
    int connection = g->connection;
    g->timeout = timeout;
    g->began = clock_micros();
    g->body_bytes = 0;
    g->body_done = false;
    if (!g->is_whole && !has_come(g)) {
        (void)close(connection);
        return 0;
    }
    /* ipcFd is how the library itself remembers an accepted connection; keepConnection stops its first step, which ends
     * the request before, from closing it. */
    g->request.ipcFd = connection;
    g->request.keepConnection = 1;
    if (FCGX_Accept_r(&g->request) < 0)
        return 0;
    if (g->request.role != FCGI_RESPONDER) {
        g->body_done = true;
        gateway_end(g);
        return 0;
    }
    take_facts(g, facts_out);
    *body_out = &g->body;
    return 1;
}

int64_t gateway_body_bytes(const struct gateway *g)
{
    return g->body_bytes;
}

static void put(struct gateway *g, const struct buf *bytes)
{
    if (bytes->len > 0)
        (void)FCGX_PutStr(bytes->data, (int)bytes->len, g->request.out);
}

void gateway_reply(struct gateway *g, const struct reply *reply, bool with_body)
{
    if (g->is_whole && reply->headers.len + reply->body.len > SENT_AT_ONCE)
        limit_waiting(g);
    (void)FCGX_FPrintF(g->request.out, "Status: %d %s\r\n", reply->status, reply_reason(reply->status));
    put(g, &reply->headers);
    /* A reply whose worker dies half-way must not pass for whole: by its length everyone on the way can tell. */
    if (reply->status != 204 && reply->status != 304)
        (void)FCGX_FPrintF(g->request.out, "Content-Length: %lu\r\n", (unsigned long)reply->body.len);
    (void)FCGX_PutS("\r\n", g->request.out);
    if (with_body)
        put(g, &reply->body);
}
