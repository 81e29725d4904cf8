/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "accept.h"
#include "helper.h"

static const char *const json[] = {"application/json", "application/*", "*/*", NULL};
static const char *const xml[] = {"application/xml", "text/xml", "application/*", "*/*", NULL};

static void the_type_that_is_weighed_more_is_preferred(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        int want; /* < 0 JSON, > 0 XML */
    } rows[] = {
        {NULL, 0}, {"", 0}, {"*/*", 0}, {"application/*", 0}, {"text/html", 0}, {"application/xml", 1}, {"text/xml", 1},
        {"application/json", -1}, {"application/json, application/xml", 0}, {"application/xml;q=0.5, application/json", -1},
        {"application/xml;q=0.9, application/json;q=0.8", 1}, {"text/html, application/xml;q=0.9, */*;q=0.8", 1},
        {"application/json;q=0.1, */*", 1}, {"application/xml;charset=utf-8;q=0.1, application/json;q=0.9", -1},
        {"application/json;charset=utf-8;q=0.1, application/xml;q=0.5", 1}, {"application/json;x=\"a,b;q=0\";q=0.3, application/xml;q=0.2", -1},
        {"application/xml;q=0", -1}, {"application/json;q=0", 1}, {"application/xml;q=0.000, */*", -1}, {"*/*;q=0, application/xml", 1},
        {"application/xml, application/problem+json", 1}, {"application/problem+xml, application/json;q=0.9", -1},
        {"APPLICATION/XML ; Q=1.000", 1}, {"application/xml;q=0.001", 1}, {"application/xml2", 0}, {",,;q=1,application/xml", 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int got = accept_compare(rows[i].header, json, xml);
        EXPECT_ROW(rows[i].header == NULL ? "none" : rows[i].header, (got > 0) - (got < 0) == rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_type_that_is_weighed_more_is_preferred),
    };
    return cmocka_run_group_tests_name("accept", tests, NULL, NULL);
}
