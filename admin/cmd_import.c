/* SPDX-License-Identifier: Apache-2.0
 *
 * rukuctl import: the records of a file, checked and stored like a push.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "category.h"
#include "cmd.h"
#include "conf.h"
#include "db.h"
#include "err.h"
#include "infile.h"
#include "progress.h"
#include "push.h"
#include "show.h"
#include "words.h"

#include "poison.h"

#define REJECTS_TOLD 100
#define DETAIL_SIZE 400

struct import {
    struct source source; /* of the push; first, so that its self is the import */
    struct cmd *c;
    struct infile file;
    struct progress progress;
    struct push_options options;
    struct push_room room;
    struct push push;
};

static long read_on(struct source *self, char *to, size_t room, struct err *e)
{
    struct import *im = (struct import *)(void *)self;
    struct source *from = infile_source(&im->file);
    progress_show(&im->progress, im->file.got, im->file.size, im->push.ingest.received);
    long n = from->read(from, to, room, e);
    if (n == 0 && !im->options.lenient)
        progress_begin(&im->progress, "storing");
    return n;
}

/* A strict import stores when all has been read; a lenient one while it reads, and shows how far it has read. */
static void on_written(void *context, size_t rows, size_t all)
{
    struct import *im = context;
    if (!im->options.lenient)
        progress_show(&im->progress, (int64_t)rows, (int64_t)all, rows);
}

static bool no_reply(void *context, struct push *push, struct ingest_reply *out)
{
    (void)context;
    (void)push;
    (void)out;
    return true;
}

static int choose_format(const struct cmd *c, bool *lines_out, struct err *e)
{
    const char *name = c->options.text[OPTION_FORMAT];
    *lines_out = name == NULL || strcmp(name, "ndjson") == 0;
    if (*lines_out || strcmp(name, "json") == 0)
        return 0;
    return err_set(e, MSG_CONFIG, "--format %s: must be ndjson or json", name);
}

static int read_arguments(struct import *im, struct err *e)
{
    const int64_t *client;
    struct cmd *c = im->c;
    const struct conf *conf = c->conf;
    im->options = (struct push_options){
        .category = cmd_find_resource(c->catalog, c->argv[0], c->argv[1], e), .resource = c->argv[1],
        .lenient = option_given(&c->options, OPTION_LENIENT), .hash = (enum crypt_hash)conf->hash, .keys = c->keys, .lang = words_language(),
        .max_body = INT64_MAX, .max_record = (size_t)conf->max_record_bytes, .kept_rejects = (size_t)conf->kept_rejects,
        .reply = no_reply, .written = on_written, .context = im};
    if (im->options.category == NULL || choose_format(c, &im->options.lines, e) != 0)
        return -1;
    if (!option_given(&c->options, OPTION_CLIENT))
        return err_set(e, MSG_CONFIG, "--client is missing: it names the client whose records they are");
    return cmd_client_key(c, &im->options.client, &client, e);
}

static int note(struct import *im, const char *action, const char *detail, struct err *e)
{
    char text[DETAIL_SIZE];
    (void)snprintf(text, sizeof(text), "%s/%s, %s", im->options.category->code, im->options.resource, detail);
    return db_connect(im->c->db, NULL, e) == 0
               ? cmd_audit(im->c, action, im->c->options.text[OPTION_CLIENT], text, e)
               : -1;
}

/* An import that is killed is in the audit too: it is noted before it begins. */
static int note_begin(struct import *im, struct err *e)
{
    struct msg name;
    char detail[DETAIL_SIZE];
    msg_set(&name, MSG_NONE);
    msg_arg_text(&name, "name", im->file.name, strlen(im->file.name)); /* which need not be UTF-8, and may be long */
    (void)snprintf(detail, sizeof(detail), "%s, from %s", im->options.lenient ? "lenient" : "strict",
                   msg_value(&name, "name"));
    return note(im, "import.begin", detail, e);
}

