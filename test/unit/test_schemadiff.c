/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "buf.h"
#include "catalog.h"
#include "helper.h"
#include "schemadiff.h"

#define HEAD "[category]\ncode = a\nname = 甲\nversion = 1\n[resource.r]\nname = 乙\n"
#define LIST(codes) "[codelist]\ncode = l\nname = 丙\n[codes]\n" codes

static void add_found(void *context, enum schemadiff_kind kind, const char *category, const char *place, const char *what)
{
    assert_string_equal(category, "a");
    buf_printf(context, "%s|%s|%s\n", schemadiff_words[kind], place, what);
}

static void add_unversioned(void *context, const char *category, const char *version)
{
    assert_string_equal(category, "a");
    buf_printf(context, "version %s\n", version == NULL ? "none" : version);
}

struct change {
    const char *before, *after, *told;
    size_t refusing;
};

static void check_change(const char *folder, const struct change *change, const char *codes_before, const char *codes_after)
{
    struct buf told;
    const struct schemadiff_sink sink = {.found = add_found, .unversioned = add_unversioned, .context = &told};
    struct catalog *before = catalog_of(folder, change->before, codes_before);
    struct catalog *after = catalog_of(folder, change->after, codes_after);
    buf_init(&told, 4096);
    size_t refusing = schemadiff_run(before, after, &sink);
    EXPECT_ROW(buf_text(&told), strcmp(buf_text(&told), change->told) == 0);
    EXPECT_ROW(change->told, refusing == change->refusing);
    buf_free(&told);
    catalog_free(before);
    catalog_free(after);
}

#define FIELD(attributes) HEAD "[field.f]\n" attributes
#define SAME "version 1\n"

static void each_attribute_is_judged(void **state)
{
    static const struct change changes[] = {
        {FIELD("type = string\n"), FIELD("type = string\n"), "", 0},
        {FIELD("type = string\n"), FIELD("type = integer\n"), "narrowed|f|type: string -> integer\n" SAME, 1},
        {FIELD("type = string\nmax_length = 9\n"), FIELD("type = string\nmax_length = 8\n"), "narrowed|f|max_length: 9 -> 8\n" SAME, 1},
        {FIELD("type = string\nmax_length = 9\n"), FIELD("type = string\nmax_length = 10\n"), "widened|f|max_length: 9 -> 10\n" SAME, 0},
        {FIELD("type = string\nmax_length = 9\n"), FIELD("type = string\n"), "widened|f|max_length: 9 -> none\n" SAME, 0},
        {FIELD("type = string\n"), FIELD("type = string\nmin_length = 2\n"), "narrowed|f|min_length: none -> 2\n" SAME, 1},
        {FIELD("type = decimal\nmin = 1.5\n"), FIELD("type = decimal\nmin = 1.50\n"), "neutral|f|min: 1.5 -> 1.50\n" SAME, 0},
        {FIELD("type = decimal\nmax = 1.5\n"), FIELD("type = decimal\nmax = 1.50\n"), "neutral|f|max: 1.5 -> 1.50\n" SAME, 0},
        {FIELD("type = decimal\nmin = -1\nmax = 1\n"), FIELD("type = decimal\nmin = -0.5\nmax = 0.5\n"),
         "narrowed|f|min: -1 -> -0.5\nnarrowed|f|max: 1 -> 0.5\n" SAME, 2},
        {FIELD("type = string\n"), FIELD("type = string\npattern = ^a$\n"), "narrowed|f|pattern: none -> ^a$\n" SAME, 1},
        {FIELD("type = string\npattern = ^a$\n"), FIELD("type = string\n"), "widened|f|pattern: ^a$ -> none\n" SAME, 0},
        {FIELD("type = string\n"), FIELD("type = string\nformat = uscc\n"), "narrowed|f|format: none -> uscc\n" SAME, 1},
        {FIELD("type = string\n"), FIELD("type = string\nrequired = yes\n"), "required|f|required: no -> yes\n" SAME, 1},
        {FIELD("type = string\nrequired = yes\n"), FIELD("type = string\n"), "widened|f|required: yes -> no\n" SAME, 0},
        {FIELD("type = string\n"), FIELD("type = string\nrequired = yes\ndefault = x\n"), "narrowed|f|required, with a default: no -> yes\nneutral|f|default: none -> x\n" SAME, 1},
        {FIELD("type = string\nrequired = yes\ndefault = x\n"), FIELD("type = string\nrequired = yes\n"),
         "required|f|required: no -> yes\nneutral|f|default: x -> none\n" SAME, 1},
        {FIELD("type = string\nrequired = yes\ndefault = x\n"), FIELD("type = string\ndefault = x\n"),
         "widened|f|required, with a default: yes -> no\n" SAME, 0},
        {FIELD("type = string\nrequired = yes\nmin_length = 0\n"), FIELD("type = string\nrequired = yes\n"),
         "narrowed|f|min_length: none -> 1\n" SAME, 1},
        {FIELD("type = string\nrequired = yes\n"), FIELD("type = string\nrequired = yes\nmin_length = 1\n"), "", 0},
        {FIELD("type = string\n"), FIELD("type = string\nmultiple = yes\n"), "narrowed|f|multiple: no -> yes\n" SAME, 1},
        {FIELD("type = date\n"), FIELD("type = date\ninput = lenient\n"), "widened|f|input = lenient: no -> yes\n" SAME, 0},
        {FIELD("type = date\ninput = lenient\n"), FIELD("type = date\n"), "narrowed|f|input = lenient: yes -> no\n" SAME, 1},
        {FIELD("type = string\n"), FIELD("type = string\nlabel = 丁\ndeprecated = 用 g\n"),
         "deprecated|f|deprecated: none -> 用 g\nneutral|f|label: none -> 丁\n" SAME, 0},
        {FIELD("type = string\n"), FIELD("type = string\nalias = g\n"), "added|f|alias: none -> g\n" SAME, 0},
        {FIELD("type = string\nalias = g\n"), FIELD("type = string\n"), "removed|f|alias: g -> none\n" SAME, 1},
    };
    for (size_t i = 0; i < COUNT(changes); i++)
        check_change(*state, &changes[i], NULL, NULL);
}

