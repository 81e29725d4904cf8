/* SPDX-License-Identifier: Apache-2.0
 *
 * A body that comes with its digest: held back, in memory and then in a temporary file, until its last byte is there and the digest is
 * found right. Nothing of one that was changed on the way is ever read.
 */
#ifndef RUKU_VERIFIED_H
#define RUKU_VERIFIED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "attr.h"
#include "body.h"
#include "buf.h"
#include "crypt.h"
#include "source.h"

struct err;

struct verified_options {
    int64_t announced, max; /* bytes, as struct body has them */
    size_t memory;          /* bytes that are held without a file */
    const char *dir;        /* of the file; borrowed */
    enum crypt_hash hash;
    unsigned char digest[CRYPT_DIGEST_SIZE];
};

struct verified {
    struct source source; /* read this one */
    struct body body;
    struct verified_options options;
    struct crypt_stream *stream;
    struct buf held; /* what is not in the file */
    int fd;
    off_t stored, read; /* bytes in the file, and read back from it */
    size_t at;          /* in `held` */
    bool complete;
};

/* `from` is borrowed, nothing is read yet. Returns 0, or -1 (class busy) where memory is short. verified_end in any case. */
int verified_begin(struct verified *v, struct source *from, const struct verified_options *options, struct err *e) RUKU_MUST_CHECK;
void verified_end(struct verified *v);

#endif
