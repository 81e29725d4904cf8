/* SPDX-License-Identifier: Apache-2.0
 *
 * The records of the benchmark: 1.3 KB of Chinese text each, of the shipped category regulation, ids in order.
 */
#ifndef RUKU_BENCH_ROWS_H
#define RUKU_BENCH_ROWS_H

#include <stddef.h>

#include "buf.h"

/* Appends record number n as JSON; writes its id ("r00000001"). */
void rows_add(struct buf *to, size_t n, char id[16]);

/* Runs `work` in `count` processes at once and waits for all. Returns how long they took in microseconds, or -1 where one of
 * them failed. */
long long rows_race(int count, int (*work)(int number, void *context), void *context);

#endif
