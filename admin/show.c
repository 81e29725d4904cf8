/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "show.h"

#include <string.h>

#include "chunk.h"
#include "err.h"
#include "num.h"
#include "receipt.h"
#include "scan.h"
#include "table.h"
#include "utf8.h"
#include "words.h"

#include "poison.h"

#define LABEL_WIDTH 10

struct view {
    FILE *to;
    struct scan scan;
    int64_t index; /* of the record whose faults are printed, or -1 */
    int64_t printed;
};

void show_label(FILE *to, const char *name)
{
    const char *shown = _(name);
    size_t width = utf8_width(shown, strlen(shown));
    (void)fprintf(to, "%s%*s ", shown, width < LABEL_WIDTH ? (int)(LABEL_WIDTH - width) : 0, "");
}

void show_counts(FILE *to, uint64_t received, const struct counts *counts, uint64_t rejected)
{
    const struct {
        const char *name;
        uint64_t number;
    } lines[] = {
        {N_("received"), received},
        {N_("created"), counts->created},
        {N_("updated"), counts->updated},
        {N_("unchanged"), counts->unchanged},
        {N_("superseded"), counts->superseded},
        {N_("stale"), counts->stale},
        {N_("rejected"), rejected},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        show_label(to, lines[i].name);
        (void)fprintf(to, "%llu\n", (unsigned long long)lines[i].number);
    }
}

/* The line above the faults of a record. id: NULL where it has none. */
static void print_head(struct view *v, int64_t index, const char *id, size_t id_len)
{
    v->index = index;
    (void)fprintf(v->to, _("\nrecord %lld"), (long long)index);
    if (id != NULL) {
        (void)fputs(_(", id "), v->to);
        table_print_text(v->to, id, id_len);
    }
    (void)putc('\n', v->to);
}

/* What a fault says, in the order in which its members stand. */
static const struct {
    const char *name, *before, *after;
} members[] = {{"pointer", "  ", ""}, {"code", " [", "]"}, {"message", " ", ""}};

static void print_member(struct view *v, const struct scan_string *name, const char *text, size_t len)
{
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (name->len != strlen(members[i].name) || memcmp(name->raw, members[i].name, name->len) != 0)
            continue;
        (void)fputs(members[i].before, v->to);
        table_print_text(v->to, text, len);
        (void)fputs(members[i].after, v->to);
    }
}

/* Reads a member; "index" and then "id" of a fault that names its record begin the next one. */
static bool read_member(struct view *v, const struct scan_string *name, int64_t *index)
{
    enum scan_kind kind;
    struct scan_string string;
    size_t len = 0;
    if (!scan_kind(&v->scan, &kind))
        return false;
    const char *start = v->scan.p;
    if (!(kind == SCAN_STRING ? scan_string(&v->scan, &string) : scan_skip(&v->scan)))
        return false;
    const char *text = kind == SCAN_STRING ? scan_text(&v->scan, &string, &len) : NULL;
    if (name->len == 5 && memcmp(name->raw, "index", 5) == 0)
        return num_parse(start, (size_t)(v->scan.p - start), 0, INT64_MAX, index);
    if (name->len == 2 && memcmp(name->raw, "id", 2) == 0 && *index != v->index)
        print_head(v, *index, text, len);
    else if (text != NULL)
        print_member(v, name, text, len);
    return true;
}

static bool read_fault(struct view *v)
{
    size_t mark;
    enum scan_kind kind;
    int64_t index = v->index;
    if (!scan_kind(&v->scan, &kind) || kind != SCAN_OBJECT || !scan_open(&v->scan, &mark))
        return false;
    for (bool first = true;; first = false) {
        struct scan_string name;
        bool done;
        if (!scan_member(&v->scan, mark, first, &name, &done))
            return false;
        if (done)
            return putc('\n', v->to) != EOF;
        if (!read_member(v, &name, &index))
            return false;
    }
}

/* Reads an array of faults. */
static bool read_faults(struct view *v, const char *json, size_t len)
{
    size_t mark;
    enum scan_kind kind;
    scan_begin(&v->scan, json, len, true, 0);
    if (!scan_kind(&v->scan, &kind) || kind != SCAN_ARRAY || !scan_open(&v->scan, &mark))
        return false;
    for (bool first = true;; first = false) {
        bool done;
        if (!scan_item(&v->scan, first, &done))
            return false;
        if (done)
            return true;
        if (!read_fault(v))
            return false;
    }
}

static void print_faults(struct view *v, const char *json, size_t len)
{
    if (read_faults(v, json, len))
        return;
    (void)fputs("  ", v->to);
    table_print_text(v->to, json, len);
    (void)putc('\n', v->to);
}

static void print_reject(void *context, const struct receipt_reject *reject)
{
    struct view *v = context;
    print_head(v, (int64_t)reject->index, reject->id, reject->id_len);
    print_faults(v, reject->faults, reject->faults_len);
    v->printed++;
}

int64_t show_rejects(FILE *to, struct db *db, const char *batch, int64_t limit, struct err *e)
{
    struct view view = {.to = to, .index = -1};
    if (scan_init(&view.scan) != 0)
        return err_set(e, MSG_INTERNAL, "out of memory");
    int rc = receipt_rejects(db, batch, -1, limit, print_reject, &view, e);
    scan_free(&view.scan);
    return rc == 0 ? view.printed : -1;
}

int show_faults(FILE *to, const char *json, size_t len, struct err *e)
{
    struct view view = {.to = to, .index = -1};
    struct buf array;
    if (scan_init(&view.scan) != 0)
        return err_set(e, MSG_INTERNAL, "out of memory");
    buf_init(&array, len + 2);
    buf_add_char(&array, '[');
    buf_add(&array, json, len);
    buf_add_char(&array, ']');
    if (!buf_failed(&array))
        print_faults(&view, array.data, array.len);
    int rc = buf_failed(&array) ? err_set(e, MSG_INTERNAL, "out of memory") : 0;
    buf_free(&array);
    scan_free(&view.scan);
    return rc;
}
