/* SPDX-License-Identifier: Apache-2.0
 *
 * Entries of the audit, and the chains that they form: each holds the hash of the one before it, so that none can be changed, taken out or
 * put in without a trace. A process that writes has a chain of its own.
 */
#ifndef RUKU_AUDIT_H
#define RUKU_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "crypt.h"

struct buf;

#define AUDIT_WRITER_CHARS 16

struct audit_entry {
    char writer[AUDIT_WRITER_CHARS + 1];
    int64_t seq;
    char at[27]; /* 2024-10-09 15:30:00.123456, of +08:00 */
    char actor[129], address[64], action[65], subject[201], result[33], detail[501], request_id[21];
    unsigned char prev[CRYPT_DIGEST_SIZE], hash[CRYPT_DIGEST_SIZE];
};

/* Where a chain has got to. */
struct audit_chain {
    char writer[AUDIT_WRITER_CHARS + 1];
    int64_t seq;
    unsigned char last[CRYPT_DIGEST_SIZE];
};

/* Starts a chain under a random name. */
void audit_begin(struct audit_chain *c);

/* Puts text from outside into a member of an entry: what is no UTF-8 or a control becomes '?', what is too long is cut, and
 * ends with three dots. */
void audit_set(char *to, size_t size, const char *text, size_t len);

/* Sets the time to now, and makes the entry the next of the chain. */
void audit_seal(struct audit_chain *c, struct audit_entry *e);

/* The hash that an entry should have. */
void audit_hash(const struct audit_entry *e, unsigned char to[CRYPT_DIGEST_SIZE]);

/* Appends the entry as one line of JSON. */
void audit_line(const struct audit_entry *e, struct buf *to);

#endif
