/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as what a web server tells of a request: after a byte that chooses the configuration, the facts in the order of `places`
 * and the body, with NULs between them; one that is a single byte 1 was not told. The request goes its whole way, as far as there is one
 * without a database, to the reply, the audit and the log.
 */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auditlog.h"
#include "busy.h"
#include "conf.h"
#include "crowd.h"
#include "crypt.h"
#include "db.h"
#include "err.h"
#include "form.h"
#include "fuzz.h"
#include "handlers.h"
#include "held.h"
#include "inflight.h"
#include "limit.h"
#include "log.h"
#include "net.h"
#include "openapi.h"
#include "page.h"
#include "pieces.h"
#include "policy.h"
#include "replies.h"
#include "request.h"
#include "route.h"
#include "sql.h"

enum { REPLY_MAX = 4 * 1024 * 1024, LINE_MAX = 65536 };

#define AT(member) offsetof(struct request_facts, member)
static const size_t places[] = {AT(method), AT(uri), AT(script_name), AT(path_info), AT(content_type), AT(content_length),
                                AT(content_encoding), AT(authorization), AT(accept_language), AT(host), AT(scheme), AT(remote_address),
                                AT(https), AT(forwarded_for), AT(forwarded_proto), AT(accept), AT(prefer), AT(idempotency_key),
                                AT(if_match), AT(if_none_match), AT(token)};
#define PLACES (sizeof(places) / sizeof(places[0]))

static int log_file, audit_file;

static int make_file(char name[32])
{
    memcpy(name, "/tmp/ruku-fuzz-XXXXXX", sizeof("/tmp/ruku-fuzz-XXXXXX"));
    int fd = mkstemp(name);
    fuzz_expect(fd >= 0);
    return fd;
}

/* Every line that was written is text without controls, and one event: no line began in the middle of another. */
static void expect_lines(int fd, size_t count, const char *begins)
{
    static char text[LINE_MAX];
    ssize_t len = pread(fd, text, sizeof(text), 0);
    fuzz_expect(len >= 0 && (size_t)len < sizeof(text) && ftruncate(fd, 0) == 0);
    size_t lines = 0;
    for (const char *p = text, *end = text + len, *next; p < end; p = next + 1, lines++) {
        next = memchr(p, '\n', (size_t)(end - p));
        fuzz_expect(next != NULL && strncmp(p, begins, strlen(begins)) == 0 && !utf8_has_control(p, (size_t)(next - p)));
    }
    fuzz_expect(lines <= count);
}

static struct worker_state *make_state(void)
{
    static const struct db_options nowhere = {.socket = "/nonexistent/ruku.sock", .host = "", .name = "ruku", .user = "ruku",
                                              .password = "", .timeout = 1};
    static struct worker_state state;
    static struct crowd crowd; /* nobody ever waits */
    static struct held held;
    char name[32];
    if (state.db != NULL)
        return &state;
    (void)policy(); /* starts the library of hashes too */
    log_file = make_file(name);
    fuzz_expect(log_open(name, "fuzz", LOG_LEVEL_DEBUG) == 0 && unlink(name) == 0);
    audit_file = make_file(name);
    state.audit = auditlog_new(name);
    state.limits = limits_new();
    state.quota = (struct quota_source){.limits = state.limits, .busy = busy_new()};
    state.quota.place = busy_claim(state.quota.busy, getpid());
    state.inflight = inflight_new();
    state.tokens = token_memory_new();
    state.logins = login_memory_new();
    state.crowd = &crowd;
    state.held = &held;
    state.openapi = openapi_new();
    state.page = page_new();
    state.db = db_new(&nowhere, sql_texts, SQL_N);
    fuzz_expect(state.audit != NULL && unlink(name) == 0);
    fuzz_expect(state.limits != NULL && state.quota.busy != NULL && state.inflight >= 0);
    fuzz_expect(state.tokens != NULL && state.logins != NULL && state.openapi != NULL && state.page != NULL && state.db != NULL);
    return &state;
}

static void choose_conf(struct conf *conf, uint8_t choice)
{
    *conf = (struct conf){
        .base_path = (choice & 1) != 0 ? "/ruku" : "",
        .public_url = (choice & 2) != 0 ? "https://data.example.gov.cn/ruku" : "",
        .trusted_proxies = (choice & 4) != 0 ? "127.0.0.1, 10.0.0.0/8, ::1" : "",
        .allow = (choice & 8) != 0 ? "192.0.2.0/24, 127.0.0.0/8, 2001:db8::/32" : "",
        .require_https = (choice & 16) != 0 ? CONF_YES : CONF_NO,
        .classic_http_status = (choice & 32) != 0 ? CONF_CLASSIC_REAL : CONF_CLASSIC_200,
        .hash = (choice & 64) != 0 ? CRYPT_SHA256 : CRYPT_SM3,
        .requests_per_minute = (choice & 128) != 0 ? 10 : 0,
        .failed_login_window = 60,
        .docs_public = CONF_NO, /* the document of the interface is a long one, and has tests of its own */
        .docs_dir = "/nonexistent",
        .token_header = "X-Token",
        .realm = "ruku",
        .max_body_bytes = 1 << 20,
        .max_record_bytes = 1 << 20,
        .audit_target = "",
    };
}

