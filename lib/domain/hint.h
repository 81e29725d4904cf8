/* SPDX-License-Identifier: Apache-2.0
 *
 * What is told of a member that is no field: its name, and the name that was meant where one is near.
 */
#ifndef RUKU_HINT_H
#define RUKU_HINT_H

#include <stdbool.h>
#include <stddef.h>

#include "msg.h"

struct fields;

/* Words the fault "there is no such field", with a hint in lang. `top`: these are the fields of the record itself,
 * where id and version may be meant too. */
void hint_unknown(struct msg *out, const struct fields *fields, bool top, const char *name, size_t len,
                  enum msg_lang lang);

/* The same without looking for a hint, which takes its time. */
void hint_none(struct msg *out, const char *name, size_t len);

#endif
