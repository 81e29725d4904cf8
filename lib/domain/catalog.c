/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "catalog.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alias.h"
#include "category.h"
#include "check.h"
#include "codelist.h"
#include "num.h"
#include "report.h"
#include "sealing.h"
#include "utf8.h"
#include "words.h"

#include "poison.h"

#define PATH_SIZE 4096

/* Code lists and categories are kept alike: loaded from a folder of files, the later of two equal codes wins only
 * where it comes from another folder. */
struct kind {
    const char *folder;
    void *(*load)(const char *path, struct report *r);
    void (*drop)(void *item);
    const char *(*code)(const void *item);
    const char *(*file)(const void *item);
};

struct list {
    void **items;
    size_t count;
};

static void *load_category(const char *path, struct report *r) { return category_load(path, r); }
static void drop_category(void *item) { category_free(item); }
static const char *category_file(const void *item) { return ((const struct category *)item)->file; }

/* Of files that amend a category there may be many: each goes by its own name, which has a slash and so is no code. */
static const char *category_code(const void *item)
{
    const struct category *c = item;
    return c->amends != NULL ? c->file : c->code;
}

static void *load_codelist(const char *path, struct report *r) { return codelist_load(path, r); }
static void drop_codelist(void *item) { codelist_free(item); }
static const char *codelist_code(const void *item) { return ((const struct codelist *)item)->code; }
static const char *codelist_file(const void *item) { return ((const struct codelist *)item)->file; }

static const struct kind category_kind = {"category", load_category, drop_category, category_code, category_file};
static const struct kind codelist_kind = {"codelist", load_codelist, drop_codelist, codelist_code, codelist_file};

static bool lies_in(const char *file, const char *folder)
{
    size_t len = strlen(folder);
    return strncmp(file, folder, len) == 0 && file[len] == '/' && strchr(file + len + 1, '/') == NULL;
}

static void add_item(const struct kind *k, struct list *list, const char *folder, void *item, struct report *r)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(k->code(list->items[i]), k->code(item)) != 0)
            continue;
        if (lies_in(k->file(list->items[i]), folder)) {
            report_add(r, k->file(item), 0, "code %s is taken by %s", k->code(item), k->file(list->items[i]));
            k->drop(item);
            return;
        }
        k->drop(list->items[i]);
        list->items[i] = item;
        return;
    }
    void **items = realloc(list->items, (list->count + 1) * sizeof(*items));
    if (items == NULL) {
        report_add(r, k->file(item), 0, "out of memory");
        k->drop(item);
        return;
    }
    list->items = items;
    items[list->count++] = item;
}

static int is_ini_file(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);
    return entry->d_name[0] != '.' && len > 4 && strcmp(entry->d_name + len - 4, ".ini") == 0;
}

/* Loads the folder's files in the order of their names. A folder that is not there is an error only where required. */
static void load_folder(const struct kind *k, const char *dir, bool required, struct list *list, struct report *r)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, k->folder);
    struct dirent **entries;
    int count = scandir(path, &entries, is_ini_file, alphasort);
    if (count < 0) {
        if (required || errno != ENOENT)
            report_add(r, path, 0, "cannot be read: %s", strerror(errno));
        return;
    }
    for (int i = 0; i < count; i++) {
        char file[PATH_SIZE + 300];
        (void)snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
        void *item = k->load(file, r);
        if (item != NULL)
            add_item(k, list, path, item, r);
        free(entries[i]);
    }
    free(entries);
}

static void sort_list(const struct kind *k, struct list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        void *item = list->items[i];
        size_t at = i;
        for (; at > 0 && strcmp(k->code(list->items[at - 1]), k->code(item)) > 0; at--)
            list->items[at] = list->items[at - 1];
        list->items[at] = item;
    }
}

static struct category *find_category(const struct catalog *c, const char *code)
{
    for (size_t i = 0; i < c->category_count; i++)
        if (strcmp(c->categories[i]->code, code) == 0)
            return c->categories[i];
    return NULL;
}

const struct category *catalog_find(const struct catalog *c, const char *code)
{
    return find_category(c, code);
}

static bool has_field(const struct fields *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->items[i].name, name) == 0)
            return true;
    return false;
}

/* Puts the base's fields before the category's own; a field of its own replaces the inherited one. */
static bool inherit(struct category *c, const struct category *base)
{
    struct fields own = c->fields;
    struct fields all = {0};
    bool done = true;
    for (size_t i = 0; done && i < base->fields.count; i++) {
        const struct field *f = &base->fields.items[i];
        if (has_field(&own, f->name))
            continue;
        struct field *copy = fields_add(&all);
        done = copy != NULL && field_copy(copy, f) == 0;
        if (done)
            alias_yield(copy, &own);
    }
    for (size_t i = 0; done && i < own.count; i++) {
        struct field *moved = fields_add(&all);
        done = moved != NULL;
        if (done) {
            *moved = own.items[i];
            own.items[i] = (struct field){0};
        }
    }
    fields_clear(&own);
    c->fields = all;
    return done;
}

