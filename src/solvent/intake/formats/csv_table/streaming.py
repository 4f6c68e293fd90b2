"""The pass over all rows: chunks in, batches of source rows out, balances followed on the way.

A chunk is taken whole where all of it is plain, else row by row. The last row is held back until
the next is known, as that one may only bring more text for it.
"""

from collections.abc import Iterator
from typing import BinaryIO

from solvent.intake.formats.csv_table.balances import Chain
from solvent.intake.formats.csv_table.cells import Accounts
from solvent.intake.formats.csv_table.encoding import opened
from solvent.intake.formats.csv_table.plan import Plan
from solvent.intake.formats.csv_table.quick import GIVES_UP, QuickRows, Taken
from solvent.intake.formats.csv_table.refusals import FieldTooLong, FileTooLarge
from solvent.intake.formats.csv_table.rows import Chunk, chunks
from solvent.intake.formats.csv_table.single import SingleRows
from solvent.intake.formats.reading import (
    BATCH_ROWS,
    BOOKED,
    ROWS_MAX,
    ClosingBalance,
    Reading,
    SourceRow,
)
from solvent.kernel.currency import UNKNOWN_CODE

UNSIGNED_ROWS_MIN = 3
"""So many rows without a single one of money out are worth a word."""
CHAINS_MAX = 1_000
"""Most accounts and currencies whose balances are followed."""


class Stream:
    """One pass over one file."""

    def __init__(self, plan: Plan, reading: Reading) -> None:
        """Read by ``plan`` and fill ``reading``."""
        self._plan = plan
        self._reading = reading
        self._accounts = Accounts(plan, reading)
        self._quick = QuickRows(plan, self._accounts)
        self._single = SingleRows(plan, reading, self._accounts)
        self._chains: dict[tuple[int, str], Chain] = {}
        self._count = 0
        self._rows = 0
        self._any_out = False

    def batches(self, file: BinaryIO) -> Iterator[list[SourceRow]]:
        """Yield the rows in batches; raise :class:`FileTooLarge` where there are too many."""
        plan = self._plan
        waiting: list[SourceRow] = []
        with opened(file, plan.text) as source:
            for _ in range(plan.first_line - 1):
                source.readline()
            parts = chunks(source, plan.dialect, width=plan.width, line=plan.first_line)
            for chunk in parts:
                waiting = self._take(chunk, waiting)
                while len(waiting) > BATCH_ROWS:
                    yield self._counted(waiting[:BATCH_ROWS])
                    del waiting[:BATCH_ROWS]
        if waiting:
            yield self._counted(waiting)
        self._finish()

    def _counted(self, batch: list[SourceRow]) -> list[SourceRow]:
        """Return ``batch`` after noting what it shows."""
        self._rows += len(batch)
        self._any_out = self._any_out or min(row.amount_minor for row in batch) < 0
        return batch

    def _take(self, chunk: Chunk, waiting: list[SourceRow]) -> list[SourceRow]:
        """Return ``waiting`` with the rows of a chunk behind them."""
        for line in chunk.broken:
            refusal = FieldTooLong()
            self._reading.reject(line, refusal.code, refusal.message)
        lines, rows = chunk.lines, chunk.rows
        if [] in rows:
            filled = [at for at, row in enumerate(rows) if row]
            lines, rows = [lines[at] for at in filled], [rows[at] for at in filled]
        self._count += len(rows)
        if self._count > ROWS_MAX:
            raise FileTooLarge("rows", ROWS_MAX)
        if self._quick.fits and rows:
            try:
                taken = self._quick.take(lines, rows)
            except GIVES_UP:
                taken = None
            if taken is not None:
                self._follow(taken, rows)
                waiting.extend(taken.rows)
                return waiting
        for line, cells in zip(lines, rows, strict=True):
            self._take_one(line, cells, waiting)
        return waiting

    def _take_one(self, line: int, cells: list[str], waiting: list[SourceRow]) -> None:
        """Add one row to ``waiting``, or more text to the last of them."""
        before = waiting[-1] if waiting else None
        row = self._single.take(line, cells, before)
        if row is None:
            return
        if before is not None and row.line == before.line:
            waiting[-1] = row
        else:
            waiting.append(row)
            self._follow_one(row, cells)

    def _follow(self, taken: Taken, rows: list[list[str]]) -> None:
        """Follow the running balances of a chunk, by its ends where one account stands alone."""
        places = self._plan.places
        if places.balance is None:
            return
        first, last = taken.rows[0], taken.rows[-1]
        if taken.currency and places.account is None and places.status is None and first != last:
            opening = self._single.balance(rows[0], taken.currency)
            closing = self._single.balance(rows[-1], taken.currency)
            if opening is not None and closing is not None:
                self._step(first, opening)
                chain = self._chains.get((first.account, first.currency))
                if chain is not None:
                    chain.skip(taken.total - first.amount_minor - last.amount_minor)
                self._step(last, closing)
                return
        for row, cells in zip(taken.rows, rows, strict=True):
            self._follow_one(row, cells)

    def _follow_one(self, row: SourceRow, cells: list[str]) -> None:
        """Follow the running balance by one booked row."""
        if self._plan.places.balance is None or row.state != BOOKED:
            return
        balance = self._single.balance(cells, row.currency)
        chain = self._chains.get((row.account, row.currency))
        if balance is not None:
            self._step(row, balance)
        elif chain is not None:
            chain.skip(row.amount_minor)

    def _step(self, row: SourceRow, balance: int) -> None:
        """Add a row with its balance to its chain."""
        key = (row.account, row.currency)
        chain = self._chains.get(key)
        if chain is not None:
            chain.add(row.booked_on, row.amount_minor, balance)
        elif len(self._chains) < CHAINS_MAX:
            self._chains[key] = Chain.started(row.booked_on, row.amount_minor, balance)

    def _is_unsigned(self) -> bool:
        """Say whether nothing but a minus could have told money out."""
        return self._plan.places.amount is not None and self._plan.places.direction is None

    def _finish(self) -> None:
        """State the closing balances and say what the rows as a whole show."""
        reading = self._reading
        for (account, currency), chain in self._chains.items():
            minor, on = chain.closing(newest_first=self._plan.newest_first)
            reading.closings.append(ClosingBalance(account, minor, currency, on))
            if not chain.agrees:
                reading.warn(
                    "intake.balances_disagree",
                    "The running balances do not follow from the amounts; rows may be missing.",
                )
        if not reading.accounts:
            self._accounts.number("", self._plan.currency or UNKNOWN_CODE)
        self._say_what_was_left()

    def _say_what_was_left(self) -> None:
        """Warn of damaged characters, lines left out and rows that count nothing."""
        reading, single = self._reading, self._single
        if self._plan.text.damaged:
            reading.warn(
                "intake.damaged_characters", "Some characters are damaged and show as “�”."
            )
        if single.left_out_count:
            lines = ", ".join(map(str, single.left_out))
            more = " and others" if single.left_out_count > len(single.left_out) else ""
            reading.warn(
                "intake.lines_left_out",
                f"Left out as balances, totals or notes, not transactions: line {lines}{more}.",
            )
        if self._rows >= UNSIGNED_ROWS_MIN and not self._any_out and self._is_unsigned():
            reading.warn(
                "intake.all_money_in",
                "Every amount is money in. If this is a card that prints charges without a sign, "
                "set invert_sign in the mapping.",
            )
        if single.neutral_count:
            reading.warn(
                "intake.neutral_rows",
                f"{single.neutral_count} rows are neither in nor out by the file's own word; they "
                "are kept with nothing as their amount.",
            )
