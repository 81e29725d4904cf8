/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "busy.h"

#include <stdatomic.h>
#include <sys/mman.h>

#include "poison.h"

#define PLACES 2048 /* four times the most workers, since those of earlier configurations may still be there */

struct place {
    _Atomic int64_t pid;    /* 0: it is free */
    _Atomic int64_t client; /* 0: it is idle */
};

struct busy {
    struct place places[PLACES];
};

struct busy *busy_new(void)
{
    void *memory = mmap(NULL, sizeof(struct busy), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

int busy_claim(struct busy *b, pid_t pid)
{
    for (int i = 0; i < PLACES; i++) {
        int64_t nobody = 0;
        if (atomic_compare_exchange_strong(&b->places[i].pid, &nobody, pid))
            return i;
    }
    return -1;
}

void busy_release(struct busy *b, pid_t pid)
{
    for (int i = 0; i < PLACES; i++) {
        if (atomic_load(&b->places[i].pid) != pid)
            continue;
        atomic_store(&b->places[i].client, 0);
        atomic_store(&b->places[i].pid, 0);
    }
}

size_t busy_enter(struct busy *b, int place, int64_t client)
{
    size_t count = 0;
    if (place < 0)
        return 1;
    atomic_store(&b->places[place].client, client);
    for (int i = 0; i < PLACES; i++)
        count += atomic_load(&b->places[i].client) == client;
    return count;
}

void busy_leave(struct busy *b, int place)
{
    if (place >= 0)
        atomic_store(&b->places[place].client, 0);
}
