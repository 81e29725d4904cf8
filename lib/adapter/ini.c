/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "ini.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_INIPARSER_INIPARSER_H
#include <iniparser/iniparser.h>
#else
#include <iniparser.h>
#endif

#include "crypt.h"
#include "report.h"
#include "utf8.h"
#include "words.h"

#include "poison.h"

/* iniparser reads lines of up to 1024 bytes; a longer one makes it refuse the whole file. */
#define LINE_LIMIT 1000

struct ini_state {
    dictionary *dictionary; /* owns every value */
    struct ini_section *sections;
    struct ini_entry *entries;
    char *path;
};

/* What scanning a file needs to know while it goes from line to line. */
struct scanner {
    struct ini *ini;
    struct report *report;
    int line;
    bool out_of_memory;
};

static char *trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    char *end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return text;
}

static char *lower_copy(const char *text)
{
    char *copy = strdup(text);
    for (char *p = copy; p != NULL && *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    return copy;
}

long ini_find_section(const struct ini *ini, const char *name)
{
    for (size_t i = 0; i < ini->section_count; i++)
        if (strcmp(ini->sections[i].name, name) == 0)
            return (long)i;
    return -1;
}

const struct ini_entry *ini_find(const struct ini *ini, size_t section, const char *key)
{
    for (size_t i = 0; i < ini->entry_count; i++)
        if (ini->entries[i].section == section && strcmp(ini->entries[i].key, key) == 0)
            return &ini->entries[i];
    return NULL;
}

static void *grow(struct scanner *s, void *array, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return array;
    void *bigger = realloc(array, (count == 0 ? 1 : count * 2) * size);
    if (bigger == NULL)
        s->out_of_memory = true;
    return bigger;
}

static void add_section(struct scanner *s, const char *written)
{
    struct ini_state *state = s->ini->state;
    struct ini_section *sections = grow(s, state->sections, s->ini->section_count, sizeof(*sections));
    char *name = lower_copy(written);
    char *copy = strdup(written);
    if (sections != NULL)
        s->ini->sections = state->sections = sections;
    if (sections == NULL || name == NULL || copy == NULL) {
        s->out_of_memory = true;
        free(name);
        free(copy);
        return;
    }
    long earlier = ini_find_section(s->ini, name);
    if (earlier >= 0)
        report_add(s->report, s->ini->path, s->line, "section [%s] stands twice; it is first on line %d", name,
                   s->ini->sections[earlier].line);
    sections[s->ini->section_count++] = (struct ini_section){.name = name, .written = copy, .line = s->line};
}

static void scan_section(struct scanner *s, char *text)
{
    char *close = strchr(text, ']');
    if (close == NULL) {
        report_add(s->report, s->ini->path, s->line, "the section's name has no closing ]");
        return;
    }
    char *rest = trim(close + 1);
    *close = '\0';
    /* iniparser takes a section only where the bracket ends the line; with a comment behind it, it sees a key or nothing. */
    if (*rest != '\0')
        report_add(s->report, s->ini->path, s->line, "unexpected text behind the section's name, where not even a comment may stand: %s", rest);
    char *name = trim(text + 1);
    if (*name == '\0' || strchr(name, ':') != NULL)
        report_add(s->report, s->ini->path, s->line, "a section's name is not empty and has no colon");
    add_section(s, name);
}

/* A value that iniparser would cut or read in another way than it is written. */
static void check_value(struct scanner *s, const char *value)
{
    if (*value == '"' || *value == '\'') {
        const char *close = strchr(value + 1, *value);
        if (close == NULL)
            report_add(s->report, s->ini->path, s->line, "the value's closing %c is missing", *value);
        else if (strchr(";#", close[1 + strspn(close + 1, " \t")]) == NULL)
            report_add(s->report, s->ini->path, s->line, "text after the value's closing %c would be lost", *value);
        return;
    }
    for (const char *p = value; *p != '\0'; p++) {
        if (*p != ';' && *p != '#')
            continue;
        if (p == value || isspace((unsigned char)p[-1]))
            return;
        report_add(s->report, s->ini->path, s->line, "the value has an unquoted %c, which starts a comment: "
                   "put the value in double quotes, or a space before the comment", *p);
        return;
    }
}

static void add_entry(struct scanner *s, const char *written)
{
    struct ini_state *state = s->ini->state;
    struct ini_entry *entries = grow(s, state->entries, s->ini->entry_count, sizeof(*entries));
    char *key = lower_copy(written);
    char *copy = strdup(written);
    if (entries != NULL)
        s->ini->entries = state->entries = entries;
    if (entries == NULL || key == NULL || copy == NULL) {
        s->out_of_memory = true;
        free(key);
        free(copy);
        return;
    }
    size_t section = s->ini->section_count - 1;
    const struct ini_entry *earlier = ini_find(s->ini, section, key);
    if (earlier != NULL)
        report_add(s->report, s->ini->path, s->line, "key %s stands twice in [%s]; it is first on line %d", key,
                   s->ini->sections[section].name, earlier->line);
    entries[s->ini->entry_count++] = (struct ini_entry){
        .section = section, .key = key, .written = copy, .value = "", .line = s->line};
}

static void scan_entry(struct scanner *s, char *text)
{
    char *equals = strchr(text, '=');
    if (equals == NULL) {
        report_add(s->report, s->ini->path, s->line, "this is neither a [section] nor a key = value: %.*s",
                   (int)strcspn(text, ": \t"), text); /* what follows may be a secret */
        return;
    }
    *equals = '\0';
    char *key = trim(text);
    char *value = trim(equals + 1);
    if (*key == '\0' || strpbrk(key, ":;#") != NULL) {
        report_add(s->report, s->ini->path, s->line, "a key is not empty and has none of : ; #");
        return;
    }
    if (s->ini->section_count == 0) {
        report_add(s->report, s->ini->path, s->line, "key %s stands before the first [section]", key);
        return;
    }
    check_value(s, value);
    add_entry(s, key);
}

static void scan_line(struct scanner *s, char *line, size_t len)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    if (s->line == 1 && strncmp(line, byte_order_mark, 3) == 0) {
        report_add(s->report, s->ini->path, 1, "the file starts with a byte order mark: save it as UTF-8 without BOM");
        line += 3;
        len -= 3;
    }
    if (len > LINE_LIMIT)
        report_add(s->report, s->ini->path, s->line, "the line has more than %d bytes", LINE_LIMIT);
    if (strlen(line) != len || !utf8_is_valid(line, len)) {
        report_add(s->report, s->ini->path, s->line, "the line is not UTF-8 text");
        return;
    }
    char *text = trim(line);
    size_t text_len = strlen(text);
    if (*text == '\0')
        return;
    /* It would join the next line to this one, to a comment too. */
    if (text[text_len - 1] == '\\')
        report_add(s->report, s->ini->path, s->line, "a line may not end in a backslash");
    else if (*text == ';' || *text == '#')
        return;
    else if (*text == '[')
        scan_section(s, text);
    else
        scan_entry(s, text);
}

