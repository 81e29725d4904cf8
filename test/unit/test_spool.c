/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "helper.h"
#include "record.h"
#include "spool.h"

static char filler[300000];

/* A row that is told by its number: every third has no title, every fourth no time, every fifth no version,
 * every second nothing that was sent otherwise. */
static struct row make_row(size_t number, size_t fields_len, char id[24])
{
    struct row row = {.id = id, .fields = filler, .fields_len = fields_len};
    row.id_len = (size_t)snprintf(id, 24, "id-%zu", number);
    row.title = number % 3 == 0 ? NULL : id + 3;
    row.title_len = number % 3 == 0 ? 0 : row.id_len - 3;
    row.published = number % 4 == 0 ? NULL : "2024-10-09 15:30:00";
    row.version = number % 5 == 0 ? RECORD_NO_VERSION : number % 5 == 1 ? INT64_MAX - (int64_t)number : (int64_t)number - 2;
    row.sent = number % 2 == 0 ? NULL : id;
    row.sent_len = number % 2 == 0 ? 0 : row.id_len;
    row.index = SIZE_MAX - number;
    memset(row.digest, (int)(number % 251), sizeof(row.digest));
    return row;
}

static bool same_row(const struct row *row, size_t number, size_t fields_len)
{
    char id[24];
    struct row want = make_row(number, fields_len, id);
    return row->id_len == want.id_len && memcmp(row->id, id, want.id_len) == 0 && (row->title == NULL) == (want.title == NULL) &&
           row->title_len == want.title_len && (want.title == NULL || memcmp(row->title, want.title, want.title_len) == 0) &&
           (row->published == NULL) == (want.published == NULL) &&
           (want.published == NULL || strcmp(row->published, want.published) == 0) && row->fields_len == fields_len &&
           (row->sent == NULL) == (want.sent == NULL) && row->sent_len == want.sent_len &&
           (want.sent == NULL || memcmp(row->sent, want.sent, want.sent_len) == 0) && row->version == want.version && row->index == want.index &&
           memcmp(row->fields, filler, fields_len) == 0 && memcmp(row->digest, want.digest, sizeof(want.digest)) == 0;
}

static int fill_filler(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(filler); i++)
        filler[i] = (char)('a' + i % 23);
    return 0;
}

/* Sizes of rows: small ones with a giant among them, that no window of 4 KiB holds. */
static size_t size_of(size_t number)
{
    return number % 100 == 37 ? 250000 : number % 100 == 0 ? 0 : number * 131 % 700;
}

static void read_all(struct spool *s, size_t count, size_t max_rows, size_t max_bytes)
{
    struct err e = ERR_NONE;
    struct row rows[64];
    size_t got, at = 0;
    assert_int_equal(spool_rewind(s, &e), 0);
    do {
        size_t bytes = 0;
        assert_int_equal(spool_next(s, rows, max_rows, max_bytes, &got, &e), 0);
        assert_true(got <= max_rows && (got > 0 || at == count));
        for (size_t i = 0; i < got; i++, at++) {
            if (!same_row(&rows[i], at, size_of(at)))
                fail_msg("row %zu", at);
            assert_true(i == 0 || bytes < max_bytes);
            bytes += rows[i].id_len + rows[i].title_len + rows[i].fields_len;
        }
    } while (got > 0);
    assert_int_equal(at, count);
}

static void rows_come_back_whole_and_in_order_from_memory_and_file(void **state)
{
    static const size_t memories[] = {4096, 65536, 16 * 1024 * 1024};
    for (size_t m = 0; m < COUNT(memories); m++) {
        struct err e = ERR_NONE;
        struct spool s;
        char id[24];
        spool_init(&s, memories[m], *state);
        for (size_t i = 0; i < 500; i++) {
            struct row row = make_row(i, size_of(i), id);
            assert_int_equal(spool_add(&s, &row, &e), 0);
        }
        assert_int_equal(s.count, 500);
        assert_int_equal(s.fd >= 0, m < 2);
        read_all(&s, 500, 64, 1 << 20);
        read_all(&s, 500, 1, 1 << 20);
        read_all(&s, 500, 7, 1);
        read_all(&s, 500, 64, 2000);
        spool_free(&s);
    }
}

static void reading_may_begin_anew_in_the_middle(void **state)
{
    struct err e = ERR_NONE;
    struct spool s;
    struct row rows[5];
    char id[24];
    size_t got;
    spool_init(&s, 4096, *state);
    for (size_t i = 0; i < 200; i++) {
        struct row row = make_row(i, size_of(i), id);
        assert_int_equal(spool_add(&s, &row, &e), 0);
    }
    for (size_t chunks = 0; chunks < 45; chunks++) {
        assert_int_equal(spool_rewind(&s, &e), 0);
        for (size_t c = 0; c < chunks; c++) {
            assert_int_equal(spool_next(&s, rows, 5, 1 << 20, &got, &e), 0);
            assert_true(got == 0 || c > 0 || same_row(&rows[0], 0, size_of(0)));
        }
    }
    read_all(&s, 200, 5, 1 << 20);
    spool_free(&s);
}

