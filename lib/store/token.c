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
#include "rows.h"
#include "sql.h"

#include "poison.h"

int token_issue(struct db *db, const struct login *login, const char *scope, int64_t lifetime, enum crypt_hash hash,
                char token_out[CREDENTIAL_SIZE], struct err *e)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    uint64_t added;
    credential_make(CREDENTIAL_TOKEN, token_out);
    crypt_digest(hash, token_out, strlen(token_out), digest);
    struct db_value id = db_bytes(digest, sizeof(digest));
    struct db_value name = db_text(crypt_hash_names[hash]);
    struct db_value plain[] = {id, name, db_int(login->client), db_text(scope), db_int(lifetime)};
    struct db_value proved[] = {id, name, db_text(scope), db_int(lifetime), db_int(login->client), db_text(login->networks),
                                db_int(login->secret.id), db_bytes(login->secret.digest, sizeof(login->secret.digest))};
    if (db_run(db, login->remembered ? SQL_TOKEN_ADD_PROVED : SQL_TOKEN_ADD, login->remembered ? proved : plain,
               login->remembered ? sizeof(proved) / sizeof(proved[0]) : sizeof(plain) / sizeof(plain[0]), &added, e) != 0)
        return -1;
    return added == 1 ? 0 : 1;
}

/* The parameters of SQL_TOKEN_ADD_SEVERAL. */
enum { DIGEST, HASH, SCOPE, LIFETIME, CLIENT, NETWORKS, SECRET, SECRET_DIGEST, PARAMETER_N };

struct token_rows {
    const char *values[PARAMETER_N][TOKEN_ORDERS_MAX];
    unsigned long lengths[PARAMETER_N][TOKEN_ORDERS_MAX];
    char numbers[3][TOKEN_ORDERS_MAX][24];
    unsigned char digests[TOKEN_ORDERS_MAX][CRYPT_DIGEST_SIZE];
};

static void set_text(struct token_rows *rows, int parameter, size_t row, const char *text)
{
    rows->values[parameter][row] = text;
    rows->lengths[parameter][row] = text == NULL ? 0 : (unsigned long)strlen(text);
}

static void set_number(struct token_rows *rows, int parameter, size_t row, char text[24], int64_t number)
{
    (void)snprintf(text, 24, "%lld", (long long)number);
    set_text(rows, parameter, row, text);
}

static void set_digest(struct token_rows *rows, int parameter, size_t row, const unsigned char *digest)
{
    rows->values[parameter][row] = (const char *)digest;
    rows->lengths[parameter][row] = CRYPT_DIGEST_SIZE;
}

static const char *scope_of(const struct token_order *order)
{
    return order->scope[0] == '\0' ? NULL : order->scope;
}

static void set_row(struct token_rows *rows, size_t row, struct token_order *order, int64_t lifetime, enum crypt_hash hash)
{
    const struct login *login = &order->login;
    credential_make(CREDENTIAL_TOKEN, order->token);
    crypt_digest(hash, order->token, strlen(order->token), rows->digests[row]);
    set_digest(rows, DIGEST, row, rows->digests[row]);
    set_text(rows, HASH, row, crypt_hash_names[hash]);
    set_text(rows, SCOPE, row, scope_of(order));
    set_number(rows, LIFETIME, row, rows->numbers[0][row], lifetime);
    set_number(rows, CLIENT, row, rows->numbers[1][row], login->client);
    set_text(rows, NETWORKS, row, login->networks);
    set_number(rows, SECRET, row, rows->numbers[2][row], login->secret.id);
    set_digest(rows, SECRET_DIGEST, row, login->secret.digest);
}

