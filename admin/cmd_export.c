/* SPDX-License-Identifier: Apache-2.0
 *
 * rukuctl export: stored records to standard output, one at a time.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "category.h"
#include "cmd.h"
#include "csv.h"
#include "enc.h"
#include "err.h"
#include "extract.h"
#include "field.h"
#include "gbtime.h"
#include "mask.h"
#include "scan.h"
#include "words.h"

#include "poison.h"

#define LINE_MAX_BYTES ((size_t)128 * 1024 * 1024)

struct format {
    const char *name;
    /* Appends a record's line; or, where r is NULL, what stands before the first. Returns 0 or -1. */
    int (*add)(struct csv *csv, struct buf *line, const struct extract_record *r, struct err *e);
};

/* JSON that may hold line breaks, but only between its tokens: within strings they are escaped. */
static void add_json(struct buf *line, const char *json, size_t len)
{
    size_t start = line->len;
    buf_add(line, json, len);
    for (size_t i = start; i < line->len; i++)
        if (line->data[i] == '\n' || line->data[i] == '\r')
            line->data[i] = ' ';
}

static void add_json_text(struct buf *line, const char *name, const char *text, size_t len)
{
    buf_printf(line, "\"%s\":", name);
    enc_json(line, text, len);
    buf_add_char(line, ',');
}

static int add_ndjson(struct csv *csv, struct buf *line, const struct extract_record *r, struct err *e)
{
    (void)csv;
    (void)e;
    if (r != NULL) {
        add_json(line, r->fields, r->fields_len);
        buf_add_char(line, '\n');
    }
    return 0;
}

static int add_envelope(struct csv *csv, struct buf *line, const struct extract_record *r, struct err *e)
{
    (void)csv;
    (void)e;
    if (r == NULL)
        return 0;
    buf_add_char(line, '{');
    add_json_text(line, "client", r->client_id, strlen(r->client_id));
    add_json_text(line, "id", r->id, r->id_len);
    buf_printf(line, "\"revision\":%lld,", (long long)r->revision);
    add_json_text(line, "state", r->state, strlen(r->state));
    add_json_text(line, "batch", r->batch, strlen(r->batch));
    add_json_text(line, "created_at", r->created_at, strlen(r->created_at));
    add_json_text(line, "updated_at", r->updated_at, strlen(r->updated_at));
    buf_add_text(line, "\"record\":");
    add_json(line, r->fields, r->fields_len);
    buf_add_text(line, "}\n");
    return 0;
}

static int add_csv(struct csv *csv, struct buf *line, const struct extract_record *r, struct err *e)
{
    static const char *const heads[] = {"client", "id", "revision", "state", "created_at", "updated_at"};
    if (r == NULL) {
        buf_add_text(line, CSV_MARK);
        for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
            csv_text(csv, line, heads[i], strlen(heads[i]));
        csv_names(csv, line);
    } else {
        char revision[24];
        (void)snprintf(revision, sizeof(revision), "%lld", (long long)r->revision);
        csv_text(csv, line, r->client_id, strlen(r->client_id));
        csv_text(csv, line, r->id, r->id_len);
        const char *const texts[] = {revision, r->state, r->created_at, r->updated_at};
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
            csv_text(csv, line, texts[i], strlen(texts[i]));
        if (csv_values(csv, line, r->fields, r->fields_len) != 0)
            return err_set(e, MSG_INTERNAL, "record %s of client %s is not JSON", r->id, r->client_id);
    }
    csv_end(csv, line);
    return 0;
}

static const struct format formats[] = {{"ndjson", add_ndjson}, {"csv", add_csv}};
static const struct format envelope = {"ndjson", add_envelope};

static const struct format *choose_format(const struct cmd *c, struct err *e)
{
    const char *name = c->options.text[OPTION_FORMAT];
    bool wants_envelope = option_given(&c->options, OPTION_ENVELOPE);
    if (name == NULL)
        name = formats[0].name;
    if (wants_envelope && strcmp(name, envelope.name) == 0)
        return &envelope;
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (!wants_envelope && strcmp(formats[i].name, name) == 0)
            return &formats[i];
    (void)err_set(e, MSG_CONFIG, wants_envelope ? N_("--envelope goes with --format ndjson only, not with %s")
                                                : N_("--format %s: must be ndjson or csv"), name);
    return NULL;
}

static int read_since(const struct cmd *c, char to[GBTIME_SQL_SIZE], struct extract_query *query, struct err *e)
{
    const char *text = c->options.text[OPTION_SINCE];
    struct gbtime time;
    if (text == NULL)
        return 0;
    if (!gbtime_lenient(text, strlen(text), &time) || !gbtime_sql(to, &time))
        return err_set(e, MSG_CONFIG, "--since %s: must be a time such as 2024-10-09 or 2024-10-09T15:30:00+08:00",
                       text);
    query->since = to;
    return 0;
}

