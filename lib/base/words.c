/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "words.h"

#include <libintl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "poison.h"

#define DOMAIN "ruku"

static struct {
    locale_t chinese; /* in which gettext reads the catalog; 0: there is none */
    enum msg_lang own;
    const char *fault;
} speech = {.own = MSG_EN, .fault = "the catalog of messages has not been opened"};

static bool is_chinese(const char *locale)
{
    return strncmp(locale, "zh", 2) == 0 && (locale[2] == '\0' || strchr("_-.@:", locale[2]) != NULL);
}

/* As gettext has it: LANGUAGE goes before the locale, unless that is C. */
static enum msg_lang find_own(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = NULL;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && (locale == NULL || *locale == '\0'); i++)
        locale = getenv(names[i]);
    if (locale == NULL || *locale == '\0' || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
        return MSG_EN;
    const char *language = getenv("LANGUAGE");
    return is_chinese(language != NULL && *language != '\0' ? language : locale) ? MSG_ZH : MSG_EN;
}

/* The locale of the thread is another for as long as gettext looks: no number, no error of the system and no other library is
 * touched by it. */
static const char *look_up(const char *one, const char *many, unsigned long count)
{
    locale_t before = uselocale(speech.chinese);
    const char *found = many == NULL ? dgettext(DOMAIN, one) : dngettext(DOMAIN, one, many, count);
    (void)uselocale(before);
    return found;
}

/* gettext takes the language from LANGUAGE in any locale that the system has, but for C, and C.UTF-8 with some C libraries. So
 * each is tried; the head of the catalog, which stands under the empty text, tells whether it was read. */
static bool open_catalog(void)
{
    static const char *const locales[] = {"C.UTF-8", "zh_CN.UTF-8", "en_US.UTF-8"};
    bool any = false;
    for (size_t i = 0; i < sizeof(locales) / sizeof(locales[0]); i++) {
        speech.chinese = newlocale(LC_MESSAGES_MASK | LC_CTYPE_MASK, locales[i], (locale_t)0);
        if (speech.chinese == (locale_t)0)
            continue;
        any = true;
        if (strstr(look_up("", NULL, 0), "zh_CN") != NULL)
            return true;
        freelocale(speech.chinese);
        speech.chinese = (locale_t)0;
    }
    speech.fault = any ? "the catalog zh_CN/LC_MESSAGES/" DOMAIN ".mo cannot be read; or the C library reads none in C.UTF-8 and needs "
                         "the locale zh_CN.UTF-8"
                       : "the system has none of the locales C.UTF-8, zh_CN.UTF-8 and en_US.UTF-8";
    return false;
}

void words_init(void)
{
    const char *dir = secure_getenv("RUKU_LOCALEDIR");
    speech.own = find_own();
    bool language = setenv("LANGUAGE", "zh_CN", 1) == 0;
    if (speech.chinese != (locale_t)0)
        return;
    if (!language || bindtextdomain(DOMAIN, dir == NULL ? RUKU_LOCALEDIR : dir) == NULL ||
        bind_textdomain_codeset(DOMAIN, "UTF-8") == NULL)
        speech.fault = "out of memory";
    else if (open_catalog())
        speech.fault = NULL;
}

const char *words_fault(void)
{
    return speech.fault;
}

enum msg_lang words_language(void)
{
    return speech.own;
}

void words_set_language(enum msg_lang lang)
{
    speech.own = lang;
}

const char *words_in(enum msg_lang lang, const char *text)
{
    bool same = lang == MSG_EN || speech.fault != NULL || text == NULL || *text == '\0';
    return same ? text : look_up(text, NULL, 0);
}

const char *words_own(const char *text)
{
    return words_in(speech.own, text);
}

const char *words_count(const char *one, const char *many, unsigned long long count)
{
    if (speech.own == MSG_EN || speech.fault != NULL)
        return count == 1 ? one : many;
    return look_up(one, many, (unsigned long)count);
}
