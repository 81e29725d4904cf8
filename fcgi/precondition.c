/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "precondition.h"

#include <string.h>

#include "err.h"
#include "ingest.h"
#include "num.h"
#include "request.h"

#include "poison.h"

/* Reads `"2"`, or 2 as some write it. */
static bool read_tag(const char *text, size_t len, int64_t *revision_out)
{
    if (len > 2 && text[0] == '"' && text[len - 1] == '"') {
        text++;
        len -= 2;
    }
    return num_parse(text, len, 1, INT64_MAX, revision_out);
}

static int bad(const char *name, struct err *e)
{
    (void)err_set(e, MSG_BAD_PRECONDITION, "%s", "");
    msg_arg(&e->msg, "name", "%s", name);
    return -1;
}

int precondition_read(const struct request *request, int64_t *expect_out, struct err *e)
{
    const char *match = request->facts.if_match;
    const char *none = request->facts.if_none_match;
    *expect_out = INGEST_EXPECT_NOTHING;
    if (none != NULL && strcmp(none, "*") != 0)
        return bad("If-None-Match", e);
    if (none != NULL)
        *expect_out = INGEST_EXPECT_NEW;
    if (match == NULL)
        return 0;
    if (strcmp(match, "*") == 0)
        *expect_out = INGEST_EXPECT_STORED;
    else if (!read_tag(match, strlen(match), expect_out))
        return bad("If-Match", e);
    return none == NULL ? 0 : bad("If-None-Match", e);
}

int precondition_none(const struct request *request, struct err *e)
{
    const char *name = request->facts.if_match != NULL        ? "If-Match"
                       : request->facts.if_none_match != NULL ? "If-None-Match"
                                                              : NULL;
    if (name == NULL)
        return 0;
    (void)err_set(e, MSG_PRECONDITION_ON_PUSH, "%s", "");
    msg_arg(&e->msg, "name", "%s", name);
    return -1;
}

/* Takes the next tag of an If-None-Match list, its quotes included, a weak one like a strong one; false at the end. */
static bool next_tag(const char **p, const char **tag_out, size_t *len_out)
{
    const char *at = *p + strspn(*p, ", \t");
    if (*at == '\0')
        return false;
    if (strncmp(at, "W/", 2) == 0)
        at += 2;
    size_t len = *at == '"' ? 1 + strcspn(at + 1, "\"") : strcspn(at, ", \t");
    len += *at == '"' && at[len] == '"' ? 1 : 0;
    *tag_out = at;
    *len_out = len;
    *p = at + len;
    return true;
}

bool precondition_not_modified(const struct request *request, int64_t revision)
{
    const char *none = request->facts.if_none_match;
    const char *tag;
    size_t len;
    int64_t known;
    if (none == NULL || strcmp(none, "*") == 0)
        return none != NULL;
    while (next_tag(&none, &tag, &len))
        if (read_tag(tag, len, &known) && known == revision)
            return true;
    return false;
}

bool precondition_has_tag(const struct request *request, const char *wanted)
{
    const char *none = request->facts.if_none_match;
    const char *tag;
    size_t len;
    if (none == NULL || strcmp(none, "*") == 0)
        return none != NULL;
    while (next_tag(&none, &tag, &len))
        if (len == strlen(wanted) && memcmp(tag, wanted, len) == 0)
            return true;
    return false;
}
