#!/usr/bin/env python3
"""Write the JSON exports of one folder into another, one record a line, and HubSpot's contacts as they are.

    python3 benches/jsonlines.py FROM TO

bench.py runs it as a program of its own, so that its memory is not counted as that of the programs measured.
"""

import gzip
import json
import shutil
import sys
from pathlib import Path

# Export → the key under which its records lie; none where they are the file's own array or stand one after the other.
EXPORTS = {
    "intercom-conversations.json": "conversations",
    "twilio-messages.json": "messages",
    "delighted-surveys.json": None,
    "amazon-connect-contacts.json.gz": None,
}


def records(text, key):
    """The records of an export."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        yield from value[key] if key else value if isinstance(value, list) else [value]
        while at < len(text) and text[at].isspace():
            at += 1


def main():
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    for name, key in EXPORTS.items():
        data = (source / name).read_bytes()
        text = (gzip.decompress(data) if name.endswith(".gz") else data).decode()
        with open(target / f"{name.split('.')[0]}.ndjson", "w", encoding="utf-8") as out:
            for record in records(text, key):
                out.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
    shutil.copy(source / "hubspot-contacts.csv", target)


if __name__ == "__main__":
    main()
