/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "request.h"

#include <string.h>

#include "accept.h"
#include "conf.h"
#include "crypt.h"
#include "err.h"
#include "form.h"
#include "num.h"

#include "poison.h"

#define PARAM_MAX_BYTES 2048

const char *const request_methods[METHOD_N] = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"};

static enum method find_method(const char *name)
{
    for (int m = 0; name != NULL && m < METHOD_N; m++)
        if (strcmp(request_methods[m], name) == 0)
            return (enum method)m;
    return METHOD_N;
}

static int64_t find_length(const char *text)
{
    int64_t length;
    if (text == NULL || *text == '\0')
        return REQUEST_BODY_UNKNOWN;
    /* A length of more digits than a number holds is no error of form: it is only very large. */
    if (strspn(text, "0123456789") != strlen(text))
        return REQUEST_BODY_BAD;
    return num_parse(text, strlen(text), 0, INT64_MAX, &length) ? length : INT64_MAX;
}

static bool starts_with(const char *text, size_t len, const char *prefix, size_t prefix_len)
{
    return len >= prefix_len && memcmp(text, prefix, prefix_len) == 0 && (len == prefix_len || text[prefix_len] == '/');
}

static void cut_mount(struct request *r, const char *mount)
{
    const char *uri = r->facts.uri == NULL ? "/" : r->facts.uri;
    size_t len = strcspn(uri, "?#");
    r->query = uri[len] == '?' ? uri + len + 1 : "";
    r->query_len = strcspn(r->query, "#");
    size_t mount_len = strlen(mount);
    r->mount = uri;
    r->mount_len = starts_with(uri, len, mount, mount_len) ? mount_len : 0;
    r->path = uri + r->mount_len;
    r->path_len = len - r->mount_len;
}

/* A path as a URL may hold it (RFC 3986 section 3.3): nothing that could end it, or the header that it stands in. */
static bool is_path(const char *path)
{
    return path[0] == '/' &&
           strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%!$&'()*+,;=:@/") == strlen(path);
}

bool request_cut_script(struct request *r)
{
    const char *script = r->facts.script_name;
    const char *rest = r->facts.path_info;
    if (r->mount_len > 0 || script == NULL || !is_path(script) || rest == NULL || rest[0] != '/')
        return false;
    cut_mount(r, script);
    return r->mount_len > 0;
}

/* Skips optional white space. */
static const char *skip_space(const char *p)
{
    return p + strspn(p, " \t");
}

bool request_is_type(const char *header, const char *type)
{
    size_t len = strlen(type);
    if (header == NULL)
        return false;
    const char *p = skip_space(header);
    if (strncasecmp(p, type, len) != 0)
        return false;
    for (p = skip_space(p + len); *p == ';'; p = skip_space(p)) {
        p = skip_space(p + 1);
        size_t name_len = strcspn(p, "=;,");
        bool is_charset = name_len == strlen("charset") && strncasecmp(p, "charset", name_len) == 0;
        p += name_len;
        if (*p != '=')
            continue;
        p++;
        bool quoted = *p == '"';
        p += quoted ? 1 : 0;
        size_t value_len = strcspn(p, quoted ? "\"" : " \t;,");
        bool is_utf8 = (value_len == 5 && strncasecmp(p, "utf-8", 5) == 0) ||
                       (value_len == 4 && strncasecmp(p, "utf8", 4) == 0);
        if (is_charset && !is_utf8)
            return false;
        p += value_len + (quoted && p[value_len] == '"' ? 1 : 0);
    }
    return *p == '\0';
}

void request_init(struct request *r, const struct request_facts *facts, struct source *body, const struct conf *conf)
{
    *r = (struct request){.facts = *facts, .body = body};
    r->method = find_method(facts->method);
    r->body_length = find_length(facts->content_length);
    r->lang = accept_language(facts->accept_language);
    cut_mount(r, conf->base_path);
    peer_find(facts, conf, &r->peer);
    crypt_nonce_text(r->id, REQUEST_ID_CHARS);
    for (size_t i = 0; i < REQUEST_PARAMS_MAX; i++)
        buf_init(&r->params[i], PARAM_MAX_BYTES);
}

void request_clear(struct request *r)
{
    for (size_t i = 0; i < REQUEST_PARAMS_MAX; i++)
        buf_free(&r->params[i]);
}

bool request_has_body(const struct request *r)
{
    return r->method == METHOD_POST || r->method == METHOD_PUT;
}

bool request_is_lines(const struct request *r)
{
    return request_is_type(r->facts.content_type, REQUEST_LINES) ||
           request_is_type(r->facts.content_type, "application/ndjson");
}

bool request_is_gzip(const struct request *r)
{
    const char *coding = r->facts.content_encoding;
    return coding != NULL && (strcasecmp(coding, "gzip") == 0 || strcasecmp(coding, "x-gzip") == 0);
}

bool request_is_xml(const struct request *r)
{
    return request_is_type(r->facts.content_type, REQUEST_XML) || request_is_type(r->facts.content_type, "text/xml");
}

int request_query(const struct request *r, struct form_field *fields, size_t count, struct err *e)
{
    if (form_parse(r->query, r->query_len, fields, count) == FORM_OK)
        return 0;
    return err_set(e, MSG_BAD_QUERY, "%s", "");
}

/* A host as a URL may hold it: nothing that could end it or start something else. */
static bool is_host(const char *host)
{
    return host != NULL && *host != '\0' &&
           strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:[]_") == strlen(host);
}

void request_base_url(const struct request *r, const struct conf *conf, struct buf *to)
{
    if (conf->public_url[0] != '\0') {
        buf_add_text(to, conf->public_url);
        return;
    }
    buf_add_text(to, r->peer.secure ? "https://" : "http://");
    buf_add_text(to, is_host(r->facts.host) ? r->facts.host : "localhost");
    buf_add(to, r->mount, r->mount_len);
}
