/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "infile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "gunzip.h"

#include "poison.h"

#define LOOK_MILLIS 200 /* how often one who waits for bytes looks for a signal */

static const int stop_signals[] = {SIGINT, SIGTERM};

#define STOP_SIGNAL_COUNT (sizeof(stop_signals) / sizeof(stop_signals[0]))

static const char magic[INFILE_MAGIC_SIZE] = {'\x1F', '\x8B'};

/* A signal that is ignored on purpose, as for a command in the background, stays so. */
static void block_stops(struct infile *f)
{
    struct sigaction now;
    (void)sigemptyset(&f->stops);
    for (size_t i = 0; i < STOP_SIGNAL_COUNT; i++)
        if (sigaction(stop_signals[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            (void)sigaddset(&f->stops, stop_signals[i]);
    (void)sigprocmask(SIG_BLOCK, &f->stops, NULL);
}

static bool is_stopped(const struct infile *f)
{
    sigset_t pending;
    (void)sigpending(&pending);
    for (size_t i = 0; i < STOP_SIGNAL_COUNT; i++)
        if (sigismember(&pending, stop_signals[i]) == 1 && sigismember(&f->stops, stop_signals[i]) == 1)
            return true;
    return false;
}

static long read_bytes(struct infile *f, char *to, size_t room, struct err *e)
{
    struct pollfd waiting = {.fd = f->fd, .events = POLLIN};
    for (;;) {
        int ready = poll(&waiting, 1, LOOK_MILLIS);
        /* Looked for behind the wait: a signal that ended the other side of a pipe too must not pass for its end. */
        if (is_stopped(f))
            return err_set(e, MSG_INTERRUPTED, "stopped by a signal");
        if (ready == 0)
            continue;
        long n = read(f->fd, to, room);
        if (n >= 0) {
            f->got += n;
            return n;
        }
        if (errno != EAGAIN && errno != EINTR)
            return err_set(e, MSG_BODY_CUT, "%s: %s", f->name, strerror(errno));
    }
}

static long read_file(struct source *self, char *to, size_t room, struct err *e)
{
    struct infile *f = (struct infile *)(void *)self;
    size_t rest = f->head_len - f->head_at;
    if (rest == 0)
        return read_bytes(f, to, room, e);
    if (rest > room)
        rest = room;
    memcpy(to, f->head + f->head_at, rest);
    f->head_at += rest;
    return (long)rest;
}

/* Reads as many bytes as tell whether it is gzip; they are given again. */
static int read_head(struct infile *f, struct err *e)
{
    long n = 1;
    while (n > 0 && f->head_len < INFILE_MAGIC_SIZE) {
        n = read_bytes(f, f->head + f->head_len, INFILE_MAGIC_SIZE - f->head_len, e);
        f->head_len += n > 0 ? (size_t)n : 0;
    }
    return n < 0 ? -1 : 0;
}

static bool is_gzip(const struct infile *f)
{
    size_t len = strlen(f->name);
    return (len > 3 && strcmp(f->name + len - 3, ".gz") == 0) ||
           (f->head_len == INFILE_MAGIC_SIZE && memcmp(f->head, magic, INFILE_MAGIC_SIZE) == 0);
}

static int open_file(struct infile *f, struct err *e)
{
    struct stat status;
    if (f->fd < 0)
        f->fd = open(f->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (f->fd < 0 || fstat(f->fd, &status) != 0)
        return err_set(e, MSG_CONFIG, "%s: %s", f->name, strerror(errno));
    if (S_ISDIR(status.st_mode))
        return err_set(e, MSG_CONFIG, "%s: %s", f->name, strerror(EISDIR));
    if (S_ISREG(status.st_mode))
        f->size = status.st_size - lseek(f->fd, 0, SEEK_CUR);
    return read_head(f, e);
}

int infile_open(struct infile *f, const char *name, struct err *e)
{
    bool is_input = name == NULL || strcmp(name, "-") == 0;
    *f = (struct infile){.source.read = read_file, .name = is_input ? "standard input" : name,
                         .fd = is_input ? STDIN_FILENO : -1};
    block_stops(f);
    if (open_file(f, e) != 0)
        return -1;
    /* Whose own file it is need not fear that it expands without end. */
    if (is_gzip(f) && (f->gunzip = gunzip_new(&f->source, INT64_MAX)) == NULL)
        return err_set(e, MSG_INTERNAL, "out of memory");
    return 0;
}

struct source *infile_source(struct infile *f)
{
    return f->gunzip == NULL ? &f->source : gunzip_source(f->gunzip);
}

void infile_close(struct infile *f)
{
    gunzip_free(f->gunzip);
    if (f->fd > STDIN_FILENO)
        (void)close(f->fd);
}
