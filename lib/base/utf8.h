/* SPDX-License-Identifier: Apache-2.0
 *
 * UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
#ifndef RUKU_UTF8_H
#define RUKU_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length in bytes of the well-formed character at p (which lies before end), or 0 where the bytes there are
 * not one. *partial_out is set where the bytes are the start of a character that end cuts off. */
size_t utf8_char(const char *p, const char *end, bool *partial_out);

/* How many of the bytes from p on are well-formed characters of three bytes, of those planes in which Chinese text is written and no
 * noncharacter lies; 0 where the first is none of them. A short way through long text: what it does not take is for utf8_char. */
size_t utf8_cjk_run(const char *p, const char *end);

/* Code point of the well-formed character at p. */
uint32_t utf8_point(const char *p, size_t char_len);

/* Writes the code point's UTF-8 to `to` (room for 4 bytes) and returns its length. */
size_t utf8_put(char *to, uint32_t point);

/* True for the code points that I-JSON (RFC 7493) forbids as noncharacters. */
bool utf8_is_noncharacter(uint32_t point);

/* True for characters that a reader does not see and that change what is seen: controls (U+0000 to U+001F, U+007F to U+009F), line
 * and paragraph separators, marks of writing direction. */
bool utf8_is_control(uint32_t point);

/* True where a character of the text is such a control, or the text is not well-formed. */
bool utf8_has_control(const char *text, size_t len);

/* The same for noncharacters. */
bool utf8_has_noncharacter(const char *text, size_t len);

/* True where all len bytes are well-formed. */
bool utf8_is_valid(const char *text, size_t len);

/* Characters (code points) in well-formed text. */
size_t utf8_count(const char *text, size_t len);

/* Bytes of the longest prefix of well-formed text that has at most max_chars characters. */
size_t utf8_prefix(const char *text, size_t len, size_t max_chars);

/* Copies text from outside, up to `max` bytes and whole characters, with '?' for what is no UTF-8, a control or a noncharacter. Returns the bytes
 * written. */
size_t utf8_clean(char *to, size_t max, const char *text, size_t len);

/* Columns that well-formed text takes on a terminal: 2 for a Chinese, Japanese or Korean character, 0 for a mark that
 * stands on the one before it. */
size_t utf8_width(const char *text, size_t len);

/* Bytes of the longest prefix of well-formed text that takes at most max_width columns. */
size_t utf8_fit(const char *text, size_t len, size_t max_width);

#endif
