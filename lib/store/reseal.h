/* SPDX-License-Identifier: Apache-2.0
 *
 * What is sealed with an old key of the server is sealed anew with the key in use, so that the old one can be given up. What a client sees
 * of a record does not change, its revision and the time of its last change included.
 */
#ifndef RUKU_RESEAL_H
#define RUKU_RESEAL_H

#include <stdint.h>

#include "attr.h"
#include "crypt.h"

struct db;
struct err;
struct keyring;

/* Goes through all records, with a commit for every hundred; hash: that of their digests, which are keyed and made anew as well. May be run beside the
 * service, and again. *renewed_out: records that were
 * changed; *broken_out: those that do not open, each of which the log is told, and which are left as they are. Returns 0 or -1. */
int reseal_records(struct db *db, const struct keyring *keys, enum crypt_hash hash, uint64_t *renewed_out, uint64_t *broken_out, struct err *e) RUKU_MUST_CHECK;

/* The same of the keys by which clients sign. */
int reseal_signing_keys(struct db *db, const struct keyring *keys, uint64_t *renewed_out, struct err *e) RUKU_MUST_CHECK;

#endif
