/* SPDX-License-Identifier: Apache-2.0
 *
 * A push in XML, as a source of the same push in JSON, so that both go through the same checks: `<records>` with a `<record>` for each, or one
 * `<record>`; in it an element for each field, in a list an `<item>` for each value. The types of the fields say what is a number. Memory is
 * bounded by the largest record.
 */
#ifndef RUKU_XMLIN_H
#define RUKU_XMLIN_H

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "source.h"

struct category;
struct xmlin;

/* Makes a source of what `from` holds as XML. An element that is no field comes as null under its name; one that holds elements where a single
 * value is wanted, or is no list where one is wanted, as {}: the check tells of both. What cannot be told so is an error of class input. More
 * than max_body bytes of XML, or a value of more than max_record, are one of class too_large. Everything is borrowed. NULL where memory is
 * short. */
struct xmlin *xmlin_new(struct source *from, const struct category *category, int64_t max_body, size_t max_record) RUKU_MUST_CHECK;

/* The source to read; it lives as long as the xmlin. */
struct source *xmlin_source(struct xmlin *x);

/* Takes NULL too. */
void xmlin_free(struct xmlin *x);

#endif
