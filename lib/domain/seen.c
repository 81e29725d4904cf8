/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "seen.h"

#include <stdlib.h>

#include "poison.h"

/* Four bits an id in 32 million: a push of a million ids has two false alarms in ten thousand. */
#define BITS (UINT64_C(1) << 25)
#define PROBES 4

void seen_clear(struct seen *s)
{
    free(s->bits);
    s->bits = NULL;
}

/* FNV-1a, its bits mixed so that both halves are good for probes. */
static uint64_t hash_id(const char *id, size_t len)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)id[i]) * UINT64_C(1099511628211);
    hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
    return hash ^ hash >> 33;
}

static uint64_t probe(uint64_t hash, unsigned i)
{
    return ((hash & UINT32_MAX) + i * (hash >> 32 | 1)) % BITS;
}

bool seen_maybe(const struct seen *s, const char *id, size_t len)
{
    uint64_t hash = hash_id(id, len);
    if (s->bits == NULL)
        return false;
    for (unsigned i = 0; i < PROBES; i++) {
        uint64_t bit = probe(hash, i);
        if ((s->bits[bit / 64] & UINT64_C(1) << bit % 64) == 0)
            return false;
    }
    return true;
}

bool seen_add(struct seen *s, const char *id, size_t len)
{
    if (s->bits == NULL)
        s->bits = calloc(BITS / 64, sizeof(*s->bits));
    if (s->bits == NULL)
        return false;
    uint64_t hash = hash_id(id, len);
    for (unsigned i = 0; i < PROBES; i++) {
        uint64_t bit = probe(hash, i);
        s->bits[bit / 64] |= UINT64_C(1) << bit % 64;
    }
    return true;
}
