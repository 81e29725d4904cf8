/* SPDX-License-Identifier: Apache-2.0
 *
 * The words around gbtime.h: what the attribute `formats` of a field may list, and the sentences that tell which rule of
 * GB/T 7408.1-2023 a value breaks.
 */
#ifndef RUKU_GBWORDS_H
#define RUKU_GBWORDS_H

#include <stddef.h>

#include "gbtime.h"
#include "msg.h"

/* The words of `formats`, each with the form that it allows; the last row has no word. */
struct gbwords_form {
    const char *word;
    enum gbtime_form form;
};
extern const struct gbwords_form gbwords_forms[GBTIME_FORM_N + 1];

/* Reads a list of words with commas between them. Returns the forms, or 0 where one is not among `allowed`. */
unsigned gbwords_read(const char *text, unsigned allowed);

/* Writes the words of the forms with ", " between them; returns to. */
const char *gbwords_list(char *to, size_t size, unsigned forms);

/* The broken rule as the part of a sentence that follows a colon. */
const char *gbwords_why(enum gbtime_reason why, enum msg_lang lang);

#endif
