/* SPDX-License-Identifier: Apache-2.0
 *
 * ruku-fcgi: options, configuration, start.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "busy.h"
#include "conf.h"
#include "crypt.h"
#include "db.h"
#include "err.h"
#include "inflight.h"
#include "limit.h"
#include "log.h"
#include "migrate.h"
#include "num.h"
#include "report.h"
#include "sql.h"
#include "supervisor.h"
#include "turn.h"
#include "words.h"

#include "poison.h"

#define PROGRAM "ruku-fcgi"
#define DEFAULT_PATH RUKU_SYSCONFDIR "/ruku.ini"

struct options {
    const char *config_path;
    bool check_only, foreground;
    long workers;
};

/* What the start-up check of the database found, as an exit status of the process that looks. */
enum { DATABASE_GOOD, DATABASE_AWAY, DATABASE_OTHER_VERSION };

static void usage(FILE *to)
{
    (void)fprintf(to, _("usage: %s [-ft] [-c file] [-w workers]\n"
                        "  -c file     configuration (default %s)\n"
                        "  -f          stay in the foreground\n"
                        "  -t          check configuration and schema, and exit\n"
                        "  -w workers  number of workers, in place of [server] workers\n"
                        "  -V          print the version\n"), PROGRAM, DEFAULT_PATH);
}

/* Reads the options. Returns -1, or the exit status where there is nothing more to do. */
static int read_options(int argc, char **argv, struct options *o)
{
    static const struct option long_options[] = {
        {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};
    int option;
    *o = (struct options){.config_path = DEFAULT_PATH};
    opterr = 0; /* its words are in one language */
    while ((option = getopt_long(argc, argv, "c:ftw:Vh", long_options, NULL)) != -1) {
        int64_t number = 0;
        switch (option) {
        case 'c': o->config_path = optarg; break;
        case 'f': o->foreground = true; break;
        case 't': o->check_only = true; break;
        case 'w':
            if (!num_parse(optarg, strlen(optarg), 1, 512, &number)) {
                (void)fprintf(stderr, _("%s: -w takes a number from 1 to 512\n"), PROGRAM);
                return EXIT_FAILURE;
            }
            o->workers = (long)number;
            break;
        case 'V': (void)puts(PROGRAM " " PACKAGE_VERSION); return EXIT_SUCCESS;
        case 'h': usage(stdout); return EXIT_SUCCESS;
        default:
            (void)fprintf(stderr, _("%s: not understood: %s\n"), PROGRAM, argv[optind - 1]);
            usage(stderr);
            return EXIT_FAILURE;
        }
    }
    if (optind == argc)
        return -1;
    usage(stderr);
    return EXIT_FAILURE;
}

/* Looks at the database from a process of its own, so that this one never has a connection. */
static int check_database(const struct conf *conf)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        struct db_options options;
        conf_database(conf, &options);
        struct err e = ERR_NONE;
        struct db *db = db_new(&options, sql_texts, SQL_N);
        int found = DATABASE_GOOD;
        if (db == NULL || db_connect(db, NULL, &e) != 0) {
            log_warn("the database cannot be reached yet; requests get 503 until it can: %s", e.detail);
            found = DATABASE_AWAY;
        } else if (migrate_check(db, &e) != 0) {
            log_error("%s", e.detail);
            found = DATABASE_OTHER_VERSION;
        }
        db_free(db);
        _exit(found);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return -1;
    return WEXITSTATUS(status) == DATABASE_OTHER_VERSION ? -1 : 0;
}

