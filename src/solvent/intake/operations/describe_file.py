"""Describe a bank's file: what it says, read to its end, without any books."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from solvent.intake.formats.reading import Reading
from solvent.intake.formats.registry import reader_for
from solvent.kernel.currency import Currency


@dataclass(slots=True)
class Description:
    """What a file says: how many rows, from when to when, their exact sum by currency."""

    reading: Reading
    rows: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict[str, Decimal])
    first: date | None = None
    last: date | None = None


def describe_file(file: BinaryIO, *, name: str, told: dict[str, object] | None) -> Description:
    """Read ``file`` with its own reader; ``told`` is a mapping that a person gives.

    Sums are in whole units and those that the file states, finer than a minor unit where it is.
    Raises what readers raise.
    """
    reader = reader_for(file, name)
    description = Description(Reading(format=reader.format))
    minor: dict[str, int] = {}
    for batch in reader.read(file, description.reading, told):
        description.rows += len(batch)
        for row in batch:
            minor[row.currency] = minor.get(row.currency, 0) + row.amount_minor
        days = [row.booked_on for row in batch]
        if days:
            description.first = min(
                days if description.first is None else [*days, description.first]
            )
            description.last = max(days if description.last is None else [*days, description.last])
    rounded_off = description.reading.rounded_off
    description.sums = {
        code: in_units(total, code) + rounded_off.get(code, Decimal())
        for code, total in sorted(minor.items())
    }
    return description


def in_units(minor: int, code: str) -> Decimal:
    """Return ``minor`` units of a currency as a decimal with its digits."""
    return Decimal(minor).scaleb(-Currency.of(code).digits)
