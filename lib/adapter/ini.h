/* SPDX-License-Identifier: Apache-2.0
 *
 * INI files, read by iniparser. iniparser keeps the last of two equal keys, merges equal sections, lower-cases names
 * and cuts a value at ';' or '#', all without a word; so every line is also looked at here, and what an
 * administrator would not have meant is a fault with file and line.
 */
#ifndef RUKU_INI_H
#define RUKU_INI_H

#include <stddef.h>

#include "attr.h"

struct report;

struct ini_section {
    const char *name;    /* lower case */
    const char *written; /* with the case it has in the file */
    int line;
};

struct ini_entry {
    size_t section;      /* index of its section */
    const char *key;     /* lower case */
    const char *written; /* the key with the case it has in the file */
    const char *value;   /* as iniparser reads it: trimmed, unquoted, without comment; never NULL */
    int line;
};

struct ini {
    const char *path;
    const struct ini_section *sections; /* in the order of the file */
    size_t section_count;
    const struct ini_entry *entries; /* in the order of the file */
    size_t entry_count;
    struct ini_state *state;
};

/* Reads a file and adds every fault of its form to the report: not UTF-8, a section or key twice, a line that is neither, a value
 * that would be cut. Returns it, so that its content can be checked too, or NULL where it cannot be read at all; the caller tells
 * from the report's count whether it is good. The caller frees it with ini_free. */
struct ini *ini_load(const char *path, struct report *r) RUKU_MUST_CHECK;

void ini_free(struct ini *ini);

/* The section with this (lower-case) name, or -1. */
long ini_find_section(const struct ini *ini, const char *name);

/* The entry of a section with this (lower-case) key, or NULL. */
const struct ini_entry *ini_find(const struct ini *ini, size_t section, const char *key);

#endif
