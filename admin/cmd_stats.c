/* SPDX-License-Identifier: Apache-2.0
 *
 * rukuctl stats: what came in, and what is there.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "catalog.h"
#include "category.h"
#include "cmd.h"
#include "err.h"
#include "stats.h"
#include "table.h"
#include "words.h"

#include "poison.h"

#define DAYS_DEFAULT 7
#define DAYS_MAX 36500
#define NAME_MAX_WIDTH 24
#define LABEL_SIZE 1024

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A code with the name that people know it by, where there is one. */
static void add_label(struct table *t, const char *code, const char *name)
{
    char label[LABEL_SIZE];
    (void)snprintf(label, sizeof(label), "%s%s%s", code, *code != '\0' && *name != '\0' ? " " : "", name);
    table_text(t, label);
}

static void add_category(struct table *t, const struct cmd *c, const char *code)
{
    const struct category *found = catalog_find(c->catalog, code);
    add_label(t, code, found == NULL ? "" : found->name);
}

static void add_numbers(struct table *t, const int64_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        table_number(t, numbers[i]);
}

static int print_table(struct table *t, size_t line_width, struct err *e)
{
    int rc = table_print(t, line_width);
    table_free(t);
    return rc == 0 ? 0 : err_set(e, MSG_INTERNAL, "out of memory");
}

static int print_pushes(const struct cmd *c, const struct stats_push *list, size_t count, struct err *e)
{
    static const struct table_column columns[] = {
        {N_("CATEGORY"), TABLE_TEXT, NAME_MAX_WIDTH}, {N_("CLIENT"), TABLE_TEXT, NAME_MAX_WIDTH}, {N_("DAY"), TABLE_TEXT, 0},
        {N_("PUSHES"), TABLE_NUMBER, 0},              {N_("RECEIVED"), TABLE_NUMBER, 0},          {N_("CREATED"), TABLE_NUMBER, 0},
        {N_("UPDATED"), TABLE_NUMBER, 0},             {N_("UNCHANGED"), TABLE_NUMBER, 0},         {N_("REJECTED"), TABLE_NUMBER, 0},
        {"", TABLE_BAR, 0},
    };
    struct table t;
    size_t line_width = table_terminal_width(STDOUT_FILENO);
    bool bars = line_width > 0;
    table_init(&t, columns, COUNT(columns) - !bars);
    for (size_t i = 0; i < count; i++) {
        const struct stats_push *p = &list[i];
        const int64_t numbers[] = {p->pushes,    p->received, p->created, p->updated,
                                   p->unchanged, p->rejected, p->received};
        add_category(&t, c, p->category);
        add_label(&t, p->client_id, p->client_name);
        table_text(&t, p->day);
        add_numbers(&t, numbers, COUNT(numbers) - !bars);
    }
    return print_table(&t, line_width, e);
}

static int print_records(const struct cmd *c, const struct stats_record *list, size_t count, struct err *e)
{
    static const struct table_column columns[] = {
        {N_("CATEGORY"), TABLE_TEXT, NAME_MAX_WIDTH}, {N_("RESOURCE"), TABLE_TEXT, NAME_MAX_WIDTH},
        {N_("CLIENT"), TABLE_TEXT, NAME_MAX_WIDTH},   {N_("LIVE"), TABLE_NUMBER, 0},
        {N_("WITHDRAWN"), TABLE_NUMBER, 0},
    };
    struct table t;
    int64_t totals[2] = {0, 0};
    table_init(&t, columns, COUNT(columns));
    for (size_t i = 0; i < count; i++) {
        const struct stats_record *r = &list[i];
        const struct category *category = catalog_find(c->catalog, r->category);
        const struct resource *resource = category == NULL ? NULL : category_find_resource(category, r->resource);
        const int64_t numbers[] = {r->live, r->withdrawn};
        add_category(&t, c, r->category);
        add_label(&t, r->resource, resource == NULL ? "" : resource->name);
        add_label(&t, r->client_id, r->client_name);
        add_numbers(&t, numbers, COUNT(numbers));
        totals[0] += r->live;
        totals[1] += r->withdrawn;
    }
    table_text(&t, _("TOTAL"));
    table_text(&t, "");
    table_text(&t, "");
    add_numbers(&t, totals, COUNT(totals));
    return print_table(&t, 0, e);
}

int cmd_stats(struct cmd *c, struct err *e)
{
    int64_t days;
    int64_t key;
    const int64_t *client;
    struct stats_push *pushes;
    struct stats_record *records;
    size_t count;
    if (option_number(&c->options, OPTION_DAYS, DAYS_DEFAULT, 1, DAYS_MAX, &days, e) != 0 ||
        cmd_client_key(c, &key, &client, e) != 0 || stats_pushes(c->db, days, client, &pushes, &count, e) != 0)
        return -1;
    (void)printf(words_count("Pushes of the last %lld day\n", "Pushes of the last %lld days\n", (unsigned long long)days),
                 (long long)days);
    int rc = print_pushes(c, pushes, count, e);
    free(pushes);
    if (rc != 0 || stats_records(c->db, client, &records, &count, e) != 0)
        return -1;
    (void)fputs(_("\nRecords\n"), stdout);
    rc = print_records(c, records, count, e);
    free(records);
    return rc;
}
