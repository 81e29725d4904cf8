/* SPDX-License-Identifier: Apache-2.0
 *
 * The category that records are checked against.
 */
#ifndef RUKU_FUZZ_POLICY_H
#define RUKU_FUZZ_POLICY_H

#include <stdio.h>
#include <stdlib.h>

#include "catalog.h"
#include "crypt.h"
#include "fuzz.h"
#include "report.h"

static inline const struct category *policy(void)
{
    static struct catalog *catalog; /* kept for all inputs */
    if (catalog == NULL) {
        const char *top = getenv("top_srcdir");
        char path[4096];
        struct report report;
        (void)snprintf(path, sizeof(path), "%s/schema", top == NULL ? "." : top);
        report_init(&report);
        catalog = catalog_load(path, "", &report);
        fuzz_expect(catalog != NULL && crypt_init() == 0);
        report_free(&report);
    }
    return catalog_find(catalog, "policy");
}

#endif
