/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "accept.h"

#include <string.h>

#include "poison.h"

#define FULL 1000 /* qualities are in thousandths */

/* Reads "0.8" as 800. What is no weight counts as 0. */
static int read_weight(const char *p, const char *end)
{
    int quality = 0;
    int unit = FULL / 10;
    if (p == end || *p != '0')
        return p < end && *p == '1' ? FULL : 0;
    for (p += p + 1 < end && p[1] == '.' ? 2 : 1; p < end && *p >= '0' && *p <= '9'; p++, unit /= 10)
        quality += (*p - '0') * unit;
    return quality;
}

/* Finds the weight among the parameters of a range, which ends at `end`: ";charset=utf-8;q=0.8" is 800, nothing is 1000. */
static int read_quality(const char *p, const char *end)
{
    bool quoted = false;
    for (; p < end; p++) {
        quoted = *p == '"' ? !quoted : quoted;
        if (*p != ';' || quoted)
            continue;
        const char *name = p + 1;
        while (name < end && strchr(" \t", *name) != NULL)
            name++;
        if (end - name >= 2 && (name[0] | 0x20) == 'q' && name[1] == '=')
            return read_weight(name + 2, end);
    }
    return FULL;
}

/* Steps to the next range of a list: its name in *name_out and *len_out, and its weight. False at the end. */
static bool next_range(const char **p, const char **name_out, size_t *len_out, int *quality_out)
{
    *p += strspn(*p, ", \t");
    const char *start = *p;
    const char *end = start;
    bool quoted = false;
    if (*start == '\0')
        return false;
    for (; *end != '\0' && (quoted || *end != ','); end++)
        quoted = *end == '"' ? !quoted : quoted;
    size_t len = strcspn(start, ",; \t");
    *p = end;
    *name_out = start;
    *len_out = len < (size_t)(end - start) ? len : (size_t)(end - start);
    *quality_out = read_quality(start, end);
    return true;
}

enum msg_lang accept_language(const char *header)
{
    static const char *const tags[MSG_LANG_N] = {"zh", "en"};
    int best[MSG_LANG_N] = {0};
    const char *p = header == NULL ? "" : header;
    const char *name;
    size_t len;
    int quality;
    while (next_range(&p, &name, &len, &quality)) {
        for (int i = 0; i < MSG_LANG_N; i++) {
            bool match = len >= 2 && strncasecmp(name, tags[i], 2) == 0 && (len == 2 || name[2] == '-');
            if (match && quality > best[i])
                best[i] = quality;
        }
    }
    return best[MSG_EN] > best[MSG_ZH] ? MSG_EN : MSG_ZH;
}

/* The weight that a header gives to a range; -1: it does not name it. */
static int find_quality(const char *header, const char *range)
{
    const char *p = header == NULL ? "" : header;
    const char *name;
    size_t len;
    int quality;
    while (next_range(&p, &name, &len, &quality))
        if (len == strlen(range) && strncasecmp(name, range, len) == 0)
            return quality;
    return -1;
}

bool accept_names(const char *header, const char *type)
{
    return find_quality(header, type) > 0;
}

/* What is excluded by a weight of 0 is worse than what is not named at all. */
static int rank(const char *header, const char *const *ranges)
{
    for (; *ranges != NULL; ranges++) {
        int quality = find_quality(header, *ranges);
        if (quality >= 0)
            return quality == 0 ? -1 : quality;
    }
    return 0;
}

int accept_compare(const char *header, const char *const *first, const char *const *second)
{
    return rank(header, second) - rank(header, first);
}
