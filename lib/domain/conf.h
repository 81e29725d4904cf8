/* SPDX-License-Identifier: Apache-2.0
 *
 * ruku.ini: one table of keys gives type, default, range and secrecy of every setting; the table reads the file, checks
 * it and prints it. The result is one read-only struct that is handed down.
 */
#ifndef RUKU_CONF_H
#define RUKU_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

struct buf;
struct db_options;
struct report;

#define CONF_RECEIPT_DAYS_MAX 36500

#define CONF_TOKEN_HEADER_MAX 64
#define CONF_AUDIT_DAYS_MIN 184

#define CONF_STRINGS_MAX 48

/* A switch. */
enum conf_no_yes { CONF_NO, CONF_YES, CONF_NO_YES_N };

/* What has to come by HTTPS. Unsigned: all but the signed requests of clients that have to sign. */
enum conf_https { CONF_HTTPS_NO, CONF_HTTPS_YES, CONF_HTTPS_UNSIGNED, CONF_HTTPS_N };

/* Whether the system calls of workers are filtered: where that can be had, never, or the service does not start. */
enum conf_seccomp { CONF_SECCOMP_AUTO, CONF_SECCOMP_NO, CONF_SECCOMP_YES, CONF_SECCOMP_N };

/* The HTTP status of a classic answer. */
enum conf_classic_status { CONF_CLASSIC_200, CONF_CLASSIC_REAL, CONF_CLASSIC_STATUS_N };

struct conf {
    /* [server] */
    const char *listen;
    int64_t socket_mode;
    const char *socket_group;
    const char *user;
    const char *pid_file;
    int64_t workers;
    int64_t max_requests;
    int64_t io_timeout;
    int64_t grace;
    const char *base_path;
    const char *public_url;
    int64_t seccomp; /* enum conf_seccomp */
    /* [database] */
    const char *db_socket;
    const char *db_host;
    int64_t db_port;
    const char *db_name;
    const char *db_user;
    const char *db_password;
    const char *db_password_file;
    int64_t db_timeout;
    int64_t db_writers; /* 0: as many as there are processors */
    /* [network] */
    const char *allow;           /* CIDR list; "": everyone */
    const char *trusted_proxies; /* CIDR list; "": none */
    int64_t require_https;       /* enum conf_https */
    /* [schema] */
    const char *schema_dir;
    const char *schema_extra_dir;
    /* [docs] */
    int64_t docs_public; /* enum conf_no_yes */
    const char *docs_dir;
    /* [ingest] */
    int64_t max_body_bytes;
    int64_t max_record_bytes;
    int64_t chunk_records;
    int64_t spool_memory;
    const char *spool_dir;
    int64_t gzip_ratio;
    int64_t kept_rejects;
    int64_t max_results;
    int64_t idempotency_lifetime; /* seconds */
    /* [token] */
    int64_t token_lifetime;
    const char *realm;
    /* [classic] */
    int64_t classic_http_status; /* enum conf_classic_status */
    const char *token_header;    /* "": none */
    /* [receipts] */
    int64_t receipt_days;
    /* [crypto] */
    int64_t hash; /* enum crypt_hash */
    const char *key_file;
    /* [limit] */
    int64_t requests_per_second, requests_per_minute, requests_per_day;
    int64_t bytes_per_second, bytes_per_day;
    int64_t concurrent_requests;
    int64_t failed_logins;
    int64_t failed_login_window;
    /* [audit] */
    int64_t audit_required; /* enum conf_no_yes */
    const char *audit_target;
    int64_t audit_days;
    int64_t audit_anchor_interval; /* seconds */
    /* [log] */
    const char *log_target;
    int64_t log_level; /* enum log_level */

    char *strings[CONF_STRINGS_MAX]; /* owns every text above */
    size_t string_count;
};

/* Reads the file at path. Returns the settings, or NULL with every fault in the report. Free it with conf_free. */
struct conf *conf_load(const char *path, struct report *r) RUKU_MUST_CHECK;

void conf_free(struct conf *c);

/* Fills the options of a database connection; they borrow from the settings. */
void conf_database(const struct conf *c, struct db_options *out);

/* Appends all settings as an INI file; a secret that is set shows as ********. */
void conf_print(const struct conf *c, struct buf *to);

#endif
