/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "record.h"

#include <stdint.h>
#include <string.h>

#include "canon.h"
#include "category.h"
#include "check.h"
#include "enc.h"
#include "fault.h"
#include "field.h"
#include "hint.h"
#include "num.h"
#include "utf8.h"

#include "poison.h"

#define RECORD_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define POINTER_MAX_BYTES 4096
#define HINTED_FAULTS 20 /* get a hint: the search goes through all names, and a hostile record has many faults */

/* Which fields of an object have come with a value; and which of those with aliases have come at all. */
struct seen {
    uint64_t bits[CATEGORY_FIELDS_MAX / 64];
    uint64_t named[CATEGORY_FIELDS_MAX / 64];
};

int record_checker_init(struct record_checker *c, const struct category *category, enum crypt_hash hash,
                        struct faults *faults)
{
    *c = (struct record_checker){.category = category, .hash = hash, .faults = faults};
    buf_init(&c->id, RECORD_MAX_BYTES);
    buf_init(&c->title, RECORD_MAX_BYTES);
    buf_init(&c->pointer, POINTER_MAX_BYTES);
    buf_init(&c->canon, RECORD_MAX_BYTES);
    buf_init(&c->patched, RECORD_MAX_BYTES);
    sent_init(&c->sent, RECORD_SENT_MAX_BYTES);
    return scan_init(&c->scan);
}

void record_checker_free(struct record_checker *c)
{
    scan_free(&c->scan);
    buf_free(&c->id);
    buf_free(&c->title);
    buf_free(&c->pointer);
    buf_free(&c->canon);
    buf_free(&c->patched);
    sent_free(&c->sent);
}

/* The place that is being checked. */
static const char *write_pointer(struct record_checker *c)
{
    buf_clear(&c->pointer);
    pointer_write(&c->pointer, c->steps, c->step_count);
    return buf_text(&c->pointer);
}

static void push_step(struct record_checker *c, const char *name, size_t len, size_t index)
{
    c->steps[c->step_count++] = (struct pointer_step){.name = name, .len = len, .index = index};
}

static void add_fault(struct record_checker *c, const struct msg *m)
{
    faults_add(c->faults, write_pointer(c), m);
}

static void add_field_fault(struct record_checker *c, enum msg_id id, const struct field *f)
{
    struct msg m;
    check_fault(&m, id, f, c->faults->lang);
    add_fault(c, &m);
}

/* A fault of a member that every record may have, whatever its category. */
static void add_own_fault(struct record_checker *c, const char *member, enum msg_id id)
{
    struct msg m;
    msg_set(&m, id);
    if (id == MSG_VERSION_BAD)
        msg_arg(&m, "limit", "%lld", (long long)INT64_MAX);
    else
        msg_arg(&m, "limit", "%d", RECORD_ID_MAX_CHARS);
    push_step(c, member, strlen(member), 0);
    add_fault(c, &m);
    c->step_count--;
}

/* Puts text in place of the bytes from `from` to `to`; calls come in the order of the bytes. */
static struct buf *patch(struct record_checker *c, const char *from, const char *to)
{
    if (c->patched_upto == NULL) {
        buf_clear(&c->patched);
        c->patched_upto = c->start;
    }
    buf_add(&c->patched, c->patched_upto, (size_t)(from - c->patched_upto));
    c->patched_upto = to;
    return &c->patched;
}

static void add_fallback(struct buf *to, const struct field *f)
{
    if (field_types[f->type].quoted)
        enc_json(to, f->fallback, strlen(f->fallback));
    else
        buf_add_text(to, f->fallback);
}

static bool walk_id(struct record_checker *c)
{
    enum scan_kind kind;
    struct scan_string string;
    if (!scan_kind(&c->scan, &kind))
        return false;
    c->has_id = true;
    if (kind != SCAN_STRING) {
        add_own_fault(c, "id", MSG_ID_BAD);
        return scan_skip(&c->scan);
    }
    if (!scan_string(&c->scan, &string))
        return false;
    size_t len;
    const char *text = scan_text(&c->scan, &string, &len);
    if (text == NULL || string.chars < 1 || string.chars > RECORD_ID_MAX_CHARS || utf8_has_control(text, len))
        add_own_fault(c, "id", MSG_ID_BAD);
    else
        buf_add(&c->id, text, len);
    if (c->given_id != NULL && (c->given_id_len != len || text == NULL || memcmp(c->given_id, text, len) != 0))
        add_own_fault(c, "id", MSG_ID_DIFFERS);
    return true;
}

