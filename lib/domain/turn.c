/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "turn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "poison.h"

int turn_new(void)
{
    return memfd_create("ruku-turns", MFD_CLOEXEC);
}

static bool take(int table, int command, off_t place)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = place, .l_len = 1};
    int rc;
    do {
        rc = fcntl(table, command, &lock);
    } while (rc != 0 && errno == EINTR);
    return rc == 0;
}

void turn_take(int table, int64_t count)
{
    for (int64_t place = 0; place < count; place++)
        if (take(table, F_SETLK, (off_t)place))
            return;
    /* All are taken: this process queues for one of them, each for another. */
    (void)take(table, F_SETLKW, (off_t)(getpid() % count));
}

void turn_end(int table)
{
    struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    (void)fcntl(table, F_SETLK, &lock);
}
