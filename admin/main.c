/* SPDX-License-Identifier: Apache-2.0
 *
 * rukuctl: options, the table of subcommands, exit codes.
 */
#include "config.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "cmd.h"
#include "conf.h"
#include "crypt.h"
#include "db.h"
#include "err.h"
#include "keyring.h"
#include "log.h"
#include "migrate.h"
#include "report.h"
#include "sql.h"
#include "words.h"

#include "poison.h"

#define PROGRAM "rukuctl"
#define DEFAULT_PATH RUKU_SYSCONFDIR "/ruku.ini"

/* TAKES_LONG: a statement may take longer than [database] timeout allows the gateway. AUDITED: it changes something, and where the audit is required
 * has an entry before. */
enum { NEEDS_CATALOG = 1 << 0, NEEDS_SERVER = 1 << 1, NEEDS_TABLES = 1 << 2, TAKES_LONG = 1 << 3, NEEDS_KEYS = 1 << 4, AUDITED = 1 << 5 };

#define LONG_SECONDS 3600

#define TAKES(option) (1u << OPTION_##option)

static const struct subcommand {
    const char *group, *verb; /* verb "": the group stands alone */
    const char *arguments, *help;
    int least, most; /* words */
    unsigned options; /* bits of enum option_id */
    unsigned needs;
    command *run;
} subcommands[] = {
    {"config", "show", "", N_("print the configuration in force, secrets masked"), 0, 0, 0, 0, cmd_config_show},
    {"schema", "check", "[DIR]", N_("check all categories and code lists, those in DIR too"), 0, 1, 0, 0, cmd_schema_check},
    {"schema", "list", "", N_("list the categories and their resources"), 0, 0, 0, NEEDS_CATALOG, cmd_schema_list},
    {"schema", "show", "CATEGORY", N_("show a category's fields"), 1, 1, 0, NEEDS_CATALOG, cmd_schema_show},
    {"schema", "doc", "[--format markdown|html|json-schema|xsd|template] CATEGORY",
     N_("print a category as a table of items, a schema or a blank record"), 1, 1, TAKES(FORMAT), NEEDS_CATALOG, cmd_schema_doc},
    {"schema", "new", "CODE", N_("print the beginning of a new category's file"), 1, 1, 0, NEEDS_CATALOG, cmd_schema_new},
    {"schema", "diff", "[OLD] NEW", N_("tell what a folder of categories would change"), 1, 2, 0, 0, cmd_schema_diff},
    {"schema", "test", "[--client ID] [--limit N] CATEGORY [DIR]", N_("count the stored records that a category would refuse"), 1, 2,
     TAKES(CLIENT) | TAKES(LIMIT), NEEDS_TABLES | NEEDS_CATALOG | NEEDS_KEYS | TAKES_LONG, cmd_schema_test},
    {"schema", "views", "", N_("make an SQL view of each category's live records"), 0, 0, 0,
     NEEDS_TABLES | NEEDS_CATALOG | TAKES_LONG, cmd_schema_views},
    {"db", "init", "", N_("make the database and its tables"), 0, 0, 0, 0, cmd_db_init},
    {"db", "upgrade", "", N_("bring the tables to this version"), 0, 0, 0, NEEDS_SERVER, cmd_db_upgrade},
    {"db", "status", "", N_("show the tables' version"), 0, 0, 0, NEEDS_SERVER, cmd_db_status},
    {"client", "add", "[--id ID] [--network CIDR,...] NAME", N_("register a client and print its secret, once"), 1, 1,
     TAKES(ID) | TAKES(NETWORK), NEEDS_TABLES | NEEDS_KEYS | AUDITED, cmd_client_add},
    {"client", "list", "", N_("list the clients"), 0, 0, 0, NEEDS_TABLES, cmd_client_list},
    {"client", "show", "ID", N_("show a client and its grants"), 1, 1, 0, NEEDS_TABLES, cmd_client_show},
    {"client", "disable", "ID", N_("refuse a client from its next request on"), 1, 1, 0, NEEDS_TABLES | AUDITED, cmd_client_disable},
    {"client", "enable", "ID", N_("let a disabled client in again"), 1, 1, 0, NEEDS_TABLES | AUDITED, cmd_client_enable},
    {"client", "rotate", "[--grace TIME] ID", N_("give a client a new secret and print it, once; the old one lives on for a time"), 1, 1,
     TAKES(GRACE), NEEDS_TABLES | NEEDS_KEYS | AUDITED, cmd_client_rotate},
    {"client", "sign-key", "[--grace TIME] ID", N_("give a client a new key to sign its requests with and print it, once"), 1, 1,
     TAKES(GRACE), NEEDS_TABLES | NEEDS_KEYS | AUDITED, cmd_client_sign_key},
    {"client", "signing", "ID required|optional", N_("refuse a client's requests unless they are signed, or take both"), 2, 2, 0,
     NEEDS_TABLES | AUDITED, cmd_client_signing},
    {"client", "networks", "ID CIDR,...|any", N_("take a client's requests from these networks only, from its next request on"), 2, 2, 0,
     NEEDS_TABLES | AUDITED, cmd_client_networks},
    {"client", "grant", "ID CATEGORY RESOURCE", N_("allow a resource ('*' for every one)"), 3, 3, 0,
     NEEDS_TABLES | NEEDS_CATALOG | AUDITED, cmd_client_grant},
    {"client", "revoke-grant", "ID CATEGORY RESOURCE", N_("take a grant back"), 3, 3, 0, NEEDS_TABLES | AUDITED,
     cmd_client_revoke_grant},
    {"token", "purge", "", N_("remove expired tokens"), 0, 0, 0, NEEDS_TABLES, cmd_token_purge},
    {"token", "revoke", "CLIENT", N_("end all tokens of a client"), 1, 1, 0, NEEDS_TABLES | AUDITED, cmd_token_revoke},
    {"key", "create", "", N_("make the file of the server's keys"), 0, 0, 0, 0, cmd_key_create},
    {"key", "rotate", "", N_("put a new key in use, and keep the old ones for what was made with them"), 0, 0, 0, NEEDS_TABLES | NEEDS_KEYS | AUDITED, cmd_key_rotate},
    {"key", "renew", "", N_("seal anew what is sealed with an old key"), 0, 0, 0, NEEDS_TABLES | NEEDS_KEYS | TAKES_LONG | AUDITED, cmd_key_renew},
    {"key", "list", "", N_("list the keys, and what is still made with each"), 0, 0, 0, NEEDS_TABLES | NEEDS_KEYS, cmd_key_list},
    {"batch", "list", "[--client ID] [--after BATCH] [--limit N]", N_("list the last pushes, or those after one"), 0, 0,
     TAKES(CLIENT) | TAKES(AFTER) | TAKES(LIMIT), NEEDS_TABLES, cmd_batch_list},
    {"batch", "show", "BATCH", N_("show a push and the records it did not store"), 1, 1, 0, NEEDS_TABLES, cmd_batch_show},
    {"batch", "purge", "[--days N] [--dry-run]", N_("remove old receipts"), 0, 0, TAKES(DAYS) | TAKES(DRY_RUN),
     NEEDS_TABLES | TAKES_LONG | AUDITED, cmd_batch_purge},
    {"doctor", "", "[URL]", N_("look at the whole installation, the web server too, and name remedies"), 0, 1, 0, 0, cmd_doctor},
    {"audit", "verify", "", N_("look whether the audit is whole, and name the first break"), 0, 0, 0, NEEDS_TABLES | TAKES_LONG, cmd_audit_verify},
    {"audit", "export", "[--since TIME]", N_("write the audit to standard output, one entry a line"), 0, 0, TAKES(SINCE),
     NEEDS_TABLES | TAKES_LONG, cmd_audit_export},
    {"audit", "purge", "[--days N]", N_("remove old entries of the audit"), 0, 0, TAKES(DAYS), NEEDS_TABLES | TAKES_LONG | AUDITED, cmd_audit_purge},
    {"export", "", "[--client ID] [--format ndjson|csv] [--since TIME] [--all] [--envelope] [--unmask] "
     "CATEGORY RESOURCE",
     N_("write a resource's records to standard output"), 2, 2,
     TAKES(CLIENT) | TAKES(FORMAT) | TAKES(SINCE) | TAKES(ALL) | TAKES(ENVELOPE) | TAKES(UNMASK),
     NEEDS_TABLES | NEEDS_CATALOG | NEEDS_KEYS | TAKES_LONG, cmd_export},
    {"import", "", "--client ID [--format ndjson|json] [--lenient] CATEGORY RESOURCE [FILE]",
     N_("store the records of a file, or of standard input"), 2, 3, TAKES(CLIENT) | TAKES(FORMAT) | TAKES(LENIENT),
     NEEDS_TABLES | NEEDS_CATALOG | NEEDS_KEYS | TAKES_LONG, cmd_import},
    {"stats", "", "[--days N] [--client ID]", N_("count pushes by day, and records"), 0, 0, TAKES(DAYS) | TAKES(CLIENT),
     NEEDS_TABLES | NEEDS_CATALOG | TAKES_LONG, cmd_stats},
};