/* The sender's own version of the record: an integer, of which a larger one is newer; null is as good as none. */
static bool walk_version(struct record_checker *c)
{
    enum scan_kind kind;
    bool integer = false;
    if (!scan_kind(&c->scan, &kind))
        return false;
    if (kind == SCAN_NULL)
        return scan_literal(&c->scan, kind);
    const char *start = c->scan.p;
    if (kind == SCAN_NUMBER ? !scan_number(&c->scan, &integer) : !scan_skip(&c->scan))
        return false;
    if (!integer || !num_parse(start, (size_t)(c->scan.p - start), 0, INT64_MAX, &c->version))
        add_own_fault(c, "version", MSG_VERSION_BAD);
    return true;
}

/* A record without an id gets the one that its path names. */
static void put_given_id(struct record_checker *c, bool empty)
{
    const char *id = c->given_id;
    size_t len = c->given_id_len;
    if (len == 0 || utf8_count(id, len) > RECORD_ID_MAX_CHARS || utf8_has_control(id, len) ||
        utf8_has_noncharacter(id, len)) {
        add_own_fault(c, "id", MSG_ID_BAD);
        return;
    }
    const char *brace = c->scan.p - 1;
    struct buf *to = patch(c, brace, brace);
    buf_add_text(to, empty ? "\"id\":" : ",\"id\":");
    enc_json(to, id, len);
    buf_add(&c->id, id, len);
}

/* Keeps what listings show: the title and the time of publication. */
static void keep_role(struct record_checker *c, const struct field *f, const struct value *v, const struct checked *out)
{
    if (c->step_count != 1 || out->fault_count > 0)
        return;
    long position = f - c->category->fields.items;
    if (position == c->category->title) {
        buf_add(&c->title, v->text, utf8_prefix(v->text, v->len, RECORD_TITLE_MAX_CHARS));
        c->has_title = true;
    } else if (position == c->category->published && out->has_time) {
        c->has_published = gbtime_sql(c->published, &out->time);
    }
}

/* A default serves listings as a value that was sent does. */
static void keep_fallback(struct record_checker *c, const struct field *f)
{
    struct value v = {.kind = SCAN_STRING, .text = f->fallback, .len = strlen(f->fallback)};
    struct checked out;
    if (c->step_count != 1 || !field_types[f->type].quoted)
        return;
    v.chars = utf8_count(v.text, v.len);
    check_value(f, &v, c->faults->lang, &out);
    keep_role(c, f, &v, &out);
}

static bool scan_scalar(struct record_checker *c, enum scan_kind kind, struct value *v)
{
    struct scan *s = &c->scan;
    struct scan_string string;
    const char *start = s->p;
    *v = (struct value){.kind = kind, .text = ""};
    if (kind == SCAN_STRING) {
        if (!scan_string(s, &string))
            return false;
        v->chars = string.chars;
        v->text = scan_text(s, &string, &v->len);
        return v->text != NULL ? true : scan_fail(s, MSG_INTERNAL, start);
    }
    if (kind == SCAN_NUMBER) {
        if (!scan_number(s, &v->integer))
            return false;
        v->text = start;
        v->len = (size_t)(s->p - start);
        return true;
    }
    return scan_literal(s, kind);
}

static bool walk_object(struct record_checker *c, const struct fields *fields);

/* One value of a field: the value itself, or an item of its array. */
static bool walk_single(struct record_checker *c, const struct field *f)
{
    enum scan_kind kind;
    struct value v;
    struct checked out;
    if (!scan_kind(&c->scan, &kind))
        return false;
    if (kind == SCAN_OBJECT && f->type == FIELD_OBJECT)
        return walk_object(c, &f->members);
    if (kind == SCAN_OBJECT || kind == SCAN_ARRAY) {
        struct msg m;
        check_wrong_kind(f, false, kind, c->faults->lang, &m);
        add_fault(c, &m);
        return scan_skip(&c->scan);
    }
    const char *start = c->scan.p;
    if (!scan_scalar(c, kind, &v))
        return false;
    check_value(f, &v, c->faults->lang, &out);
    for (int i = 0; i < out.fault_count; i++)
        add_fault(c, &out.faults[i]);
    if (out.replaced) {
        enc_json(patch(c, start, c->scan.p), out.strict, strlen(out.strict));
        sent_add(&c->sent, c->steps, c->step_count, start, (size_t)(c->scan.p - start));
    }
    keep_role(c, f, &v, &out);
    return true;
}

