/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "report.h"

#include <stdarg.h>
#include <stdio.h>

#include "words.h"

#include "poison.h"

#define REPORT_MAX_BYTES (1024 * 1024)

void report_init(struct report *r)
{
    buf_init(&r->text, REPORT_MAX_BYTES);
    r->count = 0;
}

void report_free(struct report *r)
{
    buf_free(&r->text);
}

void report_add(struct report *r, const char *file, int line, const char *format, ...)
{
    char sentence[1024];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof(sentence), words_own(format), args);
    va_end(args);
    if (line > 0)
        buf_printf(&r->text, "%s:%d: %s\n", file, line, sentence);
    else
        buf_printf(&r->text, "%s: %s\n", file, sentence);
    r->count++;
}
