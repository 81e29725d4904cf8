/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "inflight.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "buf.h"
#include "crypt.h"

#include "poison.h"

int inflight_new(void)
{
    return memfd_create("ruku-inflight", MFD_CLOEXEC);
}

/* Every key is a place in a file that has no bytes: its hash. */
static off_t place_of(int64_t client, const char *key)
{
    unsigned char digest[CRYPT_DIGEST_SIZE];
    struct buf text;
    buf_init(&text, 4096);
    buf_printf(&text, "%lld %s", (long long)client, key);
    crypt_digest(CRYPT_SHA256, buf_text(&text), text.len, digest);
    buf_free(&text);
    uint64_t place = 0;
    for (int i = 0; i < 7; i++)
        place = place << 8 | digest[i];
    return (off_t)place;
}

int inflight_claim(int table, int64_t client, const char *key)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = place_of(client, key), .l_len = 1};
    if (fcntl(table, F_SETLK, &lock) == 0)
        return 1;
    return errno == EAGAIN || errno == EACCES ? 0 : -1;
}

void inflight_release(int table)
{
    struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    (void)fcntl(table, F_SETLK, &lock);
}
