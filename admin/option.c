/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "option.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "err.h"
#include "num.h"
#include "words.h"

#include "poison.h"

static const struct {
    const char *name;
    bool takes_text;
} options[OPTION_N] = {
    [OPTION_ID] = {"id", true},         [OPTION_NETWORK] = {"network", true}, [OPTION_CLIENT] = {"client", true},
    [OPTION_FORMAT] = {"format", true}, [OPTION_SINCE] = {"since", true},     [OPTION_ALL] = {"all", false},
    [OPTION_ENVELOPE] = {"envelope", false},
    [OPTION_DAYS] = {"days", true},     [OPTION_AFTER] = {"after", true},     [OPTION_LIMIT] = {"limit", true},
    [OPTION_DRY_RUN] = {"dry-run", false}, [OPTION_LENIENT] = {"lenient", false},
    [OPTION_UNMASK] = {"unmask", false}, [OPTION_GRACE] = {"grace", true},
};

int option_read(int argc, char **argv, unsigned allowed, struct options *out)
{
    struct option list[OPTION_N + 1] = {{0}};
    size_t count = 0;
    int id;
    *out = (struct options){{NULL}};
    for (int i = 0; i < OPTION_N; i++)
        if ((allowed & 1u << i) != 0)
            list[count++] = (struct option){.name = options[i].name, .val = i,
                                            .has_arg = options[i].takes_text ? required_argument : no_argument};
    optind = 0; /* main has used getopt before */
    opterr = 0; /* its words are in one language */
    while ((id = getopt_long(argc, argv, ":", list, NULL)) != -1) {
        if (id == '?' || id == ':') {
            (void)fprintf(stderr, id == ':' ? _("%s is to be followed by its value\n") : _("%s is no option of this command\n"),
                          argv[optind - 1]);
            return -1;
        }
        out->text[id] = options[id].takes_text ? optarg : "";
    }
    return optind;
}

bool option_given(const struct options *o, enum option_id id)
{
    return o->text[id] != NULL;
}

int option_number(const struct options *o, enum option_id id, int64_t fallback, int64_t min, int64_t max,
                  int64_t *number_out, struct err *e)
{
    const char *text = o->text[id];
    *number_out = fallback;
    if (text == NULL || num_parse(text, strlen(text), min, max, number_out))
        return 0;
    return err_set(e, MSG_CONFIG, "--%s %s: must be a number from %lld to %lld", options[id].name, text, (long long)min,
                   (long long)max);
}

int option_time(const struct options *o, enum option_id id, int64_t max, int64_t *seconds_out, struct err *e)
{
    static const struct {
        char letter;
        int64_t seconds;
    } units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
    const char *text = option_given(o, id) ? o->text[id] : "0";
    size_t len = strlen(text);
    int64_t unit = 1;
    for (size_t i = 0; len > 1 && i < sizeof(units) / sizeof(units[0]); i++)
        if (text[len - 1] == units[i].letter)
            unit = units[i].seconds;
    bool lettered = len > 1 && strchr("dhms", text[len - 1]) != NULL;
    if (!num_parse(text, lettered ? len - 1 : len, 0, max / unit, seconds_out))
        return err_set(e, MSG_CONFIG, "--%s %s: must be a time of at most %lld days, such as 7d, 12h, 30m or 90s", options[id].name, text,
                       (long long)(max / 86400));
    *seconds_out *= unit;
    return 0;
}
