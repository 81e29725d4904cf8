#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pushes a file of JSON records to a Ruku gateway: push.py CATEGORY RESOURCE FILE

RUKU_URL, RUKU_CLIENT_ID and RUKU_CLIENT_SECRET come from the environment.
Needs Python 3.8 or later and nothing besides. Ends with status 0 when the push is stored, 1 when it is not.
"""
import base64
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

TRIES = 6
TIMEOUT = 60  # seconds


def call(url, body, headers):
    """Sends a POST. Returns status, headers and the JSON of the answer; status 0 when no answer came."""
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
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


def get_token(base, client_id, secret):
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return call(base + "/oauth2/token", b"grant_type=client_credentials",
                {"Authorization": "Basic " + basic, "Content-Type": "application/x-www-form-urlencoded"})


def push(base, client_id, secret, category, resource, body):
    """Pushes until there is a final answer. Sending the same records again is safe."""
    url = "/".join([base, "v1/records", urllib.parse.quote(category, ""), urllib.parse.quote(resource, "")])
    token, renewed, status, answer = None, False, 0, {}
    for attempt in range(TRIES):
        if token is None:
            status, headers, answer = get_token(base, client_id, secret)
            if status == 200:
                token = answer["access_token"]
        if token is not None:
            status, headers, answer = call(url, body, {"Authorization": "Bearer " + token,
                                                       "Content-Type": "application/json"})
            if status == 401 and not renewed:
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
        sys.exit("usage: push.py CATEGORY RESOURCE FILE")
    settings = []
    for name in ("RUKU_URL", "RUKU_CLIENT_ID", "RUKU_CLIENT_SECRET"):
        settings.append(os.environ.get(name) or sys.exit(f"the environment variable {name} is not set"))
    base, client_id, secret = settings
    try:
        with open(sys.argv[3], "rb") as file:
            body = file.read()
    except OSError as error:
        sys.exit(str(error))
    status, answer = push(base.rstrip("/"), client_id, secret, sys.argv[1], sys.argv[2], body)
    if status == 200:
        print("batch {batch}: {received} received, {created} created, {updated} updated, {unchanged} unchanged"
              .format(**answer))
        return 0
    reason = answer.get("detail") or answer.get("error_description") or "no reason given"
    print(f"HTTP {status}: {reason} (request_id {answer.get('request_id', '-')})", file=sys.stderr)
    for error in answer.get("errors", []):
        print(f"  record {error['index']} (id {error['id']}) {error['pointer']}: {error['message']}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
