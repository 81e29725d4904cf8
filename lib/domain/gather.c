/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "gather.h"

#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "crypt.h"

#include "poison.h"

#define PLACES 2048 /* as in busy.c */
#define LEADERS 2   /* so that one group is made while another one waits for the disk */
#define PATIENCE INT64_C(1000000)
#define ROW_ALIGN ((size_t)64)

/* FREE: nothing to be stored. NUDGED: it waits, and is to lead if nobody else does. */
enum phase { FREE, WAITING, NUDGED, TAKEN, STORED, REFUSED, UNKNOWN };

/* The phase, who took the row, and how many rows the place has had share a word: so no leader's word is taken for another's, nor for a row
 * that came later. */
struct place {
    _Atomic int64_t pid; /* 0: nobody has it */
    _Atomic uint32_t word;
};

struct gather {
    size_t row_size;
    _Atomic uint32_t used; /* no place from here on was ever taken */
    _Atomic int64_t leaders[LEADERS];
    struct place places[PLACES];
};

struct gather_seat {
    struct gather *g;
    uint32_t place;
    pid_t pid;
    size_t count; /* of the rows that it has taken */
    uint32_t taken[GATHER_MAX]; /* their places */
    uint32_t words[GATHER_MAX]; /* and those places' words */
    enum gather_result results[GATHER_MAX];
    unsigned char *rows;
};

#define PHASE_BITS 4
#define TAKER_BITS 12
#define ROUND_SHIFT (PHASE_BITS + TAKER_BITS)

static enum phase phase_of(uint32_t word)
{
    return (enum phase)(word & ((1U << PHASE_BITS) - 1));
}

static uint32_t taker_of(uint32_t word)
{
    return word >> PHASE_BITS & ((1U << TAKER_BITS) - 1);
}

static uint32_t make_word(uint32_t same_round, uint32_t taker, enum phase phase)
{
    return (same_round >> ROUND_SHIFT << ROUND_SHIFT) | taker << PHASE_BITS | (uint32_t)phase;
}

static uint32_t next_round(uint32_t word, enum phase phase)
{
    return make_word(word + (1U << ROUND_SHIFT), 0, phase);
}

static size_t header_size(void)
{
    return (sizeof(struct gather) + ROW_ALIGN - 1) / ROW_ALIGN * ROW_ALIGN;
}

static unsigned char *row_of(struct gather *g, uint32_t place)
{
    return (unsigned char *)g + header_size() + place * g->row_size;
}

