/* SPDX-License-Identifier: Apache-2.0
 *
 * Text encodings that HTTP and OAuth use: hexadecimal, base64, percent.
 */
#ifndef RUKU_ENC_H
#define RUKU_ENC_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

/* Writes 2 * len lower-case digits and a NUL to `to`. */
void enc_hex(char *to, const unsigned char *bytes, size_t len);

/* Appends the bytes that standard base64 text (RFC 4648 section 4, with or without padding) stands for.
 * False where the text is not that; `to` may then hold a part. */
bool enc_base64_decode(struct buf *to, const char *text, size_t len);

/* Appends text with each %XX as its byte, and each '+' as a space where plus_is_space. False on a broken escape. */
bool enc_percent_decode(struct buf *to, const char *text, size_t len, bool plus_is_space);

/* Appends text with everything but RFC 3986's unreserved characters as %XX. */
void enc_percent_encode(struct buf *to, const char *text, size_t len);

#endif
