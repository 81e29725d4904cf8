/* SPDX-License-Identifier: Apache-2.0
 *
 * The records that show how a category is used: sample/<category>.json in the schema folders. What is shown as an example has been
 * checked like a push, so that it is one.
 */
#ifndef RUKU_SAMPLE_H
#define RUKU_SAMPLE_H

#include <stddef.h>

struct category;
struct conf;
struct json_object;

/* The first records of the category's sample file that are good by the category as it is now, up to `most`, as an array: that of
 * [schema] extra_dir, or of dir. NULL where there is no such file or no such record. The caller owns the array. */
struct json_object *sample_load(const struct conf *conf, const struct category *category, size_t most);

#endif
