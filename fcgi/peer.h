/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is at the other end of a request: the address it came from, and whether it came by HTTPS, as the web server tells, or as a proxy
 * that the configuration trusts tells of the one before it.
 */
#ifndef RUKU_PEER_H
#define RUKU_PEER_H

#include <stdbool.h>

#include "attr.h"

struct conf;
struct err;
struct request_facts;

#define PEER_ADDRESS_SIZE 64

struct peer {
    char address[PEER_ADDRESS_SIZE]; /* "" where the web server told none */
    char caller[PEER_ADDRESS_SIZE];  /* what is counted for one (net_caller) */
    bool secure;
};

void peer_find(const struct request_facts *facts, const struct conf *conf, struct peer *out);

/* Refuses who is in no allowed network. Returns 0, or -1 (class denied). */
int peer_check_network(const struct peer *peer, const struct conf *conf, struct err *e) RUKU_MUST_CHECK;

/* Refuses who did not come by HTTPS though the configuration requires it. Returns 0, or -1 (class denied). */
int peer_check_https(const struct peer *peer, const struct conf *conf, struct err *e) RUKU_MUST_CHECK;

#endif
