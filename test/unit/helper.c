/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog.h"
#include "err.h"
#include "helper.h"
#include "keyring.h"
#include "report.h"

#define PATH_SIZE 512

void fail_row(const char *row, const char *condition, const char *file, int line)
{
    print_error("row [%s] at %s:%d: %s\n", row, file, line, condition);
    _fail(file, line);
}

int folder_setup(void **state)
{
    char *folder = strdup("/tmp/ruku-unit-XXXXXX");
    *state = folder;
    return folder != NULL && mkdtemp(folder) != NULL ? 0 : -1;
}

static int drop_entry(const char *path, const struct stat *st, int flag, struct FTW *at)
{
    (void)st;
    (void)flag;
    (void)at;
    return remove(path);
}

int folder_teardown(void **state)
{
    int done = nftw(*state, drop_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return done;
}

const char *folder_path(const char *folder, const char *name)
{
    static char paths[4][PATH_SIZE];
    static unsigned at;
    char *path = paths[at++ % COUNT(paths)];
    assert_true(snprintf(path, PATH_SIZE, "%s/%s", folder, name) < PATH_SIZE);
    return path;
}

static void make_folders(const char *folder, const char *name)
{
    char part[PATH_SIZE];
    for (const char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        (void)snprintf(part, sizeof(part), "%.*s", (int)(slash - name), name);
        (void)mkdir(folder_path(folder, part), 0700);
    }
}

const char *folder_write_bytes(const char *folder, const char *name, const void *bytes, size_t len)
{
    make_folders(folder, name);
    const char *path = folder_path(folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    return path;
}

const char *folder_write(const char *folder, const char *name, const char *text)
{
    return folder_write_bytes(folder, name, text, strlen(text));
}

char *file_text(const char *path)
{
    struct buf text;
    size_t got;
    char *to;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    buf_init(&text, 1 << 24);
    while ((to = buf_reserve(&text, 4096)) != NULL && (got = fread(to, 1, 4096, file)) > 0)
        text.len += got;
    (void)fclose(file);
    buf_add_char(&text, '\0');
    assert_false(buf_failed(&text));
    return text.data;
}

void expect_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("[%s] is not in [%s]", part, text);
}

void expect_has_not(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("[%s] is in [%s]", part, text);
}

void expect_bytes(const char *bytes, size_t len, const char *text)
{
    if (len != strlen(text) || memcmp(bytes, text, len) != 0)
        fail_msg("got [%.*s], want [%s]", (int)len, bytes, text);
}

int report_lines(const struct report *r, const char *part)
{
    int count = 0;
    for (const char *line = buf_text(&r->text); *line != '\0';) {
        const char *end = strchrnul(line, '\n');
        const char *found = strstr(line, part);
        count += found != NULL && found < end;
        line = *end == '\0' ? end : end + 1;
    }
    return count;
}

struct catalog *catalog_of(const char *folder, const char *category, const char *codelist)
{
    struct report report;
    (void)folder_write(folder, "category/a.ini", category);
    (void)mkdir(folder_path(folder, "codelist"), 0700);
    if (codelist != NULL)
        (void)folder_write(folder, "codelist/a.ini", codelist);
    report_init(&report);
    struct catalog *catalog = catalog_load(folder, "", &report);
    if (catalog == NULL)
        fail_msg("%s", buf_text(&report.text));
    report_free(&report);
    return catalog;
}

static long read_bytes(struct source *self, char *to, size_t room, struct err *e)
{
    struct byte_source *s = (struct byte_source *)(void *)self;
    size_t n = s->len - s->at;
    n = n > room ? room : n;
    n = s->step > 0 && n > s->step ? s->step : n;
    if (n == 0)
        return s->breaks ? err_set(e, MSG_BODY_CUT, "%s", "the bytes broke off") : 0;
    memcpy(to, s->bytes + s->at, n);
    s->at += n;
    return (long)n;
}

struct keyring *keyring_of(const char *folder, const char *text)
{
    struct report r;
    const char *path = folder_write(folder, "keys", text);
    assert_int_equal(chmod(path, 0600), 0);
    report_init(&r);
    struct keyring *k = keyring_load(path, &r);
    assert_non_null(k);
    report_free(&r);
    assert_int_equal(remove(path), 0);
    return k;
}

struct byte_source byte_source(const void *bytes, size_t len, size_t step)
{
    return (struct byte_source){.source.read = read_bytes, .bytes = bytes, .len = len, .step = step};
}

uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}
