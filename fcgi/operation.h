/* SPDX-License-Identifier: Apache-2.0
 *
 * What the document of the interface tells of each route beside what the table of routes knows: names of parameters, words, which answers there are. One row a route; test_openapi holds the two tables together.
 */
#ifndef RUKU_OPERATION_H
#define RUKU_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

#include "msg.h"

enum operation_tag { TAG_RECORDS, TAG_TOKEN, TAG_CATEGORIES, TAG_RECEIPTS, TAG_CLASSIC, TAG_SERVICE, TAG_N };

struct operation_tag_row {
    const char *name;
    const char *text;
};

extern const struct operation_tag_row operation_tags[TAG_N];

/* What a request carries: BODY_PUSH and BODY_ONE have the fields of one category. */
enum operation_body { BODY_NONE, BODY_PUSH, BODY_ONE, BODY_TOKEN, BODY_TOKEN_OWN, BODY_CLASSIC_TOKEN, BODY_CLASSIC_PUSH, BODY_N };

#define OPERATION_ANSWERS_MAX 4

/* An answer that is no problem: its status ("default" too), and its name among the components. */
struct operation_answer {
    const char *status, *name;
};

struct operation {
    const char *method, *path; /* parameters by name: {category} */
    const char *id;
    enum operation_tag tag;
    bool typed; /* told for each category by itself, since its body or its answer has that category's fields */
    enum operation_body body;
    const char *parameters; /* names among the components, a space after each but the last; without those of the path */
    struct operation_answer answers[OPERATION_ANSWERS_MAX];
    const char *problems; /* statuses beside those that follow from the table of routes, written the same way */
    const char *summary;
    const char *text; /* what else there is to say, in Markdown; NULL: nothing */
};

/* The row of a route, whose path has {} for each parameter; NULL where there is none. */
const struct operation *operation_find(const char *method, const char *path);

/* The rows in their order, and NULL behind the last. */
const struct operation *operation_at(size_t i);

#endif
