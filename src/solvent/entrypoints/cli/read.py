"""``solvent read``: what a bank's file says, without books or database."""

import json
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, cast

from solvent.entrypoints.cli.answers import DONE, REFUSED, AsJson, complain, show
from solvent.intake.formats.reading import ClosingBalance, NeedsAnswer, Reading
from solvent.intake.operations.describe_file import Description, describe_file, in_units
from solvent.kernel.currency import UNKNOWN_CODE
from solvent.kernel.errors import BadValue, Refusal

UNKNOWN = "UNKNOWN"
"""How a currency is written that the file does not name."""
MAPPING_BYTES_MAX = 1024 * 1024


def read(file: Path, *, mapping: Path | None = None, as_json: AsJson = False) -> int:
    """Say what a bank's FILE holds, without touching any books.

    Parameters
    ----------
    file
        A bank's file: OFX, QFX or CSV.
    mapping
        A JSON file that says what the columns of a CSV file mean.
    """
    refused: Refusal | None = None
    description = Description(Reading())
    try:
        told = None if mapping is None else read_mapping(mapping)
        with opened(file) as content:
            description = describe_file(content, name=file.name, told=told)
    except Refusal as refusal:
        refused = refusal
    document = _document(file, description, refused)
    show(document, () if refused else _lines(document), as_json=as_json)
    if refused is not None:
        complain(refused.message)
        return REFUSED
    return DONE


@contextmanager
def opened(file: Path) -> Generator[BinaryIO]:
    """Open a file that a person named; refuse what is none or cannot be read."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # opening a pipe would wait for its writer
            raise BadValue(f"{file} is no plain file; save it first.", field="file")
        content = file.open("rb")
    except (OSError, ValueError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
        raise BadValue(
            f"{file} cannot be opened: {reason}. Name a file that can be read.", field="file"
        ) from wrong
    with content:
        yield content


def read_mapping(path: Path) -> dict[str, object]:
    """Read the mapping kept in the JSON file ``path``; refuse anything but an object."""
    with opened(path) as file:
        text = file.read(MAPPING_BYTES_MAX + 1)
    try:
        found: Any = json.loads(text) if len(text) <= MAPPING_BYTES_MAX else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BadValue(f"{path} holds no JSON object; write the mapping as one.", field="mapping")
    return cast("dict[str, object]", found)


def _document(file: Path, description: Description, refused: Refusal | None) -> dict[str, Any]:
    """Lay the description out as the contract has it."""
    reading = description.reading
    document: dict[str, Any] = {
        "file": str(file),
        "format": reading.format or None,
        "transactions": description.rows,
        "sums": {_code(code): _decimal(total) for code, total in description.sums.items()},
        "first_date": description.first,
        "last_date": description.last,
        "closing": [_closing(reading, closing) for closing in reading.closings],
        "accounts": [
            {
                "identifier": account.identifier,
                "currency": _code(account.currency),
                "name": account.name,
                "kind": account.kind,
            }
            for account in reading.accounts
        ],
        "rejected": reading.rejected,
        "rejected_count": reading.rejected_count,
        "warnings": reading.warnings,
        "error": None if refused is None else {"code": refused.code, "message": refused.message},
    }
    if isinstance(refused, NeedsAnswer):
        document["questions"] = refused.questions
    return document


def _closing(reading: Reading, closing: ClosingBalance) -> dict[str, object]:
    identifier = ""
    if 0 <= closing.account < len(reading.accounts):
        identifier = reading.accounts[closing.account].identifier
    return {
        "account": identifier,
        "amount": _decimal(in_units(closing.amount_minor, closing.currency)),
        "currency": _code(closing.currency),
        "on": closing.on,
    }


def _code(currency: str) -> str:
    return UNKNOWN if currency in {"", UNKNOWN_CODE} else currency


def _decimal(value: Decimal) -> str:
    """Write a decimal plainly, never with an exponent."""
    return f"{value:f}"


def _lines(document: dict[str, Any]) -> Iterator[str]:
    """Say the same for a person."""
    span = (
        f", {document['first_date']} to {document['last_date']}" if document["first_date"] else ""
    )
    yield f"{document['file']}: {document['format']}, {document['transactions']} transactions{span}"
    for code, total in document["sums"].items():
        yield f"  sum      {total} {code}"
    for account in document["accounts"]:
        named = " ".join(part for part in (account["identifier"], account["name"]) if part)
        yield f"  account  {named or 'not named'} ({account['kind']}, {account['currency']})"
    for closing in document["closing"]:
        on = f" on {closing['on']}" if closing["on"] else ""
        yield f"  closing  {closing['amount']} {closing['currency']}{on} {closing['account']}".rstrip()
    for warning in document["warnings"]:
        yield f"  note     {warning.message}"
    for row in document["rejected"]:
        yield f"  refused  line {row.line}: {row.reason}"
    more = document["rejected_count"] - len(document["rejected"])
    if more > 0:
        yield f"  refused  {more} more rows"
