/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "db.h"
#include "err.h"
#include "net.h"
#include "sql.h"

#include "poison.h"

int token_issue(struct db *db, int64_t client, int64_t lifetime, enum crypt_hash hash, char token_out[TOKEN_SIZE],
                struct err *e)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    crypt_random_text(token_out, CRYPT_SECRET_CHARS);
    crypt_digest(hash, token_out, CRYPT_SECRET_CHARS, digest);
    struct db_value values[] = {db_bytes(digest, sizeof(digest)), db_int(client), db_int(lifetime)};
    return db_run(db, SQL_TOKEN_ADD, values, 3, NULL, e);
}

static int denied(struct err *e, enum msg_id id, const struct caller *caller)
{
    return err_set(e, id, "client %s", caller->client_id);
}

#define MEMORY_SLOTS 64
#define CODE_MAX 64 /* of a category or resource */

/* One answer of the database. */
struct slot {
    struct caller caller; /* digest all zero: the slot is free */
    char category[CODE_MAX + 1], resource[CODE_MAX + 1];
    int64_t until; /* clock_micros when the token expires */
};

struct token_memory {
    struct slot slots[MEMORY_SLOTS];
};

struct token_memory *token_memory_new(void)
{
    return calloc(1, sizeof(struct token_memory));
}

void token_memory_free(struct token_memory *memory)
{
    free(memory);
}

static struct slot *slot_of(struct token_memory *memory, const unsigned char *digest)
{
    return &memory->slots[digest[0] % MEMORY_SLOTS];
}

static int address_denied(struct err *e, const struct caller *caller, const char *address)
{
    (void)denied(e, MSG_ADDRESS_NOT_ALLOWED, caller);
    msg_arg_text(&e->msg, "address", address, strlen(address));
    return -1;
}

/* Looks at the row of the token's client. */
static int judge(struct db *db, const struct token_use *use, struct caller *out, struct err *e)
{
    out->client = db_column_int(db, 0);
    (void)snprintf(out->client_id, sizeof(out->client_id), "%s", db_column(db, 1, NULL));
    (void)snprintf(out->networks, sizeof(out->networks), "%s", db_column(db, 3, NULL));
    if (db_column_int(db, 2) != 0)
        return denied(e, MSG_CLIENT_DISABLED, out);
    if (!net_list_has(out->networks, use->address))
        return address_denied(e, out, use->address);
    const char *category = db_column(db, 5, NULL);
    if (use->category != NULL && category == NULL) {
        (void)denied(e, MSG_NOT_GRANTED, out);
        msg_arg_text(&e->msg, "category", use->category, strlen(use->category));
        msg_arg_text(&e->msg, "resource", use->resource, strlen(use->resource));
        return -1;
    }
    if (category != NULL) {
        (void)snprintf(out->grant.category, sizeof(out->grant.category), "%s", category);
        (void)snprintf(out->grant.resource, sizeof(out->grant.resource), "%s", db_column(db, 6, NULL));
    }
    return 0;
}

/* Asks the database about out->digest. *seconds_out: until the token expires. */
static int ask(struct db *db, const struct token_use *use, struct caller *out, int64_t *seconds_out, struct err *e)
{
    struct db_value values[] = {db_text(use->category == NULL ? "" : use->category),
                                db_text(use->category == NULL ? "" : use->resource),
                                db_bytes(out->digest, sizeof(out->digest))};
    out->remembered = false;
    if (db_query(db, SQL_TOKEN_CALLER, values, 3, e) != 0)
        return -1;
    int got = db_fetch(db, e);
    int rc = got == 1   ? judge(db, use, out, e)
             : got == 0 ? err_set(e, MSG_INVALID_TOKEN, "no such token, or expired")
                        : -1;
    *seconds_out = got == 1 ? db_column_int(db, 4) : 0;
    db_end(db);
    return rc;
}

/* Takes an answer from memory, where it fits the question and no limit of time or place is in doubt. */
static bool remember(struct token_memory *memory, const struct token_use *use, struct caller *out)
{
    const struct slot *slot = slot_of(memory, out->digest);
    if (!crypt_equal(slot->caller.digest, out->digest, sizeof(out->digest)) || clock_micros() >= slot->until ||
        strcmp(slot->category, use->category) != 0 || strcmp(slot->resource, use->resource) != 0 ||
        !net_list_has(slot->caller.networks, use->address))
        return false;
    *out = slot->caller;
    out->remembered = true;
    return true;
}

static void keep(struct token_memory *memory, const struct token_use *use, const struct caller *caller, int64_t seconds)
{
    struct slot *slot = slot_of(memory, caller->digest);
    slot->caller = *caller;
    slot->until = clock_micros() + seconds * 1000000;
    (void)snprintf(slot->category, sizeof(slot->category), "%s", use->category);
    (void)snprintf(slot->resource, sizeof(slot->resource), "%s", use->resource);
}

int token_check(struct db *db, struct token_memory *memory, const char *token, size_t len, enum crypt_hash hash,
                const struct token_use *use, struct caller *out, struct err *e)
{
    int64_t seconds;
    bool may_remember = memory != NULL && use->category != NULL && strlen(use->category) <= CODE_MAX &&
                        strlen(use->resource) <= CODE_MAX;
    *out = (struct caller){0};
    crypt_digest(hash, token, len, out->digest);
    if (may_remember && remember(memory, use, out))
        return 0;
    if (ask(db, use, out, &seconds, e) != 0)
        return -1;
    if (may_remember)
        keep(memory, use, out, seconds);
    return 0;
}

int token_prove(struct db *db, const struct token_use *use, struct caller *caller, struct err *e)
{
    int64_t seconds;
    return caller->remembered ? ask(db, use, caller, &seconds, e) : 0;
}

int token_refuse_remembered(struct err *e)
{
    return err_set(e, MSG_INVALID_TOKEN, "what was remembered of the token is not so any more");
}

void token_forget(struct token_memory *memory, const struct caller *caller)
{
    struct slot *slot = slot_of(memory, caller->digest);
    if (memcmp(slot->caller.digest, caller->digest, sizeof(caller->digest)) == 0)
        *slot = (struct slot){0};
}

int token_purge(struct db *db, uint64_t *removed_out, struct err *e)
{
    uint64_t step;
    *removed_out = 0;
    do {
        if (db_run(db, SQL_TOKEN_PURGE, NULL, 0, &step, e) != 0)
            return -1;
        *removed_out += step;
    } while (step > 0);
    return 0;
}
