/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "limit.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "clock.h"

#include "poison.h"

#define SET_COUNT 4096
#define SET_SIZE 4
#define OFFSET (8 * 3600)
#define SECOND UINT64_C(1000000)

/* One counter; window and count share a word, so that they change together. */
struct slot {
    _Atomic uint64_t key;
    _Atomic uint64_t state; /* the window's number in the high half, the count in the low half */
    _Atomic int64_t window; /* seconds; 0: it was never used */
};

struct limits {
    uint64_t seed; /* nobody is to choose whose counter his own falls together with */
    struct slot clients[SET_COUNT][SET_SIZE];
    struct slot strangers[SET_COUNT][SET_SIZE];
    struct slot gates[SET_COUNT][SET_SIZE]; /* state: the microsecond until which what has passed reaches */
};

struct limits *limits_new(void)
{
    struct limits *l = mmap(NULL, sizeof(*l), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (l == MAP_FAILED)
        return NULL;
    if (getrandom(&l->seed, sizeof(l->seed), 0) == (ssize_t)sizeof(l->seed))
        return l;
    (void)munmap(l, sizeof(*l));
    return NULL;
}

static uint64_t hash_part(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (hash ^ 0xFF) * UINT64_C(1099511628211);
}

static uint64_t make_key(const struct limits *l, const char *kind, const char *name, const char *address)
{
    return hash_part(hash_part(hash_part(l->seed, kind), name), address == NULL ? "" : address) | 1;
}

/* Clients have counters of their own, which no stranger can push out. */
static struct slot *set_of(struct limits *l, uint64_t key, const char *address)
{
    size_t set = (key >> 1) % SET_COUNT;
    return address == NULL ? l->clients[set] : l->strangers[set];
}

static int64_t local_now(void)
{
    return clock_now() + OFFSET;
}

static uint32_t window_now(int64_t window)
{
    return (uint32_t)(local_now() / window);
}

static uint32_t count_in(uint64_t state, uint32_t window)
{
    return (uint32_t)(state >> 32) == window ? (uint32_t)state : 0;
}

/* What a slot counts in its own window; 0 where that is over, or nothing was counted. */
static uint32_t worth(struct slot *slot)
{
    int64_t window = atomic_load(&slot->window);
    return window == 0 ? 0 : count_in(atomic_load(&slot->state), window_now(window));
}

/* The slot of a key in its set; else, to be taken over, the one whose loss costs the least. */
static struct slot *find_slot(struct slot *set, uint64_t key, bool *found_out)
{
    struct slot *lowest = &set[0];
    for (size_t i = 0; i < SET_SIZE; i++) {
        if (atomic_load(&set[i].key) == key) {
            *found_out = true;
            return &set[i];
        }
        if (worth(&set[i]) < worth(lowest))
            lowest = &set[i];
    }
    *found_out = false;
    return lowest;
}

uint32_t limits_count(struct limits *l, const char *kind, const char *name, const char *address, int64_t window)
{
    return limits_add(l, kind, name, address, window, 1);
}

/* The gate of a key in its set; else, to be taken over, the one that has been passed the longest ago. */
static struct slot *find_gate(struct limits *l, uint64_t key)
{
    struct slot *set = l->gates[(key >> 1) % SET_COUNT];
    struct slot *oldest = &set[0];
    for (size_t i = 0; i < SET_SIZE; i++) {
        if (atomic_load(&set[i].key) == key)
            return &set[i];
        if (atomic_load(&set[i].state) < atomic_load(&oldest->state))
            oldest = &set[i];
    }
    atomic_store(&oldest->state, 0);
    atomic_store(&oldest->key, key);
    return oldest;
}

/* Lets an amount through a gate that is not more than `ahead` of the clock. Returns 0, or the seconds to wait. */
static int pass(struct slot *gate, int64_t amount, int64_t rate, uint64_t ahead)
{
    uint64_t now = (uint64_t)clock_micros();
    uint64_t old = atomic_load(&gate->state);
    uint64_t reach;
    do {
        if (old > now && old - now > ahead)
            return (int)((old - now - 1) / SECOND);
        reach = (old > now ? old : now) + (uint64_t)((double)amount * (double)SECOND / (double)rate);
    } while (!atomic_compare_exchange_weak(&gate->state, &old, reach));
    return 0;
}

int limits_gate(struct limits *l, const char *kind, const char *name, int64_t amount, int64_t rate)
{
    return pass(find_gate(l, make_key(l, kind, name, NULL)), amount, rate, SECOND);
}

void limits_gate_passed(struct limits *l, const char *kind, const char *name, int64_t amount, int64_t rate)
{
    (void)pass(find_gate(l, make_key(l, kind, name, NULL)), amount, rate, UINT64_MAX);
}

uint32_t limits_add(struct limits *l, const char *kind, const char *name, const char *address, int64_t window, uint32_t amount)
{
    uint64_t key = make_key(l, kind, name, address);
    uint32_t now = window_now(window);
    bool found;
    struct slot *slot = find_slot(set_of(l, key, address), key, &found);
    if (!found) {
        atomic_store(&slot->state, 0);
        atomic_store(&slot->window, window);
        atomic_store(&slot->key, key);
    }
    uint64_t old = atomic_load(&slot->state);
    uint32_t count;
    do {
        count = count_in(old, now);
        count = count > UINT32_MAX - amount ? UINT32_MAX : count + amount;
    } while (!atomic_compare_exchange_weak(&slot->state, &old, (uint64_t)now << 32 | count));
    return count;
}

uint32_t limits_peek(struct limits *l, const char *kind, const char *name, const char *address, int64_t window,
                     int *seconds_left_out)
{
    uint64_t key = make_key(l, kind, name, address);
    uint32_t now = window_now(window);
    *seconds_left_out = (int)(window - local_now() % window);
    const struct slot *set = set_of(l, key, address);
    for (size_t i = 0; i < SET_SIZE; i++)
        if (atomic_load(&set[i].key) == key)
            return count_in(atomic_load(&set[i].state), now);
    return 0;
}
