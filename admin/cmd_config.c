/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stdio.h>

#include "buf.h"
#include "cmd.h"
#include "conf.h"

#include "poison.h"

#define TEXT_MAX_BYTES ((size_t)64 * 1024)

int cmd_config_show(struct cmd *c, struct err *e)
{
    struct buf text;
    (void)e;
    buf_init(&text, TEXT_MAX_BYTES);
    (void)printf("; %s\n", c->config_path);
    conf_print(c->conf, &text);
    (void)fputs(buf_text(&text), stdout);
    buf_free(&text);
    return 0;
}
