/* SPDX-License-Identifier: Apache-2.0
 *
 * The part of gbtime.h that is about more than one moment: durations, intervals, recurrences.
 */
#include "config.h"

#include <string.h>

#include "gbtime.h"

#include "poison.h"

#define DURATION_MAX_LEN 48 /* within an interval */
#define COUNT_MAX_DIGITS 9

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A text as far as it is read. `last`: a part had a fraction, so none may follow. */
struct cursor {
    const char *p, *end;
    bool last;
};

/* Where a part is not in its place: what most likely is meant. */
static enum gbtime_reason misplaced(char letter)
{
    if (letter == 'W')
        return GBTIME_DURATION_WEEKS;
    if (letter == '-' || letter == '+')
        return GBTIME_DURATION_ALTERNATIVE;
    if (letter >= 'a' && letter <= 'z')
        return GBTIME_LOWER_CASE;
    if (letter == ' ')
        return GBTIME_SPACE;
    if ((unsigned char)letter >= 0x7F)
        return GBTIME_NOT_ASCII;
    return letter != '\0' && strchr("YMDHS", letter) != NULL ? GBTIME_DURATION_ORDER : GBTIME_NOT_A_DURATION;
}

static enum gbtime_reason no_number(char found)
{
    if (found == '-' || found == '+')
        return GBTIME_DURATION_SIGN;
    enum gbtime_reason why = misplaced(found);
    return why == GBTIME_DURATION_ORDER || why == GBTIME_DURATION_WEEKS ? GBTIME_NOT_A_DURATION : why;
}

/* Reads one number and its letter, which must be among *letters; what may follow is left in it. */
static enum gbtime_reason read_part(struct cursor *c, const char **letters)
{
    const char *start = c->p;
    if (c->last)
        return GBTIME_DURATION_FRACTION;
    while (c->p < c->end && is_digit(*c->p))
        c->p++;
    if (c->p == start)
        return no_number(*c->p);
    if (c->p < c->end && (*c->p == '.' || *c->p == ',')) {
        const char *fraction = ++c->p;
        while (c->p < c->end && is_digit(*c->p))
            c->p++;
        if (c->p == fraction)
            return GBTIME_BAD_FRACTION;
        c->last = true;
    }
    if (c->p == c->end || *c->p == '\0')
        return GBTIME_NOT_A_DURATION;
    const char *letter = strchr(*letters, *c->p);
    if (letter == NULL)
        return misplaced(*c->p);
    c->p++;
    *letters = letter + 1;
    return GBTIME_OK;
}

static enum gbtime_reason read_parts(struct cursor *c, const char *letters, bool after_t)
{
    enum gbtime_reason why = c->p == c->end ? GBTIME_DURATION_EMPTY : GBTIME_OK;
    while (why == GBTIME_OK && c->p < c->end && (after_t || *c->p != 'T'))
        why = read_part(c, &letters);
    return why;
}

enum gbtime_reason gbtime_read_duration(const char *text, size_t len)
{
    struct cursor c = {.p = text, .end = text + len};
    const char *weeks = "W";
    if (len > 1 && (*text == '-' || *text == '+') && text[1] == 'P')
        return GBTIME_DURATION_SIGN;
    if (len == 0 || *text != 'P')
        return len > 0 && *text == 'p' ? GBTIME_LOWER_CASE : GBTIME_NOT_A_DURATION;
    c.p++;
    enum gbtime_reason why;
    if (len > 2 && c.end[-1] == 'W') {
        why = read_part(&c, &weeks);
        bool more = (why == GBTIME_OK && c.p != c.end) || why == GBTIME_DURATION_ORDER;
        return more ? GBTIME_DURATION_WEEKS : why;
    }
    why = c.p < c.end && *c.p == 'T' ? GBTIME_OK : read_parts(&c, "YMD", false);
    if (why != GBTIME_OK || c.p == c.end)
        return why;
    c.p++;
    return c.last && c.p < c.end ? GBTIME_DURATION_FRACTION : read_parts(&c, "HMS", true);
}

/* One end of an interval, or what stands in its place. */
struct end {
    bool is_duration;
    struct gbtime time;
    char text[DURATION_MAX_LEN + 1];
};
_Static_assert(DURATION_MAX_LEN + 1 >= GBTIME_TEXT_SIZE, "an end has room for a date-time");

static enum gbtime_reason read_moment(struct end *e, const char *text, size_t len, const struct gbtime_rules *rules)
{
    bool with_time = len > 0 && memchr(text, 'T', len) != NULL;
    enum gbtime_reason why = with_time ? gbtime_read_datetime(text, len, rules, &e->time)
                                       : gbtime_read_date(text, len, rules, &e->time);
    return why == GBTIME_OK && e->time.fraction_digits > GBTIME_FRACTION_DIGITS ? GBTIME_LONG_FRACTION : why;
}

