/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "intake.h"

#include <string.h>

#include "err.h"
#include "fault.h"
#include "record.h"

#include "poison.h"

#define READ_BYTES ((size_t)64 * 1024)

struct intake {
    struct source *source;
    const struct intake_options *options;
    struct record_checker *checker;
    struct intake_sink *sink;
    struct buf *window; /* bytes at hand */
    size_t at;          /* the next of them */
    int64_t base;       /* offset in the body of the window's first byte */
    size_t line;        /* counted from 1; 0 where lines mean nothing */
    bool ended;         /* the source has no more */
    struct intake_result *result;
    struct err *e;
};

static int body_too_large(struct intake *in)
{
    (void)err_set(in->e, MSG_BODY_TOO_LARGE, "%s", "");
    msg_arg(&in->e->msg, "limit", "%lld", (long long)in->options->max_body);
    return -1;
}

/* Reads more bytes behind those that are still needed; at the end sets `ended`. */
static int fill(struct intake *in)
{
    struct buf *w = in->window;
    size_t rest = w->len - in->at;
    if (in->at > 0) {
        memmove(w->data, w->data + in->at, rest);
        in->base += (int64_t)in->at;
        w->len = rest;
        in->at = 0;
    }
    /* Twice as many as there are, so that a long record is not begun too often. */
    size_t want = rest > READ_BYTES ? rest : READ_BYTES;
    char *to = buf_reserve(w, want);
    if (to == NULL)
        return err_set(in->e, MSG_SPOOL_FULL, "out of memory for a record");
    long n = in->source->read(in->source, to, want, in->e);
    if (n < 0)
        return -1;
    w->len += (size_t)n;
    in->result->bytes += n;
    if (in->result->bytes > in->options->max_body)
        return body_too_large(in);
    in->ended = n == 0;
    return 0;
}

/* A place in the window, as an offset in the body. */
static long long offset_of(const struct intake *in, const char *at)
{
    return (long long)(in->base + (at - in->window->data));
}

/* What JSON that was made of XML may still have wrong, in the sender's words. */
static enum msg_id in_xml(enum msg_id why)
{
    switch (why) {
    case MSG_JSON_DUPLICATE: return MSG_XML_TWICE;
    case MSG_JSON_MEMBERS: return MSG_XML_MEMBERS;
    case MSG_JSON_NONCHARACTER: return MSG_XML_NONCHARACTER;
    default: return why;
    }
}

/* Words why the bytes at a place are not JSON. */
static int not_json(struct intake *in, enum msg_id why, const char *at, struct err *e)
{
    const char *end = in->window->data + in->window->len;
    (void)err_set(e, in->options->xml ? in_xml(why) : why, "record %zu, byte %lld", in->result->received, offset_of(in, at));
    msg_arg(&e->msg, "offset", "%lld", offset_of(in, at));
    if (in->options->xml)
        msg_arg(&e->msg, "index", "%zu", in->result->received);
    if (why == MSG_JSON_DUPLICATE) {
        const char *quote = memchr(at, '"', (size_t)(end - at));
        msg_arg_text(&e->msg, "name", at, quote == NULL ? 0 : (size_t)(quote - at));
    } else {
        msg_arg(&e->msg, "limit", "%d", why == MSG_JSON_DEPTH ? SCAN_DEPTH_MAX : SCAN_NAMES_MAX);
    }
    if (in->line > 0)
        msg_arg(err_note(e, MSG_AT_LINE), "line", "%zu", in->line);
    else if (why == MSG_JSON_TRAILING && at < end && *at == '{')
        (void)err_note(e, MSG_HINT_LINES);
    return -1;
}

static int record_too_large(struct intake *in, struct err *e)
{
    (void)err_set(e, MSG_RECORD_TOO_LARGE, "record %zu", in->result->received);
    msg_arg(&e->msg, "index", "%zu", in->result->received);
    msg_arg(&e->msg, "limit", "%zu", in->options->max_record);
    if (in->line > 0)
        msg_arg(err_note(e, MSG_AT_LINE), "line", "%zu", in->line);
    return -1;
}

/* Skips white space. Returns 1 with the next byte, 0 at the end, -1 on failure. */
static int peek(struct intake *in, char *next_out)
{
    for (;;) {
        const struct buf *w = in->window;
        for (; in->at < w->len; in->at++) {
            char c = w->data[in->at];
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                *next_out = c;
                return 1;
            }
        }
        if (in->ended)
            return 0;
        if (fill(in) != 0)
            return -1;
    }
}

static int expect(struct intake *in, char *next_out)
{
    int got = peek(in, next_out);
    if (got != 0)
        return got;
    return in->result->bytes == 0 ? err_set(in->e, MSG_BODY_EMPTY, "%s", "")
                                  : not_json(in, MSG_JSON_ENDS, buf_text(in->window) + in->at, in->e);
}

static int hand_on(struct intake *in, enum record_outcome outcome, const struct row *row)
{
    int rc = outcome == RECORD_GOOD ? in->sink->good(in->sink, row, in->e)
                                    : in->sink->bad(in->sink, in->checker->faults, in->e);
    in->result->received++;
    in->result->rejected += outcome == RECORD_GOOD ? 0 : 1;
    return rc;
}

