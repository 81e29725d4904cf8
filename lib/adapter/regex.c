/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "words.h"

#include "poison.h"

/* The library counts its work anew at each place where a match may start, and a pattern that is not anchored has as many of them as the
 * text has characters: so such a pattern is given only texts whose square is no matter. */
#define MATCH_LIMIT 20000
#define UNANCHORED_MAX_BYTES 16384
#define HEAP_LIMIT_KIB 4096

struct regex {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
    bool anchored; /* a match can only start at the text's start */
};

struct regex *regex_new(const char *pattern, char *why, size_t why_size)
{
    int error;
    PCRE2_SIZE at;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                     PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY, &error, &at, NULL);
    if (code == NULL) {
        PCRE2_UCHAR text[160];
        (void)pcre2_get_error_message(error, text, sizeof(text));
        (void)snprintf(why, why_size, _("%s, at byte %zu"), (const char *)text, at);
        return NULL;
    }
    struct regex *re = calloc(1, sizeof(*re));
    if (re != NULL) {
        *re = (struct regex){.code = code,
                             .match = pcre2_match_data_create_from_pattern(code, NULL),
                             .context = pcre2_match_context_create(NULL)};
        if (re->match != NULL && re->context != NULL) {
            (void)pcre2_set_match_limit(re->context, MATCH_LIMIT);
            (void)pcre2_set_heap_limit(re->context, HEAP_LIMIT_KIB);
            uint32_t options = 0;
            (void)pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
            re->anchored = (options & PCRE2_ANCHORED) != 0;
            return re;
        }
        regex_free(re);
    } else {
        pcre2_code_free(code);
    }
    (void)snprintf(why, why_size, "%s", _("out of memory"));
    return NULL;
}

void regex_free(struct regex *re)
{
    if (re == NULL)
        return;
    pcre2_match_context_free(re->context);
    pcre2_match_data_free(re->match);
    pcre2_code_free(re->code);
    free(re);
}

int regex_match(const struct regex *re, const char *text, size_t len)
{
    if (!re->anchored && len > UNANCHORED_MAX_BYTES)
        return -1;
    int found = pcre2_match(re->code, (PCRE2_SPTR)text, len, 0, PCRE2_NO_UTF_CHECK, re->match, re->context);
    if (found >= 0)
        return 1;
    return found == PCRE2_ERROR_NOMATCH ? 0 : -1;
}
