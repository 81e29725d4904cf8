/* SPDX-License-Identifier: Apache-2.0
 *
 * The bodies of requests in the document of the interface, with examples that a push takes as they stand.
 */
#ifndef RUKU_APIBODY_H
#define RUKU_APIBODY_H

#include "operation.h"

struct category;
struct json_object;

#define APIBODY_WHERE "#/components/requestBodies/"

/* How each kind is named among the components; behind a full stop follows the category's code, or "any". */
extern const char *const apibody_names[BODY_N];

/* Each makes the body of its kind, which the caller owns. `sample` has records for its examples (borrowed), or is NULL: then it has none.
 * The classic push shows a push to the first resource of the category. */
struct json_object *apibody_push(const struct category *c, struct json_object *sample);
struct json_object *apibody_one(const struct category *c, struct json_object *sample);
struct json_object *apibody_token(void);
struct json_object *apibody_own_token(void);
struct json_object *apibody_classic_token(void);
struct json_object *apibody_classic_push(const struct category *c, struct json_object *sample);

#endif
