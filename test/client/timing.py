# SPDX-License-Identifier: Apache-2.0
"""Tries logins of several kinds in random order over one connection, and tells how well the clock tells each two kinds apart.

usage: timing.py HOST PORT TRIES <kinds        a line a kind: NAME ID SECRET

Prints for each two kinds `NAME NAME AREA`: the chance that a try of the first took longer than one of the second (the area under the
receiver's curve): 0.5 is no better than a coin. Fails where a login is not refused with 401.
"""
import base64
import bisect
import http.client
import itertools
import random
import sys
import time


def measure(host, port, tries, kinds):
    order = [name for name in kinds for _ in range(tries // len(kinds))]
    random.shuffle(order)
    times = {name: [] for name in kinds}
    connection = http.client.HTTPConnection(host, port)
    for name in order:
        login = base64.b64encode(":".join(kinds[name]).encode()).decode()
        headers = {"Authorization": "Basic " + login, "Content-Type": "application/x-www-form-urlencoded"}
        start = time.perf_counter_ns()
        connection.request("POST", "/oauth2/token", "grant_type=client_credentials", headers)
        answer = connection.getresponse()
        answer.read()
        times[name].append(time.perf_counter_ns() - start)
        if answer.status != 401:
            sys.exit(f"{name}: {answer.status}")
    return times


def area(first, second):
    ordered = sorted(second)
    below = sum(bisect.bisect_left(ordered, t) + bisect.bisect_right(ordered, t) for t in first)
    return below / (2 * len(first) * len(second))


def main():
    host, port, tries = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    kinds = {name: (ident, secret) for name, ident, secret in (line.split() for line in sys.stdin)}
    times = measure(host, port, tries, kinds)
    for first, second in itertools.combinations(kinds, 2):
        print(first, second, f"{area(times[first], times[second]):.3f}")


main()