#define SUBCOMMAND_COUNT (sizeof(subcommands) / sizeof(subcommands[0]))

/* Exit codes as sysexits.h names them, where a script may want to tell them apart. */
static const int exit_codes[CLASS_N] = {
    [CLASS_INPUT] = 65,   [CLASS_AUTH] = 77,    [CLASS_DENIED] = 77,      [CLASS_MISSING] = 1, [CLASS_METHOD] = 64,
    [CLASS_UNKNOWN] = 64, [CLASS_CONFLICT] = 1, [CLASS_PRECONDITION] = 1, [CLASS_TOO_LARGE] = 65,   [CLASS_UNSUPPORTED] = 65,
    [CLASS_INVALID] = 65, [CLASS_LIMITED] = 75, [CLASS_BUSY] = 75,        [CLASS_UNSURE] = 75,
    [CLASS_CONFIG] = 78,  [CLASS_INTERNAL] = 70, [CLASS_GONE] = 74,
};

#define USAGE_SIZE 192
#define USAGE_WIDTH 50

static void describe(const struct subcommand *s, char to[USAGE_SIZE])
{
    (void)snprintf(to, USAGE_SIZE, "%s%s%s %s", s->group, s->verb[0] == '\0' ? "" : " ", s->verb, s->arguments);
}

