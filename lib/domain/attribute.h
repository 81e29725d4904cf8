/* SPDX-License-Identifier: Apache-2.0
 *
 * The attributes that a category file may give a field: one table, with who may have each and how its text is taken.
 */
#ifndef RUKU_ATTRIBUTE_H
#define RUKU_ATTRIBUTE_H

struct field;

struct attribute {
    const char *name;
    unsigned needs; /* bits of enum field_attr; 0: every type has it */
    /* Takes the attribute's text, in place of what was given before. Returns NULL, or what the value must be: a text
     * that stays valid until the next call. */
    const char *(*set)(struct field *f, const char *value);
};

/* The attribute of this name, or NULL. */
const struct attribute *attribute_find(const char *name);

#endif
