/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "confine.h"

#include <errno.h>
#include <string.h>

#include "err.h"

#ifdef HAVE_SECCOMP

#include <linux/netlink.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "poison.h"

#define API_KILL_PROCESS 3 /* of seccomp_api_get: kernels from 4.14 on */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* By name, since not every processor has each, nor does every libseccomp know it: what is not known is passed over.
 * Workers were seen to make about a third of these; the others are what C libraries of other versions and
 * processors, those that look up names and those for TLS make in their place. */
static const char *const allowed[] = {
    /* memory */
    "brk", "madvise", "mremap", "munmap",
    /* files: the spool, log, audit, certificates, names of hosts and services, the page /docs */
    "access", "close", "dup", "faccessat", "faccessat2", "fadvise64", "fcntl", "fcntl64", "fdatasync", "flock", "fstat",
    "fstat64", "fstatat64", "fstatfs", "fstatfs64", "fsync", "ftruncate", "ftruncate64", "getdents", "getdents64",
    "_llseek", "lseek", "lstat", "lstat64", "newfstatat", "open", "openat", "pread64", "preadv", "pwrite64", "pwritev",
    "read", "readlink", "readlinkat", "readv", "stat", "stat64", "statfs", "statfs64", "statx", "unlink", "unlinkat",
    "write", "writev",
    /* connections: the web server's, the database's, those to name servers and the syslog; not to listen */
    "accept", "accept4", "bind", "connect", "getpeername", "getsockname", "getsockopt", "recv", "recvfrom", "recvmmsg",
    "recvmsg", "send", "sendmmsg", "sendmsg", "sendto", "setsockopt", "shutdown",
    /* waiting */
    "clock_nanosleep", "clock_nanosleep_time64", "epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait", "eventfd2",
    "futex", "futex_time64", "nanosleep", "_newselect", "pipe2", "poll", "ppoll", "ppoll_time64", "pselect6",
    "pselect6_time64", "restart_syscall", "sched_yield", "select",
    /* signals */
    "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait",
    "rt_sigtimedwait_time64", "sigaltstack", "sigreturn",
    /* time */
    "clock_getres", "clock_getres_time64", "clock_gettime", "clock_gettime64", "gettimeofday", "time",
    /* who and where it is */
    "getegid", "geteuid", "getgid", "getpid", "getppid", "getrusage", "gettid", "getuid", "sched_getaffinity",
    "sysinfo", "uname",
    /* the C library, at the end too */
    "exit", "exit_group", "getrandom", "membarrier", "rseq", "set_robust_list", "set_tid_address",
};

/* What an intruder would go for. To be asked for one of these is told by the end of the process. */
static const char *const fatal[] = {
    "bpf", "chroot", "delete_module", "execve", "execveat", "finit_module", "fsmount", "init_module", "kexec_file_load",
    "kexec_load", "mount", "move_mount", "open_by_handle_at", "open_tree", "perf_event_open", "pidfd_getfd",
    "pivot_root", "process_vm_readv", "process_vm_writev", "ptrace", "reboot", "setns", "swapoff", "swapon", "umount",
    "umount2", "unshare", "userfaultfd",
};

/* Allowed for such values of one argument only; a name may stand here several times. */
struct narrow {
    const char *name;
    unsigned argument;
    scmp_datum_t mask, value;
};

#define WHOLE UINT32_MAX /* these arguments are ints, and the upper half of a register may hold anything */
#define PROT_BOTH ((scmp_datum_t)(PROT_WRITE | PROT_EXEC))

static const struct narrow narrows[] = {
    {"socket", 0, WHOLE, AF_UNIX},
    {"socket", 0, WHOLE, AF_INET},
    {"socket", 0, WHOLE, AF_INET6},
    {"socketpair", 0, WHOLE, AF_UNIX},
    {"ioctl", 1, WHOLE, FIONBIO},
    {"ioctl", 1, WHOLE, FIONREAD},
    {"ioctl", 1, WHOLE, TCGETS}, /* isatty */
    /* No memory is ever both written and run; libraries are loaded late by resolvers of names and ways to log in. */
    {"mmap", 2, PROT_BOTH, 0},
    {"mmap", 2, PROT_BOTH, PROT_WRITE},
    {"mmap", 2, PROT_BOTH, PROT_EXEC},
    {"mmap2", 2, PROT_BOTH, 0},
    {"mmap2", 2, PROT_BOTH, PROT_WRITE},
    {"mmap2", 2, PROT_BOTH, PROT_EXEC},
    {"mprotect", 2, PROT_EXEC, 0},
    {"prctl", 0, WHOLE, PR_SET_NAME},
    {"prctl", 0, WHOLE, PR_GET_NAME},
    /* To ask for limits, not to set them. */
    {"prlimit64", 2, UINT64_MAX, 0},
};

bool confine_is_there(void)
{
    return seccomp_api_get() >= API_KILL_PROCESS;
}

static int add_names(scmp_filter_ctx filter, uint32_t action, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int number = seccomp_syscall_resolve_name(names[i]);
        int rc = number == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(filter, action, number, 0);
        if (rc != 0)
            return rc;
    }
    return 0;
}

static int add_narrow(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < COUNT(narrows); i++) {
        const struct narrow *n = &narrows[i];
        int number = seccomp_syscall_resolve_name(n->name);
        const struct scmp_arg_cmp same = {n->argument, SCMP_CMP_MASKED_EQ, n->mask, n->value};
        int rc = number == __NR_SCMP_ERROR ? 0 : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &same);
        if (rc != 0)
            return rc;
    }
    /* The C library asks for the addresses of this machine before it asks for those of another. */
    const struct scmp_arg_cmp route[] = {{0, SCMP_CMP_MASKED_EQ, WHOLE, AF_NETLINK},
                                         {2, SCMP_CMP_MASKED_EQ, WHOLE, NETLINK_ROUTE}};
    int rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), COUNT(route), route);
    /* abort() and raise() send a signal to the process itself; no other is to be reached. */
    const struct scmp_arg_cmp itself = {0, SCMP_CMP_MASKED_EQ, WHOLE, (scmp_datum_t)getpid()};
    if (rc == 0)
        rc = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &itself);
    return rc == 0 ? seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(kill), 1, &itself) : rc;
}

int confine_process(struct err *e)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    if (filter == NULL)
        return err_set(e, MSG_INTERNAL, "system calls cannot be filtered: %s", strerror(ENOMEM));
    /* Calls in the manner of another processor, such as those of 32 bits, would go around the list. */
    int rc = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (rc == 0)
        rc = add_names(filter, SCMP_ACT_KILL_PROCESS, fatal, COUNT(fatal));
    if (rc == 0)
        rc = add_names(filter, SCMP_ACT_ALLOW, allowed, COUNT(allowed));
    if (rc == 0)
        rc = add_narrow(filter);
    if (rc == 0)
        rc = seccomp_load(filter);
    seccomp_release(filter);
    return rc == 0 ? 0 : err_set(e, MSG_INTERNAL, "system calls cannot be filtered: %s", strerror(-rc));
}

#else

#include "poison.h"

bool confine_is_there(void)
{
    return false;
}

int confine_process(struct err *e)
{
    return err_set(e, MSG_INTERNAL, "system calls cannot be filtered: %s", strerror(ENOSYS));
}

#endif
