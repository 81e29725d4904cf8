/* SPDX-License-Identifier: Apache-2.0
 *
 * One request, from its connection to its line in the log.
 */
#ifndef RUKU_VISIT_H
#define RUKU_VISIT_H

#include <stdbool.h>

#include "attr.h"
#include "crowd.h"
#include "held.h"

struct visit;
struct worker_state;

/* state is borrowed. NULL on failure. */
struct visit *visit_new(struct worker_state *state) RUKU_MUST_CHECK;
void visit_free(struct visit *v);

/* Answers the request of an accepted connection, which is taken over. The answer may wait for the crowd of the state to be settled, or be held
 * back; until then the visit is not free. */
void visit_serve(struct visit *v, int connection);
bool visit_is_free(const struct visit *v);

/* What the crowd tells a visit that waits: answers the request. */
crowd_told visit_go_on;

/* Sends the answer that was held back. */
held_send visit_send;

#endif
