/* SPDX-License-Identifier: Apache-2.0
 *
 * A field of a category, and the table of field types: what each is called, which attributes it understands, how JSON
 * Schema names it. The check of a value is check.h.
 */
#ifndef RUKU_FIELD_H
#define RUKU_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "buf.h"
#include "gbtime.h"
#include "msg.h"

struct codelist;
struct idcode_format;
struct regex;

#define FIELD_NAME_MAX 64 /* bytes of a name or alias */

enum field_type {
    FIELD_STRING,
    FIELD_TEXT,
    FIELD_HTML,
    FIELD_INTEGER,
    FIELD_DECIMAL,
    FIELD_BOOLEAN,
    FIELD_DATE,
    FIELD_DATETIME,
    FIELD_TIME,
    FIELD_DURATION,
    FIELD_INTERVAL,
    FIELD_RECURRENCE,
    FIELD_URL,
    FIELD_CODE,
    FIELD_OBJECT,
    FIELD_TYPE_N
};

/* Attributes that not every type understands; a type's row says which it does. */
enum field_attr {
    ATTR_LENGTH = 1 << 0,   /* min_length, max_length */
    ATTR_RANGE = 1 << 1,    /* min, max */
    ATTR_PATTERN = 1 << 2,  /* pattern */
    ATTR_CODELIST = 1 << 3, /* codelist */
    ATTR_DEFAULT = 1 << 4,  /* default */
    ATTR_INPUT = 1 << 5,    /* input */
    ATTR_FORMATS = 1 << 6,  /* formats */
    ATTR_OFFSET = 1 << 7,   /* assume_offset */
    ATTR_FORMAT = 1 << 8,   /* format */
    ATTR_ENCRYPT = 1 << 9   /* encrypt */
};

struct field_type_info {
    const char *name;             /* as the INI file writes it */
    unsigned attrs;               /* bits of enum field_attr */
    bool quoted;                  /* its value is a JSON string */
    const char *json_type;        /* of JSON Schema */
    const char *json_format;      /* of JSON Schema, or NULL */
    const char *noun; /* what a message says was expected */
};

extern const struct field_type_info field_types[FIELD_TYPE_N];

/* Of the types with ATTR_FORMATS: what `formats` may list, and the forms of a field without it; bits of gbtime_form. */
struct field_forms {
    unsigned allowed, usual;
};
extern const struct field_forms field_forms[FIELD_TYPE_N];

struct field;

/* The fields of a category or of an object, found by name in constant time. */
struct fields {
    struct field *items; /* owned, in the order of the file */
    size_t count;
    uint16_t *slots; /* owned; open addressing, index + 1, 0 is empty */
    size_t slot_mask;
    bool aliased;  /* a field of them has an alias */
    bool personal; /* a field of them is personal, or a member of one is */
    bool encrypted; /* a field of them is */
};

struct field {
    char *name;
    char *label, *label_en, *description; /* owned, NULL where not given */
    char *deprecated;                     /* owned: what to do instead; NULL: it is not */
    char **aliases;                       /* owned, other names that a sender may use */
    size_t alias_count;
    enum field_type type;
    bool required, multiple, index, lenient;
    bool encrypt;                   /* stored sealed: see sealing.h; then it is personal, too */
    bool personal;                  /* masked wherever this program shows values: see mask.h */
    bool has_min_length;
    bool canonical;                 /* a value of GB/T 7408.1 is stored in its canonical form */
    unsigned formats;               /* what the attribute lists, bits of gbtime_form; 0: not given */
    struct gbtime_rules rules;      /* of such a value */
    int64_t min_length, max_length; /* characters; max_length < 0: no limit */
    char *min, *max;                /* owned plain decimals, or NULL */
    char *pattern;                  /* owned, or NULL */
    struct regex *regex;            /* owned, of pattern */
    const struct idcode_format *format; /* NULL: none */
    char *codelist_name;            /* owned, or NULL */
    const struct codelist *codelist; /* borrowed from the catalog */
    char *fallback;                 /* owned text of `default`, or NULL */
    struct fields members;          /* of an object */
    char *file;                     /* owned: where it is defined */
    int line;
};

/* The field of that name, or -1. */
long fields_find(const struct fields *f, const char *name, size_t len);

/* The field that has the name as an alias, or -1. *alias_out: the alias, which lives as long as the field. */
long fields_find_alias(const struct fields *f, const char *name, size_t len, const char **alias_out);

/* Builds the table for fields_find and what is known of the fields as a whole; call it when items are complete. Returns
 * 0, or -1 where memory is short. */
int fields_index(struct fields *f) RUKU_MUST_CHECK;

/* Adds an empty field and returns it, or NULL where memory is short. Earlier pointers to items become stale. */
struct field *fields_add(struct fields *f);

/* Frees the fields, not the struct. */
void fields_clear(struct fields *f);

/* Frees what one field owns, not the struct. */
void field_clear(struct field *f);

/* Frees the aliases of a field: it has none then. */
void field_clear_aliases(struct field *f);

/* Copies a field with all it owns. Returns 0, or -1 where memory is short or a pattern fails. */
int field_copy(struct field *to, const struct field *from) RUKU_MUST_CHECK;

/* What a message calls the field: “标题”（title） or "Title" (title). */
void field_describe(const struct field *f, enum msg_lang lang, char *to, size_t size);

/* The fewest characters that a value may have: of a required text one, unless the category says otherwise in words. */
int64_t field_min_length(const struct field *f);

/* Sets canonical and rules from formats, when all attributes are read. */
void field_settle_forms(struct field *f);

/* True for a lower-case letter followed by lower-case letters, digits and '_' (also '-' where dash), 64 at most. */
bool field_is_name(const char *text, bool dash);

#endif
