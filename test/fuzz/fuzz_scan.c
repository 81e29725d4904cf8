/* SPDX-License-Identifier: Apache-2.0
 *
 * The scanner equals json-c: what the one accepts the other does, but for what I-JSON and our limits forbid and for where json-c is
 * lax; and what both accept is the same, member by member.
 */
#include "config.h"

#include <errno.h>
#include <json.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "num.h"
#include "scan.h"
#include "utf8.h"

static void compare_number(const char *text, size_t len, bool integer, json_object *object)
{
    int64_t value;
    char *copy = strndup(text, len);
    fuzz_expect(copy != NULL);
    if (json_object_get_type(object) == json_type_int) {
        fuzz_expect(integer);
        errno = 0;
        unsigned long long large = strtoull(copy, NULL, 10);
        if (num_parse(text, len, INT64_MIN, INT64_MAX, &value))
            fuzz_expect(json_object_get_int64(object) == value);
        else if (text[0] != '-' && errno == 0)
            fuzz_expect(json_object_get_uint64(object) == large); /* beyond it json-c knows no more than that it is large */
    } else {
        fuzz_expect(json_object_get_type(object) == json_type_double && strcmp(json_object_get_string(object), copy) == 0);
    }
    free(copy);
}

static void compare_value(struct scan *s, json_object *object);

static void compare_object(struct scan *s, json_object *object)
{
    size_t mark;
    int count = 0;
    fuzz_expect(json_object_get_type(object) == json_type_object);
    fuzz_expect(scan_open(s, &mark));
    for (;; count++) {
        struct scan_string name;
        bool done;
        size_t len;
        json_object *value;
        fuzz_expect(scan_member(s, mark, count == 0, &name, &done));
        if (done)
            break;
        const char *text = scan_text(s, &name, &len);
        char *copy = strndup(text, len);
        fuzz_expect(copy != NULL && strlen(copy) == len);
        fuzz_expect(json_object_object_get_ex(object, copy, &value));
        free(copy);
        compare_value(s, value);
    }
    fuzz_expect(json_object_object_length(object) == count);
}

static void compare_array(struct scan *s, json_object *object)
{
    size_t mark;
    size_t count = 0;
    fuzz_expect(json_object_get_type(object) == json_type_array);
    fuzz_expect(scan_open(s, &mark));
    for (;; count++) {
        bool done;
        fuzz_expect(scan_item(s, count == 0, &done));
        if (done)
            break;
        fuzz_expect(count < json_object_array_length(object));
        compare_value(s, json_object_array_get_idx(object, count));
    }
    fuzz_expect(json_object_array_length(object) == count);
}

static void compare_string(struct scan *s, json_object *object)
{
    struct scan_string string;
    size_t len;
    fuzz_expect(json_object_get_type(object) == json_type_string);
    fuzz_expect(scan_string(s, &string));
    const char *text = scan_text(s, &string, &len);
    fuzz_expect(text != NULL && len == (size_t)json_object_get_string_len(object));
    fuzz_expect(memcmp(text, json_object_get_string(object), len) == 0 && utf8_count(text, len) == string.chars);
}

static void compare_value(struct scan *s, json_object *object)
{
    enum scan_kind kind;
    bool integer;
    fuzz_expect(scan_kind(s, &kind));
    const char *start = s->p;
    switch (kind) {
    case SCAN_STRING:
        compare_string(s, object);
        break;
    case SCAN_NUMBER:
        fuzz_expect(scan_number(s, &integer));
        compare_number(start, (size_t)(s->p - start), integer, object);
        break;
    case SCAN_OBJECT:
        compare_object(s, object);
        break;
    case SCAN_ARRAY:
        compare_array(s, object);
        break;
    case SCAN_TRUE:
    case SCAN_FALSE:
        fuzz_expect(json_object_get_type(object) == json_type_boolean && json_object_get_boolean(object) == (kind == SCAN_TRUE));
        fuzz_expect(scan_literal(s, kind));
        break;
    default:
        fuzz_expect(kind == SCAN_NULL && object == NULL && scan_literal(s, kind));
    }
}

static size_t skip_digits(const char *p)
{
    return strspn(p, "0123456789");
}

