/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "views.h"

#include <stdbool.h>
#include <string.h>

#include "buf.h"
#include "category.h"
#include "db.h"
#include "err.h"
#include "field.h"
#include "sql.h"

#include "poison.h"

#define TEXT_MAX_BYTES ((size_t)8 * 1024 * 1024)

/* Records that were stored under an older version of their category may hold anything. So a value is looked at before
 * it is cast: a failed cast warns in a SELECT, and in strict mode it breaks an INSERT that selects from the view. The
 * patterns have no backslash, which would depend on the mode of the session. END is the very end; '$' would let a line
 * feed follow. */
#define END "(?!(?s:.))"
#define LEAP "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
#define DAY                                                                                                            \
    "(?!0000)([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|"                  \
    "02-(0[1-9]|1[0-9]|2[0-8]))|" LEAP ")"
#define TIME "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.,][0-9]+)?"
#define SHIFT "(Z|[+-]([01][0-9]|2[0-3])(:[0-5][0-9])?)"
/* Minutes from the zone that a date-time names to +08:00, and the minute of the day that it has there. */
#define TO_CHINA                                                                                                       \
    "(480 - CASE WHEN $v LIKE '%Z' THEN 0 "                                                                            \
    "WHEN $v REGEXP '[+-][0-9]{2}" END "' THEN 60 * CAST(RIGHT($v, 3) AS SIGNED) "                                     \
    "ELSE 60 * CAST(LEFT(RIGHT($v, 6), 3) AS SIGNED) + CAST(CONCAT(LEFT(RIGHT($v, 6), 1), RIGHT($v, 2)) AS SIGNED) END)"
#define MINUTE "60 * CAST(SUBSTR($v, 12, 2) AS SIGNED) + CAST(SUBSTR($v, 15, 2) AS SIGNED) + " TO_CHINA

/* How a type becomes a column. In the text $v stands for the value as unescaped text, NULL where it is null or no
 * scalar, and $j for it as JSON. MariaDB's JSON_VALUE is not limited in length. */
static const char as_text[] = "$v";
static const char as_json[] = "NULLIF($j, 'null')";
static const char *const columns[FIELD_TYPE_N] = {
    [FIELD_STRING] = as_text,
    [FIELD_TEXT] = as_text,
    [FIELD_HTML] = as_text,
    [FIELD_TIME] = as_text,
    [FIELD_DURATION] = as_text,
    [FIELD_INTERVAL] = as_text,
    [FIELD_RECURRENCE] = as_text,
    [FIELD_URL] = as_text,
    [FIELD_CODE] = as_text,
    [FIELD_OBJECT] = as_json,
    [FIELD_BOOLEAN] = "CASE $j WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END",
    [FIELD_INTEGER] = "CASE WHEN $v REGEXP '^-?[0-9]{1,19}" END "' AND CAST($v AS DECIMAL(19)) BETWEEN "
                      "-9223372036854775808 AND 9223372036854775807 THEN CAST($v AS SIGNED) END",
    /* Digits beyond the tenth place are cut off, not rounded: a number at the edge would not fit any more. */
    [FIELD_DECIMAL] = "CASE WHEN $v REGEXP '^-?[0-9]{1,28}([.][0-9]+)?" END "' "
                      "THEN CAST(REGEXP_SUBSTR($v, '^-?[0-9]+([.][0-9]{1,10})?') AS DECIMAL(38,10)) END",
    [FIELD_DATE] = "CASE WHEN $v REGEXP '^" DAY END "' THEN CAST($v AS DATE) END",
    /* At +08:00, by arithmetic: CONVERT_TZ stops in 2038. A leap second is the second before it, as in published_at.
     * What that moves out of the years 1 to 9999 is NULL. */
    [FIELD_DATETIME] = "CASE WHEN $v REGEXP '^" DAY "T" TIME SHIFT END "' "
                       "AND (LEFT($v, 10) <> '9999-12-31' OR " MINUTE " < 1440) "
                       "AND (LEFT($v, 10) <> '0001-01-01' OR " MINUTE " >= 0) "
                       "THEN CAST(REPLACE(LEFT($v, 19), ':60', ':59') AS DATETIME) + INTERVAL " TO_CHINA " MINUTE END",
};

/* The columns that every view has, before those of the fields. */
static const struct {
    const char *name, *from;
} fixed[] = {
    {"client_id", "c.client_id"}, {"resource", "r.resource"},     {"id", "r.id"}, {"revision", "r.revision"},
    {"batch", "r.batch"},         {"created_at", "r.created_at"}, {"updated_at", "r.updated_at"},
};

#define FIXED_COUNT (sizeof(fixed) / sizeof(fixed[0]))