int token_issue_all(struct db *db, struct token_order *const *orders, size_t count, int64_t lifetime, enum crypt_hash hash,
                    struct err *e)
{
    struct token_rows rows;
    struct db_array columns[PARAMETER_N];
    struct db_counts done;
    if (count == 1)
        return token_issue(db, &orders[0]->login, scope_of(orders[0]), lifetime, hash, orders[0]->token, e);
    for (size_t i = 0; i < count; i++)
        set_row(&rows, i, orders[i], lifetime, hash);
    for (int p = 0; p < PARAMETER_N; p++)
        columns[p] = (struct db_array){.data = rows.values[p], .len = rows.lengths[p],
                                       .binary = p == DIGEST || p == SECRET_DIGEST};
    /* One statement, which commits itself or leaves nothing. */
    if (db_run_rows(db, SQL_TOKEN_ADD_SEVERAL, columns, PARAMETER_N, count, &done, e) == 0)
        return done.affected == count ? 0 : err_set(e, MSG_INTERNAL, "the database stored other than %zu tokens", count);
    return db_last_fault(db) == DB_FAULT_LOST ? -1 : 1;
}

static int denied(struct err *e, enum msg_id id, const struct caller *caller)
{
    return err_set(e, id, "client %s", caller->client_id);
}

#define MEMORY_SLOTS 64

