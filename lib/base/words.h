/* SPDX-License-Identifier: Apache-2.0
 *
 * The program's words, in Chinese and English. They are written in English where they are used; the Chinese is gettext's
 * catalog, made of po/zh_CN.po. Clients are answered in either language by one process, so nothing here depends on the
 * locale that the process was started in, but for the program's own words to whoever runs it.
 */
#ifndef RUKU_WORDS_H
#define RUKU_WORDS_H

#include "attr.h"

enum msg_lang { MSG_ZH, MSG_EN, MSG_LANG_N };

/* Marks words that stand in a table and are translated where the table is read. */
#define N_(text) text

/* Words to whoever runs the program, in his language. */
#define _(text) words_own(text)

/* Opens the catalog: below the folder that RUKU_LOCALEDIR names in the environment, else where it was installed. The language of
 * the program's own words is that of LC_ALL, LC_MESSAGES or LANG and LANGUAGE, whether or not the system has such a locale: Chinese
 * where it is Chinese, else English. It sets LANGUAGE, so it is called first of all, while there is one thread. Before it, and where
 * there is no catalog, all words are English. Again it looks for the program's own language only. */
void words_init(void);

/* Why no Chinese can be spoken, in English, or NULL where it can. */
const char *words_fault(void);

/* The language of the program's own words; the second is for tests, and where a program is asked for one. */
enum msg_lang words_language(void);
void words_set_language(enum msg_lang lang);

/* The words in a language; NULL and "" are themselves. Costs a search of the catalog for Chinese, so it is asked where text is made
 * and not before. */
const char *words_in(enum msg_lang lang, const char *text) RUKU_FORMAT_ARG(2);

/* The words in the program's own language. */
const char *words_own(const char *text) RUKU_FORMAT_ARG(1);

/* The same for a number of things: English has a form for one. */
const char *words_count(const char *one, const char *many, unsigned long long count) RUKU_FORMAT_ARG(1) RUKU_FORMAT_ARG(2);

#endif
