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
enum { COM_QUERY = 0x03, COM_STMT_EXECUTE = 0x17, COM_STMT_BULK_EXECUTE = 0xfa };
enum { LARGE = 4000 }; /* bytes: an execution of this size carries a record */

enum what { NOTHING, COMMIT, BULK, LARGE_EXECUTE };
static const struct mode {
    const char *name;
    enum what what;  /* the client's message at which the connection is cut */
    bool passed_on;  /* the server gets it, and only its answer is lost */
    bool stays_away; /* afterwards no connection comes through any more */
} modes[] = {
    {"pass", NOTHING, false, false},
    {"cut-before-commit", COMMIT, false, false},
    {"cut-after-commit", COMMIT, true, false},
    {"cut-after-commit-for-good", COMMIT, true, true},
    {"cut-on-insert", BULK, false, false},
    {"cut-before-single", LARGE_EXECUTE, false, false},
    {"cut-after-single", LARGE_EXECUTE, true, false},
};
enum { MODE_N = sizeof(modes) / sizeof(modes[0]) };

/* One relayed connection. Packets of the client are looked at; those of the server pass as they come. */
struct peer {
    int client, server; /* -1: free */
    unsigned char held[HEAD + PEEK]; /* of a packet whose start has not come whole yet */
    size_t held_len;
    size_t rest;      /* bytes of the packet under way that pass without a look */
    bool cut_answer;  /* what the server says next is not passed on */
};

static struct peer peers[PEERS_MAX];
static const struct mode *mode;
static long faults_left = 1;
static bool away;

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
    int server = away ? -1 : socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
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

static bool fault_due(void)
{
    if (faults_left == 0)
        return false;
    faults_left--;
    away = mode->stays_away;
    (void)printf("%s\n", mode->name);
    (void)fflush(stdout);
    return true;
}

static enum what what_is(const unsigned char *packet, size_t len)
{
    if (packet[3] != 0 || len == 0)
        return NOTHING;
    if (packet[HEAD] == COM_STMT_BULK_EXECUTE)
        return BULK;
    if (packet[HEAD] == COM_STMT_EXECUTE && len >= LARGE)
        return LARGE_EXECUTE;
    bool commit = packet[HEAD] == COM_QUERY && len == PEEK && memcmp(packet + HEAD + 1, commit_text, PEEK - 1) == 0;
    return commit ? COMMIT : NOTHING;
}

/* Looks at the start of a client's packet. False where the connection is to be dropped in its place. */
static bool may_pass(struct peer *p, const unsigned char *packet, size_t len)
{
    if (mode->what == NOTHING || what_is(packet, len) != mode->what || !fault_due())
        return true;
    p->cut_answer = mode->passed_on;
    return mode->passed_on;
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
    for (size_t i = 0; argc >= 4 && i < MODE_N; i++)
        if (strcmp(argv[3], modes[i].name) == 0)
            mode = &modes[i];
    if (mode == NULL || argc > 5)
        errx(2, "usage: db_relay LISTEN TARGET MODE [COUNT]");
    if (argc == 5)
        faults_left = strtol(argv[4], NULL, 10);
    (void)signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < PEERS_MAX; i++)
        peers[i] = (struct peer){.client = -1, .server = -1};
    for (int listener = listen_at(argv[1]);;)
        run(listener, argv[2]);
}
