/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "signature.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "err.h"
#include "request.h"

#include "poison.h"

#define TAG "ruku"
#define NONCE_MIN 16
#define NONCE_MAX 128

/* What may be covered. A field that changes what a request does has to be, where it is sent: else someone on the way might add it. */
enum { ALWAYS, WITH_BODY, WHERE_SENT };
enum { PART_METHOD, PART_PATH, PART_QUERY, PART_FIELDS };
static const struct part {
    const char *name;
    int when;
    size_t fact; /* offset of the field's value in struct request_facts */
} parts[] = {
    [PART_METHOD] = {"@method", ALWAYS, 0},
    [PART_PATH] = {"@path", ALWAYS, 0},
    [PART_QUERY] = {"@query", ALWAYS, 0},
    [PART_FIELDS] = {"content-digest", WITH_BODY, offsetof(struct request_facts, content_digest)},
    {"content-type", WHERE_SENT, offsetof(struct request_facts, content_type)},
    {"content-encoding", WHERE_SENT, offsetof(struct request_facts, content_encoding)},
    {"authorization", WHERE_SENT, offsetof(struct request_facts, authorization)},
    {"idempotency-key", WHERE_SENT, offsetof(struct request_facts, idempotency_key)},
    {"if-match", WHERE_SENT, offsetof(struct request_facts, if_match)},
    {"if-none-match", WHERE_SENT, offsetof(struct request_facts, if_none_match)},
    {"prefer", WHERE_SENT, offsetof(struct request_facts, prefer)},
};
enum { PART_COUNT = sizeof(parts) / sizeof(parts[0]) };
_Static_assert(PART_COUNT <= SIGNATURE_PARTS_MAX, "a signature may cover every part");

static const struct {
    const char *name;
    enum crypt_hash hash;
} algorithms[] = {{"hmac-sm3", CRYPT_SM3}, {"hmac-sha256", CRYPT_SHA256}};

static int malformed(const char *where, struct err *e)
{
    (void)err_set(e, MSG_SIGNATURE_MALFORMED, "%s", where);
    msg_arg(&e->msg, "part", "%s", where);
    return -1;
}

static int uncovered(const char *name, size_t len, struct err *e)
{
    (void)err_set(e, MSG_SIGNATURE_COVERS, "%.*s", (int)(len > 64 ? 64 : len), name);
    msg_arg_text(&e->msg, "part", name, len);
    return -1;
}

/* The value of a field, NULL where it was not sent: web servers tell some that did not come as empty ones. */
static const char *field_of(const struct request *request, const struct part *part)
{
    const char *value;
    memcpy(&value, (const char *)&request->facts + part->fact, sizeof(value));
    return value == NULL || *value == '\0' ? NULL : value;
}

static int find_part(const struct sfield_text *name)
{
    for (int i = 0; i < PART_COUNT; i++)
        if (sfield_is(name, parts[i].name))
            return i;
    return -1;
}

/* The parts that are covered, in order. */
static int read_parts(struct signature *s, struct sfield *in, const struct request *request, struct err *e)
{
    struct sfield_item item;
    unsigned covered = 0;
    int got;
    for (bool first = true; (got = sfield_inner_item(in, first, &item)) == 1; first = false) {
        int part = item.kind == SFIELD_STRING ? find_part(&item.text) : -1;
        struct sfield_text key;
        struct sfield_item value;
        if (part < 0 || sfield_parameter(in, &key, &value) != 0 || (part >= PART_FIELDS && field_of(request, &parts[part]) == NULL))
            return uncovered(item.text.text, item.text.len, e);
        if ((covered & 1u << part) != 0)
            return malformed("Signature-Input", e);
        covered |= 1u << part;
        s->parts[s->part_count++] = (unsigned char)part;
    }
    if (got < 0)
        return malformed("Signature-Input", e);
    bool has_body = request_has_body(request);
    for (int i = 0; i < PART_COUNT; i++)
        if ((covered & 1u << i) == 0 && (parts[i].when == ALWAYS || (parts[i].when == WITH_BODY && has_body) ||
                                         (i >= PART_FIELDS && field_of(request, &parts[i]) != NULL)))
            return uncovered(parts[i].name, strlen(parts[i].name), e);
    return 0;
}

static bool find_algorithm(const struct sfield_text *name, enum crypt_hash *hash_out)
{
    for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
        if (sfield_is(name, algorithms[i].name)) {
            *hash_out = algorithms[i].hash;
            return true;
        }
    return false;
}

/* One parameter; false where its value is of the wrong kind. */
static bool take_parameter(struct signature *s, const struct sfield_text *key, const struct sfield_item *value, bool *alg_out)
{
    if (sfield_is(key, "created") || sfield_is(key, "expires")) {
        *(sfield_is(key, "created") ? &s->created : &s->expires) = value->number;
        return value->kind == SFIELD_INTEGER && value->number > 0;
    }
    if (sfield_is(key, "nonce"))
        s->nonce = value->text;
    else if (sfield_is(key, "keyid"))
        s->keyid = value->text;
    else if (sfield_is(key, "alg"))
        *alg_out = find_algorithm(&value->text, &s->hash);
    else
        return true;
    return value->kind == SFIELD_STRING && !value->escaped;
}

