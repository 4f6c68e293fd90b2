"""Write an exported audit trail as a file: a table for people, or lines that an auditor can check."""

import csv
import io

import msgspec

from solvent.oversight.domain import LinkedRecord

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "|", "%")
COLUMNS = (
    "household",
    "seq",
    "at",
    "actor",
    "cause",
    "kind",
    "subject",
    "before",
    "after",
    "visibility",
    "prev_hash",
    "hash",
)


def trail_as_csv(records: list[LinkedRecord]) -> bytes:
    """Return the records as CSV in UTF-8; no cell can be taken for a formula by a spreadsheet."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for record in records:
        cells = msgspec.json.decode(record.content or "[]")
        table.writerow([*map(_cell, cells), record.hash])
    return text.getvalue().encode()


def trail_as_lines(records: list[LinkedRecord]) -> bytes:
    """Return the records as JSON lines, each with the content that its hash is made of."""
    return b"".join(msgspec.json.encode(record) + b"\n" for record in records)


def _cell(value: object) -> str:
    """Return a value as a cell that stays text."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
