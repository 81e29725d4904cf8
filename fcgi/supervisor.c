/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "auditlog.h"
#include "busy.h"
#include "catalog.h"
#include "clock.h"
#include "conf.h"
#include "confine.h"
#include "err.h"
#include "housekeeper.h"
#include "keyring.h"
#include "log.h"
#include "report.h"
#include "words.h"
#include "worker.h"

#include "poison.h"

#define SECOND INT64_C(1000000)
#define FIRST_DELAY (SECOND / 10)
#define LAST_DELAY (10 * SECOND)
#define TERM_REPEAT SECOND

/* A place for one worker, or, the last of them, for the housekeeper. */
struct slot {
    pid_t pid; /* 0: none runs */
    int64_t started;
    int64_t delay;   /* before the next start, where the last one died young */
    int64_t next_at; /* when to start */
};

struct pool {
    struct supervisor *s;
    struct slot *slots;
    size_t count;
    pid_t *retired; /* workers of earlier configurations that still finish what they hold */
    size_t retired_count;
    sigset_t signals;
};

int setup_load(const char *config_path, long workers, struct setup *out, struct report *r)
{
    *out = (struct setup){0};
    out->conf = conf_load(config_path, r);
    if (out->conf == NULL)
        return -1;
    if (workers > 0)
        out->conf->workers = workers;
    out->catalog = catalog_load(out->conf->schema_dir, out->conf->schema_extra_dir, r);
    out->keys = keyring_load(out->conf->key_file, r);
    bool confinable = out->conf->seccomp != CONF_SECCOMP_YES || confine_is_there();
    if (!confinable)
        report_add(r, config_path, 0, "[server] seccomp = yes: this program or this kernel cannot filter system calls");
    if (out->catalog != NULL && out->keys != NULL && confinable)
        return 0;
    setup_clear(out);
    return -1;
}

bool setup_try(const struct setup *s)
{
    if (auditlog_try(s->conf->audit_target))
        return true;
    log_error("[audit] target = %s: %s", s->conf->audit_target, strerror(errno));
    return false;
}

void setup_clear(struct setup *s)
{
    catalog_free(s->catalog);
    keyring_free(s->keys);
    conf_free(s->conf);
    *s = (struct setup){0};
}

static bool workers_are_confined(const struct conf *conf)
{
    return conf->seccomp == CONF_SECCOMP_YES || (conf->seccomp == CONF_SECCOMP_AUTO && confine_is_there());
}

/* To be called by the worker. */
static void confine(const struct conf *conf)
{
    struct err e = ERR_NONE;
    if (!workers_are_confined(conf) || confine_process(&e) == 0)
        return;
    if (conf->seccomp == CONF_SECCOMP_YES) {
        log_error("%s", e.detail);
        exit(EXIT_FAILURE);
    }
    log_warn("%s", e.detail);
}

static void start_worker(struct pool *p, struct slot *slot)
{
    pid_t parent = getpid();
    /* The supervisor forks and signals, and has no filter. A worker is not to reach it, or another worker, by /proc/PID/mem: that
     * is closed to who may not trace, and nobody but root may trace what may not be dumped. Workers inherit it. */
    if (workers_are_confined(p->s->setup.conf))
        (void)prctl(PR_SET_DUMPABLE, 0);
    slot->started = clock_micros();
    pid_t pid = fork();
    if (pid == 0) {
        /* Should the supervisor be killed, the worker goes too. */
        (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            exit(EXIT_FAILURE);
        confine(p->s->setup.conf);
        if (slot == &p->slots[p->count - 1])
            housekeeper_run(p->s->setup.conf);
        worker_run(&(struct worker_setup){.conf = p->s->setup.conf, .catalog = p->s->setup.catalog, .keys = p->s->setup.keys,
                                          .limits = p->s->limits, .busy = p->s->busy, .inflight = p->s->inflight, .turns = p->s->turns,
                                          .listener = p->s->listener.fd});
    }
    slot->pid = pid > 0 ? pid : 0;
    if (pid < 0) {
        log_error("cannot start a worker: %s", strerror(errno));
        slot->next_at = clock_micros() + SECOND;
    }
}

static void start_due(struct pool *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->slots[i].pid == 0 && p->slots[i].next_at <= clock_micros())
            start_worker(p, &p->slots[i]);
}

/* How long until a worker is to be started; at most a second. */
static int64_t until_next(const struct pool *p)
{
    int64_t wait = SECOND;
    for (size_t i = 0; i < p->count; i++)
        if (p->slots[i].pid == 0 && p->slots[i].next_at - clock_micros() < wait)
            wait = p->slots[i].next_at - clock_micros();
    return wait < 1000 ? 1000 : wait;
}

/* A worker that left by plan or lived for a while is replaced at once; one that dies young waits twice as long each time. */
static void plan_restart(struct slot *slot, bool by_plan, int64_t now)
{
    if (by_plan) {
        slot->delay = 0;
        slot->next_at = now;
        return;
    }
    if (now - slot->started >= SECOND)
        slot->delay = 0;
    slot->next_at = now + slot->delay;
    slot->delay = slot->delay == 0 ? FIRST_DELAY : slot->delay * 2 > LAST_DELAY ? LAST_DELAY : slot->delay * 2;
}

