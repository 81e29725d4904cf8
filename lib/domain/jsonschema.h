/* SPDX-License-Identifier: Apache-2.0
 *
 * A category as other systems read it: its resources, and its fields as JSON Schema 2020-12.
 */
#ifndef RUKU_JSONSCHEMA_H
#define RUKU_JSONSCHEMA_H

#include "buf.h"
#include "msg.h"

struct category;
struct codelist;
struct json_object;

/* Where a document that has many of these schemas keeps them, and how those of code lists are named there. */
#define JSONSCHEMA_COMPONENTS "#/components/schemas/"
#define JSONSCHEMA_CODES "codes."

/* Code, names and resources. The caller owns the object (json_object_put); NULL where memory is short. */
struct json_object *jsonschema_summary(const struct category *c);

/* The JSON Schema of one record. The caller owns the object; NULL where memory is short. */
struct json_object *jsonschema_record(const struct category *c);

/* Appends the same as a document for people to read. */
void jsonschema_write(struct buf *to, const struct category *c);

/* The same as a part of such a document: titles in its language, code lists by reference, and the id not required, for the path
 * may have it. */
struct json_object *jsonschema_fields(const struct category *c, enum msg_lang lang);

/* A code list as such a part. */
struct json_object *jsonschema_codes(const struct codelist *list, enum msg_lang lang);

#endif
