/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "dbtime.h"

#include <stdio.h>
#include <string.h>

#include "db.h"

#include "poison.h"

void dbtime_format(const char *text, char to[CLOCK_TEXT_SIZE])
{
    if (text == NULL || strlen(text) < 19)
        text = "0000-00-00 00:00:00";
    (void)snprintf(to, CLOCK_TEXT_SIZE, "%.10sT%.8s+08:00", text, text + 11);
}

void dbtime_take(struct db *db, unsigned column, char to[CLOCK_TEXT_SIZE])
{
    dbtime_format(db_column(db, column, NULL), to);
}
