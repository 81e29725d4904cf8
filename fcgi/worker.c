/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "worker.h"

#include <errno.h>
#include <poll.h>
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
#include "crowd.h"
#include "db.h"
#include "err.h"
#include "handlers.h"
#include "held.h"
#include "ingest.h"
#include "log.h"
#include "openapi.h"
#include "page.h"
#include "sql.h"
#include "visit.h"

#include "poison.h"

#define MOMENT_MILLIS 3

enum { VISITS = TOKEN_ORDERS_MAX + HELD_MAX + 1 };

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

enum { ACCEPT_NONE = -1, ACCEPT_BROKEN = -2 };

static int accept_connection(int listener)
{
    int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection >= 0)
        return connection;
    /* Another worker was faster, or the peer left: nothing is wrong. */
    if (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR)
        return ACCEPT_NONE;
    log_error("accept: %s", strerror(errno));
    return ACCEPT_BROKEN;
}

/* So many milliseconds (-1: for ever), or fewer where a refusal that is held back is due sooner. */
static int or_until_held(const struct worker_state *state, int millis)
{
    int held = held_millis(state->held);
    return millis < 0 || (held >= 0 && held < millis) ? held : millis;
}

/* How long to wait for a connection, in milliseconds; -1: for ever. */
static int patience(const struct worker_state *state)
{
    return or_until_held(state, state->crowd->has_turn ? MOMENT_MILLIS : auditlog_waits(state->audit) ? 1000 : -1);
}

/* Waits for a connection. Returns it, or < 0 where there is none yet. */
static int wait_for_connection(const struct worker_state *state, int listener, int watched, const sigset_t *while_waiting)
{
    struct epoll_event event;
    int rest = crowd_rest(state->crowd);
    if (rest > 0) {
        (void)ppoll(NULL, 0, &(struct timespec){.tv_nsec = or_until_held(state, rest) * 1000000L}, while_waiting);
        return ACCEPT_NONE;
    }
    if (epoll_pwait(watched, &event, 1, patience(state), while_waiting) > 0)
        return accept_connection(listener);
    crowd_settle(state->crowd);
    return ACCEPT_NONE;
}

/* True where a stop signal has come, which a wait that need not wait does not hear. */
static bool is_stopping(void)
{
    sigset_t pending;
    return stopping || (sigpending(&pending) == 0 && (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1));
}

/* Takes the next connection, and does what waits for a quiet moment while there is none. Returns it, or < 0 when it is time to stop. */
static int next_connection(struct worker_state *state, int listener, int watched, const sigset_t *while_waiting)
{
    struct crowd *crowd = state->crowd;
    int connection = ACCEPT_NONE;
    if (crowd->count > 0 && crowd->count < TOKEN_ORDERS_MAX)
        connection = accept_connection(listener);
    while (connection == ACCEPT_NONE && !is_stopping()) {
        crowd_try(crowd);
        held_end(state->held, clock_micros());
        if (crowd->count == 0 && auditlog_is_due(state->audit))
            flush_audit(state);
        connection = wait_for_connection(state, listener, watched, while_waiting);
    }
    return connection;
}

static struct held *start_held(void)
{
    struct held *held = calloc(1, sizeof(*held));
    if (held != NULL)
        held->send = visit_send;
    return held;
}

static struct crowd *start_crowd(const struct worker_state *state, int turns, int64_t writers)
{
    struct crowd *crowd = calloc(1, sizeof(*crowd));
    if (crowd != NULL)
        *crowd = (struct crowd){.db = state->db, .told = visit_go_on, .lifetime = state->conf->token_lifetime,
                                .hash = (enum crypt_hash)state->conf->hash, .turns = turns, .writers = writers};
    return crowd;
}

/* A visit that is free: there is one for each whose answer may wait, made when it is first needed, and one for the connection that is being
 * served. Where memory lacks for another, those that wait are answered first. */
static struct visit *free_visit(struct worker_state *state, struct visit **visits)
{
    struct visit **place = visits;
    while (*place != NULL && !visit_is_free(*place))
        place++;
    if (*place == NULL)
        *place = visit_new(state);
    if (*place != NULL)
        return *place;
    crowd_settle(state->crowd);
    held_end(state->held, INT64_MAX);
    return visits[0];
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
    int64_t writers = conf->db_writers > 0 ? conf->db_writers : sysconf(_SC_NPROCESSORS_ONLN);
    if (rc == 0)
        ingest_take_turns(state->room.ingest, setup->turns, writers);
    state->crowd = start_crowd(state, setup->turns, writers);
    state->held = start_held();
    return state->crowd != NULL && state->held != NULL && state->db != NULL && state->tokens != NULL && state->logins != NULL &&
           state->audit != NULL && state->openapi != NULL && state->page != NULL && rc == 0;
}

void worker_run(const struct worker_setup *setup)
{
    struct worker_state state;
    struct db_options options;
    struct visit *visits[VISITS] = {NULL};
    sigset_t while_waiting;
    catch_signals(&while_waiting);
    int watched = watch(setup->listener);
    bool started = start(&state, setup, &options) && watched >= 0;
    visits[0] = visit_new(&state);
    started = started && visits[0] != NULL;
    if (!started)
        log_error("a worker cannot start");
    for (int64_t served = 0; started && served < setup->conf->max_requests; served++) {
        int connection = next_connection(&state, setup->listener, watched, &while_waiting);
        if (connection < 0)
            break;
        visit_serve(free_visit(&state, visits), connection);
    }
    if (started) {
        crowd_settle(state.crowd);
        held_end(state.held, INT64_MAX);
    }
    if (started && auditlog_waits(state.audit))
        flush_audit(&state);
    for (size_t i = 0; i < VISITS; i++)
        visit_free(visits[i]);
    free(state.crowd);
    free(state.held);
    push_room_free(&state.room);
    sealing_free(&state.sealing);
    db_free(state.db);
    token_memory_free(state.tokens);
    login_memory_free(state.logins);
    auditlog_free(state.audit);
    openapi_free(state.openapi);
    page_free(state.page);
    exit(started ? EXIT_SUCCESS : EXIT_FAILURE);
}
