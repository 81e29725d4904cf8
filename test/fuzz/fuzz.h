/* SPDX-License-Identifier: Apache-2.0
 *
 * What the fuzz targets share.
 */
#ifndef RUKU_FUZZ_H
#define RUKU_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* libFuzzer's entry point, which each target defines; it returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process where a property does not hold, in a way that a fuzzer takes note of. */
static inline void fuzz_expect(int holds)
{
    if (!holds)
        abort();
}

#endif