static void usage(FILE *to)
{
    (void)fprintf(to, _("usage: %s [-c file] command ...\n"), PROGRAM);
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
        char words[USAGE_SIZE];
        describe(&subcommands[i], words);
        (void)fprintf(to, "  %-*s", USAGE_WIDTH, words);
        if (strlen(words) > USAGE_WIDTH)
            (void)fprintf(to, "\n  %*s", USAGE_WIDTH, "");
        (void)fprintf(to, " %s\n", _(subcommands[i].help));
    }
    (void)fprintf(to, _("  -c file   configuration (default %s)\n"), DEFAULT_PATH);
}

static const struct subcommand *find_subcommand(int argc, char **argv)
{
    for (size_t i = 0; argc > 0 && i < SUBCOMMAND_COUNT; i++) {
        const struct subcommand *s = &subcommands[i];
        if (strcmp(s->group, argv[0]) == 0 && (s->verb[0] == '\0' || (argc > 1 && strcmp(s->verb, argv[1]) == 0)))
            return s;
    }
    return NULL;
}

static int print_error(const struct err *e)
{
    struct buf text;
    buf_init(&text, 4096);
    /* A message that names something speaks to anyone; the others are worded for clients, and the administrator wants the detail. */
    if (e->msg.arg_count == 0 && e->detail[0] != '\0')
        err_render_detail(e, words_language(), &text);
    else
        err_render(e, words_language(), &text);
    (void)fprintf(stderr, _("%s: %s\n"), PROGRAM, buf_text(&text));
    buf_free(&text);
    return exit_codes[err_class(e)];
}

struct catalog *cmd_load_catalog(const struct conf *conf, const char *extra_dir)
{
    struct report report;
    report_init(&report);
    struct catalog *catalog =
        catalog_load(conf->schema_dir, extra_dir == NULL ? conf->schema_extra_dir : extra_dir, &report);
    (void)fputs(buf_text(&report.text), stderr);
    if (catalog == NULL)
        (void)fprintf(stderr, words_count("%s: the schema has %d fault\n", "%s: the schema has %d faults\n",
                                          (unsigned)report.count), PROGRAM, report.count);
    report_free(&report);
    return catalog;
}

static struct keyring *load_keys(const struct conf *conf)
{
    struct report report;
    report_init(&report);
    struct keyring *keys = keyring_load(conf->key_file, &report);
    (void)fputs(buf_text(&report.text), stderr);
    report_free(&report);
    return keys;
}

static struct conf *load_conf(const char *path)
{
    struct report report;
    report_init(&report);
    struct conf *conf = conf_load(path, &report);
    (void)fputs(buf_text(&report.text), stderr);
    report_free(&report);
    return conf;
}

