/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "prefer.h"

#include <stddef.h>
#include <string.h>

#include "poison.h"

struct word {
    const char *text;
    size_t len;
};

static bool word_is(struct word w, const char *text)
{
    return w.len == strlen(text) && strncasecmp(w.text, text, w.len) == 0;
}

static const char *skip_space(const char *p)
{
    return p + strspn(p, " \t");
}

static struct word take_token(const char **p)
{
    struct word w = {.text = *p, .len = strcspn(*p, " \t=;,\"")};
    *p += w.len;
    return w;
}

/* Takes what stands in quotes; with a backslash or without an end it is no word that is known here. */
static struct word take_quoted(const char **p)
{
    struct word w = {.text = ++*p};
    for (; **p != '\0' && **p != '"'; (*p)++)
        if (**p == '\\' && (*p)[1] != '\0')
            (*p)++;
    if (**p == '"')
        w.len = (size_t)((*p)++ - w.text);
    return w;
}

static struct word take_word(const char **p)
{
    return **p == '"' ? take_quoted(p) : take_token(p);
}

/* Passes over the parameters of a preference, up to the comma behind it. */
static const char *skip_rest(const char *p)
{
    while (*p != '\0' && *p != ',') {
        if (*p == '"')
            (void)take_word(&p);
        else
            p++;
    }
    return p;
}

struct prefer prefer_parse(const char *header)
{
    struct prefer out = {0};
    bool has_handling = false;
    bool has_return = false;
    for (const char *p = header == NULL ? "" : header; *p != '\0'; p += *p == ',' ? 1 : 0) {
        struct word value = {.text = ""};
        p = skip_space(p);
        struct word name = take_token(&p);
        p = skip_space(p);
        if (*p == '=') {
            p = skip_space(p + 1);
            value = take_word(&p);
            p = skip_space(p);
        }
        if (*p != '\0' && *p != ',' && *p != ';')
            name.len = 0; /* malformed */
        if (word_is(name, "handling") && !has_handling) {
            has_handling = true;
            out.lenient = word_is(value, "lenient");
            out.strict = word_is(value, "strict");
        } else if (word_is(name, "return") && !has_return) {
            has_return = true;
            out.representation = word_is(value, "representation");
        }
        p = skip_rest(p);
    }
    return out;
}
