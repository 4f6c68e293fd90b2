"""A whole chunk of rows into source rows at once, column by column.

Works only where every cell is plain; anything odd makes it give up, and the rows are then taken one
by one. It never decides otherwise than the single way does.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from itertools import repeat
from typing import NamedTuple, cast

from solvent.intake.formats.csv_table.amounts import minor_column
from solvent.intake.formats.csv_table.cells import (
    Accounts,
    clean_column,
    currency_in,
    party_and_note,
)
from solvent.intake.formats.csv_table.phrases import IN, OUT, direction_of, state_of
from solvent.intake.formats.csv_table.plan import Plan
from solvent.intake.formats.csv_table.refusals import AmountTooLarge, CellRefused, NoAmount
from solvent.intake.formats.reading import BOOKED, PENDING, SourceRow
from solvent.kernel.currency import DIGITS
from solvent.kernel.money import AMOUNT_MINOR_MAX

DATES_KEPT = 20_000
"""Date cells whose day is kept."""

Cells = Sequence[str]
_source_row = partial(cast("Callable[..., SourceRow]", tuple.__new__), SourceRow)


class Odd(Exception):  # noqa: N818 - no error: the single way takes over
    """The chunk holds a row that must be taken singly."""


GIVES_UP = (Odd, CellRefused)
"""What makes a chunk be taken row by row."""


class Taken(NamedTuple):
    """The rows of a chunk, the sum of their amounts, and their one currency (empty for several)."""

    rows: list[SourceRow]
    total: int
    currency: str


class _Columns:
    """The cells of a chunk by column; every row reaches as far as the last column needed."""

    def __init__(self, rows: Sequence[list[str]], last: int) -> None:
        """Turn the ``rows`` on their side."""
        widths = set(map(len, rows))
        if not rows or min(widths) <= last:
            raise Odd
        self.count = len(rows)
        self._rows = rows
        self._columns = list(zip(*rows, strict=True)) if len(widths) == 1 else None

    def __getitem__(self, index: int) -> Cells:
        if self._columns is not None:
            return self._columns[index]
        return [row[index] for row in self._rows]


class QuickRows:
    """Takes chunks of plain rows."""

    def __init__(self, plan: Plan, accounts: Accounts) -> None:
        """Read by ``plan``; rows of one file only."""
        self._plan = plan
        self._accounts = accounts
        self._days: dict[str, date] = {}
        self._last = max(plan.places.used, default=0)
        self.fits = plan.dates.has_year and not plan.names_balances

    def take(self, lines: Sequence[int], rows: Sequence[list[str]]) -> Taken:
        """Return the source rows of all ``rows``; raise :class:`Odd` or a cell's refusal."""
        columns = _Columns(rows, self._last)
        codes = self._codes(columns)
        one = codes[0] if codes.count(codes[0]) == len(codes) else ""
        if not one and len({DIGITS.get(code, 2) for code in codes}) > 1:
            raise Odd
        minors = self._minors(columns, one, DIGITS.get(codes[0], 2))
        payees, memos = self._texts(columns)
        facts: tuple[Iterable[object], ...] = (
            self._numbers(columns, codes),
            lines,
            self._dates(columns),
            minors,
            codes,
            payees,
            memos,
            self._ids(columns),
            self._states(columns),
        )
        return Taken(list(map(_source_row, zip(*facts, strict=False))), sum(minors), one)

    def _dates(self, columns: _Columns) -> list[date]:
        """Return the days."""
        cells = columns[self._plan.places.date or 0]
        days = self._days
        if len(days) > DATES_KEPT:
            days.clear()
        for cell in set(cells).difference(days):
            days[cell] = self._plan.dates.read(cell)
        return list(map(days.__getitem__, cells))

    def _codes(self, columns: _Columns) -> list[str]:
        """Return the currencies."""
        index = self._plan.places.currency
        if index is None:
            return [self._plan.currency] * columns.count
        cells = columns[index]
        known = {cell: currency_in(cell, self._plan.currency) for cell in set(cells)}
        if len(known) == 1:
            return [*known.values()] * columns.count
        return [known[cell] for cell in cells]

    def _numbers(self, columns: _Columns, codes: list[str]) -> Iterable[int]:
        """Return the accounts' numbers."""
        index = self._plan.places.account
        if index is None:
            return repeat(self._accounts.number("", codes[0]))
        cells = [cell.strip() for cell in columns[index]]
        first_codes = dict(zip(reversed(cells), reversed(codes), strict=True))
        known = {
            cell: self._accounts.number(cell, first_codes[cell]) for cell in dict.fromkeys(cells)
        }
        return [known[cell] for cell in cells]

    def _texts(self, columns: _Columns) -> tuple[Cells, Iterable[str]]:
        """Return payees and memos."""
        places = self._plan.places
        memos = [clean_column(columns[index]) for index in places.memo]
        first = places.payee if places.payee is not None else places.description
        described = places.description if places.payee is not None else None
        payees = [""] * columns.count if first is None else clean_column(columns[first])
        if described is None and len(memos) <= 1:
            return payees, memos[0] if memos else repeat("")
        texts = repeat("") if described is None else clean_column(columns[described])
        notes: Iterable[Cells] = zip(*memos, strict=True) if memos else repeat(())
        both = [party_and_note(*parts) for parts in zip(payees, texts, notes, strict=False)]
        return [payee for payee, _ in both], [memo for _, memo in both]

    def _ids(self, columns: _Columns) -> Iterable[str]:
        """Return the bank's ids."""
        index = self._plan.places.id
        return repeat("") if index is None else clean_column(columns[index])

    def _states(self, columns: _Columns) -> Iterable[str]:
        """Return booked or pending."""
        index = self._plan.places.status
        if index is None:
            return repeat(BOOKED)
        cells = columns[index]
        said = {cell: state_of(cell) for cell in set(cells)}
        if "undone" in said.values():
            raise Odd
        return [PENDING if said[cell] == "pending" else BOOKED for cell in cells]

    def _minors(self, columns: _Columns, code: str, digits: int) -> list[int]:
        """Return the amounts, signed; ``code`` is their one currency, empty for several."""
        plan, places = self._plan, self._plan.places
        read = minor_column(plan.amounts, digits, code)
        if places.amount is None:
            return self._of_pairs(columns, read)
        minors = read(columns[places.amount])
        if places.direction is None:
            return [-minor for minor in minors] if plan.invert else minors
        cells = [cell.strip() for cell in columns[places.direction]]
        meant = {cell: plan.direction_values.get(cell) or direction_of(cell) for cell in set(cells)}
        if not set(meant.values()) <= {IN, OUT}:
            raise Odd
        factors = {cell: 1 if meaning == IN else -1 for cell, meaning in meant.items()}
        return [factors[cell] * abs(minor) for cell, minor in zip(cells, minors, strict=True)]

    def _of_pairs(self, columns: _Columns, read: Callable[[Cells], list[int]]) -> list[int]:
        """Return the nets of the columns of debit and credit."""
        plan, places = self._plan, self._plan.places
        nets = [0] * columns.count
        filled = bytearray(columns.count)
        sides = ((places.debit, plan.debit_factor), (places.credit, plan.credit_factor))
        for index, factor in sides:
            if index is None:
                continue
            cells = columns[index]
            used = [at for at, cell in enumerate(cells) if cell and not cell.isspace()]
            for at, minor in zip(used, read([cells[at] for at in used]), strict=True):
                nets[at] += factor * minor
                filled[at] = 1
        if not all(filled):
            raise NoAmount
        if max(map(abs, nets)) > AMOUNT_MINOR_MAX:
            raise AmountTooLarge
        return nets