static int read_parameters(struct signature *s, struct sfield *in, struct err *e)
{
    struct sfield_text key;
    struct sfield_item value;
    bool alg = false;
    while (sfield_parameter(in, &key, &value) == 1)
        if (!take_parameter(s, &key, &value, &alg)) {
            char name[32];
            (void)snprintf(name, sizeof(name), "%.*s", (int)(key.len > 31 ? 31 : key.len), key.text);
            return malformed(name, e);
        }
    const char *missing = s->created == 0                                           ? "created"
                          : s->nonce.len < NONCE_MIN || s->nonce.len > NONCE_MAX ? "nonce"
                          : s->keyid.len == 0                                       ? "keyid"
                          : !alg                                                    ? "alg"
                                                                                    : NULL;
    return missing == NULL ? 0 : malformed(missing, e);
}

/* True where a member of Signature-Input has the tag. */
static bool is_ours(const struct sfield_text *value)
{
    struct sfield s;
    struct sfield_text key;
    struct sfield_item item;
    bool ours = false;
    int got;
    sfield_begin(&s, value->text, value->len);
    for (bool first = true; (got = sfield_inner_item(&s, first, &item)) == 1; first = false)
        while (sfield_parameter(&s, &key, &item) == 1)
            continue;
    while (got == 0 && sfield_parameter(&s, &key, &item) == 1)
        ours = ours || (sfield_is(&key, "tag") && item.kind == SFIELD_STRING && sfield_is(&item.text, TAG));
    return ours;
}

/* Finds the member of Signature-Input. Returns 1, 0 or -1. */
static int find_input(struct signature *s, const char *field, struct err *e)
{
    struct sfield in;
    struct sfield_member member;
    int got;
    sfield_begin(&in, field, strlen(field));
    while ((got = sfield_member(&in, &member)) == 1) {
        if (!is_ours(&member.value))
            continue;
        s->label = member.key;
        s->params = member.value;
        return 1;
    }
    return got < 0 ? malformed("Signature-Input", e) : 0;
}

static bool same(const struct sfield_text *a, const struct sfield_text *b)
{
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/* Takes the member of Signature with the label. */
static int find_mac(struct signature *s, const char *field, struct err *e)
{
    struct sfield in;
    struct sfield_member member;
    bool found = false;
    sfield_begin(&in, field == NULL ? "" : field, field == NULL ? 0 : strlen(field));
    while (!found && sfield_member(&in, &member) == 1)
        found = same(&member.key, &s->label);
    return found && sfield_bytes(&member.value, s->mac, sizeof(s->mac)) ? 0 : malformed("Signature", e);
}

int signature_read(struct signature *s, const struct request *request, struct err *e)
{
    struct sfield in;
    *s = (struct signature){.hash = CRYPT_SM3};
    if (request->facts.signature_input == NULL)
        return 0;
    int found = find_input(s, request->facts.signature_input, e);
    if (found != 1)
        return found;
    sfield_begin(&in, s->params.text, s->params.len);
    return read_parts(s, &in, request, e) == 0 && read_parameters(s, &in, e) == 0 && find_mac(s, request->facts.signature, e) == 0 ? 1 : -1;
}

int signature_check_time(const struct signature *s, int64_t now, struct err *e)
{
    bool over = s->expires != 0 && s->expires < now;
    if (!over && s->created >= now - SIGNATURE_WINDOW && s->created <= now + SIGNATURE_WINDOW)
        return 0;
    (void)err_set(e, MSG_SIGNATURE_TIME, "created %lld, expires %lld", (long long)s->created, (long long)s->expires);
    msg_arg(&e->msg, "created", "%lld", (long long)s->created);
    msg_arg(&e->msg, "now", "%lld", (long long)now);
    msg_arg(&e->msg, "limit", "%lld", (long long)SIGNATURE_WINDOW);
    return -1;
}

static void add_trimmed(struct buf *to, const char *value)
{
    size_t len = strlen(value += strspn(value, " \t"));
    while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t'))
        len--;
    buf_add(to, value, len);
}

void signature_base(const struct signature *s, const struct request *request, bool mask, struct buf *to)
{
    const char *uri = request->facts.uri == NULL ? "/" : request->facts.uri;
    for (size_t i = 0; i < s->part_count; i++) {
        const struct part *part = &parts[s->parts[i]];
        buf_printf(to, "\"%s\": ", part->name);
        if (part == &parts[PART_METHOD])
            buf_add_text(to, request->facts.method == NULL ? "" : request->facts.method);
        else if (part == &parts[PART_PATH])
            buf_add(to, uri, strcspn(uri, "?#"));
        else if (part == &parts[PART_QUERY])
            buf_printf(to, "?%.*s", (int)request->query_len, request->query);
        else if (mask && part->fact == offsetof(struct request_facts, authorization))
            buf_add_text(to, "***");
        else
            add_trimmed(to, field_of(request, part));
        buf_add_char(to, '\n');
    }
    buf_add_text(to, "\"@signature-params\": ");
    buf_add(to, s->params.text, s->params.len);
}

bool signature_fits(const struct signature *s, const struct buf *base, const char *key)
{
    unsigned char mac[CRYPT_DIGEST_SIZE];
    bool fits = crypt_hmac(s->hash, key, strlen(key), buf_text(base), base->len, mac) == 0 && crypt_equal(mac, s->mac, sizeof(mac));
    crypt_wipe(mac, sizeof(mac));
    return fits;
}
