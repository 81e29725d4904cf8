/* SPDX-License-Identifier: Apache-2.0
 *
 * What the fuzz targets share.
 */
#ifndef RUKU_FUZZ_H
#define RUKU_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* libFuzzer's entry point, which each target defines; it returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process where a property does not hold, in a way that a fuzzer takes note of, and says which. */
#define fuzz_expect(holds) ((holds) ? (void)0 : fuzz_fail(#holds, __FILE__, __LINE__))

static inline _Noreturn void fuzz_fail(const char *property, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, property);
    abort();
}

#endif
