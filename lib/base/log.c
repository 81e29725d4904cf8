/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"
#include "utf8.h"
#include "words.h"

#include "poison.h"

#define LINE_MAX_BYTES 4096

const char *const log_level_names[LOG_LEVEL_N] = {"error", "warn", "info", "debug"};
static const int syslog_levels[LOG_LEVEL_N] = {LOG_ERR, LOG_WARNING, LOG_INFO, LOG_DEBUG};

static struct {
    int fd; /* where lines go unless to_syslog */
    bool to_syslog;
    enum log_level level;
} sink = {.fd = STDERR_FILENO, .level = LOG_LEVEL_INFO};

int log_open(const char *target, const char *program, enum log_level level)
{
    bool to_syslog = strcmp(target, "syslog") == 0;
    int fd = STDERR_FILENO;
    if (!to_syslog && strcmp(target, "stderr") != 0) {
        fd = open(target, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
        if (fd < 0)
            return -1;
    }
    if (sink.fd != STDERR_FILENO)
        (void)close(sink.fd);
    if (to_syslog)
        openlog(program, LOG_PID, LOG_DAEMON);
    sink.fd = fd;
    sink.to_syslog = to_syslog;
    sink.level = level;
    return 0;
}

/* Keeps printable characters of well-formed UTF-8; everything else becomes \xNN. */
static void add_escaped(struct buf *to, const char *text)
{
    const char *end = text + strlen(text);
    while (text < end) {
        bool partial;
        size_t n = utf8_char(text, end, &partial);
        if (n > 0 && !utf8_is_control(utf8_point(text, n))) {
            buf_add(to, text, n);
            text += n;
        } else {
            buf_printf(to, "\\x%02x", (unsigned)(unsigned char)*text);
            text++;
        }
    }
}

static void RUKU_PRINTF(2, 0) write_line(enum log_level level, const char *format, va_list args)
{
    if (level > sink.level)
        return;
    char raw[LINE_MAX_BYTES / 4];
    (void)vsnprintf(raw, sizeof(raw), format, args);
    struct buf line;
    buf_init(&line, LINE_MAX_BYTES + sizeof(raw));
    if (!sink.to_syslog) {
        char now[CLOCK_TEXT_SIZE];
        clock_format(now, clock_now());
        buf_printf(&line, "%s %s pid=%ld ", now, log_level_names[level], (long)getpid());
    }
    add_escaped(&line, raw);
    if (sink.to_syslog) {
        syslog(syslog_levels[level], "%s", buf_text(&line));
    } else {
        buf_add_char(&line, '\n');
        /* One write, so that lines of several processes do not mix; a full disk must not stop the service. */
        if (write(sink.fd, buf_text(&line), line.len) < 0)
            errno = 0;
    }
    buf_free(&line);
}

#define DEFINE_LOG(name, level)                \
    void name(const char *format, ...)         \
    {                                          \
        va_list args;                          \
        va_start(args, format);                \
        write_line(level, words_own(format), args);       \
        va_end(args);                          \
    }

DEFINE_LOG(log_error, LOG_LEVEL_ERROR)
DEFINE_LOG(log_warn, LOG_LEVEL_WARN)
DEFINE_LOG(log_info, LOG_LEVEL_INFO)
DEFINE_LOG(log_debug, LOG_LEVEL_DEBUG)