/* `start`: the other end if it came before this one, or NULL. */
static enum gbtime_reason read_end(struct end *e, const char *text, size_t len, const struct gbtime_rules *rules,
                                   const struct end *start)
{
    struct gbtime_rules own = *rules;
    e->is_duration = len > 0 && *text == 'P';
    if (e->is_duration) {
        if (len > DURATION_MAX_LEN)
            return GBTIME_TOO_LONG;
        for (size_t i = 0; i < len; i++)
            e->text[i] = (char)(text[i] == ',' ? '.' : text[i]);
        e->text[len] = '\0';
        return gbtime_read_duration(text, len);
    }
    bool inherits = start != NULL && !start->is_duration && start->time.has_shift;
    if (inherits) {
        own.assume = true;
        own.shift = start->time.shift;
    }
    enum gbtime_reason why = read_moment(e, text, len, &own);
    if (why != GBTIME_OK)
        return why;
    gbtime_write(e->text, &e->time);
    return GBTIME_OK;
}

static enum gbtime_reason check_ends(const struct end *start, const struct end *end)
{
    const struct gbtime *a = &start->time, *b = &end->time;
    if (start->is_duration && end->is_duration)
        return GBTIME_TWO_DURATIONS;
    if (start->is_duration || end->is_duration)
        return GBTIME_OK;
    if (a->format != GBTIME_EITHER_FORMAT && b->format != GBTIME_EITHER_FORMAT && a->format != b->format)
        return GBTIME_MIXED_FORMATS;
    if (a->date_form != b->date_form || (a->time_form == 0) != (b->time_form == 0))
        return GBTIME_ENDS_DIFFER;
    return gbtime_compare(a, b) > 0 ? GBTIME_END_BEFORE_START : GBTIME_OK;
}

static void join(char *to, const char *a, const char *b)
{
    size_t len = strlen(a);
    memcpy(to, a, len);
    if (b != NULL) {
        to[len++] = '/';
        memcpy(to + len, b, strlen(b));
        len += strlen(b);
    }
    to[len] = '\0';
}

static enum gbtime_reason read_interval(const char *text, size_t len, const struct gbtime_rules *rules, char *to)
{
    struct end start, end;
    const char *slash = len > 0 ? memchr(text, '/', len) : NULL;
    size_t first = slash == NULL ? len : (size_t)(slash - text);
    size_t rest = slash == NULL ? 0 : len - first - 1;
    if (slash == NULL && (len == 0 || *text != 'P'))
        return GBTIME_NOT_AN_INTERVAL;
    if (slash != NULL && (first == 0 || rest == 0 || memchr(slash + 1, '/', rest) != NULL))
        return GBTIME_NOT_AN_INTERVAL;
    enum gbtime_reason why = read_end(&start, text, first, rules, NULL);
    if (why == GBTIME_OK && slash != NULL)
        why = read_end(&end, slash + 1, rest, rules, &start);
    if (why == GBTIME_OK && slash != NULL)
        why = check_ends(&start, &end);
    if (why == GBTIME_OK)
        join(to, start.text, slash == NULL ? NULL : end.text);
    return why;
}

enum gbtime_reason gbtime_read_interval(const char *text, size_t len, const struct gbtime_rules *rules,
                                        char to[GBTIME_SPAN_SIZE])
{
    return read_interval(text, len, rules, to);
}

enum gbtime_reason gbtime_read_recurrence(const char *text, size_t len, const struct gbtime_rules *rules,
                                          char to[GBTIME_SPAN_SIZE])
{
    size_t digits = 0;
    bool zero = true;
    if (len == 0 || *text != 'R')
        return len > 0 && *text == 'r' ? GBTIME_LOWER_CASE : GBTIME_NOT_A_RECURRENCE;
    for (; 1 + digits < len && is_digit(text[1 + digits]); digits++)
        zero = zero && text[1 + digits] == '0';
    size_t head = 1 + digits;
    if (head == len || text[head] != '/')
        return head < len && text[head] == '-' ? GBTIME_RECURRENCE_COUNT : GBTIME_NOT_A_RECURRENCE;
    if (digits > COUNT_MAX_DIGITS || (digits > 0 && (zero || text[1] == '0')))
        return GBTIME_RECURRENCE_COUNT;
    memcpy(to, text, head + 1);
    return read_interval(text + head + 1, len - head - 1, rules, to + head + 1);
}
