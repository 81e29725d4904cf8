/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as structured fields (RFC 9651): Signature-Input, Signature and Content-Digest, with NULs between them. A dictionary that was
 * understood is put together again and understood as the same; a signature that was found covers what it must, and no key fits it.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"
#include "contentdigest.h"
#include "crypt.h"
#include "err.h"
#include "fuzz.h"
#include "request.h"
#include "sfield.h"
#include "signature.h"

/* Appends the members of a dictionary; returns how many there are, or -1. */
static int rebuild(const char *text, size_t len, struct buf *to)
{
    struct sfield s;
    struct sfield_member m;
    int got, count = 0;
    sfield_begin(&s, text, len);
    while ((got = sfield_member(&s, &m)) == 1) {
        fuzz_expect(m.key.text >= text && m.value.text + m.value.len <= text + len && s.p <= text + len);
        bool bare = m.value.len == 0 || m.value.text[0] == ';';
        buf_printf(to, "%s%.*s%s%.*s", count++ > 0 ? ", " : "", (int)m.key.len, m.key.text, bare ? "" : "=", (int)m.value.len, m.value.text);
    }
    return got < 0 ? -1 : count;
}

static void try_dictionary(const char *text)
{
    struct buf once, twice;
    buf_init(&once, 1 << 20);
    buf_init(&twice, 1 << 20);
    int count = rebuild(text, strlen(text), &once);
    if (count >= 0) {
        fuzz_expect(rebuild(buf_text(&once), once.len, &twice) == count);
        fuzz_expect(strcmp(buf_text(&once), buf_text(&twice)) == 0);
    }
    buf_free(&once);
    buf_free(&twice);
}

static size_t lines_of(const char *text)
{
    size_t lines = 1;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

static void try_signature(const struct request *r)
{
    struct signature s;
    struct err e = ERR_NONE;
    struct buf base;
    int found = signature_read(&s, r, &e);
    fuzz_expect(found != -1 || err_class(&e) == CLASS_INPUT);
    if (found != 1)
        return;
    buf_init(&base, 1 << 20);
    signature_base(&s, r, false, &base);
    fuzz_expect(!buf_failed(&base) && lines_of(buf_text(&base)) == s.part_count + 1);
    static const char *const musts[] = {"\"@method\": POST\n", "\"@path\": /v1/x\n", "\"@query\": ?\n", "\"content-digest\": "};
    for (size_t i = 0; i < sizeof(musts) / sizeof(musts[0]); i++)
        fuzz_expect(strstr(buf_text(&base), musts[i]) != NULL);
    fuzz_expect(!signature_fits(&s, &base, "rukusignNobodyHasThisKey"));
    fuzz_expect(s.keyid.len > 0 && s.nonce.len >= 16 && s.created > 0);
    buf_free(&base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct conf conf = {.base_path = ""};
    unsigned char digest[CRYPT_DIGEST_SIZE];
    enum crypt_hash hash;
    struct request r;
    struct err e;
    char *texts[3];
    char *copy = malloc(size + 4);
    fuzz_expect(copy != NULL && crypt_init() == 0);
    memcpy(copy, data, size);
    memset(copy + size, 0, 4);
    char *p = copy;
    for (int i = 0; i < 3; i++) {
        texts[i] = p;
        for (char *c = p; *c != '\0'; c++) /* a header has no line breaks: the web server sees to that */
            *c = *c == '\n' || *c == '\r' ? ' ' : *c;
        p += strlen(p) + (p + strlen(p) < copy + size + 3 ? 1 : 0);
    }
    for (int i = 0; i < 3; i++)
        try_dictionary(texts[i]);
    int digests = contentdigest_read(texts[2], &hash, digest, &e);
    fuzz_expect(digests >= 0 || err_class(&e) == CLASS_INPUT);
    fuzz_expect(digests != 1 || hash < CRYPT_HASH_N);
    const struct request_facts facts = {.method = "POST", .uri = "/v1/x", .signature_input = texts[0], .signature = texts[1],
                                        .content_digest = texts[2]};
    request_init(&r, &facts, NULL, &conf);
    try_signature(&r);
    request_clear(&r);
    free(copy);
    return 0;
}