static void an_empty_spool_has_no_rows(void **state)
{
    struct spool s;
    spool_init(&s, 4096, *state);
    read_all(&s, 0, 10, 100);
    read_all(&s, 0, 10, 100);
    spool_clear(&s);
    read_all(&s, 0, 10, 100);
    spool_free(&s);
}

static void the_bytes_of_all_rows_are_counted_until_it_is_cleared(void **state)
{
    struct err e = ERR_NONE;
    struct spool s;
    char id[24];
    size_t content = 0;
    spool_init(&s, 4096, *state);
    for (size_t i = 0; i < 300; i++) {
        size_t before = s.bytes;
        struct row row = make_row(i, size_of(i), id);
        assert_int_equal(spool_add(&s, &row, &e), 0);
        assert_true(s.bytes - before >= row.id_len + row.title_len + row.fields_len);
        content += s.bytes - before;
    }
    read_all(&s, 300, 9, 10000);
    assert_int_equal(s.bytes, content);
    spool_clear(&s);
    assert_int_equal(s.bytes, 0);
    spool_free(&s);
}

static void clearing_forgets_rows_and_gives_memory_and_file_back(void **state)
{
    struct err e = ERR_NONE;
    struct spool s;
    char id[24];
    spool_init(&s, 4096, *state);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 120; i++) {
            struct row row = make_row(i, size_of(i), id);
            assert_int_equal(spool_add(&s, &row, &e), 0);
        }
        if (round != 1)
            read_all(&s, 120, 9, 10000);
        spool_clear(&s);
        assert_int_equal(s.count, 0);
        assert_int_equal(s.fd, -1);
        assert_true(s.window.size <= 2 * 4096);
    }
    spool_free(&s);
}

static void a_row_is_copied_when_it_is_added(void **state)
{
    struct err e = ERR_NONE;
    struct spool s;
    struct row rows[1];
    size_t got;
    char id[24];
    struct row row = make_row(5, 10, id);
    spool_init(&s, 4096, *state);
    assert_int_equal(spool_add(&s, &row, &e), 0);
    memset(id, 'x', sizeof(id));
    assert_int_equal(spool_rewind(&s, &e), 0);
    assert_int_equal(spool_next(&s, rows, 1, 100, &got, &e), 0);
    assert_int_equal(got, 1);
    assert_true(same_row(&rows[0], 5, 10));
    spool_free(&s);
}

static void no_room_for_the_file_is_class_busy(void **state)
{
    struct err e = ERR_NONE;
    struct spool s;
    char id[24];
    char *folder = strdup(folder_path(*state, "none"));
    int failed = 0;
    spool_init(&s, 4096, folder);
    for (size_t i = 1; i < 100 && failed == 0; i++) {
        struct row row = make_row(i, 500, id);
        failed = spool_add(&s, &row, &e);
    }
    assert_int_equal(failed, -1);
    assert_int_equal(err_class(&e), CLASS_BUSY);
    expect_has(e.detail, "none");
    spool_free(&s);
    free(folder);
}

static void nothing_stays_in_the_folder(void **state)
{
    struct err e = ERR_NONE;
    struct spool s;
    char id[24];
    spool_init(&s, 4096, *state);
    for (size_t i = 0; i < 120; i++) {
        struct row row = make_row(i, size_of(i), id);
        assert_int_equal(spool_add(&s, &row, &e), 0);
    }
    assert_true(s.fd >= 0);
    assert_int_equal(rmdir(*state), 0); /* only an empty folder goes */
    spool_free(&s);
    assert_int_equal(mkdir(*state, 0700), 0); /* for the teardown */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(rows_come_back_whole_and_in_order_from_memory_and_file),
        WITH_FOLDER(reading_may_begin_anew_in_the_middle),
        WITH_FOLDER(an_empty_spool_has_no_rows),
        WITH_FOLDER(the_bytes_of_all_rows_are_counted_until_it_is_cleared),
        WITH_FOLDER(clearing_forgets_rows_and_gives_memory_and_file_back),
        WITH_FOLDER(a_row_is_copied_when_it_is_added),
        WITH_FOLDER(no_room_for_the_file_is_class_busy),
        WITH_FOLDER(nothing_stays_in_the_folder),
    };
    return cmocka_run_group_tests_name("spool", tests, fill_filler, NULL);
}
