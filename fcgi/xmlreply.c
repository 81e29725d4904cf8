/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "xmlreply.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "classic.h"
#include "reply.h"
#include "request.h"
#include "xmlout.h"

#include "poison.h"

/* What stays JSON: the classic profile, tokens as OAuth has them, and the document of the interface. */
static const char *const json_only[] = {CLASSIC_PREFIX, "/oauth2/", "/openapi.json"};

/* Which media type of an answer becomes which; problems as RFC 9457 has them, appendix B. */
static const struct form {
    const char *json, *xml;
    struct xmlout_names names;
} forms[] = {
    {REQUEST_JSON, REQUEST_XML, {.root = "response", .item = "item"}},
    {"application/problem+json", XMLREPLY_PROBLEM, {.root = "problem", .space = "urn:ietf:rfc:7807", .item = "i"}},
};

static const struct form *find_form(const struct reply *reply)
{
    char line[64];
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        (void)snprintf(line, sizeof(line), "Content-Type: %s\r\n", forms[i].json);
        if (strstr(buf_text(&reply->headers), line) != NULL)
            return &forms[i];
    }
    return NULL;
}

static bool stays_json(const struct request *request)
{
    for (size_t i = 0; i < sizeof(json_only) / sizeof(json_only[0]); i++) {
        size_t len = strlen(json_only[i]);
        if (request->path_len >= len && memcmp(request->path, json_only[i], len) == 0)
            return true;
    }
    return false;
}

void xmlreply_convert(struct reply *reply, const struct request *request)
{
    const struct form *form = find_form(reply);
    struct buf xml;
    if (form == NULL || stays_json(request))
        return;
    reply_header(reply, "Vary", "Accept");
    if (!request_wants_xml(request))
        return;
    buf_init(&xml, reply->body.max);
    if (xmlout_write(&xml, &form->names, buf_text(&reply->body), reply->body.len) == 0)
        reply_swap(reply, form->xml, &xml);
    buf_free(&xml);
}
