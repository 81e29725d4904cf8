/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a form, and as the header fields that a request is read from.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "enc.h"
#include "form.h"
#include "fuzz.h"
#include "gbtime.h"
#include "gbwords.h"
#include "net.h"
#include "accept.h"
#include "request.h"

static enum gbtime_reason read_time(const char *text, size_t size, int kind, char to[GBTIME_SPAN_SIZE])
{
    const struct gbtime_rules rules = {.forms = (1 << GBTIME_FORM_N) - 1, .assume = size % 2 == 0, .shift = GBTIME_CHINA_SHIFT};
    struct gbtime t;
    enum gbtime_reason why;
    if (kind >= 3)
        return (kind == 3 ? gbtime_read_interval : gbtime_read_recurrence)(text, size, &rules, to);
    if (kind == 0)
        why = gbtime_read_date(text, size, &rules, &t);
    else
        why = (kind == 1 ? gbtime_read_time : gbtime_read_datetime)(text, size, &rules, &t);
    if (why == GBTIME_OK)
        gbtime_write(to, &t);
    return why;
}

/* What is taken has a canonical form, which is taken and is its own; what is not has a reason that can be told. */
static void try_time(const char *text, size_t size, int kind)
{
    char to[GBTIME_SPAN_SIZE], again[GBTIME_SPAN_SIZE];
    enum gbtime_reason why = read_time(text, size, kind, to);
    fuzz_expect(why < GBTIME_REASON_N);
    if (why != GBTIME_OK) {
        fuzz_expect(gbwords_why(why, MSG_EN)[0] != '\0');
        return;
    }
    fuzz_expect(read_time(to, strlen(to), kind, again) == GBTIME_OK);
    fuzz_expect(strcmp(to, again) == 0);
}

static void try_form(const char *text, size_t size,
                     enum form_fault (*parse)(const char *text, size_t len, struct form_field *fields, size_t count))
{
    struct form_field fields[] = {{.name = "client_id", .aliases = {"client-id", "clientId"}}, {.name = "scope"}};
    for (size_t i = 0; i < 2; i++)
        buf_init(&fields[i].value, 64);
    if (parse(text, size, fields, 2) == FORM_OK)
        fuzz_expect(strlen(buf_text(&fields[0].value)) == fields[0].value.len);
    for (size_t i = 0; i < 2; i++)
        buf_free(&fields[i].value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf decoded;
    struct gbtime time;
    char sql[GBTIME_SQL_SIZE];
    char *text = malloc(size + 1);
    fuzz_expect(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    try_form(text, size, form_parse);
    try_form(text, size, form_parse_json);
    buf_init(&decoded, 4096);
    (void)enc_base64_decode(&decoded, text, size);
    (void)accept_language(text);
    (void)request_is_type(text, "application/json");
    if (net_is_list(text))
        (void)net_list_has(text, "192.0.2.1");
    if (gbtime_lenient(text, size, &time) && gbtime_sql(sql, &time))
        fuzz_expect(strlen(sql) == GBTIME_SQL_SIZE - 1);
    (void)gbtime_is_duration(text, size);
    for (int kind = 0; kind < 5; kind++)
        try_time(text, size, kind);
    buf_free(&decoded);
    free(text);
    return 0;
}
