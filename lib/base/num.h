/* SPDX-License-Identifier: Apache-2.0
 *
 * The one place where text becomes a number: strict, whole, with a range.
 */
#ifndef RUKU_NUM_H
#define RUKU_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads text as a decimal integer: an optional '-', then digits, nothing else. False where it is anything else or
 * does not lie within [min, max]. */
bool num_parse(const char *text, size_t len, int64_t min, int64_t max, int64_t *value_out);

/* Reads exactly `digits` ASCII digits at p; false where one is not a digit. */
bool num_digits(const char *p, size_t digits, int *value_out);

/* Writes value as exactly `digits` decimal digits, without a NUL; what does not fit is left off. */
void num_put(char *to, unsigned value, size_t digits);

/* True where text is a plain decimal number: optional '-', digits, optional fraction; no exponent, no leading
 * zero before another digit, at most max_digits digits. */
bool num_is_decimal(const char *text, size_t len, size_t max_digits);

/* Compares two plain decimals by value, of any length, without a floating point number: <0, 0, >0. */
int num_compare(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
