"""Amounts as banks print them: signs before, behind or as brackets, marks of thousands, currencies.

An amount becomes an integer of minor units; nothing is ever rounded, and a cell that could be read
in two ways under the file's decimal mark is refused.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from solvent.intake.formats.csv_table.phrases import SIGN_WORDS, currency_of
from solvent.intake.formats.csv_table.refusals import AmountTooLarge, BadAmount
from solvent.kernel.money import AMOUNT_MINOR_MAX

AMOUNT_CHARS_MAX = 60
"""Longer cells are no amount."""
WHOLE_DIGITS_MAX = 16
GROUP = 3
"""Digits between marks of thousands."""
KEPT_MAX = 4096
"""Shapes kept."""

_PLAINER = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2009\u2007\t", " "),
        **dict.fromkeys("\u2212\u2013\u2014\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2019\u2018\u02bc\u00b4`", "'"),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        "\uff0e": ".",
        "\uff0c": ",",
        "\uff0b": "+",
        "\uff08": "(",
        "\uff09": ")",
    }
)
_CELL = re.compile(r"(?P<lead>\D*?)(?P<number>[.,]?\d[\d.,' ]*)(?P<tail>\D*)", re.ASCII)
_PLAIN = re.compile(r"[-+]?\d{1,15}(?:[.,]\d{1,2})?", re.ASCII)
_SIGNS = re.compile(r"[-+()]")
_GROUPED = re.compile(r"\d{1,3}(?P<mark>[.,' ])\d{2,3}(?:(?P=mark)\d{2,3})*", re.ASCII)


class Shape(NamedTuple):
    """The parts of an amount cell: its bare number, the sign it states, the currency it names.

    ``sign`` is ``-``, ``+`` or empty; ``currency`` an ISO code, empty for a mark that several
    currencies share, None where there is none.
    """

    number: str
    sign: str
    currency: str | None


class Amount(NamedTuple):
    """A read amount: minor units with the sign applied, the sign as stated, the currency named."""

    minor: int
    sign: str
    currency: str | None


def _words(lead: str, tail: str) -> tuple[str, str | None] | None:
    """Return what the text around a number says of sign and currency; None if it is other text."""
    sign, currency = "", None
    for word in (*_SIGNS.sub(" ", lead).split(), *_SIGNS.sub(" ", tail).split()):
        code = currency_of(word)
        if code is not None and currency is None:
            currency = code
        elif word.casefold() in SIGN_WORDS and not sign:
            sign = SIGN_WORDS[word.casefold()]
        else:
            return None
    return sign, currency


def _sign(lead: str, tail: str, said: str) -> str | None:
    """Return the one sign of a cell, None where its signs contradict each other."""
    signs = [c for c in lead + tail if c in "-+"]
    brackets = ("(" in lead) + (")" in tail)
    if brackets == 1 or len(signs) > 1 or (brackets and "+" in signs):
        return None
    if brackets or signs:
        return "-" if brackets else signs[0]
    return said


@lru_cache(KEPT_MAX)
def shape_of(text: str) -> Shape | None:
    """Return the parts of an amount cell, None where the cell is none."""
    if _PLAIN.fullmatch(text):
        mark = text[0] if text[0] in "+-" else ""
        return Shape(text[len(mark) :], mark, None)
    if len(text) > AMOUNT_CHARS_MAX:
        return None
    match = _CELL.fullmatch(text.translate(_PLAINER).strip())
    if not match:
        return None
    lead, number, tail = match["lead"].strip(), match["number"].strip(), match["tail"].strip()
    if number[0] in ".," and lead[-1:].isalpha():
        number = number[1:]
    said = _words(lead, tail)
    sign = _sign(lead, tail, said[0]) if said else None
    if said is None or sign is None or not any(_digits(number, mark) for mark in ".,"):
        return None
    return Shape(number, sign, said[1])


def _digits(number: str, decimal: str) -> tuple[str, str] | None:
    """Return the digits before and behind the decimal mark, None where marks stand wrongly."""
    whole, _, part = number.partition(decimal)
    if part and not (part.isascii() and part.isdigit()):
        return None
    if whole.isascii() and whole.isdigit():
        return whole, part
    if not whole and part:
        return "0", part
    if not (match := _GROUPED.fullmatch(whole)):
        return None
    groups = whole.split(match["mark"])
    indian = all(len(group) == GROUP - 1 for group in groups[1:-1])
    even = all(len(group) == GROUP for group in groups[1:-1])
    if len(groups[-1]) != GROUP or not (indian or even):
        return None
    return "".join(groups), part


def is_amount(text: str) -> bool:
    """Say whether a cell can be an amount at all."""
    return shape_of(text) is not None


def has_fraction(text: str) -> bool:
    """Say whether a cell is written as money is: with a fraction, a currency or a sign."""
    shape = shape_of(text)
    if shape is None:
        return False
    return bool(shape.sign) or shape.currency is not None or not shape.number.isdigit()


def _vote(number: str) -> str:
    """Return the decimal mark that ``number`` shows, doubled where it may be either mark."""
    marks = [c for c in number if c in ".,"]
    if not marks:
        return ""
    last = marks[-1]
    other = "," if last == "." else "."
    if len(set(marks)) > 1:
        return last
    if len(marks) > 1:
        return other
    whole, _, part = number.partition(last)
    if len(part) == GROUP and whole.lstrip("0") and len(whole) <= GROUP:
        return last * 2
    return last


def decimal_mark(texts: Iterable[str], *, fraction_digits: int = 2, fallback: str = ".") -> str:
    """Return the decimal mark of a column of amounts, ``fallback`` where it shows none.

    A mark that always parts exactly three digits marks thousands, unless the currency has three
    ``fraction_digits``.
    """
    shapes = (shape_of(text) for text in texts)
    votes = [_vote(shape.number) for shape in shapes if shape]
    clear = {mark: votes.count(mark) for mark in ".,"}
    if any(clear.values()):
        return max(clear, key=lambda mark: clear[mark])
    for mark in ".,":
        if mark * 2 in votes:
            as_decimal = fraction_digits == GROUP
            return mark if as_decimal else (",." if mark == "," else ".,")[1]
    return fallback


@dataclass(frozen=True, slots=True)
class AmountFormat:
    """How a file writes amounts: its decimal mark, its mark of thousands (None: any other).

    ``unsigned_out`` is true where the file marks money in and leaves money out bare.
    """

    decimal: str = "."
    thousands: str | None = None
    unsigned_out: bool = False

    def read(self, text: str, digits: int) -> Amount:
        """Read a cell exactly, in minor units of ``digits`` places.

        Raise :class:`BadAmount` where it is none or finer than its currency, and
        :class:`AmountTooLarge`.
        """
        shape = shape_of(text)
        if shape is None:
            raise BadAmount(text)
        parts = _digits(shape.number, self.decimal)
        if parts is None or not self._grouping_fits(shape.number):
            raise BadAmount(text)
        whole, part = parts
        if part[digits:].strip("0"):
            raise BadAmount(text)
        if len(whole.lstrip("0")) > WHOLE_DIGITS_MAX:
            raise AmountTooLarge
        minor = int(whole + part[:digits].ljust(digits, "0"))
        if minor > AMOUNT_MINOR_MAX:
            raise AmountTooLarge
        negative = shape.sign == "-" or (self.unsigned_out and not shape.sign)
        return Amount(-minor if negative else minor, shape.sign, shape.currency)

    def _grouping_fits(self, number: str) -> bool:
        """Say whether the marks of thousands are the ones told."""
        if self.thousands is None:
            return True
        marks = {c for c in number.partition(self.decimal)[0] if not c.isdigit()}
        return marks <= set(self.thousands)


def minor_column(
    form: AmountFormat, digits: int, currency: str
) -> Callable[[Sequence[str]], list[int]]:
    """Return a function that reads many filled cells at once, refusing as ``form.read`` does.

    Cells that are all written plainly (``-1234.50``) are checked by one expression and converted
    together, which is what makes a large file quick. A cell that names another currency than
    ``currency`` is refused.
    """
    mark = re.escape(form.decimal)
    part = f"{mark}[0-9]{{{digits}}}" if digits else ""
    every = re.compile(rf"(?:[-+]?+[0-9]{{1,{15 - digits}}}+{part}\n)*+", re.ASCII)
    decimal = form.decimal
    signed = not form.unsigned_out

    def one(text: str) -> int:
        amount = form.read(text, digits)
        if amount.currency and amount.currency != currency:
            raise BadAmount(text)
        return amount.minor

    def read(texts: Sequence[str]) -> list[int]:
        joined = "\n".join(texts)
        if signed and texts and every.fullmatch(joined + "\n"):
            return list(map(int, joined.replace(decimal, "").split("\n")))
        return [one(text) for text in texts]

    return read
