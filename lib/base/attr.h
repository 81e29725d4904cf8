/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiler attributes under names of our own, so that the rest of the tree reads as plain C11.
 */
#ifndef RUKU_ATTR_H
#define RUKU_ATTR_H

#define RUKU_PRINTF(text, first) __attribute__((format(printf, text, first)))
/* What it returns is a printf format that takes what this argument takes. */
#define RUKU_FORMAT_ARG(which) __attribute__((format_arg(which)))
#define RUKU_MUST_CHECK __attribute__((warn_unused_result))
#define RUKU_NORETURN __attribute__((noreturn))

#endif
