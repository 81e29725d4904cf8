/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "secretfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "crypt.h"
#include "report.h"

#include "poison.h"

#define PATH_SIZE 4096
#define CREDENTIAL "credential:"

bool secretfile_is_credential(const char *path)
{
    return strncmp(path, CREDENTIAL, strlen(CREDENTIAL)) == 0;
}

/* Where systemd has put a credential; paths stay as they are. False where there is none. */
static bool find_path(const char *path, char to[PATH_SIZE])
{
    const char *dir = getenv("CREDENTIALS_DIRECTORY");
    bool credential = secretfile_is_credential(path);
    if (credential && dir == NULL)
        return false;
    int len = credential ? snprintf(to, PATH_SIZE, "%s/%s", dir, path + strlen(CREDENTIAL)) : snprintf(to, PATH_SIZE, "%s", path);
    return len < PATH_SIZE;
}

/* Reads to the end; false where that fails or the text is too long. */
/* All memory is had at once: what is moved for more leaves a copy. */
static bool read_all(int fd, struct buf *to)
{
    char piece[512];
    ssize_t n;
    if (buf_reserve(to, to->max - to->len) == NULL)
        return false;
    while ((n = read(fd, piece, sizeof(piece))) > 0)
        buf_add(to, piece, (size_t)n);
    crypt_wipe(piece, sizeof(piece));
    return n == 0 && !buf_failed(to);
}

int secretfile_read(const char *what, const char *path, mode_t mode, struct buf *to, struct report *r)
{
    char real[PATH_SIZE];
    struct stat st;
    int before = r->count;
    if (!find_path(path, real)) {
        report_add(r, what, 0, "there is no %s: the unit file is to name it with LoadCredential=; outside of the service use a configuration (-c) that names the file", path);
        return -1;
    }
    int fd = open(real, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &st) != 0)
        report_add(r, what, 0, "%s cannot be read: %s", path, strerror(errno));
    else if (!S_ISREG(st.st_mode))
        report_add(r, what, 0, "%s cannot be read: it is no file", path);
    else if ((st.st_mode & 0777 & ~mode) != 0 && strcmp(real, path) == 0)
        report_add(r, what, 0, "%s is open to others: chmod %04o it, and give it to the account of the service", path, (unsigned)mode);
    else if (!read_all(fd, to) || strlen(buf_text(to)) != to->len)
        report_add(r, what, 0, "%s is no text of at most %zu bytes", path, to->max);
    if (fd >= 0)
        (void)close(fd);
    return r->count == before ? 0 : -1;
}

static int write_all(int fd, const char *text)
{
    size_t len = strlen(text);
    while (len > 0) {
        ssize_t n = write(fd, text, len);
        if (n < 0)
            return -1;
        text += n;
        len -= (size_t)n;
    }
    return fsync(fd);
}

static int sync_folder(const char *path)
{
    char dir[PATH_SIZE];
    const char *slash = strrchr(path, '/');
    (void)snprintf(dir, sizeof(dir), "%.*s", slash == NULL ? 1 : (int)(slash - path) + 1, slash == NULL ? "." : path);
    int fd = open(dir, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    int rc = fd < 0 ? -1 : fsync(fd);
    if (fd >= 0)
        (void)close(fd);
    return rc;
}

/* Opens a file that must not be there; owner NULL: that of the process. Returns its descriptor, or -1. */
static int make(const char *path, const struct stat *owner)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || owner == NULL || fchown(fd, owner->st_uid, owner->st_gid) == 0)
        return fd;
    int fault = errno;
    (void)close(fd);
    (void)unlink(path);
    errno = fault;
    return -1;
}

int secretfile_create(const char *path, const char *text)
{
    int fd = make(path, NULL);
    if (fd < 0)
        return -1;
    int rc = write_all(fd, text);
    int fault = errno;
    (void)close(fd);
    if (rc == 0)
        return sync_folder(path);
    (void)unlink(path);
    errno = fault;
    return -1;
}

static bool name_fresh(const char *path, char to[PATH_SIZE])
{
    errno = ENAMETOOLONG;
    return snprintf(to, PATH_SIZE, "%s" SECRETFILE_FRESH, path) < PATH_SIZE;
}

int secretfile_begin(const char *path)
{
    char fresh[PATH_SIZE];
    struct stat st;
    return name_fresh(path, fresh) && stat(path, &st) == 0 ? make(fresh, &st) : -1;
}

/* False where the file of this name is another by now: someone took it for left over, removed it, and began a change. */
static bool is_still(int change, const char *fresh)
{
    struct stat ours, there;
    bool is = fstat(change, &ours) == 0 && lstat(fresh, &there) == 0 && ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
    if (!is)
        errno = ESTALE;
    return is;
}

int secretfile_commit(int change, const char *path, const char *text)
{
    char fresh[PATH_SIZE];
    bool done = name_fresh(path, fresh) && write_all(change, text) == 0 && is_still(change, fresh) && rename(fresh, path) == 0 &&
                sync_folder(path) == 0;
    int fault = errno;
    secretfile_abandon(change, path);
    errno = fault;
    return done ? 0 : -1;
}

void secretfile_abandon(int change, const char *path)
{
    char fresh[PATH_SIZE];
    if (name_fresh(path, fresh) && is_still(change, fresh))
        (void)unlink(fresh);
    (void)close(change);
}