static int write_line(const struct buf *line, struct err *e)
{
    if (buf_failed(line))
        return err_set(e, MSG_INTERNAL, "out of memory for a line");
    if (fwrite(buf_text(line), 1, line->len, stdout) != line->len)
        return err_set(e, MSG_OUTPUT, "standard output: %s", strerror(errno));
    return 0;
}

/* Puts a record without its personal values in place of the record. */
struct masker {
    const struct fields *fields; /* NULL: nothing is masked */
    struct scan scan;
    struct buf text;
};

static int masker_init(struct masker *m, const struct fields *fields, struct err *e)
{
    *m = (struct masker){.fields = fields};
    buf_init(&m->text, LINE_MAX_BYTES);
    return scan_init(&m->scan) == 0 ? 0 : err_set(e, MSG_INTERNAL, "out of memory");
}

static void masker_free(struct masker *m)
{
    scan_free(&m->scan);
    buf_free(&m->text);
}

static int mask(struct masker *m, struct extract_record *record, struct err *e)
{
    if (m->fields == NULL)
        return 0;
    buf_clear(&m->text);
    if (mask_record(&m->scan, m->fields, record->fields, record->fields_len, &m->text) != 0 || buf_failed(&m->text))
        return err_set(e, MSG_INTERNAL, "record %s of client %s cannot be masked", record->id, record->client_id);
    record->fields = buf_text(&m->text);
    record->fields_len = m->text.len;
    return 0;
}

static int write_all(struct extract *x, const struct format *format, struct csv *csv, struct masker *masker,
                     struct err *e)
{
    struct extract_record record;
    struct buf line;
    int got;
    buf_init(&line, LINE_MAX_BYTES);
    int rc = format->add(csv, &line, NULL, e);
    if (rc == 0)
        rc = write_line(&line, e);
    while (rc == 0 && (got = extract_next(x, &record, e)) != 0) {
        buf_clear(&line);
        rc = got < 0 ? -1 : mask(masker, &record, e);
        if (rc == 0)
            rc = format->add(csv, &line, &record, e);
        if (rc == 0)
            rc = write_line(&line, e);
    }
    buf_free(&line);
    return rc;
}

static int run(struct cmd *c, const struct extract_query *query, const struct format *format, struct csv *csv,
               struct masker *masker, struct err *e)
{
    struct extract x;
    int rc = extract_open(&x, c->db, query, e);
    if (rc == 0)
        rc = write_all(&x, format, csv, masker, e);
    extract_close(&x);
    if (rc == 0 && fflush(stdout) != 0)
        rc = err_set(e, MSG_OUTPUT, "standard output: %s", strerror(errno));
    return rc;
}

/* Who takes personal values out is noted before the first of them is written. */
static int note_unmasked(struct cmd *c, struct err *e)
{
    char subject[200];
    char detail[400];
    const char *client = c->options.text[OPTION_CLIENT];
    const char *since = c->options.text[OPTION_SINCE];
    if (!option_given(&c->options, OPTION_UNMASK))
        return 0;
    (void)snprintf(subject, sizeof(subject), "%s %s", c->argv[0], c->argv[1]);
    (void)snprintf(detail, sizeof(detail), "client %.128s, since %.64s", client == NULL ? "all" : client,
                   since == NULL ? "the beginning" : since);
    return cmd_audit(c, "export.unmask", subject, detail, e);
}

int cmd_export(struct cmd *c, struct err *e)
{
    char since[GBTIME_SQL_SIZE];
    struct extract_query query = {.category = c->argv[0], .resource = c->argv[1],
                                  .client = c->options.text[OPTION_CLIENT],
                                  .withdrawn = option_given(&c->options, OPTION_ALL), .keys = c->keys};
    const struct category *category = cmd_find_resource(c->catalog, c->argv[0], c->argv[1], e);
    const struct format *format = category == NULL ? NULL : choose_format(c, e);
    if (format == NULL || read_since(c, since, &query, e) != 0 || note_unmasked(c, e) != 0)
        return -1;
    bool masked = category->fields.personal && !option_given(&c->options, OPTION_UNMASK);
    struct masker masker;
    struct csv *csv = csv_new(&category->fields);
    if (csv == NULL)
        return err_set(e, MSG_INTERNAL, "out of memory");
    /* A reader that goes away is told of, like a full disk. */
    (void)signal(SIGPIPE, SIG_IGN);
    int rc = masker_init(&masker, masked ? &category->fields : NULL, e);
    if (rc == 0)
        rc = run(c, &query, format, csv, &masker, e);
    masker_free(&masker);
    csv_free(csv);
    return rc;
}
