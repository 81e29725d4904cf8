/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "sealing.h"

#include <string.h>

#include "category.h"
#include "crypt.h"
#include "err.h"
#include "field.h"
#include "keyring.h"
#include "seal.h"

#include "poison.h"

#define RECORD_MAX_BYTES ((size_t)256 * 1024 * 1024)
#define ABOUT_MAX_BYTES 2048
#define PADDED_BYTES 32

/* Between quotes of JSON these bytes would have backslashes: where they stand, they are structure. */
static const char head[] = "{\"" SEALING_MEMBER "\":\"";
static const char tail[] = "\"}";
#define HEAD_LEN (sizeof(head) - 1)
#define TAIL_LEN (sizeof(tail) - 1)

int sealing_init(struct sealing *s, const struct keyring *keys)
{
    *s = (struct sealing){.keys = keys};
    buf_init(&s->about, ABOUT_MAX_BYTES);
    buf_init(&s->text, RECORD_MAX_BYTES);
    buf_init(&s->record, RECORD_MAX_BYTES);
    return scan_init(&s->scan);
}

void sealing_free(struct sealing *s)
{
    scan_free(&s->scan);
    buf_free(&s->about);
    crypt_wipe_buf(&s->text);
    crypt_wipe_buf(&s->record);
}

static const char *find_head(const char *json, size_t len)
{
    return memmem(json, len, head, HEAD_LEN);
}

bool sealing_has(const char *json, size_t len)
{
    return find_head(json, len) != NULL;
}

bool sealing_is_current(const struct keyring *keys, const char *json, size_t len)
{
    const char *id = keyring_current(keys)->id;
    size_t id_len = strlen(id);
    const char *end = json + len;
    for (const char *p = find_head(json, len); p != NULL; p = find_head(p, (size_t)(end - p))) {
        p += HEAD_LEN;
        if ((size_t)(end - p) <= id_len || memcmp(p, id, id_len) != 0 || p[id_len] != '.')
            return false;
    }
    return true;
}

/* One member on its way: what lies before upto is in the record. */
struct walk {
    struct sealing *s;
    enum { SEAL, OPEN, RENEW } what;
    const struct category *category; /* to seal: which values */
    const struct sealing_place *place;
    const char *upto;
    struct err *e;
};

/* The whole place of a value is what it is about, each part with its length, so that no two places read alike. */
static const char *describe(struct walk *w, const char *name, size_t len)
{
    const struct sealing_place *p = w->place;
    struct buf *about = &w->s->about;
    buf_clear(about);
    buf_printf(about, "record %lld %s %s %zu:%.*s %zu:%.*s", (long long)p->client, p->category, p->resource, len, (int)len, name, p->id_len,
               (int)p->id_len, p->id);
    return buf_text(about);
}

static size_t value_length(const struct buf *padded)
{
    size_t len = padded->len;
    while (len > 0 && padded->data[len - 1] == ' ')
        len--;
    return len;
}

/* Adds a name to those of the sealed fields; each is there once. */
static void note_field(struct sealing *s, const char *name, size_t len)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    crypt_digest(CRYPT_SM3, name, len, digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        s->which[i] ^= digest[i];
}

/* Puts what becomes of a value in its place. */
static int change_value(struct walk *w, const char *about, const char *value, size_t len)
{
    struct sealing *s = w->s;
    buf_add(&s->record, w->upto, (size_t)(value - w->upto));
    w->upto = value + len;
    buf_clear(&s->text);
    if (w->what == SEAL)
        buf_add(&s->text, value, len);
    else if (seal_open(s->keys, about, value + HEAD_LEN, len - HEAD_LEN - TAIL_LEN, &s->text, w->e) != 0)
        return -1;
    if (w->what == OPEN) {
        buf_add(&s->record, buf_text(&s->text), value_length(&s->text));
        return 0;
    }
    /* White space behind a value is none of it; without, the length of what is sealed would tell true from false. */
    while (s->text.len % PADDED_BYTES != 0 && !buf_failed(&s->text))
        buf_add_char(&s->text, ' ');
    buf_add_text(&s->record, head);
    int rc = seal_make(s->keys, about, buf_text(&s->text), s->text.len, &s->record, w->e);
    buf_add_text(&s->record, tail);
    return rc;
}

static bool is_sealed(const char *value, size_t len)
{
    return len > HEAD_LEN + TAIL_LEN && memcmp(value, head, HEAD_LEN) == 0 && memcmp(value + len - TAIL_LEN, tail, TAIL_LEN) == 0;
}

