/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "push.h"

#include "category.h"
#include "clock.h"
#include "err.h"
#include "keyring.h"
#include "record.h"

#include "poison.h"

#define ERRORS_MAX_BYTES ((size_t)1024 * 1024)
#define REFUSALS_BYTES ((size_t)1024 * 1024)       /* of text that waits for a commit */
#define COMMIT_MICROS_MAX INT64_C(5000000)         /* a slow lenient push is stored at least this often */
#define KEPT_BYTES ((size_t)1024 * 1024)           /* of the window, between pushes */

int push_room_init(struct push_room *room, size_t chunk_records, size_t spool_memory, const char *spool_dir,
                   size_t max_record)
{
    *room = (struct push_room){.ingest = ingest_new(chunk_records), .chunk_records = chunk_records};
    spool_init(&room->spool, spool_memory, spool_dir);
    buf_init(&room->window, 4 * max_record + KEPT_BYTES);
    return room->ingest == NULL ? -1 : 0;
}

void push_room_free(struct push_room *room)
{
    ingest_free(room->ingest);
    spool_free(&room->spool);
    buf_free(&room->window);
}

static int commit(struct push *p, bool last, struct err *e)
{
    if (ingest_commit(p->room->ingest, p->db, &p->ingest, &p->room->spool, &p->refusals, last, e) != 0)
        return -1;
    spool_clear(&p->room->spool);
    refusals_clear(&p->refusals);
    p->committed_at = clock_micros();
    return 0;
}

/* After a record of a lenient push: stores the chunk where it is full, or where it has waited long. */
static int commit_when_due(struct push *p, struct err *e)
{
    size_t most = p->room->chunk_records;
    bool full = p->room->spool.count >= most || p->room->spool.bytes >= INGEST_CHUNK_BYTES || p->refusals.count >= most ||
                p->refusals.text.len >= REFUSALS_BYTES;
    if (!p->options->lenient || p->options->validate)
        return 0;
    return full || clock_micros() - p->committed_at > COMMIT_MICROS_MAX ? commit(p, false, e) : 0;
}

/* Adds a row to those that will be stored, its marked values sealed. */
static int keep_row(struct push *p, const struct row *row, struct err *e)
{
    const struct push_options *o = p->options;
    struct row sealed = *row;
    const struct sealing_place place = {.client = o->client, .category = o->category->code, .resource = o->resource, .id = row->id,
                                        .id_len = row->id_len};
    if (!o->category->fields.encrypted)
        return spool_add(&p->room->spool, row, e);
    if (sealing_seal(&p->sealing, o->category, &place, row->fields, row->fields_len, e) != 0)
        return -1;
    sealed.fields = buf_text(&p->sealing.record);
    sealed.fields_len = p->sealing.record.len;
    if (sealing_has(sealed.fields, sealed.fields_len) && sealing_digest(&p->sealing, sealed.digest, e) != 0)
        return -1;
    return spool_add(&p->room->spool, &sealed, e);
}

static int take_good(struct intake_sink *self, const struct row *row, struct err *e)
{
    struct push *p = (struct push *)(void *)self;
    p->ingest.received++;
    if (p->options->validate || (!p->options->lenient && p->ingest.rejected > 0))
        return 0;
    return keep_row(p, row, e) != 0 ? -1 : commit_when_due(p, e);
}

static int take_bad(struct intake_sink *self, const struct faults *faults, struct err *e)
{
    struct push *p = (struct push *)(void *)self;
    bool keep = p->options->lenient && !p->options->validate && p->refused < p->options->kept_rejects;
    p->ingest.received++;
    p->ingest.rejected++;
    p->errors_total += faults->total;
    if (p->errors_told < PUSH_FAULTS_TOLD) {
        if (p->errors_told > 0)
            buf_add_char(&p->errors, ',');
        p->errors_told += faults_write(faults, true, PUSH_FAULTS_TOLD - p->errors_told, &p->errors);
    }
    results_add(&p->ingest.results, faults->index, buf_text(&faults->id), faults->id.len, RESULT_REJECTED, 0);
    if (!p->options->lenient) { /* nothing of it will be stored */
        spool_clear(&p->room->spool);
        results_drop(&p->ingest.results);
    }
    if (keep && refusals_add(&p->refusals, faults) != 0)
        return err_set(e, MSG_SPOOL_FULL, "out of memory");
    p->refused += keep ? 1 : 0;
    return commit_when_due(p, e);
}

