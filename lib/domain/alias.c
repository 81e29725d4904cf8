/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "alias.h"

#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "report.h"
#include "words.h"

#include "poison.h"

/* The field, other than `but`, that has this name or alias. */
static const struct field *find_holder(const struct fields *fields, const char *name, const struct field *but)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        bool holds = strcmp(f->name, name) == 0;
        for (size_t k = 0; k < f->alias_count; k++)
            holds = holds || strcmp(f->aliases[k], name) == 0;
        if (holds && f != but)
            return f;
    }
    return NULL;
}

void alias_yield(struct field *f, const struct fields *to)
{
    size_t kept = 0;
    for (size_t k = 0; k < f->alias_count; k++) {
        if (find_holder(to, f->aliases[k], NULL) != NULL)
            free(f->aliases[k]);
        else
            f->aliases[kept++] = f->aliases[k];
    }
    f->alias_count = kept;
}

/* What is wrong with the alias numbered k, but for other fields; or NULL. */
static const char *find_alias_fault(const struct field *f, size_t k, bool top)
{
    const char *name = f->aliases[k];
    if (strcmp(name, f->name) == 0)
        return N_("is its own name");
    if (top && (strcmp(name, "id") == 0 || strcmp(name, "version") == 0))
        return N_("is a member of every record");
    for (size_t i = 0; i < k; i++)
        if (strcmp(f->aliases[i], name) == 0)
            return N_("stands twice");
    return NULL;
}

void alias_check(const struct fields *fields, bool top, const struct field *f, struct report *r)
{
    for (size_t k = 0; k < f->alias_count; k++) {
        const struct field *holder = find_holder(fields, f->aliases[k], f);
        const char *fault = find_alias_fault(f, k, top);
        if (holder != NULL)
            report_add(r, f->file, f->line, "alias %s of field %s is a name of field %s too", f->aliases[k], f->name,
                       holder->name);
        else if (fault != NULL)
            report_add(r, f->file, f->line, "alias %s of field %s %s", f->aliases[k], f->name, _(fault));
    }
}
