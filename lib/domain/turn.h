/* SPDX-License-Identifier: Apache-2.0
 *
 * Turns for what more of at a time would only slow down. Large writes: more of them than the machine has processors make the
 * database wait for its own latches, and all together come to an end later, not sooner. Commits of tokens: who has no turn
 * leaves the next to those who have one. A turn is a lock that the kernel holds for the process, so it ends with the process whatever ends that.
 */
#ifndef RUKU_TURN_H
#define RUKU_TURN_H

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

/* Makes the table; call it before the fork. Returns a file descriptor, or -1. */
int turn_new(void) RUKU_MUST_CHECK;

/* What a turn is for; each has turns of its own. */
enum turn_kind { TURN_WRITE, TURN_TOKENS };

/* Takes one of `count` turns, and waits until there is one; a process has one at a time. Where the locks fail it goes on without. */
void turn_take(int table, enum turn_kind kind, int64_t count);

/* The same, where one is free at once. Returns whether one was. */
bool turn_try(int table, enum turn_kind kind, int64_t count) RUKU_MUST_CHECK;

/* Gives the turn back, if the process has one. */
void turn_end(int table);

#endif