/* One answer of the database. */
struct slot {
    struct caller caller; /* digest all zero: the slot is free */
    char category[SCOPE_CODE_MAX + 1], resource[SCOPE_CODE_MAX + 1];
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

static int use_denied(struct err *e, enum msg_id id, const struct caller *caller, const struct token_use *use)
{
    (void)denied(e, id, caller);
    msg_arg_text(&e->msg, "category", use->category, strlen(use->category));
    msg_arg_text(&e->msg, "resource", use->resource, strlen(use->resource));
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
    out->must_sign = db_column_int(db, 8) != 0;
    if (out->must_sign && !use->is_signed)
        return denied(e, MSG_SIGNATURE_REQUIRED, out);
    const char *category = db_column(db, 5, NULL);
    rows_text(db, 7, out->scope, sizeof(out->scope));
    if (use->category != NULL && category == NULL)
        return use_denied(e, MSG_NOT_GRANTED, out, use);
    if (use->category != NULL && out->scope[0] != '\0' && !scope_allows(out->scope, use->category, use->resource))
        return use_denied(e, MSG_OUT_OF_SCOPE, out, use);
    if (category != NULL) {
        (void)snprintf(out->grant.category, sizeof(out->grant.category), "%s", category);
        (void)snprintf(out->grant.resource, sizeof(out->grant.resource), "%s", db_column(db, 6, NULL));
    }
    return 0;
}

/* Asks the database about out->digest. *seconds_out: until the token expires. */
static int ask(struct db *db, const struct token_use *use, struct caller *out, int64_t *seconds_out, struct err *e)
{
    struct db_value values[] = {db_ascii(use->category == NULL ? "" : use->category),
                                db_ascii(use->category == NULL ? "" : use->resource),
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

/* use NULL: only whose the token is will be known, and what is known of its use is kept. */
static void keep(struct token_memory *memory, const struct token_use *use, const struct caller *caller, int64_t seconds)
{
    struct slot *slot = slot_of(memory, caller->digest);
    if (use == NULL && memcmp(slot->caller.digest, caller->digest, sizeof(caller->digest)) == 0)
        return;
    slot->caller = *caller;
    slot->until = clock_micros() + seconds * 1000000;
    (void)snprintf(slot->category, sizeof(slot->category), "%s", use == NULL ? "" : use->category);
    (void)snprintf(slot->resource, sizeof(slot->resource), "%s", use == NULL ? "" : use->resource);
}

bool token_owner(const struct token_memory *memory, const char *token, size_t len, enum crypt_hash hash, struct caller *out)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    crypt_digest(hash, token, len, digest);
    const struct slot *slot = &memory->slots[digest[0] % MEMORY_SLOTS];
    if (!crypt_equal(slot->caller.digest, digest, sizeof(digest)) || clock_micros() >= slot->until)
        return false;
    *out = slot->caller;
    return true;
}

static enum crypt_hash other_hash(enum crypt_hash hash)
{
    return hash == CRYPT_SM3 ? CRYPT_SHA256 : CRYPT_SM3;
}

/* Under the hash in use, then under the other; what no token looks like is not looked for. */
static int look_up(struct db *db, const char *token, size_t len, enum crypt_hash hash, const struct token_use *use,
                   struct caller *out, int64_t *seconds_out, struct err *e)
{
    if (!credential_is(CREDENTIAL_TOKEN, token, len))
        return err_set(e, MSG_INVALID_TOKEN, "it is no token of this service, or was cut or mistyped");
    int rc = ask(db, use, out, seconds_out, e);
    if (rc == 0 || e->msg.id != MSG_INVALID_TOKEN)
        return rc;
    crypt_digest(other_hash(hash), token, len, out->digest);
    return ask(db, use, out, seconds_out, e);
}

int token_check(struct db *db, struct token_memory *memory, const char *token, size_t len, enum crypt_hash hash,
                const struct token_use *use, struct caller *out, struct err *e)
{
    int64_t seconds;
    bool may_remember = use->relies && use->category != NULL && strlen(use->category) <= SCOPE_CODE_MAX &&
                        strlen(use->resource) <= SCOPE_CODE_MAX;
    *out = (struct caller){0};
    crypt_digest(hash, token, len, out->digest);
    if (may_remember && remember(memory, use, out))
        return 0;
    if (look_up(db, token, len, hash, use, out, &seconds, e) != 0)
        return -1;
    keep(memory, may_remember ? use : NULL, out, seconds);
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

/* Asks for the row of a token. Returns 1 where there is one, to be read and ended; 0; -1. */
static int find_row(struct db *db, const unsigned char *digest, struct err *e)
{
    struct db_value values[] = {db_bytes(digest, CRYPT_DIGEST_SIZE)};
    if (db_query(db, SQL_TOKEN_FIND, values, 1, e) != 0)
        return -1;
    int got = db_fetch(db, e);
    if (got != 1)
        db_end(db);
    return got;
}

int token_find(struct db *db, int64_t client, const char *token, size_t len, enum crypt_hash hash, struct token_facts *out,
               bool *foreign_out, struct err *e)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    *out = (struct token_facts){.active = false};
    *foreign_out = false;
    if (!credential_is(CREDENTIAL_TOKEN, token, len))
        return 0;
    crypt_digest(hash, token, len, digest);
    int got = find_row(db, digest, e);
    if (got == 0) {
        crypt_digest(other_hash(hash), token, len, digest);
        got = find_row(db, digest, e);
    }
    if (got != 1)
        return got;
    *foreign_out = db_column_int(db, 0) != client;
    if (!*foreign_out) {
        out->active = true;
        memcpy(out->digest, digest, sizeof(digest));
        rows_text(db, 1, out->scope, sizeof(out->scope));
        out->issued_at = db_column_int(db, 2);
        out->expires_at = db_column_int(db, 3);
    }
    db_end(db);
    return 0;
}

int token_revoke(struct db *db, int64_t client, const struct token_facts *token, struct err *e)
{
    struct db_value values[] = {db_bytes(token->digest, sizeof(token->digest)), db_int(client)};
    return db_run(db, SQL_TOKEN_REVOKE, values, 2, NULL, e);
}

int token_revoke_all(struct db *db, int64_t client, struct err *e)
{
    struct db_value values[] = {db_int(client)};
    return db_run(db, SQL_TOKEN_REVOKE_ALL, values, 1, NULL, e);
}

int token_purge(struct db *db, int steps, uint64_t *removed_out, bool *more_out, struct err *e)
{
    uint64_t step = 1;
    *removed_out = 0;
    for (int i = 0; i < steps && step > 0; i++) {
        if (db_run(db, SQL_TOKEN_PURGE, NULL, 0, &step, e) != 0)
            return -1;
        *removed_out += step;
    }
    *more_out = step > 0;
    return 0;
}
