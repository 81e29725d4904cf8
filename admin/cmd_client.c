/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "cmd.h"
#include "conf.h"
#include "err.h"
#include "secret.h"
#include "signkey.h"
#include "table.h"
#include "token.h"
#include "words.h"

#include "poison.h"

#define ANY_NETWORK "any" /* as the command takes it, and shows it */

int cmd_client_key(struct cmd *c, int64_t *key, const int64_t **key_out, struct err *e)
{
    struct client found;
    *key_out = NULL;
    if (!option_given(&c->options, OPTION_CLIENT))
        return 0;
    if (client_find(c->db, c->options.text[OPTION_CLIENT], &found, e) != 0)
        return -1;
    *key = found.id;
    *key_out = key;
    return 0;
}

static void print_secret(const char *client_id, char *secret)
{
    (void)printf("client_id=%s\nclient_secret=%s\n", client_id, secret);
    (void)fputs(_("The secret is shown this once: hand it over now. It cannot be had again, only replaced.\n"), stderr);
    crypt_wipe(secret, CREDENTIAL_SIZE);
}

static struct secret_maker maker_of(const struct cmd *c)
{
    return (struct secret_maker){.keys = c->keys, .hash = (enum crypt_hash)c->conf->hash};
}

int cmd_client_add(struct cmd *c, struct err *e)
{
    struct client added;
    char secret[CREDENTIAL_SIZE];
    const char *networks = option_given(&c->options, OPTION_NETWORK) ? c->options.text[OPTION_NETWORK] : "";
    if (option_given(&c->options, OPTION_NETWORK) && networks[0] == '\0')
        return err_set(e, MSG_CONFIG, "--network is empty; leave it out to allow every address");
    const struct secret_maker maker = maker_of(c);
    if (client_add(c->db, c->options.text[OPTION_ID], c->argv[0], networks, &maker, &added, secret, e) != 0)
        return -1;
    print_secret(added.client_id, secret);
    return cmd_audit(c, "client.add", added.client_id, c->argv[0], e);
}

static const char *state_of(const struct client *client)
{
    return client->disabled ? _("disabled") : _("enabled");
}

int cmd_client_list(struct cmd *c, struct err *e)
{
    static const struct table_column columns[] = {{N_("CLIENT"), TABLE_TEXT, 0}, {N_("STATE"), TABLE_TEXT, 0},
                                                  {N_("CREATED"), TABLE_TEXT, 0}, {N_("NAME"), TABLE_TEXT, 0}};
    struct client *list;
    struct table t;
    size_t count;
    if (client_list(c->db, &list, &count, e) != 0)
        return -1;
    table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; i < count; i++) {
        table_text(&t, list[i].client_id);
        table_text(&t, state_of(&list[i]));
        table_text(&t, list[i].created_at);
        table_text(&t, list[i].name);
    }
    int rc = table_print(&t, 0) == 0 ? 0 : err_set(e, MSG_INTERNAL, "out of memory");
    table_free(&t);
    free(list);
    return rc;
}

static void print_secrets(const struct secret_facts *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct secret_facts *s = &list[i];
        const char *used = s->used_at[0] == '\0' ? _("never") : s->used_at;
        if (s->expires_at[0] == '\0')
            (void)printf(_("secret    of %s, last used: %s\n"), s->created_at, used);
        else
            (void)printf(_("secret    of %s, last used: %s; ends %s\n"), s->created_at, used, s->expires_at);
    }
}

static void print_keys(const struct client *client, const struct signkey *keys, size_t count)
{
    (void)printf("%s\n", client->must_sign ? _("signing   required") : _("signing   optional"));
    for (size_t i = 0; i < count; i++)
        if (keys[i].expires_at[0] == '\0')
            (void)printf(_("sign-key  of %s\n"), keys[i].created_at);
        else
            (void)printf(_("sign-key  of %s; ends %s\n"), keys[i].created_at, keys[i].expires_at);
}

int cmd_client_show(struct cmd *c, struct err *e)
{
    struct client found;
    struct client_grant *grants = NULL;
    struct secret_facts *secrets = NULL;
    struct signkey keys[SIGNKEY_LIVE];
    size_t count, secret_count, key_count;
    int rc = -1;
    if (client_find(c->db, c->argv[0], &found, e) == 0 && client_grants(c->db, found.id, &grants, &count, e) == 0 &&
        secret_list(c->db, found.id, &secrets, &secret_count, e) == 0 && signkey_list(c->db, found.id, keys, &key_count, e) == 0) {
        (void)printf(_("client    %s\nname      %s\nstate     %s\nnetworks  %s\ncreated   %s\n"), found.client_id, found.name,
                     state_of(&found), found.networks[0] == '\0' ? ANY_NETWORK : found.networks, found.created_at);
        print_secrets(secrets, secret_count);
        print_keys(&found, keys, key_count);
        for (size_t i = 0; i < count; i++)
            (void)printf(_("grant     %s/%s since %s\n"), grants[i].category, grants[i].resource, grants[i].granted_at);
        rc = 0;
    }
    free(grants);
    free(secrets);
    return rc;
}

static int set_disabled(struct cmd *c, bool disabled, struct err *e)
{
    if (client_set_disabled(c->db, c->argv[0], disabled, e) != 0)
        return -1;
    return cmd_audit(c, disabled ? "client.disable" : "client.enable", c->argv[0], "", e);
}

int cmd_client_disable(struct cmd *c, struct err *e)
{
    return set_disabled(c, true, e);
}

