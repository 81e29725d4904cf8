/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "codelist.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "ini.h"
#include "report.h"

#include "poison.h"

static const char *const head_keys[] = {"code", "name", "name_en", "standard", "description"};

static int compare_text(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t shared = a_len < b_len ? a_len : b_len;
    int order = memcmp(a, b, shared);
    return order != 0 ? order : (a_len > shared) - (b_len > shared);
}

static int compare_items(const void *a, const void *b)
{
    const struct codelist_item *left = a;
    const struct codelist_item *right = b;
    return compare_text(left->code, strlen(left->code), right->code, strlen(right->code));
}

const struct codelist_item *codelist_find(const struct codelist *list, const char *code, size_t len)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *candidate = list->items[middle].code;
        int order = compare_text(code, len, candidate, strlen(candidate));
        if (order == 0)
            return &list->items[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static void check_form(const struct ini *ini, struct report *r)
{
    for (size_t i = 0; i < ini->section_count; i++)
        if (strcmp(ini->sections[i].name, "codelist") != 0 && strcmp(ini->sections[i].name, "codes") != 0)
            report_add(r, ini->path, ini->sections[i].line, "unknown section [%s]", ini->sections[i].name);
    for (size_t i = 0; i < ini->entry_count; i++) {
        const struct ini_entry *e = &ini->entries[i];
        bool known = strcmp(ini->sections[e->section].name, "codelist") != 0;
        for (size_t k = 0; k < sizeof(head_keys) / sizeof(head_keys[0]); k++)
            known = known || strcmp(head_keys[k], e->key) == 0;
        if (!known)
            report_add(r, ini->path, e->line, "unknown key %s in [codelist]", e->key);
    }
}

static char *take_text(const struct ini *ini, const char *key, bool required, struct report *r)
{
    long section = ini_find_section(ini, "codelist");
    const struct ini_entry *e = section < 0 ? NULL : ini_find(ini, (size_t)section, key);
    if (e != NULL && e->value[0] != '\0')
        return strdup(e->value);
    if (required)
        report_add(r, ini->path, section < 0 ? 0 : ini->sections[section].line, "[codelist] %s is missing", key);
    return NULL;
}

static void take_codes(struct codelist *list, const struct ini *ini, struct report *r)
{
    long section = ini_find_section(ini, "codes");
    list->items = calloc(ini->entry_count + 1, sizeof(*list->items));
    for (size_t i = 0; i < ini->entry_count && list->items != NULL; i++) {
        const struct ini_entry *e = &ini->entries[i];
        if ((long)e->section != section)
            continue;
        struct codelist_item *item = &list->items[list->count++];
        item->code = strdup(e->written);
        item->name = strdup(e->value);
        if (item->code == NULL || item->name == NULL)
            report_add(r, ini->path, e->line, "out of memory");
    }
    if (list->count == 0)
        report_add(r, ini->path, 0, "[codes] is missing or empty");
    else
        qsort(list->items, list->count, sizeof(*list->items), compare_items);
}

struct codelist *codelist_load(const char *path, struct report *r)
{
    struct ini *ini = ini_load(path, r);
    struct codelist *list = calloc(1, sizeof(*list));
    if (ini == NULL || list == NULL) {
        ini_free(ini);
        free(list);
        return NULL;
    }
    check_form(ini, r);
    list->code = take_text(ini, "code", true, r);
    list->name = take_text(ini, "name", true, r);
    list->name_en = take_text(ini, "name_en", false, r);
    list->file = strdup(path);
    take_codes(list, ini, r);
    if (list->code != NULL && !field_is_name(list->code, true))
        report_add(r, path, 0, "[codelist] code = %s: a lower-case letter, then letters, digits, _ and -", list->code);
    ini_free(ini);
    if (list->code == NULL) {
        codelist_free(list);
        return NULL;
    }
    return list;
}

void codelist_free(struct codelist *list)
{
    if (list == NULL)
        return;
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].code);
        free(list->items[i].name);
    }
    free(list->items);
    free(list->code);
    free(list->name);
    free(list->name_en);
    free(list->file);
    free(list);
}
