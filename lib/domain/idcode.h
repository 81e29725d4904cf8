/* SPDX-License-Identifier: Apache-2.0
 *
 * Codes of national standards whose places obey rules, most of them with a check character: what `format` of a field
 * may name. One table; a refusal tells which rule was broken.
 */
#ifndef RUKU_IDCODE_H
#define RUKU_IDCODE_H

#include <stddef.h>

#include "msg.h"

enum idcode_reason {
    IDCODE_OK,
    IDCODE_LENGTH,
    IDCODE_ALPHABET, /* a character that may not stand in its place */
    IDCODE_PROVINCE, /* the first two digits are no region of the first level */
    IDCODE_NESTING,  /* a county without the city it lies in */
    IDCODE_DATE,
    IDCODE_CHECK, /* the last character does not fit the others */
    IDCODE_REASON_N
};

struct idcode_format {
    const char *name;                 /* as the INI file writes it */
    const char *places;               /* a letter for each place: which characters may stand there */
    const char *pattern;              /* what of the rules a regular expression says */
    enum idcode_reason (*rule)(const char *text); /* the others; length and characters have been looked at */
    const char *noun;     /* what a message calls it */
    const char *alphabet; /* the rule of the characters, as the part of a sentence that follows a colon */
};

/* The last row has no name. */
extern const struct idcode_format idcode_formats[];

/* The format of this name, or NULL. */
const struct idcode_format *idcode_find(const char *name);

/* IDCODE_OK, or the first rule that the text breaks. */
enum idcode_reason idcode_check(const struct idcode_format *f, const char *text, size_t len);

/* Writes the broken rule as the part of a sentence that follows a colon. */
void idcode_why(const struct idcode_format *f, enum idcode_reason why, enum msg_lang lang, char *to, size_t size);

#endif
