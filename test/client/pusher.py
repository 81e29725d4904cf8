#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Senders that push the same thing until it is acknowledged, keep a journal, and compare it with what is stored.

usage: pusher.py push NAME DIR SEED URL     pushes until DIR/enough is there; the token is in $PUSHER_TOKEN
       pusher.py repeat NAME DIR SEED URL   repeats pushes that were acknowledged under a key; prints what differs
       pusher.py compare DIR SEED           journals against DIR/{record,batch,reject}.tsv; prints "CHECK<tab>FAULTS" lines

What a sender pushes follows from seed, name and number alone, so a journal holds only numbers, times and answers:
DIR/NAME.journal, one JSON value a line.
"""
import gzip
import hashlib
import http.client
import json
import os
import random
import sys
import time
from collections import Counter, defaultdict

PATIENCE = 60  # seconds for the last push after the end was called
TIMEOUT = 30
POOL = 30  # ids that are pushed again and again
WORDS = "公告 通知 政策 解读 规划 统计 财政 水务 交通 教育 卫生 应急 审批 监管 服务 数据".split()

# name: client, resource, pause between two pushes at most
SENDERS = {
    "keyed": ("keyed", "general", 0.1),
    "single": ("single", "notice", 0.04),
    "plain-a": ("plain", "general", 0.1),
    "plain-b": ("plain", "general", 0.1),
    "stream": ("stream", "general", 0.15),
}
KEYED = ("keyed", "stream")
COUNTS = ("received", "created", "updated", "unchanged", "superseded", "stale", "rejected")


class Push:
    """One push: what is sent, and what of it may be stored."""

    def __init__(self, name, n, seed):
        self.name, self.n, self.mark = name, n, f"{name}.{n}"
        self.rng = random.Random(f"{seed} {self.mark}")
        self.method, self.path = "POST", f"/v1/records/core/{SENDERS[name][1]}"
        self.headers = {"Content-Type": "application/json", "Connection": "close"}
        self.key = None
        self.records = []  # (id, text) that may be stored, in their order
        self.own = set()  # ids that no other push has
        self.bad = 0  # records that must be refused
        self.is_refused = False  # it is strict, and has one
        {"single": self._single, "stream": self._stream}.get(name, self._strict)()
        if self.key is not None:
            self.headers["Idempotency-Key"] = self.key

    def _record(self, record_id, **more):
        rng = self.rng
        text = json.dumps({"id": record_id, "title": "".join(rng.choices(WORDS, k=rng.randint(2, 8))),
                           "source": self.mark, "author": str(len(self.records)),
                           "summary": rng.choice(WORDS) * rng.randint(1, 60), **more}, ensure_ascii=False)
        self.records.append((record_id, text))
        return text

    def _new(self):
        record_id = f"{self.mark}.{len(self.records)}"
        self.own.add(record_id)
        return self._record(record_id)

    def _again(self):
        """A record of the pool, which pushes of this client have in common."""
        return self._record(f"pool.{self.rng.randrange(POOL)}")

    def _strict(self):
        texts = [self._new() for _ in range(self.rng.randint(50, 200))]
        texts += [self._again() for _ in range(self.rng.randint(0, 15))]
        self.rng.shuffle(texts)
        order = {text: i for i, text in enumerate(texts)}
        self.records.sort(key=lambda record: order[record[1]])
        if self.n % 20 == 0:
            texts.insert(self.rng.randrange(len(texts)), '{"id":"%s.bad","source":"%s"}' % (self.mark, self.mark))
            self.bad, self.is_refused = 1, True
        if self.name == "keyed":
            self.key = f"k.{self.mark}"
        if self.n % 3 == 0:
            self.headers["Prefer"] = "return=representation"
        self.body = ("[" + ",".join(texts) + "]").encode()

    def _single(self):
        text = self._again() if self.n % 4 == 0 else self._new()
        if self.n % 2 == 0:
            self.method, self.path = "PUT", f"{self.path}/{self.records[0][0]}"
        self.body = text.encode()

    def _faulty(self):
        self.bad += 1
        record_id = f"{self.mark}.bad.{self.bad}"
        return self.rng.choice(('{"id":"%s","source":"no title"}', '{"id":"%s","title":"cut', '{"id":"%s","title":7}',
                                '{"id":"%s","title":"x","unknown":1}')) % record_id

    def _stream(self):
        lines = []
        for _ in range(self.rng.randint(500, 3000)):
            kind = self.rng.random()
            lines.append(self._faulty() if kind < 0.02 else self._again() if kind < 0.06 else self._new())
        self.headers["Content-Type"] = "application/x-ndjson"
        self.headers["Prefer"] = "handling=lenient"
        self.body = ("\n".join(lines) + "\n").encode()
        if self.n % 3 == 0:
            self.body = gzip.compress(self.body, 1, mtime=0)
            self.headers["Content-Encoding"] = "gzip"
        if self.n % 2 == 0:
            self.key = f"k.{self.mark}"

    @property
    def expected(self):
        return (422,) if self.is_refused else (200, 201) if self.method == "PUT" else (207,) if self.bad else (200,)


def attempt(url, push, token):
    """One request. Returns status, body and headers; raises where there is no whole answer."""
    connection = http.client.HTTPConnection(url, timeout=TIMEOUT)
    try:
        connection.request(push.method, push.path, push.body, {**push.headers, "Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


def try_once(url, push, token):
    """Returns an answer as it is noted, or the name of a failure after which the push is repeated."""
    try:
        status, body, headers = attempt(url, push, token)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    if status >= 500 or status == 409:
        try:
            return f"{status} {json.loads(body)['code']}"
        except (ValueError, KeyError, TypeError):
            return str(status)
    try:
        reply = json.loads(body)
    except ValueError:
        return f"{status} torn"
    return {"status": status, "sha": hashlib.sha256(body).hexdigest(), "replayed": "Idempotent-Replayed" in headers,
            "batch": reply.get("batch"), "counts": [reply.get(name) for name in COUNTS], "code": reply.get("code"),
            "told": [[r["id"], r["revision"]] for r in reply.get("results", []) if "revision" in r] +
            ([[push.records[0][0], reply["revision"]]] if "revision" in reply else [])}


def push_until_enough(name, folder, seed, url):
    token = os.environ["PUSHER_TOKEN"]
    rng = random.Random()
    n, end = 0, None
    with open(f"{folder}/{name}.journal", "w", buffering=1, encoding="utf-8") as journal:
        while not os.path.exists(f"{folder}/enough"):
            n += 1
            push = Push(name, n, seed)
            answer, failures = None, []
            print(json.dumps({"n": n, "begin": time.monotonic()}), file=journal)
            while not isinstance(answer, dict):
                if os.path.exists(f"{folder}/enough"):
                    end = end or time.monotonic() + PATIENCE
                    if time.monotonic() > end:
                        print(json.dumps({"n": n, "gave_up": failures}), file=journal)
                        return 1
                if failures:
                    time.sleep(rng.uniform(0.01, 0.15))
                answer = try_once(url, push, token)
                if not isinstance(answer, dict):
                    failures.append(answer)
            print(json.dumps({"n": n, "end": time.monotonic(), "failures": failures, **answer}), file=journal)
            time.sleep(rng.uniform(0, SENDERS[name][2]))
    return 0


def read_journal(name, folder):
    pushes = {}
    with open(f"{folder}/{name}.journal", encoding="utf-8") as journal:
        for line in journal:
            entry = json.loads(line)
            pushes.setdefault(entry["n"], {"failures": []}).update(entry)
    return pushes


def repeat(name, folder, seed, url):
    """Those that needed several tries come first."""
    journal = [e for e in read_journal(name, folder).values() if e.get("status") in (200, 207)]
    journal.sort(key=lambda e: (-len(e["failures"]), e["n"]))
    repeated = 0
    for entry in journal:
        push = Push(name, entry["n"], seed)
        if push.key is None:
            continue
        repeated += 1
        if repeated > 150:
            break
        status, body, headers = attempt(url, push, os.environ["PUSHER_TOKEN"])
        if (status, hashlib.sha256(body).hexdigest()) != (entry["status"], entry["sha"]):
            print(f"{push.mark}: {status} instead of {entry['status']}, batch {entry['batch']}: {body[:300]!r}")
        elif headers.get("Idempotent-Replayed") != "true":
            print(f"{push.mark}: not marked as a repeat")
    if repeated == 0:
        print(f"{name}: nothing to repeat")
    return 0


def read_table(folder, table, *columns):
    with open(f"{folder}/{table}.tsv", encoding="utf-8", newline="\n") as rows:
        return [dict(zip(columns, row.rstrip("\n").split("\t"))) for row in rows]


class Comparison:
    """Both sides, and what is found when they are laid side by side."""

    def __init__(self, folder, seed):
        self.records = read_table(folder, "record", "client", "resource", "id", "revision", "batch", "text")
        self.batches = {b["batch"]: b for b in read_table(folder, "batch", "batch", "client", "mode", "complete", "key",
                                                           *COUNTS)}  # in the order in which they were made
        self.order = {batch: i for i, batch in enumerate(self.batches)}
        self.rejects = {r["batch"]: int(r["count"]) for r in read_table(folder, "reject", "batch", "count")}
        self.journals = {name: read_journal(name, folder) for name in SENDERS}
        self.pushes, self.versions, self.texts = {}, defaultdict(list), {}
        for name, journal in self.journals.items():
            for n in journal:
                self._remember(Push(name, n, seed))
        self.stored = defaultdict(list)  # mark: the records that now hold what this push sent
        self.by_identity = {}
        for record in self.records:
            identity = record["client"], record["resource"], record["id"]
            self.by_identity[identity] = record
            origin = self.texts.get((identity, record["text"]))
            record["origin"] = origin
            if origin is not None:
                self.stored[origin[0]].append(record)

    def _remember(self, push):
        client, resource, _ = SENDERS[push.name]
        self.pushes[push.mark] = push
        push.entry = self.journals[push.name][push.n]
        push.is_stored = push.entry.get("status") in (200, 201, 207)
        push.tries = len(push.entry["failures"]) + (1 if "status" in push.entry else 0)
        last = {record_id: i for i, (record_id, _) in enumerate(push.records)}
        for i, (record_id, text) in enumerate(push.records):
            identity = client, resource, record_id
            self.versions[identity].append((push.mark, i == last[record_id]))
            self.texts[identity, text] = push.mark, i == last[record_id]
        push.body = None

    def answers(self):
        for push in self.pushes.values():
            if push.entry.get("status") not in push.expected:
                yield f"{push.mark}: {push.entry.get('status')} {push.entry.get('code')} {push.entry.get('gave_up', '')}"

    def torn(self):
        for push in self.pushes.values():
            if any("torn" in failure for failure in push.entry["failures"]):
                yield f"{push.mark}: {push.entry['failures']}"

    def lost(self):
        """Of one sender's pushes the last that was acknowledged, or one after it, is stored; between two senders the one that
        ended before the other began cannot have won."""
        for identity, versions in self.versions.items():
            acknowledged = [self.pushes[mark] for mark, is_last in versions if is_last and self.pushes[mark].is_stored]
            record = self.by_identity.get(identity)
            if not acknowledged:
                continue
            if record is None:
                yield f"{identity}: not stored, though {acknowledged[-1].mark} was acknowledged"
                continue
            if record["origin"] is None:
                continue  # told by never_sent
            mark, is_last = record["origin"]
            winner = self.pushes[mark]
            if winner.is_stored and not is_last:
                yield f"{identity}: an earlier record of {mark} won over its last"
            for other in acknowledged:
                if other.name == winner.name and other.n > winner.n:
                    yield f"{identity}: holds {mark}, though {other.mark} was acknowledged"
                elif other.name != winner.name and winner.entry.get("end", float("inf")) < other.entry["begin"]:
                    yield f"{identity}: holds {mark}, which had ended when {other.mark}, acknowledged, began"

    def never_sent(self):
        for record in self.records:
            if record["origin"] is None or self.pushes[record["origin"][0]].is_refused:
                yield f"{record['client']} {record['id']}: {record['text'][:200]}"

    def twice(self):
        for identity, count in Counter((r["client"], r["resource"], r["id"]) for r in self.records).items():
            if count > 1:
                yield f"{identity}: {count} times"

    def halves(self):
        for push in self.pushes.values():
            there = {r["id"] for r in self.stored[push.mark]}
            own = len(there & push.own)
            if push.name != "stream" and there and own != len(push.own):
                yield f"{push.mark}: {own} of {len(push.own)} records are stored ({push.entry.get('status')})"
            elif push.is_stored and own != len(push.own):
                yield f"{push.mark}: acknowledged, and {own} of {len(push.own)} records are stored"

    def receipts_by_key(self):
        by_key = defaultdict(list)
        for batch in self.batches.values():
            if batch["key"] != "NULL":
                by_key[batch["key"]].append(batch["batch"])
        for push in self.pushes.values():
            if push.key is not None:
                expected = [push.entry["batch"]] if push.is_stored else []
                if by_key.pop(push.key, []) != expected and (push.is_stored or push.is_refused):
                    yield f"{push.mark}: receipts under its key are not {expected}"
        if by_key:
            yield f"unknown keys: {by_key}"
        made = sum(1 for b in self.batches.values() if b["client"] == "keyed")
        stored = sum(1 for p in self.pushes.values() if p.name == "keyed" and (p.is_stored or self.stored[p.mark]))
        if made != stored:
            yield f"{made} receipts of {stored} keyed pushes"

    def receipts_told(self):
        for push in self.pushes.values():
            if not push.is_stored:
                continue
            batch = self.batches.get(push.entry["batch"])
            told = [str(count) for count in push.entry["counts"]]
            if batch is None:
                yield f"{push.mark}: no receipt {push.entry['batch']}"
            elif told != [batch[name] for name in COUNTS] or batch["complete"] != "1":
                yield f"{push.mark}: told {told}, receipt {batch}"
            elif (int(batch["received"]), int(batch["rejected"])) != (len(push.records) + push.bad, push.bad):
                yield f"{push.mark}: sent {len(push.records)} + {push.bad}, receipt {batch}"

    def sums(self):
        for b in self.batches.values():
            if int(b["received"]) != sum(int(b[name]) for name in ("created", "updated", "unchanged", "rejected")):
                yield f"{b}"
            if int(b["rejected"]) != self.rejects.get(b["batch"], 0):
                yield f"{b['batch']}: {b['rejected']} rejected, {self.rejects.get(b['batch'], 0)} written down"
        for batch in self.rejects:
            if batch not in self.batches:
                yield f"{batch}: rejected records without a receipt"

    def conservation(self):
        for client in {c for c, _, _ in SENDERS.values()}:
            batches = [b for b in self.batches.values() if b["client"] == client]
            records = [r for r in self.records if r["client"] == client]
            created, updated = (sum(int(b[name]) for b in batches) for name in ("created", "updated"))
            revisions = sum(int(r["revision"]) - 1 for r in records)
            if (created, updated) != (len(records), revisions):
                yield f"{client}: created {created} of {len(records)}, updated {updated} of {revisions}"

    def revisions(self):
        for identity, versions in self.versions.items():
            record = self.by_identity.get(identity)
            sent = sum(self.pushes[mark].tries for mark, _ in versions)
            if record is not None and int(record["revision"]) > sent:
                yield f"{identity}: revision {record['revision']}, sent {sent} times"
            if record is not None and len(versions) == 1 and record["revision"] != "1":
                yield f"{identity}: revision {record['revision']} of one content"

    def revisions_told(self):
        for push in self.pushes.values():
            client, resource, _ = SENDERS[push.name]
            for record_id, revision in push.entry.get("told", []):
                record = self.by_identity.get((client, resource, record_id))
                if record is None or record["origin"] is None:
                    continue
                now, is_same = int(record["revision"]), record["origin"][0] == push.mark
                if now < revision or (is_same and client != "plain" and now != revision):
                    yield f"{push.mark} {record_id}: told revision {revision}, is {now}"

    def receipts_of_records(self):
        for record in self.records:
            batch = self.batches.get(record["batch"])
            if batch is None or batch["client"] != record["client"]:
                yield f"{record['client']} {record['id']}: {record['batch']}"

    def unfinished(self):
        holders = defaultdict(set)
        for record in self.records:
            if record["origin"] is not None:
                holders[record["batch"]].add(record["origin"][0])
        last = max((self.order[b["batch"]] for b in self.batches.values() if b["complete"] == "1" and
                    b["client"] == "stream"), default=-1)
        for b in self.batches.values():
            if b["complete"] == "1":
                continue
            if b["client"] != "stream" or b["mode"] != "lenient" or self.order[b["batch"]] > last:
                yield f"{b}: never came to its end"
            for mark in holders[b["batch"]]:
                entry = self.pushes[mark].entry
                if self.order.get(entry.get("batch"), -1) < self.order[b["batch"]]:
                    yield f"{b['batch']} of {mark}: not followed by a complete one"

    def told(self):
        """For whoever reads the test: what went on."""
        ends = sorted(e["end"] for journal in self.journals.values() for e in journal.values() if "end" in e)
        failures = Counter(f for journal in self.journals.values() for e in journal.values() for f in e["failures"])
        for name, journal in self.journals.items():
            done = [e for e in journal.values() if "end" in e]
            print(f"# {name}: {len(done)} of {len(journal)} pushes acknowledged, {sum(bool(e['failures']) for e in done)} "
                  f"not at once, {sum(e['replayed'] for e in done)} by the kept reply")
        print(f"# failures: {dict(failures.most_common())}")
        unfinished = sum(b["complete"] != "1" for b in self.batches.values())
        print(f"# {len(self.records)} records, {len(self.batches)} receipts, {unfinished} of them left behind unfinished")
        gap = max((b - a for a, b in zip(ends, ends[1:])), default=0)
        print(f"# longest time without an acknowledgement: {gap:.1f} s; acknowledged: {len(ends)}")


CHECKS = (
    ("every push was answered in the end, as it had to be", Comparison.answers),
    ("no answer passed for whole that was cut", Comparison.torn),
    ("every acknowledged record is stored with its last acknowledged content, or a later one", Comparison.lost),
    ("nothing is stored that was never sent, was faulty, or stood in a refused push", Comparison.never_sent),
    ("no record is stored twice", Comparison.twice),
    ("every strict push is stored whole or not at all", Comparison.halves),
    ("a push with a key has one receipt, the one that it was told", Comparison.receipts_by_key),
    ("every acknowledged push has its receipt, as told and as sent", Comparison.receipts_told),
    ("the counts of every receipt add up, and what it rejected is written down", Comparison.sums),
    ("all receipts together have created and updated what is stored", Comparison.conservation),
    ("no revision is above the times that its record was sent", Comparison.revisions),
    ("revisions are what senders were told", Comparison.revisions_told),
    ("every record names a receipt of its client", Comparison.receipts_of_records),
    ("a receipt that is not complete is followed by a complete one of the same stream", Comparison.unfinished),
)


def compare(folder, seed):
    both = Comparison(folder, seed)
    both.told()
    for name, check in CHECKS:
        faults = list(check(both))
        print(f"{name}\t{len(faults)}: " + " | ".join(faults[:5]) if faults else f"{name}\t")
    return 0


def main(arguments):
    commands = {"push": (push_until_enough, 4), "repeat": (repeat, 4), "compare": (compare, 2)}
    function, count = commands.get(arguments[0] if arguments else "", (None, 0))
    if function is None or len(arguments) != count + 1:
        print(__doc__, file=sys.stderr)
        return 64
    return function(*arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
