/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "classic.h"

#include <json.h>
#include <string.h>

#include "conf.h"
#include "reply.h"
#include "request.h"

#include "poison.h"

enum { PARTLY = 207, FIRST_ERROR = 400 };

bool classic_is(const struct request *request)
{
    size_t len = strlen(CLASSIC_PREFIX);
    return request->path_len > len && memcmp(request->path, CLASSIC_PREFIX, len) == 0;
}

/* What the answer of the main interface says in words: a problem's detail, or the description of a token that was refused. */
static const char *words_of(json_object *answer, int status, enum msg_lang lang)
{
    static const char *const members[] = {"detail", "message", "error_description"};
    json_object *words;
    for (size_t i = 0; status >= FIRST_ERROR && i < sizeof(members) / sizeof(members[0]); i++)
        if (json_object_object_get_ex(answer, members[i], &words))
            return json_object_get_string(words);
    if (status >= FIRST_ERROR)
        return reply_reason(status);
    return words_in(lang, status == PARTLY ? N_("some records were refused: see data.errors") : N_("done"));
}

/* The rest of it. A problem's code is called error here, as OAuth does, since code is the number. */
static json_object *data_of(json_object *answer)
{
    static const char *const told[] = {"type", "title", "status", "detail", "message", "error_description", "request_id"};
    json_object *code;
    if (json_object_object_get_ex(answer, "status", NULL) && json_object_object_get_ex(answer, "code", &code))
        (void)json_object_object_add(answer, "error", json_object_get(code));
    json_object_object_del(answer, "code");
    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
        json_object_object_del(answer, told[i]);
    return json_object_get(answer);
}

void classic_wrap(struct reply *reply, const struct request *request, const struct conf *conf)
{
    int status = reply->status;
    if (reply->body.len == 0)
        return;
    json_object *answer = json_tokener_parse(buf_text(&reply->body));
    json_object *out = json_object_new_object();
    json_object *id;
    (void)json_object_object_add(out, "code", json_object_new_int(status >= FIRST_ERROR || status == PARTLY ? status : 0));
    reply_add_text(out, "msg", words_of(answer, status, request->lang));
    /* Of a reply that was kept, the id of the request that made it. */
    bool has_id = json_object_object_get_ex(answer, "request_id", &id);
    json_object *request_id = has_id ? json_object_get(id) : json_object_new_string(request->id);
    (void)json_object_object_add(out, "data", data_of(answer));
    (void)json_object_object_add(out, "request_id", request_id);
    json_object_put(answer);
    reply_replace(reply, conf->classic_http_status == CONF_CLASSIC_REAL ? status : 200, out);
}
