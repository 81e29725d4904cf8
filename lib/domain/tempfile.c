/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "tempfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"

#include "poison.h"

static int no_room(const char *dir, struct err *e)
{
    return err_set(e, MSG_SPOOL_FULL, "[ingest] spool_dir %s: %s", dir, strerror(errno));
}

int tempfile_open(const char *dir, struct err *e)
{
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) { /* a file system without O_TMPFILE */
        char path[4096];
        (void)snprintf(path, sizeof(path), "%s/ruku-XXXXXX", dir);
        fd = mkostemp(path, O_CLOEXEC);
        if (fd >= 0)
            (void)unlink(path);
    }
    return fd < 0 ? no_room(dir, e) : fd;
}

int tempfile_write(int fd, const char *dir, const char *bytes, size_t len, off_t at, struct err *e)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = pwrite(fd, bytes + done, len - done, at + (off_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return no_room(dir, e);
        done += (size_t)n;
    }
    return 0;
}

ssize_t tempfile_read(int fd, const char *dir, char *to, size_t len, off_t at, struct err *e)
{
    for (;;) {
        ssize_t n = pread(fd, to, len, at);
        if (n >= 0 || errno != EINTR)
            return n < 0 ? no_room(dir, e) : n;
    }
}
