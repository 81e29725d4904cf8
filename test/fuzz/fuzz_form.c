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
#include "net.h"
#include "accept.h"
#include "request.h"

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
    buf_free(&decoded);
    free(text);
    return 0;
}
