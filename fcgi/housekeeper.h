/* SPDX-License-Identifier: Apache-2.0
 *
 * A process beside the workers that removes what has expired, in small bites, so that no request has to.
 */
#ifndef RUKU_HOUSEKEEPER_H
#define RUKU_HOUSEKEEPER_H

#include "attr.h"

struct conf;

/* Keeps house until told to stop by SIGTERM or SIGINT, which are to be blocked. Never returns. */
void housekeeper_run(const struct conf *conf) RUKU_NORETURN;

#endif
