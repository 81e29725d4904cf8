/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers in XML for those who ask for it. What is done is done by the handlers, whose answers are JSON; here only the answer is put into
 * another form.
 */
#ifndef RUKU_XMLREPLY_H
#define RUKU_XMLREPLY_H

#include <stdbool.h>

struct reply;
struct request;

#define XMLREPLY_PROBLEM "application/problem+xml"
#define XMLREPLY_JSON_PROBLEM "application/problem+json"

/* True where the answer to the request, if it is no problem, becomes XML. */
bool xmlreply_wanted(const struct request *request);

/* Makes XML of an answer in JSON where the request wants it, but for the classic profile, tokens and the document of the interface. One that cannot be made XML stays as it is. */
void xmlreply_convert(struct reply *reply, const struct request *request);

#endif
