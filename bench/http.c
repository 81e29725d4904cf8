/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "http.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "num.h"

#include "poison.h"

enum { STATUS_AT = 9, STATUS_DIGITS = 3, REPLY_MAX = 60000 };

int http_open(struct http *h)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)h->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    if (h->fd >= 0)
        return 0;
    h->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (h->fd < 0)
        return -1;
    (void)setsockopt(h->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    if (connect(h->fd, (struct sockaddr *)&to, sizeof(to)) == 0)
        return 0;
    perror("push: connect");
    http_close(h);
    return -1;
}

int http_send(struct http *h, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(h->fd, bytes, len, MSG_NOSIGNAL);
        if (n <= 0)
            return -1;
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

/* Whether `text`, which ends in NUL, holds a whole reply. */
static bool is_whole(const char *text, size_t have)
{
    static const char name[] = "\r\ncontent-length: ";
    static const char last_chunk[] = "\r\n0\r\n\r\n";
    const char *end = strstr(text, "\r\n\r\n");
    const char *header = strcasestr(text, name);
    int64_t length;
    if (end == NULL)
        return false;
    if (header == NULL || header > end)
        return have >= sizeof(last_chunk) && strcmp(text + have - strlen(last_chunk), last_chunk) == 0;
    header += strlen(name);
    return num_parse(header, strspn(header, "0123456789"), 0, REPLY_MAX, &length) &&
           have >= (size_t)(end - text) + 4 + (size_t)length;
}

int http_read(struct http *h)
{
    static char text[REPLY_MAX + 4096];
    size_t have = 0;
    int status = -1;
    do {
        ssize_t n = recv(h->fd, text + have, sizeof(text) - 1 - have, 0);
        if (n <= 0)
            break;
        have += (size_t)n;
        text[have] = '\0';
    } while (!is_whole(text, have));
    if (have > STATUS_AT + STATUS_DIGITS && !num_digits(text + STATUS_AT, STATUS_DIGITS, &status))
        status = -1;
    if (status != 200)
        (void)fprintf(stderr, "push: %s\n", have == 0 ? "no reply" : text);
    if (status != 200 || strcasestr(text, "\r\nconnection: close") != NULL)
        http_close(h);
    return status;
}

void http_close(struct http *h)
{
    if (h->fd >= 0)
        (void)close(h->fd);
    h->fd = -1;
}
