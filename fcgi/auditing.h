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

/* Makes the entry that a request has before anything is done, where the configuration requires the audit; once. Returns 0, or -1 (class busy). */
int audit_begun(struct context *ctx, const struct request *request, struct err *e) RUKU_MUST_CHECK;

/* The same at the end of a request that the audit has to have, unless it is one of too many refusals of a caller who has shown neither token nor
 * secret: those are for the log. */
void audit_result(struct context *ctx, const struct request *request, int status);

#endif
