/* SPDX-License-Identifier: Apache-2.0
 *
 * From a request to its handler, by one table. What can be decided without the body is decided here, in a fixed order:
 * path, method, media type, length, token, limits, category, resource, grant.
 */
#ifndef RUKU_ROUTE_H
#define RUKU_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

struct conf;
struct reply;
struct request;
struct worker_state;

/* Answers the request. The reply is always complete; the line for the log is written by the caller from what
 * *client_out (who called, "" where nobody is known) and *class_out (-1, or the class of the error) tell. */
struct route_result {
    char client_id[65];
    int class; /* enum msg_class, or -1 where it went well */
    int status; /* of HTTP, whatever the classic profile makes of it */
    char detail[512];
};

void route_run(struct worker_state *state, struct request *request, struct reply *reply,
               struct route_result *result_out);

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
