/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "probe.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"

#include "poison.h"

#define URL_MAX_BYTES ((size_t)4096)
#define BODY_MAX_BYTES ((size_t)16 * 1024) /* what is looked at of an answer */
#define SECONDS_MAX 60L

struct transfer {
    struct buf body;
    size_t to_send;
    long long date;
};

int probe_init(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == 0 ? 0 : -1;
}

void probe_end(void)
{
    curl_global_cleanup();
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t room = BODY_MAX_BYTES - t->body.len;
    buf_add(&t->body, data, size * count < room ? size * count : room);
    return size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    char line[128];
    (void)snprintf(line, sizeof(line), "%.*s", (int)(size * count < sizeof(line) ? size * count : sizeof(line) - 1), data);
    if (strncasecmp(line, "Date:", 5) == 0)
        t->date = (long long)curl_getdate(line + 5, NULL);
    return size * count;
}

static size_t on_read(char *to, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t n = size * count < t->to_send ? size * count : t->to_send;
    memset(to, '0', n);
    t->to_send -= n;
    return n;
}

/* The code of a problem, which pages of a web server have only where they are those that are shipped, and then another one. */
static void find_code(const char *body, char *to, size_t size)
{
    static const char name[] = "\"code\":\"";
    const char *start = strstr(body, name);
    *to = '\0';
    if (start == NULL)
        return;
    start += strlen(name);
    (void)snprintf(to, size, "%.*s", (int)strcspn(start, "\""), start);
}

static struct curl_slist *make_headers(const struct probe_request *request)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    struct buf line;
    buf_init(&line, 1024);
    if (request->authorization != NULL) {
        buf_printf(&line, "Authorization: %s", request->authorization);
        list = curl_slist_append(list, buf_text(&line));
    }
    if (request->body_bytes > 0)
        list = curl_slist_append(list, "Content-Type: application/json");
    if (request->chunked)
        list = curl_slist_append(list, "Transfer-Encoding: chunked");
    buf_free(&line);
    return list;
}

static void set_up(CURL *curl, const struct probe_request *request, struct transfer *t, const char *url, struct curl_slist *headers)
{
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, SECONDS_MAX);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, t);
    if (request->body_bytes == 0)
        return;
    (void)curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
    (void)curl_easy_setopt(curl, CURLOPT_READDATA, t);
    if (!request->chunked)
        (void)curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->body_bytes);
}

void probe_send(const char *base, const struct probe_request *request, struct probe_reply *out)
{
    struct transfer t = {.to_send = request->body_bytes, .date = -1};
    struct buf url;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = make_headers(request);
    *out = (struct probe_reply){.date = -1};
    buf_init(&url, URL_MAX_BYTES);
    buf_init(&t.body, BODY_MAX_BYTES);
    buf_printf(&url, "%s%s", base, request->path);
    if (curl == NULL || headers == NULL || buf_failed(&url)) {
        (void)snprintf(out->error, sizeof(out->error), "libcurl cannot be used");
    } else {
        set_up(curl, request, &t, buf_text(&url), headers);
        CURLcode rc = curl_easy_perform(curl);
        (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
        if (rc != CURLE_OK && out->status == 0)
            (void)snprintf(out->error, sizeof(out->error), "%s", curl_easy_strerror(rc));
        find_code(buf_text(&t.body), out->code, sizeof(out->code));
        out->date = t.date;
    }
    buf_free(&t.body);
    buf_free(&url);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
}