/* null says that there is no value, which is no secret. */
static bool is_wanted(const struct walk *w, const char *name, size_t name_len, const char *value, size_t len)
{
    if (w->what != SEAL)
        return is_sealed(value, len);
    long i = fields_find(&w->category->fields, name, name_len);
    return i >= 0 && w->category->fields.items[i].encrypt && !(len == 4 && memcmp(value, "null", 4) == 0);
}

/* Reads a member's value. Returns 0, or -1 with the error filled. */
static int walk_member(struct walk *w, const struct scan_string *raw)
{
    struct scan *scan = &w->s->scan;
    enum scan_kind kind;
    char name[FIELD_NAME_MAX + 1];
    size_t len;
    const char *text = scan_text(scan, raw, &len);
    if (text == NULL || len > FIELD_NAME_MAX)
        return text != NULL && scan_skip(scan) ? 0 : err_set(w->e, MSG_INTERNAL, "a stored record is no JSON");
    memcpy(name, text, len);
    if (!scan_kind(scan, &kind))
        return err_set(w->e, MSG_INTERNAL, "a stored record is no JSON");
    const char *value = scan->p;
    if (!scan_skip(scan))
        return err_set(w->e, MSG_INTERNAL, "a stored record is no JSON");
    size_t value_len = (size_t)(scan->p - value);
    if (!is_wanted(w, name, len, value, value_len))
        return 0;
    note_field(w->s, name, len);
    return change_value(w, describe(w, name, len), value, value_len);
}

static int walk(struct walk *w, const char *json, size_t len)
{
    struct scan *scan = &w->s->scan;
    struct scan_string name;
    bool done = false;
    size_t mark;
    buf_clear(&w->s->record);
    memset(w->s->which, 0, sizeof(w->s->which));
    scan_begin(scan, json, len, true, 0);
    enum scan_kind kind;
    if (!scan_kind(scan, &kind) || kind != SCAN_OBJECT || !scan_open(scan, &mark))
        return err_set(w->e, MSG_INTERNAL, "a stored record is no JSON object");
    for (bool first = true; !done; first = false) {
        if (!scan_member(scan, mark, first, &name, &done))
            return err_set(w->e, MSG_INTERNAL, "a stored record is no JSON");
        if (!done && walk_member(w, &name) != 0)
            return -1;
    }
    buf_add(&w->s->record, w->upto, (size_t)(json + len - w->upto));
    crypt_wipe(w->s->text.data, w->s->text.len);
    return buf_failed(&w->s->record) || buf_failed(&w->s->about) || buf_failed(&w->s->text) ? err_set(w->e, MSG_INTERNAL, "out of memory for a sealed record") : 0;
}

int sealing_seal(struct sealing *s, const struct category *category, const struct sealing_place *place, const char *json, size_t len,
                 struct err *e)
{
    struct walk w = {.s = s, .what = SEAL, .category = category, .place = place, .upto = json, .e = e};
    return walk(&w, json, len);
}

int sealing_open(struct sealing *s, const struct sealing_place *place, const char *json, size_t len, struct err *e)
{
    struct walk w = {.s = s, .what = OPEN, .place = place, .upto = json, .e = e};
    return walk(&w, json, len);
}

int sealing_read(struct sealing *s, const struct sealing_place *place, const char **json, size_t *len, struct err *e)
{
    if (!sealing_has(*json, *len))
        return 0;
    if (sealing_open(s, place, *json, *len, e) != 0)
        return -1;
    *json = buf_text(&s->record);
    *len = s->record.len;
    return 0;
}

int sealing_renew(struct sealing *s, const struct sealing_place *place, const char *json, size_t len, struct err *e)
{
    struct walk w = {.s = s, .what = RENEW, .place = place, .upto = json, .e = e};
    return walk(&w, json, len);
}

int sealing_digest(const struct sealing *s, unsigned char digest[CRYPT_DIGEST_SIZE], struct err *e)
{
    unsigned char plain[2 * CRYPT_DIGEST_SIZE];
    memcpy(plain, digest, CRYPT_DIGEST_SIZE);
    memcpy(plain + CRYPT_DIGEST_SIZE, s->which, CRYPT_DIGEST_SIZE);
    int rc = keyring_digest(s->keys, plain, sizeof(plain), digest, e);
    crypt_wipe(plain, sizeof(plain));
    return rc;
}
