/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "buf.h"
#include "conf.h"
#include "crypt.h"
#include "helper.h"
#include "log.h"
#include "report.h"

static struct conf *load(const char *folder, const char *text, struct report *r)
{
    report_init(r);
    return conf_load(folder_write(folder, "ruku.ini", text), r);
}

static void an_empty_file_gives_the_documented_defaults(void **state)
{
    struct report r;
    struct conf *c = load(*state, "", &r);
    assert_non_null(c);
    assert_int_equal(r.count, 0);
    const struct {
        int64_t got, want;
    } numbers[] = {
        {c->socket_mode, 0660}, {c->workers, 4}, {c->max_requests, 100000}, {c->io_timeout, 30}, {c->grace, 30}, {c->seccomp, CONF_SECCOMP_AUTO},
        {c->db_port, 3306}, {c->db_timeout, 30}, {c->max_body_bytes, 256 * 1024 * 1024}, {c->chunk_records, 1000},
        {c->max_record_bytes, 2 * 1024 * 1024}, {c->spool_memory, 4 * 1024 * 1024}, {c->token_lifetime, 7200},
        {c->receipt_days, 400},
        {c->hash, CRYPT_SM3}, {c->requests_per_minute, 0}, {c->failed_logins, 10}, {c->failed_login_window, 60},
        {c->log_level, LOG_LEVEL_INFO}, {c->gzip_ratio, 100}, {c->kept_rejects, 10000}, {c->max_results, 10000}, {c->docs_public, CONF_YES},
        {c->idempotency_lifetime, 24 * 60 * 60},
    };
    for (size_t i = 0; i < COUNT(numbers); i++)
        assert_int_equal(numbers[i].got, numbers[i].want);
    const char *const texts[][2] = {
        {c->socket_group, ""}, {c->user, ""}, {c->pid_file, ""}, {c->base_path, ""}, {c->public_url, ""},
        {c->db_socket, "/run/mysqld/mysqld.sock"}, {c->db_host, "127.0.0.1"}, {c->db_name, "ruku"},
        {c->db_user, "ruku"}, {c->db_password, ""}, {c->db_password_file, ""}, {c->schema_extra_dir, ""},
        {c->spool_dir, "/var/tmp"}, {c->realm, "ruku"}, {c->log_target, "stderr"},
    };
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_string_equal(texts[i][0], texts[i][1]);
    expect_has(c->listen, "/ruku.sock");
    expect_has(c->schema_dir, "/schema");
    expect_has(c->docs_dir, "/docs");
    conf_free(c);
    report_free(&r);
}