static void reap(struct pool *p)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        busy_release(p->s->busy, pid);
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
            log_error("worker %ld was ended by the kernel: it made a system call that no worker makes (seccomp)",
                      (long)pid);
        else if (WIFSIGNALED(status))
            log_error("worker %ld was ended by signal %d", (long)pid, WTERMSIG(status));
        else if (WEXITSTATUS(status) != 0)
            log_error("worker %ld left with status %d", (long)pid, WEXITSTATUS(status));
        for (size_t i = 0; i < p->count; i++) {
            if (p->slots[i].pid != pid)
                continue;
            p->slots[i].pid = 0;
            plan_restart(&p->slots[i], WIFEXITED(status) && WEXITSTATUS(status) == 0, clock_micros());
        }
        for (size_t i = 0; i < p->retired_count; i++)
            if (p->retired[i] == pid)
                p->retired[i--] = p->retired[--p->retired_count];
    }
}

static void signal_all(const struct pool *p, int number)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->slots[i].pid > 0)
            (void)kill(p->slots[i].pid, number);
    for (size_t i = 0; i < p->retired_count; i++)
        (void)kill(p->retired[i], number);
}

/* Makes room for so many workers and the housekeeper, all to be started at once. Those that run are retired. */
static bool set_workers(struct pool *p, size_t workers)
{
    size_t count = workers + 1;
    struct slot *slots = calloc(count, sizeof(*slots));
    pid_t *retired = realloc(p->retired, (p->retired_count + p->count + 1) * sizeof(*retired));
    if (retired != NULL)
        p->retired = retired;
    if (slots == NULL || retired == NULL) {
        free(slots);
        return false;
    }
    for (size_t i = 0; i < p->count; i++)
        if (p->slots[i].pid > 0)
            retired[p->retired_count++] = p->slots[i].pid;
    free(p->slots);
    p->slots = slots;
    p->count = count;
    return true;
}

static void log_report(const struct report *r)
{
    const char *line = buf_text(&r->text);
    while (*line != '\0') {
        size_t len = strcspn(line, "\n");
        log_error("%.*s", (int)len, line);
        line += len + (line[len] == '\n');
    }
}

/* New configuration is read whole before anything changes. Old workers finish what they hold and leave; they keep the
 * settings that they were started with, since a fork has its own memory. */
static void reload(struct pool *p)
{
    struct report report;
    struct setup fresh;
    report_init(&report);
    if (setup_load(p->s->config_path, p->s->workers, &fresh, &report) != 0 || !setup_try(&fresh)) {
        log_report(&report);
        log_error("the new configuration is refused; the old one stays in force");
        setup_clear(&fresh);
    } else if (log_open(fresh.conf->log_target, p->s->program, (enum log_level)fresh.conf->log_level) != 0) {
        log_error("[log] target = %s: %s; the old configuration stays in force", fresh.conf->log_target,
                  strerror(errno));
        setup_clear(&fresh);
    } else {
        if (strcmp(fresh.conf->listen, p->s->setup.conf->listen) != 0)
            log_warn("[server] listen has changed: that needs a restart");
        signal_all(p, SIGTERM);
        setup_clear(&p->s->setup);
        p->s->setup = fresh;
        if (!set_workers(p, (size_t)fresh.conf->workers))
            log_error("out of memory: the number of workers stays as it was");
        log_info("configuration loaded again: %lld workers", (long long)fresh.conf->workers);
    }
    report_free(&report);
}

/* Waits for a signal until the time is up. Returns it, or 0. */
static int wait_signal(const struct pool *p, int64_t micros)
{
    struct timespec wait = {.tv_sec = micros / SECOND, .tv_nsec = micros % SECOND * 1000};
    int number = sigtimedwait(&p->signals, NULL, &wait);
    return number < 0 ? 0 : number;
}

/* True while any child lives, those of an earlier configuration counted. */
static bool any_child(void)
{
    siginfo_t info;
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

static void drain(struct pool *p)
{
    int64_t grace = p->s->setup.conf->grace * SECOND;
    int64_t end = clock_micros() + grace;
    log_info("stopping: workers finish what they hold, for up to %lld seconds",
             (long long)p->s->setup.conf->grace);
    while (any_child() && clock_micros() < end) {
        signal_all(p, SIGTERM);
        (void)wait_signal(p, TERM_REPEAT);
        reap(p);
    }
    if (any_child())
        log_warn("ending workers that did not finish in time");
    while (any_child()) {
        signal_all(p, SIGKILL);
        (void)wait_signal(p, TERM_REPEAT / 10);
        reap(p);
        if (clock_micros() > end + 5 * SECOND)
            break;
    }
}

int supervisor_run(struct supervisor *s)
{
    struct pool p = {.s = s};
    if (!set_workers(&p, (size_t)s->setup.conf->workers)) {
        log_error("out of memory");
        return EXIT_FAILURE;
    }
    (void)sigemptyset(&p.signals);
    const int handled[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
    for (size_t i = 0; i < sizeof(handled) / sizeof(handled[0]); i++)
        (void)sigaddset(&p.signals, handled[i]);
    (void)sigprocmask(SIG_BLOCK, &p.signals, NULL);
    log_info("%s %s serves on %s with %zu workers", s->program, PACKAGE_VERSION,
             s->listener.inherited ? _("an inherited socket") : s->setup.conf->listen, p.count - 1);
    if (s->setup.conf->seccomp == CONF_SECCOMP_AUTO && !confine_is_there())
        log_info("system calls of workers are not filtered: this program or this kernel cannot do it");
    for (;;) {
        start_due(&p);
        int number = wait_signal(&p, until_next(&p));
        reap(&p);
        if (number == SIGHUP)
            reload(&p);
        if (number == SIGTERM || number == SIGINT)
            break;
    }
    drain(&p);
    free(p.slots);
    free(p.retired);
    return EXIT_SUCCESS;
}
