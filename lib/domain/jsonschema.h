/* SPDX-License-Identifier: Apache-2.0
 *
 * A category as other systems read it: its resources, and its fields as JSON Schema 2020-12.
 */
#ifndef RUKU_JSONSCHEMA_H
#define RUKU_JSONSCHEMA_H

struct category;
struct json_object;

/* Code, names and resources. The caller owns the object (json_object_put); NULL where memory is short. */
struct json_object *jsonschema_summary(const struct category *c);

/* The JSON Schema of one record. The caller owns the object; NULL where memory is short. */
struct json_object *jsonschema_record(const struct category *c);

#endif
