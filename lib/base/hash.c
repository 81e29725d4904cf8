/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "hash.h"

#include "poison.h"

uint32_t hash_bytes(const char *bytes, size_t len)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
    return hash;
}
