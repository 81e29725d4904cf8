/* SPDX-License-Identifier: Apache-2.0
 *
 * Confines a process to the system calls that a worker needs, by a filter of the kernel (seccomp); the only user of
 * libseccomp. Whoever gets a worker to run code of his own can then start no program, trace no other process, and
 * open no socket but to a peer of the kinds that a worker speaks to. Paths of files are not looked at: that is for
 * AppArmor.
 *
 * What is refused comes in two kinds. Calls that no worker makes and an intruder wants, such as execve and ptrace, end
 * the process with SIGSYS, which the supervisor tells to the log. Every other call that is not on the list fails with
 * ENOSYS, as if the kernel were older: a C library that has learnt to use a new call goes back to the old one by that,
 * where to end the process would end every worker after an update of the system.
 */
#ifndef RUKU_CONFINE_H
#define RUKU_CONFINE_H

#include <stdbool.h>

#include "attr.h"

struct err;

/* True where this program was built with the filter and the kernel (4.14 or newer) has what it needs. It asks the
 * kernel, and changes nothing. */
bool confine_is_there(void);

/* Confines the calling process, which must have no other threads, for the rest of its life. It gains no rights by
 * execve either (no_new_privs). Returns 0; or -1 with an error of class internal, and the process is as it was, but
 * for no_new_privs. */
int confine_process(struct err *e) RUKU_MUST_CHECK;

#endif