static bool walk_array(struct record_checker *c, const struct field *f)
{
    size_t mark;
    if (!scan_open(&c->scan, &mark))
        return false;
    for (size_t i = 0;; i++) {
        bool done;
        if (!scan_item(&c->scan, i == 0, &done))
            return false;
        if (done) {
            if (i == 0 && f->required)
                add_field_fault(c, MSG_EMPTY, f);
            return true;
        }
        push_step(c, NULL, 0, i);
        if (!walk_single(c, f))
            return false;
        c->step_count--;
    }
}

/* null says that there is no value: the field counts as absent, and its default, if any, takes the place of null. */
static bool walk_null(struct record_checker *c, const struct field *f, bool *present_out)
{
    const char *start = c->scan.p;
    if (!scan_literal(&c->scan, SCAN_NULL))
        return false;
    *present_out = f->fallback != NULL;
    if (*present_out) {
        add_fallback(patch(c, start, c->scan.p), f);
        keep_fallback(c, f);
    }
    return true;
}

static bool walk_field(struct record_checker *c, const struct field *f, bool *present_out)
{
    enum scan_kind kind;
    if (!scan_kind(&c->scan, &kind))
        return false;
    if (kind == SCAN_NULL)
        return walk_null(c, f, present_out);
    *present_out = true;
    if (!f->multiple)
        return walk_single(c, f);
    if (kind == SCAN_ARRAY)
        return walk_array(c, f);
    struct msg m;
    check_wrong_kind(f, true, kind, c->faults->lang, &m);
    add_fault(c, &m);
    return scan_skip(&c->scan);
}

/* At the closing brace: required fields that did not come are faults, defaults are put in. */
static void finish_object(struct record_checker *c, const struct fields *fields, const struct seen *seen, bool empty)
{
    const char *brace = c->scan.p - 1;
    if (fields == &c->category->fields && !c->has_id && c->given_id != NULL) {
        put_given_id(c, empty);
        c->has_id = true;
        empty = false;
    }
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        if ((seen->bits[i / 64] & UINT64_C(1) << i % 64) != 0)
            continue;
        if (f->fallback != NULL) {
            struct buf *to = patch(c, brace, brace);
            buf_add_text(to, empty ? "" : ",");
            enc_json(to, f->name, strlen(f->name));
            buf_add_char(to, ':');
            add_fallback(to, f);
            push_step(c, f->name, strlen(f->name), 0);
            keep_fallback(c, f);
            c->step_count--;
            empty = false;
        } else if (f->required) {
            push_step(c, f->name, strlen(f->name), 0);
            add_field_fault(c, MSG_MISSING, f);
            c->step_count--;
        }
    }
}

static bool walk_unknown(struct record_checker *c, const struct fields *fields, const char *name, size_t len)
{
    struct msg m;
    if (c->faults->total < HINTED_FAULTS)
        hint_unknown(&m, fields, fields == &c->category->fields, name, len, c->faults->lang);
    else
        hint_none(&m, name, len);
    push_step(c, name, len, 0);
    add_fault(c, &m);
    c->step_count--;
    return scan_skip(&c->scan);
}

/* The value of a field, under the name that was sent. */
static bool walk_known(struct record_checker *c, const struct fields *fields, long i, const char *name, size_t len,
                       struct seen *seen)
{
    const struct field *f = &fields->items[i];
    uint64_t bit = UINT64_C(1) << i % 64;
    bool present = false;
    push_step(c, name, len, 0);
    c->steps[c->step_count - 1].own = f->name;
    if (f->alias_count > 0) {
        if ((seen->named[i / 64] & bit) != 0)
            add_field_fault(c, MSG_FIELD_TWICE, f);
        seen->named[i / 64] |= bit;
    }
    if (!walk_field(c, f, &present))
        return false;
    c->step_count--;
    if (present)
        seen->bits[i / 64] |= bit;
    return true;
}

/* A name that is no field's own: in what is stored the field's own takes the place of an alias. */
static bool walk_other(struct record_checker *c, const struct fields *fields, const struct scan_string *raw_name,
                       const char *name, size_t len, struct seen *seen)
{
    const char *alias;
    long i = fields_find_alias(fields, name, len, &alias);
    if (i < 0)
        return walk_unknown(c, fields, name, len);
    const char *own = fields->items[i].name;
    enc_json(patch(c, raw_name->raw - 1, raw_name->raw + raw_name->len + 1), own, strlen(own));
    return walk_known(c, fields, i, alias, len, seen);
}

