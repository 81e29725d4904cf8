/* SPDX-License-Identifier: Apache-2.0
 *
 * rukuctl doctor: looks at the whole installation, down to the web server, and names a remedy for each finding.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "catalog.h"
#include "clock.h"
#include "cmd.h"
#include "conf.h"
#include "db.h"
#include "err.h"
#include "keyring.h"
#include "migrate.h"
#include "probe.h"
#include "report.h"
#include "rows.h"
#include "sql.h"
#include "words.h"

#include "poison.h"

#define LARGE_BODY ((size_t)20 * 1024 * 1024)
#define CLOCK_SECONDS 5
#define PACKET_SLACK (2 * 1024 * 1024)
#define NOBODY "Bearer ruku-doctor"

/* A fault keeps the service from its work, or endangers what is stored. */
enum severity { WARNING, FAULT, SEVERITY_N };

struct doctor {
    struct cmd *cmd;
    const char *url;
    int found[SEVERITY_N];
};

static void good(const char *what)
{
    (void)printf("%s  %s\n", _("ok   "), what);
}

/* A finding, in the program's own language. */
static void RUKU_PRINTF(4, 5) tell(struct doctor *d, enum severity severity, const char *what, const char *format, ...)
{
    static const char *const marks[SEVERITY_N] = {[WARNING] = N_("WARN "), [FAULT] = N_("FAULT")};
    va_list args;
    (void)printf("%s  %s: ", _(marks[severity]), what);
    va_start(args, format);
    (void)vprintf(format, args);
    va_end(args);
    (void)putchar('\n');
    d->found[severity]++;
}

static void check_reported(struct doctor *d, const char *what, struct report *r)
{
    if (r->count == 0)
        good(what);
    else
        tell(d, FAULT, what, "%.*s", (int)strcspn(buf_text(&r->text), "\n"), buf_text(&r->text));
    report_free(r);
}

static void check_files(struct doctor *d)
{
    const struct conf *conf = d->cmd->conf;
    struct report r;
    struct stat st;
    struct statvfs room;
    report_init(&r);
    keyring_free(keyring_load(conf->key_file, &r));
    check_reported(d, _("the server's keys"), &r);
    report_init(&r);
    catalog_free(catalog_load(conf->schema_dir, conf->schema_extra_dir, &r));
    check_reported(d, _("categories and code lists"), &r);
    const char *what = _("file of the configuration");
    if (stat(d->cmd->config_path, &st) != 0)
        tell(d, FAULT, what, "%s", strerror(errno));
    else if ((st.st_mode & S_IWOTH) != 0 || ((st.st_mode & S_IROTH) != 0 && conf->db_password[0] != '\0' && conf->db_password_file[0] == '\0'))
        tell(d, FAULT, what, _("%s is open to others: chmod 0640 it, or put the password into [database] password_file"), d->cmd->config_path);
    else
        good(what);
    what = _("room for large pushes");
    if (statvfs(conf->spool_dir, &room) != 0 || access(conf->spool_dir, W_OK | X_OK) != 0)
        tell(d, FAULT, what, _("[ingest] spool_dir %s: %s"), conf->spool_dir, strerror(errno));
    else if ((double)room.f_bavail * (double)room.f_frsize < (double)conf->max_body_bytes)
        tell(d, WARNING, what, _("[ingest] spool_dir %s has less room than one body may take (max_body_bytes): make room, or lower that"), conf->spool_dir);
    else
        good(what);
}

/* What the columns of SQL_DOCTOR_SERVER are. */
enum { SQL_MODE, FLUSH, LOG_BIN, SYNC_BINLOG, PACKET, CONNECTIONS, DOUBLEWRITE, SERVER_CLOCK, OTHER_TABLES };