/* What files of the site change in the category; in the categories that extend it too, which are settled after it. */
static void apply_amendments(const struct catalog *catalog, struct category *c, struct report *r)
{
    for (size_t i = 0; i < catalog->amendment_count; i++) {
        const struct category *amendment = catalog->amendments[i];
        if (strcmp(amendment->amends, c->code) != 0)
            continue;
        category_amend(c, amendment->file, r);
        if (amendment->version != NULL)
            category_add_version(c, amendment->version, r);
    }
}

/* Settles a category after its base. */
static void settle_extends(struct catalog *catalog, struct category *c, struct report *r)
{
    if (c->settled == 2)
        return;
    if (c->settled == 1) {
        report_add(r, c->file, c->line, "category %s extends itself, by way of %s", c->code, c->extends);
        return;
    }
    c->settled = 1;
    if (c->extends != NULL) {
        struct category *base = find_category(catalog, c->extends);
        if (base == NULL) {
            report_add(r, c->file, c->line, "extends = %s: there is no such category", c->extends);
        } else {
            settle_extends(catalog, base, r);
            const char *amended = base->version == NULL ? NULL : strchr(base->version, '+');
            if (!inherit(c, base))
                report_add(r, c->file, c->line, "out of memory");
            /* Who amends the base changes what is inherited from it. */
            if (amended != NULL)
                category_add_version(c, amended, r);
        }
    }
    apply_amendments(catalog, c, r);
    c->settled = 2;
}

static const struct codelist *find_codelist(const struct catalog *c, const char *code)
{
    for (size_t i = 0; i < c->codelist_count; i++)
        if (strcmp(c->codelists[i]->code, code) == 0)
            return c->codelists[i];
    return NULL;
}

/* True for text that a sender could send, and that stands in JSON without escapes but those of quote and backslash. */
static bool is_plain(const char *text, size_t len)
{
    bool partial;
    size_t n;
    for (const char *end = text + len; text < end; text += n) {
        n = utf8_char(text, end, &partial);
        if (n == 0 || utf8_is_control(utf8_point(text, n)) || utf8_is_noncharacter(utf8_point(text, n)))
            return false;
    }
    return true;
}

/* A default must itself pass the check of its field. */
static void check_default(const struct field *f, struct report *r)
{
    struct value v = {.text = f->fallback, .len = strlen(f->fallback)};
    v.chars = utf8_count(v.text, v.len);
    v.integer = num_is_decimal(v.text, v.len, CHECK_DECIMAL_DIGITS) && strchr(f->fallback, '.') == NULL;
    v.kind = SCAN_STRING;
    if (f->type == FIELD_BOOLEAN)
        v.kind = strcmp(f->fallback, "true") == 0    ? SCAN_TRUE
                 : strcmp(f->fallback, "false") == 0 ? SCAN_FALSE
                                                     : SCAN_STRING;
    else if (!field_types[f->type].quoted)
        v.kind = SCAN_NUMBER;
    struct checked out;
    if (!is_plain(v.text, v.len))
        report_add(r, f->file, f->line, "default of field %s: no control characters and noncharacters", f->name);
    check_value(f, &v, words_language(), &out);
    for (int i = 0; i < out.fault_count; i++) {
        struct buf sentence;
        buf_init(&sentence, PATH_SIZE);
        msg_render(&out.faults[i], words_language(), &sentence);
        report_add(r, f->file, f->line, "default = %s: %s", f->fallback, buf_text(&sentence));
        buf_free(&sentence);
    }
    if (out.replaced)
        report_add(r, f->file, f->line, "default = %s: write the strict form %s", f->fallback, out.strict);
}

static void settle_fields(const struct catalog *catalog, struct fields *fields, bool top, struct report *r)
{
    for (size_t i = 0; i < fields->count; i++) {
        struct field *f = &fields->items[i];
        if (f->encrypt && (!top || f->index))
            report_add(r, f->file, f->line, "field %s: encrypt is for fields of the record itself, and not for those with index = yes", f->name);
        if (!top && strcmp(f->name, SEALING_MEMBER) == 0)
            report_add(r, f->file, f->line, "field %s: the name is taken for values that are encrypted", f->name);
        f->personal = f->personal || f->encrypt;
        for (size_t k = 0; k < f->members.count; k++)
            f->members.items[k].personal = f->members.items[k].personal || f->personal;
        if (f->codelist_name != NULL) {
            f->codelist = find_codelist(catalog, f->codelist_name);
            if (f->codelist == NULL)
                report_add(r, f->file, f->line, "field %s: there is no code list %s", f->name, f->codelist_name);
        }
        if (f->type == FIELD_OBJECT && f->members.count == 0)
            report_add(r, f->file, f->line, "object field %s has no members: add [field.%s.…] sections", f->name,
                       f->name);
        if (f->fallback != NULL && (f->type != FIELD_CODE || f->codelist != NULL))
            check_default(f, r);
        alias_check(fields, top, f, r);
        settle_fields(catalog, &f->members, false, r);
    }
    if (fields->count > CATEGORY_FIELDS_MAX)
        report_add(r, fields->items[0].file, 0, "more than %d fields", CATEGORY_FIELDS_MAX);
    else if (fields->count > 0 && fields_index(fields) != 0)
        report_add(r, fields->items[0].file, 0, "out of memory");
}

