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
#include "net.h"
#include "request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct form_field fields[] = {{.name = "client_id", .alias = "client-id"}, {.name = "scope"}};
    struct buf decoded;
    struct gbtime time;
    char sql[GBTIME_SQL_SIZE];
    char *text = malloc(size + 1);
    fuzz_expect(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    for (size_t i = 0; i < 2; i++)
        buf_init(&fields[i].value, 64);
    if (form_parse(text, size, fields, 2) == FORM_OK)
        fuzz_expect(strlen(buf_text(&fields[0].value)) == fields[0].value.len);
    buf_init(&decoded, 4096);
    (void)enc_base64_decode(&decoded, text, size);
    (void)request_language(text);
    (void)request_is_type(text, "application/json");
    if (net_is_list(text))
        (void)net_list_has(text, "192.0.2.1");
    if (gbtime_lenient(text, size, &time) && gbtime_sql(sql, &time))
        fuzz_expect(strlen(sql) == GBTIME_SQL_SIZE - 1);
    (void)gbtime_is_duration(text, size);
    buf_free(&decoded);
    for (size_t i = 0; i < 2; i++)
        buf_free(&fields[i].value);
    free(text);
    return 0;
}