static void check_durability(struct doctor *d, struct db *db)
{
    const char *what = _("what is answered survives a power cut");
    if (db_column_int(db, FLUSH) != 1)
        tell(d, FAULT, what, _("innodb_flush_log_at_trx_commit is %lld: set it to 1"), (long long)db_column_int(db, FLUSH));
    else if (db_column_int(db, LOG_BIN) != 0 && db_column_int(db, SYNC_BINLOG) != 1)
        tell(d, FAULT, what, _("sync_binlog is %lld: set it to 1"), (long long)db_column_int(db, SYNC_BINLOG));
    else if (db_column_int(db, DOUBLEWRITE) == 0)
        tell(d, WARNING, what, "%s", _("innodb_doublewrite is off: switch it on, unless the file system writes whole pages"));
    else
        good(what);
}

static void check_server(struct doctor *d, struct db *db)
{
    const struct conf *conf = d->cmd->conf;
    const char *mode = db_column(db, SQL_MODE, NULL);
    int64_t away = db_column_int(db, SERVER_CLOCK) - clock_now();
    check_durability(d, db);
    if (mode == NULL || strstr(mode, "STRICT_") == NULL)
        tell(d, FAULT, _("the database refuses what does not fit"), "%s", _("sql_mode is not strict: add STRICT_TRANS_TABLES"));
    else
        good(_("the database refuses what does not fit"));
    if (db_column_int(db, OTHER_TABLES) != 0)
        tell(d, FAULT, _("character set of the tables"), "%s", _("a table is not in utf8mb4: ALTER TABLE … CONVERT TO CHARACTER SET utf8mb4"));
    else
        good(_("character set of the tables"));
    if (db_column_int(db, PACKET) < conf->max_record_bytes + PACKET_SLACK)
        tell(d, FAULT, _("the largest record"), _("max_allowed_packet is %lld: raise it over [ingest] max_record_bytes and 2 MiB"),
            (long long)db_column_int(db, PACKET));
    else
        good(_("the largest record"));
    if (db_column_int(db, CONNECTIONS) <= conf->workers + 5)
        tell(d, WARNING, _("connections for all workers"), _("max_connections is %lld: raise it over [server] workers"),
             (long long)db_column_int(db, CONNECTIONS));
    else
        good(_("connections for all workers"));
    if (away > CLOCK_SECONDS || away < -CLOCK_SECONDS)
        tell(d, FAULT, _("clock of the database"), _("it is %lld seconds away from this machine's: set up NTP on both"), (long long)away);
    else
        good(_("clock of the database"));
}

static void check_database(struct doctor *d)
{
    struct db *db = d->cmd->db;
    struct err e = ERR_NONE;
    const char *what = _("database and tables");
    if (db_connect(db, NULL, &e) != 0 || migrate_check(db, &e) != 0) {
        tell(d, FAULT, what, "%s", e.detail);
        return;
    }
    good(what);
    if (db_query(db, SQL_DOCTOR_SERVER, NULL, 0, &e) == 0 && db_fetch(db, &e) == 1)
        check_server(d, db);
    else
        tell(d, WARNING, _("settings of the database"), "%s", e.detail);
    db_end(db);
}

/* One question to the service: what it shows, what the gateway should say, and what to do where it does not. */
static const struct question {
    const char *what;
    struct probe_request request;
    const char *code; /* of the gateway's answer */
    const char *remedy;
} questions[] = {
    {N_("Authorization reaches the gateway"), {.method = "GET", .path = "/v1/categories", .authorization = NOBODY}, "invalid_token",
     N_("the web server keeps the header to itself: CGIPassAuth On for Apache with mod_proxy_fcgi")},
    {N_("a slash in a record's id reaches it"), {.method = "GET", .path = "/v1/records/core/general/a%2Fb", .authorization = NOBODY},
     "invalid_token", N_("AllowEncodedSlashes NoDecode for Apache; for lighttpd leave url-path-2f-decode off")},
    {N_("a large body reaches it"), {.method = "POST", .path = "/v1/records/core/general", .authorization = NOBODY, .body_bytes = LARGE_BODY},
     "invalid_token", N_("raise the web server's limit: server.max-request-size of lighttpd, LimitRequestBody or FcgidMaxRequestLen of Apache")},
    {N_("a body of unknown length reaches it"),
     {.method = "POST", .path = "/v1/records/core/general", .authorization = NOBODY, .body_bytes = 1000, .chunked = true}, "invalid_token",
     N_("let the web server take chunked bodies: SetEnv proxy-sendcl 1 for Apache with mod_proxy_fcgi")},
    {N_("other methods reach it"), {.method = "DELETE", .path = "/v1/records/core/general/a", .authorization = NOBODY}, "invalid_token",
     N_("the web server refuses PUT or DELETE: take the rule away that does")},
};

