/* SPDX-License-Identifier: Apache-2.0
 *
 * A relay between a unix socket of its own and MariaDB's, for faults that a real server does not give on demand. Each
 * fault it makes is told on standard output.
 */
#define _GNU_SOURCE
#include <err.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char commit_text[] = "COMMIT AND CHAIN"; /* what ends a transaction that did something */

enum { PEERS_MAX = 128, CHUNK = 65536, HEAD = 4, PEEK = sizeof(commit_text) };
enum { COM_QUERY = 0x03, COM_STMT_BULK_EXECUTE = 0xfa };
enum mode { PASS, CUT_BEFORE_COMMIT, CUT_AFTER_COMMIT, CUT_ON_INSERT, MODE_N };

static const char *const mode_names[MODE_N] = {"pass", "cut-before-commit", "cut-after-commit", "cut-on-insert"};

/* One relayed connection. Packets of the client are looked at; those of the server pass as they come. */
struct peer {
    int client, server; /* -1: free */
    unsigned char held[HEAD + PEEK]; /* of a packet whose start has not come whole yet */
    size_t held_len;
    size_t rest;      /* bytes of the packet under way that pass without a look */
    bool cut_answer;  /* what the server says next is not passed on */
};

static struct peer peers[PEERS_MAX];
static enum mode mode;
static long faults_left = 1;

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >= (int)sizeof(address.sun_path))
        errx(1, "%s: too long", path);
    return address;
}

static void drop(struct peer *p)
{
    (void)close(p->client);
    (void)close(p->server);
    *p = (struct peer){.client = -1, .server = -1};
}

static void add_peer(int client, const char *target)
{
    struct sockaddr_un address = address_of(target);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server >= 0 && connect(server, (const struct sockaddr *)&address, sizeof(address)) == 0) {
        for (size_t i = 0; i < PEERS_MAX; i++) {
            if (peers[i].client < 0) {
                peers[i] = (struct peer){.client = client, .server = server};
                return;
            }
        }
    }
    (void)close(server);
    (void)close(client);
}

/* MariaDB and its clients read what they are sent before they answer, so a write that waits holds nobody up for long. */
static bool write_all(int fd, const unsigned char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n <= 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

static bool fault_due(const char *what)
{
    if (faults_left == 0)
        return false;
    faults_left--;
    (void)printf("%s\n", what);
    (void)fflush(stdout);
    return true;
}

/* Looks at the start of a client's packet. False where the connection is to be dropped in its place. */
static bool may_pass(struct peer *p, const unsigned char *packet, size_t len)
{
    bool command = packet[3] == 0 && len > 0;
    bool commit = command && len == PEEK && packet[HEAD] == COM_QUERY &&
                  memcmp(packet + HEAD + 1, commit_text, sizeof(commit_text) - 1) == 0;
    bool bulk = command && packet[HEAD] == COM_STMT_BULK_EXECUTE;
    if ((mode == CUT_BEFORE_COMMIT && commit) || (mode == CUT_ON_INSERT && bulk))
        return !fault_due(mode_names[mode]);
    if (mode == CUT_AFTER_COMMIT && commit)
        p->cut_answer = fault_due(mode_names[mode]);
    return true;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Passes on what the client sent, packet by packet: 3 bytes of length, one of sequence, the content. */
static bool relay_client(struct peer *p, const unsigned char *data, size_t len)
{
    while (len > 0) {
        size_t n = smaller(p->rest, len);
        if (n > 0) {
            if (!write_all(p->server, data, n))
                return false;
            p->rest -= n;
        } else {
            p->held[p->held_len++] = *data;
            n = 1;
        }
        data += n;
        len -= n;
        if (p->held_len < HEAD)
            continue;
        size_t content = (size_t)p->held[0] | (size_t)p->held[1] << 8 | (size_t)p->held[2] << 16;
        size_t peek = smaller(content, PEEK);
        if (p->held_len < HEAD + peek)
            continue;
        if (!may_pass(p, p->held, content) || !write_all(p->server, p->held, p->held_len))
            return false;
        p->rest = content - peek;
        p->held_len = 0;
    }
    return true;
}

static void relay(struct peer *p, bool from_client)
{
    unsigned char chunk[CHUNK];
    ssize_t n = read(from_client ? p->client : p->server, chunk, sizeof(chunk));
    bool going = n > 0 && (from_client ? relay_client(p, chunk, (size_t)n)
                                       : !p->cut_answer && write_all(p->client, chunk, (size_t)n));
    if (!going)
        drop(p);
}

static int listen_at(const char *path)
{
    struct sockaddr_un address = address_of(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)unlink(path);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 128) != 0)
        err(1, "%s", path);
    return fd;
}

static void run(int listener, const char *target)
{
    struct pollfd waits[1 + 2 * PEERS_MAX] = {{.fd = listener, .events = POLLIN}};
    for (size_t i = 0; i < PEERS_MAX; i++) {
        waits[1 + 2 * i] = (struct pollfd){.fd = peers[i].client, .events = POLLIN};
        waits[2 + 2 * i] = (struct pollfd){.fd = peers[i].server, .events = POLLIN};
    }
    if (poll(waits, sizeof(waits) / sizeof(waits[0]), -1) < 0)
        return;
    for (size_t i = 0; i < PEERS_MAX; i++) {
        if (peers[i].client >= 0 && waits[1 + 2 * i].revents != 0)
            relay(&peers[i], true);
        if (peers[i].client >= 0 && waits[2 + 2 * i].revents != 0)
            relay(&peers[i], false);
    }
    int client = waits[0].revents != 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
    if (client >= 0)
        add_peer(client, target);
}

int main(int argc, char **argv)
{
    while (argc >= 4 && mode < MODE_N && strcmp(argv[3], mode_names[mode]) != 0)
        mode++;
    if (argc < 4 || argc > 5 || mode == MODE_N)
        errx(2, "usage: db_relay LISTEN TARGET pass|cut-before-commit|cut-after-commit|cut-on-insert [COUNT]");
    if (argc == 5)
        faults_left = strtol(argv[4], NULL, 10);
    (void)signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < PEERS_MAX; i++)
        peers[i] = (struct peer){.client = -1, .server = -1};
    for (int listener = listen_at(argv[1]);;)
        run(listener, argv[2]);
}
