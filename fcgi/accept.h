/* SPDX-License-Identifier: Apache-2.0
 *
 * What a caller would like to have: the headers Accept and Accept-Language (RFC 9110 section 12.5).
 */
#ifndef RUKU_ACCEPT_H
#define RUKU_ACCEPT_H

#include <stdbool.h>

#include "attr.h"
#include "msg.h"

/* The language that an Accept-Language header asks for; Chinese where it says nothing of either. */
enum msg_lang accept_language(const char *header);

/* True where an Accept header names this media type itself, and not only by a wildcard. `type` in lower case; header may be NULL. */
bool accept_names(const char *header, const char *type);

/* Which of two media types an Accept header prefers: < 0 the first, > 0 the second, 0 neither. Each is a list that ends in NULL, of ranges in
 * lower case that it lies in, the closest first. header may be NULL. */
int accept_compare(const char *header, const char *const *first, const char *const *second);

#endif
