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

bool precondition_not_modified(const struct request *request, int64_t revision)
{
    const char *none = request->facts.if_none_match;
    int64_t known;
    if (none == NULL || strcmp(none, "*") == 0)
        return none != NULL;
    for (const char *p = none + strspn(none, ", \t"); *p != '\0'; p += strspn(p, ", \t")) {
        if (strncmp(p, "W/", 2) == 0)
            p += 2;
        size_t len = *p == '"' ? 1 + strcspn(p + 1, "\"") : strcspn(p, ", \t");
        len += *p == '"' && p[len] == '"' ? 1 : 0;
        if (read_tag(p, len, &known) && known == revision)
            return true;
        p += len;
    }
    return false;
}
