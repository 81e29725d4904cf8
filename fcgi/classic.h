/* SPDX-License-Identifier: Apache-2.0
 *
 * The classic profile: the answers of /api/ in the form that Chinese platforms of this kind have. What is done is done by the handlers of
 * the main interface; here only the answer is put into another form.
 */
#ifndef RUKU_CLASSIC_H
#define RUKU_CLASSIC_H

#include <stdbool.h>

struct conf;
struct reply;
struct request;

#define CLASSIC_PREFIX "/api/"

/* True where the request is of the classic profile, whether its path is known or not. */
bool classic_is(const struct request *request);

/* Makes of an answer `{"code":…,"msg":"…","data":{…},"request_id":"…"}`: code 0 where all is well, 207 where some records were
 * refused, else the HTTP status of the main interface. */
void classic_wrap(struct reply *reply, const struct request *request, const struct conf *conf);

#endif
