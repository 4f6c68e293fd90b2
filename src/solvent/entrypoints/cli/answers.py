"""How commands speak: one JSON document or plain lines on standard output, refusals on the other.

Nothing that a file or a person wrote reaches a terminal with its control characters.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, TypeAlias, cast
from uuid import UUID

from cyclopts import Parameter

from solvent.kernel.errors import Refusal

DONE, REFUSED, WRONG_USE = 0, 1, 2
"""Exit codes."""

AsJson: TypeAlias = Annotated[bool, Parameter(name="--json", help="Answer with one JSON document.")]
"""The switch that every command with a result has."""


def show(document: object, lines: Iterable[str], *, as_json: bool) -> None:
    """Print ``document`` as JSON, or else ``lines`` for a person."""
    if as_json:
        print(as_text(document))
        return
    for line in lines:
        print(visible(line))


def refuse(refusal: Refusal, *, as_json: bool) -> int:
    """Print what ``refusal`` says and return the exit code."""
    if as_json:
        print(as_text({"error": {"code": refusal.code, "message": refusal.message}}))
    complain(refusal.message)
    return REFUSED


def complain(text: str) -> None:
    """Print ``text`` on standard error, each of its lines as one of ours."""
    for line in text.splitlines():
        print(f"solvent: {visible(line)}", file=sys.stderr)


def as_text(document: object) -> str:
    """Write ``document`` as JSON on one line, in ASCII."""
    return json.dumps(document, default=_plain, separators=(",", ":"))


def visible(text: str) -> str:
    """Return ``text`` with whatever could move a cursor or forge a line spelled out."""
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "backslashreplace").decode()
        for sign in text
    )


def _plain(value: object) -> object:
    """Return what JSON can hold in place of ``value``."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Enum):
        return cast("object", value.value)
    if isinstance(value, UUID | date | datetime | Decimal | Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
