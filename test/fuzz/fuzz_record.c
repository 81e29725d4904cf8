/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a record. Beside not crashing: what is accepted must be JSON to json-c too, the canonical form of a canonical
 * form is itself, a record that arrives in two parts is judged as one that arrives whole, and nothing of one check is left for the next.
 */
#include "config.h"

#include <json.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "canon.h"
#include "crypt.h"
#include "fault.h"
#include "fuzz.h"
#include "policy.h"
#include "record.h"

static void check_accepted(const char *bytes, size_t used, const struct row *row)
{
    struct buf once, twice;
    json_tokener *tokener = json_tokener_new_ex(SCAN_DEPTH_MAX + 1);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    json_object *object = json_tokener_parse_ex(tokener, bytes, (int)used);
    fuzz_expect(object != NULL && json_tokener_get_error(tokener) == json_tokener_success);
    json_object_put(object);
    json_tokener_free(tokener);
    buf_init(&once, 1 << 24);
    buf_init(&twice, 1 << 24);
    canon_write(&once, row->fields, row->fields_len);
    canon_write(&twice, buf_text(&once), once.len);
    fuzz_expect(once.len == twice.len && memcmp(buf_text(&once), buf_text(&twice), once.len) == 0);
    buf_free(&once);
    buf_free(&twice);
}

/* Where the path gives an id: what is good then has it. */
static void check_given_id(struct record_checker *checker, const char *bytes, size_t size, enum record_outcome without)
{
    struct row row;
    size_t used;
    checker->given_id = "q\"\\1";
    checker->given_id_len = 4;
    enum record_outcome with = record_check(checker, bytes, size, true, 0, 0, &row, &used);
    fuzz_expect((with == RECORD_BROKEN) == (without == RECORD_BROKEN));
    if (with != RECORD_GOOD)
        return;
    fuzz_expect(row.id_len == 4 && memcmp(row.id, "q\"\\1", 4) == 0 && row.version >= RECORD_NO_VERSION);
    scan_begin(&checker->scan, row.fields, row.fields_len, true, 0);
    fuzz_expect(scan_skip(&checker->scan) && checker->scan.p == checker->scan.end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    struct faults faults;
    struct record_checker checker;
    struct row row;
    size_t used, again;
    faults_init(&faults, size % 2 == 0 ? MSG_ZH : MSG_EN);
    fuzz_expect(record_checker_init(&checker, policy(), CRYPT_SM3, &faults) == 0);
    enum record_outcome whole = record_check(&checker, bytes, size, true, 0, 0, &row, &used);
    if (whole == RECORD_GOOD)
        check_accepted(bytes, used, &row);
    size_t total = faults.total;
    const char *at = checker.scan.at;
    enum record_outcome part = record_check(&checker, bytes, size / 2, false, 0, 0, &row, &again);
    fuzz_expect(part == RECORD_MORE || part == whole);
    fuzz_expect(part != RECORD_BROKEN || checker.scan.at == at);
    fuzz_expect((part != RECORD_GOOD && part != RECORD_FAULTY) || (again == used && faults.total == total));
    fuzz_expect(record_check(&checker, bytes, size, true, 0, 5, &row, &again) == whole);
    fuzz_expect(faults.total == total && faults.index == 5 && (whole != RECORD_GOOD || row.index == 5));
    check_given_id(&checker, bytes, size, whole);
    record_checker_free(&checker);
    faults_free(&faults);
    return 0;
}
