/* SPDX-License-Identifier: Apache-2.0
 *
 * The only user of PCRE2: the `pattern` of a field. Patterns see characters, not bytes, and '$' matches only at the
 * very end, as in JSON Schema. A match that would take too long is given up, so no pattern can hang a worker; one
 * that is not anchored by ^ is not tried on texts over 16 KiB.
 */
#ifndef RUKU_REGEX_H
#define RUKU_REGEX_H

#include <stddef.h>

#include "attr.h"

struct regex;

/* Compiles a UTF-8 pattern. NULL on failure, with a sentence in why (of why_size bytes). */
struct regex *regex_new(const char *pattern, char *why, size_t why_size) RUKU_MUST_CHECK;

void regex_free(struct regex *re);

/* Searches well-formed UTF-8 text: 1 found, 0 not found, -1 given up. */
int regex_match(const struct regex *re, const char *text, size_t len) RUKU_MUST_CHECK;

#endif
