/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a push in XML. What is taken must be JSON, in whatever pieces the bytes come; and what that JSON becomes as XML must be taken
 * again.
 */
#include "config.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "err.h"
#include "fuzz.h"
#include "pieces.h"
#include "policy.h"
#include "scan.h"
#include "xmlin.h"
#include "xmlout.h"

enum { BODY_MAX = 100000, RECORD_MAX = 300, TEXT_MAX = 4 * 1024 * 1024 };

/* Returns whether the XML was taken; its JSON is in `to` then. */
static bool convert(const char *bytes, size_t len, size_t step, size_t record_max, struct buf *to, enum msg_id *why_out)
{
    struct pieces from = pieces_of(bytes, len, step);
    struct xmlin *x = xmlin_new(&from.source, policy(), BODY_MAX, record_max);
    struct err e = ERR_NONE;
    long n = 1;
    fuzz_expect(x != NULL);
    buf_clear(to);
    while (n > 0) {
        char room[64];
        n = xmlin_source(x)->read(xmlin_source(x), room, sizeof(room), &e);
        fuzz_expect(n >= -1 && n <= (long)sizeof(room));
        buf_add(to, room, n > 0 ? (size_t)n : 0);
    }
    fuzz_expect(n < 0 || from.len == 0);
    fuzz_expect((n < 0) == (e.msg.id != MSG_NONE) && e.msg.id != MSG_INTERNAL);
    *why_out = e.msg.id;
    xmlin_free(x);
    return n == 0;
}

/* Whether it is JSON to the project's own reader: an element may come twice, and a noncharacter be in a text. */
static bool is_json(const struct buf *json)
{
    struct scan scan;
    fuzz_expect(scan_init(&scan) == 0);
    scan_begin(&scan, buf_text(json), json->len, true, 0);
    bool good = scan_skip(&scan);
    fuzz_expect(good ? scan.p == scan.end
                     : scan.why == MSG_JSON_DUPLICATE || scan.why == MSG_JSON_NONCHARACTER || scan.why == MSG_JSON_MEMBERS);
    scan_free(&scan);
    return good;
}

static void go_round(const struct buf *json)
{
    bool list = *buf_text(json) == '[';
    const struct xmlout_names names = {.root = list ? "records" : "record", .item = "item", .row = "record"};
    struct buf xml, again;
    enum msg_id why;
    buf_init(&xml, TEXT_MAX);
    buf_init(&again, TEXT_MAX);
    fuzz_expect(xmlout_write(&xml, &names, buf_text(json), json->len) == 0);
    /* Text around elements has been left out, so it is no longer than before; what stood for no value at all may be refused. */
    (void)convert(buf_text(&xml), xml.len, SIZE_MAX, TEXT_MAX, &again, &why);
    /* An element whose name is not in ASCII comes out as <member name="…">, which is no field. */
    fuzz_expect(why == MSG_NONE || why == MSG_BODY_TOO_LARGE || why == MSG_XML_ATTRIBUTE);
    buf_free(&again);
    buf_free(&xml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf json, other;
    enum msg_id why, other_why;
    buf_init(&json, TEXT_MAX);
    buf_init(&other, TEXT_MAX);
    bool taken = convert((const char *)data, size, SIZE_MAX, RECORD_MAX, &json, &why);
    /* Where several things are wrong, expat may tell of another one when the bytes come in other pieces. */
    fuzz_expect(convert((const char *)data, size, 1 + size % 7, RECORD_MAX, &other, &other_why) == taken);
    fuzz_expect(!taken || (json.len == other.len && memcmp(buf_text(&json), buf_text(&other), json.len) == 0));
    if (taken && is_json(&json))
        go_round(&json);
    buf_free(&json);
    buf_free(&other);
    return 0;
}
