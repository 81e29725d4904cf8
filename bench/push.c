/* SPDX-License-Identifier: Apache-2.0
 *
 * Pushes records to a gateway on the loopback address: usage push PORT CONNECTIONS BATCHES ROWS, the token on standard input. Prints
 * records a second. Every connection is a process of its own with one kept-alive HTTP connection.
 */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "num.h"
#include "rows.h"

#include "poison.h"

enum { ARGUMENTS = 4 };

struct job {
    int64_t port, batches, rows;
    char token[256];
};

static int open_connection(int64_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        return -1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return fd;
}

static int send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n <= 0)
            return -1;
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

/* Reads a reply with a Content-Length; 0 where it is 200. */
static int read_reply(int fd)
{
    static char text[65536];
    size_t have = 0;
    int64_t length = 0;
    for (;;) {
        ssize_t n = recv(fd, text + have, sizeof(text) - 1 - have, 0);
        if (n <= 0)
            return -1;
        have += (size_t)n;
        text[have] = '\0';
        const char *end = strstr(text, "\r\n\r\n");
        const char *header = strcasestr(text, "content-length: ");
        if (end == NULL || header == NULL)
            continue;
        header += strlen("content-length: ");
        if (!num_parse(header, strspn(header, "0123456789"), 0, 60000, &length))
            return -1;
        if (have >= (size_t)(end - text) + 4 + (size_t)length)
            break;
    }
    if (strncmp(text, "HTTP/1.1 200", 12) == 0)
        return 0;
    (void)fprintf(stderr, "%.800s\n", text);
    return -1;
}

static void make_body(struct buf *body, size_t first, size_t rows)
{
    char id[16];
    buf_clear(body);
    buf_add_char(body, '[');
    for (size_t i = 0; i < rows; i++) {
        if (i > 0)
            buf_add_char(body, ',');
        rows_add(body, first + i, id);
    }
    buf_add_char(body, ']');
}

static int work(int number, void *context)
{
    const struct job *job = context;
    struct buf head, body;
    int fd = open_connection(job->port);
    int rc = fd < 0 ? -1 : 0;
    buf_init(&head, 4096);
    buf_init(&body, (size_t)1 << 30);
    for (int64_t b = 0; rc == 0 && b < job->batches; b++) {
        make_body(&body, (size_t)((number * job->batches + b) * job->rows), (size_t)job->rows);
        buf_clear(&head);
        buf_printf(&head, "POST /v1/records/regulation/rule HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
                   "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n", job->token, body.len);
        rc = send_all(fd, buf_text(&head), head.len) != 0 || send_all(fd, buf_text(&body), body.len) != 0 ||
             read_reply(fd) != 0;
    }
    buf_free(&head);
    buf_free(&body);
    if (fd >= 0)
        (void)close(fd);
    return rc;
}

int main(int argc, char **argv)
{
    int64_t numbers[ARGUMENTS];
    struct job job;
    for (int i = 0; i < ARGUMENTS; i++)
        if (argc != ARGUMENTS + 1 || !num_parse(argv[i + 1], strlen(argv[i + 1]), 1, 1000000, &numbers[i])) {
            (void)fprintf(stderr, "usage: push PORT CONNECTIONS BATCHES ROWS <token\n");
            return EXIT_FAILURE;
        }
    if (fgets(job.token, sizeof(job.token), stdin) == NULL)
        return EXIT_FAILURE;
    job.token[strcspn(job.token, "\n")] = '\0';
    job.port = numbers[0];
    job.batches = numbers[2];
    job.rows = numbers[3];
    long long micros = rows_race((int)numbers[1], work, &job);
    if (micros < 0)
        return EXIT_FAILURE;
    (void)printf("%.0f\n", (double)(numbers[1] * numbers[2] * numbers[3]) * 1e6 / (double)micros);
    return EXIT_SUCCESS;
}