/* Reads and checks the record that starts at the next byte. */
static int read_record(struct intake *in, int depth)
{
    struct row row;
    size_t used;
    for (;;) {
        size_t rest = in->window->len - in->at;
        enum record_outcome outcome = record_check(in->checker, in->window->data + in->at, rest, in->ended, depth,
                                                   in->result->received, &row, &used);
        if (outcome == RECORD_BROKEN)
            return not_json(in, in->checker->scan.why, in->checker->scan.at, in->e);
        if ((outcome == RECORD_MORE ? rest : used) > in->options->max_record)
            return record_too_large(in, in->e);
        if (outcome != RECORD_MORE) {
            in->at += used;
            return hand_on(in, outcome, &row);
        }
        if (fill(in) != 0)
            return -1;
    }
}

static int read_array(struct intake *in)
{
    char next;
    in->at++;
    if (expect(in, &next) < 0)
        return -1;
    if (next == ']') {
        in->at++;
        return 0;
    }
    for (;;) {
        if (expect(in, &next) < 0 || read_record(in, 1) != 0 || expect(in, &next) < 0)
            return -1;
        in->at++;
        if (next == ']')
            return 0;
        if (next != ',')
            return not_json(in, MSG_JSON_SYNTAX, in->window->data + in->at - 1, in->e);
    }
}

static int read_json(struct intake *in)
{
    char next;
    if (expect(in, &next) < 0 || (next == '[' && !in->options->single ? read_array(in) : read_record(in, 0)) != 0)
        return -1;
    int more = peek(in, &next);
    return more > 0 ? not_json(in, MSG_JSON_TRAILING, in->window->data + in->at, in->e) : more;
}

/* Makes a bad record of an error where that is asked for; else the error stays one. */
static int refuse_line(struct intake *in, const struct err *why)
{
    struct faults *faults = in->checker->faults;
    if (!in->options->lenient) {
        *in->e = *why;
        return -1;
    }
    faults_begin(faults, in->result->received);
    faults_add(faults, "", &why->msg);
    return hand_on(in, RECORD_FAULTY, NULL);
}

static bool is_blank(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
        p++;
    return p == end;
}

static int check_line(struct intake *in, const char *line, size_t len)
{
    struct row row;
    struct err why;
    size_t used;
    enum record_outcome outcome =
        record_check(in->checker, line, len, true, 0, in->result->received, &row, &used);
    if (outcome == RECORD_BROKEN)
        (void)not_json(in, in->checker->scan.why, in->checker->scan.at, &why);
    else if (is_blank(line + used, line + len))
        return hand_on(in, outcome, &row);
    else
        (void)not_json(in, MSG_JSON_TRAILING, line + used + strspn(line + used, " \t\r"), &why);
    return err_class(&why) == CLASS_INTERNAL ? (*in->e = why, -1) : refuse_line(in, &why);
}

/* Passes over the rest of a line that is longer than a record may be, in constant memory. */
static int skip_line(struct intake *in)
{
    for (;;) {
        struct buf *w = in->window;
        const char *newline = memchr(w->data + in->at, '\n', w->len - in->at);
        in->at = newline == NULL ? w->len : (size_t)(newline - w->data) + 1;
        if (newline != NULL || in->ended)
            return 0;
        if (fill(in) != 0)
            return -1;
    }
}

static int refuse_long_line(struct intake *in)
{
    struct err why;
    (void)record_too_large(in, &why);
    return refuse_line(in, &why) != 0 ? -1 : skip_line(in);
}

/* Finds the end of the line that starts at the next byte; more bytes are read as long as it may still be a record. */
static int find_line(struct intake *in, size_t *len_out)
{
    for (size_t searched = 0;;) {
        size_t rest = in->window->len - in->at;
        const char *line = buf_text(in->window) + in->at;
        const char *newline = memchr(line + searched, '\n', rest - searched);
        *len_out = newline == NULL ? rest : (size_t)(newline - line);
        if (newline != NULL || in->ended || rest > in->options->max_record + 1)
            return 0;
        searched = rest;
        if (fill(in) != 0)
            return -1;
    }
}

static int read_lines(struct intake *in)
{
    for (;;) {
        size_t len;
        if (find_line(in, &len) != 0)
            return -1;
        if (len == 0 && in->ended && in->at == in->window->len)
            return 0;
        const char *line = in->window->data + in->at;
        bool has_return = len > 0 && line[len - 1] == '\r';
        in->line++;
        if (len - (has_return ? 1 : 0) > in->options->max_record) {
            if (refuse_long_line(in) != 0)
                return -1;
            continue;
        }
        if (!is_blank(line, line + len) && check_line(in, line, len) != 0)
            return -1;
        in->at += len;
        if (in->at < in->window->len)
            in->at++;
    }
}

/* One byte order mark at the very start is passed over, as RFC 8259 allows a reader to do. */
static int skip_byte_order_mark(struct intake *in)
{
    while (in->window->len < 3 && !in->ended)
        if (fill(in) != 0)
            return -1;
    if (in->window->len >= 3 && memcmp(in->window->data, "\xEF\xBB\xBF", 3) == 0)
        in->at = 3;
    return 0;
}

int intake_run(struct source *source, const struct intake_options *options, struct record_checker *checker,
               struct intake_sink *sink, struct buf *window, struct intake_result *result_out, struct err *e)
{
    *result_out = (struct intake_result){0};
    buf_clear(window);
    struct intake in = {.source = source, .options = options, .checker = checker, .sink = sink, .window = window,
                        .base = options->offset, .result = result_out, .e = e};
    if (skip_byte_order_mark(&in) != 0)
        return -1;
    return options->lines ? read_lines(&in) : read_json(&in);
}
