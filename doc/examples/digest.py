#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reconciles (对账) with a Ruku gateway: digest.py ANSWER < RECORDS

ANSWER is a file with what GET /v1/digest/{category}/{resource} answered. RECORDS has a line for each live record:
{"id": "a1", "day": "2024-10-09", "record": {...as it is stored...}}. Prints the days that differ, and ends with
status 1 where there are any. Stored is what GET gives back as "record": defaults and strict dates are in it. Where hashlib has no sm3 (an OpenSSL before 1.1.1, or one built without it), put the sm3
of another package into hash_of, or let the gateway use [crypto] hash = sha256.
"""
import hashlib
import json
import re
import sys


def hash_of(name, data):
    return hashlib.new(name, data).digest()


def main():
    with open(sys.argv[1], "rb") as file:
        theirs = json.load(file)
    ours, name = {}, theirs["hash"]
    for line in sys.stdin.buffer:
        item = json.loads(line, parse_int="\0{}".format, parse_float="\0{}".format)
        # Numbers are read as strings that start with NUL, which no record may hold: so they are written as they stood.
        text = json.dumps(item["record"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        text = re.sub(r'"\\u0000([^"]*)"', r"\1", text)
        one = hash_of(name, item["id"].encode() + b"\0" + hash_of(name, text.encode()))
        count, total = ours.get(item["day"], (0, 0))
        ours[item["day"]] = count + 1, (total + int.from_bytes(one, "big")) % 2**256
    ours = {(day, count, f"{total:064x}") for day, (count, total) in ours.items()}
    days = {(item["day"], item["count"], item["digest"]) for item in theirs["days"]}
    for day, count, total in sorted(ours ^ days):
        print(day, "here" if (day, count, total) in ours else "there", count, total)
    sys.exit(1 if ours != days else 0)


main()