/* Finds the field that [category] names for a role, or the one with the usual name. What is personal is not for
 * listings. */
static long find_role(const struct category *c, const char *key, const char *given, const char *usual, unsigned types,
                      struct report *r)
{
    const char *name = given == NULL ? usual : given;
    long i = fields_find(&c->fields, name, strlen(name));
    const struct field *f = i < 0 ? NULL : &c->fields.items[i];
    bool fits = f != NULL && (types & 1u << f->type) != 0 && !f->multiple && !f->personal;
    if (fits)
        return i;
    if (given != NULL)
        report_add(r, c->file, c->line, "[category] %s = %s: there is no such field, or it does not serve: its type, "
                   "multiple or personal", key, given);
    return -1;
}

static void settle_roles(struct category *c, struct report *r)
{
    c->title = find_role(c, "title", c->title_name, "title", 1u << FIELD_STRING | 1u << FIELD_TEXT, r);
    c->published = find_role(c, "published", c->published_name, "pub_date", 1u << FIELD_DATE | 1u << FIELD_DATETIME, r);
}

static void load_kind(const struct kind *k, const char *dir, const char *extra_dir, struct list *list, struct report *r)
{
    load_folder(k, dir, true, list, r);
    if (extra_dir[0] != '\0')
        load_folder(k, extra_dir, false, list, r);
    sort_list(k, list);
}

/* A folder that has neither subfolder is most likely the wrong one. */
static void check_extra_dir(const char *extra_dir, struct report *r)
{
    static const struct kind *const kinds[] = {&category_kind, &codelist_kind};
    char path[PATH_SIZE];
    bool found = extra_dir[0] == '\0';
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", extra_dir, kinds[i]->folder);
        found = found || access(path, F_OK) == 0;
    }
    if (!found)
        report_add(r, extra_dir, 0, "has neither a folder category nor a folder codelist");
}

/* The lists hold void pointers while they are built; here they get their types. */
static void take_lists(struct catalog *c, struct list *categories, struct list *codelists, struct report *r)
{
    c->categories = calloc(categories->count + 1, sizeof(struct category *));
    c->amendments = calloc(categories->count + 1, sizeof(struct category *));
    c->codelists = calloc(codelists->count + 1, sizeof(struct codelist *));
    if (c->categories == NULL || c->amendments == NULL || c->codelists == NULL) {
        report_add(r, "schema", 0, "out of memory");
        return;
    }
    for (size_t i = 0; i < categories->count; i++) {
        struct category *category = categories->items[i];
        if (category->amends != NULL)
            c->amendments[c->amendment_count++] = category;
        else
            c->categories[c->category_count++] = category;
    }
    while (c->codelist_count < codelists->count) {
        c->codelists[c->codelist_count] = codelists->items[c->codelist_count];
        c->codelist_count++;
    }
    free(categories->items);
    free(codelists->items);
}

struct catalog *catalog_load(const char *dir, const char *extra_dir, struct report *r)
{
    int before = r->count;
    struct catalog *c = calloc(1, sizeof(*c));
    if (c == NULL) {
        report_add(r, dir, 0, "out of memory");
        return NULL;
    }
    struct list categories = {0};
    struct list codelists = {0};
    check_extra_dir(extra_dir, r);
    load_kind(&category_kind, dir, extra_dir, &categories, r);
    load_kind(&codelist_kind, dir, extra_dir, &codelists, r);
    take_lists(c, &categories, &codelists, r);
    for (size_t i = 0; i < c->amendment_count; i++)
        if (find_category(c, c->amendments[i]->amends) == NULL)
            report_add(r, c->amendments[i]->file, c->amendments[i]->line, "amends = %s: there is no such category",
                       c->amendments[i]->amends);
    for (size_t i = 0; i < c->category_count; i++)
        settle_extends(c, c->categories[i], r);
    for (size_t i = 0; i < c->category_count; i++) {
        settle_fields(c, &c->categories[i]->fields, true, r);
        settle_roles(c->categories[i], r);
    }
    if (r->count > before) {
        catalog_free(c);
        return NULL;
    }
    return c;
}

void catalog_free(struct catalog *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->category_count; i++)
        category_free(c->categories[i]);
    for (size_t i = 0; i < c->amendment_count; i++)
        category_free(c->amendments[i]);
    for (size_t i = 0; i < c->codelist_count; i++)
        codelist_free(c->codelists[i]);
    free(c->categories);
    free(c->amendments);
    free(c->codelists);
    free(c);
}