static bool make_reply(void *context, struct ingest_reply *out)
{
    struct push *p = context;
    return p->options->reply(p->options->context, p, out);
}

static void tell_written(void *context, size_t rows, size_t all)
{
    const struct push *p = context;
    if (p->options->written != NULL)
        p->options->written(p->options->context, rows, all);
}

static void prepare(struct push *p, const struct push_options *o, struct push_room *room, struct db *db)
{
    *p = (struct push){.sink = {.good = take_good, .bad = take_bad}, .options = o, .room = room, .db = db};
    p->ingest = (struct ingest_push){.client = o->client, .caller = o->caller,
                                     .address = o->address, .category = o->category->code, .resource = o->resource,
                                     .category_version = o->category->version,
                                     .lenient = o->lenient, .expect = o->expect, .id = o->given_id,
                                     .id_len = o->given_id_len, .key = o->key, .reply = make_reply,
                                     .written = tell_written, .context = p};
    results_init(&p->ingest.results, o->max_results);
    faults_init(&p->faults, o->lang);
    refusals_init(&p->refusals);
    buf_init(&p->errors, ERRORS_MAX_BYTES);
    p->committed_at = clock_micros();
}

static int read_body(struct push *p, struct source *source, struct err *e)
{
    const struct push_options *o = p->options;
    struct intake_options intake = {.lines = o->lines, .xml = o->xml, .single = o->single, .lenient = o->lenient,
                                    .max_body = o->max_body, .offset = o->offset, .max_record = o->max_record};
    struct record_checker checker;
    int rc = record_checker_init(&checker, o->category, o->hash, &p->faults);
    if (rc == 0 && o->category->fields.encrypted)
        rc = sealing_init(&p->sealing, o->keys);
    if (rc != 0) {
        (void)err_set(e, MSG_INTERNAL, "out of memory");
    } else {
        checker.given_id = o->given_id;
        checker.given_id_len = o->given_id_len;
        rc = intake_run(source, &intake, &checker, &p->sink, &p->room->window, &p->read, e);
    }
    record_checker_free(&checker);
    return rc;
}

/* Keyed: the body may hold values that are encrypted where they are stored. */
static int digest_request(struct push *p, struct err *e)
{
    unsigned char plain[CRYPT_DIGEST_SIZE];
    crypt_stream_digest(p->options->request_hash, plain);
    return keyring_digest(p->options->keys, plain, sizeof(plain), p->ingest.request_digest, e);
}

int push_run(struct push *p, const struct push_options *o, struct push_room *room, struct db *db, struct source *source,
             struct err *e)
{
    struct ingest_reply unused;
    prepare(p, o, room, db);
    if (read_body(p, source, e) != 0)
        return -1;
    if (o->validate || (!o->lenient && p->ingest.rejected > 0))
        return o->reply(o->context, p, &unused) ? 0 : err_set(e, MSG_SPOOL_FULL, "out of memory for the reply");
    if (o->key != NULL && digest_request(p, e) != 0)
        return -1;
    return commit(p, true, e);
}

void push_free(struct push *p)
{
    struct push_room *room = p->room;
    ingest_end(&p->ingest);
    results_free(&p->ingest.results);
    faults_free(&p->faults);
    refusals_free(&p->refusals);
    sealing_free(&p->sealing);
    buf_free(&p->errors);
    spool_clear(&room->spool);
    if (room->window.size > KEPT_BYTES)
        buf_free(&room->window);
}
