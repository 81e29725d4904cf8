/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "near.h"

#include <string.h>

#include "poison.h"

#define LETTERS_A_FAULT 3
#define FAULTS_MAX 3

/* Writes the letters that count and returns how many there are, or 0 where they are more than there is room for. */
static size_t fold(char to[NEAR_NAME_MAX], const char *name, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        char c = name[i];
        if (c == '-' || c == '_')
            continue;
        if (count == NEAR_NAME_MAX)
            return 0;
        to[count++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return count;
}

void near_begin(struct near *n, const char *name, size_t len)
{
    n->best = NULL;
    n->len = fold(n->name, name, len);
    size_t most = n->len / LETTERS_A_FAULT;
    n->distance = n->len == 0 ? 0 : (most < FAULTS_MAX ? most : FAULTS_MAX) + 1;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The optimal string alignment distance of n->name and the candidate, row by row of its table; or `limit`, once it
 * cannot be less. */
static size_t measure(const struct near *n, const char *other, size_t len, size_t limit)
{
    size_t rows[3][NEAR_NAME_MAX + 1];
    size_t *before = rows[0];
    size_t *last = rows[1];
    size_t *row = rows[2];
    for (size_t k = 0; k <= len; k++)
        last[k] = before[k] = k;
    for (size_t i = 1; i <= n->len; i++) {
        size_t lowest = row[0] = i;
        for (size_t k = 1; k <= len; k++) {
            size_t change = last[k - 1] + (n->name[i - 1] != other[k - 1]);
            row[k] = least(change, least(last[k], row[k - 1]) + 1);
            if (i > 1 && k > 1 && n->name[i - 1] == other[k - 2] && n->name[i - 2] == other[k - 1])
                row[k] = least(row[k], before[k - 2] + 1);
            lowest = least(lowest, row[k]);
        }
        /* An exchange reaches back two rows, whose lowest is one less at most, and costs one: no row gets lower. */
        if (lowest >= limit)
            return limit;
        size_t *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[len];
}

void near_try(struct near *n, const char *candidate)
{
    char folded[NEAR_NAME_MAX];
    size_t len = fold(folded, candidate, strlen(candidate));
    size_t apart = len > n->len ? len - n->len : n->len - len;
    if (len == 0 || apart >= n->distance)
        return;
    size_t distance = measure(n, folded, len, n->distance);
    if (distance < n->distance) {
        n->distance = distance;
        n->best = candidate;
    }
}
