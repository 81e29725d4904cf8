/* SPDX-License-Identifier: Apache-2.0
 *
 * What a web server tells of a request, as it came: every fact is to be taken as hostile.
 */
#ifndef RUKU_FACTS_H
#define RUKU_FACTS_H

/* What the web server told; NULL where it told nothing. */
struct request_facts {
    const char *method;
    const char *uri; /* path and query as they came over the wire */
    const char *script_name, *path_info;
    const char *content_type, *content_length, *content_encoding;
    const char *authorization;
    const char *accept_language;
    const char *host, *scheme;
    const char *remote_address;
    const char *https, *forwarded_for, *forwarded_proto;
    const char *accept, *prefer, *idempotency_key;
    const char *if_match, *if_none_match;
    const char *content_digest, *signature_input, *signature;
    const char *token; /* in the header that the configuration names, or NULL */
};

#endif
