/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as the INI file of a category.
 */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "category.h"
#include "fuzz.h"
#include "report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/ruku-fuzz-XXXXXX";
    struct report report;
    int fd = mkstemp(path);
    fuzz_expect(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    (void)close(fd);
    report_init(&report);
    struct category *category = category_load(path, &report);
    fuzz_expect(category != NULL || report.count > 0);
    category_free(category);
    report_free(&report);
    (void)unlink(path);
    return 0;
}
