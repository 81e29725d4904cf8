/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "cursor.h"

#include "enc.h"
#include "err.h"
#include "form.h"
#include "num.h"

#include "poison.h"

int cursor_bad_parameter(const struct form_field *field, const char *want, struct err *e)
{
    (void)err_set(e, MSG_BAD_PARAMETER, "%s", "");
    msg_arg(&e->msg, "name", "%s", field->name);
    msg_arg_text(&e->msg, "got", buf_text(&field->value), field->value.len);
    msg_arg(&e->msg, "want", "%s", want);
    return -1;
}

int cursor_bad(const char *member, struct err *e)
{
    (void)err_set(e, MSG_BAD_CURSOR, "%s", "");
    msg_arg(&e->msg, "want", "%s", member);
    return -1;
}

int cursor_limit(const struct form_field *field, int64_t *limit_out, struct err *e)
{
    *limit_out = CURSOR_LIMIT_DEFAULT;
    if (field->value.len == 0 ||
        num_parse(buf_text(&field->value), field->value.len, 1, CURSOR_LIMIT_MAX, limit_out))
        return 0;
    return cursor_bad_parameter(field, CURSOR_LIMIT_TEXT, e);
}

int cursor_read(const struct form_field *field, struct buf *to, struct err *e)
{
    if (enc_hex_decode(to, buf_text(&field->value), field->value.len) && !buf_failed(to))
        return 0;
    return cursor_bad("next", e);
}
