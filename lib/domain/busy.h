/* SPDX-License-Identifier: Apache-2.0
 *
 * Which client each worker is busy for, in memory that all workers share: how many requests a client has under way. A worker that is
 * killed leaves its place to be cleared by its supervisor.
 */
#ifndef RUKU_BUSY_H
#define RUKU_BUSY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "attr.h"

struct busy;

/* Maps the table; call it before the fork. NULL where memory is short. */
struct busy *busy_new(void) RUKU_MUST_CHECK;

/* Takes a place for this process, which it keeps. Returns its number, or -1 where all are taken: then nothing of it is counted. */
int busy_claim(struct busy *b, pid_t pid) RUKU_MUST_CHECK;

/* Gives back the place of a process that has ended. */
void busy_release(struct busy *b, pid_t pid);

/* Says that the worker at this place is busy for a client, and returns how many are, this one counted. */
size_t busy_enter(struct busy *b, int place, int64_t client);
void busy_leave(struct busy *b, int place);

#endif
