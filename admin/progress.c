/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "table.h"
#include "utf8.h"
#include "words.h"

#include "poison.h"

#define SECOND_MICROS INT64_C(1000000)
#define REDRAW_MICROS (SECOND_MICROS / 10) /* faster than this it flickers */
#define LINE_SIZE 128

/* Writes the line over the one before, with spaces over what that had more: any terminal can do that. */
static void draw(struct progress *p, const char *line, size_t width)
{
    size_t rest = p->width > width ? p->width - width : 0;
    (void)fprintf(stderr, "\r%s%*s\r", line, (int)rest, "");
    (void)fflush(stderr);
    p->width = width;
}

void progress_begin(struct progress *p, const char *step)
{
    p->step = step;
    p->began = clock_micros();
    p->drawn = 0;
}

/* The part that is done, and the time that the rest will take at the speed up to now. */
static void add_share(char to[LINE_SIZE], int64_t micros, int64_t done, int64_t all)
{
    double share = done >= all ? 1 : (double)done / (double)all;
    int64_t left = share <= 0 ? 0 : (int64_t)((double)micros * (1 - share) / share) / SECOND_MICROS;
    (void)snprintf(to, LINE_SIZE, _("  %3d%%  %lld:%02d left"), (int)(share * 100), (long long)(left / 60),
                   (int)(left % 60));
}

void progress_show(struct progress *p, int64_t done, int64_t all, uint64_t records)
{
    int64_t now = clock_micros();
    bool is_due = now - (p->drawn == 0 ? p->began : p->drawn) >= REDRAW_MICROS;
    size_t columns = is_due ? table_terminal_width(STDERR_FILENO) : 0;
    if (columns == 0)
        return;
    char line[2 * LINE_SIZE];
    char share[LINE_SIZE] = "";
    int64_t micros = now - p->began;
    if (all > 0)
        add_share(share, micros, done, all);
    (void)snprintf(line, sizeof(line), _("%s%s  %llu records  %lld/s"), p->step, share, (unsigned long long)records,
                         (long long)((double)records / (double)micros * (double)SECOND_MICROS));
    p->drawn = now;
    /* The last column stays free: some terminals go on to the next line behind it. */
    line[utf8_fit(line, strlen(line), columns - 1)] = '\0';
    draw(p, line, utf8_width(line, strlen(line)));
}

void progress_clear(struct progress *p)
{
    if (p->width > 0)
        draw(p, "", 0);
}