/* What the path, the mount point and the query are cut out of is the URI, and nothing of them lies outside of it. */
static void expect_parts(const struct request *r)
{
    const char *uri = r->facts.uri == NULL ? "/" : r->facts.uri;
    fuzz_expect(r->mount_len + r->path_len <= strlen(uri) && strncmp(r->mount, uri, r->mount_len) == 0);
    fuzz_expect(strncmp(r->path, uri + r->mount_len, r->path_len) == 0 && memchr(r->path, '?', r->path_len) == NULL);
    fuzz_expect(r->path_len + r->mount_len + r->query_len <= strlen(uri) && strlen(r->query) >= r->query_len);
    fuzz_expect(strlen(r->id) == REQUEST_ID_CHARS && r->body_length >= REQUEST_BODY_BAD && r->method <= METHOD_N);
    fuzz_expect(r->mount_len == 0 || r->path_len == 0 || r->path[0] == '/');
}

/* Who is taken for the caller is who called, or an address that a trusted proxy named. */
static void expect_peer(const struct request *r, const struct conf *conf)
{
    char direct[PEER_ADDRESS_SIZE];
    struct err e = ERR_NONE;
    (void)snprintf(direct, sizeof(direct), "%s", r->facts.remote_address == NULL ? "" : r->facts.remote_address);
    const char *address = r->peer.address;
    fuzz_expect(strlen(address) < PEER_ADDRESS_SIZE);
    bool trusted = conf->trusted_proxies[0] != '\0' && net_list_has(conf->trusted_proxies, direct);
    fuzz_expect(strcmp(address, direct) == 0 || (trusted && net_is_address(address) && r->facts.forwarded_for != NULL &&
                                                 strstr(r->facts.forwarded_for, address) != NULL));
    bool allowed = net_list_has(conf->allow, address);
    bool good = conf->require_https != CONF_YES || r->peer.secure;
    fuzz_expect((peer_check_network(&r->peer, conf, &e) == 0) == allowed && (peer_check_https(&r->peer, conf, &e) == 0) == good);
}

/* A URL that can stand in a header. */
static void expect_url(const struct request *r, const struct conf *conf)
{
    struct buf url;
    buf_init(&url, LINE_MAX);
    request_base_url(r, conf, &url);
    const char *text = buf_text(&url);
    fuzz_expect(strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0);
    fuzz_expect(strpbrk(text, " <>\"\\?#") == NULL && !utf8_has_control(text, url.len));
    buf_free(&url);
}

static void expect_query(const struct request *r)
{
    struct form_field fields[] = {{.name = "limit"}, {.name = "after"}};
    struct err e = ERR_NONE;
    for (size_t i = 0; i < 2; i++)
        buf_init(&fields[i].value, 200);
    if (request_query(r, fields, 2, &e) == 0)
        fuzz_expect(utf8_is_valid(buf_text(&fields[0].value), fields[0].value.len));
    for (size_t i = 0; i < 2; i++)
        buf_free(&fields[i].value);
}

static void run(struct worker_state *state, struct request *r, struct reply *reply)
{
    struct route_result result;
    struct context ctx = {.state = state};
    struct err e = ERR_NONE;
    expect_parts(r);
    expect_peer(r, state->conf);
    expect_query(r);
    int rc = route_begin(&ctx, r, reply, &e);
    route_end(&ctx, r, reply, rc, &e, &result);
    expect_parts(r);
    expect_url(r, state->conf); /* its mount point may be the script's name by now */
    replies_expect(reply);
    fuzz_expect(result.status >= 200 && result.status < 600 && result.client_id[0] == '\0');
    /* The line of a worker. */
    log_info("request=%s remote=%.64s client=%s method=%.16s path=%.*s detail=%s", r->id, r->peer.address, result.client_id,
             r->facts.method == NULL ? "-" : r->facts.method, r->path_len > 300 ? 300 : (int)r->path_len, r->path, result.detail);
    expect_lines(log_file, 3, "20");
    expect_lines(audit_file, 1, "{\"at\":\"");
    quota_end(&state->quota);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct worker_state *state = make_state();
    struct request_facts facts = {.method = NULL};
    struct conf conf;
    struct reply reply;
    struct request r;
    char *text = malloc(size + 1);
    fuzz_expect(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    choose_conf(&conf, size > 0 ? data[0] : 0);
    const char *end = text + size;
    const char *p = size > 0 ? text + 1 : end;
    for (size_t i = 0; i < PLACES && p < end; i++, p += strlen(p) + 1)
        if (strcmp(p, "\1") != 0)
            *(const char **)(void *)((char *)&facts + places[i]) = p;
    struct pieces body = pieces_of(p < end ? p : end, p < end ? (size_t)(end - p) : 0, 0);
    state->conf = &conf;
    state->quota.conf = &conf;
    reply_init(&reply, REPLY_MAX);
    request_init(&r, &facts, &body.source, &conf);
    run(state, &r, &reply);
    request_clear(&r);
    reply_free(&reply);
    free(text);
    return 0;
}