static void fields_come_and_go(void **state)
{
    static const struct change changes[] = {
        {HEAD "[field.f]\ntype = text\n[field.g]\ntype = text\n", HEAD "[field.f]\ntype = text\n", "removed|g|\n" SAME, 1},
        {HEAD "[field.f]\ntype = text\n", HEAD "[field.g]\ntype = text\n[field.f]\ntype = text\n", "added|g|\n" SAME, 0},
        {HEAD "[field.f]\ntype = text\n", HEAD "[field.f]\ntype = text\n[field.g]\ntype = text\nrequired = yes\n", "required|g|\n" SAME, 1},
        {HEAD "[field.f]\ntype = text\n[field.g]\ntype = text\n", HEAD "[field.g]\ntype = text\n[field.f]\ntype = text\n", "", 0},
        {HEAD "[field.f]\ntype = text\n", HEAD "[field.g]\ntype = text\nalias = f\n",
         "neutral|f|renamed to g; the old name may still be sent\n" SAME, 0},
        {HEAD "[field.f]\ntype = text\nalias = g\n", HEAD "[field.f]\ntype = text\n[field.g]\ntype = text\nrequired = yes\n",
         "removed|f|alias: g -> none\nrequired|g|\n" SAME, 2},
        {HEAD "[field.o]\ntype = object\n[field.o.a]\ntype = text\n", HEAD "[field.o]\ntype = object\n[field.o.a]\ntype = text\nmax_length = 3\n[field.o.b]\ntype = text\n",
         "narrowed|o.a|max_length: none -> 3\nadded|o.b|\n" SAME, 1},
        {HEAD "[field.f]\ntype = text\n", HEAD "[resource.s]\nname = 戊\n[field.f]\ntype = text\n", "added||resource s\n" SAME, 0},
        {HEAD "[resource.s]\nname = 戊\n[field.f]\ntype = text\n", HEAD "[field.f]\ntype = text\n", "removed||resource s\n" SAME, 1},
        {"[category]\ncode = a\nname = 甲\n[field.f]\ntype = text\n", "[category]\ncode = a\nname = 己\nversion = 2\n[field.f]\ntype = text\n",
         "neutral||name: 甲 -> 己\n", 0},
        {"[category]\ncode = a\nname = 甲\n[field.f]\ntype = text\n", "[category]\ncode = a\nname = 己\n[field.f]\ntype = text\n",
         "neutral||name: 甲 -> 己\nversion none\n", 0},
    };
    for (size_t i = 0; i < COUNT(changes); i++)
        check_change(*state, &changes[i], NULL, NULL);
}

static void codes_come_and_go(void **state)
{
    static const struct change changed = {FIELD("type = code\ncodelist = l\n"), FIELD("type = code\ncodelist = l\n"),
                                          "narrowed|f|l: codes removed: 1, 2, 3, 4, 5 … (6)\nwidened|f|l: codes added: 8 (1)\n" SAME, 1};
    check_change(*state, &changed, LIST("1 = a\n2 = a\n3 = a\n4 = a\n5 = a\n6 = a\n7 = a\n"), LIST("7 = b\n8 = a\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(each_attribute_is_judged),
        WITH_FOLDER(fields_come_and_go),
        WITH_FOLDER(codes_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
