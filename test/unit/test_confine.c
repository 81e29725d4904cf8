/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "confine.h"
#include "err.h"
#include "helper.h"

#define NOT_CONFINED 99

/* A try is made in a process of its own that is confined: it returns 0 where it was done, else errno. */
typedef int try_function(const char *folder);

/* Returns what the try returned, or the number of the signal that ended it, negative. */
static int try_confined(try_function *try, const char *folder)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        struct err e = ERR_NONE;
        _exit(confine_process(&e) != 0 ? NOT_CONFINED : try(folder));
    }
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int done(bool good)
{
    return good ? 0 : errno == 0 ? NOT_CONFINED : errno;
}

static int run_a_program(const char *folder)
{
    char *const words[] = {(char[]){"/bin/true"}, NULL};
    (void)folder;
    return done(execve(words[0], words, (char *[]){NULL}) == 0);
}

static int run_an_open_file(const char *folder)
{
    char *const words[] = {(char[]){"true"}, NULL};
    (void)folder;
    return done(fexecve(open("/bin/true", O_RDONLY | O_CLOEXEC), words, (char *[]){NULL}) == 0);
}

static int trace_its_parent(const char *folder)
{
    (void)folder;
    return done(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0);
}

static int read_its_parents_memory(const char *folder)
{
    (void)folder;
    return done(syscall(SYS_process_vm_readv, getppid(), NULL, 0L, NULL, 0L, 0L) == 0);
}

static int have_a_namespace(const char *folder)
{
    (void)folder;
    return done(syscall(SYS_unshare, 0L) == 0);
}

static int have_another_root(const char *folder)
{
    return done(chroot(folder) == 0);
}

static int load_a_program_into_the_kernel(const char *folder)
{
    (void)folder;
    return done(syscall(SYS_bpf, 0L, NULL, 0L) == 0);
}

static int fork_itself(const char *folder)
{
    (void)folder;
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return done(pid > 0);
}

static int signal_its_parent(const char *folder)
{
    (void)folder;
    return done(kill(getppid(), 0) == 0);
}

static int open_a_raw_socket(const char *folder)
{
    (void)folder;
    return done(socket(AF_PACKET, SOCK_RAW, 0) >= 0);
}

static int open_a_socket_of_the_kernel(const char *folder)
{
    (void)folder;
    return done(socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT) >= 0);
}

static int wait_for_callers(const char *folder)
{
    (void)folder;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd < 0 ? NOT_CONFINED : done(listen(fd, 1) == 0);
}

static int write_memory_that_runs(const char *folder)
{
    (void)folder;
    return done(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
}

static int run_memory_that_was_written(const char *folder)
{
    (void)folder;
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? NOT_CONFINED : done(mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0);
}

static int type_into_its_terminal(const char *folder)
{
    (void)folder;
    errno = 0;
    return done(ioctl(STDIN_FILENO, TIOCSTI, "x") == 0);
}

static int rename_a_file(const char *folder)
{
    return done(rename(folder, "/tmp/ruku-renamed") == 0);
}

static int open_files_to_others(const char *folder)
{
    return done(chmod(folder, 0777) == 0);
}

static int raise_a_limit(const char *folder)
{
    const struct rlimit limit = {0, 0};
    (void)folder;
    return done(setrlimit(RLIMIT_CORE, &limit) == 0);
}

static int make_a_call_that_is_not_there(const char *folder)
{
    (void)folder;
    return done(syscall(100000L) == 0);
}

static const struct {
    const char *what;
    try_function *try;
    int result; /* as of try_confined */
} refused[] = {
    {"run a program", run_a_program, -SIGSYS},
    {"run an open file", run_an_open_file, -SIGSYS},
    {"trace", trace_its_parent, -SIGSYS},
    {"read the memory of others", read_its_parents_memory, -SIGSYS},
    {"have a namespace", have_a_namespace, -SIGSYS},
    {"have another root", have_another_root, -SIGSYS},
    {"load a program into the kernel", load_a_program_into_the_kernel, -SIGSYS},
    {"fork", fork_itself, ENOSYS},
    {"signal another process", signal_its_parent, ENOSYS},
    {"open a raw socket", open_a_raw_socket, ENOSYS},
    {"open a socket of the kernel", open_a_socket_of_the_kernel, ENOSYS},
    {"listen", wait_for_callers, ENOSYS},
    {"write memory that runs", write_memory_that_runs, ENOSYS},
    {"run memory that was written", run_memory_that_was_written, ENOSYS},
    {"type into the terminal", type_into_its_terminal, ENOSYS},
    {"rename", rename_a_file, ENOSYS},
    {"change a mode", open_files_to_others, ENOSYS},
    {"set a limit", raise_a_limit, ENOSYS},
    {"make a call that is not there", make_a_call_that_is_not_there, ENOSYS},
};

static void what_no_worker_does_is_refused(void **state)
{
    for (size_t i = 0; i < COUNT(refused); i++)
        EXPECT_ROW(refused[i].what, try_confined(refused[i].try, *state) == refused[i].result);
}

static int use_files(const char *folder)
{
    char text[4] = "";
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/XXXXXX", folder);
    int fd = mkostemp(path, O_CLOEXEC);
    bool good = fd >= 0 && unlink(path) == 0 && pwrite(fd, "abc", 3, 0) == 3 && lseek(fd, 0, SEEK_SET) == 0 &&
                read(fd, text, 3) == 3 && strcmp(text, "abc") == 0 && ftruncate(fd, 0) == 0;
    struct flock lock = {.l_type = F_WRLCK};
    good = good && fcntl(fd, F_SETLK, &lock) == 0 && close(fd) == 0;
    fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return done(good && (fd >= 0 || errno == EOPNOTSUPP));
}

static int use_memory(const char *folder)
{
    (void)folder;
    char *much = malloc((size_t)32 * 1024 * 1024);
    char *more = much == NULL ? NULL : realloc(much, (size_t)64 * 1024 * 1024);
    if (more != NULL)
        more[(size_t)64 * 1024 * 1024 - 1] = 1;
    bool good = more != NULL;
    free(more);
    for (size_t size = 1; good && size < 1000000; size *= 3) {
        char *some = malloc(size);
        good = some != NULL;
        free(some);
    }
    return done(good);
}

static int use_clocks(const char *folder)
{
    struct timespec now;
    const struct timespec moment = {.tv_nsec = 1000};
    (void)folder;
    sigset_t none;
    (void)sigemptyset(&none);
    errno = 0;
    bool waited = sigtimedwait(&none, NULL, &moment) < 0 && errno == EAGAIN;
    return done(waited && clock_gettime(CLOCK_REALTIME, &now) == 0 && nanosleep(&moment, NULL) == 0 &&
                ppoll(NULL, 0, &moment, &none) == 0);
}

static int use_sockets(const char *folder)
{
    int pair[2] = {-1, -1};
    const struct timeval second = {.tv_sec = 1};
    char got = 0;
    struct sockaddr_un nobody = {.sun_family = AF_UNIX};
    (void)snprintf(nobody.sun_path, sizeof(nobody.sun_path), "%s/nobody", folder);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = fd >= 0 && connect(fd, (struct sockaddr *)&nobody, sizeof(nobody)) != 0 && errno == ENOENT;
    good = good && socket(AF_INET, SOCK_STREAM, 0) >= 0;
    good = good && (socket(AF_INET6, SOCK_STREAM, 0) >= 0 || errno == EAFNOSUPPORT);
    good = good && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
    good = good && setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second)) == 0;
    good = good && send(pair[1], "x", 1, 0) == 1 && recv(pair[0], &got, 1, 0) == 1;
    return done(good && shutdown(pair[1], SHUT_WR) == 0);
}

