/* SPDX-License-Identifier: Apache-2.0
 *
 * The handlers, and what they work with. A handler is called when path, method, media type, length, token and grant have
 * been found good; it fills the reply and returns 0, or fills the error and returns -1. One whose answer waits for a commit together with
 * others (crowd.h) returns HANDLER_WAITS.
 */
#ifndef RUKU_HANDLERS_H
#define RUKU_HANDLERS_H

#include "attr.h"
#include "login.h"
#include "push.h"
#include "quota.h"
#include "signature.h"
#include "token.h"
#include "verified.h"

struct auditlog;
struct catalog;
struct category;
struct conf;
struct context;
struct crowd;
struct db;
struct err;
struct held;
struct json_object;
struct keyring;
struct limits;
struct openapi;
struct page;
struct reply;
struct request;
struct resource;

/* What a worker has: read-only settings, its own connection, and memory that is used again by each request. */
struct worker_state {
    const struct conf *conf;
    const struct catalog *catalog;
    struct limits *limits; /* shared by all workers */
    struct quota_source quota;
    int inflight;          /* idempotency keys that are in use; shared too */
    const struct keyring *keys;
    struct token_memory *tokens;
    struct login_memory *logins;
    struct openapi *openapi; /* made when it is first asked for */
    struct page *page;       /* the same */
    struct auditlog *audit;
    struct crowd *crowd;
    struct held *held;
    struct db *db;
    struct push_room room;
    struct sealing sealing; /* opens what is read back */
};

enum { HANDLER_WAITS = 2 };

typedef int handler(struct context *ctx, const struct request *request, struct reply *reply, struct err *e);

/* What is known of one request when its handler is called. */
struct context {
    struct worker_state *state;
    void *visit;    /* by which a request that waits is found again; NULL: it must not wait */
    handler *run;
    bool is_classic;
    struct caller caller;            /* where the route asks for a token */
    const struct category *category; /* where the path names one */
    const struct resource *resource;
    char claimed[CLIENT_ID_MAX + 1]; /* who a login that failed said it was */
    const char *action;              /* as the audit names it, or NULL */
    char note[256];                  /* for the audit: what came of it */
    struct signature signature; /* where is_signed; signature_good: it has been checked */
    bool is_signed, signature_good;
    bool is_verified; /* the body is read through `verified` */
    struct verified verified;
    bool counted; /* for what the client may ask for */
    bool begun;   /* the audit has it, where it is required */
    struct quota quota;
    struct json_object *extra; /* members that a failing handler adds to the problem; given up to the router */
};

handler on_token;
handler on_revoke;
handler on_introspect;
handler on_oauth_metadata;
handler on_categories;
handler on_category;
handler on_classic_token;
handler on_classic_push;
handler on_records_push;
handler on_records_validate;
handler on_records_list;
handler on_record_put;
handler on_record_get;
handler on_record_delete;
handler on_batches;
handler on_batch;
handler on_digest;
handler on_health;
handler on_ready;
handler on_problem;
handler on_openapi;
handler on_docs;

/* Answers with a token, which is wiped. scope NULL: all that the client is granted. */
void handlers_give_token(const struct context *ctx, const struct request *request, struct reply *reply, char token[CREDENTIAL_SIZE],
                         const char *scope);

/* The address that the request came from, as far as it is known. */
const char *handlers_address(const struct request *request);

/* Connects to the database unless connected, and refuses tables of another version than the program's. Returns 0 or -1. */
int handlers_need_database(struct worker_state *state, struct err *e) RUKU_MUST_CHECK;

#endif
