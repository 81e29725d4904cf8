/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "housekeeper.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#include "auditlog.h"
#include "clock.h"
#include "conf.h"
#include "db.h"
#include "err.h"
#include "log.h"
#include "migrate.h"
#include "signkey.h"
#include "sql.h"
#include "token.h"

#include "poison.h"

#define ROUND_SECONDS 10
#define BITES 10 /* of a round; a thousand tokens each */

/* Waits; true where it is time to stop. */
static bool wait_or_stop(const sigset_t *signals, time_t seconds)
{
    const struct timespec wait = {.tv_sec = seconds};
    return sigtimedwait(signals, NULL, &wait) > 0;
}

/* Removes what has expired, and anchors the audit when that is due. *more_out: there may be more of it. Returns 0 or -1. */
static int keep_house(struct db *db, int64_t anchor_interval, int64_t *anchor_at, bool *more_out, struct err *e)
{
    uint64_t removed;
    bool fresh, more_nonces;
    *more_out = false;
    if (db_connect(db, &fresh, e) != 0 || (fresh && migrate_check(db, e) != 0) || token_purge(db, BITES, &removed, more_out, e) != 0 ||
        signkey_purge_nonces(db, BITES, &more_nonces, e) != 0)
        return -1;
    *more_out = *more_out || more_nonces;
    if (clock_micros() >= *anchor_at) {
        char text[256];
        if (auditlog_anchor(db, text, sizeof(text), e) != 0)
            return -1;
        *anchor_at = clock_micros() + anchor_interval * 1000000;
        if (*text != '\0')
            log_info("audit anchor %s", text);
    }
    if (removed > 0)
        log_debug("%llu expired tokens removed", (unsigned long long)removed);
    return 0;
}

void housekeeper_run(const struct conf *conf)
{
    struct db_options options;
    sigset_t signals;
    bool more = false;
    int64_t anchor_at = clock_micros() + conf->audit_anchor_interval * 1000000;
    bool failed = false; /* it is told once, and once that it is over */
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)prctl(PR_SET_NAME, "ruku-housekeep");
    conf_database(conf, &options);
    struct db *db = db_new(&options, sql_texts, SQL_N);
    while (db != NULL && !wait_or_stop(&signals, more ? 1 : ROUND_SECONDS)) {
        struct err e = ERR_NONE;
        bool fails = keep_house(db, conf->audit_anchor_interval, &anchor_at, &more, &e) != 0;
        if (fails)
            db_disconnect(db);
        if (fails && !failed)
            log_warn("housekeeping waits for the database: %s", e.detail);
        else if (failed && !fails)
            log_info("housekeeping goes on");
        failed = fails;
    }
    bool started = db != NULL;
    db_free(db);
    exit(started ? EXIT_SUCCESS : EXIT_FAILURE);
}