/* With an entry in the audit before, and one after whatever comes of it. */
static int run_audited(const struct subcommand *s, struct cmd *c, struct err *e)
{
    struct err ignored = ERR_NONE;
    if (cmd_audit_state(c, s->group, s->verb, "begun", e) != 0)
        return -1;
    int rc = s->run(c, e);
    if (!c->audited && cmd_audit_state(c, s->group, s->verb, rc == 0 ? "unchanged" : "failed", rc == 0 ? e : &ignored) != 0)
        return -1;
    return rc;
}

/* Loads what the row asks for, runs it, prints its error. Returns the exit code. */
static int run(const struct subcommand *s, struct cmd *c, struct db_options *options)
{
    struct err e = ERR_NONE;
    if ((s->needs & NEEDS_CATALOG) != 0 && (c->catalog = cmd_load_catalog(c->conf, NULL)) == NULL)
        return exit_codes[CLASS_CONFIG];
    if ((s->needs & NEEDS_KEYS) != 0 && (c->keys = load_keys(c->conf)) == NULL)
        return exit_codes[CLASS_CONFIG];
    conf_database(c->conf, options);
    if ((s->needs & TAKES_LONG) != 0)
        options->answer_timeout = LONG_SECONDS;
    c->db = db_new(options, sql_texts, SQL_N);
    int rc = c->db == NULL ? err_set(&e, MSG_INTERNAL, "out of memory") : 0;
    if (rc == 0 && (s->needs & (NEEDS_SERVER | NEEDS_TABLES)) != 0)
        rc = db_connect(c->db, NULL, &e);
    if (rc == 0 && (s->needs & NEEDS_TABLES) != 0)
        rc = migrate_check(c->db, &e);
    if (rc == 0)
        rc = (s->needs & AUDITED) != 0 && c->conf->audit_required == CONF_YES ? run_audited(s, c, &e) : s->run(c, &e);
    return rc < 0 ? print_error(&e) : rc;
}

static int wrong_usage(const struct subcommand *s)
{
    char words[USAGE_SIZE];
    describe(s, words);
    (void)fprintf(stderr, _("usage: %s %s\n"), PROGRAM, words);
    return exit_codes[CLASS_METHOD];
}

static int start(struct cmd *c, int argc, char **argv)
{
    struct db_options options;
    const struct subcommand *s = find_subcommand(argc, argv);
    if (s == NULL) {
        usage(stderr);
        return exit_codes[CLASS_METHOD];
    }
    /* getopt_long takes the first word for a program's name: here the last word of the command. */
    int used = s->verb[0] == '\0' ? 0 : 1;
    int first = option_read(argc - used, argv + used, s->options, &c->options);
    if (first < 0)
        return wrong_usage(s);
    c->argc = argc - used - first;
    c->argv = argv + used + first;
    if (c->argc < s->least || c->argc > s->most)
        return wrong_usage(s);
    c->conf = load_conf(c->config_path);
    int status = c->conf == NULL ? exit_codes[CLASS_CONFIG] : run(s, c, &options);
    db_free(c->db);
    catalog_free(c->catalog);
    keyring_free(c->keys);
    conf_free(c->conf);
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && status == 0) {
        perror(PROGRAM);
        status = exit_codes[CLASS_GONE];
    }
    return status;
}

int main(int argc, char **argv)
{
    struct cmd c = {.config_path = DEFAULT_PATH};
    static const struct option long_options[] = {
        {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};
    int option;
    words_init();
    opterr = 0;
    while ((option = getopt_long(argc, argv, "+c:Vh", long_options, NULL)) != -1) {
        switch (option) {
        case 'c': c.config_path = optarg; break;
        case 'V': (void)puts(PROGRAM " " PACKAGE_VERSION); return EXIT_SUCCESS;
        case 'h': usage(stdout); return EXIT_SUCCESS;
        default:
            (void)fprintf(stderr, _("%s: not understood: %s\n"), PROGRAM, argv[optind - 1]);
            usage(stderr);
            return exit_codes[CLASS_METHOD];
        }
    }
    if (crypt_init() != 0) {
        (void)fprintf(stderr, _("%s: libgcrypt cannot be used\n"), PROGRAM);
        return EXIT_FAILURE;
    }
    /* What the layers below tell the service's log is no news to who waits at a terminal, but for warnings. */
    if (log_open("stderr", PROGRAM, LOG_LEVEL_WARN) != 0)
        return EXIT_FAILURE;
    if (words_language() == MSG_ZH && words_fault() != NULL)
        log_warn("there are no Chinese messages: %s", words_fault());
    return start(&c, argc - optind, argv + optind);
}
