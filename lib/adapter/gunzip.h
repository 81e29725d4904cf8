/* SPDX-License-Identifier: Apache-2.0
 *
 * Expands gzip (RFC 1952) while it is read; the only user of zlib. Several members in a row are one text, as the RFC has it.
 */
#ifndef RUKU_GUNZIP_H
#define RUKU_GUNZIP_H

#include <stdint.h>

#include "attr.h"
#include "source.h"

struct gunzip;

/* Makes a source of what `from` (borrowed) holds compressed. More than max_ratio times the compressed bytes, once a megabyte has come
 * out, is taken for a bomb: an error of class too_large. What is not gzip, or is cut off (nothing at all is both), is one of class input. NULL where memory
 * is short. */
struct gunzip *gunzip_new(struct source *from, int64_t max_ratio) RUKU_MUST_CHECK;

/* The source to read; it lives as long as the gunzip. */
struct source *gunzip_source(struct gunzip *g);

/* Takes NULL too. */
void gunzip_free(struct gunzip *g);

#endif
