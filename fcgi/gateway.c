/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "gateway.h"

#include <fastcgi.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "intake.h"
#include "reply.h"

#include "poison.h"

struct gateway {
    struct source body; /* first, so that the source's self is the gateway */
    FCGX_Request request;
    int timeout;    /* seconds */
    bool body_done; /* it was read to its end, or broke off: nothing more is to come */
};

static long read_body(struct source *self, char *to, size_t room)
{
    struct gateway *g = (struct gateway *)(void *)self;
    int n = FCGX_GetStr(to, room > 1 << 20 ? 1 << 20 : (int)room, g->request.in);
    g->body_done = n == 0;
    /* The library ends a body that broke off like one that is complete, but for its error. */
    return n == 0 && FCGX_GetError(g->request.in) != 0 ? -1 : n;
}

struct gateway *gateway_new(void)
{
    struct gateway *g = calloc(1, sizeof(*g));
    /* The library is given no listening socket: it gets connections that are already accepted, and where one breaks
     * before a request has come, it finds nothing to accept from and returns. */
    if (g != NULL && FCGX_Init() == 0 && FCGX_InitRequest(&g->request, -1, 0) == 0) {
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
    };
}

/* A body that is not wanted is read all the same: a socket closed with bytes unread would take the reply with it. The peer has
 * `timeout` seconds to see the reply and to close. */
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
    if (!g->body_done)
        linger(connection, g->timeout);
    (void)close(connection);
}

int gateway_begin(struct gateway *g, int connection, int timeout, struct request_facts *facts_out,
                  struct source **body_out)
{
    struct timeval limit = {.tv_sec = timeout};
    g->timeout = timeout;
    g->body_done = false;
    (void)setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    (void)setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    struct pollfd waiting = {.fd = connection, .events = POLLIN};
    if (poll(&waiting, 1, timeout * 1000) <= 0) {
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

static void put(struct gateway *g, const struct buf *bytes)
{
    if (bytes->len > 0)
        (void)FCGX_PutStr(bytes->data, (int)bytes->len, g->request.out);
}

void gateway_reply(struct gateway *g, const struct reply *reply, bool with_body)
{
    (void)FCGX_FPrintF(g->request.out, "Status: %d %s\r\n", reply->status, reply_reason(reply->status));
    put(g, &reply->headers);
    (void)FCGX_PutS("\r\n", g->request.out);
    if (with_body)
        put(g, &reply->body);
}
