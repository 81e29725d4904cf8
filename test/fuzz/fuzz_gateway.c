/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as what a peer sends over a FastCGI connection before it closes its side: it is read in pieces, answered, and closed. libfcgi is
 * another's; that our use of it neither fails nor hangs is ours.
 *
 * A byte above 0x80 counts as 0x80, so that no name or value is announced with more than eight mebibytes: libfcgi 2.4.2 ends the process where
 * the lengths of both are more than an int holds.
 */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "err.h"
#include "fuzz.h"
#include "gateway.h"
#include "reply.h"
#include "source.h"

enum { TIMEOUT = 1, ANSWER_MAX = 65536, SENT_MAX = 65536 };

/* libfcgi 2.4.2 loses 48 bytes for each management record of a type that it does not know. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfcgi";
}

/* The answer is whole records of FastCGI, and ends with the one that says so where a request was answered. Another request of the same
 * connection is refused by such a record, which comes before. */
static void expect_records(const uint8_t *p, size_t len, int answered)
{
    int last = 0;
    while (len > 0) {
        fuzz_expect(len >= 8 && p[0] == 1);
        size_t record = 8U + ((size_t)p[4] << 8 | p[5]) + p[6];
        last = p[1];
        fuzz_expect(record <= len);
        p += record;
        len -= record;
    }
    fuzz_expect(!answered || last == 3);
}

/* A fact is a string, and no longer than what was sent. */
static void expect_fact(const char *fact)
{
    fuzz_expect(fact == NULL || strlen(fact) < SENT_MAX);
}

static void answer(struct gateway *g, struct source *body, size_t step)
{
    char piece[512];
    struct reply reply;
    struct err e = ERR_NONE;
    long n = 1;
    int64_t bytes = 0;
    for (; n > 0; bytes += n > 0 ? n : 0)
        n = body->read(body, piece, step, &e);
    fuzz_expect(gateway_body_bytes(g) == bytes && (n == 0) == (e.msg.id == MSG_NONE));
    reply_init(&reply, 1000);
    reply.status = 200;
    reply_header(&reply, "Content-Type", "text/plain");
    buf_add_text(&reply.body, "well\n");
    gateway_reply(g, &reply, step % 2 == 0);
    reply_free(&reply);
}

/* Returns whether there was a request. */
static int serve(struct gateway *g, int connection, size_t size)
{
    struct request_facts f;
    struct source *body;
    (void)gateway_take(g, connection);
    int begun = gateway_begin(g, TIMEOUT, &f, &body);
    if (begun == 0)
        return 0;
    const char *const facts[] = {f.method, f.uri, f.script_name, f.path_info, f.content_type, f.content_length, f.authorization, f.accept,
                                 f.remote_address, f.forwarded_for, f.if_match, f.token};
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
        expect_fact(facts[i]);
    answer(g, body, 1 + size % 511);
    gateway_end(g);
    return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gateway *g;
    static uint8_t sent[SENT_MAX], answered[ANSWER_MAX];
    int pair[2];
    if (g == NULL) {
        (void)signal(SIGPIPE, SIG_IGN); /* as a worker has it */
        g = gateway_new("X-Token");
    }
    if (size > SENT_MAX)
        return 0;
    for (size_t i = 0; i < size; i++)
        sent[i] = data[i] > 0x80 ? 0x80 : data[i];
    fuzz_expect(g != NULL && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    fuzz_expect(write(pair[0], sent, size) == (ssize_t)size && shutdown(pair[0], SHUT_WR) == 0);
    int64_t began = clock_micros();
    int served = serve(g, pair[1], size);
    fuzz_expect(clock_micros() - began < (TIMEOUT + 9) * 1000000);
    fuzz_expect(fcntl(pair[1], F_GETFD) < 0); /* closed, in any case */
    ssize_t len, have = 0;
    while ((len = read(pair[0], answered + have, sizeof(answered) - (size_t)have)) > 0)
        have += len;
    expect_records(answered, (size_t)have, served);
    (void)close(pair[0]);
    return 0;
}
