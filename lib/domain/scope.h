/* SPDX-License-Identifier: Apache-2.0
 *
 * The scope of a token (RFC 6749 section 3.3): pairs CATEGORY/RESOURCE with one space between them, either of which may be "*" for
 * every one.
 */
#ifndef RUKU_SCOPE_H
#define RUKU_SCOPE_H

#include <stdbool.h>

#include "attr.h"

#define SCOPE_MAX_CHARS 1000
#define SCOPE_CODE_MAX 64

struct scope_pair {
    char category[SCOPE_CODE_MAX + 1], resource[SCOPE_CODE_MAX + 1];
};

/* Steps to the next pair of *text, which starts at the whole scope. Returns 1 with the pair, 0 at the end, -1 where what stands there
 * is no pair. */
int scope_next(const char **text, struct scope_pair *out) RUKU_MUST_CHECK;

/* True for one pair or more, and nothing else. */
bool scope_is_good(const char *text);

/* True where a pair allows what another one, or a category and resource, is. */
bool scope_pair_allows(const char *category, const char *resource, const char *wanted_category, const char *wanted_resource);

/* True where a scope allows a category and resource. */
bool scope_allows(const char *text, const char *category, const char *resource);

#endif
