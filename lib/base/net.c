/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "net.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "num.h"

#include "poison.h"

/* Every address as 16 bytes: IPv4 in its IPv6 form, with 96 more bits of prefix. */
struct block {
    uint8_t bytes[16];
    unsigned prefix;
};

static bool read_address(const char *text, uint8_t bytes[16], bool *is_v4_out)
{
    static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    *is_v4_out = inet_pton(AF_INET, text, bytes + 12) == 1;
    if (*is_v4_out) {
        memcpy(bytes, v4_prefix, sizeof(v4_prefix));
        return true;
    }
    return inet_pton(AF_INET6, text, bytes) == 1;
}

/* Reads the block that starts at text and ends at `len`. */
static bool read_block(const char *text, size_t len, struct block *out)
{
    char address[64];
    bool is_v4;
    const char *slash = memchr(text, '/', len);
    size_t address_len = slash == NULL ? len : (size_t)(slash - text);
    if (address_len >= sizeof(address))
        return false;
    memcpy(address, text, address_len);
    address[address_len] = '\0';
    if (!read_address(address, out->bytes, &is_v4))
        return false;
    int64_t bits = is_v4 ? 32 : 128;
    if (slash != NULL && (slash[1] == '-' || !num_parse(slash + 1, len - address_len - 1, 0, bits, &bits)))
        return false;
    out->prefix = (unsigned)bits + (is_v4 ? 96 : 0);
    return true;
}

/* Steps to the next part of a comma-separated list; false at its end. */
static bool next_part(const char **list, const char **part_out, size_t *len_out)
{
    if (**list == '\0')
        return false;
    *part_out = *list;
    *len_out = strcspn(*list, ",");
    *list += *len_out;
    if (**list == ',')
        (*list)++;
    return true;
}

bool net_is_address(const char *text)
{
    uint8_t bytes[16];
    bool is_v4;
    return read_address(text, bytes, &is_v4);
}

static bool block_has(const struct block *block, const uint8_t address[16])
{
    unsigned whole = block->prefix / 8;
    unsigned rest = block->prefix % 8;
    if (memcmp(block->bytes, address, whole) != 0)
        return false;
    return rest == 0 || (block->bytes[whole] ^ address[whole]) >> (8 - rest) == 0;
}

void net_caller(const char *address, char *to, size_t size)
{
    uint8_t bytes[16];
    bool is_v4;
    const struct block mapped = {.bytes = {[10] = 0xFF, [11] = 0xFF}, .prefix = 96};
    (void)snprintf(to, size, "%s", address);
    if (strchr(address, ':') == NULL || !read_address(address, bytes, &is_v4))
        return;
    bool is_mapped = block_has(&mapped, bytes);
    if (!is_mapped)
        memset(bytes + 8, 0, 8);
    (void)inet_ntop(is_mapped ? AF_INET : AF_INET6, is_mapped ? bytes + 12 : bytes, to, (socklen_t)size);
}

bool net_is_list(const char *list)
{
    size_t list_len = strlen(list);
    bool ends_in_comma = list_len > 0 && list[list_len - 1] == ',';
    const char *part;
    size_t len;
    struct block block;
    while (next_part(&list, &part, &len))
        if (!read_block(part, len, &block))
            return false;
    return !ends_in_comma;
}

bool net_list_has(const char *list, const char *address)
{
    const char *part;
    size_t len;
    struct block block;
    uint8_t bytes[16];
    bool is_v4;
    if (list == NULL || *list == '\0')
        return true;
    if (!read_address(address, bytes, &is_v4))
        return false;
    while (next_part(&list, &part, &len))
        if (read_block(part, len, &block) && block_has(&block, bytes))
            return true;
    return false;
}
