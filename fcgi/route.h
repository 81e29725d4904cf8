/* SPDX-License-Identifier: Apache-2.0
 *
 * From a request to its handler, by one table. What can be decided without the body is decided here, in a fixed order:
 * path, method, media type, length, token, limits, category, resource, grant.
 */
#ifndef RUKU_ROUTE_H
#define RUKU_ROUTE_H

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

#endif
