/* SPDX-License-Identifier: Apache-2.0
 *
 * What a change of a category would mean, before it is made: for those who push (diff), and for what is stored (test).
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "catalog.h"
#include "category.h"
#include "cmd.h"
#include "conf.h"
#include "crypt.h"
#include "err.h"
#include "extract.h"
#include "fault.h"
#include "option.h"
#include "record.h"
#include "schemadiff.h"
#include "words.h"

#include "poison.h"

#define DEFAULT_LIMIT 100
#define FAULTS_SHOWN 5 /* of one record */

static void print_difference(void *context, enum schemadiff_kind kind, const char *category, const char *place, const char *what)
{
    (void)context;
    (void)printf("%s %s%s%s%s%s\n", _(schemadiff_words[kind]), category, *place == '\0' ? "" : " ", place, *what == '\0' ? "" : " ", what);
}

static void print_unversioned(void *context, const char *category, const char *version)
{
    (void)context;
    if (version == NULL)
        (void)printf(_("note: %s has changed and has no version\n"), category);
    else
        (void)printf(_("note: %s has changed and its version is still %s\n"), category, version);
}

/* The categories as they would be with a folder in place of the configured one; of the folder of the shipped ones, those alone. */
static struct catalog *load_with(const struct cmd *c, const char *dir, struct err *e)
{
    struct stat status, shipped;
    if (stat(dir, &status) != 0 || !S_ISDIR(status.st_mode)) {
        (void)err_set(e, MSG_CONFIG, "%s is no folder: name one with category/ and codelist/ in it", dir);
        return NULL;
    }
    bool is_shipped = stat(c->conf->schema_dir, &shipped) == 0 && shipped.st_ino == status.st_ino && shipped.st_dev == status.st_dev;
    struct catalog *catalog = cmd_load_catalog(c->conf, is_shipped ? "" : dir);
    if (catalog == NULL)
        (void)err_set(e, MSG_CONFIG, "%s is not a good schema: run rukuctl schema check %s", dir, dir);
    return catalog;
}

int cmd_schema_diff(struct cmd *c, struct err *e)
{
    const struct schemadiff_sink sink = {.found = print_difference, .unversioned = print_unversioned};
    const char *later = c->argv[c->argc - 1];
    struct catalog *after = load_with(c, later, e);
    struct catalog *before = after == NULL ? NULL : c->argc == 2 ? load_with(c, c->argv[0], e) : cmd_load_catalog(c->conf, NULL);
    int rc = -1;
    if (before != NULL) {
        size_t refusing = schemadiff_run(before, after, &sink);
        (void)printf(_("%zu differences may refuse what was good\n"), refusing);
        rc = refusing > 0 ? 1 : 0;
    } else if (after != NULL && e->msg.id == MSG_NONE) {
        (void)err_set(e, MSG_CONFIG, "the schema in force is not good: run rukuctl schema check");
    }
    catalog_free(before);
    catalog_free(after);
    return rc;
}

/* The look at what is stored. */
struct trial {
    struct record_checker checker;
    struct faults faults;
    int64_t limit;
    unsigned long long checked, refused;
};

static void print_refused(const struct trial *t, const char *resource, const struct extract_record *record)
{
    const struct faults *faults = &t->faults;
    for (size_t i = 0; i < faults->kept && i < FAULTS_SHOWN; i++)
        (void)printf("%s %s %.*s %s %s: %s\n", record->client_id, resource, (int)record->id_len, record->id,
                     buf_text(&faults->text) + faults->items[i].pointer, faults->items[i].code,
                     buf_text(&faults->text) + faults->items[i].message);
}

static int try_record(struct trial *t, const char *resource, const struct extract_record *record, struct err *e)
{
    struct row row;
    size_t used;
    t->checker.given_id = record->id;
    t->checker.given_id_len = record->id_len;
    enum record_outcome outcome = record_check(&t->checker, record->fields, record->fields_len, true, 0, 0, &row, &used);
    if (outcome == RECORD_BROKEN)
        return err_set(e, MSG_INTERNAL, "record %s of client %s is not JSON", record->id, record->client_id);
    t->checked++;
    if (outcome == RECORD_GOOD)
        return 0;
    if (t->refused++ < (unsigned long long)t->limit)
        print_refused(t, resource, record);
    return 0;
}

static int try_resource(struct cmd *c, struct trial *t, const char *category, const char *resource, struct err *e)
{
    const struct extract_query query = {.category = category, .resource = resource, .client = c->options.text[OPTION_CLIENT], .keys = c->keys};
    struct extract_record record;
    struct extract x;
    int got = 0;
    int rc = extract_open(&x, c->db, &query, e);
    while (rc == 0 && (got = extract_next(&x, &record, e)) > 0)
        rc = try_record(t, resource, &record, e);
    extract_close(&x);
    return got < 0 ? -1 : rc;
}

/* The resources are those in force: what is stored is in them. */
static int try_all(struct cmd *c, struct trial *t, const struct category *category, struct err *e)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < category->resource_count; i++)
        rc = try_resource(c, t, category->code, category->resources[i].code, e);
    return rc;
}

static int run_trial(struct cmd *c, const struct category *now, const struct category *then, struct err *e)
{
    struct trial t = {.checked = 0};
    if (option_number(&c->options, OPTION_LIMIT, DEFAULT_LIMIT, 0, INT64_MAX, &t.limit, e) != 0)
        return -1;
    faults_init(&t.faults, words_language());
    int rc = record_checker_init(&t.checker, then, CRYPT_SM3, &t.faults) == 0 ? try_all(c, &t, now, e)
                                                                             : err_set(e, MSG_INTERNAL, "out of memory");
    record_checker_free(&t.checker);
    faults_free(&t.faults);
    if (rc != 0)
        return -1;
    (void)printf(_("%llu records checked, %llu would be refused\n"), t.checked, t.refused);
    return t.refused > 0 ? 1 : 0;
}

int cmd_schema_test(struct cmd *c, struct err *e)
{
    const struct category *now = cmd_find_resource(c->catalog, c->argv[0], NULL, e);
    if (now == NULL)
        return -1;
    if (c->argc == 1)
        return run_trial(c, now, now, e);
    struct catalog *catalog = load_with(c, c->argv[1], e);
    const struct category *then = catalog == NULL ? NULL : cmd_find_resource(catalog, c->argv[0], NULL, e);
    int rc = then == NULL ? -1 : run_trial(c, now, then, e);
    catalog_free(catalog);
    return rc;
}
