/* SPDX-License-Identifier: Apache-2.0
 *
 * From a request to its handler, by one table. What can be decided without the body is decided here, in a fixed order:
 * path, method, media type, length, token, limits, category, resource, grant.
 */
#ifndef RUKU_ROUTE_H
#define RUKU_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "attr.h"

struct conf;
struct context;
struct err;
struct reply;
struct request;

/* For the line in the log. */
struct route_result {
    char client_id[65]; /* who called, "" where nobody is known */
    int class; /* enum msg_class, or -1 where it went well */
    int status; /* of HTTP, whatever the classic profile makes of it */
    char detail[512];
};

/* Finds the handler and runs it. ctx has the state of the worker and, where the answer may wait, the visit; the rest is set here. Returns 0,
 * -1 with the error, or HANDLER_WAITS. route_end comes next, of one that waits when it is known what came of it. */
int route_begin(struct context *ctx, struct request *request, struct reply *reply, struct err *e) RUKU_MUST_CHECK;

/* Makes the reply complete: rc and the error are what came of it at last. */
void route_end(struct context *ctx, const struct request *request, struct reply *reply, int rc, struct err *e, struct route_result *result_out);

/* What a document of the interface tells of one row of the table. Constant. */
struct route_facts {
    const char *path;   /* {} stands for a parameter */
    const char *method;
    bool token, category, grant; /* needs a token; names a category; and a resource that must be granted */
    const char *const *media_types; /* of the body, with a NULL at the end; NULL: none, or the handler looks itself */
};

/* Tells of row i; false behind the last. */
bool route_facts(size_t i, const struct conf *conf, struct route_facts *out);

#endif
