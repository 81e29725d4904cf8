/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

#include "poison.h"

static const char sentence[] = "为了加强城市环境卫生管理，创造清洁、优美的城市环境，根据国务院有关法律法规，结合本市实际，制定本条例。";

void rows_add(struct buf *to, size_t n, char id[16])
{
    (void)snprintf(id, 16, "r%08zu", n % 100000000);
    buf_printf(to, "{\"id\":\"%s\",\"title\":\"关于第%zu号文件的通知\",\"region\":\"河南\",\"kind\":\"地方性法规\",", id, n);
    buf_add_text(to, "\"history\":[\"2016年8月18日通过\"],\"first_date\":\"2016-08-18\",\"last_date\":\"2019-01-15\",\"body\":\"");
    for (int i = 0; i < 7; i++)
        buf_add_text(to, sentence);
    buf_add_text(to, "\"}");
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
