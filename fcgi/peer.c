/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "peer.h"

#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "err.h"
#include "facts.h"
#include "net.h"

#include "poison.h"

static bool is_trusted(const struct conf *conf, const char *address)
{
    return conf->trusted_proxies != NULL && conf->trusted_proxies[0] != '\0' && net_list_has(conf->trusted_proxies, address);
}

/* Takes the last element of a list of `*len` bytes off it; false where there is none, or it is too long to be an address. */
static bool take_last(const char *list, size_t *len, char to[PEER_ADDRESS_SIZE])
{
    size_t end = *len;
    while (end > 0 && strchr(" \t,", list[end - 1]) != NULL)
        end--;
    size_t start = end;
    while (start > 0 && strchr(" \t,", list[start - 1]) == NULL)
        start--;
    *len = start;
    if (end == start || end - start >= PEER_ADDRESS_SIZE)
        return false;
    memcpy(to, list + start, end - start);
    to[end - start] = '\0';
    return true;
}

/* Each proxy adds who called it to the end of X-Forwarded-For. What a trusted one added is believed, and what stands before an address
 * that is not trusted is anyone's word. What is no address ends the search: the last proxy is then taken for the caller. */
static void follow(const char *forwarded, const struct conf *conf, char address[PEER_ADDRESS_SIZE])
{
    char next[PEER_ADDRESS_SIZE];
    size_t len = strlen(forwarded);
    while (is_trusted(conf, address) && take_last(forwarded, &len, next) && net_is_address(next))
        memcpy(address, next, sizeof(next));
}

void peer_find(const struct request_facts *facts, const struct conf *conf, struct peer *out)
{
    const char *https = facts->https;
    const char *proto = facts->forwarded_proto;
    (void)snprintf(out->address, sizeof(out->address), "%s", facts->remote_address == NULL ? "" : facts->remote_address);
    out->secure = (https != NULL && *https != '\0' && strcasecmp(https, "off") != 0) ||
                  (facts->scheme != NULL && strcmp(facts->scheme, "https") == 0);
    bool trusted = is_trusted(conf, out->address);
    if (trusted && facts->forwarded_for != NULL)
        follow(facts->forwarded_for, conf, out->address);
    net_caller(out->address, out->caller, sizeof(out->caller));
    if (trusted && proto != NULL && *proto != '\0')
        out->secure = strcasecmp(proto, "https") == 0;
}

int peer_check_network(const struct peer *peer, const struct conf *conf, struct err *e)
{
    const char *address = peer->address;
    if (net_list_has(conf->allow, address))
        return 0;
    (void)err_set(e, MSG_NETWORK_NOT_ALLOWED, "%s", "");
    msg_arg_text(&e->msg, "address", address, strlen(address));
    return -1;
}

int peer_check_https(const struct peer *peer, const struct conf *conf, struct err *e)
{
    if (conf->require_https == CONF_HTTPS_NO || peer->secure)
        return 0;
    return err_set(e, MSG_HTTPS_REQUIRED, "%s", "");
}