static const struct {
    const char *section, *line;
    const char *fault; /* NULL: it is taken */
} settings[] = {
    {"server", "workers = 1", NULL}, {"server", "workers = 512", NULL}, {"server", "workers = 0", "from 1 to 512"},
    {"server", "workers = 513", "from 1 to 512"}, {"server", "workers = -4", "from 1"}, {"server", "workers =", "from 1"},
    {"server", "workers = four", "from 1"}, {"server", "workers = 4.0", "from 1"}, {"server", "workers = 4 5", "from 1"},
    {"server", "workers = 99999999999999999999", "from 1"}, {"server", "listen =", "not empty"},
    {"server", "max_requests = 2147483647", NULL}, {"server", "max_requests = 2147483648", "from 1 to 2147483647"},
    {"server", "socket_mode = 0600", NULL}, {"server", "socket_mode = 660", NULL}, {"server", "socket_mode = 0", NULL},
    {"server", "socket_mode = 0888", "a file mode"}, {"server", "socket_mode = 1777", "a file mode"},
    {"server", "socket_mode = rw", "a file mode"}, {"server", "socket_mode =", "a file mode"},
    {"server", "socket_mode = -660", "a file mode"},
    {"server", "seccomp = auto", NULL}, {"server", "seccomp = yes", NULL}, {"server", "seccomp = no", NULL},
    {"server", "seccomp = on", "one of auto, no, yes"}, {"server", "seccomp =", "one of auto, no, yes"},
    {"server", "base_path = /ruku", NULL}, {"server", "base_path = ruku", "base_path"},
    {"server", "base_path = /ruku/", "base_path"}, {"server", "base_path = /", "base_path"},
    {"database", "port = 65535", NULL}, {"database", "port = 65536", "from 1 to 65535"},
    {"database", "name =", "not empty"}, {"database", "socket =\nhost =", "needs a socket or a host"},
    {"database", "socket =", NULL},
    {"ingest", "max_body_bytes = 1K", NULL}, {"ingest", "max_body_bytes = 1024G", NULL},
    {"ingest", "max_body_bytes = 1025G", "from 1024"}, {"ingest", "max_body_bytes = 1023", "from 1024"},
    {"ingest", "max_body_bytes = 99999999999G", "from 1024"}, {"ingest", "max_body_bytes = 9007199254740993G", "from 1024"},
    {"ingest", "max_body_bytes = M", "from 1024"}, {"ingest", "max_body_bytes = 1 M", "from 1024"},
    {"ingest", "max_body_bytes = 1.5M", "from 1024"}, {"ingest", "max_body_bytes = 1MB", "from 1024"},
    {"ingest", "max_body_bytes = 1T", "from 1024"}, {"ingest", "max_body_bytes = -1M", "from 1024"},
    {"ingest", "max_record_bytes = 8M", NULL}, {"ingest", "max_record_bytes = 8193K", "from 1024"},
    {"ingest", "spool_memory = 64K", NULL}, {"ingest", "spool_memory = 65535", "from 65536"},
    {"ingest", "chunk_records = 10001", "from 1 to 10000"}, {"ingest", "spool_dir =", "not empty"},
    {"ingest", "gzip_ratio = 2", NULL}, {"ingest", "gzip_ratio = 2000", NULL}, {"ingest", "gzip_ratio = 1", "from 2 to 2000"},
    {"ingest", "gzip_ratio = 2001", "from 2 to 2000"}, {"ingest", "kept_rejects = 0", NULL},
    {"ingest", "kept_rejects = -1", "from 0 to 2147483647"}, {"ingest", "kept_rejects = 2147483648", "from 0 to 2147483647"},
    {"docs", "public = yes", NULL}, {"docs", "public = no", NULL}, {"docs", "public = 1", "one of no, yes"}, {"docs", "dir =", "not empty"},
    {"ingest", "max_results = 0", NULL}, {"ingest", "max_results = 20000", NULL},
    {"ingest", "max_results = 20001", "from 0 to 20000"}, {"ingest", "idempotency_lifetime = 86400", NULL},
    {"ingest", "idempotency_lifetime = 86399", "from 86400 to 31536000"},
    {"ingest", "idempotency_lifetime = 31536001", "from 86400 to 31536000"},
    {"token", "lifetime = 60", NULL}, {"token", "lifetime = 59", "from 60 to 31536000"},
    {"token", "lifetime = 31536001", "from 60"}, {"token", "realm =", "not empty"},
    {"token", "realm = 'a\"b'", "realm may not hold"}, {"token", "realm = a\\b", "realm may not hold"},
    {"crypto", "hash = sm3", NULL}, {"crypto", "hash = sha256", NULL}, {"crypto", "hash = md5", "one of sm3, sha256"},
    {"crypto", "hash = SM3", "one of sm3, sha256"}, {"crypto", "hash =", "one of sm3, sha256"},
    {"limit", "failed_logins = 0", NULL}, {"limit", "failed_login_window = 0", "from 1 to 86400"},
    {"log", "level = debug", NULL}, {"log", "level = trace", "one of error, warn, info, debug"},
    {"log", "target =", "not empty"},
};

