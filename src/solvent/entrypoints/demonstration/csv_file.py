"""CSV as banks send it: in the German manner and in the English one, each with a running balance."""

import csv
import io
from collections.abc import Iterable

from solvent.entrypoints.demonstration.accounts import Terms
from solvent.entrypoints.demonstration.life import Movement
from solvent.kernel.money import decimal_text

GERMAN_HEADER = (
    "Auftragskonto",
    "Buchungstag",
    "Valutadatum",
    "Verwendungszweck",
    "Betrag",
    "Währung",
    "Saldo",
)
ENGLISH_HEADER = ("Account Number", "Date", "Description", "Amount", "Currency", "Balance")


def german_csv_file(terms: Terms, rows: list[Movement]) -> bytes:
    """Write semicolons, decimal commas, ``dd.mm.yyyy``; Windows-1252, as German banks do."""
    balance_minor = terms.opening_balance_minor
    lines: list[tuple[str, ...]] = [GERMAN_HEADER]
    for row in rows:
        balance_minor += row.amount_minor
        booked, valued = (f"{day:%d.%m.%Y}" for day in (row.booked_on, row.happened_on))
        amount, balance = (_german(minor) for minor in (row.amount_minor, balance_minor))
        lines.append((terms.number, booked, valued, row.text, amount, terms.currency, balance))
    return _written(lines, delimiter=";").encode("cp1252")


def english_csv_file(terms: Terms, rows: list[Movement]) -> bytes:
    """Write commas, decimal points, ``mm/dd/yyyy``; UTF-8."""
    balance_minor = terms.opening_balance_minor
    lines: list[tuple[str, ...]] = [ENGLISH_HEADER]
    for row in rows:
        balance_minor += row.amount_minor
        booked = f"{row.booked_on:%m/%d/%Y}"
        amount, balance = (_grouped(minor) for minor in (row.amount_minor, balance_minor))
        lines.append((terms.number, booked, row.text, amount, terms.currency, balance))
    return _written(lines, delimiter=",").encode()


def _written(lines: Iterable[tuple[str, ...]], *, delimiter: str) -> str:
    """Write lines of CSV, quoted where needed."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return text.getvalue()


def _grouped(minor: int) -> str:
    """Write an amount of two digits in the English manner: ``-1,234.50``."""
    whole, _, part = decimal_text(abs(minor), 2).partition(".")
    return f"{'-' if minor < 0 else ''}{int(whole):,}.{part}"


def _german(minor: int) -> str:
    """Write an amount of two digits in the German manner: ``-1.234,50``."""
    return _grouped(minor).translate(str.maketrans(",.", ".,"))
