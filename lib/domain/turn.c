/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "turn.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "poison.h"

#define KIND_PLACES 100000 /* more than there are turns of a kind */

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

static off_t place_of(enum turn_kind kind, int64_t number)
{
    return (off_t)kind * KIND_PLACES + (off_t)(number % KIND_PLACES);
}

bool turn_try(int table, enum turn_kind kind, int64_t count)
{
    for (int64_t number = 0; number < count; number++)
        if (take(table, F_SETLK, place_of(kind, number)))
            return true;
    return false;
}

void turn_take(int table, enum turn_kind kind, int64_t count)
{
    /* Where all are taken, this process queues for one of them, each for another. */
    if (!turn_try(table, kind, count))
        (void)take(table, F_SETLKW, place_of(kind, getpid() % count));
}

void turn_end(int table)
{
    struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    (void)fcntl(table, F_SETLK, &lock);
}