static void a_setting_outside_its_type_and_range_is_a_fault(void **state)
{
    for (size_t i = 0; i < COUNT(settings); i++) {
        struct report r;
        char text[256];
        (void)snprintf(text, sizeof(text), "; head\n[%s]\n%s\n", settings[i].section, settings[i].line);
        struct conf *c = load(*state, text, &r);
        const char *faults = buf_text(&r.text);
        EXPECT_ROW(settings[i].line, (c != NULL) == (settings[i].fault == NULL));
        EXPECT_ROW(settings[i].line, (r.count == 0) == (settings[i].fault == NULL));
        EXPECT_ROW(settings[i].line, settings[i].fault == NULL || strstr(faults, settings[i].fault) != NULL);
        conf_free(c);
        report_free(&r);
    }
}

static void sizes_take_the_units_of_1024(void **state)
{
    struct report r;
    struct conf *c = load(*state, "[ingest]\nmax_body_bytes = 3G\nmax_record_bytes = 5K\nspool_memory = 100000\n", &r);
    assert_non_null(c);
    assert_int_equal(c->max_body_bytes, INT64_C(3) * 1024 * 1024 * 1024);
    assert_int_equal(c->max_record_bytes, 5 * 1024);
    assert_int_equal(c->spool_memory, 100000);
    conf_free(c);
    report_free(&r);
}

static void unknown_and_repeated_names_are_faults_with_their_line(void **state)
{
    struct report r;
    assert_null(load(*state, "[server]\nworker = 3\nworkers = 2\nWorkers = 3\n[servers]\nworkers = 1\n[log]\n[log]\n", &r));
    const char *faults = buf_text(&r.text);
    expect_has(faults, "ruku.ini:2: unknown key worker in [server]");
    expect_has(faults, "ruku.ini:4: key workers stands twice");
    expect_has(faults, "ruku.ini:5: unknown section [servers]");
    expect_has(faults, "ruku.ini:8: section [log] stands twice");
    assert_int_equal(r.count, 4);
    report_free(&r);
}

static void all_faults_are_told_and_not_the_first(void **state)
{
    struct report r;
    assert_null(load(*state, "[server]\nworkers = 0\ngrace = x\n[crypto]\nhash = md5\n[token]\nlifetime = 1\n", &r));
    assert_int_equal(r.count, 4);
    static const char *const lines[] = {"ruku.ini:2: ", "ruku.ini:3: ", "ruku.ini:5: ", "ruku.ini:7: "};
    for (size_t i = 0; i < COUNT(lines); i++)
        EXPECT_ROW(lines[i], report_lines(&r, lines[i]) == 1);
    report_free(&r);
}

