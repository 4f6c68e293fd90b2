"""Values of OFX: days, amounts and texts as banks really write them."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from html import unescape
from typing import NamedTuple

from solvent.intake.formats.reading import TEXT_CHARS_MAX
from solvent.kernel.money import AMOUNT_MINOR_MAX

YEAR_MIN, YEAR_MAX = 1900, 2200
"""Years that a booking can have; programs write year 1 or 9999 for want of a date."""
AMOUNT_CHARS_MAX = 48
"""Longest text looked at as an amount."""

_QUOTED_CHARS_MAX = 24
_DAY = re.compile(r"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})")
_LIKE_ASCII = str.maketrans(
    {"\xa0": " ", "\u2009": " ", "\u202f": " ", "\u2212": "-", "\u2019": "'", "\t": " "}
)
_SIGNED = re.compile(r"(?P<sign>[+-]?) *(?P<body>[0-9 .,']+?) *(?P<after>[+-]?)")
_BRACKETED = re.compile(r"\((?P<body>[0-9 .,']+)\)")
_DECIMAL = re.compile(r"([0-9]*)(?:([.,])([0-9]*))?")
_GROUPED = re.compile(r"([0-9]{1,3}([ '.,])(?:[0-9]{2,3}\2)*[0-9]{3})(?:(?!\2)([.,])([0-9]*))?")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLANK = re.compile(r"[\t\n\v\f\r \x85\xa0\u2028\u2029]+")
_UNPRINTED = re.compile(
    # Controls, and the marks that hide text or turn its direction round.
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_GROUP_DIGITS = 3


class NotTaken(Exception):  # noqa: N818 - a row's refusal, never seen outside the reader
    """A value that makes its row impossible to take: a code and a sentence."""

    def __init__(self, code: str, reason: str) -> None:
        """Carry what :meth:`Reading.reject` wants."""
        self.code = code
        self.reason = reason
        super().__init__(reason)


class Amount(NamedTuple):
    """An amount in minor units, what rounding took from it, and whether it is ambiguous.

    ``lost`` is in whole units of the currency; ``1,234`` is ambiguous where the currency has
    decimals, but not three.
    """

    minor: int
    lost: Decimal | None
    ambiguous: bool


def parse_day(text: str) -> date:
    """Read ``YYYYMMDD`` and whatever time and zone follow: the day as written, never shifted."""
    found = _DAY.match(text)
    if not text.strip("0") or (found and not found[0].strip("0-/.")):
        raise NotTaken("intake.date_missing", "The transaction has no date.")
    try:
        day = date(int(found[1]), int(found[3]), int(found[4])) if found else None
    except ValueError:
        day = None
    if day is None or not YEAR_MIN <= day.year <= YEAR_MAX:
        raise NotTaken("intake.date_invalid", f"“{quoted(text)}” is not a day of the calendar.")
    return day


def parse_amount(text: str, digits: int) -> Amount:
    """Read an amount into minor units of ``digits`` places.

    A single dot or comma is the decimal mark, as OFX has it; several are told apart by their
    order. A finer amount is rounded half to even, and what it lost is handed back.
    """
    if not text:
        raise NotTaken("intake.amount_missing", "The transaction has no amount.")
    negative, whole, mark, fraction = _split_amount(text)
    like_group = mark == "," and len(fraction) == _GROUP_DIGITS and 0 < len(whole) <= _GROUP_DIGITS
    if like_group and not digits:  # no yen has decimals
        whole, fraction = whole + fraction, ""
    exact, places = int(whole + fraction or "0"), len(fraction)
    lost = None
    if places <= digits:
        minor = exact * 10 ** (digits - places)
    else:
        unit = 10 ** (places - digits)
        minor, rest = divmod(exact, unit)
        if rest * 2 > unit or (rest * 2 == unit and minor % 2):
            minor, rest = minor + 1, rest - unit
        if rest:
            lost = Decimal(-rest if negative else rest).scaleb(-places)
    if minor > AMOUNT_MINOR_MAX:
        raise NotTaken(
            "intake.amount_out_of_range", f"The amount “{quoted(text)}” is larger than can be kept."
        )
    ambiguous = like_group and digits not in {0, _GROUP_DIGITS}
    return Amount(-minor if negative else minor, lost, ambiguous)


def _split_amount(text: str) -> tuple[bool, str, str, str]:
    """Return whether an amount is negative, its whole digits, its decimal mark, its other digits.

    Digits are without grouping; the mark is empty where there are no others.
    """
    refused = NotTaken("intake.amount_invalid", f"“{quoted(text)}” is not an amount.")
    if len(text) > AMOUNT_CHARS_MAX:
        raise refused
    plain = text.translate(_LIKE_ASCII).strip()
    if bracketed := _BRACKETED.fullmatch(plain):
        negative, body = True, bracketed["body"].strip()
    elif (signed := _SIGNED.fullmatch(plain)) and not (signed["sign"] and signed["after"]):
        negative, body = "-" in signed["sign"] + signed["after"], signed["body"]
    else:
        raise refused
    if simple := _DECIMAL.fullmatch(body):
        whole, mark, fraction = simple.groups(default="")
    elif grouped := _GROUPED.fullmatch(body):
        digits, separator, mark, fraction = grouped.groups(default="")
        whole = digits.replace(separator, "")
    else:
        raise refused
    if not whole and not fraction:
        raise refused
    return negative, whole, mark, fraction


def plain_text(value: str, chars_max: int = TEXT_CHARS_MAX) -> str:
    """Return a value fit to keep and show: entities read, controls dropped, cut to length."""
    text = value.strip()
    if "&" in text:
        text = _ENTITY.sub(lambda found: unescape(found[0]), text)
    if not text.isprintable():
        text = _BLANK.sub(" ", _UNPRINTED.sub("", text)).strip()
    return text[:chars_max]


def first_text(fields: Mapping[str, str], *tags: str) -> str:
    """Return the first of ``tags`` that holds text, made plain; empty where none does."""
    for tag in tags:
        if (value := fields.get(tag)) and (text := plain_text(value)):
            return text
    return ""


def quoted(text: str) -> str:
    """Return the beginning of ``text``, fit for a sentence."""
    return plain_text(text[: 4 * _QUOTED_CHARS_MAX], _QUOTED_CHARS_MAX)
