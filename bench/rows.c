/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "rows.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

#include "poison.h"

enum { SENTENCES = 7, CHAR_BYTES = 3 };

/* Every character of it has three bytes, so that it may be cut between any two. */
static const char sentence[] = "为了加强城市环境卫生管理，创造清洁、优美的城市环境，根据国务院有关法律法规，结合本市实际，制定本条例。";

/* A mix that gives every number another one: shifts and odd factors can be undone. */
static uint32_t scatter(uint32_t n)
{
    n = (n ^ n >> 16) * UINT32_C(0x85EBCA6B);
    n = (n ^ n >> 13) * UINT32_C(0xC2B2AE35);
    return n ^ n >> 16;
}

/* The sentences begin at places that the number tells: same length, other text. */
static void add_body(struct buf *to, uint32_t n)
{
    uint32_t turns = scatter(n + 1);
    size_t len = sizeof(sentence) - 1;
    for (int i = 0; i < SENTENCES; i++) {
        size_t start = turns % (len / CHAR_BYTES) * CHAR_BYTES;
        buf_add(to, sentence + start, len - start);
        buf_add(to, sentence, start);
        turns = turns * 5 + 1;
    }
}

void rows_add(struct buf *to, size_t n, bool scattered, char id[ROWS_ID_SIZE])
{
    if (scattered)
        (void)snprintf(id, ROWS_ID_SIZE, "r%08x", (unsigned)scatter((uint32_t)n));
    else
        (void)snprintf(id, ROWS_ID_SIZE, "r%08zu", n % 100000000);
    buf_printf(to, "{\"id\":\"%s\",\"title\":\"关于第%08zu号文件的通知\",\"region\":\"河南\",\"kind\":\"地方性法规\",", id,
               n % 100000000);
    buf_add_text(to, "\"history\":[\"2016年8月18日通过\"],\"first_date\":\"2016-08-18\",\"last_date\":\"2019-01-15\",\"body\":\"");
    add_body(to, (uint32_t)n);
    buf_add_text(to, "\"}");
}

size_t rows_size(void)
{
    struct buf one;
    char id[ROWS_ID_SIZE];
    buf_init(&one, 65536);
    rows_add(&one, 0, false, id);
    size_t size = one.len;
    buf_free(&one);
    return size;
}

long long rows_race(int count, int (*work)(int number, void *context), void *context)
{
    int64_t start = clock_micros();
    int running = 0;
    for (; running < count; running++) {
        pid_t pid = fork();
        if (pid == 0)
            _exit(work(running, context) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
        if (pid < 0)
            break;
    }
    int failed = running < count;
    int status;
    for (; running > 0; running--)
        failed |= wait(&status) < 0 || status != 0;
    return failed ? -1 : (long long)(clock_micros() - start);
}

int64_t *rows_shared(int64_t count)
{
    void *shared = mmap(NULL, sizeof(int64_t) * (size_t)count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED ? NULL : shared;
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

void rows_report(int64_t *took, int64_t count, int64_t records, int64_t bytes, long long micros)
{
    qsort(took, (size_t)count, sizeof(*took), compare);
    (void)printf("%.0f %.1f %.2f %.2f\n", (double)records * 1e6 / (double)micros, (double)bytes / (double)micros,
                 (double)took[(count - 1) / 2] / 1e3, (double)took[(count * 99 + 99) / 100 - 1] / 1e3);
}