int cmd_client_enable(struct cmd *c, struct err *e)
{
    return set_disabled(c, false, e);
}

int cmd_client_rotate(struct cmd *c, struct err *e)
{
    char secret[CREDENTIAL_SIZE];
    char detail[64];
    struct client found;
    int64_t grace;
    const struct secret_maker maker = maker_of(c);
    if (option_time(&c->options, OPTION_GRACE, SECRET_GRACE_MAX, &grace, e) != 0 || client_find(c->db, c->argv[0], &found, e) != 0 ||
        secret_rotate(c->db, &maker, found.id, grace, secret, e) != 0)
        return -1;
    print_secret(c->argv[0], secret);
    (void)snprintf(detail, sizeof(detail), "grace %llds", (long long)grace);
    return cmd_audit(c, "client.rotate", c->argv[0], detail, e);
}

static void describe_grant(const struct cmd *c, char *to, size_t size)
{
    (void)snprintf(to, size, "%s/%s", c->argv[1], c->argv[2]);
}

/* A grant for what does not exist is a slip of the pen: it would be found only when the client is refused. */
static int check_grant(const struct cmd *c, struct err *e)
{
    const char *category = c->argv[1];
    const char *resource = c->argv[2];
    if (strcmp(category, "*") == 0) {
        if (strcmp(resource, "*") != 0)
            return err_set(e, MSG_CONFIG, "with every category ('*') goes every resource ('*')");
        return 0;
    }
    const char *one = strcmp(resource, "*") == 0 ? NULL : resource;
    return cmd_find_resource(c->catalog, category, one, e) == NULL ? -1 : 0;
}

int cmd_client_grant(struct cmd *c, struct err *e)
{
    char pair[160];
    describe_grant(c, pair, sizeof(pair));
    if (check_grant(c, e) != 0 || client_grant(c->db, c->argv[0], c->argv[1], c->argv[2], e) != 0)
        return -1;
    return cmd_audit(c, "client.grant", c->argv[0], pair, e);
}

int cmd_client_revoke_grant(struct cmd *c, struct err *e)
{
    char pair[160];
    describe_grant(c, pair, sizeof(pair));
    if (client_revoke_grant(c->db, c->argv[0], c->argv[1], c->argv[2], e) != 0)
        return -1;
    return cmd_audit(c, "client.revoke-grant", c->argv[0], pair, e);
}

int cmd_client_sign_key(struct cmd *c, struct err *e)
{
    char key[CREDENTIAL_SIZE], detail[64];
    struct client found;
    int64_t grace;
    if (option_time(&c->options, OPTION_GRACE, SECRET_GRACE_MAX, &grace, e) != 0 || client_find(c->db, c->argv[0], &found, e) != 0 ||
        signkey_rotate(c->db, c->keys, &found, grace, key, e) != 0)
        return -1;
    (void)printf("client_id=%s\nsigning_key=%s\n", found.client_id, key);
    (void)fputs(_("The key is shown this once: hand it over now. It cannot be had again, only replaced.\n"), stderr);
    crypt_wipe(key, sizeof(key));
    (void)snprintf(detail, sizeof(detail), "grace %llds", (long long)grace);
    return cmd_audit(c, "client.sign-key", found.client_id, detail, e);
}

int cmd_client_networks(struct cmd *c, struct err *e)
{
    const char *networks = strcmp(c->argv[1], ANY_NETWORK) == 0 ? "" : c->argv[1];
    struct client found;
    if (*c->argv[1] == '\0')
        return err_set(e, MSG_CONFIG, "the list of networks is empty; write `any` to allow every address");
    if (client_find(c->db, c->argv[0], &found, e) != 0 || client_set_networks(c->db, &found, networks, e) != 0)
        return -1;
    return cmd_audit(c, "client.networks", found.client_id, c->argv[1], e);
}

int cmd_client_signing(struct cmd *c, struct err *e)
{
    struct signkey keys[SIGNKEY_LIVE];
    struct client found;
    size_t count;
    bool must_sign = strcmp(c->argv[1], "required") == 0;
    if (!must_sign && strcmp(c->argv[1], "optional") != 0)
        return err_set(e, MSG_CONFIG, "signing is required or optional, not %s", c->argv[1]);
    if (client_find(c->db, c->argv[0], &found, e) != 0 || signkey_list(c->db, found.id, keys, &count, e) != 0)
        return -1;
    if (must_sign && count == 0)
        return err_set(e, MSG_CONFIG, "client %s has no key to sign with, and could do nothing: rukuctl client sign-key %s", found.client_id,
                       found.client_id);
    if (client_set_must_sign(c->db, &found, must_sign, e) != 0)
        return -1;
    return cmd_audit(c, "client.signing", found.client_id, c->argv[1], e);
}

int cmd_token_purge(struct cmd *c, struct err *e)
{
    uint64_t removed;
    bool more;
    if (token_purge(c->db, INT_MAX, &removed, &more, e) != 0)
        return -1;
    (void)printf(words_count("%llu expired token removed\n", "%llu expired tokens removed\n", removed), (unsigned long long)removed);
    return 0;
}

int cmd_token_revoke(struct cmd *c, struct err *e)
{
    struct client found;
    if (client_find(c->db, c->argv[0], &found, e) != 0 || token_revoke_all(c->db, found.id, e) != 0)
        return -1;
    return cmd_audit(c, "token.revoke", c->argv[0], "", e);
}
