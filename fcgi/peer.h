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
    bool secure;
};

void peer_find(const struct request_facts *facts, const struct conf *conf, struct peer *out);

/* Refuses who is in no allowed network, and, where need_https, who did not come by HTTPS though the configuration requires it. Returns 0,
 * or -1 (class denied). */
int peer_check(const struct peer *peer, const struct conf *conf, bool need_https, struct err *e) RUKU_MUST_CHECK;

#endif
