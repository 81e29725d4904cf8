/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "crypt.h"
#include "db.h"
#include "ini.h"
#include "log.h"
#include "net.h"
#include "num.h"
#include "report.h"
#include "secretfile.h"
#include "words.h"

#include "poison.h"

#define KIB INT64_C(1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)
#define PASSWORD_MAX 511
#define FILE_MAX_BYTES ((size_t)4096)

enum type { TEXT, NETWORKS, NUMBER, SIZE, MODE, CHOICE };

struct key {
    const char *section, *name;
    enum type type;
    size_t offset;
    const char *fallback; /* as it would stand in the file */
    int64_t min, max;
    const char *const *choices;
    bool secret;
};

#define AT(member) offsetof(struct conf, member)

static const char *const no_yes_names[CONF_NO_YES_N] = {"no", "yes"};
static const char *const https_names[CONF_HTTPS_N] = {"no", "yes", "unsigned"};
static const char *const seccomp_names[CONF_SECCOMP_N] = {"auto", "no", "yes"};
static const char *const classic_status_names[CONF_CLASSIC_STATUS_N] = {"200", "real"};

/* In the order in which `rukuctl config show` prints them; ruku.ini(5) explains each. */
static const struct key keys[] = {
    {"server", "listen", TEXT, AT(listen), RUKU_RUNDIR "/ruku.sock", 1, 0, NULL, false},
    {"server", "socket_mode", MODE, AT(socket_mode), "0660", 0, 0777, NULL, false},
    {"server", "socket_group", TEXT, AT(socket_group), "", 0, 0, NULL, false},
    {"server", "user", TEXT, AT(user), "", 0, 0, NULL, false},
    {"server", "pid_file", TEXT, AT(pid_file), "", 0, 0, NULL, false},
    {"server", "workers", NUMBER, AT(workers), "4", 1, 512, NULL, false},
    {"server", "max_requests", NUMBER, AT(max_requests), "100000", 1, INT32_MAX, NULL, false},
    {"server", "io_timeout", NUMBER, AT(io_timeout), "30", 1, 3600, NULL, false},
    {"server", "grace", NUMBER, AT(grace), "30", 1, 3600, NULL, false},
    {"server", "base_path", TEXT, AT(base_path), "", 0, 0, NULL, false},
    {"server", "public_url", TEXT, AT(public_url), "", 0, 0, NULL, false},
    {"server", "seccomp", CHOICE, AT(seccomp), "auto", 0, CONF_SECCOMP_N, seccomp_names, false},
    {"network", "require_https", CHOICE, AT(require_https), "yes", 0, CONF_HTTPS_N, https_names, false},
    {"network", "allow", NETWORKS, AT(allow), "", 0, 0, NULL, false},
    {"network", "trusted_proxies", NETWORKS, AT(trusted_proxies), "", 0, 0, NULL, false},
    {"database", "socket", TEXT, AT(db_socket), "/run/mysqld/mysqld.sock", 0, 0, NULL, false},
    {"database", "host", TEXT, AT(db_host), "127.0.0.1", 0, 0, NULL, false},
    {"database", "port", NUMBER, AT(db_port), "3306", 1, 65535, NULL, false},
    {"database", "name", TEXT, AT(db_name), "ruku", 1, 0, NULL, false},
    {"database", "user", TEXT, AT(db_user), "ruku", 0, 0, NULL, false},
    {"database", "password", TEXT, AT(db_password), "", 0, 0, NULL, true},
    {"database", "password_file", TEXT, AT(db_password_file), "", 0, 0, NULL, false},
    {"database", "timeout", NUMBER, AT(db_timeout), "30", 1, 3600, NULL, false},
    {"database", "writers", NUMBER, AT(db_writers), "0", 0, 1000, NULL, false},
    {"schema", "dir", TEXT, AT(schema_dir), RUKU_DATADIR "/schema", 1, 0, NULL, false},
    {"schema", "extra_dir", TEXT, AT(schema_extra_dir), "", 0, 0, NULL, false},
    {"docs", "public", CHOICE, AT(docs_public), "yes", 0, CONF_NO_YES_N, no_yes_names, false},
    {"docs", "dir", TEXT, AT(docs_dir), RUKU_DATADIR "/docs", 1, 0, NULL, false},
    {"ingest", "max_body_bytes", SIZE, AT(max_body_bytes), "256M", KIB, 1024 * GIB, NULL, false},
    {"ingest", "max_record_bytes", SIZE, AT(max_record_bytes), "2M", KIB, 8 * MIB, NULL, false},
    {"ingest", "chunk_records", NUMBER, AT(chunk_records), "1000", 1, 10000, NULL, false},
    {"ingest", "spool_memory", SIZE, AT(spool_memory), "4M", 64 * KIB, GIB, NULL, false},
    {"ingest", "spool_dir", TEXT, AT(spool_dir), "/var/tmp", 1, 0, NULL, false},
    {"ingest", "gzip_ratio", NUMBER, AT(gzip_ratio), "100", 2, 2000, NULL, false},
    {"ingest", "kept_rejects", NUMBER, AT(kept_rejects), "10000", 0, INT32_MAX, NULL, false},
    {"ingest", "max_results", NUMBER, AT(max_results), "10000", 0, 20000, NULL, false},
    {"ingest", "idempotency_lifetime", NUMBER, AT(idempotency_lifetime), "86400", 86400, 31536000, NULL, false},
    {"token", "lifetime", NUMBER, AT(token_lifetime), "7200", 60, 31536000, NULL, false},
    {"token", "realm", TEXT, AT(realm), "ruku", 1, 0, NULL, false},
    {"classic", "http_status", CHOICE, AT(classic_http_status), "200", 0, CONF_CLASSIC_STATUS_N, classic_status_names, false},
    {"classic", "token_header", TEXT, AT(token_header), "", 0, 0, NULL, false},
    {"receipts", "keep_days", NUMBER, AT(receipt_days), "400", 1, CONF_RECEIPT_DAYS_MAX, NULL, false},
    {"crypto", "hash", CHOICE, AT(hash), "sm3", 0, CRYPT_HASH_N, crypt_hash_names, false},
    {"crypto", "key_file", TEXT, AT(key_file), RUKU_SYSCONFDIR "/ruku.key", 1, 0, NULL, false},
    {"limit", "requests_per_second", NUMBER, AT(requests_per_second), "0", 0, INT32_MAX, NULL, false},
    {"limit", "requests_per_minute", NUMBER, AT(requests_per_minute), "0", 0, INT32_MAX, NULL, false},
    {"limit", "requests_per_day", NUMBER, AT(requests_per_day), "0", 0, INT32_MAX, NULL, false},
    {"limit", "bytes_per_second", SIZE, AT(bytes_per_second), "0", 0, 1024 * GIB, NULL, false},
    {"limit", "bytes_per_day", SIZE, AT(bytes_per_day), "0", 0, 1024 * GIB, NULL, false},
    {"limit", "concurrent_requests", NUMBER, AT(concurrent_requests), "0", 0, 512, NULL, false},
    {"limit", "failed_logins", NUMBER, AT(failed_logins), "10", 0, INT32_MAX, NULL, false},
    {"limit", "failed_login_window", NUMBER, AT(failed_login_window), "60", 1, 86400, NULL, false},
    {"audit", "required", CHOICE, AT(audit_required), "no", 0, CONF_NO_YES_N, no_yes_names, false},
    {"audit", "target", TEXT, AT(audit_target), "", 0, 0, NULL, false},
    {"audit", "keep_days", NUMBER, AT(audit_days), "400", CONF_AUDIT_DAYS_MIN, CONF_RECEIPT_DAYS_MAX, NULL, false},
    {"audit", "anchor_interval", NUMBER, AT(audit_anchor_interval), "3600", 60, 86400, NULL, false},
    {"log", "target", TEXT, AT(log_target), "stderr", 1, 0, NULL, false},
    {"log", "level", CHOICE, AT(log_level), "info", 0, LOG_LEVEL_N, log_level_names, false},
};

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

