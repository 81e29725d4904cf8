/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "auditlog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "db.h"
#include "err.h"
#include "log.h"
#include "rows.h"
#include "sql.h"

#include "poison.h"

#define KEPT_MAX 10000 /* entries that wait for the database */
#define MANY 100
#define LATE_MICROS INT64_C(1000000)
#define LINE_MAX_BYTES ((size_t)8192)
#define SYSLOG "syslog"

enum column { WRITER, SEQ, AT, ACTOR, ADDRESS, ACTION, SUBJECT, RESULT, DETAIL, REQUEST_ID, PREV, HASH, COLUMN_N };

struct auditlog {
    struct audit_chain chain;
    int fd; /* of the file; -1: none */
    bool to_syslog;
    struct audit_entry *entries;
    size_t count, size;
    int64_t oldest;     /* clock_micros, of what waits */
    int64_t not_before; /* a try that failed is not repeated before */
};

/* A pipe that nobody reads is refused, where it would else be waited for. */
static int open_file(const char *path, int make)
{
    return open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | make, 0640);
}

static bool is_file(const char *target)
{
    return *target != '\0' && strcmp(target, SYSLOG) != 0;
}

bool auditlog_try(const char *target)
{
    int fd = is_file(target) ? open_file(target, O_CREAT) : -1;
    bool good = fd >= 0 || !is_file(target);
    if (fd >= 0)
        (void)close(fd);
    return good;
}

struct auditlog *auditlog_new(const char *target)
{
    struct auditlog *a = calloc(1, sizeof(*a));
    if (a == NULL)
        return NULL;
    audit_begin(&a->chain);
    a->fd = -1;
    a->to_syslog = strcmp(target, SYSLOG) == 0;
    if (!is_file(target))
        return a;
    a->fd = open_file(target, O_CREAT);
    if (a->fd >= 0)
        return a;
    free(a);
    return NULL;
}

void auditlog_free(struct auditlog *a)
{
    if (a == NULL)
        return;
    if (a->fd >= 0)
        (void)close(a->fd);
    free(a->entries);
    free(a);
}

/* One write a line, so that those of several workers do not mix. */
static bool write_line(const struct auditlog *a, const struct audit_entry *e)
{
    struct buf line;
    if (a->fd < 0 && !a->to_syslog)
        return true;
    buf_init(&line, LINE_MAX_BYTES);
    audit_line(e, &line);
    bool done = true;
    if (a->to_syslog)
        syslog(LOG_AUTHPRIV | LOG_INFO, "%s", buf_text(&line));
    else
        done = write(a->fd, buf_text(&line), line.len) == (ssize_t)line.len;
    buf_free(&line);
    return done;
}

bool auditlog_tell(const char *target, const struct audit_entry *e)
{
    struct auditlog a = {.to_syslog = strcmp(target, SYSLOG) == 0, .fd = -1};
    if (is_file(target) && (a.fd = open_file(target, 0)) < 0)
        return false;
    bool done = write_line(&a, e);
    int why = errno;
    if (a.fd >= 0)
        (void)close(a.fd);
    errno = why;
    return done;
}

/* Makes room for one more. Where too many wait the oldest are given up: the chain then has a gap, which verification finds. */
static bool make_room(struct auditlog *a)
{
    if (a->count == KEPT_MAX) {
        log_error("%d entries of the audit are lost to the database, which has been away for too long", KEPT_MAX);
        a->count = 0;
    }
    if (a->count < a->size)
        return true;
    size_t size = a->size == 0 ? MANY : 2 * a->size;
    struct audit_entry *entries = realloc(a->entries, size * sizeof(*entries));
    if (entries == NULL)
        return false;
    a->entries = entries;
    a->size = size;
    return true;
}

bool auditlog_add(struct auditlog *a, struct audit_entry *e)
{
    audit_seal(&a->chain, e);
    bool written = write_line(a, e);
    if (!make_room(a))
        return false;
    if (a->count == 0)
        a->oldest = clock_micros();
    a->entries[a->count++] = *e;
    return written;
}

bool auditlog_waits(const struct auditlog *a)
{
    return a->count > 0;
}

bool auditlog_is_due(const struct auditlog *a)
{
    int64_t now = clock_micros();
    return now >= a->not_before && (a->count >= MANY || (a->count > 0 && now - a->oldest >= LATE_MICROS));
}

