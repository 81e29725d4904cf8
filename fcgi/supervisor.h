/* SPDX-License-Identifier: Apache-2.0
 *
 * The parent of the workers: starts them, replaces those that die, loads a new configuration on SIGHUP, stops them on
 * SIGTERM. It touches neither a request nor the database.
 */
#ifndef RUKU_SUPERVISOR_H
#define RUKU_SUPERVISOR_H

#include <stdbool.h>

#include "attr.h"
#include "listener.h"

struct catalog;
struct conf;
struct err;
struct limits;

struct setup {
    struct conf *conf;       /* owned */
    struct catalog *catalog; /* owned */
    struct keyring *keys;    /* owned */
};

/* Loads configuration, schema and keys. Returns 0; or -1 with all faults, one a line, in the report. */
struct report;
int setup_load(const char *config_path, long workers, struct setup *out, struct report *r) RUKU_MUST_CHECK;

/* Tries what only the user that the workers run as can tell. False where they could not start with it; the log says why. */
bool setup_try(const struct setup *s) RUKU_MUST_CHECK;

void setup_clear(struct setup *s);

struct supervisor {
    const char *program;
    const char *config_path;
    long workers; /* from the command line; 0: as configured */
    struct setup setup;
    struct listener listener;
    struct limits *limits;
    struct busy *busy;
    int inflight; /* see inflight.h */
    int turns;    /* see turn.h */
};

/* Runs until SIGTERM or SIGINT. Returns the exit status. */
int supervisor_run(struct supervisor *s);

#endif