struct gather *gather_new(size_t row_size)
{
    struct gather *g = mmap(NULL, header_size() + PLACES * row_size, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (g == MAP_FAILED)
        return NULL;
    g->row_size = row_size;
    return g;
}

static void wait_while(_Atomic uint32_t *word, uint32_t value, int64_t micros)
{
    struct timespec wait = {.tv_sec = micros / 1000000, .tv_nsec = micros % 1000000 * 1000};
    (void)syscall(SYS_futex, word, FUTEX_WAIT, value, &wait, NULL, 0);
}

static void wake(_Atomic uint32_t *word)
{
    (void)syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static bool change(_Atomic uint32_t *word, uint32_t from, uint32_t to)
{
    return atomic_compare_exchange_strong(word, &from, to);
}

static int claim(struct gather *g, pid_t pid)
{
    for (uint32_t i = 0; i < PLACES; i++) {
        int64_t nobody = 0;
        if (!atomic_compare_exchange_strong(&g->places[i].pid, &nobody, pid))
            continue;
        uint32_t used = atomic_load(&g->used);
        while (used <= i && !atomic_compare_exchange_weak(&g->used, &used, i + 1))
            continue;
        return (int)i;
    }
    return -1;
}

struct gather_seat *gather_sit(struct gather *g, pid_t pid)
{
    struct gather_seat *seat = calloc(1, sizeof(*seat));
    unsigned char *rows = calloc(GATHER_MAX, g->row_size);
    int place = seat == NULL || rows == NULL ? -1 : claim(g, pid);
    if (place < 0) {
        free(seat);
        free(rows);
        return NULL;
    }
    seat->g = g;
    seat->place = (uint32_t)place;
    seat->pid = pid;
    seat->rows = rows;
    return seat;
}

void gather_rise(struct gather_seat *seat)
{
    if (seat == NULL)
        return;
    gather_release(seat->g, seat->pid);
    free(seat->rows);
    free(seat);
}

static bool waits(uint32_t word)
{
    return phase_of(word) == WAITING || phase_of(word) == NUDGED;
}

/* Has one of those who wait lead, if there is one. */
static void nudge(struct gather *g)
{
    uint32_t used = atomic_load(&g->used);
    for (uint32_t i = 0; i < used; i++) {
        uint32_t word = atomic_load(&g->places[i].word);
        if (phase_of(word) == NUDGED)
            return;
        if (phase_of(word) == WAITING && change(&g->places[i].word, word, make_word(word, 0, NUDGED))) {
            wake(&g->places[i].word);
            return;
        }
    }
}

void gather_release(struct gather *g, pid_t pid)
{
    uint32_t used = atomic_load(&g->used);
    uint32_t place = 0;
    while (place < used && atomic_load(&g->places[place].pid) != pid)
        place++;
    if (place == used)
        return;
    struct place *own = &g->places[place];
    atomic_store(&own->word, next_round(atomic_load(&own->word), FREE));
    crypt_wipe(row_of(g, place), g->row_size);
    for (uint32_t i = 0; i < used; i++) {
        uint32_t word = atomic_load(&g->places[i].word);
        if (phase_of(word) == TAKEN && taker_of(word) == place && change(&g->places[i].word, word, make_word(word, 0, UNKNOWN)))
            wake(&g->places[i].word);
    }
    for (int i = 0; i < LEADERS; i++) {
        int64_t leader = pid;
        (void)atomic_compare_exchange_strong(&g->leaders[i], &leader, 0);
    }
    atomic_store(&own->pid, 0);
    nudge(g);
}

/* Becomes a leader, if there are not enough. */
static bool lead(struct gather_seat *seat, int *which_out)
{
    for (int i = 0; i < LEADERS; i++) {
        int64_t nobody = 0;
        *which_out = i;
        if (atomic_compare_exchange_strong(&seat->g->leaders[i], &nobody, seat->pid))
            return true;
    }
    return false;
}

/* Takes the row of a place, if one waits there. It is copied: its owner may be killed, and another process have the place. */
static void take(struct gather_seat *seat, uint32_t place)
{
    struct gather *g = seat->g;
    _Atomic uint32_t *at = &g->places[place].word;
    uint32_t word = atomic_load(at);
    uint32_t mine = make_word(word, seat->place, TAKEN);
    if (!waits(word) || !change(at, word, mine))
        return;
    memcpy(seat->rows + seat->count * g->row_size, row_of(g, place), g->row_size);
    if (atomic_load(at) != mine)
        return;
    seat->words[seat->count] = mine;
    seat->taken[seat->count] = place;
    seat->results[seat->count++] = GATHER_UNKNOWN;
}

static void tell(const struct gather_seat *seat, size_t i)
{
    static const enum phase phases[] = {[GATHER_STORED] = STORED, [GATHER_REFUSED] = REFUSED, [GATHER_UNKNOWN] = UNKNOWN};
    _Atomic uint32_t *word = &seat->g->places[seat->taken[i]].word;
    if (change(word, seat->words[i], make_word(seat->words[i], 0, phases[seat->results[i]])) && seat->taken[i] != seat->place)
        wake(word);
}

/* Stores its own row, if nobody has taken that, and what else waits. The next may lead before those are told whose rows were stored. */
static void store_all(struct gather_seat *seat, int which, gather_store *store, void *self)
{
    struct gather *g = seat->g;
    uint32_t used = atomic_load(&g->used);
    seat->count = 0;
    take(seat, seat->place);
    for (uint32_t i = 1; seat->count > 0 && seat->count < GATHER_MAX && i < used; i++)
        take(seat, (seat->place + i) % used);
    if (seat->count > 0)
        store(self, seat->rows, seat->count, seat->results);
    atomic_store(&g->leaders[which], 0);
    nudge(g);
    for (size_t i = 0; i < seat->count; i++)
        tell(seat, i);
    crypt_wipe(seat->rows, seat->count * g->row_size);
}

/* Ends the wait of this process. Was it to lead, another one has to. */
static enum gather_result end(const struct gather_seat *seat)
{
    struct gather *g = seat->g;
    _Atomic uint32_t *at = &g->places[seat->place].word;
    uint32_t word = atomic_exchange(at, make_word(atomic_load(at), 0, FREE));
    crypt_wipe(row_of(g, seat->place), g->row_size);
    if (phase_of(word) == NUDGED)
        nudge(g);
    return phase_of(word) == STORED ? GATHER_STORED : phase_of(word) == REFUSED ? GATHER_REFUSED : GATHER_UNKNOWN;
}

enum gather_result gather_put(struct gather_seat *seat, const void *row, gather_store *store, void *self)
{
    struct gather *g = seat->g;
    _Atomic uint32_t *at = &g->places[seat->place].word;
    int64_t until = clock_micros() + PATIENCE;
    memcpy(row_of(g, seat->place), row, g->row_size);
    atomic_store(at, next_round(atomic_load(at), WAITING));
    for (;;) {
        int which;
        uint32_t word = atomic_load(at);
        if (phase_of(word) == NUDGED) {
            (void)change(at, word, make_word(word, 0, WAITING));
            continue;
        }
        if (phase_of(word) != WAITING && phase_of(word) != TAKEN)
            return end(seat);
        if (phase_of(word) == WAITING && lead(seat, &which)) {
            store_all(seat, which, store, self);
            continue;
        }
        int64_t left = until - clock_micros();
        if (left <= 0)
            return end(seat);
        wait_while(at, word, left);
    }
}
