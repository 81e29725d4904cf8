/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading the audit back: export, anchors, verification.
 */
#include "config.h"

#include "auditlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "db.h"
#include "enc.h"
#include "err.h"
#include "num.h"
#include "rows.h"
#include "sql.h"
#include "words.h"

#include "poison.h"

#define ANCHOR_WRITER "anchor"
#define ANCHOR_ACTION "audit.anchor"

static bool take_bytes(struct db *db, unsigned column, unsigned char to[CRYPT_DIGEST_SIZE])
{
    size_t len;
    const char *bytes = db_column(db, column, &len);
    if (bytes == NULL || len != CRYPT_DIGEST_SIZE)
        return false;
    memcpy(to, bytes, len);
    return true;
}

/* Reads a row of SQL_AUDIT_CHAINS and its like. False where it is from before there were chains. */
static bool take_entry(struct db *db, struct audit_entry *out)
{
    *out = (struct audit_entry){.seq = db_column_int(db, 2)};
    rows_text(db, 1, out->writer, sizeof(out->writer));
    rows_text(db, 3, out->at, sizeof(out->at));
    rows_text(db, 4, out->actor, sizeof(out->actor));
    rows_text(db, 5, out->address, sizeof(out->address));
    rows_text(db, 6, out->action, sizeof(out->action));
    rows_text(db, 7, out->subject, sizeof(out->subject));
    rows_text(db, 8, out->result, sizeof(out->result));
    rows_text(db, 9, out->detail, sizeof(out->detail));
    rows_text(db, 10, out->request_id, sizeof(out->request_id));
    bool prev = take_bytes(db, 11, out->prev);
    return take_bytes(db, 12, out->hash) && prev;
}

int auditlog_read(struct db *db, const char *since, bool (*take)(void *context, const struct audit_entry *e), void *context, struct err *e)
{
    struct db_value values[] = {db_text(*since == '\0' ? "0001-01-01" : since)};
    struct audit_entry entry;
    bool more = true;
    int got = 0;
    if (db_stream(db, SQL_AUDIT_SINCE, values, 1, e) != 0)
        return -1;
    while (more && (got = db_fetch(db, e)) == 1) {
        (void)take_entry(db, &entry);
        more = take(context, &entry);
    }
    db_end(db);
    return got < 0 ? -1 : 0;
}

/* A stretch of entries, by their numbers, and the hash over them. */
struct stretch {
    int64_t from, to, count; /* from is not in it */
    struct crypt_stream *stream;
};

static void add_to_stretch(struct stretch *s, int64_t id, const unsigned char hash[CRYPT_DIGEST_SIZE])
{
    char number[24];
    (void)snprintf(number, sizeof(number), "%lld ", (long long)id);
    crypt_stream_add(s->stream, number, strlen(number));
    crypt_stream_add(s->stream, hash, CRYPT_DIGEST_SIZE);
    s->count++;
}

/* What an anchor says: "from 1 to 2, 2 entries, sm3 00..." */
static void write_anchor(struct stretch *s, char *to, size_t size)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    struct buf hex;
    buf_init(&hex, 2 * CRYPT_DIGEST_SIZE);
    crypt_stream_digest(s->stream, digest);
    enc_hex(&hex, digest, sizeof(digest));
    (void)snprintf(to, size, "after %lld to %lld, %lld entries, sm3 %s", (long long)s->from, (long long)s->to, (long long)s->count,
                   buf_text(&hex));
    buf_free(&hex);
}

/* The numbers behind "after" and "to". */
static bool read_anchor(const char *text, int64_t *from_out, int64_t *to_out)
{
    const char *to = strstr(text, " to ");
    const char *comma = to == NULL ? NULL : strchr(to, ',');
    return comma != NULL && strncmp(text, "after ", 6) == 0 && num_parse(text + 6, (size_t)(to - text - 6), 0, INT64_MAX, from_out) &&
           num_parse(to + 4, (size_t)(comma - to - 4), 0, INT64_MAX, to_out);
}

/* Goes through the entries of a stretch. */
static int read_stretch(struct db *db, struct stretch *s, struct err *e)
{
    struct db_value values[] = {db_int(s->from), db_int(s->to)};
    int got;
    if (db_stream(db, SQL_AUDIT_STRETCH, values, 2, e) != 0)
        return -1;
    while ((got = db_fetch(db, e)) == 1) {
        unsigned char hash[CRYPT_DIGEST_SIZE] = {0};
        (void)take_bytes(db, 1, hash);
        add_to_stretch(s, db_column_int(db, 0), hash);
    }
    db_end(db);
    return got;
}

static int describe_stretch(struct db *db, int64_t from, int64_t to, char *text, size_t size, struct err *e)
{
    struct stretch s = {.from = from, .to = to, .stream = crypt_stream_new(CRYPT_SM3)};
    if (s.stream == NULL)
        return err_set(e, MSG_INTERNAL, "out of memory");
    int rc = read_stretch(db, &s, e);
    if (rc == 0)
        write_anchor(&s, text, size);
    crypt_stream_free(s.stream);
    return rc;
}

/* Where the last anchor ended, and up to where the next may go. */
static int find_limits(struct db *db, int64_t *from_out, int64_t *to_out, struct err *e)
{
    char last[512] = "";
    int64_t before;
    if (db_query(db, SQL_AUDIT_LAST_ANCHOR, NULL, 0, e) != 0)
        return -1;
    int got = db_fetch(db, e);
    if (got == 1)
        rows_text(db, 0, last, sizeof(last));
    db_end(db);
    if (got < 0 || db_query(db, SQL_AUDIT_SETTLED, NULL, 0, e) != 0)
        return -1;
    got = db_fetch(db, e);
    *to_out = got == 1 ? db_column_int(db, 0) : 0;
    db_end(db);
    if (!read_anchor(last, &before, from_out))
        *from_out = 0;
    return got < 0 ? -1 : 0;
}

