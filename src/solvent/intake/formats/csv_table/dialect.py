"""How the cells of a file are parted, told by which way of parting yields dates and amounts."""

import csv
import re
from collections import Counter

from solvent.intake.formats.csv_table.amounts import is_amount
from solvent.intake.formats.csv_table.dates import is_date
from solvent.intake.formats.csv_table.mapping import Mapping
from solvent.intake.formats.csv_table.rows import Dialect, parted
from solvent.intake.formats.csv_table.words import roles_of

DELIMITERS = (",", ";", "\t", "|")
TRIED_LINES = 40
"""Lines that each delimiter is tried on."""
CELLS_LOOKED_AT = 60
"""Cells of a row that are looked at."""
_SEP = re.compile(r"\ufeff?\"?sep=(.)\"?\s*", re.IGNORECASE)


def said_delimiter(first: str) -> str:
    """Return the delimiter that a line ``sep=;`` announces, empty for another line."""
    match = _SEP.fullmatch(first)
    return match[1] if match else ""


class DataTest:
    """Tells rows of data, which have a date and in another cell an amount.

    It looks first where the last such row had them.
    """

    def __init__(self) -> None:
        """Know no place yet."""
        self._date, self._amount = -1, -1

    def __call__(self, cells: list[str]) -> bool:
        """Say whether a row is one of data."""
        if self._amount >= 0 and len(cells) > max(self._date, self._amount):
            dated, paid = cells[self._date].strip(), cells[self._amount].strip()
            if is_date(dated) and is_amount(paid):
                return True
        looked_at = [cell.strip() for cell in cells[:CELLS_LOOKED_AT]]
        dates = [at for at, cell in enumerate(looked_at) if is_date(cell)]
        amounts = (at for at, cell in enumerate(looked_at) if at not in dates and is_amount(cell))
        amount = next(amounts, -1) if dates else -1
        if amount < 0:
            return False
        self._date, self._amount = dates[0], amount
        return True


def header_words(cells: list[str]) -> int:
    """Return how many cells name a column as banks do."""
    named = (bare for cell in cells[:CELLS_LOOKED_AT] if (bare := cell.strip()))
    return sum(bool(roles_of(cell)) for cell in named)


def find_dialect(lines: list[str], told: Mapping) -> Dialect:
    """Return the delimiter and the manner of quoting of the first ``lines``, as told or found."""
    delimiter = told.delimiter or said_delimiter(lines[0] if lines else "")
    filled = [line for line in lines if line.strip()]
    for tried in (filled[:TRIED_LINES], filled) if not delimiter else ():
        fits = {mark: _fit(tried, mark) for mark in DELIMITERS}
        delimiter = max(DELIMITERS, key=lambda mark: fits[mark])
        if fits[delimiter][0]:
            break
    lenient = told.quoting == "none" or (not told.quoting and _has_stray_marks(lines, delimiter))
    return Dialect(delimiter, lenient)


def _fit(lines: list[str], delimiter: str) -> tuple[int, int, int, int]:
    """Return how well a delimiter parts the lines, better ones greater."""
    rows = parted(lines, Dialect(delimiter), width=0).rows
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, regular = widths.most_common(1)[0] if widths else (0, 0)
    if not width:
        return (0, 0, 0, 0)
    data = sum(map(DataTest(), rows))
    words = (
        max((header_words(row) for row in rows[:TRIED_LINES]), default=0) if data < regular else 0
    )
    return (data, words, regular, width)


def _has_stray_marks(lines: list[str], delimiter: str) -> bool:
    """Say whether a line has quotation marks inside a quoted cell that are not doubled."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        pass
    else:
        return False
    for line in lines:
        if line.count('"') % 2:
            continue
        try:
            list(csv.reader([line], delimiter=delimiter, strict=True))
        except csv.Error:
            plainly = parted([line], Dialect(delimiter), width=0).rows
            gently = parted([line], Dialect(delimiter, lenient=True), width=0).rows
            if [_bare(row) for row in plainly] != [_bare(row) for row in gently]:
                return True
    return False


def _bare(row: list[str]) -> list[str]:
    """Return the cells without blanks around them."""
    return [cell.strip() for cell in row]
