/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "scope.h"

#include <string.h>

#include "poison.h"

/* What a category's or resource's code is made of, or a lone asterisk. */
static const char code_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";

static bool take_code(const char *text, size_t len, char to[SCOPE_CODE_MAX + 1])
{
    bool every = len == 1 && *text == '*';
    if (len == 0 || len > SCOPE_CODE_MAX || (!every && strspn(text, code_chars) < len))
        return false;
    memcpy(to, text, len);
    to[len] = '\0';
    return true;
}

int scope_next(const char **text, struct scope_pair *out)
{
    const char *start = *text;
    if (*start == '\0')
        return 0;
    size_t len = strcspn(start, " ");
    size_t slash = strcspn(start, "/");
    if (slash >= len || !take_code(start, slash, out->category) ||
        !take_code(start + slash + 1, len - slash - 1, out->resource))
        return -1;
    *text = start + len;
    if (**text == ' ' && *++*text == '\0') /* a space with nothing behind it */
        return -1;
    return 1;
}

bool scope_is_good(const char *text)
{
    struct scope_pair pair;
    int got;
    bool any = *text != '\0';
    while ((got = scope_next(&text, &pair)) == 1)
        continue;
    return any && got == 0;
}

static bool code_allows(const char *code, const char *wanted)
{
    return strcmp(code, "*") == 0 || strcmp(code, wanted) == 0;
}

bool scope_pair_allows(const char *category, const char *resource, const char *wanted_category, const char *wanted_resource)
{
    return code_allows(category, wanted_category) && code_allows(resource, wanted_resource);
}

bool scope_allows(const char *text, const char *category, const char *resource)
{
    struct scope_pair pair;
    while (scope_next(&text, &pair) == 1)
        if (scope_pair_allows(pair.category, pair.resource, category, resource))
            return true;
    return false;
}
