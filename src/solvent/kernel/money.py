"""Money: integer minor units with a currency.

No float ever comes near an amount, and no two currencies are ever added. Text becomes money only by
:func:`parse_decimal`, which refuses what it cannot hold exactly; rounding is a named, explicit act.
"""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Self

from solvent.kernel.currency import Currency
from solvent.kernel.errors import Refusal

AMOUNT_MINOR_MAX = 10**15
"""Largest amount of one posting, in minor units: ten trillion euro. Sums stay within 64 bits."""

_DECIMAL = re.compile(r"[+-]?[0-9]{1,16}(?:\.[0-9]{0,8})?|[+-]?\.[0-9]{1,8}", re.ASCII)


class MixedCurrencies(Refusal):
    """Two currencies were to be added or compared."""

    code = "money.mixed_currencies"

    def __init__(self, one: Currency, other: Currency) -> None:
        """Name both."""
        super().__init__(f"{one} and {other} cannot be added; convert one of them first.")


class AmountOutOfRange(Refusal):
    """The amount is larger than one posting can hold."""

    code = "money.out_of_range"

    def __init__(self) -> None:
        """Say the limit."""
        super().__init__(f"The amount is beyond {AMOUNT_MINOR_MAX} minor units, the largest kept.")


class SumOutOfRange(Refusal):
    """Amounts that are each in range add up to one that is not."""

    code = "money.sum_out_of_range"

    def __init__(self) -> None:
        """Say what to look at."""
        super().__init__("The sum of the amounts is larger than any that is kept; check them.")


class NotAnAmount(Refusal):
    """The text is no decimal number, or has more digits than its currency."""

    code = "money.not_an_amount"

    def __init__(self, text: str) -> None:
        """Quote the beginning of what was given."""
        super().__init__(f"“{text[:24]}” is not an amount.")


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount; ``Money(1050, EUR)`` is ten euro fifty."""

    minor: int
    currency: Currency

    def __post_init__(self) -> None:
        if abs(self.minor) > AMOUNT_MINOR_MAX:
            raise AmountOutOfRange

    def __add__(self, other: Self) -> Self:
        if self.currency != other.currency:
            raise MixedCurrencies(self.currency, other.currency)
        return replace(self, minor=self.minor + other.minor)

    def __neg__(self) -> Self:
        return replace(self, minor=-self.minor)

    def __sub__(self, other: Self) -> Self:
        return self + -other

    @property
    def decimal(self) -> str:
        """The amount as a plain decimal string: ``-20.16``."""
        return decimal_text(self.minor, self.currency.digits)

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"


def decimal_text(minor: int, digits: int) -> str:
    """Write ``minor`` units as a plain decimal with ``digits`` places."""
    if not digits:
        return str(minor)
    whole, part = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}.{part:0{digits}d}"


def parse_decimal(text: str, currency: Currency) -> Money:
    """Read a plain decimal (``-1234.5``) exactly; refuse a finer amount than the currency has."""
    if not _DECIMAL.fullmatch(text):
        raise NotAnAmount(text)
    scaled = Decimal(text) * currency.units
    if scaled != scaled.to_integral_value():
        raise NotAnAmount(text)
    return Money(int(scaled), currency)


def convert(money: Money, *, rate: Decimal, to: Currency) -> Money:
    """Change ``money`` at ``rate`` (units of ``to`` for one), rounding half to even."""
    exact = Decimal(money.minor) / money.currency.units * rate * to.units
    return Money(int(exact.to_integral_value(ROUND_HALF_EVEN)), to)