static void the_password_is_read_from_a_file_that_only_its_owner_may_write(void **state)
{
    static const struct {
        mode_t mode;
        bool good;
    } rows[] = {{0600, true}, {0400, true}, {0640, true}, {0440, true}, {0660, false}, {0644, false}, {0604, false},
                {0602, false}, {0601, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct report r;
        char text[300];
        const char *secret = folder_write(*state, "secret", "pass; word#1\r\nsecond line\n");
        assert_int_equal(chmod(secret, rows[i].mode), 0);
        (void)snprintf(text, sizeof(text), "[database]\npassword_file = %s\n", secret);
        struct conf *c = load(*state, text, &r);
        assert_int_equal(c != NULL, rows[i].good);
        if (c != NULL)
            assert_string_equal(c->db_password, "pass; word#1");
        else
            expect_has(buf_text(&r.text), "is open to others");
        conf_free(c);
        report_free(&r);
        assert_int_equal(remove(secret), 0);
    }
}

static void a_password_file_that_cannot_be_used_is_a_fault(void **state)
{
    static const struct {
        const char *text, *fault;
    } rows[] = {
        {"[database]\npassword_file = /tmp/no/such/file\n", "password_file: /tmp/no/such/file cannot be read"},
        {"[database]\npassword_file = /\n", "password_file: / cannot be read: it is no file"},
        {"[database]\npassword = x\npassword_file = /etc/hosts\n", "exclude each other"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct report r;
        EXPECT_ROW(rows[i].fault, load(*state, rows[i].text, &r) == NULL);
        expect_has(buf_text(&r.text), rows[i].fault);
        report_free(&r);
    }
}

/* A password of more than 511 bytes must not be cut: it would be a wrong one that nobody can find. */
static void a_password_that_is_too_long_is_a_fault_and_not_cut(void **state)
{
    for (size_t len = 510; len <= 513; len++) {
        struct report r;
        char secret[600], text[300];
        memset(secret, 'p', sizeof(secret));
        const char *path = folder_write_bytes(*state, "secret", secret, len);
        assert_int_equal(chmod(path, 0600), 0);
        (void)snprintf(text, sizeof(text), "[database]\npassword_file = %s\n", path);
        struct conf *c = load(*state, text, &r);
        EXPECT_ROW("length", (c != NULL) == (len <= 511));
        assert_true(c == NULL || strlen(c->db_password) == len);
        conf_free(c);
        report_free(&r);
    }
}

static void secrets_are_masked_and_in_no_fault(void **state)
{
    struct report r;
    struct buf text;
    buf_init(&text, 100000);
    struct conf *c = load(*state, "[database]\npassword = geheim\n", &r);
    assert_non_null(c);
    conf_print(c, &text);
    expect_has(buf_text(&text), "password = ********\n");
    expect_has_not(buf_text(&text), "geheim");
    conf_free(c);
    report_free(&r);
    assert_null(load(*state, "[database]\npassword = geheim\nport = 0\nhost = \"\"\nsocket =\n", &r));
    expect_has_not(buf_text(&r.text), "geheim");
    report_free(&r);
    c = load(*state, "", &r);
    buf_clear(&text);
    conf_print(c, &text);
    expect_has(buf_text(&text), "password = \n");
    conf_free(c);
    report_free(&r);
    buf_free(&text);
}

/* What is printed, read again, prints the same and means the same. */
static void the_printed_settings_are_a_file_that_means_the_same(void **state)
{
    static const char *const values[] = {"plain", "\"a;b\"", "\"a#b\"", "'it is \"quoted\"'", "'a\";b'", "\"it's; so\"",
                                         "\" padded \""};
    for (size_t i = 0; i < COUNT(values); i++) {
        struct report r;
        struct buf once, twice;
        char text[300];
        buf_init(&once, 100000);
        buf_init(&twice, 100000);
        (void)snprintf(text, sizeof(text), "[server]\npublic_url = %s\nsocket_mode = 0600\n[log]\nlevel = warn\n", values[i]);
        struct conf *first = load(*state, text, &r);
        EXPECT_ROW(values[i], first != NULL);
        conf_print(first, &once);
        report_free(&r);
        struct conf *second = load(*state, buf_text(&once), &r);
        EXPECT_ROW(values[i], second != NULL && strcmp(first->public_url, second->public_url) == 0);
        conf_print(second, &twice);
        EXPECT_ROW(values[i], strcmp(buf_text(&once), buf_text(&twice)) == 0);
        conf_free(first);
        conf_free(second);
        report_free(&r);
        buf_free(&once);
        buf_free(&twice);
    }
}

static void a_file_that_is_not_there_is_a_fault(void **state)
{
    struct report r;
    report_init(&r);
    assert_null(conf_load(folder_path(*state, "none.ini"), &r));
    expect_has(buf_text(&r.text), "none.ini: cannot be read");
    report_free(&r);
    conf_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(an_empty_file_gives_the_documented_defaults),
        WITH_FOLDER(a_setting_outside_its_type_and_range_is_a_fault),
        WITH_FOLDER(sizes_take_the_units_of_1024),
        WITH_FOLDER(unknown_and_repeated_names_are_faults_with_their_line),
        WITH_FOLDER(all_faults_are_told_and_not_the_first),
        WITH_FOLDER(the_password_is_read_from_a_file_that_only_its_owner_may_write),
        WITH_FOLDER(a_password_file_that_cannot_be_used_is_a_fault),
        WITH_FOLDER(a_password_that_is_too_long_is_a_fault_and_not_cut),
        WITH_FOLDER(secrets_are_masked_and_in_no_fault),
        WITH_FOLDER(the_printed_settings_are_a_file_that_means_the_same),
        WITH_FOLDER(a_file_that_is_not_there_is_a_fault),
    };
    return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