int auditlog_anchor(struct db *db, char *text_out, size_t size, struct err *e)
{
    struct audit_entry entry = {.actor = "ruku-fcgi", .action = ANCHOR_ACTION, .result = "ok"};
    int64_t from, to;
    *text_out = '\0';
    if (find_limits(db, &from, &to, e) != 0)
        return -1;
    if (to <= from)
        return 0;
    if (describe_stretch(db, from, to, entry.detail, sizeof(entry.detail), e) != 0 || auditlog_append(db, ANCHOR_WRITER, &entry, e) != 0)
        return -1;
    (void)snprintf(text_out, size, "%s", entry.detail);
    return 0;
}

static void break_at(struct audit_report *r, int64_t id, const char *why)
{
    if (r->broken_id != 0)
        return;
    r->broken_id = id;
    (void)snprintf(r->why, sizeof(r->why), "%s", why);
}

/* Looks at one entry beside the one before it in its chain; the first that is left of a chain may follow others that were purged. */
static void check_link(struct audit_report *r, int64_t id, const struct audit_entry *entry, const struct audit_entry *before)
{
    unsigned char hash[CRYPT_DIGEST_SIZE];
    bool same = strcmp(entry->writer, before->writer) == 0;
    audit_hash(entry, hash);
    r->entries++;
    r->chains += !same;
    if (memcmp(hash, entry->hash, sizeof(hash)) != 0)
        break_at(r, id, _("it was changed"));
    else if (same ? entry->seq != before->seq + 1 : entry->seq != 1 && r->purged == 0)
        break_at(r, id, _("entries before it in its chain are missing"));
    else if (same && memcmp(entry->prev, before->hash, sizeof(hash)) != 0)
        break_at(r, id, _("it does not follow the entry before it in its chain"));
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Entries without a chain were all there before the first with one. */
static int verify_chains(struct db *db, struct audit_report *r, struct err *e)
{
    struct audit_entry entry, before = {.seq = 0};
    int64_t first_chained = INT64_MAX, last_unchained = 0;
    int got;
    if (db_stream(db, SQL_AUDIT_CHAINS, NULL, 0, e) != 0)
        return -1;
    while ((got = db_fetch(db, e)) == 1) {
        int64_t id = db_column_int(db, 0);
        bool chained = take_entry(db, &entry);
        if (id <= r->purged)
            break_at(r, id, _("it is said to have been removed: rukuctl audit purge removes it, if that was ended before it had done"));
        if (chained) {
            check_link(r, id, &entry, &before);
            before = entry;
            first_chained = id < first_chained ? id : first_chained;
        } else {
            r->unchained++;
            last_unchained = larger(id, last_unchained);
        }
    }
    db_end(db);
    if (last_unchained > first_chained)
        break_at(r, last_unchained, _("it is in no chain"));
    return got;
}

struct anchor {
    int64_t id;
    char detail[501];
};

static void take_anchor(struct db *db, void *item)
{
    struct anchor *a = item;
    a->id = db_column_int(db, 0);
    rows_text(db, 1, a->detail, sizeof(a->detail));
}

/* An anchor whose entries have been purged, in part or all, holds nothing any more. */
static int verify_anchors(struct db *db, struct audit_report *r, struct err *e)
{
    void *list = NULL;
    size_t count;
    const struct rows_query query = {.sql = SQL_AUDIT_ANCHORS, .item_size = sizeof(struct anchor), .take = take_anchor};
    int rc = rows_read(db, &query, &list, &count, e);
    const struct anchor *anchors = list;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        int64_t from, to;
        char now[501];
        if (!read_anchor(anchors[i].detail, &from, &to)) {
            break_at(r, anchors[i].id, _("it is no anchor"));
            continue;
        }
        if (from < r->purged) {
            r->past++;
            continue;
        }
        rc = describe_stretch(db, from, to, now, sizeof(now), e);
        r->anchors++;
        if (rc == 0 && strcmp(now, anchors[i].detail) != 0)
            break_at(r, anchors[i].id, _("entries that it holds were changed, taken out or put in"));
    }
    free(list);
    return rc;
}

/* Up to where entries have been removed, as entries say that have the hash that they should. Whoever writes one that says too much has
 * entries in the table that are said to be gone. */
static int find_purged(struct db *db, int64_t *purged_out, struct err *e)
{
    struct audit_entry entry;
    unsigned char hash[CRYPT_DIGEST_SIZE];
    int64_t mark;
    int got;
    *purged_out = 0;
    if (db_stream(db, SQL_AUDIT_PURGED, NULL, 0, e) != 0)
        return -1;
    while ((got = db_fetch(db, e)) == 1) {
        bool chained = take_entry(db, &entry);
        audit_hash(&entry, hash);
        if (chained && memcmp(hash, entry.hash, sizeof(hash)) == 0 && num_parse(entry.subject, strlen(entry.subject), 0, INT64_MAX, &mark))
            *purged_out = larger(mark, *purged_out);
    }
    db_end(db);
    return got;
}

int auditlog_verify(struct db *db, struct audit_report *out, struct err *e)
{
    *out = (struct audit_report){.entries = 0};
    if (find_purged(db, &out->purged, e) != 0)
        return -1;
    return verify_chains(db, out, e) == 0 ? verify_anchors(db, out, e) : -1;
}
