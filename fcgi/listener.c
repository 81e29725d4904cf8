/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "conf.h"
#include "err.h"
#include "log.h"
#include "words.h"

#include "poison.h"

#define BACKLOG 1024

static bool is_listening(int fd)
{
    int listening = 0;
    socklen_t size = sizeof(listening);
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

static int fail(const struct conf *conf, const char *what, struct err *e)
{
    return err_set(e, MSG_CONFIG, "[server] listen = %s: %s: %s", conf->listen, what, strerror(errno));
}

/* A socket file left by a process that is gone may be removed; one that answers belongs to another server. */
static int clear_stale(const struct conf *conf, const struct sockaddr_un *address, struct err *e)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(conf, "socket", e);
    int rc = connect(fd, (const struct sockaddr *)address, sizeof(*address));
    int why = errno;
    (void)close(fd);
    if (rc == 0)
        return err_set(e, MSG_CONFIG, "[server] listen = %s: another server answers there", conf->listen);
    if (why == ECONNREFUSED)
        (void)unlink(address->sun_path);
    return 0;
}

static int set_owner(const struct conf *conf, const char *path, struct err *e)
{
    if (conf->socket_group[0] != '\0') {
        const struct group *group = getgrnam(conf->socket_group);
        if (group == NULL)
            return err_set(e, MSG_CONFIG, "[server] socket_group = %s: there is no such group", conf->socket_group);
        if (chown(path, (uid_t)-1, group->gr_gid) != 0)
            return fail(conf, "chown", e);
    }
    return chmod(path, (mode_t)conf->socket_mode) == 0 ? 0 : fail(conf, "chmod", e);
}

static int open_unix(const struct conf *conf, struct listener *out, struct err *e)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(conf->listen) >= sizeof(address.sun_path))
        return err_set(e, MSG_CONFIG, "[server] listen = %s: a socket's path has at most %zu bytes", conf->listen,
                       sizeof(address.sun_path) - 1);
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", conf->listen);
    if (clear_stale(conf, &address, e) != 0)
        return -1;
    out->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (out->fd < 0)
        return fail(conf, "socket", e);
    mode_t mask = umask(0777); /* nobody gets in before owner and mode are set */
    int rc = bind(out->fd, (const struct sockaddr *)&address, sizeof(address));
    int why = errno;
    (void)umask(mask);
    errno = why;
    if (rc != 0)
        return fail(conf, "bind", e);
    (void)snprintf(out->path, sizeof(out->path), "%s", conf->listen);
    if (set_owner(conf, out->path, e) != 0)
        return -1;
    return listen(out->fd, BACKLOG) == 0 ? 0 : fail(conf, "listen", e);
}

/* host:port or [v6]:port. */
static int open_tcp(const struct conf *conf, struct listener *out, struct err *e)
{
    char host[256];
    const char *colon = strrchr(conf->listen, ':');
    size_t len = colon == NULL ? 0 : (size_t)(colon - conf->listen);
    if (len == 0 || len >= sizeof(host))
        return err_set(e, MSG_CONFIG, "[server] listen = %s: neither a path nor host:port", conf->listen);
    bool bracket = conf->listen[0] == '[' && conf->listen[len - 1] == ']';
    (void)snprintf(host, sizeof(host), "%.*s", (int)(bracket ? len - 2 : len), conf->listen + (bracket ? 1 : 0));
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found;
    int rc = getaddrinfo(host, colon + 1, &hints, &found);
    if (rc != 0)
        return err_set(e, MSG_CONFIG, "[server] listen = %s: %s", conf->listen, gai_strerror(rc));
    int yes = 1;
    out->fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool done = out->fd >= 0 && setsockopt(out->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
                bind(out->fd, found->ai_addr, found->ai_addrlen) == 0 && listen(out->fd, BACKLOG) == 0;
    freeaddrinfo(found);
    if (!done)
        return fail(conf, "bind", e);
    log_warn("listening on TCP %s: whoever reaches this port can speak for the web server; prefer a unix socket",
             conf->listen);
    return 0;
}

int listener_open(const struct conf *conf, struct listener *out, struct err *e)
{
    *out = (struct listener){.fd = -1};
    if (is_listening(STDIN_FILENO)) {
        /* The accepting is shared by workers that poll first, so it must never block. */
        int flags = fcntl(STDIN_FILENO, F_GETFL);
        if (flags < 0 || fcntl(STDIN_FILENO, F_SETFL, flags | O_NONBLOCK) != 0)
            return fail(conf, _("standard input"), e);
        out->fd = STDIN_FILENO;
        out->inherited = true;
        return 0;
    }
    int rc = conf->listen[0] == '/' ? open_unix(conf, out, e) : open_tcp(conf, out, e);
    if (rc != 0)
        listener_close(out);
    return rc;
}

void listener_close(struct listener *l)
{
    if (l->fd >= 0 && !l->inherited)
        (void)close(l->fd);
    if (l->path[0] != '\0')
        (void)unlink(l->path);
    l->fd = -1;
    l->path[0] = '\0';
}
