/* SPDX-License-Identifier: Apache-2.0
 *
 * One HTTP request, as the handlers see it: plain data and lookups, nothing of FastCGI. Texts are borrowed from the
 * gateway until the request ends.
 */
#ifndef RUKU_REQUEST_H
#define RUKU_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "buf.h"
#include "facts.h"
#include "msg.h"
#include "peer.h"

struct conf;
struct err;
struct form_field;
struct source;

enum method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_PUT, METHOD_DELETE, METHOD_OPTIONS, METHOD_PATCH, METHOD_TRACE, METHOD_N };

/* The methods' names, in the order of the enum. */
extern const char *const request_methods[METHOD_N];

#define REQUEST_JSON "application/json"
#define REQUEST_LINES "application/x-ndjson"
#define REQUEST_XML "application/xml"

enum { REQUEST_ID_CHARS = 20, REQUEST_PARAMS_MAX = 3, REQUEST_BODY_UNKNOWN = -1, REQUEST_BODY_BAD = -2 };

struct request {
    struct request_facts facts;
    struct peer peer;
    enum method method; /* METHOD_N: one that is not known */
    const char *path;   /* below the mount point, still percent-encoded; starts with '/' */
    size_t path_len;
    const char *query; /* behind the first '?' of the URI, still encoded; "" where there is none */
    size_t query_len;
    const char *mount; /* what stands before it in the URL */
    size_t mount_len;
    int64_t body_length; /* or REQUEST_BODY_UNKNOWN, REQUEST_BODY_BAD */
    struct source *body;
    enum msg_lang lang;
    char id[REQUEST_ID_CHARS + 1];
    struct buf params[REQUEST_PARAMS_MAX]; /* the decoded parts of the path that the route names, in order */
};

/* Makes a request of the facts. Every fact is taken as hostile. */
void request_init(struct request *r, const struct request_facts *facts, struct source *body, const struct conf *conf);

void request_clear(struct request *r);

/* Takes the script's name for the mount point, where the web server splits the path as CGI has it and no mount point is
 * configured. A name that could not stand in a URL as it is, is none. Returns whether that changed the path. */
bool request_cut_script(struct request *r);

/* True where a Content-Type names this media type, with no charset or charset UTF-8 (which some write
 * utf8). `type` in lower case. */
bool request_is_type(const char *header, const char *type);

/* True of the methods whose body counts. */
bool request_has_body(const struct request *r);

/* True where the body is one record a line, where it is XML, and where it is compressed with gzip. */
bool request_is_lines(const struct request *r);
bool request_is_xml(const struct request *r);
bool request_is_gzip(const struct request *r);

/* Reads query parameters into the fields, whose names must be known; others are passed over. Returns 0, or -1 with the
 * error filled where one stands twice, is too long or is not percent-encoded UTF-8. */
int request_query(const struct request *r, struct form_field *fields, size_t count, struct err *e) RUKU_MUST_CHECK;

/* Appends the absolute URL of the mount point: the configured one, or what the request's host says. */
void request_base_url(const struct request *r, const struct conf *conf, struct buf *to);

#endif
