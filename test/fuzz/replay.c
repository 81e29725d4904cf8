/* SPDX-License-Identifier: Apache-2.0
 *
 * Takes the fuzzer's place where there is none: gives every file of the corpus to the target, whole and cut short, and with a bit
 * turned at each place.
 */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define INPUT_MAX 65536

static void replay(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    fuzz_expect(copy != NULL);
    memcpy(copy, bytes, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    for (size_t i = 0; i < size; i += 1 + size / 512) {
        (void)LLVMFuzzerTestOneInput(copy, i);
        copy[i] ^= (uint8_t)(1 << i % 8);
        (void)LLVMFuzzerTestOneInput(copy, size);
        copy[i] = bytes[i];
    }
    free(copy);
}

int main(void)
{
    const char *top = getenv("top_srcdir");
    char folder[4096];
    char path[8192];
    static uint8_t bytes[INPUT_MAX];
    int count = 0;
    (void)snprintf(folder, sizeof(folder), "%s/test/fuzz/corpus/" FUZZ_CORPUS, top == NULL ? "." : top);
    DIR *dir = opendir(folder);
    fuzz_expect(dir != NULL);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        FILE *file = fopen(path, "rb");
        fuzz_expect(file != NULL);
        size_t size = fread(bytes, 1, sizeof(bytes), file);
        (void)fclose(file);
        replay(bytes, size);
        (void)printf("ok %d - %s\n", ++count, entry->d_name);
    }
    (void)closedir(dir);
    (void)printf("1..%d\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