/* Notes what became of the import. Where it failed itself, its own error stays. */
static int note_end(struct import *im, int rc, struct err *e)
{
    struct err other;
    char detail[DETAIL_SIZE];
    const struct ingest_push *p = &im->push.ingest;
    const struct counts *n = &p->counts;
    (void)snprintf(detail, sizeof(detail), "%s, batch %s: created %llu, updated %llu, unchanged %llu, rejected %zu",
                   rc == 0 ? "complete" : "broken off", p->begun ? p->batch : "none", (unsigned long long)n->created,
                   (unsigned long long)n->updated, (unsigned long long)n->unchanged, p->rejected);
    if (note(im, "import.end", detail, &other) == 0 || rc != 0)
        return rc;
    *e = other;
    return -1;
}

/* An error's last word: what is stored, and what to do. */
static void tell_outcome(const struct import *im, struct err *e)
{
    const struct ingest_push *p = &im->push.ingest;
    if (p->begun) {
        struct msg *note = err_note(e, MSG_IMPORT_PARTLY);
        msg_arg(note, "received", "%zu", p->received);
        msg_arg(note, "stored", "%llu",
                (unsigned long long)(p->counts.created + p->counts.updated + p->counts.unchanged));
        msg_arg(note, "batch", "%s", p->batch);
    } else {
        (void)err_note(e, err_class(e) == CLASS_UNSURE ? MSG_COMMIT_UNSURE : MSG_NOTHING_STORED);
    }
}

/* The faults of what was refused, on standard error. */
static int show_refused(struct import *im, struct err *e)
{
    const struct push *p = &im->push;
    size_t rejected = p->ingest.rejected;
    if (rejected == 0)
        return 0;
    if (!im->options.lenient) {
        size_t rest = p->errors_total - p->errors_told;
        if (show_faults(stderr, buf_text(&p->errors), p->errors.len, e) != 0)
            return -1;
        if (rest > 0)
            (void)fprintf(stderr, words_count("\nand %zu more fault\n", "\nand %zu more faults\n", rest), rest);
        return 0;
    }
    int64_t shown = show_rejects(stderr, im->c->db, p->ingest.batch, REJECTS_TOLD, e);
    if (shown >= 0 && (size_t)shown < rejected)
        (void)fprintf(stderr, _("\nand %zu more; rukuctl batch show %s shows those that were written down\n"),
                      rejected - (size_t)shown, p->ingest.batch);
    return shown < 0 ? -1 : 0;
}

/* Tells of an import that came to its end. */
static int tell(struct import *im, struct err *e)
{
    const struct ingest_push *p = &im->push.ingest;
    if (show_refused(im, e) != 0)
        return -1;
    if (p->begun) {
        show_label(stdout, N_("batch"));
        (void)puts(p->batch);
        show_counts(stdout, p->received, &p->counts, p->rejected);
    }
    if (p->rejected == 0)
        return 0;
    return err_set(e, MSG_INVALID_RECORDS, "%zu of %zu records break the rules of category %s: %s", p->rejected,
                   p->received, im->options.category->code,
                   p->begun ? _("they are not stored, the others are") : _("nothing was stored"));
}

static int run(struct import *im, struct err *e)
{
    progress_begin(&im->progress, im->options.lenient ? _("importing") : _("checking"));
    int rc = push_run(&im->push, &im->options, &im->room, im->c->db, &im->source, e);
    progress_clear(&im->progress);
    if (rc != 0)
        tell_outcome(im, e);
    rc = note_end(im, rc, e);
    if (rc == 0)
        rc = tell(im, e);
    push_free(&im->push);
    return rc;
}

int cmd_import(struct cmd *c, struct err *e)
{
    const struct conf *conf = c->conf;
    struct import im = {.source.read = read_on, .c = c};
    if (read_arguments(&im, e) != 0)
        return -1;
    int rc = infile_open(&im.file, c->argc > 2 ? c->argv[2] : NULL, e);
    if (push_room_init(&im.room, (size_t)conf->chunk_records, (size_t)conf->spool_memory, conf->spool_dir,
                       (size_t)conf->max_record_bytes) != 0 && rc == 0)
        rc = err_set(e, MSG_INTERNAL, "out of memory");
    if (rc == 0)
        rc = note_begin(&im, e);
    if (rc == 0)
        rc = run(&im, e);
    push_room_free(&im.room);
    infile_close(&im.file);
    return rc;
}