/* A number by the grammar of RFC 8259 section 6, read anew. */
static bool is_number(const char *p)
{
    p += *p == '-' ? 1 : 0;
    size_t whole = skip_digits(p);
    if (whole == 0 || (whole > 1 && *p == '0'))
        return false;
    p += whole;
    if (*p == '.' && skip_digits(p + 1) == 0)
        return false;
    p += *p == '.' ? 1 + skip_digits(p + 1) : 0;
    if (*p != 'e' && *p != 'E')
        return true;
    p += p[1] == '+' || p[1] == '-' ? 2 : 1;
    return skip_digits(p) > 0;
}

/* Whether the scanner may refuse what json-c takes. */
static bool may_differ(const struct scan *s, const char *text, size_t len)
{
    const char *number = s->at;
    switch (s->why) {
    case MSG_JSON_SURROGATE: /* I-JSON */
    case MSG_JSON_NONCHARACTER:
    case MSG_JSON_NUL:
    case MSG_JSON_DUPLICATE:
    case MSG_JSON_DEPTH: /* our limits */
    case MSG_JSON_MEMBERS:
        return true;
    case MSG_JSON_UTF8: /* json-c looks at the lengths of characters alone */
        return !utf8_is_valid(text, len);
    case MSG_JSON_CONTROL:
        return (unsigned char)*s->at < 0x20;
    case MSG_JSON_ENDS: /* json-c takes a number without its last digits, as in "12." */
    case MSG_JSON_NUMBER: /* and -Infinity */
        while (number > text && strchr("+-.eE0123456789", number[-1]) != NULL)
            number--;
        return strchr("-0123456789", *number) != NULL && *number != '\0' && !is_number(number);
    case MSG_JSON_SYNTAX:
        return strncasecmp(s->at, "NaN", 3) == 0 || strncasecmp(s->at, "Infinity", 8) == 0 || *s->at == '\''; /* a name in such quotes */
    default:
        return false;
    }
}

static json_object *parse(json_tokener *tokener, const char *text, size_t len, bool *accepted_out)
{
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    json_object *object = json_tokener_parse_ex(tokener, text, (int)len + 1); /* with the NUL, which ends a number */
    *accepted_out = json_tokener_get_error(tokener) == json_tokener_success;
    const char *rest = text + json_tokener_get_parse_end(tokener);
    if (*accepted_out && rest < text + len)
        *accepted_out = rest + strspn(rest, " \t\r\n") == text + len;
    return object;
}

/* Reads \uXXXX at p; -1 where it is none. */
static long read_escape(const char *p, const char *end)
{
    char digits[5] = "";
    if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
        return -1;
    memcpy(digits, p + 2, 4);
    return strspn(digits, "0123456789abcdefABCDEF") == 4 ? strtol(digits, NULL, 16) : -1;
}

/* Whether a pair stands for a character whose last 16 bits look like a surrogate, such as U+10DFFD: json-c 0.16 takes it for one, and gives
 * U+FFFD. */
static bool has_pair_that_json_c_misreads(const char *text, size_t len)
{
    const char *end = text + len;
    for (const char *p = text; end - p >= 12; p++) {
        long high = read_escape(p, end);
        long low = read_escape(p + 6, end);
        if (high >= 0xD800 && high < 0xDC00 && low >= 0xDC00 && low < 0xE000 && ((high << 10 | (low & 0x3FF)) & 0xF800) == 0xD800)
            return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct scan s;
    bool accepted;
    char next;
    if (memchr(data, '\0', size) != NULL)
        return 0; /* to json-c it ends the text */
    if (has_pair_that_json_c_misreads((const char *)data, size))
        return 0;
    char *text = malloc(size + 1);
    json_tokener *tokener = json_tokener_new_ex(SCAN_DEPTH_MAX + 1);
    fuzz_expect(text != NULL && tokener != NULL && scan_init(&s) == 0);
    memcpy(text, data, size);
    text[size] = '\0';
    json_object *object = parse(tokener, text, size, &accepted);
    scan_begin(&s, text, size, true, 0);
    bool scanned = scan_skip(&s);
    bool trailing = scanned && scan_peek(&s, &next);
    if (scanned && !trailing) {
        fuzz_expect(accepted);
        scan_begin(&s, text, size, true, 0);
        compare_value(&s, object);
    } else if (accepted) {
        fuzz_expect(!scanned && may_differ(&s, text, size));
    }
    json_object_put(object);
    json_tokener_free(tokener);
    scan_free(&s);
    free(text);
    return 0;
}