static int drop_privileges(const struct conf *conf)
{
    if (conf->user[0] == '\0' || getuid() != 0)
        return 0;
    const struct passwd *user = getpwnam(conf->user);
    if (user == NULL) {
        log_error("[server] user = %s: there is no such user", conf->user);
        return -1;
    }
    /* A reload opens the log again, as this user. */
    if (conf->log_target[0] == '/' && chown(conf->log_target, user->pw_uid, user->pw_gid) != 0)
        log_warn("[log] target = %s: cannot be given to %s: %s", conf->log_target, conf->user, strerror(errno));
    if (initgroups(user->pw_name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0) {
        log_error("[server] user = %s: %s", conf->user, strerror(errno));
        return -1;
    }
    return 0;
}

/* Goes into the background; the process that was started leaves when the other says that it serves. Returns the end of the
 * pipe to say it on, or -1. */
static int detach(void)
{
    int ends[2];
    char ready;
    if (pipe(ends) != 0)
        return -1;
    pid_t pid = fork();
    if (pid < 0)
        return -1;
    if (pid > 0) {
        (void)close(ends[1]);
        _exit(read(ends[0], &ready, 1) == 1 ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    (void)close(ends[0]);
    (void)setsid();
    int null = open("/dev/null", O_RDWR);
    if (null >= 0) {
        (void)dup2(null, STDIN_FILENO);
        (void)dup2(null, STDOUT_FILENO);
        (void)close(null);
    }
    return ends[1];
}

static int write_pid_file(const char *path)
{
    if (path[0] == '\0')
        return 0;
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        log_error("[server] pid_file = %s: %s", path, strerror(errno));
        return -1;
    }
    (void)fprintf(file, "%ld\n", (long)getpid());
    return fclose(file) == 0 ? 0 : -1;
}

/* What is left to do once the service is its own process; ready: see detach, or -1. */
static int run(struct supervisor *s, int ready)
{
    if (drop_privileges(s->setup.conf) != 0 || !setup_try(&s->setup))
        return EXIT_FAILURE;
    if (getuid() == 0)
        log_warn("running as root: name an account without rights in [server] user");
    if (ready >= 0) {
        if (write(ready, "r", 1) != 1)
            log_warn("the starting process is gone");
        (void)close(ready);
    }
    return supervisor_run(s);
}

static int serve(struct supervisor *s, bool foreground)
{
    int ready = -1;
    const struct conf *conf = s->setup.conf;
    if (!foreground && !s->listener.inherited) {
        ready = detach();
        if (ready < 0)
            return EXIT_FAILURE;
    }
    if (write_pid_file(conf->pid_file) != 0)
        return EXIT_FAILURE;
    char pid_file[4096];
    (void)snprintf(pid_file, sizeof(pid_file), "%s", conf->pid_file);
    int status = run(s, ready);
    if (pid_file[0] != '\0')
        (void)unlink(pid_file);
    return status;
}

/* Service goes on in English: a sender's program reads the codes. */
static void tell_words(void)
{
    if (words_fault() != NULL)
        log_error("there are no Chinese messages, and clients get English ones instead: %s", words_fault());
}

static int start(struct supervisor *s, const struct options *o)
{
    struct err e = ERR_NONE;
    const struct conf *conf = s->setup.conf;
    /* What goes wrong until here and below is told on standard error, to whoever starts the service. */
    if (check_database(conf) != 0)
        return EXIT_FAILURE;
    s->limits = limits_new();
    s->busy = busy_new();
    s->inflight = inflight_new();
    s->turns = turn_new();
    bool shared = s->limits != NULL && s->busy != NULL && s->inflight >= 0 && s->turns >= 0;
    if (!shared || listener_open(conf, &s->listener, &e) != 0) {
        log_error("%s", shared ? e.detail : _("out of memory"));
        return EXIT_FAILURE;
    }
    if (log_open(conf->log_target, PROGRAM, (enum log_level)conf->log_level) != 0) {
        log_error("[log] target = %s: %s", conf->log_target, strerror(errno));
        listener_close(&s->listener);
        return EXIT_FAILURE;
    }
    tell_words();
    int status = serve(s, o->foreground);
    listener_close(&s->listener);
    return status;
}

int main(int argc, char **argv)
{
    struct options o;
    struct report report;
    words_init();
    int status = read_options(argc, argv, &o);
    if (status >= 0)
        return status;
    if (crypt_init() != 0) {
        (void)fprintf(stderr, _("%s: libgcrypt cannot be used\n"), PROGRAM);
        return EXIT_FAILURE;
    }
    struct supervisor s = {.program = PROGRAM, .config_path = o.config_path, .workers = o.workers};
    report_init(&report);
    if (setup_load(o.config_path, o.workers, &s.setup, &report) != 0) {
        (void)fputs(buf_text(&report.text), stderr);
        (void)fprintf(stderr, words_count("%s: the configuration has %d fault\n", "%s: the configuration has %d faults\n",
                                          (unsigned)report.count), PROGRAM, report.count);
        status = EXIT_FAILURE;
    } else if (o.check_only) {
        tell_words();
        (void)printf(_("%s: the configuration is good\n"), o.config_path);
        status = EXIT_SUCCESS;
    } else {
        status = start(&s, &o);
    }
    setup_clear(&s.setup);
    report_free(&report);
    return status;
}
