/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "held.h"

#include <string.h>

#include "clock.h"

#include "poison.h"

#define HELD_MICROS 50000

bool held_add(struct held *held, void *visit)
{
    if (held->count == HELD_MAX)
        return false;
    held->places[held->count].visit = visit;
    held->places[held->count].until = clock_micros() + HELD_MICROS;
    held->count++;
    return true;
}

void held_end(struct held *held, int64_t now)
{
    size_t due = 0;
    while (due < held->count && held->places[due].until <= now)
        held->send(held->places[due++].visit);
    held->count -= due;
    memmove(held->places, held->places + due, held->count * sizeof(held->places[0]));
}

int held_millis(const struct held *held)
{
    if (held->count == 0)
        return -1;
    int64_t left = held->places[0].until - clock_micros();
    return left <= 1000 ? 1 : (int)(left / 1000);
}