/* Returns false where the file cannot be read to its end. */
static bool scan_file(struct ini *ini, struct report *r)
{
    FILE *file = fopen(ini->path, "re");
    if (file == NULL) {
        report_add(r, ini->path, 0, "cannot be read: %s", strerror(errno));
        return false;
    }
    struct scanner s = {.ini = ini, .report = r};
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    while (!s.out_of_memory && (len = getline(&line, &size, file)) >= 0) {
        s.line++;
        scan_line(&s, line, (size_t)len);
    }
    bool whole = ferror(file) == 0 && !s.out_of_memory;
    if (!whole)
        report_add(r, ini->path, 0, "cannot be read: %s", s.out_of_memory ? _("out of memory") : strerror(errno));
    crypt_wipe(line, size); /* it may have been a password */
    free(line);
    (void)fclose(file);
    return whole;
}

/* iniparser complains through a callback without a context; what it says is kept for the report. */
static char complaint[512];

static int RUKU_PRINTF(1, 2) keep_complaint(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(complaint, sizeof(complaint), format, args);
    va_end(args);
    return len;
}

/* Takes the values as iniparser reads them. Returns false where it refuses the file; it then says so in a fault only where
 * none was found before, since those explain it better. */
static bool take_values(struct ini *ini, struct report *r, bool has_faults)
{
    complaint[0] = '\0';
    iniparser_set_error_callback(keep_complaint);
    ini->state->dictionary = iniparser_load(ini->path);
    iniparser_set_error_callback(NULL);
    if (ini->state->dictionary == NULL) {
        if (!has_faults)
            report_add(r, ini->path, 0, "cannot be read: %s", trim(complaint));
        return false;
    }
    for (size_t i = 0; i < ini->entry_count; i++) {
        struct ini_entry *e = &ini->state->entries[i];
        char name[2 * LINE_LIMIT + 2];
        (void)snprintf(name, sizeof(name), "%s:%s", ini->sections[e->section].name, e->key);
        const char *value = iniparser_getstring(ini->state->dictionary, name, NULL);
        if (value != NULL)
            e->value = value;
        else if (!has_faults)
            report_add(r, ini->path, e->line, "the line cannot be read as key = value");
    }
    return true;
}

struct ini *ini_load(const char *path, struct report *r)
{
    int before = r->count;
    struct ini *ini = calloc(1, sizeof(*ini));
    struct ini_state *state = calloc(1, sizeof(*state));
    char *copy = strdup(path);
    if (ini == NULL || state == NULL || copy == NULL) {
        report_add(r, path, 0, "out of memory");
        free(copy);
        free(state);
        free(ini);
        return NULL;
    }
    ini->state = state;
    ini->path = state->path = copy;
    if (scan_file(ini, r) && take_values(ini, r, r->count > before))
        return ini;
    ini_free(ini);
    return NULL;
}

/* Names are kept as const for readers; here they are given back. */
static void free_name(const char *name)
{
    union {
        const char *in;
        char *out;
    } pointer = {.in = name};
    free(pointer.out);
}

void ini_free(struct ini *ini)
{
    if (ini == NULL)
        return;
    struct ini_state *state = ini->state;
    if (state != NULL) {
        for (size_t i = 0; i < ini->section_count; i++) {
            free_name(state->sections[i].name);
            free_name(state->sections[i].written);
        }
        for (size_t i = 0; i < ini->entry_count; i++) {
            free_name(state->entries[i].key);
            free_name(state->entries[i].written);
        }
        free(state->sections);
        free(state->entries);
        free(state->path);
        if (state->dictionary != NULL)
            iniparser_freedict(state->dictionary);
        free(state);
    }
    free(ini);
}
