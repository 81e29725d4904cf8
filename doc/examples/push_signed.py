#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pushes a file of JSON records to a Ruku gateway, and signs each request: push_signed.py CATEGORY RESOURCE FILE

RUKU_URL, RUKU_CLIENT_ID and RUKU_SIGNING_KEY come from the environment; RUKU_HASH is sha256 (the default), or sm3 where Python's OpenSSL
has it. No secret is sent. Needs Python 3.8 or later and nothing besides. Ends with status 0 when the push is stored, 1 when it is not.
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

TRIES = 6
TIMEOUT = 60  # seconds
DIGESTS = {"sha256": "sha-256", "sm3": "sm3"}


class Signer:
    """Signs requests as RFC 9421 has it, with what Ruku asks to be covered."""

    def __init__(self, client_id, key, name):
        self.client_id, self.key, self.name = client_id, key.encode(), name

    def hash(self, data=b""):
        return hashlib.new(self.name, data)

    def headers(self, url, body, headers):
        """Returns the headers with those of the signature. The values must be sent as they stand here."""
        parts = urllib.parse.urlsplit(url)
        headers = dict(headers)
        headers["Content-Digest"] = f"{DIGESTS[self.name]}=:{base64.b64encode(self.hash(body).digest()).decode()}:"
        values = {"@method": "POST", "@path": parts.path or "/", "@query": "?" + parts.query}
        values.update({name.lower(): value for name, value in headers.items()})
        covered = " ".join(f'"{name}"' for name in values)
        params = (f'({covered});created={int(time.time())};nonce="{secrets.token_hex(16)}"'
                  f';keyid="{self.client_id}";alg="hmac-{self.name}";tag="ruku"')
        base = "".join(f'"{name}": {value}\n' for name, value in values.items()) + f'"@signature-params": {params}'
        mac = hmac.new(self.key, base.encode(), self.hash).digest()
        headers["Signature-Input"] = "ruku=" + params
        headers["Signature"] = f"ruku=:{base64.b64encode(mac).decode()}:"
        return headers


def call(signer, url, body, headers):
    """Sends a signed POST. Returns status, headers and the JSON of the answer; status 0 when no answer came."""
    request = urllib.request.Request(url, data=body, headers=signer.headers(url, body, headers), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            status, got, text = answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            status, got, text = error.code, error.headers, error.read()
    except (OSError, http.client.HTTPException) as error:
        return 0, {}, {"detail": str(error)}
    try:
        return status, got, json.loads(text)
    except ValueError:
        # A web server or proxy in between may answer in HTML.
        return status, got, {"detail": text[:200].decode("utf-8", "replace")}


def push(signer, base, category, resource, body):
    """Pushes until there is a final answer. Sending the same records again is safe; each try is signed anew."""
    url = "/".join([base, "v1/records", urllib.parse.quote(category, ""), urllib.parse.quote(resource, "")])
    token, renewed, status, answer, headers = None, False, 0, {}, {}
    for attempt in range(TRIES):
        if token is None:
            status, headers, answer = call(signer, base + "/oauth2/token", b"grant_type=client_credentials",
                                           {"Content-Type": "application/x-www-form-urlencoded"})
            if status == 200:
                token = answer["access_token"]
        if token is not None:
            status, headers, answer = call(signer, url, body, {"Authorization": "Bearer " + token,
                                                               "Content-Type": "application/json"})
            if status == 401 and answer.get("code") == "invalid_token" and not renewed:
                token, renewed = None, True
                continue
        if status not in (0, 429, 500, 502, 503, 504):
            break
        if attempt + 1 < TRIES:
            wait = headers.get("Retry-After", "")
            time.sleep(int(wait) if wait.isdigit() else 2 ** attempt)
    return status, answer


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: push_signed.py CATEGORY RESOURCE FILE")
    settings = []
    for name in ("RUKU_URL", "RUKU_CLIENT_ID", "RUKU_SIGNING_KEY"):
        settings.append(os.environ.get(name) or sys.exit(f"the environment variable {name} is not set"))
    base, client_id, key = settings
    name = os.environ.get("RUKU_HASH", "sha256")
    if name not in DIGESTS or name not in hashlib.algorithms_available:
        sys.exit(f"RUKU_HASH {name}: this Python has no such hash")
    try:
        with open(sys.argv[3], "rb") as file:
            body = file.read()
    except OSError as error:
        sys.exit(str(error))
    status, answer = push(Signer(client_id, key, name), base.rstrip("/"), sys.argv[1], sys.argv[2], body)
    if status == 200:
        print("batch {batch}: {received} received, {created} created, {updated} updated, {unchanged} unchanged"
              .format(**answer))
        return 0
    reason = answer.get("detail") or answer.get("error_description") or "no reason given"
    print(f"HTTP {status}: {reason} (request_id {answer.get('request_id', '-')})", file=sys.stderr)
    if "signature_base" in answer:
        print("it should be signed:\n" + answer["signature_base"], file=sys.stderr)
    for error in answer.get("errors", []):
        print(f"  record {error['index']} (id {error['id']}) {error['pointer']}: {error['message']}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
