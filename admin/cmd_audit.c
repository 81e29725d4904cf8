/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auditlog.h"
#include "buf.h"
#include "cmd.h"
#include "conf.h"
#include "err.h"
#include "gbtime.h"
#include "words.h"

#include "poison.h"

#define LINE_MAX_BYTES ((size_t)8192)

/* Who it is, by the operating system, and before sudo. */
static void find_actor(char *to, size_t size)
{
    char text[129];
    const struct passwd *user = getpwuid(getuid());
    const char *sudo_user = getenv("SUDO_USER");
    const char *name = user == NULL ? "?" : user->pw_name;
    if (sudo_user != NULL && *sudo_user != '\0')
        (void)snprintf(text, sizeof(text), "%.60s (%.60s)", sudo_user, name);
    else
        (void)snprintf(text, sizeof(text), "%.128s", name);
    audit_set(to, size, text, strlen(text));
}

static void fill(struct audit_entry *entry, const char *action, const char *subject, const char *detail)
{
    *entry = (struct audit_entry){.result = "ok"};
    find_actor(entry->actor, sizeof(entry->actor));
    audit_set(entry->action, sizeof(entry->action), action, strlen(action));
    audit_set(entry->subject, sizeof(entry->subject), subject, strlen(subject));
    audit_set(entry->detail, sizeof(entry->detail), detail, strlen(detail));
}

/* What is in the database goes to the configured target as well. What was done stays done where that fails, so it is no error. */
static void tell(const struct cmd *c, const struct audit_entry *entry)
{
    if (!auditlog_tell(c->conf->audit_target, entry))
        (void)fprintf(stderr, _("[audit] target = %s: %s; the entry is in the database alone\n"), c->conf->audit_target, strerror(errno));
}

static int add(struct cmd *c, struct audit_entry *entry, struct err *e)
{
    if (auditlog_append(c->db, AUDITLOG_RUKUCTL, entry, e) != 0)
        return -1;
    c->audited = true;
    tell(c, entry);
    return 0;
}

int cmd_audit(struct cmd *c, const char *action, const char *subject, const char *detail, struct err *e)
{
    struct audit_entry entry;
    fill(&entry, action, subject, detail);
    return add(c, &entry, e);
}

int cmd_audit_state(struct cmd *c, const char *group, const char *verb, const char *state, struct err *e)
{
    struct audit_entry entry;
    char action[64];
    (void)snprintf(action, sizeof(action), "%s.%s", group, verb);
    fill(&entry, action, c->argc > 0 ? c->argv[0] : "", "");
    audit_set(entry.result, sizeof(entry.result), state, strlen(state));
    int rc = add(c, &entry, e);
    c->audited = false;
    return rc;
}

int cmd_audit_verify(struct cmd *c, struct err *e)
{
    struct audit_report r;
    if (auditlog_verify(c->db, &r, e) != 0)
        return -1;
    (void)printf(_("%lld entries in %lld chains, %lld anchors\n"), (long long)r.entries, (long long)r.chains, (long long)r.anchors);
    if (r.unchained > 0)
        (void)printf(_("%lld entries are from before there were chains\n"), (long long)r.unchained);
    if (r.purged > 0)
        (void)printf(_("entries up to %lld were removed by their age, and %lld anchors show nothing any more\n"), (long long)r.purged,
                     (long long)r.past);
    if (r.broken_id == 0) {
        (void)puts(_("The audit is whole."));
        return 0;
    }
    (void)printf(_("The audit is broken at entry %lld: %s.\n"), (long long)r.broken_id, r.why);
    return 1;
}

static bool print_line(void *context, const struct audit_entry *entry)
{
    struct buf line;
    (void)context;
    buf_init(&line, LINE_MAX_BYTES);
    audit_line(entry, &line);
    bool written = fwrite(buf_text(&line), 1, line.len, stdout) == line.len;
    buf_free(&line);
    return written;
}

int cmd_audit_export(struct cmd *c, struct err *e)
{
    char since[GBTIME_SQL_SIZE] = "";
    const char *text = c->options.text[OPTION_SINCE];
    struct gbtime time;
    if (text != NULL && (!gbtime_lenient(text, strlen(text), &time) || !gbtime_sql(since, &time)))
        return err_set(e, MSG_CONFIG, "--since %s: must be a time such as 2024-10-09 or 2024-10-09T15:30:00+08:00", text);
    return auditlog_read(c->db, since, print_line, NULL, e);
}

int cmd_audit_purge(struct cmd *c, struct err *e)
{
    struct audit_entry entry;
    uint64_t removed;
    int64_t days;
    if (option_number(&c->options, OPTION_DAYS, c->conf->audit_days, CONF_AUDIT_DAYS_MIN, CONF_RECEIPT_DAYS_MAX, &days, e) != 0)
        return -1;
    fill(&entry, AUDITLOG_PURGE, "", "");
    if (auditlog_purge(c->db, &entry, days, &removed, e) != 0)
        return -1;
    if (removed > 0) {
        c->audited = true;
        tell(c, &entry);
    }
    (void)printf(words_count("%llu entry of the audit removed\n", "%llu entries of the audit removed\n", removed), (unsigned long long)removed);
    return 0;
}
