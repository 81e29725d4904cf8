/* SPDX-License-Identifier: Apache-2.0
 *
 * The audit in the database, and beside it in a file or syslog. A worker gathers its entries and stores many at once, a second late at most;
 * rukuctl stores each with what it did. What is stored is verified as chains, and against anchors: an anchor is an entry that holds a hash over all
 * entries of a stretch, whichever chain they are of, and is told to the log as well, where who has the database cannot reach.
 */
#ifndef RUKU_AUDITLOG_H
#define RUKU_AUDITLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "audit.h"

#define AUDITLOG_RUKUCTL "rukuctl" /* the chain of administration */
#define AUDITLOG_PURGE "audit.purge"

struct auditlog;
struct buf;
struct db;
struct err;

/* target: "" the database alone, "syslog", or the path of a file that lines are added to. NULL where memory is short or the file cannot be
 * opened, with errno set. auditlog_free takes NULL. */
struct auditlog *auditlog_new(const char *target) RUKU_MUST_CHECK;

/* True where auditlog_new could open the target. It begins no chain, and so draws no random number: a process that forks workers must not, since each of
 * them would go on with what it drew. */
bool auditlog_try(const char *target) RUKU_MUST_CHECK;

void auditlog_free(struct auditlog *a);

/* Makes the entry the next of this process's chain, writes it to the target, and keeps it for the database. Returns false where the target took
 * it not. */
bool auditlog_add(struct auditlog *a, struct audit_entry *e);

/* True where entries wait; and where they have waited long enough, or are many enough, to be stored. */
bool auditlog_waits(const struct auditlog *a);
bool auditlog_is_due(const struct auditlog *a);

/* Stores what waits. Returns 0; or -1, and then it waits on. */
int auditlog_flush(struct auditlog *a, struct db *db, struct err *e) RUKU_MUST_CHECK;

/* Writes an entry that is stored to a target, whose file is there: it is the service's to make. False where it cannot, with errno set. */
bool auditlog_tell(const char *target, const struct audit_entry *e) RUKU_MUST_CHECK;

/* Stores one entry of the chain of a name, which several processes may add to, in a transaction of its own. Returns 0 or -1. */
int auditlog_append(struct db *db, const char *writer, struct audit_entry *entry, struct err *e) RUKU_MUST_CHECK;

/* Adds an anchor over all entries since the last one that are older than a minute, unless there are none. *text_out, of at least 200 bytes, is what it
 * says, or "". Returns 0 or -1. */
int auditlog_anchor(struct db *db, char *text_out, size_t size, struct err *e) RUKU_MUST_CHECK;

/* What a verification found. */
struct audit_report {
    int64_t purged; /* entries up to this number have been removed by their age; 0: none */
    int64_t entries, chains, anchors;
    int64_t past;       /* anchors over entries that have been removed: they show nothing any more */
    int64_t unchained;  /* entries from before there were chains */
    int64_t broken_id;  /* the first entry that is not as it should be; 0: all is well */
    char why[200];      /* in the program's own language */
};

/* Goes through all entries twice: chain by chain, then against the anchors. Returns 0, whatever it found, or -1. */
int auditlog_verify(struct db *db, struct audit_report *out, struct err *e) RUKU_MUST_CHECK;

/* Calls `take` for each entry since a time ("" for all) in the order in which they came; it returns false to stop. Returns 0 or -1. */
int auditlog_read(struct db *db, const char *since, bool (*take)(void *context, const struct audit_entry *e), void *context, struct err *e)
    RUKU_MUST_CHECK;

/* Says in the audit by the entry, whose subject and detail it sets, that entries older than so many days are removed, and removes them in small
 * steps. Where it is ended half-way the next one removes the rest; until then verification finds what is left.
 * Returns 0 or -1. */
int auditlog_purge(struct db *db, struct audit_entry *entry, int64_t days, uint64_t *removed_out, struct err *e)
    RUKU_MUST_CHECK;

#endif
