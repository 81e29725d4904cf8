/* SPDX-License-Identifier: Apache-2.0
 *
 * GET /v1/categories and GET /v1/categories/{category}: what may be pushed, and how a record must look.
 */
#include "config.h"

#include <json.h>

#include "catalog.h"
#include "err.h"
#include "handlers.h"
#include "jsonschema.h"
#include "reply.h"

#include "poison.h"

int on_categories(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    const struct catalog *catalog = ctx->state->catalog;
    json_object *out = json_object_new_object();
    json_object *list = json_object_new_array();
    (void)e;
    for (size_t i = 0; i < catalog->category_count; i++)
        (void)json_object_array_add(list, jsonschema_summary(catalog->categories[i]));
    (void)json_object_object_add(out, "categories", list);
    reply_json(reply, 200, request, out);
    return 0;
}

int on_category(struct context *ctx, const struct request *request, struct reply *reply, struct err *e)
{
    json_object *out = jsonschema_summary(ctx->category);
    (void)e;
    (void)json_object_object_add(out, "schema", jsonschema_record(ctx->category));
    reply_json(reply, 200, request, out);
    return 0;
}
