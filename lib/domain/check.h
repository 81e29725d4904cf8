/* SPDX-License-Identifier: Apache-2.0
 *
 * The check of one value against its field: type, length, range, pattern, code list, date.
 */
#ifndef RUKU_CHECK_H
#define RUKU_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "gbtime.h"
#include "msg.h"
#include "scan.h"

struct field;

#define CHECK_FAULTS_MAX 3
#define CHECK_DECIMAL_DIGITS 65 /* what MariaDB's DECIMAL holds */

struct value {
    enum scan_kind kind;
    const char *text; /* of a string: unescaped; of a number: as written; else not used */
    size_t len;
    size_t chars;
    bool integer; /* of a number */
};

struct checked {
    int fault_count;
    struct msg faults[CHECK_FAULTS_MAX];
    bool has_time; /* date or datetime: time is set */
    struct gbtime time;
    bool replaced; /* strict is to be stored in place of what was sent */
    char strict[GBTIME_SPAN_SIZE];
};

/* Checks a value that is not an object or array. Faults are worded for lang where they name the field. */
void check_value(const struct field *f, const struct value *v, enum msg_lang lang, struct checked *out);

/* Words the fault "the value is of the wrong kind". */
void check_wrong_kind(const struct field *f, bool list, enum scan_kind got, enum msg_lang lang, struct msg *out);

/* Starts a fault about a field. */
void check_fault(struct msg *out, enum msg_id id, const struct field *f, enum msg_lang lang);

/* What a message calls a kind of JSON value. */
const char *check_kind_noun(enum scan_kind kind, enum msg_lang lang);

#endif
