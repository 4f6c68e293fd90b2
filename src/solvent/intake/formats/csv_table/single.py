"""One row of cells into one source row, with every rule, and a reason where it cannot be taken."""

from datetime import date

from solvent.intake.formats.csv_table.amounts import Amount, shape_of
from solvent.intake.formats.csv_table.cells import Accounts, clean, currency_in, party_and_note
from solvent.intake.formats.csv_table.dates import nearest_year
from solvent.intake.formats.csv_table.phrases import (
    IN,
    NEUTRAL,
    direction_of,
    is_balance_row,
    is_closing_row,
    is_total_row,
    state_of,
)
from solvent.intake.formats.csv_table.plan import Plan
from solvent.intake.formats.csv_table.refusals import (
    AmountTooLarge,
    BadAmount,
    BadDate,
    CellRefused,
    NoAmount,
    NoDate,
    NotCarriedOut,
    UnknownDirection,
)
from solvent.intake.formats.reading import (
    BOOKED,
    PENDING,
    TEXT_CHARS_MAX,
    ClosingBalance,
    Reading,
    SourceRow,
)
from solvent.kernel.currency import DIGITS
from solvent.kernel.money import AMOUNT_MINOR_MAX

NOTE_CELLS_MAX = 2
"""A row with so few filled cells and no amount is a note below the table."""
LISTED_MAX = 10
"""Most line numbers that a warning lists."""


