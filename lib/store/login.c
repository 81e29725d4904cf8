/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "db.h"
#include "err.h"
#include "hash.h"
#include "log.h"
#include "net.h"
#include "sql.h"

#include "poison.h"

#define MEMORY_SLOTS 64
#define MEMORY_MICROS INT64_C(60000000) /* after a minute the database is asked again, and the use of the secret noted */

/* What the database says of a client. */
struct known {
    struct login login;
    bool usable; /* enabled, and may call from where it does */
    bool used;   /* its secret's use was noted within the last minute */
    struct secret secrets[SECRET_LIVE];
    bool noted[SECRET_LIVE];
};

struct slot {
    struct login login; /* client 0: the slot is free */
    int64_t until;      /* clock_micros */
};

struct login_memory {
    struct slot slots[MEMORY_SLOTS];
};

struct login_memory *login_memory_new(void)
{
    return calloc(1, sizeof(struct login_memory));
}

void login_memory_free(struct login_memory *memory)
{
    if (memory != NULL)
        crypt_wipe(memory, sizeof(*memory));
    free(memory);
}

static struct slot *slot_of(struct login_memory *memory, const char *client_id)
{
    return &memory->slots[hash_bytes(client_id, strlen(client_id)) % MEMORY_SLOTS];
}

bool login_is_same(const struct login *a, const struct login *b)
{
    return a->client == b->client && a->secret.id == b->secret.id &&
           memcmp(a->secret.digest, b->secret.digest, sizeof(a->secret.digest)) == 0 && strcmp(a->networks, b->networks) == 0;
}

void login_forget(struct login_memory *memory, const char *client_id)
{
    struct slot *slot = slot_of(memory, client_id);
    if (strcmp(slot->login.client_id, client_id) == 0)
        *slot = (struct slot){0};
}

static enum crypt_hash hash_of_name(const char *name)
{
    for (int i = 0; i < CRYPT_HASH_N; i++)
        if (name != NULL && strcmp(crypt_hash_names[i], name) == 0)
            return (enum crypt_hash)i;
    return CRYPT_SM3;
}

static bool take_bytes(struct db *db, unsigned column, unsigned char *to, size_t size)
{
    size_t len;
    const char *bytes = db_column(db, column, &len);
    if (bytes == NULL || len != size)
        return false;
    memcpy(to, bytes, size);
    return true;
}

/* Reads a row of a client and one of its secrets, if it has one. */
static void take_row(struct db *db, const struct login_try *try, struct known *out, size_t i)
{
    struct login *login = &out->login;
    struct secret *secret = &out->secrets[i];
    login->client = db_column_int(db, 0);
    (void)snprintf(login->client_id, sizeof(login->client_id), "%s", try->client_id);
    (void)snprintf(login->networks, sizeof(login->networks), "%s", db_column(db, 2, NULL));
    login->must_sign = db_column_int(db, 9) != 0;
    out->usable = db_column_int(db, 1) == 0 && net_list_has(login->networks, try->address);
    const char *key_id = db_column(db, 5, NULL);
    if (key_id == NULL || !take_bytes(db, 6, secret->salt, sizeof(secret->salt)) ||
        !take_bytes(db, 7, secret->digest, sizeof(secret->digest)))
        return;
    secret->id = db_column_int(db, 3);
    secret->hash = hash_of_name(db_column(db, 4, NULL));
    (void)snprintf(secret->key_id, sizeof(secret->key_id), "%s", key_id);
    out->noted[i] = db_column_int(db, 8) != 0;
}

static int ask(struct db *db, const struct login_try *try, struct known *out, struct err *e)
{
    struct db_value values[] = {db_ascii(try->client_id)};
    int got = 0;
    *out = (struct known){.usable = false};
    if (db_query(db, SQL_CLIENT_SECRETS, values, 1, e) != 0)
        return -1;
    for (size_t i = 0; i < SECRET_LIVE && (got = db_fetch(db, e)) == 1; i++)
        take_row(db, try, out, i);
    db_end(db);
    return got < 0 ? -1 : 0;
}

/* Compares with both secrets, one that is not there taking as long. Returns 1 with the one that is right in *which_out, 0, or -1. */
static int compare(const struct known *known, const struct keyring *keys, const char *text, size_t *which_out, struct err *e)
{
    int right = 0;
    for (size_t i = 0; i < SECRET_LIVE; i++) {
        unsigned char digest[CRYPT_DIGEST_SIZE];
        if (secret_digest(&known->secrets[i], keys, text, digest, e) != 0)
            return -1;
        bool equal = crypt_equal(digest, known->secrets[i].digest, sizeof(digest)) && known->secrets[i].id != 0;
        crypt_wipe(digest, sizeof(digest));
        if (equal)
            *which_out = i;
        right |= equal;
    }
    return right;
}

/* Notes that a secret was used, and stores it as it would be made today. What fails here is for the log: the login was right. */
static void keep_up(struct db *db, const struct secret_maker *maker, const struct secret *secret, bool noted, const char *text)
{
    struct err e = ERR_NONE;
    struct db_value values[] = {db_int(secret->id)};
    if (!noted && db_run(db, SQL_SECRET_USED, values, 1, NULL, &e) != 0)
        log_warn("the use of a secret cannot be noted: %s", e.detail);
    if (secret_is_old(secret, maker) && secret_renew(db, maker, secret, text, &e) != 0)
        log_warn("a secret cannot be stored with the hash and key in use: %s", e.detail);
}

static void keep(struct login_memory *memory, const struct login *login)
{
    *slot_of(memory, login->client_id) = (struct slot){.login = *login, .until = clock_micros() + MEMORY_MICROS};
}

/* True where memory knows the client, and by what it knows the secret is right. */
bool login_recall(struct login_memory *memory, const struct secret_maker *maker, const struct login_try *try, struct login *out)
{
    struct err ignored;
    unsigned char digest[CRYPT_DIGEST_SIZE];
    const struct slot *slot = slot_of(memory, try->client_id);
    bool known = strcmp(slot->login.client_id, try->client_id) == 0 && slot->login.client != 0 && clock_micros() < slot->until &&
                 net_list_has(slot->login.networks, try->address);
    static const struct secret none = {.id = 0};
    const struct secret *secret = known ? &slot->login.secret : &none;
    bool right = secret_digest(secret, maker->keys, try->secret, digest, &ignored) == 0 &&
                 crypt_equal(digest, secret->digest, sizeof(digest)) && known;
    crypt_wipe(digest, sizeof(digest));
    if (right)
        *out = slot->login;
    out->remembered = right;
    return right;
}

int login_check(struct db *db, struct login_memory *memory, const struct secret_maker *maker, const struct login_try *try,
                struct login *out, struct err *e)
{
    struct known known;
    size_t which = 0;
    if (!try->asks && login_recall(memory, maker, try, out))
        return 1;
    int right = ask(db, try, &known, e) == 0 ? compare(&known, maker->keys, try->secret, &which, e) : -1;
    bool usable = known.usable;
    if (right == 1 && usable) {
        *out = known.login;
        out->secret = known.secrets[which];
        out->remembered = false;
        if (!out->must_sign && !secret_is_old(&out->secret, maker))
            keep(memory, out);
        keep_up(db, maker, &out->secret, known.noted[which], try->secret);
    }
    crypt_wipe(&known, sizeof(known));
    return right == 1 && !usable ? 0 : right;
}
