/* SPDX-License-Identifier: Apache-2.0
 *
 * The one door to FastCGI: the only user of libfcgi. A connection comes in, a request goes to the router, a reply goes out,
 * the connection is closed.
 */
#ifndef RUKU_GATEWAY_H
#define RUKU_GATEWAY_H

#include "attr.h"
#include "request.h"

struct gateway;
struct reply;

/* Makes a gateway for one connection at a time. token_header: the header that may hold a token beside Authorization, "" for none.
 * NULL on failure. */
struct gateway *gateway_new(const char *token_header) RUKU_MUST_CHECK;

/* Takes an accepted connection over. Returns true where a whole request has come already, so that to read it means no waiting; one of more
 * than 8 KiB is not seen to be whole. gateway_begin comes next. */
bool gateway_take(struct gateway *g, int connection);

void gateway_free(struct gateway *g);

/* The same of a request that has begun, for whose beginning was waited. */
bool gateway_is_whole(const struct gateway *g);

/* Reads the start of the request, giving its peer up after `timeout` seconds of silence, here and later. Returns 1 with the facts
 * and the body's source, which are valid until gateway_end; or 0 where the peer sent no request, with nothing left to do. */
int gateway_begin(struct gateway *g, int timeout, struct request_facts *facts_out,
                  struct source **body_out) RUKU_MUST_CHECK;

/* Bytes of the body that have been read. */
int64_t gateway_body_bytes(const struct gateway *g);

/* Sends the reply, without its body where the method was HEAD. */
void gateway_reply(struct gateway *g, const struct reply *reply, bool with_body);

/* Ends the request and closes the connection, whatever the web server would like: a connection that stayed open would keep
 * this worker for one peer. */
void gateway_end(struct gateway *g);

#endif
