/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a request for a token: after a byte that chooses what is sent, the Authorization header, a NUL, and the body. What is read
 * of it must be read again when it is written in the other ways.
 */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "crypt.h"
#include "err.h"
#include "fuzz.h"
#include "handlers.h"
#include "oauth.h"
#include "pieces.h"
#include "replies.h"
#include "request.h"

enum { REPLY_MAX = 65536, TEXT_MAX = 65536, FIELDS = OAUTH_OWN + 1, JSON_TOO = 1, AS_JSON = 2, WITH_LENGTH = 4, WRONG_LENGTH = 8, NO_HEADER = 16 };

/* What came of a request: credentials, or a refusal. */
static struct outcome {
    bool acted, missing;
    char id[2048], secret[2048];
} got;

static const struct conf conf = {.base_path = "", .public_url = "", .trusted_proxies = "", .allow = "", .realm = "ruku"};

static int note(struct oauth *o, const struct oauth_error *refusal, struct err *e)
{
    (void)e;
    for (size_t i = 0; i < o->count; i++)
        fuzz_expect(strlen(oauth_text(o, i)) == o->fields[i].value.len && o->fields[i].value.len < sizeof(got.id));
    got.acted = true;
    got.missing = refusal != NULL;
    memcpy(got.id, oauth_text(o, OAUTH_CLIENT_ID), o->fields[OAUTH_CLIENT_ID].value.len + 1);
    memcpy(got.secret, oauth_text(o, OAUTH_CLIENT_SECRET), o->fields[OAUTH_CLIENT_SECRET].value.len + 1);
    o->reply->status = 204;
    return refusal != NULL ? oauth_refuse(o, refusal) : 0;
}

static void ask(const struct request_facts *facts, const char *bytes, size_t len, bool json_too)
{
    struct form_field fields[FIELDS] = {{.name = "client_id", .aliases = {"clientId"}}, {.name = "client_secret"}, {.name = "scope"}};
    struct worker_state state = {.conf = &conf};
    struct context ctx = {.state = &state};
    struct pieces body = pieces_of(bytes, len, 0);
    struct request request;
    struct reply reply;
    struct err e = ERR_NONE;
    got = (struct outcome){.acted = false};
    request_init(&request, facts, &body.source, &conf);
    reply_init(&reply, REPLY_MAX);
    struct oauth o = {.ctx = &ctx, .request = &request, .reply = &reply, .fields = fields, .count = FIELDS, .json_too = json_too};
    fuzz_expect(oauth_run(&o, note, &e) == 0);
    fuzz_expect(got.acted ? reply.status == (got.missing ? 401 : 204) : reply.status == 400);
    replies_expect(&reply);
    for (size_t i = 0; i < FIELDS; i++)
        fuzz_expect(fields[i].value.len == 0); /* wiped */
    request_clear(&request);
    reply_free(&reply);
}

static void add_encoded(struct buf *to, const char *text)
{
    for (; *text != '\0'; text++)
        buf_printf(to, "%%%02X", (unsigned)(unsigned char)*text);
}

static void add_base64(struct buf *to, const unsigned char *p, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        unsigned group = (unsigned)p[i] << 16 | (i + 1 < len ? (unsigned)p[i + 1] << 8 : 0) | (i + 2 < len ? p[i + 2] : 0U);
        for (size_t k = 0; k < 4; k++)
            buf_add_char(to, i + k > len ? '=' : digits[group >> (18 - 6 * k) & 63]);
    }
}

/* The same credentials in HTTP Basic, and as a form where they are UTF-8, come to the same. */
static void try_other_ways(const struct outcome *want)
{
    struct buf pair, text;
    struct request_facts facts = {.method = "POST", .uri = "/oauth2/token", .content_type = "application/x-www-form-urlencoded"};
    buf_init(&pair, TEXT_MAX);
    buf_init(&text, TEXT_MAX);
    add_encoded(&pair, want->id);
    buf_add_char(&pair, ':');
    add_encoded(&pair, want->secret);
    buf_add_text(&text, "Basic ");
    add_base64(&text, (const unsigned char *)buf_text(&pair), pair.len);
    facts.authorization = buf_text(&text);
    ask(&facts, "", 0, false);
    /* There is a limit of what the header holds: 2048 bytes of pair. */
    fuzz_expect(pair.len > 2048 || (got.acted && !got.missing && strcmp(got.id, want->id) == 0 && strcmp(got.secret, want->secret) == 0));
    if (utf8_is_valid(want->id, strlen(want->id)) && utf8_is_valid(want->secret, strlen(want->secret)) && want->id[0] != '\0') {
        buf_clear(&text);
        buf_add_text(&text, "client_secret=");
        add_encoded(&text, want->secret);
        buf_add_text(&text, "&client_id=");
        add_encoded(&text, want->id);
        facts.authorization = NULL;
        ask(&facts, buf_text(&text), text.len, false);
        fuzz_expect(got.acted && got.missing == (want->secret[0] == '\0'));
        fuzz_expect(strcmp(got.id, want->id) == 0 && strcmp(got.secret, want->secret) == 0);
    }
    buf_free(&text);
    buf_free(&pair);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    char length[32];
    fuzz_expect(text != NULL && crypt_init() == 0);
    memcpy(text, data, size);
    text[size] = '\0';
    uint8_t choice = size > 0 ? data[0] : 0;
    const char *header = size > 0 ? text + 1 : text;
    size_t header_len = strlen(header);
    const char *body = header + header_len + 1 <= text + size ? header + header_len + 1 : text + size;
    size_t body_len = (size_t)(text + size - body);
    (void)snprintf(length, sizeof(length), "%zu", body_len + ((choice & WRONG_LENGTH) != 0));
    const struct request_facts facts = {
        .method = "POST", .uri = "/oauth2/token",
        .content_type = (choice & AS_JSON) != 0 ? "application/json" : "application/x-www-form-urlencoded",
        .content_length = (choice & (WITH_LENGTH | WRONG_LENGTH)) != 0 ? length : NULL,
        .authorization = (choice & NO_HEADER) != 0 ? NULL : header};
    ask(&facts, body, body_len, (choice & JSON_TOO) != 0);
    if (got.acted && !got.missing) {
        const struct outcome want = got;
        try_other_ways(&want);
    }
    free(text);
    return 0;
}
