/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "sample.h"

#include <json.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "category.h"
#include "conf.h"
#include "fault.h"
#include "record.h"

#include "poison.h"

#define PATH_MAX_BYTES 4096

static json_object *read_file(const char *dir, const char *code)
{
    char path[PATH_MAX_BYTES];
    if (*dir == '\0' || snprintf(path, sizeof(path), "%s/sample/%s.json", dir, code) >= (int)sizeof(path))
        return NULL;
    return json_object_from_file(path);
}

static bool is_good(struct record_checker *checker, json_object *record)
{
    struct row row;
    size_t used, len;
    const char *text = json_object_to_json_string_length(record, JSON_C_TO_STRING_PLAIN, &len);
    return text != NULL && record_check(checker, text, len, true, 0, 0, &row, &used) == RECORD_GOOD;
}

static json_object *keep_good(json_object *list, const struct category *category, size_t most)
{
    struct faults faults;
    struct record_checker checker;
    json_object *out = json_object_new_array();
    faults_init(&faults, MSG_EN);
    if (record_checker_init(&checker, category, CRYPT_SHA256, &faults) == 0) {
        for (size_t i = 0; i < json_object_array_length(list) && json_object_array_length(out) < most; i++) {
            json_object *record = json_object_array_get_idx(list, i);
            if (is_good(&checker, record))
                (void)json_object_array_add(out, json_object_get(record));
        }
    }
    record_checker_free(&checker);
    faults_free(&faults);
    if (json_object_array_length(out) > 0)
        return out;
    json_object_put(out);
    return NULL;
}

json_object *sample_load(const struct conf *conf, const struct category *category, size_t most)
{
    json_object *list = read_file(conf->schema_extra_dir, category->code);
    if (list == NULL)
        list = read_file(conf->schema_dir, category->code);
    json_object *out = json_object_is_type(list, json_type_array) ? keep_good(list, category, most) : NULL;
    json_object_put(list);
    return out;
}
