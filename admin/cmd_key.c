/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "cmd.h"
#include "conf.h"
#include "err.h"
#include "keyring.h"
#include "report.h"
#include "reseal.h"
#include "secret.h"
#include "secretfile.h"
#include "signkey.h"
#include "table.h"
#include "words.h"

#include "poison.h"

#define FILE_MAX_BYTES ((size_t)64 * 1024)

static int file_fault(const char *path, struct err *e)
{
    return err_set(e, MSG_CONFIG, "[crypto] key_file %s cannot be written: %s", path, strerror(errno));
}

/* A credential comes from elsewhere each time the service starts: what is written to it is gone the next time. */
static int need_file(const char *path, struct err *e)
{
    if (!secretfile_is_credential(path))
        return 0;
    return err_set(e, MSG_CONFIG, "[crypto] key_file = %s is handed out by systemd: the file behind it is changed with a configuration that names its path (-c)", path);
}

int cmd_key_create(struct cmd *c, struct err *e)
{
    struct buf text;
    if (need_file(c->conf->key_file, e) != 0)
        return -1;
    buf_init(&text, FILE_MAX_BYTES);
    keyring_make_line(&text);
    int rc = secretfile_create(c->conf->key_file, buf_text(&text)) == 0 ? 0 : file_fault(c->conf->key_file, e);
    crypt_wipe_buf(&text);
    if (rc == 0)
        (void)printf(_("%s: made, for its owner only. Give it to the account of the service, and keep a copy in a safe place.\n"),
                     c->conf->key_file);
    return rc;
}

/* The text of the file with a new line before it. */
static int add_line(const char *path, struct buf *to, struct err *e)
{
    struct buf old;
    struct report report;
    report_init(&report);
    buf_init(&old, FILE_MAX_BYTES);
    (void)buf_reserve(to, FILE_MAX_BYTES);
    keyring_make_line(to);
    int rc = secretfile_read("[crypto] key_file", path, 0600, &old, &report);
    if (rc != 0)
        (void)err_set(e, MSG_CONFIG, "%.*s", (int)strcspn(buf_text(&report.text), "\n"), buf_text(&report.text));
    buf_add(to, buf_text(&old), old.len);
    if (rc == 0 && buf_failed(to))
        rc = err_set(e, MSG_CONFIG, "[crypto] key_file %s would grow too large: take keys out that nothing is made with any more", path);
    crypt_wipe_buf(&old);
    report_free(&report);
    return rc;
}

int cmd_key_rotate(struct cmd *c, struct err *e)
{
    const char *path = c->conf->key_file;
    struct buf text;
    if (need_file(path, e) != 0)
        return -1;
    int change = secretfile_begin(path);
    if (change < 0 && errno == EEXIST)
        return err_set(e, MSG_CONFIG, "%s%s is there: another command changes the keys, or was broken off; remove it then, and try again", path,
                       SECRETFILE_FRESH);
    if (change < 0)
        return file_fault(path, e);
    buf_init(&text, FILE_MAX_BYTES);
    int rc = add_line(path, &text, e);
    if (rc != 0)
        secretfile_abandon(change, path);
    else if (secretfile_commit(change, path, buf_text(&text)) != 0)
        rc = file_fault(path, e);
    char id[KEYRING_ID_MAX + 1];
    (void)snprintf(id, sizeof(id), "%.*s", (int)strcspn(buf_text(&text), " "), buf_text(&text));
    crypt_wipe_buf(&text);
    if (rc != 0)
        return rc;
    (void)printf("%s\n", _("A new key is in use from the next reload of the service on: send it SIGHUP."));
    return cmd_audit(c, "key.rotate", id, "", e);
}

int cmd_key_list(struct cmd *c, struct err *e)
{
    static const struct table_column columns[] = {{N_("KEY"), TABLE_TEXT, 0}, {N_("STATE"), TABLE_TEXT, 0},
                                                  {N_("SECRETS"), TABLE_NUMBER, 0}, {N_("SIGNING KEYS"), TABLE_NUMBER, 0}};
    struct table t;
    int rc = 0;
    table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
    for (size_t i = 0; rc == 0 && i < c->keys->count; i++) {
        int64_t count = 0, signing = 0;
        rc = secret_count(c->db, c->keys->keys[i].id, &count, e);
        if (rc == 0)
            rc = signkey_count(c->db, c->keys->keys[i].id, &signing, e);
        table_text(&t, c->keys->keys[i].id);
        table_text(&t, i == 0 ? _("in use") : _("kept"));
        table_number(&t, count);
        table_number(&t, signing);
    }
    if (rc == 0 && table_print(&t, 0) != 0)
        rc = err_set(e, MSG_INTERNAL, "out of memory");
    table_free(&t);
    return rc;
}

int cmd_key_renew(struct cmd *c, struct err *e)
{
    uint64_t signing, records, broken;
    if (reseal_signing_keys(c->db, c->keys, &signing, e) != 0 || reseal_records(c->db, c->keys, (enum crypt_hash)c->conf->hash, &records, &broken, e) != 0)
        return -1;
    (void)printf(words_count("%llu signing key sealed anew\n", "%llu signing keys sealed anew\n", signing), (unsigned long long)signing);
    (void)printf(words_count("%llu record sealed anew\n", "%llu records sealed anew\n", records), (unsigned long long)records);
    int rc = cmd_audit(c, "key.renew", keyring_current(c->keys)->id, "", e);
    if (rc != 0 || broken == 0)
        return rc;
    return err_set(e, MSG_INTERNAL, words_count("%llu record does not open, and is as it was: keep its key", "%llu records do not open, and are as they were: keep their keys", broken),
                   (unsigned long long)broken);
}
