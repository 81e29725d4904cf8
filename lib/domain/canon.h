/* SPDX-License-Identifier: Apache-2.0
 *
 * The canonical form of a record, over which its digest is computed: members ordered by the code points of their
 * names, no white space, strings with the fewest escapes, numbers as they were written. It is what Python's
 * json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")) gives, numbers aside. So the order of
 * members, white space and escapes do not make a record another one.
 */
#ifndef RUKU_CANON_H
#define RUKU_CANON_H

#include <stddef.h>

struct buf;

/* Appends the canonical form of JSON that scan.h has accepted; `to` must have room for len bytes. A failure sticks in it. */
void canon_write(struct buf *to, const char *json, size_t len);

#endif
