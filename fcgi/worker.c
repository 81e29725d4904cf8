/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "auditlog.h"
#include "busy.h"
#include "clock.h"
#include "conf.h"
#include "db.h"
#include "err.h"
#include "gateway.h"
#include "handlers.h"
#include "ingest.h"
#include "log.h"
#include "msg.h"
#include "openapi.h"
#include "page.h"
#include "reply.h"
#include "request.h"
#include "route.h"
#include "sql.h"

#include "poison.h"

#define REPLY_MAX_BYTES ((size_t)32 * 1024 * 1024)
#define KEPT_BYTES ((size_t)1024 * 1024) /* memory that an idle worker keeps for the next reply */

static volatile sig_atomic_t stopping;

static void on_stop(int signal_number)
{
    (void)signal_number;
    stopping = 1;
}

/* Stop signals stay blocked but while the worker waits for a connection, so none comes between the look at the flag and
 * the wait, and none breaks into a request. */
static void catch_signals(sigset_t *while_waiting)
{
    struct sigaction stop = {.sa_handler = on_stop};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t blocked;
    (void)sigemptyset(&blocked);
    (void)sigaddset(&blocked, SIGTERM);
    (void)sigaddset(&blocked, SIGINT);
    (void)sigaction(SIGTERM, &stop, NULL);
    (void)sigaction(SIGINT, &stop, NULL);
    (void)sigaction(SIGHUP, &ignore, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL);
    (void)sigprocmask(SIG_SETMASK, &blocked, NULL); /* last: the supervisor's signals were blocked until here */
    (void)sigemptyset(while_waiting);
}

/* Stores the entries of the audit that wait. The log is told where that fails; the next try is a second off. */
static void flush_audit(struct worker_state *state)
{
    struct err e = ERR_NONE;
    if (handlers_need_database(state, &e) != 0 || auditlog_flush(state->audit, state->db, &e) != 0)
        log_warn("entries of the audit wait for the database: %s", e.detail);
}

/* Watches the listener so that a connection wakes one of the idle workers, and not all of them. Returns a descriptor, or -1. */
static int watch(int listener)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE};
    int watched = epoll_create1(EPOLL_CLOEXEC);
    if (watched < 0 || epoll_ctl(watched, EPOLL_CTL_ADD, listener, &event) == 0)
        return watched;
    (void)close(watched);
    return -1;
}

/* Waits for a connection, and stores meanwhile what waits for a quiet moment. Returns it, or -1 when it is time to stop. */
static int next_connection(struct worker_state *state, int listener, int watched, const sigset_t *while_waiting)
{
    while (!stopping) {
        struct epoll_event event;
        if (auditlog_is_due(state->audit))
            flush_audit(state);
        if (epoll_pwait(watched, &event, 1, auditlog_waits(state->audit) ? 1000 : -1, while_waiting) <= 0)
            continue;
        int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (connection >= 0)
            return connection;
        /* Another worker was faster, or the peer left: nothing is wrong. */
        if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR) {
            log_error("accept: %s", strerror(errno));
            return -1;
        }
    }
    return -1;
}

static void write_log(const struct request *request, const struct route_result *result,
                      int64_t micros)
{
    const char *method = request->facts.method == NULL ? "-" : request->facts.method;
    const char *remote = request->peer.address[0] == '\0' ? "-" : request->peer.address;
    const char *client = result->client_id[0] == '\0' ? "-" : result->client_id;
    void (*write)(const char *, ...) = result->status >= 500 ? log_warn : log_info;
    write("request=%s remote=%.64s client=%s method=%.16s path=%.*s status=%d bytes=%lld micros=%lld%s%s", request->id,
          remote, client, method, request->path_len > 300 ? 300 : (int)request->path_len, request->path, result->status,
          (long long)request->body_length, (long long)micros, result->detail[0] == '\0' ? "" : " detail=",
          result->detail);
}

static void serve(struct worker_state *state, struct gateway *gateway, struct reply *reply, int connection)
{
    struct request_facts facts;
    struct source *body;
    struct request request;
    struct route_result result;
    if (gateway_begin(gateway, connection, (int)state->conf->io_timeout, &facts, &body) == 0)
        return;
    int64_t start = clock_micros();
    request_init(&request, &facts, body, state->conf);
    reply_clear(reply);
    route_run(state, &request, reply, &result);
    if (request.body_length < 0 && result.client_id[0] != '\0')
        quota_add_bytes(&state->quota, result.client_id, gateway_body_bytes(gateway));
    gateway_reply(gateway, reply, request.method != METHOD_HEAD);
    write_log(&request, &result, clock_micros() - start);
    request_clear(&request);
    quota_end(&state->quota);
    gateway_end(gateway);
}

static bool start(struct worker_state *state, const struct worker_setup *setup, struct db_options *options)
{
    const struct conf *conf = setup->conf;
    conf_database(conf, options);
    *state = (struct worker_state){.conf = conf, .catalog = setup->catalog, .limits = setup->limits,
                                    .inflight = setup->inflight, .keys = setup->keys};
    state->quota = (struct quota_source){.conf = conf, .limits = setup->limits, .busy = setup->busy,
                                         .place = busy_claim(setup->busy, getpid())};
    state->tokens = token_memory_new();
    state->logins = login_memory_new();
    state->audit = auditlog_new(conf->audit_target);
    if (state->audit == NULL)
        log_error("[audit] target = %s: %s", conf->audit_target, strerror(errno));
    state->openapi = openapi_new();
    state->page = page_new();
    state->db = db_new(options, sql_texts, SQL_N);
    int rc = push_room_init(&state->room, (size_t)conf->chunk_records, (size_t)conf->spool_memory, conf->spool_dir,
                            (size_t)conf->max_record_bytes);
    if (sealing_init(&state->sealing, setup->keys) != 0)
        rc = -1;
    if (rc == 0)
        ingest_take_turns(state->room.ingest, setup->turns,
                          conf->db_writers > 0 ? conf->db_writers : sysconf(_SC_NPROCESSORS_ONLN));
    return state->db != NULL && state->tokens != NULL && state->logins != NULL && state->audit != NULL && state->openapi != NULL && state->page != NULL && rc == 0;
}

void worker_run(const struct worker_setup *setup)
{
    struct worker_state state;
    struct db_options options;
    struct reply reply;
    sigset_t while_waiting;
    catch_signals(&while_waiting);
    struct gateway *gateway = gateway_new(setup->conf->token_header);
    int watched = watch(setup->listener);
    bool started = start(&state, setup, &options) && gateway != NULL && watched >= 0;
    reply_init(&reply, REPLY_MAX_BYTES);
    if (!started)
        log_error("a worker cannot start");
    for (int64_t served = 0; started && served < setup->conf->max_requests; served++) {
        int connection = next_connection(&state, setup->listener, watched, &while_waiting);
        if (connection < 0)
            break;
        serve(&state, gateway, &reply, connection);
        if (reply.body.size > KEPT_BYTES)
            buf_free(&reply.body);
    }
    if (started && auditlog_waits(state.audit))
        flush_audit(&state);
    reply_free(&reply);
    push_room_free(&state.room);
    sealing_free(&state.sealing);
    db_free(state.db);
    token_memory_free(state.tokens);
    login_memory_free(state.logins);
    auditlog_free(state.audit);
    openapi_free(state.openapi);
    page_free(state.page);
    gateway_free(gateway);
    exit(started ? EXIT_SUCCESS : EXIT_FAILURE);
}
