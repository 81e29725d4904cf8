/* SPDX-License-Identifier: Apache-2.0
 *
 * Turns for large writes. More of them at a time than the machine has processors make the database wait for its own latches: all
 * together come to an end later, not sooner. A turn is a lock that the kernel holds for the process, so it ends with the
 * process whatever ends that.
 */
#ifndef RUKU_TURN_H
#define RUKU_TURN_H

#include <stdint.h>

#include "attr.h"

/* Makes the table; call it before the fork. Returns a file descriptor, or -1. */
int turn_new(void) RUKU_MUST_CHECK;

/* Takes one of `count` turns, and waits until there is one; a process has one at a time. Where the locks fail it goes on without. */
void turn_take(int table, int64_t count);

/* Gives the turn back, if the process has one. */
void turn_end(int table);

#endif
