/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the document of the interface that are the same in every installation: parameters, headers, answers and their
 * schemas, errors. Each is a row of a table.
 */
#ifndef RUKU_COMPONENT_H
#define RUKU_COMPONENT_H

#include "msg.h"

struct json_object;

#define COMPONENT_SCHEMAS "#/components/schemas/"
#define COMPONENT_PARAMETERS "#/components/parameters/"
#define COMPONENT_HEADERS "#/components/headers/"
#define COMPONENT_ANSWERS "#/components/responses/"
#define COMPONENT_PROBLEM "Problem" /* an answer's name is this with the status behind it */

/* {"schemas":…,"parameters":…,"headers":…,"responses":…}. `base` is put before the paths of problems in examples. The caller owns
 * what it gets here; NULL where memory is short. */
struct json_object *component_all(enum msg_lang lang, const char *base);

/* [{"code":…,"status":…,"message":…,"record":…}]: every error that a sender may meet; `record`: it is one of a record's, within `errors`. */
struct json_object *component_errors(enum msg_lang lang);

/* {"$ref":"…"} to a part of the document. */
struct json_object *component_ref(const char *where, const char *name);

#endif