/* The values of an entry for SQL_AUDIT_ADD. */
static void bind(const struct audit_entry *e, const char *seq, const char *values[COLUMN_N], unsigned long lengths[COLUMN_N])
{
    const char *const texts[PREV] = {[WRITER] = e->writer, [SEQ] = seq,       [AT] = e->at,         [ACTOR] = e->actor,
                                     [ADDRESS] = e->address, [ACTION] = e->action, [SUBJECT] = e->subject, [RESULT] = e->result,
                                     [DETAIL] = e->detail, [REQUEST_ID] = e->request_id};
    for (int i = 0; i < PREV; i++) {
        values[i] = texts[i];
        lengths[i] = (unsigned long)strlen(texts[i]);
    }
    values[PREV] = (const char *)e->prev;
    values[HASH] = (const char *)e->hash;
    lengths[PREV] = lengths[HASH] = CRYPT_DIGEST_SIZE;
}

/* Stores up to MANY entries in one message. Those that are there already, since the answer to an earlier try was lost, are passed over. */
static int store(struct db *db, const struct audit_entry *entries, size_t count, struct err *e)
{
    const char *values[COLUMN_N][MANY];
    unsigned long lengths[COLUMN_N][MANY];
    char seqs[MANY][24];
    struct db_array columns[COLUMN_N];
    struct db_counts done;
    for (size_t i = 0; i < count; i++) {
        const char *row[COLUMN_N];
        unsigned long row_lengths[COLUMN_N];
        (void)snprintf(seqs[i], sizeof(seqs[i]), "%lld", (long long)entries[i].seq);
        bind(&entries[i], seqs[i], row, row_lengths);
        for (int c = 0; c < COLUMN_N; c++) {
            values[c][i] = row[c];
            lengths[c][i] = row_lengths[c];
        }
    }
    for (int c = 0; c < COLUMN_N; c++)
        columns[c] = (struct db_array){.data = values[c], .len = lengths[c], .binary = c >= PREV};
    return db_run_rows(db, SQL_AUDIT_ADD, columns, COLUMN_N, count, &done, e);
}

int auditlog_flush(struct auditlog *a, struct db *db, struct err *e)
{
    size_t stored = 0;
    while (stored < a->count) {
        size_t step = a->count - stored < MANY ? a->count - stored : MANY;
        if (store(db, a->entries + stored, step, e) != 0)
            break;
        stored += step;
    }
    bool all = stored == a->count;
    a->count -= stored;
    if (stored > 0)
        memmove(a->entries, a->entries + stored, a->count * sizeof(*a->entries));
    if (!all)
        a->not_before = clock_micros() + LATE_MICROS;
    return all ? 0 : -1;
}

static int find_chain(struct db *db, const char *writer, struct audit_chain *out, struct err *e)
{
    struct db_value values[] = {db_text(writer)};
    *out = (struct audit_chain){.seq = 0};
    (void)snprintf(out->writer, sizeof(out->writer), "%s", writer);
    if (db_query(db, SQL_AUDIT_LAST, values, 1, e) != 0)
        return -1;
    int got = db_fetch(db, e);
    size_t len;
    const char *hash = got == 1 ? db_column(db, 1, &len) : NULL;
    if (hash != NULL && len == sizeof(out->last)) {
        out->seq = db_column_int(db, 0);
        memcpy(out->last, hash, len);
    }
    db_end(db);
    return got < 0 ? -1 : 0;
}

int auditlog_append(struct db *db, const char *writer, struct audit_entry *entry, struct err *e)
{
    struct audit_chain chain;
    if (db_begin(db, e) != 0)
        return -1;
    int rc = find_chain(db, writer, &chain, e);
    if (rc == 0) {
        audit_seal(&chain, entry);
        rc = store(db, entry, 1, e);
    }
    if (rc == 0)
        rc = db_commit(db, e);
    if (rc != 0)
        db_rollback(db);
    return rc;
}

int auditlog_purge(struct db *db, struct audit_entry *entry, int64_t days, uint64_t *removed_out, struct err *e)
{
    const struct db_value age[] = {db_int(days)};
    uint64_t step;
    int64_t last, count;
    *removed_out = 0;
    if (rows_count(db, SQL_AUDIT_OLD, age, 1, &last, e) != 0)
        return -1;
    const struct db_value up_to[] = {db_int(last)};
    if (rows_count(db, SQL_AUDIT_COUNT, up_to, 1, &count, e) != 0)
        return -1;
    if (count == 0)
        return 0;
    (void)snprintf(entry->subject, sizeof(entry->subject), "%lld", (long long)last);
    (void)snprintf(entry->detail, sizeof(entry->detail), "%lld entries older than %lld days", (long long)count, (long long)days);
    if (auditlog_append(db, AUDITLOG_RUKUCTL, entry, e) != 0)
        return -1;
    do {
        if (db_run(db, SQL_AUDIT_PURGE, up_to, 1, &step, e) != 0)
            return -1;
        *removed_out += step;
    } while (step > 0);
    return 0;
}
