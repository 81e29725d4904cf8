/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "xmlreply.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "accept.h"
#include "classic.h"
#include "reply.h"
#include "request.h"
#include "xmlout.h"

#include "poison.h"

/* What stays JSON: the classic profile, tokens as OAuth has them, and the document of the interface. */
static const char *const json_only[] = {CLASSIC_PREFIX, "/oauth2/", "/.well-known/", "/openapi.json"};

/* Which media type of an answer becomes which; problems as RFC 9457 has them, appendix B. */
static const struct form {
    const char *json, *xml;
    struct xmlout_names names;
    const char *json_ranges[5], *xml_ranges[6]; /* of Accept, the closest first */
} forms[] = {
    {REQUEST_JSON, REQUEST_XML, {.root = "response", .item = "item"},
     {REQUEST_JSON, "application/*", "*/*"}, {REQUEST_XML, "text/xml", "application/*", "*/*"}},
    {XMLREPLY_JSON_PROBLEM, XMLREPLY_PROBLEM, {.root = "problem", .space = "urn:ietf:rfc:7807", .item = "i"},
     {XMLREPLY_JSON_PROBLEM, REQUEST_JSON, "application/*", "*/*"}, {XMLREPLY_PROBLEM, REQUEST_XML, "text/xml", "application/*", "*/*"}},
};

/* What an answer in JSON may grow to as XML: `1,` becomes `<item>1</item>`. */
#define GROWTH 8
#define AROUND 4096

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

/* By the Accept header; where that does not tell, as the body was sent. */
static bool wants_xml(const struct request *request, const struct form *form)
{
    int preference = accept_compare(request->facts.accept, form->json_ranges, form->xml_ranges);
    return preference > 0 || (preference == 0 && request_is_xml(request));
}

bool xmlreply_wanted(const struct request *request)
{
    return !stays_json(request) && wants_xml(request, &forms[0]);
}

void xmlreply_convert(struct reply *reply, const struct request *request)
{
    const struct form *form = find_form(reply);
    struct buf xml;
    if (stays_json(request) || (form == NULL && reply->status != 304))
        return;
    reply_header(reply, "Vary", "Accept");
    if (form == NULL || !wants_xml(request, form))
        return;
    buf_init(&xml, GROWTH * reply->body.len + AROUND);
    if (xmlout_write(&xml, &form->names, buf_text(&reply->body), reply->body.len) == 0)
        reply_swap(reply, form->xml, &xml);
    buf_free(&xml);
}
