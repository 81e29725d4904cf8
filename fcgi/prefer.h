/* SPDX-License-Identifier: Apache-2.0
 *
 * The Prefer header (RFC 7240): which of its preferences a push honours.
 */
#ifndef RUKU_PREFER_H
#define RUKU_PREFER_H

#include <stdbool.h>

struct prefer {
    bool lenient;        /* handling=lenient */
    bool strict;         /* handling=strict, said in so many words */
    bool representation; /* return=representation */
};

/* Reads a header, or several that were joined by commas; NULL prefers nothing. Of a preference that stands twice the first counts, what
 * is not known or malformed is passed over, as the RFC has it. */
struct prefer prefer_parse(const char *header);

#endif
