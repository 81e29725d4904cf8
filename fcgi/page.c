/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "crypt.h"
#include "enc.h"
#include "err.h"

#include "poison.h"

#define FILE_MAX_BYTES ((size_t)1024 * 1024)

static const struct page_file known[] = {
    {.name = "", .file = "index.html", .type = "text/html; charset=utf-8"},
    {.name = "docs.css", .file = "docs.css", .type = "text/css; charset=utf-8"},
    {.name = "docs.js", .file = "docs.js", .type = "text/javascript; charset=utf-8"},
};

#define FILE_COUNT (sizeof(known) / sizeof(known[0]))

struct page {
    struct page_file files[FILE_COUNT];
};

struct page *page_new(void)
{
    struct page *p = calloc(1, sizeof(*p));
    if (p != NULL)
        memcpy(p->files, known, sizeof(known));
    return p;
}

void page_free(struct page *p)
{
    for (size_t i = 0; p != NULL && i < FILE_COUNT; i++)
        free(p->files[i].text);
    free(p);
}

static void set_tag(struct page_file *f)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    struct buf hex;
    crypt_digest(CRYPT_SHA256, f->text, f->len, digest);
    buf_init(&hex, sizeof(digest));
    enc_hex(&hex, digest, sizeof(digest) / 2);
    (void)snprintf(f->tag, sizeof(f->tag), "\"%s\"", buf_text(&hex));
    buf_free(&hex);
}

static int read_file(struct page_file *f, const char *dir, struct err *e)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/%s", dir, f->file);
    FILE *from = fopen(path, "re");
    if (from == NULL)
        return err_set(e, MSG_INTERNAL, "[docs] dir: %s: %s", path, strerror(errno));
    char *text = malloc(FILE_MAX_BYTES);
    size_t len = text == NULL ? 0 : fread(text, 1, FILE_MAX_BYTES, from);
    (void)fclose(from);
    /* An empty one is as good as none, and one that fills the room has more behind it. */
    char *fitting = len == 0 || len == FILE_MAX_BYTES ? NULL : realloc(text, len);
    if (fitting == NULL) {
        free(text);
        return err_set(e, MSG_INTERNAL, "[docs] dir: %s: empty, too large, or no memory for it", path);
    }
    f->text = fitting;
    f->len = len;
    set_tag(f);
    return 0;
}

int page_find(struct page *p, const char *dir, const char *name, const struct page_file **file_out, struct err *e)
{
    for (size_t i = 0; i < FILE_COUNT; i++) {
        struct page_file *f = &p->files[i];
        if (strcmp(f->name, name) != 0)
            continue;
        if (f->text == NULL && read_file(f, dir, e) != 0)
            return -1;
        *file_out = f;
        return 1;
    }
    return 0;
}
