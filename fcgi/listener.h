/* SPDX-License-Identifier: Apache-2.0
 *
 * The listening socket: the one that standard input already is (spawn-fcgi, lighttpd, mod_fcgid, systemd), or one of our own.
 */
#ifndef RUKU_LISTENER_H
#define RUKU_LISTENER_H

#include <stdbool.h>

#include "attr.h"

struct conf;
struct err;

struct listener {
    int fd;          /* non-blocking */
    bool inherited;  /* it was standard input */
    char path[108];  /* of a unix socket that we made; "" else */
};

/* Opens or takes over the socket. Returns 0 or -1 (class config). */
int listener_open(const struct conf *conf, struct listener *out, struct err *e) RUKU_MUST_CHECK;

/* Closes the socket and removes what we made. */
void listener_close(struct listener *l);

#endif
