/* SPDX-License-Identifier: Apache-2.0
 *
 * The records of the benchmark: 1.3 KB of Chinese text each, of the shipped category regulation. No two have the same text, all
 * have the same length.
 */
#ifndef RUKU_BENCH_ROWS_H
#define RUKU_BENCH_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

enum { ROWS_ID_SIZE = 16 };

/* Appends record number n as JSON; writes its id: "r00000001", or where `scattered` is set a name without order, which no other
 * number below 2^32 has. */
void rows_add(struct buf *to, size_t n, bool scattered, char id[ROWS_ID_SIZE]);

/* The bytes of one record. */
size_t rows_size(void);

/* Runs `work` in `count` processes at once and waits for all. Returns how long they took in microseconds, or -1 where one of
 * them failed. */
long long rows_race(int count, int (*work)(int number, void *context), void *context);

/* Room for `count` numbers, all 0, that such processes share; NULL where memory is short. It is never given back. */
int64_t *rows_shared(int64_t count);

/* Prints one line: records/s, MB/s, p50 and p99 in milliseconds of the `count` times (microseconds; they are put in order). */
void rows_report(int64_t *took, int64_t count, int64_t records, int64_t bytes, long long micros);

#endif
