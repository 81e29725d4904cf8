/* SPDX-License-Identifier: Apache-2.0
 *
 * Records whose category has fields with `encrypt = yes`. What is stored of such a value is {"sm4gcm":"SEALED"} (seal.h), which no value of
 * such a field could be; and the digest of such a record is keyed, since a plain one would tell who guesses its values that they are right.
 */
#ifndef RUKU_SEALING_H
#define RUKU_SEALING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "buf.h"
#include "crypt.h"
#include "scan.h"

struct category;
struct err;
struct keyring;

#define SEALING_MEMBER "sm4gcm"

/* Of which record: sealed values open in this one only. */
struct sealing_place {
    int64_t client; /* the key of its row */
    const char *category, *resource;
    const char *id;
    size_t id_len;
};

/* Memory that one record needs, for use again by the next. */
struct sealing {
    const struct keyring *keys; /* borrowed */
    struct scan scan;
    struct buf about, text;
    struct buf record; /* what was made of the last one */
    unsigned char which[CRYPT_DIGEST_SIZE]; /* the names of its sealed fields, in no order */
};

/* keys may be NULL where nothing will be sealed or opened. Returns 0, or -1 where memory is short. sealing_free takes a zeroed one. */
int sealing_init(struct sealing *s, const struct keyring *keys) RUKU_MUST_CHECK;
void sealing_free(struct sealing *s);

/* True where a record has a sealed value. */
bool sealing_has(const char *json, size_t len);

/* Makes s->record of a record, its marked values sealed. Returns 0 or -1 (class internal). */
int sealing_seal(struct sealing *s, const struct category *category, const struct sealing_place *place, const char *json, size_t len,
                 struct err *e) RUKU_MUST_CHECK;

/* Makes s->record of a stored record, its sealed values opened; the category need not mark them any more. Returns 0, or -1 (class internal):
 * a key is not there, or a value was changed or moved. */
int sealing_open(struct sealing *s, const struct sealing_place *place, const char *json, size_t len, struct err *e) RUKU_MUST_CHECK;

/* The same for a record that may have no sealed value, put in its place: *json and *len then tell of s->record. Returns 0 or -1, as above. */
int sealing_read(struct sealing *s, const struct sealing_place *place, const char **json, size_t *len, struct err *e) RUKU_MUST_CHECK;

/* Makes s->record of a stored record, its sealed values sealed anew with the key in use. Returns 0 or -1, as above. */
int sealing_renew(struct sealing *s, const struct sealing_place *place, const char *json, size_t len, struct err *e) RUKU_MUST_CHECK;

/* Puts the keyed digest of the record that was made last in place of its digest. Where other fields are sealed it is another one, so that a mark
 * that comes or goes changes what is stored. Returns 0 or -1 (class internal). */
int sealing_digest(const struct sealing *s, unsigned char digest[CRYPT_DIGEST_SIZE], struct err *e) RUKU_MUST_CHECK;

/* True where every sealed value of a record is sealed with the key in use. */
bool sealing_is_current(const struct keyring *keys, const char *json, size_t len);

#endif
