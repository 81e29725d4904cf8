/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "limit.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

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
};

struct limits {
    struct slot slots[SET_COUNT][SET_SIZE];
    struct slot gates[SET_COUNT][SET_SIZE]; /* state: the microsecond until which what has passed reaches */
};

struct limits *limits_new(void)
{
    void *memory = mmap(NULL, sizeof(struct limits), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static uint64_t hash_part(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (hash ^ 0xFF) * UINT64_C(1099511628211);
}

static uint64_t make_key(const char *kind, const char *name, const char *address)
{
    return hash_part(hash_part(hash_part(UINT64_C(14695981039346656037), kind), name), address) | 1;
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

/* The slot of a key in its set; else, to be taken over, the one with the lowest count. */
static struct slot *find_slot(struct limits *l, uint64_t key, uint32_t window, bool *found_out)
{
    struct slot *set = l->slots[(key >> 1) % SET_COUNT];
    struct slot *lowest = &set[0];
    for (size_t i = 0; i < SET_SIZE; i++) {
        if (atomic_load(&set[i].key) == key) {
            *found_out = true;
            return &set[i];
        }
        if (count_in(atomic_load(&set[i].state), window) < count_in(atomic_load(&lowest->state), window))
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
    return pass(find_gate(l, make_key(kind, name, "")), amount, rate, SECOND);
}

void limits_gate_passed(struct limits *l, const char *kind, const char *name, int64_t amount, int64_t rate)
{
    (void)pass(find_gate(l, make_key(kind, name, "")), amount, rate, UINT64_MAX);
}

uint32_t limits_add(struct limits *l, const char *kind, const char *name, const char *address, int64_t window, uint32_t amount)
{
    uint64_t key = make_key(kind, name, address);
    uint32_t now = window_now(window);
    bool found;
    struct slot *slot = find_slot(l, key, now, &found);
    if (!found) {
        atomic_store(&slot->state, 0);
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

uint32_t limits_peek(const struct limits *l, const char *kind, const char *name, const char *address, int64_t window,
                     int *seconds_left_out)
{
    uint64_t key = make_key(kind, name, address);
    uint32_t now = window_now(window);
    *seconds_left_out = (int)(window - local_now() % window);
    const struct slot *set = l->slots[(key >> 1) % SET_COUNT];
    for (size_t i = 0; i < SET_SIZE; i++)
        if (atomic_load(&set[i].key) == key)
            return count_in(atomic_load(&set[i].state), now);
    return 0;
}
