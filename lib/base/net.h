/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists of IPv4 and IPv6 networks.
 */
#ifndef RUKU_NET_H
#define RUKU_NET_H

#include <stdbool.h>
#include <stddef.h>

/* True for a list of addresses and CIDR blocks separated by commas, or "". */
bool net_is_list(const char *list);

/* True for one address, with no prefix. */
bool net_is_address(const char *text);

/* Who is taken for one caller where callers are counted: the address, an IPv4 address written as IPv6 as IPv4; of IPv6 the first 64 bits, since
 * whoever has one such address has them all. What cannot be read is copied, as far as there is room. */
void net_caller(const char *address, char *to, size_t size);

/* True where the list is empty or has a block that holds the address. An IPv4 address written as IPv6 (::ffff:…) is
 * taken as IPv4. An address that cannot be read is in no block. */
bool net_list_has(const char *list, const char *address);

#endif
