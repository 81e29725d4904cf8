/* SPDX-License-Identifier: Apache-2.0
 *
 * Requests in the audit.
 */
#ifndef RUKU_AUDITING_H
#define RUKU_AUDITING_H

#include "attr.h"

struct context;
struct err;
struct request;

/* Makes an entry of a request: who, from where, what, and the result. Where the configuration requires the audit, it is stored at once.
 * Returns 0; or -1, class busy, where it cannot be written. */
int audit_request(struct context *ctx, const struct request *request, const char *result, struct err *e) RUKU_MUST_CHECK;

#endif
