"""Amounts, days and shares as a reader's locale writes them.

Pure functions over integers, decimals and dates; no float. An amount always shows the digits of its
own currency, as ISO 4217 has them, whatever the locale's data thinks of that currency's coins.
"""

import copy
import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import NumberPattern, format_decimal, format_percent, get_currency_name

from solvent.kernel.currency import Currency
from solvent.kernel.money import decimal_text

MINUS = "\N{MINUS SIGN}"
PLUS = "+"

IN = "in"
OUT = "out"
NIL = "nil"

_CODE_BEFORE_DIGIT = re.compile(r"(?<=[A-Z])(?=[0-9])", re.ASCII)


@cache
def _pattern(locale: str, digits: int) -> NumberPattern:
    """Return the locale's pattern for amounts, with exactly ``digits`` places."""
    kept: NumberPattern = Locale.parse(locale).currency_formats["standard"]
    pattern = copy.copy(kept)
    pattern.frac_prec = (digits, digits)
    return pattern


def money(minor: int, currency: str, *, locale: str, signed: bool = False) -> str:
    """Write ``minor`` units of ``currency`` for a reader: ``1.234,50 €``.

    A negative amount has a true minus sign; ``signed`` puts a plus before a positive one.
    """
    kept = Currency.of(currency)
    exact = Decimal(decimal_text(minor, kept.digits))
    pattern = _pattern(locale, kept.digits)
    text: str = pattern.apply(exact, locale, currency, currency_digits=False)
    # A code that stands for a symbol is kept apart from the digits, as the locale data asks.
    text = _CODE_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", text)
    if minor < 0:
        return text.replace("-", MINUS)
    return f"{PLUS}{text}" if signed and minor > 0 else text


def plain(minor: int, currency: str) -> str:
    """Write ``minor`` units as a plain decimal for machines: ``-20.16``."""
    return decimal_text(minor, Currency.of(currency).digits)


def direction(minor: int) -> str:
    """Say which way money goes: ``in``, ``out`` or ``nil``."""
    if minor > 0:
        return IN
    return OUT if minor < 0 else NIL


def day(value: date, *, locale: str) -> str:
    """Write a day with its year: ``21 Nov 2026`` in the locale's order."""
    return format_date(value, "medium", locale=locale)


def long_day(value: date, *, locale: str) -> str:
    """Write a day in full, with its weekday: ``Saturday, November 21, 2026``."""
    return format_date(value, "full", locale=locale)


def month(value: date, *, locale: str) -> str:
    """Write a month with its year: ``November 2026``."""
    return format_skeleton("yMMMM", value, locale=locale)


def short_month(value: date, *, locale: str) -> str:
    """Write a month for the head of a column: ``Nov 2026``."""
    return format_skeleton("yMMM", value, locale=locale)


def month_name(value: date, *, locale: str) -> str:
    """Write a month alone, as it stands by itself: ``November``."""
    return format_date(value, "LLLL", locale=locale)


def moment(value: datetime, *, locale: str) -> str:
    """Write an instant as it stands, in the zone it is given in: a day and hours with minutes."""
    hours = format_time(value, "short", locale=locale)
    return f"{format_date(value, 'medium', locale=locale)}, {hours}"


def percent(part: int, whole: int, *, locale: str) -> str:
    """Write ``part`` of ``whole`` as a whole percentage; a dash where there is no whole."""
    if not whole:
        return "\N{EN DASH}"
    return format_percent(Decimal(part) / Decimal(whole), locale=locale)


def count(value: int, *, locale: str) -> str:
    """Write a count with the locale's grouping: ``12,345``."""
    return format_decimal(value, locale=locale)


def currency_name(code: str, *, locale: str) -> str:
    """Name a currency in the reader's language: ``Euro``."""
    return get_currency_name(code, locale=locale)


def share(part: int, whole: int) -> str:
    """Return ``part`` of ``whole`` in percent as a plain number for drawing: ``12.5``, 100 at most.

    What is negative, or has no whole, draws nothing.
    """
    if whole <= 0 or part <= 0:
        return "0"
    return str(min(Decimal(100), round(Decimal(part) * 100 / Decimal(whole), 1)))
