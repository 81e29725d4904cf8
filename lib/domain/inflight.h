/* SPDX-License-Identifier: Apache-2.0
 *
 * Which idempotency keys are being worked on, on this machine. A claim is a lock that the kernel holds for the process, so it
 * ends with the process whatever ends that: after a crash nobody has to tidy up.
 */
#ifndef RUKU_INFLIGHT_H
#define RUKU_INFLIGHT_H

#include <stdint.h>

#include "attr.h"

/* Makes the table; call it before the fork. Returns a file descriptor, or -1. */
int inflight_new(void) RUKU_MUST_CHECK;

/* Claims a client's key for this process, which holds one claim at a time. Returns 1, 0 where another process has it, or -1. */
int inflight_claim(int table, int64_t client, const char *key) RUKU_MUST_CHECK;

/* Ends the claim of this process, if it has one. */
void inflight_release(int table);

#endif