static const char **text_at(struct conf *c, const struct key *k)
{
    return (const char **)(void *)((char *)c + k->offset);
}

static int64_t *number_at(struct conf *c, const struct key *k)
{
    return (int64_t *)(void *)((char *)c + k->offset);
}

static bool parse_size(const struct key *k, const char *value, int64_t *out)
{
    static const struct {
        char suffix;
        int64_t unit;
    } units[] = {{'K', KIB}, {'M', MIB}, {'G', GIB}};
    size_t len = strlen(value);
    int64_t unit = 1;
    for (size_t i = 0; len > 0 && i < sizeof(units) / sizeof(units[0]); i++) {
        if (value[len - 1] == units[i].suffix) {
            unit = units[i].unit;
            len--;
            break;
        }
    }
    if (!num_parse(value, len, 0, k->max / unit, out))
        return false;
    *out *= unit;
    return *out >= k->min;
}

static bool parse_mode(const struct key *k, const char *value, int64_t *out)
{
    if (*value == '\0' || strspn(value, "01234567") != strlen(value) || strlen(value) > 4)
        return false;
    *out = strtol(value, NULL, 8);
    return *out <= k->max;
}

static bool parse_choice(const struct key *k, const char *value, int64_t *out)
{
    for (int64_t i = 0; i < k->max; i++) {
        if (strcmp(k->choices[i], value) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

static void describe_range(const struct key *k, char *to, size_t size)
{
    switch (k->type) {
    case TEXT:
        (void)snprintf(to, size, "%s", _("not empty"));
        return;
    case NETWORKS:
        (void)snprintf(to, size, "%s", _("a list of CIDR blocks such as 10.1.0.0/16,192.0.2.7"));
        return;
    case MODE:
        (void)snprintf(to, size, "%s", _("a file mode such as 0660"));
        return;
    case NUMBER:
    case SIZE:
        (void)snprintf(to, size, _("a number from %lld to %lld%s"), (long long)k->min, (long long)k->max,
                       k->type == SIZE ? _(", with K, M or G for bytes times 1024") : "");
        return;
    case CHOICE:
        (void)snprintf(to, size, "%s", _("one of "));
        for (int64_t i = 0; i < k->max; i++) {
            size_t used = strlen(to);
            (void)snprintf(to + used, size - used, "%s%s", i == 0 ? "" : _(", "), k->choices[i]);
        }
        return;
    }
}

static bool set_text(struct conf *c, const struct key *k, const char *value)
{
    char *copy = strdup(value);
    if (copy == NULL)
        return false;
    c->strings[c->string_count++] = copy;
    *text_at(c, k) = copy;
    return true;
}

/* Sets one key from its text; false where the text is not within the key's type and range. */
static bool set_key(struct conf *c, const struct key *k, const char *value)
{
    switch (k->type) {
    case NETWORKS:
        if (!net_is_list(value))
            return false;
        return set_text(c, k, value);
    case TEXT:
        return (*value != '\0' || k->min == 0) && set_text(c, k, value);
    case NUMBER:
        return num_parse(value, strlen(value), k->min, k->max, number_at(c, k));
    case SIZE:
        return parse_size(k, value, number_at(c, k));
    case MODE:
        return parse_mode(k, value, number_at(c, k));
    case CHOICE:
        return parse_choice(k, value, number_at(c, k));
    }
    return false;
}

static const struct key *find_key(const char *section, const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (strcmp(keys[i].section, section) == 0 && strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

static bool is_section(const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (strcmp(keys[i].section, name) == 0)
            return true;
    return false;
}

static void check_names(const struct ini *ini, struct report *r)
{
    for (size_t i = 0; i < ini->section_count; i++)
        if (!is_section(ini->sections[i].name))
            report_add(r, ini->path, ini->sections[i].line, "unknown section [%s]", ini->sections[i].name);
    for (size_t i = 0; i < ini->entry_count; i++) {
        const struct ini_entry *e = &ini->entries[i];
        const char *section = ini->sections[e->section].name;
        if (is_section(section) && find_key(section, e->key) == NULL)
            report_add(r, ini->path, e->line, "unknown key %s in [%s]", e->key, section);
    }
}

static void set_all(struct conf *c, const struct ini *ini, struct report *r)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        const struct key *k = &keys[i];
        long section = ini_find_section(ini, k->section);
        const struct ini_entry *e = section < 0 ? NULL : ini_find(ini, (size_t)section, k->name);
        if (e == NULL) {
            if (!set_key(c, k, k->fallback))
                report_add(r, ini->path, 0, "out of memory");
        } else if (!set_key(c, k, e->value)) {
            char range[256];
            describe_range(k, range, sizeof(range));
            report_add(r, ini->path, e->line, "[%s] %s = %s: must be %s", k->section, k->name,
                       k->secret ? "********" : e->value, range);
        }
    }
}

/* Reads the password from its file: the first line, without its end. */
static void read_password_file(struct conf *c, const char *path, struct report *r)
{
    struct buf text;
    if (c->db_password_file[0] == '\0')
        return;
    if (c->db_password[0] != '\0') {
        report_add(r, path, 0, "[database] password and password_file exclude each other");
        return;
    }
    buf_init(&text, FILE_MAX_BYTES);
    if (secretfile_read("[database] password_file", c->db_password_file, 0640, &text, r) == 0) {
        if (text.len > 0)
            text.data[strcspn(text.data, "\r\n")] = '\0';
        if (strlen(buf_text(&text)) > PASSWORD_MAX)
            report_add(r, "[database] password_file", 0, "%s: more than %d bytes", c->db_password_file, PASSWORD_MAX);
        else if (!set_key(c, find_key("database", "password"), buf_text(&text)))
            report_add(r, path, 0, "out of memory");
    }
    crypt_wipe_buf(&text);
}

static void check_together(const struct conf *c, const char *path, struct report *r)
{
    const char *base = c->base_path;
    if (base[0] != '\0' && (base[0] != '/' || base[strlen(base) - 1] == '/'))
        report_add(r, path, 0, "[server] base_path begins with / and does not end in one");
    if (strpbrk(c->realm, "\"\\") != NULL)
        report_add(r, path, 0, "[token] realm may not hold \" or \\");
    if (c->token_header[strspn(c->token_header, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-")] != '\0' ||
        strlen(c->token_header) > CONF_TOKEN_HEADER_MAX)
        report_add(r, path, 0, "[classic] token_header is a name of letters, digits and hyphens, such as X-Access-Token");
    if (c->db_socket[0] == '\0' && c->db_host[0] == '\0')
        report_add(r, path, 0, "[database] needs a socket or a host");
}

struct conf *conf_load(const char *path, struct report *r)
{
    int before = r->count;
    struct ini *ini = ini_load(path, r);
    if (ini == NULL)
        return NULL;
    struct conf *c = calloc(1, sizeof(*c));
    if (c == NULL) {
        report_add(r, path, 0, "out of memory");
        ini_free(ini);
        return NULL;
    }
    check_names(ini, r);
    set_all(c, ini, r);
    if (r->count == before) {
        read_password_file(c, path, r);
        check_together(c, path, r);
    }
    ini_free(ini);
    if (r->count > before) {
        conf_free(c);
        return NULL;
    }
    return c;
}

void conf_free(struct conf *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->string_count; i++) {
        crypt_wipe(c->strings[i], strlen(c->strings[i]));
        free(c->strings[i]);
    }
    free(c);
}

void conf_database(const struct conf *c, struct db_options *out)
{
    *out = (struct db_options){.socket = c->db_socket, .host = c->db_host, .port = (unsigned)c->db_port,
                               .name = c->db_name, .user = c->db_user, .password = c->db_password,
                               .timeout = (unsigned)c->db_timeout};
}

/* In quotes where the file needs them. */
static void print_text(const char *text, struct buf *to)
{
    size_t len = strlen(text);
    bool edges = len > 0 && (strchr(" \"'", text[0]) != NULL || text[len - 1] == ' ');
    if (strpbrk(text, ";#") == NULL && !edges)
        buf_add_text(to, text);
    else if (strchr(text, '"') == NULL)
        buf_printf(to, "\"%s\"", text);
    else
        buf_printf(to, "'%s'", text);
}

static bool is_text(const struct key *k)
{
    return k->type == TEXT || k->type == NETWORKS;
}

static void print_value(const struct conf *c, const struct key *k, struct buf *to)
{
    const char *at = (const char *)c + k->offset;
    const char *text = is_text(k) ? *(const char *const *)(const void *)at : "";
    int64_t number = is_text(k) ? 0 : *(const int64_t *)(const void *)at;
    switch (k->type) {
    case NETWORKS:
    case TEXT:
        if (k->secret && *text != '\0')
            text = "********";
        print_text(text, to);
        return;
    case MODE:
        buf_printf(to, "%04llo", (unsigned long long)number);
        return;
    case NUMBER:
    case SIZE:
        buf_printf(to, "%lld", (long long)number);
        return;
    case CHOICE:
        buf_add_text(to, k->choices[number]);
        return;
    }
}

void conf_print(const struct conf *c, struct buf *to)
{
    const char *section = "";
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(section, keys[i].section) != 0) {
            buf_printf(to, "%s[%s]\n", *section == '\0' ? "" : "\n", keys[i].section);
            section = keys[i].section;
        }
        buf_printf(to, "%s = ", keys[i].name);
        print_value(c, &keys[i], to);
        buf_add_char(to, '\n');
    }
}
