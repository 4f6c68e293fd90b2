"""What a CSV file's columns and cells mean: told by a person, kept in a profile, or found out.

The told form is a plain dictionary, which JSON can hold; :meth:`Mapping.from_told` checks it and
:meth:`Mapping.to_told` gives it back. Everything may be left out: what is left out is found out
from the file, unless the mapping is ``complete``.
"""

import codecs
import re
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, fields
from typing import Final, cast

from solvent.intake.formats.csv_table.dates import date_format
from solvent.intake.formats.csv_table.phrases import IN, NEUTRAL, OUT
from solvent.intake.formats.csv_table.refusals import BadMapping
from solvent.kernel.currency import DIGITS, UNKNOWN_CODE

FOUND_OUT: Final = 0
"""Header row of a mapping that does not say where the header stands."""
UNKNOWN_CURRENCY = "UNKNOWN"
"""How a mapping says that no currency is named."""
NAME_CHARS_MAX = 200
LINE_MAX = 1_000
"""Latest line of a header."""
YEAR_MIN, YEAR_MAX = 1900, 2100
ENTRIES_MAX = 100
"""Most direction values, and most memo columns."""
ENCODINGS_REFUSED = frozenset(
    ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem")
)

_NUMBERED = re.compile(r"column (\d{1,5})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what: a header's name, or ``column 4`` for the fourth; empty for none."""

    date: str = ""
    amount: str = ""
    debit: str = ""
    credit: str = ""
    currency: str = ""
    account: str = ""
    payee: str = ""
    description: str = ""
    memo: tuple[str, ...] = ()
    direction: str = ""
    balance: str = ""
    id: str = ""
    status: str = ""

    @property
    def has_amount(self) -> bool:
        """Say whether the columns tell how much."""
        return bool(self.amount or self.debit or self.credit)


@dataclass(frozen=True, slots=True)
class Mapping:
    """How to read a CSV file; see the module.

    ``header_row`` is a line from 1, None where there is no header, ``FOUND_OUT`` where that is not
    said; ``skip_rows`` lines are left out at the top. ``currency`` applies where neither the column
    nor the cell names one. ``year`` is that of the first row, for dates without one. ``quoting``
    ``none`` means that quotation marks inside cells are not doubled. ``unsigned`` ``out`` means
    that a bare amount is money out. A ``complete`` mapping is taken as it is: no further column is
    looked for.
    """

    encoding: str = ""
    delimiter: str = ""
    quoting: str = ""
    header_row: int | None = FOUND_OUT
    skip_rows: int = 0
    decimal: str = ""
    thousands: str | None = None
    date_format: str = ""
    year: int = 0
    currency: str = ""
    columns: Columns = field(default_factory=Columns)
    invert_sign: bool | None = None
    unsigned: str = ""
    direction_values: dict[str, str] = field(default_factory=dict[str, str])
    complete: bool = False

    @staticmethod
    def from_told(told: Table[str, object]) -> "Mapping":
        """Check a told mapping; raise :class:`BadMapping`, which names the entry.

        Keys that are not known are left aside, and an entry that is None counts as not told,
        except ``header_row``: None means that the file has no header.
        """
        entries: dict[str, object] = {}
        for entry in fields(Mapping):
            if entry.name in told and (told[entry.name] is not None or entry.name == "header_row"):
                entries[entry.name] = _CHECKS[entry.name](told[entry.name])
        return Mapping(**entries)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - each was checked by its own rule

    def to_told(self) -> dict[str, object]:
        """Return the dictionary that :meth:`from_told` makes this mapping of."""
        told: dict[str, object] = {}
        for entry in fields(self):
            value = getattr(self, entry.name)
            if entry.name == "columns":
                told["columns"] = _told_columns(self.columns)
            elif entry.name == "direction_values":
                told |= {"direction_values": dict(value)} if value else {}
            elif entry.name == "currency" and value == UNKNOWN_CODE:
                told["currency"] = UNKNOWN_CURRENCY
            elif value != entry.default:
                told[entry.name] = value
        return told


def column_number(name: str) -> int | None:
    """Return the number, from 1, that ``column 4`` names; None for a header's name."""
    match = _NUMBERED.fullmatch(name.strip())
    return int(match[1]) if match else None


def _told_columns(columns: Columns) -> dict[str, object]:
    """Return the named columns only; a single memo column as its bare name."""
    told: dict[str, object] = {}
    for entry in fields(columns):
        value: str | tuple[str, ...] = getattr(columns, entry.name)
        if isinstance(value, str):
            if value:
                told[entry.name] = value
        elif value:
            told[entry.name] = value[0] if len(value) == 1 else list(value)
    return told


def _encoding(value: object) -> str:
    try:
        info = codecs.lookup(value) if isinstance(value, str) else None
        "a".encode(info.name if info else "")
    except (LookupError, ValueError):
        info = None
    if (
        info is None
        or info.name.replace("-", "_") in ENCODINGS_REFUSED
        or not isinstance(value, str)
    ):
        raise BadMapping("encoding", "the name of a text encoding, such as utf-8 or cp1252")
    return value


def _delimiter(value: object) -> str:
    named = {"tab": "\t", "\\t": "\t"}
    mark = named.get(value, value) if isinstance(value, str) else ""
    if len(mark) != 1 or mark in '\r\n"\0' or mark.isalnum():
        raise BadMapping("delimiter", "a single character, such as ; or ,")
    return mark


def _quoting(value: object) -> str:
    if not isinstance(value, str):
        raise BadMapping("quoting", "“none” or “standard”")
    return "none" if value.strip().casefold().startswith("none") else "standard"


def _whole(name: str, low: int, high: int) -> Callable[[object], int]:
    """Return a check that takes whole numbers from ``low`` to ``high``."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise BadMapping(name, f"a whole number from {low} to {high}")
        return value

    return check


def _header_row(value: object) -> int | None:
    return None if value is None else _whole("header_row", 1, LINE_MAX)(value)


def _one_of(name: str, *allowed: str) -> Callable[[object], str]:
    """Return a check that takes these texts only."""

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise BadMapping(name, "one of " + ", ".join(f"“{one}”" for one in allowed))
        return value

    return check


def _thousands(value: object) -> str:
    if not isinstance(value, str) or len(value) > 1 or value.isalnum():
        raise BadMapping("thousands", "a single mark, or empty for none")
    return " " if value.isspace() else value


def _date_format(value: object) -> str:
    if not isinstance(value, str):
        raise BadMapping("date_format", "a format of strptime with day and month, as %d.%m.%Y")
    return date_format(value).text


def _currency(value: object) -> str:
    code = value.strip().upper() if isinstance(value, str) else ""
    if code in {UNKNOWN_CURRENCY, UNKNOWN_CODE}:
        return UNKNOWN_CODE
    if code not in DIGITS:
        raise BadMapping("currency", f"an ISO 4217 code such as EUR, or {UNKNOWN_CURRENCY}")
    return code


def _column(role: str, value: object) -> str:
    """Check one column's name; a whole number stands for its place from 1."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return f"column {value}"
    text = value.strip() if isinstance(value, str) else ""
    if not 0 < len(text) <= NAME_CHARS_MAX or column_number(text) == 0:
        raise BadMapping(f"columns.{role}", "a column's name, or “column 4” for the fourth")
    return text


def _table(value: object) -> dict[object, object] | None:
    """Return ``value`` as a table of whatever it holds, None where it is no table."""
    return cast("dict[object, object]", value) if isinstance(value, dict) else None


def _columns(value: object) -> Columns:
    table = _table(value)
    if table is None:
        raise BadMapping("columns", "a table of what → column")
    known: dict[str, object] = {}
    for role in (entry.name for entry in fields(Columns)):
        told = table.get(role)
        if told is None or told in ("", []):
            continue
        if role != "memo":
            known[role] = _column(role, told)
        else:
            several = cast("list[object]", told) if isinstance(told, list | tuple) else [told]
            if len(several) > ENTRIES_MAX:
                raise BadMapping("columns.memo", f"at most {ENTRIES_MAX} columns")
            known[role] = tuple(_column(role, one) for one in several)
    return Columns(**known)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - each was checked


def _flag(name: str) -> Callable[[object], bool]:
    """Return a check that takes true and false."""

    def check(value: object) -> bool:
        if not isinstance(value, bool):
            raise BadMapping(name, "true or false")
        return value

    return check


def _direction_values(value: object) -> dict[str, str]:
    table = _table(value)
    checked: dict[str, str] = {}
    for cell, meaning in table.items() if table and len(table) <= ENTRIES_MAX else ():
        if isinstance(cell, str) and meaning in (IN, OUT, NEUTRAL):
            checked[cell.strip()] = str(meaning)
    if table is None or len(checked) != len(table):
        wanted = f"a table of at most {ENTRIES_MAX} cells, each to “in”, “out” or “neutral”"
        raise BadMapping("direction_values", wanted)
    return checked


_CHECKS: dict[str, Callable[[object], object]] = {
    "encoding": _encoding,
    "delimiter": _delimiter,
    "quoting": _quoting,
    "header_row": _header_row,
    "skip_rows": _whole("skip_rows", 0, LINE_MAX),
    "decimal": _one_of("decimal", ".", ","),
    "thousands": _thousands,
    "date_format": _date_format,
    "year": _whole("year", YEAR_MIN, YEAR_MAX),
    "currency": _currency,
    "columns": _columns,
    "invert_sign": _flag("invert_sign"),
    "unsigned": _one_of("unsigned", IN, OUT),
    "direction_values": _direction_values,
    "complete": _flag("complete"),
}
