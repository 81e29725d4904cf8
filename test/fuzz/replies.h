/* SPDX-License-Identifier: Apache-2.0
 *
 * What every reply must be, whatever the request was.
 */
#ifndef RUKU_FUZZ_REPLIES_H
#define RUKU_FUZZ_REPLIES_H

#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "reply.h"
#include "scan.h"
#include "utf8.h"

/* Lines of name, colon, space and text without controls, each with CR LF. */
static inline void replies_expect_headers(const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end) {
        const char *line_end = memchr(text, '\r', (size_t)(end - text));
        fuzz_expect(line_end != NULL && line_end + 1 < end && line_end[1] == '\n');
        size_t name = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-");
        fuzz_expect(name > 0 && strncmp(text + name, ": ", 2) == 0 && !utf8_has_control(text, (size_t)(line_end - text)));
        text = line_end + 2;
    }
}

static inline bool replies_is_json(const struct reply *r)
{
    const char *type = strstr(buf_text(&r->headers), "Content-Type: ");
    const char *json = type == NULL ? NULL : strstr(type, "json");
    return json != NULL && json < strchr(type, '\r');
}

/* A body is text without controls, and JSON where its type says so. */
static inline void replies_expect(const struct reply *r)
{
    static struct scan scan; /* kept for all inputs */
    const char *text = buf_text(&r->body);
    fuzz_expect(reply_reason(r->status) != NULL && reply_reason(r->status)[0] != '\0');
    fuzz_expect(!buf_failed(&r->headers) && !buf_failed(&r->body));
    replies_expect_headers(buf_text(&r->headers), r->headers.len);
    size_t len = r->body.len;
    while (len > 0 && text[len - 1] == '\n')
        len--;
    for (size_t at = 0, line; at < len; at += line + 1) {
        line = strcspn(text + at, "\n");
        line = at + line > len ? len - at : line;
        fuzz_expect(!utf8_has_control(text + at, line));
    }
    if (r->body.len == 0 || !replies_is_json(r))
        return;
    fuzz_expect(scan.names != NULL || scan_init(&scan) == 0);
    scan_begin(&scan, text, len, true, 0);
    fuzz_expect(scan_skip(&scan) && scan.p == scan.end);
}

#endif