/* A name that the table of hosts has, and one that nobody has: to ask is allowed, whatever the answer. */
static int find_names(const char *folder)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *found = NULL;
    (void)folder;
    int rc = getaddrinfo("127.0.0.1", "3306", &(struct addrinfo){.ai_socktype = SOCK_STREAM}, &found);
    if (rc != 0)
        return NOT_CONFINED;
    freeaddrinfo(found);
    rc = getaddrinfo("localhost", NULL, &hints, &found);
    if (rc == 0)
        freeaddrinfo(found);
    return rc == EAI_SYSTEM ? done(false) : 0;
}

static int use_syslog(const char *folder)
{
    (void)folder;
    openlog("ruku-test", LOG_PID, LOG_DAEMON);
    syslog(LOG_DEBUG, "a test");
    closelog();
    return 0;
}

static int take_a_name(const char *folder)
{
    (void)folder;
    return done(prctl(PR_SET_NAME, "ruku-test") == 0 && sysconf(_SC_NPROCESSORS_ONLN) > 0 && getpid() > 0);
}

static int gain_nothing_more(const char *folder)
{
    (void)folder;
    char text[4096] = "";
    int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && read(fd, text, sizeof(text) - 1) > 0;
    return done(good && strstr(text, "\nSeccomp:\t2\n") != NULL && strstr(text, "\nNoNewPrivs:\t1\n") != NULL);
}

static const struct {
    const char *what;
    try_function *try;
} good[] = {
    {"files", use_files}, {"memory", use_memory}, {"clocks", use_clocks}, {"sockets", use_sockets},
    {"names", find_names}, {"syslog", use_syslog}, {"a name of its own", take_a_name},
    {"no new privileges", gain_nothing_more},
};

static void what_workers_do_is_done(void **state)
{
    for (size_t i = 0; i < COUNT(good); i++)
        EXPECT_ROW(good[i].what, try_confined(good[i].try, *state) == 0);
}

static int give_up(const char *folder)
{
    (void)folder;
    (void)signal(SIGABRT, SIG_DFL); /* cmocka has a handler for it */
    abort();
}

static void abort_is_seen_as_such(void **state)
{
    assert_int_equal(try_confined(give_up, *state), -SIGABRT);
}

static int confine_twice(const char *folder)
{
    struct err e = ERR_NONE;
    (void)folder;
    return confine_process(&e) == 0 ? 0 : strstr(e.detail, "system calls cannot be filtered") != NULL ? 1 : 2;
}

static void a_confined_process_loads_no_other_filter(void **state)
{
    assert_int_equal(try_confined(confine_twice, *state), 1);
}

static void where_it_is_not_there_it_says_so(void **state)
{
    struct err e = ERR_NONE;
    (void)state;
    assert_int_equal(confine_process(&e), -1);
    expect_has(e.detail, "system calls cannot be filtered");
}

int main(void)
{
    const struct CMUnitTest with[] = {
        WITH_FOLDER(what_no_worker_does_is_refused),
        WITH_FOLDER(what_workers_do_is_done),
        WITH_FOLDER(abort_is_seen_as_such),
        WITH_FOLDER(a_confined_process_loads_no_other_filter),
    };
    const struct CMUnitTest without[] = {cmocka_unit_test(where_it_is_not_there_it_says_so)};
#ifdef HAVE_SECCOMP
    (void)without;
    if (confine_is_there())
        return cmocka_run_group_tests(with, NULL, NULL);
    (void)puts("1..0 # SKIP the kernel cannot filter system calls");
    return 0;
#else
    (void)with;
    return cmocka_run_group_tests(without, NULL, NULL);
#endif
}
