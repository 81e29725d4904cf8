/* SPDX-License-Identifier: Apache-2.0
 *
 * The other names of fields, when categories are put together: a name that is sent must mean one field. How the names
 * of a record are looked up is in field.h.
 */
#ifndef RUKU_ALIAS_H
#define RUKU_ALIAS_H

#include <stdbool.h>

struct field;
struct fields;
struct report;

/* Takes the aliases of an inherited field away that are a name or alias of one of these fields. */
void alias_yield(struct field *f, const struct fields *to);

/* Reports each alias of f, one of `fields`, that has another meaning already. `top`: they are the fields of the record
 * itself. */
void alias_check(const struct fields *fields, bool top, const struct field *f, struct report *r);

#endif