class SingleRows:
    """Takes rows one by one; what it cannot take it adds to the reading's refused rows."""

    def __init__(self, plan: Plan, reading: Reading, accounts: Accounts) -> None:
        """Read by ``plan``; rows of one file only."""
        self._plan = plan
        self._reading = reading
        self._accounts = accounts
        self._near = date(plan.year or 2000, 7, 1) if not plan.dates.has_year else date.min
        self._first = not plan.dates.has_year
        self.left_out: list[int] = []
        self.left_out_count = 0
        self.neutral_count = 0

    def take(self, line: int, cells: list[str], before: SourceRow | None) -> SourceRow | None:
        """Return the row's source row, or ``before`` with more text; None where nothing is to be kept.

        A row that continues ``before`` is returned as that row with a longer memo, on its line.
        """
        bare = [cell.strip() for cell in cells]
        bare += [""] * (self._plan.width - len(bare))
        if not any(bare):
            return None
        try:
            if self._is_no_transaction(bare):
                self._leave_out(line, bare)
                return None
            if (day := self._day(bare)) is None:
                return self._undated(line, bare, before)
            return self._row(line, bare, day)
        except CellRefused as refusal:
            self._reading.reject(line, refusal.code, refusal.message)
            return None

    def balance(self, cells: list[str], currency: str) -> int | None:
        """Return the running balance of a row, None where it states none."""
        index = self._plan.places.balance
        if index is None or index >= len(cells) or not cells[index].strip():
            return None
        try:
            shape = shape_of(cells[index].strip())
            amount = self._plan.amounts.read(cells[index].strip(), DIGITS.get(currency, 2))
        except CellRefused:
            return None
        return abs(amount.minor) if shape and not shape.sign else amount.minor

    def _is_no_transaction(self, cells: list[str]) -> bool:
        """Say whether the row repeats the header, or is a balance or a total."""
        header = self._plan.header
        if header and tuple(cells[: len(header)]) == header:
            return True
        return self._plan.names_balances and any(map(is_balance_row, cells))

    def _leave_out(self, line: int, cells: list[str]) -> None:
        """Count a line that is no transaction; keep the closing balance that it may state."""
        self.left_out_count += 1
        if len(self.left_out) < LISTED_MAX:
            self.left_out.append(line)
        if self._plan.places.balance is None and any(map(is_closing_row, cells)):
            day = self._day(cells)
            row = self._row(line, cells, day or date.min)
            closing = ClosingBalance(row.account, row.amount_minor, row.currency, day)
            self._reading.closings.append(closing)

    def _day(self, cells: list[str]) -> date | None:
        """Return the row's date, None where its cell is none."""
        text = cells[self._plan.places.date or 0]
        form = self._plan.dates
        try:
            if form.has_year:
                return form.read(text)
            if self._first:
                day = form.read(text, self._plan.year)
                self._first = False
            else:
                day = nearest_year(form, text, self._near)
        except BadDate:
            return None
        self._near = day
        return day

    def _undated(self, line: int, cells: list[str], before: SourceRow | None) -> SourceRow | None:
        """Take a row without a date for a total, a note, more text of ``before``, or refuse it."""
        text = cells[self._plan.places.date or 0]
        filled = sum(map(bool, cells))
        has_amount = any(shape_of(cell) for cell in self._amount_cells(cells))
        if has_amount:
            if any(map(is_total_row, cells)):
                self._leave_out(line, cells)
                return None
            raise BadDate(text) if text else NoDate
        payee, memo = self._texts(cells)
        if not text and before is not None and (payee or memo):
            note = " ".join(filter(None, (before.memo, payee, memo)))
            return before._replace(memo=note[:TEXT_CHARS_MAX])
        if filled <= NOTE_CELLS_MAX or not text:
            self._leave_out(line, cells)
            return None
        raise BadDate(text)

    def _amount_cells(self, cells: list[str]) -> list[str]:
        """Return the filled cells of the amount's columns."""
        places = self._plan.places
        indexes = (places.amount, places.debit, places.credit)
        return [cells[index] for index in indexes if index is not None and cells[index]]

    def _row(self, line: int, cells: list[str], day: date) -> SourceRow:
        """Return the source row of a dated row."""
        plan, places = self._plan, self._plan.places
        column = cells[places.currency] if places.currency is not None else ""
        currency = currency_in(column, plan.currency)
        minor, named, note = self._minor(cells, currency)
        currency = named or currency
        account = cells[places.account] if places.account is not None else ""
        payee, memo = self._texts(cells)
        return SourceRow(
            self._accounts.number(account, currency),
            line,
            day,
            minor,
            currency,
            payee,
            f"{memo} {note}".strip()[:TEXT_CHARS_MAX],
            clean(cells[places.id]) if places.id is not None else "",
            self._state(cells),
        )

    def _texts(self, cells: list[str]) -> tuple[str, str]:
        """Return payee and memo."""
        places = self._plan.places
        payee = clean(cells[places.payee]) if places.payee is not None else ""
        described = clean(cells[places.description]) if places.description is not None else ""
        return party_and_note(payee, described, [clean(cells[index]) for index in places.memo])

    def _state(self, cells: list[str]) -> str:
        """Return booked or pending; refuse what was not carried out."""
        index = self._plan.places.status
        said = state_of(cells[index]) if index is not None else ""
        if said == "undone" and index is not None:
            raise NotCarriedOut(cells[index])
        return PENDING if said == "pending" else BOOKED

    def _minor(self, cells: list[str], currency: str) -> tuple[int, str | None, str]:
        """Return the amount, the currency that its cell names, and a note for the memo."""
        places, plan = self._plan.places, self._plan
        if places.amount is None:
            return (*self._of_pair(cells, currency), "")
        text = cells[places.amount]
        if not text:
            raise NoAmount
        amount = self._read(text, currency)
        if places.direction is None:
            return (-amount.minor if plan.invert else amount.minor), amount.currency, ""
        said = cells[places.direction]
        meaning = plan.direction_values.get(said) or direction_of(said)
        if not meaning:
            raise UnknownDirection(said)
        if meaning == NEUTRAL:
            self.neutral_count += 1
            return 0, amount.currency, f"({said} {text})"
        size = abs(amount.minor)
        return (size if meaning == IN else -size), amount.currency, ""

    def _of_pair(self, cells: list[str], currency: str) -> tuple[int, str | None]:
        """Return the net of the columns of debit and credit."""
        places, plan = self._plan.places, self._plan
        total, named, filled = 0, None, False
        sides = ((places.debit, plan.debit_factor), (places.credit, plan.credit_factor))
        for index, factor in sides:
            if index is not None and cells[index]:
                amount = self._read(cells[index], currency)
                total, filled = total + factor * amount.minor, True
                named = named or amount.currency
        if not filled:
            raise NoAmount
        if abs(total) > AMOUNT_MINOR_MAX:
            raise AmountTooLarge
        return total, named

    def _read(self, text: str, currency: str) -> Amount:
        """Read an amount in the currency that it names itself, else in ``currency``."""
        shape = shape_of(text)
        if shape is None:
            raise BadAmount(text)
        return self._plan.amounts.read(text, DIGITS.get(shape.currency or currency, 2))
