/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of several processes that are stored together: who has one puts it into memory that all share. If nobody stores just now it becomes the
 * leader, takes what is there, and stores it; else it sleeps until a leader has stored its row. So a commit gathers what came while the
 * one before was under way, and who comes alone waits for nobody. A leader that is killed is found by its supervisor, and by those who wait, who then
 * store their rows themselves.
 */
#ifndef RUKU_GATHER_H
#define RUKU_GATHER_H

#include <stddef.h>
#include <sys/types.h>

#include "attr.h"

#define GATHER_MAX 16 /* rows that are stored together */

enum gather_result {
    GATHER_STORED,
    GATHER_REFUSED,
    GATHER_UNKNOWN /* it may be stored or not: its owner stores it by itself, and is content where it finds it stored */
};

struct gather;
struct gather_seat;

/* Stores rows, which lie one behind the other, the leader's own first, and says of each what became of it; GATHER_UNKNOWN is said already. */
typedef void gather_store(void *self, const void *rows, size_t count, enum gather_result *results);

/* Maps the table, for rows of row_size bytes; call it before the fork. NULL where memory is short. */
struct gather *gather_new(size_t row_size) RUKU_MUST_CHECK;

/* Takes a place for this process, which it keeps. NULL where all are taken or memory is short. */
struct gather_seat *gather_sit(struct gather *g, pid_t pid) RUKU_MUST_CHECK;

/* Gives it back; takes NULL. */
void gather_rise(struct gather_seat *seat);

/* Gives back the place of a process that has ended, if it had one, and wakes those who waited for it. */
void gather_release(struct gather *g, pid_t pid);

/* Has a row stored, by this process or by another. It returns within a second, or when `store` does. */
enum gather_result gather_put(struct gather_seat *seat, const void *row, gather_store *store, void *self) RUKU_MUST_CHECK;

#endif
