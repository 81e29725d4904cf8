/* SPDX-License-Identifier: Apache-2.0
 *
 * What the interfaces of OAuth have in common: a form whose first two fields are the client's id and secret, which may stand in HTTP Basic
 * instead; the login; refusals as RFC 6749 section 5.2 has them.
 */
#ifndef RUKU_OAUTH_H
#define RUKU_OAUTH_H

#include <stdbool.h>

#include "attr.h"
#include "form.h"
#include "login.h"

struct context;
struct err;
struct reply;
struct request;

/* The first fields of every form; those of an interface follow. */
enum { OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, OAUTH_OWN, OAUTH_FIELDS_MAX = 5 };

/* A refusal. Its description is ASCII by the RFC; `message` says the same in the caller's language. */
struct oauth_error {
    int status;
    const char *error;
    const char *description;
};

/* One request. The fields' names are the interface's to set, those of the first two too. */
struct oauth {
    struct context *ctx;
    const struct request *request;
    struct reply *reply;
    struct form_field *fields;
    size_t count;
    bool unlimited; /* it is not counted for what the client may ask for */
    bool json_too; /* the body may be a JSON object */
    const struct buf *form; /* the whole body, while act runs */
};

/* What an interface does when its form has been read, with credentials in the first two fields: returns 0, HANDLER_WAITS, or -1. Where refusal is not
 * NULL, the credentials are missing, and whatever else is wrong is to be told first. */
typedef int oauth_act(struct oauth *o, const struct oauth_error *refusal, struct err *e);

/* Reads the form, calls act unless the form is refused, wipes what was read. Returns what act did, or 0, or -1. */
int oauth_run(struct oauth *o, oauth_act *act, struct err *e) RUKU_MUST_CHECK;

/* Answers with a refusal. Returns 0. */
int oauth_refuse(struct oauth *o, const struct oauth_error *refusal);

/* Refuses who has failed to log in too often, whichever the client: before the body is read. Returns 0, or -1 (class limited). */
int oauth_check_caller(const struct context *ctx, const struct request *request, struct err *e) RUKU_MUST_CHECK;

/* Logs the client in. use_memory: what this worker remembers will do (login.h). Returns 1; 0 with the refusal written; -1, class limited
 * where too many logins have failed, or the client asks for too much. */
int oauth_login(struct oauth *o, bool use_memory, struct login *out, struct err *e) RUKU_MUST_CHECK;

/* The text of a field, "" where it did not come. */
const char *oauth_text(const struct oauth *o, size_t field);

#endif
