/* SPDX-License-Identifier: Apache-2.0
 *
 * rukuctl batch: receipts listed, shown, removed when old.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "conf.h"
#include "err.h"
#include "receipt.h"
#include "show.h"
#include "table.h"
#include "words.h"

#include "poison.h"

#define LIMIT_DEFAULT 50
#define LIMIT_MAX 10000
#define SECOND_TEXT_SIZE sizeof("2024-10-09 15:30:00")

/* Batch ids sort by time, so that how one begins is a time too: 20241009 is the start of that day. */
static int check_after(const char *text, struct err *e)
{
    size_t len = text == NULL ? 4 : strlen(text);
    if (text == NULL || (len >= 4 && receipt_begins(text, len)))
        return 0;
    return err_set(e, MSG_CONFIG, "--after %s: must be a batch such as 20241009153000-0123456789ab, or how one begins, "
                   "such as 20241009", text);
}

static void add_row(void *context, const struct receipt *r)
{
    struct table *t = context;
    const char *const texts[] = {r->batch, r->client_id, r->category, r->resource, r->mode};
    const uint64_t numbers[] = {r->received, r->counts.created, r->counts.updated, r->counts.unchanged, r->rejected};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        table_text(t, texts[i]);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        table_number(t, (int64_t)numbers[i]);
    table_text(t, r->complete ? _("complete") : _("incomplete"));
}

static int print_list(struct cmd *c, const struct receipt_query *query, struct err *e)
{
    static const struct table_column columns[] = {
        {N_("BATCH"), TABLE_TEXT, 0},      {N_("CLIENT"), TABLE_TEXT, 0},      {N_("CATEGORY"), TABLE_TEXT, 0},
        {N_("RESOURCE"), TABLE_TEXT, 0},   {N_("MODE"), TABLE_TEXT, 0},        {N_("RECEIVED"), TABLE_NUMBER, 0},
        {N_("CREATED"), TABLE_NUMBER, 0},  {N_("UPDATED"), TABLE_NUMBER, 0},   {N_("UNCHANGED"), TABLE_NUMBER, 0},
        {N_("REJECTED"), TABLE_NUMBER, 0}, {N_("STATE"), TABLE_TEXT, 0},
    };
    struct table t;
    table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
    int rc = receipt_list(c->db, query, add_row, &t, e);
    if (rc == 0 && table_print(&t, 0) != 0)
        rc = err_set(e, MSG_INTERNAL, "out of memory");
    table_free(&t);
    return rc;
}

int cmd_batch_list(struct cmd *c, struct err *e)
{
    struct receipt_query query = {.after = c->options.text[OPTION_AFTER]};
    int64_t client;
    if (option_number(&c->options, OPTION_LIMIT, LIMIT_DEFAULT, 1, LIMIT_MAX, &query.limit, e) != 0 ||
        check_after(query.after, e) != 0 || cmd_client_key(c, &client, &query.client, e) != 0)
        return -1;
    return print_list(c, &query, e);
}

/* 20241009153000, with which a batch's id begins too, as 2024-10-09 15:30:00; or ? where it is none. */
static void format_second(const char *second, char to[SECOND_TEXT_SIZE])
{
    bool is_second = strspn(second, "0123456789") >= RECEIPT_SECOND_SIZE - 1;
    (void)snprintf(to, SECOND_TEXT_SIZE, "?");
    if (is_second)
        (void)snprintf(to, SECOND_TEXT_SIZE, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", second, second + 4, second + 6,
                       second + 8, second + 10, second + 12);
}

static void print_receipt(const struct receipt *r)
{
    char began[SECOND_TEXT_SIZE];
    format_second(r->batch, began);
    (void)printf(_("batch      %s\nclient     %s\nresource   %s/%s\nmode       %s, %s\nbegan      %s\ncommitted  %s\n"),
                 r->batch, r->client_id, r->category, r->resource, r->mode, r->complete ? _("complete") : _("incomplete"),
                 began, r->updated_at);
    if (r->idempotency_key[0] != '\0') {
        (void)fputs(_("key        "), stdout);
        table_print_text(stdout, r->idempotency_key, strlen(r->idempotency_key));
        (void)putchar('\n');
    }
    show_counts(stdout, r->received, &r->counts, r->rejected);
}

int cmd_batch_show(struct cmd *c, struct err *e)
{
    struct receipt receipt;
    int found = receipt_find(c->db, NULL, c->argv[0], &receipt, e);
    if (found < 0)
        return -1;
    if (found == 0)
        return err_set(e, MSG_CONFIG, "there is no batch %s; rukuctl batch list shows them", c->argv[0]);
    print_receipt(&receipt);
    return show_rejects(stdout, c->db, receipt.batch, INT64_MAX, e) < 0 ? -1 : 0;
}

int cmd_batch_purge(struct cmd *c, struct err *e)
{
    int64_t days;
    char second[RECEIPT_SECOND_SIZE];
    char before[SECOND_TEXT_SIZE];
    char detail[128];
    struct receipt_counts counts;
    bool dry = option_given(&c->options, OPTION_DRY_RUN);
    if (option_number(&c->options, OPTION_DAYS, c->conf->receipt_days, 1, CONF_RECEIPT_DAYS_MAX, &days, e) != 0)
        return -1;
    receipt_second_before(days, second);
    format_second(second, before);
    int rc = dry ? receipt_count_old(c->db, second, &counts, e) : receipt_purge(c->db, second, &counts, e);
    if (rc != 0)
        return -1;
    (void)snprintf(detail, sizeof(detail), "%llu receipts and %llu rejected records",
                   (unsigned long long)counts.receipts, (unsigned long long)counts.rejects);
    (void)printf(dry ? _("%llu receipts and %llu rejected records older than %lld days (before %s) would be removed\n")
                     : _("%llu receipts and %llu rejected records older than %lld days (before %s) removed\n"),
                 (unsigned long long)counts.receipts, (unsigned long long)counts.rejects, (long long)days, before);
    return dry ? 0 : cmd_audit(c, "batch.purge", before, detail, e);
}
