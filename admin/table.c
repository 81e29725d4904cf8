/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "table.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "num.h"
#include "utf8.h"
#include "words.h"

#include "poison.h"

#define CELLS_MAX_BYTES ((size_t)256 * 1024 * 1024)
#define GAP 2
#define WIDTH_UNKNOWN 80
#define BAR_MIN 4

void table_init(struct table *t, const struct table_column *columns, size_t column_count)
{
    *t = (struct table){.columns = columns, .column_count = column_count};
    buf_init(&t->cells, CELLS_MAX_BYTES);
    for (size_t i = 0; i < column_count; i++)
        t->widths[i] = utf8_width(_(columns[i].head), strlen(_(columns[i].head)));
}

void table_free(struct table *t)
{
    buf_free(&t->cells);
}

static void add_visible(struct buf *to, const char *text, size_t len)
{
    const char *end = text + len;
    while (text < end) {
        bool partial;
        size_t n = utf8_char(text, end, &partial);
        if (n == 0 || utf8_is_control(utf8_point(text, n)))
            buf_add_char(to, '?');
        else
            buf_add(to, text, n);
        text += n == 0 ? 1 : n;
    }
}

void table_text(struct table *t, const char *text)
{
    static const char dots[] = "…";
    size_t column = t->cell_count++ % t->column_count;
    size_t limit = t->columns[column].max_width;
    size_t len = strlen(text);
    struct buf shown;
    buf_init(&shown, CELLS_MAX_BYTES);
    add_visible(&shown, text, len);
    if (limit > 0 && utf8_width(buf_text(&shown), shown.len) > limit) {
        shown.len = utf8_fit(shown.data, shown.len, limit - 1);
        buf_add(&shown, dots, sizeof(dots) - 1);
    }
    size_t width = utf8_width(buf_text(&shown), shown.len);
    if (width > t->widths[column])
        t->widths[column] = width;
    buf_add(&t->cells, buf_text(&shown), shown.len + 1);
    t->cells.failed = t->cells.failed || buf_failed(&shown);
    buf_free(&shown);
}

void table_number(struct table *t, int64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "%lld", (long long)number);
    if (t->columns[t->cell_count % t->column_count].kind != TABLE_BAR) {
        table_text(t, text);
        return;
    }
    /* A bar takes what room there is: its text counts for no width. */
    t->cell_count++;
    if (number > t->max_bar)
        t->max_bar = number;
    buf_add(&t->cells, text, strlen(text) + 1);
}

static void print_spaces(size_t count)
{
    (void)printf("%*s", (int)count, "");
}

/* Blocks by the eighth of a column. */
static void print_bar(int64_t number, int64_t max, size_t room)
{
    static const char *const blocks[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    size_t eighths = max <= 0 || number <= 0 ? 0 : (size_t)((double)number / (double)max * (double)room * 8);
    for (size_t i = 0; i < eighths / 8; i++)
        (void)fputs("█", stdout);
    /* What came in is seen, however little. */
    (void)fputs(number > 0 && room > 0 && eighths == 0 ? blocks[1] : blocks[eighths % 8], stdout);
}

static size_t room_for_bar(const struct table *t, size_t line_width)
{
    size_t taken = 0;
    for (size_t i = 0; i + 1 < t->column_count; i++)
        taken += t->widths[i] + GAP;
    return line_width >= taken + BAR_MIN ? line_width - taken : 0;
}

static void print_padded(const struct table *t, size_t column, const char *text)
{
    size_t room = t->widths[column] - utf8_width(text, strlen(text));
    bool right = t->columns[column].kind == TABLE_NUMBER;
    bool is_last = column + 1 == t->column_count;
    print_spaces(right ? room : 0);
    (void)fputs(text, stdout);
    print_spaces(is_last ? 0 : GAP + (right ? 0 : room));
}

static void print_row(const struct table *t, const char **cell, size_t bar_room)
{
    for (size_t i = 0; i < t->column_count; i++) {
        int64_t number = 0;
        size_t len = strlen(*cell);
        if (t->columns[i].kind != TABLE_BAR)
            print_padded(t, i, *cell);
        else if (num_parse(*cell, len, INT64_MIN, INT64_MAX, &number))
            print_bar(number, t->max_bar, bar_room);
        *cell += len + 1;
    }
    (void)putchar('\n');
}

int table_print(const struct table *t, size_t line_width)
{
    const char *cell = buf_text(&t->cells);
    if (buf_failed(&t->cells))
        return -1;
    for (size_t i = 0; i < t->column_count; i++)
        print_padded(t, i, _(t->columns[i].head));
    (void)putchar('\n');
    for (size_t rows = t->cell_count / t->column_count; rows > 0; rows--)
        print_row(t, &cell, room_for_bar(t, line_width));
    return 0;
}

size_t table_terminal_width(int fd)
{
    struct winsize size = {0};
    if (isatty(fd) == 0)
        return 0;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : WIDTH_UNKNOWN;
}

void table_print_text(FILE *to, const char *text, size_t len)
{
    struct buf shown;
    buf_init(&shown, CELLS_MAX_BYTES);
    add_visible(&shown, text, len);
    (void)fputs(buf_text(&shown), to);
    buf_free(&shown);
}
