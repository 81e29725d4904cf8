/* SPDX-License-Identifier: Apache-2.0
 *
 * What a change of categories and code lists means for those who push, and for what is stored.
 */
#ifndef RUKU_SCHEMADIFF_H
#define RUKU_SCHEMADIFF_H

#include <stddef.h>

struct catalog;

/* From the worst on: the first three may refuse what was good. */
enum schemadiff_kind {
    SCHEMADIFF_REMOVED,  /* it is refused from now on */
    SCHEMADIFF_REQUIRED, /* it must come from now on */
    SCHEMADIFF_NARROWED, /* fewer values are good */
    SCHEMADIFF_WIDENED,  /* more values are good */
    SCHEMADIFF_ADDED,    /* it may come from now on */
    SCHEMADIFF_DEPRECATED,
    SCHEMADIFF_NEUTRAL,  /* no value is judged otherwise */
    SCHEMADIFF_KIND_N
};

/* The kinds as words, "narrowed" and so on: in English, to be translated where they are printed. */
extern const char *const schemadiff_words[SCHEMADIFF_KIND_N];

struct schemadiff_sink {
    /* One difference: where in the category ("" for all of it), and what, in the program's language. Borrowed. */
    void (*found)(void *context, enum schemadiff_kind kind, const char *category, const char *place, const char *what);
    /* The category is another one, and its version is the same, or it has none (NULL). */
    void (*unversioned)(void *context, const char *category, const char *version);
    void *context;
};

/* Compares every category. Returns how many differences may refuse what was good. */
size_t schemadiff_run(const struct catalog *before, const struct catalog *after, const struct schemadiff_sink *sink);

#endif
