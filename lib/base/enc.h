/* SPDX-License-Identifier: Apache-2.0
 *
 * Text encodings that HTTP, OAuth and JSON use: base64, percent, hexadecimal, JSON strings.
 */
#ifndef RUKU_ENC_H
#define RUKU_ENC_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

/* Appends the bytes that standard base64 text (RFC 4648 section 4, with or without padding) stands for.
 * False where the text is not that; `to` may then hold a part. */
bool enc_base64_decode(struct buf *to, const char *text, size_t len);

/* Appends bytes as standard base64 text, with padding. */
void enc_base64(struct buf *to, const void *bytes, size_t len);

/* Appends text with each %XX as its byte, and each '+' as a space where plus_is_space. False on a broken escape. */
bool enc_percent_decode(struct buf *to, const char *text, size_t len, bool plus_is_space);

/* Appends UTF-8 text as a JSON string, quotes included, with the fewest escapes. */
void enc_json(struct buf *to, const char *text, size_t len);

/* The same, with an escape for each character that a reader does not see and that changes what is seen (utf8_is_control). */
void enc_json_plain(struct buf *to, const char *text, size_t len);

/* Appends bytes as hexadecimal digits in lower case. */
void enc_hex(struct buf *to, const void *bytes, size_t len);

/* The bytes that hexadecimal digits stand for. False where the text is not an even number of them. */
bool enc_hex_decode(struct buf *to, const char *text, size_t len);

#endif
