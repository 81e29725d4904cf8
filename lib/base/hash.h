/* SPDX-License-Identifier: Apache-2.0
 *
 * FNV-1a, for tables in memory. It keeps no secret and resists no one who wants collisions: use it where a table is small or
 * bounded.
 */
#ifndef RUKU_HASH_H
#define RUKU_HASH_H

#include <stddef.h>
#include <stdint.h>

uint32_t hash_bytes(const char *bytes, size_t len);

#endif
