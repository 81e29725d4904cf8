# SPDX-License-Identifier: Apache-2.0
"""Makes of records in JSON (standard input: one, or an array) the same records in XML, as they are pushed."""
import json
import sys
from xml.sax.saxutils import escape


def element(name, value):
    if value is None:
        return f'<{name} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>'
    return f"<{name}>{content(value)}</{name}>"


def content(value):
    if isinstance(value, dict):
        return "".join(element(name, member) for name, member in value.items())
    if isinstance(value, list):
        return "".join(element("item", item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(str(value), {"\r": "&#13;"})


records = json.load(sys.stdin, parse_float=str, parse_int=str)
print('<?xml version="1.0" encoding="UTF-8"?>')
if isinstance(records, list):
    print("<records>" + "\n".join(element("record", record) for record in records) + "</records>")
else:
    print(element("record", records))
