/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "err.h"
#include "net.h"
#include "rows.h"
#include "sql.h"
#include "utf8.h"

#include "poison.h"

#define MADE_ID_CHARS 16
#define NAME_MAX_CHARS 200

static bool is_client_id(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    size_t len = strlen(text);
    return len >= 1 && len <= CLIENT_ID_MAX && strspn(text, letters) == len;
}

static bool is_name(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && !utf8_has_control(text, len) && utf8_count(text, len) <= NAME_MAX_CHARS;
}

static int no_such_client(const char *client_id, struct err *e)
{
    (void)err_set(e, MSG_NO_SUCH_CLIENT, "%s", client_id);
    msg_arg_text(&e->msg, "client", client_id, strlen(client_id));
    return -1;
}

static int check_networks(const char *networks, struct err *e)
{
    if (strlen(networks) <= CLIENT_NETWORKS_MAX && net_is_list(networks))
        return 0;
    return err_set(e, MSG_CONFIG, "networks: %s: not a list of CIDR blocks such as 10.1.0.0/16,192.0.2.7", networks);
}

int client_add(struct db *db, const char *client_id, const char *name, const char *networks, const struct secret_maker *maker,
               struct client *out, char secret_out[CREDENTIAL_SIZE], struct err *e)
{
    char made[MADE_ID_CHARS + 1];
    if (client_id == NULL) {
        crypt_random_text(made, MADE_ID_CHARS);
        client_id = made;
    }
    if (!is_client_id(client_id))
        return err_set(e, MSG_CONFIG, "a client id has 1 to %d letters and digits", CLIENT_ID_MAX);
    if (!is_name(name))
        return err_set(e, MSG_CONFIG, "a client's name has 1 to %d characters of UTF-8, none of them a control character", NAME_MAX_CHARS);
    if (check_networks(networks, e) != 0)
        return -1;
    struct db_value values[] = {db_text(client_id), db_text(name), db_text(networks)};
    if (db_begin(db, e) == 0 && db_run(db, SQL_CLIENT_ADD, values, 3, NULL, e) == 0 && client_find(db, client_id, out, e) == 0 &&
        secret_add(db, maker, out->id, secret_out, e) == 0 && db_commit(db, e) == 0)
        return 0;
    if (err_class(e) == CLASS_CONFLICT)
        msg_arg_text(&e->msg, "name", client_id, strlen(client_id));
    db_rollback(db);
    return -1;
}

int client_set_disabled(struct db *db, const char *client_id, bool disabled, struct err *e)
{
    struct client found;
    struct db_value values[] = {db_int(disabled), db_ascii(client_id)};
    if (client_find(db, client_id, &found, e) != 0)
        return -1;
    return db_run(db, SQL_CLIENT_SET_DISABLED, values, 2, NULL, e);
}

int client_set_networks(struct db *db, const struct client *client, const char *networks, struct err *e)
{
    struct db_value values[] = {db_text(networks), db_int(client->id)};
    if (check_networks(networks, e) != 0)
        return -1;
    return db_run(db, SQL_CLIENT_SET_NETWORKS, values, 2, NULL, e);
}

int client_set_must_sign(struct db *db, const struct client *client, bool must_sign, struct err *e)
{
    struct db_value values[] = {db_int(must_sign), db_int(client->id)};
    return db_run(db, SQL_CLIENT_SET_MUST_SIGN, values, 2, NULL, e);
}

/* Both directions of a grant take the same values; a client that is not there is told from a grant that is not. */
static int change_grant(struct db *db, enum sql sql, const char *client_id, const char *category, const char *resource,
                        uint64_t *affected_out, struct err *e)
{
    struct client found;
    struct db_value values[] = {db_ascii(category), db_ascii(resource), db_ascii(client_id)};
    if (client_find(db, client_id, &found, e) != 0)
        return -1;
    return db_run(db, sql, values, 3, affected_out, e);
}

int client_grant(struct db *db, const char *client_id, const char *category, const char *resource, struct err *e)
{
    return change_grant(db, SQL_GRANT_ADD, client_id, category, resource, NULL, e);
}

int client_revoke_grant(struct db *db, const char *client_id, const char *category, const char *resource,
                        struct err *e)
{
    uint64_t affected;
    if (change_grant(db, SQL_GRANT_REMOVE, client_id, category, resource, &affected, e) != 0)
        return -1;
    if (affected == 0)
        return err_set(e, MSG_CONFIG, "client %s has no grant for %s/%s", client_id, category, resource);
    return 0;
}

static void take_client(struct db *db, void *item)
{
    struct client *out = item;
    out->id = db_column_int(db, 0);
    rows_text(db, 1, out->client_id, sizeof(out->client_id));
    rows_text(db, 2, out->name, sizeof(out->name));
    out->disabled = db_column_int(db, 3) != 0;
    rows_text(db, 4, out->networks, sizeof(out->networks));
    rows_text(db, 5, out->created_at, sizeof(out->created_at));
    out->must_sign = db_column_int(db, 6) != 0;
}

int client_find(struct db *db, const char *client_id, struct client *out, struct err *e)
{
    struct db_value values[] = {db_ascii(client_id)};
    const struct rows_query query = {.sql = SQL_CLIENT_FIND, .values = values, .value_count = 1, .take = take_client};
    int got = rows_find(db, &query, out, e);
    return got == 0 ? no_such_client(client_id, e) : got < 0 ? -1 : 0;
}

int client_list(struct db *db, struct client **list_out, size_t *count_out, struct err *e)
{
    void *list = NULL;
    const struct rows_query query = {.sql = SQL_CLIENT_LIST, .item_size = sizeof(struct client), .take = take_client};
    int rc = rows_read(db, &query, &list, count_out, e);
    *list_out = list;
    return rc;
}

static void take_grant_item(struct db *db, void *item)
{
    struct client_grant *grant = item;
    rows_text(db, 0, grant->category, sizeof(grant->category));
    rows_text(db, 1, grant->resource, sizeof(grant->resource));
    rows_text(db, 2, grant->granted_at, sizeof(grant->granted_at));
}

int client_grants(struct db *db, int64_t id, struct client_grant **list_out, size_t *count_out, struct err *e)
{
    void *list = NULL;
    struct db_value values[] = {db_int(id)};
    const struct rows_query query = {.sql = SQL_GRANT_LIST, .values = values, .value_count = 1,
                                     .item_size = sizeof(struct client_grant), .take = take_grant_item};
    int rc = rows_read(db, &query, &list, count_out, e);
    *list_out = list;
    return rc;
}