static bool walk_member(struct record_checker *c, const struct fields *fields, const struct scan_string *raw_name,
                        struct seen *seen)
{
    size_t len;
    const char *name = scan_text(&c->scan, raw_name, &len);
    if (name == NULL)
        return scan_fail(&c->scan, MSG_INTERNAL, raw_name->raw);
    if (fields == &c->category->fields && len == strlen("id") && memcmp(name, "id", len) == 0)
        return walk_id(c);
    if (fields == &c->category->fields && len == strlen("version") && memcmp(name, "version", len) == 0)
        return walk_version(c);
    long i = fields_find(fields, name, len);
    return i < 0 ? walk_other(c, fields, raw_name, name, len, seen)
                 : walk_known(c, fields, i, fields->items[i].name, len, seen);
}

static bool walk_object(struct record_checker *c, const struct fields *fields)
{
    struct seen seen = {{0}, {0}};
    size_t mark;
    if (!scan_open(&c->scan, &mark))
        return false;
    for (bool first = true;; first = false) {
        struct scan_string name;
        bool done;
        if (!scan_member(&c->scan, mark, first, &name, &done))
            return false;
        if (done) {
            finish_object(c, fields, &seen, first);
            return true;
        }
        if (!walk_member(c, fields, &name, &seen))
            return false;
    }
}

static bool walk_record(struct record_checker *c)
{
    enum scan_kind kind;
    if (!scan_kind(&c->scan, &kind))
        return false;
    c->start = c->scan.p;
    if (kind == SCAN_OBJECT) {
        if (!walk_object(c, &c->category->fields))
            return false;
        if (!c->has_id)
            add_own_fault(c, "id", MSG_ID_MISSING);
        return true;
    }
    struct msg m;
    msg_set(&m, MSG_NOT_AN_OBJECT);
    msg_arg(&m, "got", "%s", check_kind_noun(kind, c->faults->lang));
    add_fault(c, &m);
    return scan_skip(&c->scan);
}

static void add_sent_fault(struct record_checker *c)
{
    struct msg m;
    msg_set(&m, MSG_TOO_MUCH_REPLACED);
    msg_arg(&m, "limit", "%zu", RECORD_SENT_MAX_BYTES);
    add_fault(c, &m);
}

static bool fill_row(struct record_checker *c, struct row *row)
{
    row->fields = c->start;
    row->fields_len = (size_t)(c->scan.p - c->start);
    if (c->patched_upto != NULL) {
        (void)patch(c, c->scan.p, c->scan.p);
        row->fields = buf_text(&c->patched);
        row->fields_len = c->patched.len;
    }
    row->id = buf_text(&c->id);
    row->id_len = c->id.len;
    row->title = c->has_title ? buf_text(&c->title) : NULL;
    row->title_len = c->title.len;
    row->published = c->has_published ? c->published : NULL;
    row->version = c->version;
    row->index = c->faults->index;
    buf_clear(&c->canon);
    canon_write(&c->canon, row->fields, row->fields_len);
    crypt_digest(c->hash, buf_text(&c->canon), c->canon.len, row->digest);
    return !buf_failed(&c->canon) && !buf_failed(&c->patched) && !buf_failed(&c->id) && !buf_failed(&c->title);
}

enum record_outcome record_check(struct record_checker *c, const char *bytes, size_t len, bool final, int depth,
                                 size_t index, struct row *row_out, size_t *used_out)
{
    faults_begin(c->faults, index);
    scan_begin(&c->scan, bytes, len, final, depth);
    c->version = RECORD_NO_VERSION;
    c->step_count = 0;
    c->has_id = c->has_title = c->has_published = false;
    c->patched_upto = NULL;
    buf_clear(&c->id);
    buf_clear(&c->title);
    sent_begin(&c->sent);
    if (!walk_record(c))
        return c->scan.stop == SCAN_MORE ? RECORD_MORE : RECORD_BROKEN;
    *used_out = (size_t)(c->scan.p - bytes);
    row_out->sent = sent_end(&c->sent, &row_out->sent_len);
    if (sent_failed(&c->sent))
        add_sent_fault(c);
    if (c->faults->total > 0) {
        faults_name(c->faults, buf_text(&c->id), c->id.len);
        return RECORD_FAULTY;
    }
    if (fill_row(c, row_out))
        return RECORD_GOOD;
    (void)scan_fail(&c->scan, MSG_INTERNAL, bytes);
    return RECORD_BROKEN;
}
