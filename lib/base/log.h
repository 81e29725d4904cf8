/* SPDX-License-Identifier: Apache-2.0
 *
 * The log: one line an event, to standard error, a file or syslog. Text from outside is escaped, so that no line
 * can be forged. It is in the program's own language. Secrets, tokens and bodies are never given to it.
 */
#ifndef RUKU_LOG_H
#define RUKU_LOG_H

#include "attr.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG, LOG_LEVEL_N };

/* Names of the levels as configuration writes them, in the order of the enum. */
extern const char *const log_level_names[LOG_LEVEL_N];

/* Sends the log to "stderr", "syslog" or the file with this path (appended to). Returns 0, or -1 with errno set
 * where the file cannot be opened; the log then stays where it was. */
int log_open(const char *target, const char *program, enum log_level level) RUKU_MUST_CHECK;

void log_error(const char *format, ...) RUKU_PRINTF(1, 2);
void log_warn(const char *format, ...) RUKU_PRINTF(1, 2);
void log_info(const char *format, ...) RUKU_PRINTF(1, 2);
void log_debug(const char *format, ...) RUKU_PRINTF(1, 2);

#endif
