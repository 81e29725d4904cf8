/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "crowd.h"

#include <stdio.h>

#include "clock.h"
#include "db.h"
#include "err.h"
#include "turn.h"

#include "poison.h"

#define REST_MICROS 50000 /* far more than a commit takes */
#define LOOK_MILLIS 10    /* for a turn that has become free */

bool crowd_join(struct crowd *crowd, void *visit, const struct login *login, const char *scope, const struct buf *form)
{
    struct crowd_place *place = &crowd->places[crowd->count];
    place->visit = visit;
    place->order.login = *login;
    (void)snprintf(place->order.scope, sizeof(place->order.scope), "%s", scope == NULL ? "" : scope);
    buf_init(&place->form, form->max);
    buf_add(&place->form, buf_text(form), form->len);
    if (buf_failed(&place->form)) {
        crypt_wipe_buf(&place->form);
        crypt_wipe(&place->order, sizeof(place->order));
        return false;
    }
    crowd->count++;
    return true;
}

/* Issues tokens for the first who waits and all who have logged in like him. Those are taken out of `left`. */
static void issue_alike(struct crowd *crowd, struct crowd_place **left, size_t *left_count, bool *lost)
{
    struct crowd_place *alike[TOKEN_ORDERS_MAX] = {NULL};
    struct token_order *orders[TOKEN_ORDERS_MAX] = {NULL};
    struct err e = ERR_NONE;
    const struct login *login = &left[0]->order.login;
    size_t count = 0, others = 0;
    for (size_t i = 0; i < *left_count; i++) {
        if (!login_is_same(login, &left[i]->order.login)) {
            left[others++] = left[i];
            continue;
        }
        alike[count] = left[i];
        orders[count++] = &left[i]->order;
    }
    *left_count = others;
    /* Where the connection was lost, the next ask for another by themselves. */
    int rc = *lost ? 1 : token_issue_all(crowd->db, orders, count, crowd->lifetime, crowd->hash, &e);
    *lost = *lost || rc < 0;
    for (size_t i = 0; i < count; i++) {
        crowd->told(alike[i], rc, &e);
        crypt_wipe(orders[i], sizeof(*orders[i]));
        crypt_wipe_buf(&alike[i]->form);
    }
}

static void issue(struct crowd *crowd)
{
    struct crowd_place *left[TOKEN_ORDERS_MAX];
    size_t count = crowd->count;
    bool lost = false;
    crowd->count = 0;
    for (size_t i = 0; i < count; i++)
        left[i] = &crowd->places[i];
    while (count > 0)
        issue_alike(crowd, left, &count, &lost);
}

static void give_back(struct crowd *crowd)
{
    if (crowd->has_turn)
        turn_end(crowd->turns);
    crowd->has_turn = false;
}

static bool take_turn(struct crowd *crowd)
{
    crowd->has_turn = crowd->has_turn || turn_try(crowd->turns, TURN_TOKENS, crowd->writers);
    return crowd->has_turn;
}

void crowd_settle(struct crowd *crowd)
{
    issue(crowd);
    give_back(crowd);
}

void crowd_try(struct crowd *crowd)
{
    if (crowd->count == 0)
        return;
    crowd->rests_until = take_turn(crowd) ? 0 : clock_micros() + REST_MICROS;
    issue(crowd);
}

int crowd_rest(struct crowd *crowd)
{
    if (crowd->rests_until == 0)
        return 0;
    if (clock_micros() < crowd->rests_until && !take_turn(crowd))
        return LOOK_MILLIS;
    give_back(crowd);
    crowd->rests_until = 0;
    return 0;
}