static void ask(struct doctor *d, const struct question *q)
{
    struct probe_reply reply;
    struct probe_request request = q->request;
    const char *what = _(q->what);
    if (request.body_bytes > (size_t)d->cmd->conf->max_body_bytes)
        request.body_bytes = (size_t)d->cmd->conf->max_body_bytes;
    probe_send(d->url, &request, &reply);
    if (strcmp(reply.code, q->code) == 0)
        good(what);
    else if (strcmp(reply.code, "https_required") == 0)
        tell(d, FAULT, what, "%s", _("the gateway does not hear of HTTPS: call the https address; if it was, let the web server set HTTPS=on or "
                             "REQUEST_SCHEME, or name the proxy in [network] trusted_proxies"));
    else if (strcmp(reply.code, "network_not_allowed") == 0)
        tell(d, FAULT, what, "%s", _("this machine is in no network of [network] allow: run it from one that is, or add this one"));
    else
        tell(d, FAULT, what, _("the answer was %ld %s%s: %s"), reply.status, reply.code[0] == '\0' ? _("of the web server itself") : reply.code,
            reply.error, _(q->remedy));
}

static bool check_answer(struct doctor *d)
{
    struct probe_reply reply;
    const char *what = _("the service answers");
    probe_send(d->url, &(struct probe_request){.method = "GET", .path = "/readyz"}, &reply);
    if (reply.status != 200) {
        tell(d, FAULT, what, _("%s/readyz: %ld %s%s: look into the logs of web server and gateway"), d->url, reply.status, reply.code, reply.error);
        return false;
    }
    good(what);
    long long away = reply.date < 0 ? 0 : reply.date - (long long)clock_now();
    if (away > CLOCK_SECONDS || away < -CLOCK_SECONDS)
        tell(d, FAULT, _("clock of the web server"), _("it is %lld seconds away from this machine's: set up NTP on both"), away);
    else
        good(_("clock of the web server"));
    if (strncmp(d->url, "https://", 8) != 0)
        tell(d, WARNING, "TLS", "%s", _("the address is not https: secrets and tokens pass in the clear"));
    else
        good(_("TLS, and a certificate that this machine trusts"));
    return true;
}

static void check_service(struct doctor *d)
{
    if (*d->url == '\0') {
        tell(d, WARNING, _("the service"), "%s", _("was not asked: give its address, or set [server] public_url"));
        return;
    }
    if (probe_init() != 0) {
        tell(d, FAULT, _("the service"), "%s", _("libcurl cannot be used"));
        return;
    }
    if (check_answer(d))
        for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
            ask(d, &questions[i]);
    probe_end();
}

int cmd_doctor(struct cmd *c, struct err *e)
{
    struct doctor d = {.cmd = c, .url = c->argc > 0 ? c->argv[0] : c->conf->public_url};
    size_t len = strlen(d.url);
    bool http = strncmp(d.url, "http://", 7) == 0 || strncmp(d.url, "https://", 8) == 0;
    if (len > 0 && (!http || d.url[len - 1] == '/'))
        return err_set(e, MSG_CONFIG, "%s: must be the service's address, such as https://data.example.gov.cn/ruku, without a slash at its end", d.url);
    check_files(&d);
    check_database(&d);
    check_service(&d);
    (void)printf(_("%d faults, %d warnings\n"), d.found[FAULT], d.found[WARNING]);
    return d.found[FAULT] == 0 ? 0 : 1;
}