static void add_quoted(struct buf *to, char quote, const char *text)
{
    buf_add_char(to, quote);
    for (; *text != '\0'; text++) {
        if (*text == quote || *text == '\\')
            buf_add_char(to, *text);
        buf_add_char(to, *text);
    }
    buf_add_char(to, quote);
}

static bool is_taken(const struct category *category, const char *name, size_t len)
{
    for (size_t i = 0; i < FIXED_COUNT; i++)
        if (strlen(fixed[i].name) == len && memcmp(fixed[i].name, name, len) == 0)
            return true;
    return fields_find(&category->fields, name, len) >= 0;
}

/* A field that is called like a fixed column gets _ behind its name, as often as it takes to be alone. */
static void add_column_name(struct buf *to, const struct category *category, const struct field *f)
{
    struct buf name;
    buf_init(&name, 128);
    buf_add_text(&name, f->name);
    for (size_t i = 0; i < FIXED_COUNT; i++) {
        if (strcmp(fixed[i].name, f->name) != 0)
            continue;
        while (!buf_failed(&name) && is_taken(category, buf_text(&name), name.len))
            buf_add_char(&name, '_');
    }
    add_quoted(to, '`', buf_text(&name));
    buf_free(&name);
}

static void add_value(struct buf *to, const char *function, const char *field)
{
    buf_add_text(to, function);
    buf_add_text(to, "(r.fields, '$.");
    buf_add_text(to, field); /* a checked name: letters, digits and _ */
    buf_add_text(to, "')");
}

/* 2024-10 is no DATE and 15:30 has no seconds that a DATETIME could hold: a field that takes such is text. */
static const char *column_of(const struct field *f)
{
    unsigned dates = f->type == FIELD_DATE ? GBTIME_REDUCED_DATES : 0;
    unsigned times = f->type == FIELD_DATETIME ? GBTIME_MINUTES | GBTIME_HOURS : 0;
    if (f->multiple)
        return as_json;
    return (f->rules.forms & (dates | times)) != 0 ? as_text : columns[f->type];
}

static void add_column(struct buf *to, const struct field *f)
{
    for (const char *p = column_of(f); *p != '\0'; p++) {
        if (*p != '$') {
            buf_add_char(to, *p);
            continue;
        }
        p++;
        add_value(to, *p == 'j' ? "JSON_EXTRACT" : "JSON_VALUE", f->name);
    }
}

static void add_view_name(struct buf *to, const struct category *category)
{
    buf_add_text(to, "`v_");
    buf_add_text(to, category->code); /* a checked name: letters, digits, _ and - */
    buf_add_char(to, '`');
}

void views_text(const struct category *category, struct buf *to)
{
    buf_add_text(to, "CREATE OR REPLACE VIEW ");
    add_view_name(to, category);
    buf_add_text(to, " AS SELECT ");
    for (size_t i = 0; i < FIXED_COUNT; i++) {
        if (i > 0)
            buf_add_text(to, ", ");
        buf_add_text(to, fixed[i].from);
        buf_add_text(to, " AS ");
        add_quoted(to, '`', fixed[i].name);
    }
    for (size_t i = 0; i < category->fields.count; i++) {
        buf_add_text(to, ", ");
        add_column(to, &category->fields.items[i]);
        buf_add_text(to, " AS ");
        add_column_name(to, category, &category->fields.items[i]);
    }
    buf_add_text(to, " FROM record r JOIN client c ON c.id = r.client WHERE r.state = 'live' AND r.category = ");
    add_quoted(to, '\'', category->code);
}

int views_create(struct db *db, const struct category *category, struct err *e)
{
    struct buf text;
    if (strlen(category->code) > VIEWS_CODE_MAX)
        return err_set(e, MSG_CONFIG, "category %s: its code is too long for the name of a view; %d characters at most",
                       category->code, VIEWS_CODE_MAX);
    buf_init(&text, TEXT_MAX_BYTES);
    views_text(category, &text);
    int rc = buf_failed(&text) ? err_set(e, MSG_INTERNAL, "out of memory") : db_exec(db, buf_text(&text), e);
    if (rc != 0)
        err_prefix(e, "view v_%s", category->code);
    buf_free(&text);
    return rc;
}

int views_names(struct db *db, struct buf *to, struct err *e)
{
    int got;
    if (db_query(db, SQL_VIEW_NAMES, NULL, 0, e) != 0)
        return -1;
    while ((got = db_fetch(db, e)) == 1) {
        size_t len;
        const char *name = db_column(db, 0, &len);
        buf_add(to, name, len + 1);
    }
    db_end(db);
    return got;
}
