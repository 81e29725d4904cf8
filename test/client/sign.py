#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signs a request for tests, well or badly: sign.py [OPTIONS] METHOD URI

The key comes from the environment, RUKU_SIGNING_KEY. Prints the headers, one a line, or with --params as FastCGI has them.
"""
import argparse
import base64
import hashlib
import hmac
import os
import secrets
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("method")
parser.add_argument("uri")
parser.add_argument("--keyid", default="signer")
parser.add_argument("--hash", default="sm3")
parser.add_argument("--body", help="a file")
parser.add_argument("--header", action="append", default=[], help="Name: value, which is covered")
parser.add_argument("--age", type=int, default=0, help="seconds since it was signed")
parser.add_argument("--nonce", default=secrets.token_hex(16))
parser.add_argument("--leave-out", default="", help="a part that is not covered")
parser.add_argument("--params", action="store_true")
o = parser.parse_args()

if o.hash == "sm3" and "sm3" not in hashlib.algorithms_available:
    sys.exit("Python's OpenSSL has no SM3")
path, _, query = o.uri.partition("?")
values = {"@method": o.method, "@path": path, "@query": "?" + query}
headers = dict(line.split(": ", 1) for line in o.header)
if o.body is not None:
    with open(o.body, "rb") as file:
        digest = hashlib.new(o.hash, file.read()).digest()
    name = {"sha256": "sha-256"}.get(o.hash, o.hash)
    headers["Content-Digest"] = f"{name}=:{base64.b64encode(digest).decode()}:"
if "RUKU_TOKEN" in os.environ:
    headers["Authorization"] = "Bearer " + os.environ["RUKU_TOKEN"]
values.update({name.lower(): value for name, value in headers.items()})
values.pop(o.leave_out, None)
covered = " ".join(f'"{name}"' for name in values)
params = f'({covered});created={int(time.time()) - o.age};nonce="{o.nonce}";keyid="{o.keyid}";alg="hmac-{o.hash}";tag="ruku"'
base = "".join(f'"{name}": {value}\n' for name, value in values.items()) + f'"@signature-params": {params}'
mac = hmac.new(os.environ["RUKU_SIGNING_KEY"].encode(), base.encode(), lambda data=b"": hashlib.new(o.hash, data)).digest()
headers["Signature-Input"] = "sig1=" + params
headers["Signature"] = f"sig1=:{base64.b64encode(mac).decode()}:"
for name, value in headers.items():
    if o.params:
        prefix = "" if name == "Content-Type" else "HTTP_"
        print(f"{prefix}{name.upper().replace('-', '_')}={value}")
    else:
        print(f"{name}: {value}")
