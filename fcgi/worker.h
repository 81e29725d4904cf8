/* SPDX-License-Identifier: Apache-2.0
 *
 * One worker process: accept, answer, again.
 */
#ifndef RUKU_WORKER_H
#define RUKU_WORKER_H

#include "attr.h"

struct busy;
struct catalog;
struct conf;
struct keyring;
struct limits;

struct worker_setup {
    const struct conf *conf;
    const struct catalog *catalog;
    const struct keyring *keys;
    struct limits *limits;
    struct busy *busy;
    int inflight; /* see inflight.h */
    int turns;    /* see turn.h */
    int listener; /* non-blocking */
};

/* Serves until told to stop by SIGTERM or SIGINT, or until it has served [server] max_requests. Never returns; the exit
 * status is 0 but where the worker could not start. */
void worker_run(const struct worker_setup *setup) RUKU_NORETURN;

#endif
